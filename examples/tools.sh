# The tools of one LLVM version, and the plugin and the tool of section-placement:
# sourced by each run.sh. LLVM=19 takes another version; a PLUGIN, a TOOL, or tools
# that are first in PATH are taken as they are.
LLVM=${LLVM:-22}
repository=$(cd "$(dirname "$0")/../.." && pwd)
[ ! -d "/usr/lib/llvm-$LLVM/bin" ] || [ -n "${PLUGIN:-}" ] || PATH=/usr/lib/llvm-$LLVM/bin:$PATH
PLUGIN=${PLUGIN:-$repository/build/llvm-$LLVM/plugin/SectionPlacement.so}
TOOL=${TOOL:-$repository/build/llvm-$LLVM/tools/section-placement/section-placement}
[ -e "$PLUGIN" ] && [ -x "$TOOL" ] || {
  echo "no plugin in $PLUGIN: run ./bootstrap.sh build first, or set PLUGIN and TOOL" >&2
  exit 2
}
unset ${!SECTION_PLACEMENT_@}
SOURCES=$(cd "$(dirname "$0")" && pwd)
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
cp -r "$SOURCES"/* "$SCRATCH" && cd "$SCRATCH" || exit 2
ARM64="--target=aarch64-linux-gnu -O2 -ffreestanding"

section-placement() { "$TOOL" "$@"; }
# Prints the section that function $2 of object $1 is in; nothing where it is gone.
section_of() {
  llvm-readelf -sW "$1" | awk -v name="$2" '$4 == "FUNC" && $8 == name { print $7 }' | while read -r index; do
    llvm-readelf -SW "$1" | sed -n "s/^ *\[ *$index\] \([^ ]*\).*/$2 is in \1/p"
  done
}
