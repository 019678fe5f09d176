#!/usr/bin/env bash
. "$(dirname "$0")/../tools.sh"
# Pages from the first to the last function that the start runs.
pages() {
  llvm-nm "$1" | awk '$3 ~ /^(start|read_config|open_window|load_last_file)$/ { print $1 }' | sort |
    python3 -c 'import sys; at = [int(l, 16) for l in sys.stdin]; print((at[-1] - at[0]) // 4096 + 1)'
}
clang $ARM64 -flto=thin -ffunction-sections -c program.c -o program.o

echo "== without the plugin"
ld.lld -e start program.o -o image
echo "the start is spread over $(pages image) pages"

echo "== with policy.yaml"
SECTION_PLACEMENT_POLICY=policy.yaml ld.lld --load-pass-plugin="$PLUGIN" -e start program.o -o image
echo "the start is spread over $(pages image) pages"
