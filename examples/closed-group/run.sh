#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
build() { # build FLAG...
  clang $ARM64 -flto=full "$@" -c update.c -o update.o
  clang $ARM64 -flto=full "$@" -c log.c -o log.o
}
export SECTION_PLACEMENT_POLICY=policy.yaml

echo "== the updater logs, and the logger is outside"
build -DLOGGING
ld.lld --load-pass-plugin="$PLUGIN" -e start update.o log.o -o image 2>&1 | grep -o "'update' calls .* no rule has" | head -n 1
[ -e image ] || echo "no image is written"

echo "== it does not log"
build
ld.lld --load-pass-plugin="$PLUGIN" -e start update.o log.o -o image && echo "it links"
