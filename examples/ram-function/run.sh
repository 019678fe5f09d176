#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
build() { # build FLAG...
  for file in main flash board; do
    clang $ARM64 -flto=thin "$@" -c $file.c -o $file.o
  done
}

echo "== without the plugin"
build
ld.lld -e start main.o flash.o board.o -o image
[ -n "$(llvm-objdump -d --disassemble-symbols=start image | grep 'b.*<erase>')" ] ||
  echo "erase is inlined into start, which is in flash"

echo "== with policy.yaml"
export SECTION_PLACEMENT_POLICY=policy.yaml
build -fpass-plugin="$PLUGIN"
ld.lld --load-pass-plugin="$PLUGIN" -e start main.o flash.o board.o -o image
section_of image erase
