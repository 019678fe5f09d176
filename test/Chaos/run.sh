#!/usr/bin/env bash
# Random policies on programs of the distribution:
#
#   test/Chaos/run.sh LLVM BUILD
#
# PROGRAMS (with commas), SEEDS (as 1-100) and TARGET (x86-64, aarch64) choose what
# is tried; see chaos.py and programs.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
llvm=$1 build=$2
. bench/source-packages.sh
mapfile -t packages < <(python3 -B test/Chaos/programs.py "${PROGRAMS:-}")
fetch_sources "$PWD/build/programs" "${packages[@]}"
exec python3 test/Chaos/chaos.py --llvm "$("llvm-config-$llvm" --bindir)" \
  --plugin "$build/plugin/SectionPlacement.so" \
  --tool "$build/tools/section-placement/section-placement" \
  --folder "$build/chaos" --sources build/programs --jobs "${JOBS:-$(nproc)}" \
  ${PROGRAMS:+--programs "$PROGRAMS"} --seeds "${SEEDS:-1-100}" --target "${TARGET:-x86-64}"
