#!/usr/bin/env bash
# The Debian packages of FOLDER, installed side by side in a root of their own,
# used from there alone, and removed one by one:
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

# The files and links of the root that are not dpkg's own; of packages alone.
files() {
  find "$root" '(' -type f -o -type l ')' -not -path "$root/var/lib/dpkg/*" -not -path "$root/var/log/*" |
    sort
}
packaged() { files | grep -vxF -e "$root/usr/bin/section-placement" -e "$root/etc/alternatives/section-placement"; }

packages -i "$folder"/section-placement-common_*.deb
for llvm in "$@"; do
  packages -i "$folder/section-placement-$llvm"_*.deb
  depends=$(dpkg-deb -f "$folder/section-placement-$llvm"_*.deb Depends)
  for bound in '>=' '<<'; do
    grep -q "\blibllvm$llvm ($bound 1:$llvm\." <<<"$depends" ||
      fail "section-placement-$llvm does not depend on its libllvm$llvm: $depends"
  done
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
zcat "$root/usr/share/man/man1/section-placement-doctor.1.gz" >/dev/null

# The newest one that is there is `section-placement`; each takes all of its own
# along when it goes, and nothing of another.
mapfile -t newest < <(printf '%s\n' "$@" | sort -rn)
for llvm in "${newest[@]}"; do
  link=$(readlink "$root/etc/alternatives/section-placement") || link=nothing
  [ "$link" = "/usr/bin/section-placement-$llvm" ] ||
    fail "section-placement is $link, with section-placement-$llvm installed"
  others=$(packaged | grep -v -e "/llvm-$llvm/" -e "/section-placement-$llvm\b")
  packages --purge "section-placement-$llvm"
  left=$(packaged)
  [ "$left" = "$others" ] ||
    fail "section-placement-$llvm left or took: $(diff <(echo "$others") <(echo "$left"))"
done
packages --purge section-placement-common
left=$(files)
[ -z "$left" ] || fail "left behind: $left"
[ -z "$(find "$root/var/lib/dpkg/alternatives" -type f)" ] || fail "an alternative is left behind"
echo "packages: for LLVM $*: installed side by side, used and removed"
