#!/usr/bin/env bash
# What the compile-time half costs: libsodium (106 files of C) compiled for LTO
# without the plugin and with it, under a policy with a `source` rule. Prints
# the ratio of the bytes of bitcode, without debug info and with -g1, for each
# kind of LTO; and, for ThinLTO without debug info, where a compile is shortest,
# that of the instructions (cachegrind, no cache simulated). Exit code 1 where one
# is above 1.01. Counting takes most of the time, a minute of a processor for two
# or three compiles: EVERY=10 counts those of each tenth file.
#
#   [EVERY=10] bench/annotate.sh PLUGIN FOLDER
#
# LLVM_BIN names the folder of clang.
set -euo pipefail

PLUGIN=$(realpath "$1")
mkdir -p "$2"
FOLDER=$(realpath "$2")
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}
source "$(dirname "$0")/libsodium.sh"

every=1 # Of which files compile_afresh takes the first.
compile_afresh() { # compile_afresh NAME PREFIX OPTION...
  local out="$FOLDER/annotate/$1" prefix=$2
  shift 2
  rm -rf "$out"
  mkdir -p "$out"
  (
    cd "$FOLDER"/libsodium-*/
    find src/libsodium -name '*.c' -printf '%P\n' | sort |
      awk -v every="$every" 'NR % every == 1 % every' |
      xargs -P "$(nproc)" -I{} sh -c \
        'out=$1/$(echo "$2" | tr / _).o prefix=$3; shift 3
         exec ${prefix:+$prefix --log-file="$out.log"} "$@" -o "$out"' \
        sh "$out" {} "$prefix" \
        "$LLVM_BIN/clang" "${FLAGS[@]}" "$@" -c src/libsodium/{}
  )
}

bytes() { cat "$FOLDER/annotate/$1"/*.o | wc -c; }

instructions() {
  sed -n 's/.*I *refs: *//p' "$FOLDER/annotate/$1"/*.log | tr -d , |
    awk '{ n += $1 } END { printf "%.0f", n }'
}

status=0
ratio() { # ratio WHAT WITH WITHOUT
  awk -v what="$1" -v with="$2" -v without="$3" 'BEGIN {
    met = without > 0 && with <= 1.01 * without
    printf "%-44s %.4f  (%.0f more than %.0f)  bound 1.01 %s\n",
      what, with / without, with - without, without, met ? "met" : "NOT MET"
    exit !met }' || status=1
}

measure() { # measure NAME PREFIX OPTION...
  local name=$1 prefix=$2
  shift 2
  compile_afresh "$name-without" "$prefix" "$@"
  SECTION_PLACEMENT_POLICY="$FOLDER/annotate.yaml" \
    compile_afresh "$name-with" "$prefix" "$@" -fpass-plugin="$PLUGIN"
}

fetch
cat >"$FOLDER/annotate.yaml" <<EOF
version: 1
root: $(cd "$FOLDER"/libsodium-*/ && pwd)
rules:
  - name: hashes
    match: { source: ["src/libsodium/crypto_{hash,generichash}/**"] }
    section: .text.hashes
EOF
for lto in thin full; do
  for debug in -g0 -g1; do
    name=$lto$debug
    measure "$name" "" -flto=$lto $debug
    ratio "bytes of bitcode, -flto=$lto $debug" "$(bytes "$name-with")" \
      "$(bytes "$name-without")"
  done
done
every=${EVERY:-1}
measure counted \
  "valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null" \
  -flto=thin
files=$(ls "$FOLDER"/annotate/counted-with/*.o | wc -l)
ratio "instructions, $files compiles, -flto=thin -g0" \
  "$(instructions counted-with)" "$(instructions counted-without)"
exit $status
