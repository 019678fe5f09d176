#!/usr/bin/env bash
# Speed, as ratios taken in one run:
#
#   bench/run.sh          all of it, some ten minutes on two idle cores
#   bench/run.sh library  without the links
#
# Installs what is missing where it may, builds in build/bench, and prints a
# table: what, the ratio, its bound, and whether that is met. Timed results are
# no test: the exit code is 0 unless something failed to run.
#
# A time is the least of nine repetitions, in random order, of the thread's own
# time; a link is counted in instructions (callgrind), which repeat.
set -euo pipefail
cd "$(dirname "$0")/.."

LLVM=${LLVM:-22}
FOLDER=$PWD/build/bench
BUILD=$FOLDER/build
export LLVM_BIN

missing=()
for package in g++ cmake ninja-build python3 dpkg-dev valgrind libbenchmark-dev \
  "llvm-$LLVM-dev" "clang-$LLVM" "lld-$LLVM"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
    missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  line="apt-get install --no-install-recommends -y ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "bench: packages are missing. Run: sudo $line" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $line >/dev/null
fi
LLVM_BIN=$("llvm-config-$LLVM" --bindir)

mkdir -p "$FOLDER"
build() {
  cmake -G Ninja -S . -B "$BUILD" -DCMAKE_BUILD_TYPE=Release \
    -DLLVM_DIR="$("llvm-config-$LLVM" --cmakedir)" \
    -DSECTION_PLACEMENT_TESTS=OFF -DSECTION_PLACEMENT_BENCHMARKS=ON &&
    ninja -C "$BUILD" PlanBenchmark PassBenchmark SectionPlacement
}
build >"$FOLDER/build.log" 2>&1 || { cat "$FOLDER/build.log" >&2; exit 1; }

measure() { # measure NAME PROGRAM OPTION...
  local name=$1 program=$2
  shift 2
  "$BUILD/bench/$program" "$@" --benchmark_repetitions=9 \
    --benchmark_enable_random_interleaving=true \
    --benchmark_out_format=json --benchmark_out="$FOLDER/$name.json" \
    >"$FOLDER/$name.log" 2>&1 || { cat "$FOLDER/$name.log" >&2; exit 1; }
}
measure plan PlanBenchmark
measure pass PassBenchmark
measure pass-c++ PassBenchmark --c++
if [ "${1:-}" = library ]; then
  : >"$FOLDER/links.txt"
else
  bench/links.sh "$BUILD/plugin/SectionPlacement.so" "$FOLDER/links" \
    >"$FOLDER/links.txt"
fi
python3 bench/table.py "$FOLDER"
