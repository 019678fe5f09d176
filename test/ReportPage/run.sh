#!/usr/bin/env bash
# The report's page in a real browser: that of the demo, before and after, and
# that of an image of 500,000 functions with 200,000 short references. Screenshots
# are left in OUTPUT-FOLDER; docs/report.png is the demo's light.png.
#
#   LLVM_BIN=…/bin PLUGIN=….so TOOL=…/section-placement run.sh OUTPUT-FOLDER
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$1"
mkdir -p "$1"
out=$(cd "$1" && pwd)
cp -r "$here/../../demo" "$out/demo"
cd "$out/demo"

entry=arch/arm64/kvm/hyp/entry.o
switch=arch/arm64/kvm/hyp/vhe/switch.o
aarch64=("$LLVM_BIN/clang" --target=aarch64-linux-gnu)
"${aarch64[@]}" -c "${entry%.o}.S" -o $entry
"${aarch64[@]}" -O2 -flto=thin -c other.c -o other.o
"${aarch64[@]}" -O2 -flto=thin -c "${switch%.o}.c" -o $switch
"$LLVM_BIN/ld.lld" -r $entry other.o $switch -o vmlinux.o
# The link that fails, without the judgement on its relocations.
"$LLVM_BIN/ld.lld" -T vmlinux.lds --noinhibit-exec vmlinux.o -o vmlinux.failed 2>/dev/null
SECTION_PLACEMENT_POLICY=section-placement.yaml SECTION_PLACEMENT_REPORT=reports \
  "$LLVM_BIN/ld.lld" -r --load-pass-plugin="$PLUGIN" $entry other.o $switch -o vmlinux.o
"$LLVM_BIN/ld.lld" -T vmlinux.lds vmlinux.o -o vmlinux
"$TOOL" report reports --image vmlinux --before vmlinux.failed -o report.html

"$here/make_large.py" "$out/large" "$LLVM_BIN" 500000 200000
"$TOOL" report "$out/large/reports" --image "$out/large/image" -o "$out/large/report.html"

exec python3 "$here/run.py" "$out" "$out/demo/report.html" "$out/large/report.html"
