#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
build() { # build FLAG...
  clang $ARM64 -flto=thin "$@" -c trap.c -o trap.o
  clang $ARM64 -flto=thin "$@" -c trace.c -o trace.o
}
calls() {
  if llvm-objdump -d --disassemble-symbols=trap_enter image | grep -q '<record>'; then
    echo "trap_enter calls record"
  else
    echo "record is inlined into trap_enter"
  fi
}

echo "== without the plugin"
build
ld.lld -e trap_enter trap.o trace.o -o image
calls

echo "== with policy.yaml"
export SECTION_PLACEMENT_POLICY=policy.yaml
build -fpass-plugin="$PLUGIN"
ld.lld --load-pass-plugin="$PLUGIN" -e trap_enter trap.o trace.o -o image
calls
