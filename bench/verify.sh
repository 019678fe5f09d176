#!/usr/bin/env bash
# Time and peak memory of `section-placement verify` in one run beside LLVM's
# tools: on an object of a kernel's size (36,000 sections, 9 MB of text, half a
# million relocations) and the image made of it, and on an image with 32 MB of
# x86-64 code, which is LLVM's own.
#
#   LLVM_BIN=…/bin TOOL=…/section-placement bench/verify.sh [vmlinux.o [vmlinux]]
#
# Without arguments it makes the object and its image. TOOL must be a Release
# build. Prints each figure, then the ratios with their bounds; the exit code is
# 1 where one is not met. A minute on two cores.
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
libraries=()
for name in X86CodeGen AArch64CodeGen AMDGPUCodeGen Core CodeGen SelectionDAG \
  Analysis ScalarOpts InstCombine Vectorize ipo TransformUtils; do
  libraries+=("$LLVM_BIN/../lib/libLLVM$name.a")
done
"$LLVM_BIN/ld.lld" -shared --whole-archive "${libraries[@]}" -o large.so
printf 'large.so: %s bytes of code\n' "$("$LLVM_BIN/llvm-size" -A large.so |
  awk '$1 == ".text" { print $2 }')"
cat >grown.yaml <<'POLICY'
version: 1
rules:
  - name: grown
    match: { function: ["_ZN4llvm18TargetLoweringBase*", "function_1*"] }
    grow: { along: [call], depth: 3 }
    section: .text.grown
POLICY

{
  measure "llvm-readelf -r vmlinux.o" "$LLVM_BIN/llvm-readelf" -r "$object"
  measure "verify vmlinux.o" "$TOOL" verify "$object"
  if [ -n "$image" ]; then
    measure "verify vmlinux --objects vmlinux.o" "$TOOL" verify "$image" --objects "$object"
    measure "the same, --json" "$TOOL" verify "$image" --objects "$object" --json
    measure "the same, --policy that grows" "$TOOL" verify "$image" \
      --objects "$object" --policy grown.yaml
  fi
  measure "verify large.so" "$TOOL" verify large.so
  measure "verify large.so, --policy that grows" "$TOOL" verify large.so --policy grown.yaml
} | tee figures
python3 - <<'TABLE'
import re, sys
figures = [re.match(r"(.*?)\s+([\d.]+) s\s+([\d.]+) MiB", line).groups()
           for line in open("figures")]
time = {name: float(s) for name, s, _ in figures}
memory = {name: float(mib) for name, _, mib in figures}
rows = [("verify vmlinux.o / llvm-readelf -r vmlinux.o",
         time["verify vmlinux.o"] / time["llvm-readelf -r vmlinux.o"], 1)]
for name in time:
    if "large.so" in name:
        rows += [(name + ", s", time[name], 5), (name + ", MiB", memory[name], 500)]
for name, value, bound in rows:
    print(f"{name:<44} {value:8.2f}  at most {bound:<4} "
          + ("met" if value <= bound else "NOT MET"))
sys.exit(any(value > bound for _, value, bound in rows))
TABLE
