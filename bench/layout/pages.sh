#!/usr/bin/env bash
# How many pages of its code does a run of a program touch?
#
#   bench/layout/pages.sh PROGRAM ARGUMENT...
#
# The program must be linked with -no-pie. Needs valgrind and LLVM's tools; these
# are taken from PATH. What runs is a copy beside the program, which finds its data
# there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { echo "usage: $0 PROGRAM ARGUMENT..." >&2; exit 2; }
command -v valgrind >/dev/null || { echo "pages.sh: valgrind is missing" >&2; exit 2; }
program=$(realpath "$1")
shift
out=$(mktemp -d)
copy=$program.without-debug-info
trap 'rm -rf "$out" "$copy"' EXIT
# Valgrind stops at debug info that is newer than itself.
llvm-strip --strip-debug -o "$copy" "$program"
llvm-readelf -SW "$program" >"$out/sections"
llvm-nm --defined-only --print-size "$program" >"$out/symbols" 2>/dev/null
[ -s "$out/symbols" ] || { echo "pages.sh: $program has no symbols: give it from before it is stripped" >&2; exit 2; }
# The exit code is the program's; count.py sees whether anything ran.
valgrind --tool=callgrind --dump-instr=yes --dump-line=no --compress-pos=no \
  --compress-strings=no --callgrind-out-file="$out/callgrind" \
  "$copy" "$@" >"$out/log" 2>&1 || true
[ -s "$out/callgrind" ] || { cat "$out/log" >&2; echo "pages.sh: valgrind counted nothing" >&2; exit 2; }
counts=$(cd "$out" && python3 "$here/count.py" callgrind sections symbols) || exit 2
read -r pages packed far <<<"$counts"
echo "$pages pages of code touched; the functions that ran fill $packed; a call is $far bytes long on average"
