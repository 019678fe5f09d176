# What the benchmarks of the tool share: sourced by them. Leaves them in a folder
# of their own, which goes when they end.
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
LLVM_BIN=${LLVM_BIN:-$(llvm-config-22 --bindir)}
TOOL=$(realpath "${TOOL:-$here/../build/llvm-22/tools/section-placement/section-placement}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

describe() { # describe OBJECT
  echo "vmlinux.o: $("$LLVM_BIN/llvm-readelf" -S "$1" | grep -c ' AX ') sections of code, $(
    "$LLVM_BIN/llvm-size" "$1" | awk 'NR == 2 { printf "%.1f", $1 / 1e6 }') MB of text"
}
measure() { python3 "$here/measure.py" "$@"; } # measure NAME COMMAND...
