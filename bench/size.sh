#!/usr/bin/env bash
# What the pass says of functions that it compiles in memory, against the
# finished objects of real programs: lua 5.4, zlib, bzip2, mbedtls and zstd as
# the distribution packages them, for AArch64, x86-64, RISC-V and Thumb, at -O2,
# -Os and -Oz. Prints
#
#   - how many functions call or refer to other symbols than was said, or have
#     another size, and which;
#   - how far the estimates of functions that are not compiled are off;
#   - how far the section of a group of functions that one rule places together
#     is from the sum that `max-size` promises: the source of its margin.
#
#   bench/size.sh [PROGRAM...]
#
# LLVM is the version whose bin folder LLVM_BIN names, by default 22's; PLUGIN
# the plugin built for it. FLAGS are further options of the compiles to objects:
# FLAGS='-mno-outline -mllvm -enable-global-merge=false' leaves out the passes
# that see more than one function. Takes some minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}
PLUGIN=${PLUGIN:-$here/../build/llvm-22/plugin/SectionPlacement.so}
FOLDER=${FOLDER:-$here/../build/bench/size}
mkdir -p "$FOLDER"
FOLDER=$(realpath "$FOLDER")
FLAGS=${FLAGS:-}
objects="$FOLDER/objects${FLAGS:+-by-flags}"

. "$here/source-packages.sh"

# The C library's headers are the build machine's: nothing is linked, and what
# they lack for 32 bits is an empty list of stubs.
headers() {
  mkdir -p "$FOLDER/include/gnu"
  : >"$FOLDER/include/gnu/stubs-32.h"
  : >"$FOLDER/include/gnu/stubs-soft.h"
  : >"$FOLDER/include/gnu/stubs-lp64d.h"
  echo '#define DEB_HOST_MULTIARCH "any"' >"$FOLDER/include/lua5.4-deb-multiarch.h"
}

sources() { # sources PROGRAM: its files, one a line
  case $1 in
  lua) ls "$FOLDER"/lua5.4-*/src/l*.c | grep -v '/luac\?\.c$' ;;
  zlib) ls "$FOLDER"/zlib-*/*.c ;;
  bzip2) ls "$FOLDER"/bzip2-*/{blocksort,bzlib,compress,crctable,decompress,huffman,randtable}.c ;;
  mbedtls) ls "$FOLDER"/mbedtls-*/library/*.c ;;
  zstd) ls "$FOLDER"/libzstd-*/lib/{common,compress,decompress,dictBuilder}/*.c ;;
  esac
}

compile() { # compile TARGET GOAL PROGRAM: $objects/TARGET.GOAL.PROGRAM
  local target=$1 goal=$2 program=$3 out="$objects/$1.$2.$3" flags
  case $target in
  aarch64) flags="--target=aarch64-linux-gnu" ;;
  x86-64) flags="--target=x86_64-linux-gnu" ;;
  riscv) flags="--target=riscv64-linux-gnu -march=rv64gc -mabi=lp64d" ;;
  thumb) flags="--target=thumbv7m-none-eabi -D__linux__" ;;
  esac
  mkdir -p "$out"
  [ -e "$out/complete" ] || sources "$program" | xargs -P 2 -I{} sh -c '
    name=$(basename "$3" .c)
    "$1/clang" $5 -"$4" -w -ffunction-sections -isystem "$6/include" \
      -isystem /usr/include -isystem /usr/include/x86_64-linux-gnu \
      -I"$(dirname "$3")" -I"$(dirname "$3")/../include" -I"$(dirname "$3")/../common" \
      -DLUA_COMPAT_5_3 -DZ_HAVE_UNISTD_H -DZSTD_DISABLE_ASM -c -emit-llvm "$3" -o "$2/$name.bc" 2>/dev/null &&
    "$1/clang" $5 -"$4" -w -ffunction-sections $7 -Xclang -disable-llvm-passes \
      -c -x ir "$2/$name.bc" -o "$2/$name.o" || true
    ' sh "$LLVM_BIN" "$out" {} "$goal" "$flags" "$FOLDER" "$FLAGS"
  touch "$out/complete"
  # A file that this target's headers do not do for is reported, not passed over.
  local of made
  of=$(sources "$program" | wc -l) made=$(find "$out" -name '*.o' | wc -l)
  [ "$made" -eq "$of" ] ||
    echo "$target -$goal $program: $made of $of files compile" >&2
  find "$out" -name '*.o' | sort | xargs -P 2 -I{} sh -c '
    module=${3%.o}
    "$1/opt" -load-pass-plugin="$2" -passes="print<section-placement-code>" \
      -disable-output "$module.bc" 2>"$module.said"
    "$1/opt" -load-pass-plugin="$2" -passes="section-placement<policy=$6>" \
      "$module.bc" -o "$module.group.bc"
    "$1/clang" $5 -"$4" -w -ffunction-sections $7 -Xclang -disable-llvm-passes \
      -c -x ir "$module.group.bc" -o "$module.group"
    "$1/llvm-readelf" -SW "$module.group" >"$module.group-sections"
    "$1/llvm-objdump" -t -r "$module.o" >"$module.made"
    ' sh "$LLVM_BIN" "$PLUGIN" {} "$goal" "$flags" "$FOLDER/group.yaml" "$FLAGS"
}

fetch_sources "$FOLDER" lua5.4 zlib bzip2 mbedtls libzstd
headers
cat >"$FOLDER/group.yaml" <<END
version: 1
rules:
  - name: group
    match: { function: ["*"] }
    section: .text.group
END
[ $# -gt 0 ] || set -- lua zlib bzip2 mbedtls zstd
for program; do
  for target in aarch64 x86-64 riscv thumb; do
    for goal in O2 Os Oz; do
      compile $target $goal "$program"
    done
  done
done
python3 "$here/size.py" "$objects" "$@"
