#!/usr/bin/env bash
# Random policies on programs of the distribution:
#
#   test/Chaos/run.sh LLVM BUILD
#
# PROGRAMS (with commas) and SEEDS (as 1-100) choose what is tried; see chaos.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
llvm=$1 build=$2
. bench/source-packages.sh
programs=${PROGRAMS:-lua,zstd,leveldb}
packages=()
for program in ${programs//,/ }; do
  case $program in
  lua) packages+=(lua5.4) ;;
  zstd) packages+=(libzstd) ;;
  shapes) ;;
  *) packages+=("$program") ;;
  esac
done
fetch_sources "$PWD/build/programs" "${packages[@]}"
exec python3 test/Chaos/chaos.py --llvm "$("llvm-config-$llvm" --bindir)" \
  --plugin "$build/plugin/SectionPlacement.so" \
  --tool "$build/tools/section-placement/section-placement" \
  --folder "$build/chaos" --sources build/programs --jobs "${JOBS:-$(nproc)}" \
  --programs "$programs" --seeds "${SEEDS:-1-100}"
