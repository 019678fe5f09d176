#!/usr/bin/env bash
# The Debian packages of FOLDER, installed in a root of their own, used from
# there alone, and removed:
#
#   packages.sh FOLDER LLVM…     as root; LLVM as 22
set -euo pipefail
folder=$1
shift
root=$folder/root
rm -rf "$root"
mkdir -p "$root"/var/lib/dpkg/{info,updates,alternatives} "$root"/etc/alternatives "$root"/usr/bin
touch "$root/var/lib/dpkg/status"

# The root has no libLLVM, and no shell for the scripts: both are this machine's.
packages() {
  dpkg --root="$root" --force-depends --force-script-chrootless --log=/dev/null "$@" \
    >"$folder/dpkg.log" 2>&1 || { cat "$folder/dpkg.log" >&2; exit 1; }
}
fail() { echo "packages: $*" >&2; exit 1; }

packages -i "$folder"/section-placement-common_*.deb
names=(section-placement-common)
for llvm in "$@"; do
  packages -i "$folder/section-placement-$llvm"_*.deb
  names+=("section-placement-$llvm")
  dpkg-deb -f "$folder/section-placement-$llvm"_*.deb Depends | grep -Eq "\blibllvm$llvm\b" ||
    fail "section-placement-$llvm does not depend on libllvm$llvm"
done

for llvm in "$@"; do
  bin=/usr/lib/llvm-$llvm/bin
  tool=$root/usr/bin/section-placement-$llvm
  LLVM_BIN=$bin PLUGIN=$root/usr/lib/llvm-$llvm/lib/section-placement/SectionPlacement.so \
    "$root/usr/share/doc/section-placement-common/demo/run.sh" "$folder/demo" >"$folder/demo.log" 2>&1 ||
    { cat "$folder/demo.log" >&2; fail "the demo fails with LLVM $llvm"; }
  tail -1 "$folder/demo.log"
  # It finds the plugin beside it.
  "$tool" doctor --clang "$bin/clang" --lld "$bin/ld.lld" >"$folder/doctor.log" ||
    { cat "$folder/doctor.log" >&2; fail "the doctor of LLVM $llvm says no"; }
  grep -q "built for LLVM $llvm" "$folder/doctor.log" || fail "section-placement-$llvm is of another LLVM"
done
[ -L "$root/usr/bin/section-placement" ] || fail "there is no section-placement"
zcat "$root/usr/share/man/man1/section-placement-doctor.1.gz" >/dev/null

packages --purge "${names[@]}"
left=$(find "$root" '(' -type f -o -type l ')' -not -path "$root/var/lib/dpkg/*" -not -path "$root/var/log/*")
[ -z "$left" ] || fail "left behind: $left"
[ -z "$(find "$root/var/lib/dpkg/alternatives" -type f)" ] || fail "an alternative is left behind"
echo "packages: ${names[*]}: installed, used and removed"
