#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
clang --target=aarch64-linux-gnu -c entry.s -o entry.o
clang --target=aarch64-linux-gnu -c other.s -o other.o
clang $ARM64 -flto=thin -ffunction-sections -c fail.c -o fail.o
ld.lld -r entry.o other.o fail.o -o joined.o

echo "== without the plugin"
ld.lld -e enter joined.o -o image 2>&1 | grep -o 'relocation R_AARCH64_CONDBR19 out of range' | head -n 1

echo "== with policy.yaml"
SECTION_PLACEMENT_POLICY=policy.yaml \
  ld.lld -r --load-pass-plugin="$PLUGIN" entry.o other.o fail.o -o joined.o
ld.lld -e enter joined.o -o image
section-placement verify image --objects joined.o | grep 'verify:'
