#!/usr/bin/env bash
# Time and peak memory of `section-placement verify` on an object of a kernel's
# size (36,000 sections, 9 MB of text) and on the image made of it, beside
# `llvm-readelf -r` on the same object. Bounds: 1 s and 300 MiB.
#
#   LLVM_BIN=…/bin TOOL=…/section-placement bench/verify.sh [vmlinux.o [vmlinux]]
#
# Without arguments it makes both.
set -euo pipefail
object=${1:+$(realpath "$1")} image=${2:+$(realpath "$2")}
. "$(dirname "$0")/tool.sh"

if [ -z "$object" ]; then
  object=vmlinux.o image=vmlinux
  python3 "$here/kernel_size_object.py" >big.s
  "$LLVM_BIN/llvm-mc" -filetype=obj -triple=aarch64-linux-gnu big.s -o big.o
  "$LLVM_BIN/ld.lld" -r big.o -o "$object"
  "$LLVM_BIN/ld.lld" "$object" -o "$image"
fi
describe "$object"

measure "llvm-readelf -r vmlinux.o" "$LLVM_BIN/llvm-readelf" -r "$object"
measure "verify vmlinux.o" "$TOOL" verify "$object"
if [ -n "$image" ]; then
  measure "verify vmlinux --objects vmlinux.o" "$TOOL" verify "$image" --objects "$object"
  measure "the same, --json" "$TOOL" verify "$image" --objects "$object" --json
fi
