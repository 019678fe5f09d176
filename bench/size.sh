#!/usr/bin/env bash
# How far the estimate of `max-size` is from true code sizes, on real programs:
# lua 5.4, zlib, bzip2, mbedtls and zstd as the distribution packages them, for
# AArch64, x86-64, RISC-V and Thumb, at -O2 and -Os.
#
#   bench/size.sh          prints the errors of the models that are built in
#   bench/size.sh --fit    fits them anew and writes them into the source
#
# True is the section of the function in the object, rounded up to its
# alignment. LLVM is the version whose bin folder LLVM_BIN names, by default
# 22's; PLUGIN the plugin built for it. Takes some minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}
PLUGIN=${PLUGIN:-$here/../build/llvm-22/plugin/SectionPlacement.so}
FOLDER=${FOLDER:-$here/../build/bench/size}
mkdir -p "$FOLDER"
FOLDER=$(realpath "$FOLDER")

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

compile() { # compile TARGET GOAL PROGRAM: FOLDER/lines/TARGET.GOAL.PROGRAM
  local target=$1 goal=$2 program=$3 out="$FOLDER/objects/$1.$2.$3" flags
  local lines="$FOLDER/lines/$1.$2.$3"
  case $target in
  aarch64) flags="--target=aarch64-linux-gnu" ;;
  x86-64) flags="--target=x86_64-linux-gnu" ;;
  riscv) flags="--target=riscv64-linux-gnu -march=rv64gc -mabi=lp64d" ;;
  thumb) flags="--target=thumbv7m-none-eabi -D__linux__" ;;
  esac
  mkdir -p "$out" "$FOLDER/lines"
  [ -e "$out/complete" ] || sources "$program" | xargs -P 2 -I{} sh -c '
    name=$(basename "$3" .c)
    "$1/clang" $5 -"$4" -w -ffunction-sections -isystem "$6/include" \
      -isystem /usr/include -isystem /usr/include/x86_64-linux-gnu \
      -I"$(dirname "$3")" -I"$(dirname "$3")/../include" -I"$(dirname "$3")/../common" \
      -DLUA_COMPAT_5_3 -DZSTD_DISABLE_ASM -c -emit-llvm "$3" -o "$2/$name.bc" 2>/dev/null &&
    "$1/clang" $5 -"$4" -w -ffunction-sections -Xclang -disable-llvm-passes \
      -c -x ir "$2/$name.bc" -o "$2/$name.o" || true
    ' sh "$LLVM_BIN" "$out" {} "$goal" "$flags" "$FOLDER"
  touch "$out/complete"
  # A file that this target's headers do not do for is told, not passed over.
  local of made
  of=$(sources "$program" | wc -l) made=$(find "$out" -name '*.o' | wc -l)
  [ "$made" -eq "$of" ] ||
    echo "$target -$goal $program: $made of $of files compile" >&2
  for module in "$out"/*.o; do
    "$LLVM_BIN/opt" -load-pass-plugin="$PLUGIN" \
      -passes='print<section-placement-code-size>' -disable-output \
      "${module%.o}.bc" 2>"$module.features"
    "$LLVM_BIN/llvm-readelf" -SW "$module" >"$module.sections"
  done
  local features=("$out"/*.features)
  head -n 1 "${features[0]}" | cut -d' ' -f 4- >"$FOLDER/lines/names"
  python3 "$here/size.py" join "$out" >"$lines"
}

fetch_sources "$FOLDER" lua5.4 zlib bzip2 mbedtls libzstd
headers
for program in lua zlib bzip2 mbedtls zstd; do
  for target in aarch64 x86-64 riscv; do
    compile $target O2 $program
    compile $target Os $program
  done
  compile thumb O2 $program
  compile thumb Os $program
done
if [ "${1:-}" = --fit ]; then
  python3 "$here/size.py" fit "$FOLDER/lines" >"$here/../plugin/IR/CodeSizeModels.inc"
else
  python3 "$here/size.py" errors "$FOLDER/lines"
fi
