#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
export SECTION_PLACEMENT_POLICY=policy.yaml
build() { # build FLAG...
  clang $ARM64 -flto=full -fpass-plugin="$PLUGIN" "$@" -c update.c -o update.o
  clang $ARM64 -flto=full -fpass-plugin="$PLUGIN" "$@" -c log.c -o log.o
}

echo "== the updater logs, and the logger is outside"
build -DLOGGING
ld.lld --load-pass-plugin="$PLUGIN" -e start update.o log.o -o image 2>&1 | grep -o "'update' calls .* no rule has" | head -n 1
[ -e image ] || echo "no image is written"

echo "== it does not log"
build
ld.lld --load-pass-plugin="$PLUGIN" -e start update.o log.o -o image && echo "it links"
