#!/usr/bin/env bash
# Time and peak memory of `section-placement verify` on an object of a kernel's
# size (36,000 sections, 9 MB of text) and on the image made of it, beside
# `llvm-readelf -r` on the same object.
#
#   LLVM_BIN=…/bin TOOL=…/section-placement bench/verify.sh [vmlinux.o [vmlinux]]
#
# Without arguments it makes both. Best of five runs; the memory is the peak.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}
TOOL=${TOOL:-$here/../build/llvm-22/tools/section-placement/section-placement}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if [ $# -gt 0 ]; then
  object=$1 image=${2:-}
else
  object=$folder/vmlinux.o image=$folder/vmlinux
  python3 "$here/kernel-size-object.py" >"$folder/big.s"
  "$LLVM_BIN/llvm-mc" -filetype=obj -triple=aarch64-linux-gnu "$folder/big.s" -o "$folder/big.o"
  "$LLVM_BIN/ld.lld" -r "$folder/big.o" -o "$object"
  "$LLVM_BIN/ld.lld" "$object" -o "$image"
fi
echo "object: $("$LLVM_BIN/llvm-readelf" -S "$object" | grep -c ' AX ') sections of code, $(
  "$LLVM_BIN/llvm-size" "$object" | awk 'NR == 2 { printf "%.1f", $1 / 1e6 }') MB of text"

# Best of five: seconds and MiB. The exit code is the gate's, and no failure.
measure() { # measure NAME COMMAND...
  python3 - "$@" <<'PYTHON'
import os, sys, time
name, command = sys.argv[1], sys.argv[2:]
best, peak = float("inf"), 0
for _ in range(5):
    begin = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{name}: failed")
    best = min(best, time.perf_counter() - begin)
    peak = max(peak, usage.ru_maxrss)
print(f"{name:<34} {best:6.2f} s {peak / 1024:7.0f} MiB")
PYTHON
}

measure "llvm-readelf -r vmlinux.o" "$LLVM_BIN/llvm-readelf" -r "$object"
measure "verify vmlinux.o" "$TOOL" verify "$object"
if [ -n "$image" ]; then
  measure "verify vmlinux --objects vmlinux.o" "$TOOL" verify "$image" --objects "$object"
  measure "the same, --json" "$TOOL" verify "$image" --objects "$object" --json
fi
