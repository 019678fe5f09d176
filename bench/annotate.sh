#!/usr/bin/env bash
# What the compile-time half costs: libsodium (106 files of C) compiled for LTO
# without the plugin and with it, under a policy with a `source` rule. Prints
# for each kind of LTO, without debug info and with -g1: the ratio of
# instructions (callgrind) and of bytes of bitcode.
#
#   bench/annotate.sh PLUGIN FOLDER
#
# LLVM_BIN names the folder of clang.
set -euo pipefail

PLUGIN=$(realpath "$1")
mkdir -p "$2"
FOLDER=$(realpath "$2")
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}
source "$(dirname "$0")/libsodium.sh"

compile() { # compile NAME OPTION...
  local out="$FOLDER/annotate/$1"
  shift
  rm -rf "$out"
  mkdir -p "$out"
  (
    cd "$FOLDER"/libsodium-*/
    find src/libsodium -name '*.c' -printf '%P\n' | sort |
      xargs -P "$(nproc)" -I{} sh -c \
        'out=$1/$(echo "$2" | tr / _).o; shift 2
         exec valgrind --tool=callgrind --callgrind-out-file=/dev/null \
           --log-file="$out.log" "$@" -o "$out"' \
        sh "$out" {} "$LLVM_BIN/clang" "${FLAGS[@]}" "$@" -c src/libsodium/{}
  )
}

total() { # total NAME: instructions and bytes
  local out="$FOLDER/annotate/$1"
  echo "$(sed -n 's/^.*Collected : //p' "$out"/*.log | awk '{ n += $1 } END { printf "%.0f", n }')" \
    "$(cat "$out"/*.o | wc -c)" "$(ls "$out"/*.o | wc -l)"
}

measure() { # measure NAME OPTION...
  local name=$1
  shift
  compile "$name-without" "$@"
  SECTION_PLACEMENT_POLICY="$FOLDER/annotate.yaml" \
    compile "$name-with" "$@" -fpass-plugin="$PLUGIN"
  echo "$(total "$name-without") $(total "$name-with")" |
    awk -v name="$name" '{ printf "%-14s %3d files  instructions %.4f  bytes of bitcode %.4f (%d more)\n",
      name, $3, $4 / $1, $5 / $2, $5 - $2 }'
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
  measure "$lto" -flto=$lto
  measure "$lto-g1" -flto=$lto -g1
done
