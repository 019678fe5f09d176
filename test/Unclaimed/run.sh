#!/usr/bin/env bash
# What no rule claims does not change, on whole programs of the distribution:
#
#   test/Unclaimed/run.sh LLVM BUILD
#
# PROGRAMS, LTO, LEVELS and LINK_FLAGS choose less than everything (with commas).
# Prints the table of docs/reliability.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
llvm=$1 build=$2
. bench/source-packages.sh
fetch_sources "$PWD/build/programs" lua5.4 libzstd leveldb
exec python3 test/Unclaimed/unclaimed.py --llvm "$("llvm-config-$llvm" --bindir)" \
  --plugin "$build/plugin/SectionPlacement.so" --folder "$build/unclaimed" \
  --sources build/programs --jobs "$(nproc)" \
  --programs "${PROGRAMS:-shapes,lua,zstd,leveldb}" --lto "${LTO:-thin,full}" \
  --levels "${LEVELS:-O0,O1,O2,Os,Oz}" \
  --link-flags "${LINK_FLAGS:-none,merge,merge-at-link,outliner,split,icf-gc,gc}"
