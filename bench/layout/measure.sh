# The runs of bench/layout/run.sh. Sourced.

# run COMMAND...: with a program of ours in it. The library is the source's; the
# seed makes runs repeat.
run() {
  (cd "$FOLDER" && PYTHONHOME="$FOLDER/home:$FOLDER/home" PYTHONHASHSEED=0 "$@")
}

WORK=("$here/workload.py")
START=(-c pass)
TRAINING=("$here"/training/*.py)

# What runs compile is written down first, so that no measured run does it.
library() {
  set -e
  local program
  mkdir -p "$FOLDER"/{home/lib,programs,measured}
  ln -sfn "$SOURCE/Lib" "$FOLDER/home/lib/python3.11"
  run "$FOLDER/tree/python" "${WORK[@]}"
  for program in "${TRAINING[@]}"; do
    run "$FOLDER/tree/python" "$program"
  done
}

# FOLDER/profile: counts, and in which order functions ran first in each run.
# The programs of training/ are of the kind of the one that is measured, over the
# same library, and others: no task and no data are in both.
train() {
  set -e
  local program
  link instrumented "$FOLDER/programs/instrumented" -fprofile-generate \
    -Wl,--lto-O1,--lto-CGO1
  for program in "${TRAINING[@]}"; do
    LLVM_PROFILE_FILE="$FOLDER/instrumented/$(basename "$program").profraw" \
      run "$FOLDER/programs/instrumented" "$program"
  done
  "$LLVM_BIN/llvm-profdata" merge "$FOLDER"/instrumented/*.profraw \
    -o "$FOLDER/profile"
}

# pages NAME WHAT ARGUMENT...: FOLDER/measured/NAME.WHAT
pages() {
  set -e
  local name=$1 out="$FOLDER/measured/$1.$2"
  shift 2
  [ ! -e "$out" ] || return 0
  run valgrind --tool=callgrind --dump-instr=yes --dump-line=no \
    --compress-pos=no --compress-strings=no --callgrind-out-file="$out.callgrind" \
    "$FOLDER/programs/$name" "$@" >"$out.log" 2>&1
  python3 "$here/count.py" "$out.callgrind" "$FOLDER/measured/$name.sections" \
    "$FOLDER/measured/$name.symbols" >"$out.new"
  mv "$out.new" "$out"
}

# misses NAME OBJECTS PADDING OPTION...: FOLDER/measured/NAME.misses.PADDING.
# The padding is a seed of lld's, which moves every section by a few bytes.
misses() {
  set -e
  local name=$1 objects=$2 padding=$3 out="$FOLDER/measured/$1.misses.$3"
  local program="$FOLDER/programs/$name.padded-$padding"
  shift 3
  [ ! -e "$out" ] || return 0
  link "$objects" "$program" "$@" -Wl,--randomize-section-padding="$padding"
  run valgrind --tool=cachegrind --I1=32768,8,64 --D1=32768,8,64 \
    --LL=8388608,16,64 --cachegrind-out-file=/dev/null "$program" "${WORK[@]}" \
    >"$out.log" 2>&1
  sed -n 's/^.*I1  *misses: *//p' "$out.log" | tr -d , >"$out.new"
  [ -s "$out.new" ]
  mv "$out.new" "$out"
  rm "$program"
}

# measure NAME OBJECTS OPTION...
measure() {
  local name=$1 i
  "$LLVM_BIN/llvm-readelf" -SW "$FOLDER/programs/$name" \
    >"$FOLDER/measured/$name.sections"
  "$LLVM_BIN/llvm-nm" --defined-only --print-size "$FOLDER/programs/$name" \
    >"$FOLDER/measured/$name.symbols"
  once "startup-$name" pages "$name" startup "${START[@]}"
  once "workload-$name" pages "$name" workload "${WORK[@]}"
  for i in $(seq "$PADDINGS"); do
    once "misses-$name.$i" misses "$1" "$2" "$i" "${@:3}"
  done
}
