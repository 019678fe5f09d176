#!/usr/bin/env bash
# Does the order of functions help? CPython 3.11 of the distribution's source
# package, ThinLTO, x86-64, one program with its C modules in it, at fixed
# addresses; every order on the same objects, measured by valgrind on the same
# work. Prints a table: distinct 4 KiB pages of code executed in a start-up and
# in a workload, mean distance of a call in the workload, and misses of an
# instruction cache of 32 KiB in 8 ways, as the median over several paddings.
#
#   bench/layout/run.sh
#
# From nothing to the table; what was built is in FOLDER (build/bench/layout)
# and taken from there by the next run. RANDOMS and PADDINGS say how many random
# orders and paddings (2 and 3); JOBS, how much runs at once. LLVM (22) names
# the version, TOOL the tool. Needs valgrind, make and dpkg-dev.
# Remove FOLDER after a change of the programs: what is there is not made again,
# but for our own orders.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LLVM=${LLVM:-22}
LLVM_BIN=${LLVM_BIN:-$("llvm-config-$LLVM" --bindir)}
TOOL=$(realpath "${TOOL:-$here/../../build/llvm-$LLVM/tools/section-placement/section-placement}")
FOLDER=${FOLDER:-$here/../../build/bench/layout}
RANDOMS=${RANDOMS:-2} PADDINGS=${PADDINGS:-3} JOBS=${JOBS:-$(nproc)}
mkdir -p "$FOLDER"
FOLDER=$(realpath "$FOLDER")
command -v valgrind >/dev/null || { echo "layout: valgrind is missing" >&2; exit 1; }

. "$here/../source-packages.sh"
. "$here/build.sh"
. "$here/orders.sh"
. "$here/measure.sh"

fetch_sources "$FOLDER/source" python3.11
SOURCE=$(ls -d "$FOLDER"/source/python3.11-*/ | head -n 1)
SOURCE=${SOURCE%/}
once tree make_tree
once library library
once plain compile plain -flto=thin
once instrumented compile instrumented -flto=thin -fprofile-generate \
  -mllvm -pgo-temporal-instrumentation
once training train
once profiled compile profiled -flto=thin "-fprofile-use=$FOLDER/profile"
plans
each() { # each N COMMAND: with every order behind it, N at once
  export here FOLDER LLVM_BIN PADDINGS JOBS
  orders | tr '\n' '\0' | xargs -0 -P "$1" -I{} bash -c '
    set -efuo pipefail
    . "$here/build.sh"
    . "$here/measure.sh"
    '"$2"' $1' bash {}
}
place() { once "link-$1" link "$2" "$FOLDER/programs/$1" "${@:3}"; }
export -f place
# One after the other: the first of each set fills the cache of the backends.
each 1 place
each "$JOBS" measure
orders | python3 "$here/table.py" "$FOLDER/measured" "$PADDINGS"
