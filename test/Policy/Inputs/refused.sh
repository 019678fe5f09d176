# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# refused.sh POLICY: prints what `section-placement check` says of a policy that
# it must refuse, with exit code 2 and not a word of success.
section-placement check "$1" > "$1.out" 2> "$1.err"
code=$?
cat "$1.err"
if [ $code -ne 2 ] || [ -s "$1.out" ]; then
  echo "exit code $code; standard output:"
  cat "$1.out"
  exit 1
fi
