#!/usr/bin/env bash
# Time and peak memory of `section-placement suggest` on an object of a kernel's
# size (36,000 sections, 9 MB of text), and on the log of a link in which every
# hundredth of its functions does not reach, beside `llvm-readelf -r` on the
# same object. Bounds: 1 s and 300 MiB.
#
#   LLVM_BIN=…/bin TOOL=…/section-placement bench/suggest.sh
set -euo pipefail
. "$(dirname "$0")/tool.sh"

python3 "$here/kernel_size_object.py" --elsewhere >big.s
"$LLVM_BIN/llvm-mc" -filetype=obj -triple=aarch64-linux-gnu big.s -o vmlinux.o
describe vmlinux.o
python3 - >link.log <<'LOG'
for i in range(1, 36000, 100):
    print(f"ld.lld: error: vmlinux.o:(function function_{i}: .text.function_{i}+0xc): "
          "relocation R_AARCH64_CONDBR19 out of range: 2031220 is not in "
          f"[-1048576, 1048575]; references 'function_{i - 1}'\n"
          ">>> defined in vmlinux.o\n")
LOG

measure "llvm-readelf -r vmlinux.o" "$LLVM_BIN/llvm-readelf" -r vmlinux.o
measure "suggest vmlinux.o" "$TOOL" suggest vmlinux.o
measure "suggest --log link.log vmlinux.o" "$TOOL" suggest --log link.log vmlinux.o
