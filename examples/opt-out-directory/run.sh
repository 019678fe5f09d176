#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
build() { # build FLAG...
  clang $ARM64 -flto=thin "$@" -c main.c -o main.o
  clang $ARM64 -flto=thin "$@" -c boot/early.c -o early.o
  clang $ARM64 -flto=thin "$@" -c boot/probe.c -o probe.o
}
calls() { # calls CALLER CALLEE
  if llvm-objdump -d --disassemble-symbols="$1" image | grep -q "<$2>"; then
    echo "$1 calls $2"
  else
    echo "$2 is inlined into $1"
  fi
}

echo "== without the plugin"
build
ld.lld -e start main.o early.o probe.o -o image
calls start early

echo "== with policy.yaml"
export SECTION_PLACEMENT_POLICY=policy.yaml
build -fpass-plugin="$PLUGIN"
ld.lld --load-pass-plugin="$PLUGIN" -e start main.o early.o probe.o -o image
calls start early
calls early probe
