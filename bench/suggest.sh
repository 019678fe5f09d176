#!/usr/bin/env bash
# suggest on an object of a kernel's size, beside llvm-readelf -r on the same
# file. Bounds: 1 s and 300 MiB.
#
#   LLVM_BIN=/usr/lib/llvm-22/bin bench/suggest.sh BUILD-FOLDER
set -euo pipefail
bench=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1")
LLVM_BIN=${LLVM_BIN:-/usr/lib/llvm-22/bin}
tool=$build/tools/section-placement/section-placement
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 "$bench/kernel_shaped.py" > vmlinux.s
"$LLVM_BIN/llvm-mc" -filetype=obj -triple=aarch64-linux-gnu vmlinux.s -o vmlinux.o
"$LLVM_BIN/llvm-size" vmlinux.o | awk 'NR == 2 { print "vmlinux.o: " $1 " bytes of text" }'
"$LLVM_BIN/llvm-readelf" -h vmlinux.o | sed -n 's/ *Number of section headers: */vmlinux.o: sections: /p'

# A log of the second step, in which every hundredth function does not reach.
python3 - > link.log <<'LOG'
for i in range(1, 36000, 100):
    print("ld.lld: error: vmlinux.o:(function f%d: .text.f%d+0xc): relocation "
          "R_AARCH64_CONDBR19 out of range: 2031220 is not in [-1048576, 1048575]; "
          "references 'f%d'\n>>> defined in vmlinux.o\n" % (i, i, i - 1))
LOG

measure() { python3 "$bench/measure.py" "$@"; }
measure "llvm-readelf -r vmlinux.o" "$LLVM_BIN/llvm-readelf" -r vmlinux.o
measure "suggest vmlinux.o" "$tool" suggest vmlinux.o
measure "suggest --log link.log vmlinux.o" "$tool" suggest --log link.log vmlinux.o
