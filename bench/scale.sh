#!/usr/bin/env bash
# Time and peak memory of planning 10^4, 10^5 and 10^6 functions with five calls
# each, and the exponent by which the time grows:
#
#   bench/scale.sh          the graph as plain arrays, where calls are
#                           estimated, counted, and where runs are known; and
#                           as ThinLTO bitcode through 'section-placement plan'
#   bench/scale.sh arrays   the first part only
#
# Where valgrind is there, the planner's instructions too: 10^4 functions fit
# into a cache and 10^6 do not, so time alone grows faster than the work.
#
# Bounds: 10 s and 1.5 GiB for 10^6 functions, and growth no faster than
# n log n, which is an exponent of 1.09 over these sizes. LLVM (22) names the
# version. Builds in build/bench. Timed results are no test: the exit code is 0
# unless something failed to run.
set -euo pipefail
cd "$(dirname "$0")/.."
LLVM=${LLVM:-22}
FOLDER=$PWD/build/bench/scale
BUILD=${BUILD:-$PWD/build/bench/build}
mkdir -p "$FOLDER"
build() {
  cmake -G Ninja -S . -B "$BUILD" -DCMAKE_BUILD_TYPE=Release \
    -DLLVM_DIR="$("llvm-config-$LLVM" --cmakedir)" \
    -DSECTION_PLACEMENT_TESTS=OFF -DSECTION_PLACEMENT_BENCHMARKS=ON &&
    ninja -C "$BUILD" ScaleBenchmark section-placement
}
build >"$FOLDER/build.log" 2>&1 || { cat "$FOLDER/build.log" >&2; exit 1; }

# A closure from seeds in every subsystem, put in order; names, sources, callers.
cat >"$FOLDER/policy.yaml" <<'POLICY'
version: 1
rules:
  - name: named
    match: { function: [subsystem0_function_12, subsystem0_function_700] }
    section: .text.named
  - name: callers
    match: { function: [subsystem0_function_0] }
    grow: { along: [call], towards: callers, depth: 1 }
    section: .text.callers
  - name: part
    match: { source: ["src/part0/**"] }
    section: ".text.part.{file}"
    order: affinity
  - name: closure
    match: { function: ["*_function_*00"] }
    grow: { along: [call], depth: unlimited }
    section: .text.closure
    order: affinity
POLICY
python3 bench/scale.py "$BUILD" "$FOLDER" "${1:-all}"
