#!/usr/bin/env bash
# A user on a fresh Debian 12: installs the packages of FOLDER, and has what the
# installed pages say and nothing else.
#
#   fresh.sh FOLDER     as root; with a network, for Debian's packages
set -euo pipefail
folder=$(realpath "$1")
root=$folder/fresh # The system.
log=$folder/fresh.log
pages=/usr/share/doc/section-placement-common/docs
here=$(dirname "$(realpath "$0")")
fail() { echo "fresh: $*, see $log" >&2; exit 1; }

# A bind mount must not be there when the folder is removed.
trap 'umount "$root/proc" 2>/dev/null || true' EXIT
rm -rf "$root"
debian=http://deb.debian.org
echo "== a fresh Debian 12"
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$debian/debian" >"$log" 2>&1 ||
  fail "debootstrap fails"
mount -t proc proc "$root/proc"
printf 'deb %s bookworm main\ndeb %s bookworm-security main\n' \
  "$debian/debian" "$debian/debian-security" >"$root/etc/apt/sources.list"
mkdir "$root/packages"
cp "$folder"/section-placement-{common,22}_*.deb "$root/packages"

within() { # within COMMAND: in the fresh system, by a shell, from an empty folder
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive bash -euo pipefail -c "cd /root && $1"
}

within "apt-get update" >>"$log" 2>&1 || fail "apt-get update fails"
echo "== apt install ./section-placement-22_*.deb"
within "apt-get install -y /packages/*.deb" >>"$log" 2>&1 || fail "the packages cannot be installed"
within "section-placement doctor" >>"$log" 2>&1 || fail "doctor says no"

echo "== the tutorial: a link that fails, and is mended"
cp "$here/../Docs/Inputs/run_blocks.py" "$root/root"
within "apt-get install -y --no-install-recommends python3" >>"$log" 2>&1
within "python3 run_blocks.py $pages/tutorial.md --setup" >>"$log" 2>&1 || fail "the tutorial fails"

echo "== the page on Rust: a placed function"
within "apt-get install -y --no-install-recommends rustc-web cargo-web" >>"$log" 2>&1 ||
  fail "Debian's Rust cannot be installed"
within "section-placement doctor --rustc rustc" >>"$log" 2>&1 || fail "doctor says no of rustc"
within "sed -n '/^    cp -r/,/^\$/s/^    //p' $pages/rust.md >commands && cat commands && . ./commands" \
  >"$folder/rust.out" 2>>"$log" || fail "the commands of the page on Rust fail"
grep -q "goes to section '.shapes'" "$folder/rust.out" || fail "no function of Rust was placed"
within "section-placement verify placed/target/*/release/placed --policy placed/policy.yaml" >>"$log" 2>&1 ||
  fail "the image does not obey the policy"

echo "== apt purge"
within "apt-get purge -y section-placement-22 section-placement-common" >>"$log" 2>&1
left=$(within "find / -xdev -name '*section*placement*' -not -path '/packages/*' -not -path '/root/*' -not -path '/proc/*'")
[ -z "$left" ] || fail "left behind: $left"
umount "$root/proc"
rm -rf "$root"
echo "fresh: on Debian 12, from the packages to a mended link and a placed function of Rust, by the pages alone"
