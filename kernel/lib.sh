# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What each step of the kernel lane is made of: one kernel configuration in
# force, its build folder, its results. Sourced by kernel/lane.sh.

say() { printf '[%5d s] %s\n' "$SECONDS" "$*" >&3; }

# use CONFIGURATION FRAGMENT ARCH LLVM [CONFIG_X=y…]: the configuration that the
# next steps are about. The same inputs give the same bytes: no date, no host.
use() {
  CONFIGURATION=$1 FRAGMENT=$HERE/config/$2 ARCH=$3 LLVM=$4
  shift 4
  MORE_OPTIONS=("$@")
  O=$FOLDER/build/$CONFIGURATION OUT=$FOLDER/out/$CONFIGURATION
  PLUGIN=$ROOT/build/llvm-$LLVM/plugin/SectionPlacement.so
  TOOL=$ROOT/build/llvm-$LLVM/tools/section-placement/section-placement
  LLVM_BIN=$(llvm-config-"$LLVM" --bindir)
  mkdir -p "$O" "$OUT" "$RESULTS/$CONFIGURATION" "$LOGS"
  export KBUILD_BUILD_TIMESTAMP="Sat Nov 28 00:00:00 UTC 2026"
  export KBUILD_BUILD_USER=lane KBUILD_BUILD_HOST=lane
}

# step NAME WHAT COMMAND…: runs it with its output in a log. What it records is
# its cell of the table. A step that fails ends neither lane nor table.
step() {
  local name=$1 what=$2 log=$LOGS/$CONFIGURATION-$1.log status
  local result=$RESULTS/$CONFIGURATION/$1
  shift 2
  wanted "$CONFIGURATION" "$name" || return 0
  CELL=$LOGS/$CONFIGURATION-$name.cell
  rm -f "$CELL" "$result"
  STEPS_RUN=$((STEPS_RUN + 1))
  STEPS_DONE+=("$CONFIGURATION/$name")
  say "$CONFIGURATION: $what"
  set +e
  (
    set -euo pipefail
    "$@"
  ) >"$log" 2>&1
  status=$?
  set -e
  if [ $status -ne 0 ]; then
    echo "FAILED" >"$result"
    FAILURES+=("$CONFIGURATION: $what")
    say "  FAILED, see $log:"
    tail -n 3 "$log" | sed 's/^/            /' >&3
  else
    mv "$CELL" "$result"
    sed 's/^/            /' "$result" >&3
  fi
}

record() { printf '%s\n' "$*" >>"$CELL"; }
fail() { echo "lane: $*" >&2; exit 1; }

# With STEPS only those steps are run: names, or CONFIGURATION/NAME.
wanted() {
  [ -n "${STEPS:-}" ] || return 0
  local pattern patterns
  read -r -a patterns <<<"$STEPS"
  for pattern in "${patterns[@]}"; do
    # shellcheck disable=SC2053 # it is a pattern
    [[ $2 == $pattern || $1/$2 == $pattern ]] && return 0
  done
  return 1
}

kernel_make() {
  make -s -C "$SOURCE" O="$O" ARCH="$ARCH" LLVM="-$LLVM" -j"$JOBS" "$@"
}

# configure [CONFIG_X=y…]: writes .config, and says so where it would be another.
configure() {
  local fragment=$O/.lane.config
  printf '%s\n' "${MORE_OPTIONS[@]}" "$@" | cat "$FRAGMENT" - >"$fragment"
  kernel_make KCONFIG_ALLCONFIG="$fragment" allnoconfig
  local line
  while read -r line; do
    [[ $line == CONFIG_* ]] || continue
    [ "$(grep "^${line%%=*}=" "$fragment" | tail -n 1)" = "$line" ] || continue
    [[ $line == *=n ]] || grep -qxF -- "$line" "$O/.config" ||
      echo "lane: Kconfig does not take $line"
  done <"$fragment"
}

# configure_placement POLICY [CONFIG_X=y…]: the same, with the Kconfig option.
configure_placement() {
  configure CONFIG_SECTION_PLACEMENT=y \
    CONFIG_SECTION_PLACEMENT_PLUGIN="\"$PLUGIN\"" \
    CONFIG_SECTION_PLACEMENT_POLICY="\"$1\"" "${@:2}"
}

# What $OUT/NAME's reports leave open is a failure.
strict_report() { # strict_report NAME
  (cd "$O" && "$TOOL" report "$OUT/$1/report" --strict --inputs vmlinux.a)
}

# The objects that are newer than $OUT/now, as a step has touched it.
rebuilt_objects() {
  (cd "$O" && find . -name '*.o' -newer "$OUT/now" -printf '%P\n' | sort | paste -sd' ')
}

# link_vmlinux NAME [ARGUMENT…]: links vmlinux.o again and all that follows it,
# and keeps what came of it in $OUT/NAME. Status of the link.
link_vmlinux() {
  local name=$1 status=0
  shift
  rm -rf "${O:?}/vmlinux.o" "$O/vmlinux" "${OUT:?}/$name"
  mkdir -p "$OUT/$name/report"
  SECTION_PLACEMENT_REPORT=$OUT/$name/report kernel_make "$@" "$IMAGE" || status=$?
  cp "$O/vmlinux.o" "$OUT/$name/"
  sed -n 's/^savedcmd_vmlinux.o := //p' "$O/.vmlinux.o.cmd" >"$OUT/$name/link"
  special_objects >"$OUT/$name/special"
  if [ $status -eq 0 ]; then
    cp "$O/vmlinux" "$O/arch/$ARCH/boot/$IMAGE" "$OUT/$name/"
  fi
  return $status
}

# Digests of what other links than vmlinux.o's consume: nVHE, pi, vDSO, EFI stub,
# purgatory, the real mode's code.
special_objects() {
  (cd "$O" && { find arch/*/kvm/hyp/nvhe arch/*/kernel/{pi,vdso} arch/*/{entry/vdso,purgatory,realmode/rm} \
    drivers/firmware/efi/libstub -name '*.o' -o -name '*.so.dbg' -o -name '*.ro' -o -name '*.elf' \
    2>/dev/null || true; } | sort | xargs -r sha256sum)
}

# Of the folder of x86's vDSO these are vmlinux's own.
of_special_links() { # of_special_links NAME
  grep -vE 'entry/vdso/(vma|extable|vdso-image-.*)\.o$' "$OUT/$1/special"
}

# Have they the bytes in $OUT/NAME that they have in $OUT/OTHER?
same_special_objects() { # same_special_objects NAME OTHER
  [ -s "$OUT/$1/special" ] || fail "no special link's object was found"
  diff <(of_special_links "$1") <(of_special_links "$2") || fail "a special link's objects have changed"
  record "$(of_special_links "$1" | wc -l) objects of special links (nVHE, vDSO, …): the same bytes as without the plugin"
}

# The way that needs no patch: vmlinux.o's own arguments, on make's command
# line. SECTION_PLACEMENT_POLICY reaches the plugin as make exports it.
link_with_policy() { # link_with_policy NAME POLICY [ARGUMENT…]
  link_vmlinux "$1" vmlinux-o-ld-args-y="--load-pass-plugin=$PLUGIN" \
    SECTION_PLACEMENT_POLICY="$2" SECTION_PLACEMENT_ROOT="$SOURCE" "${@:3}"
}

# with_patches COMMAND… -- PATCH…: the kernel tree is patched while it runs.
with_patches() {
  local command=() patch status=0
  while [ "$1" != -- ]; do command+=("$1"); shift; done
  shift
  for patch in "$@"; do patch -d "$SOURCE" -p1 -s -N <"$HERE/linux/$patch"; done
  set +e
  (set -euo pipefail; "${command[@]}")
  status=$?
  set -e
  for patch in "$@"; do patch -d "$SOURCE" -p1 -s -R <"$HERE/linux/$patch"; done
  return $status
}

# distance IMAGE FROM TO, in bytes.
distance() {
  "$LLVM_BIN/llvm-nm" "$1" | awk -v from="$2" -v to="$3" '
    $3 == from { a = $1 } $3 == to { b = $1 } END { print a, b }' |
    { read -r a b && echo $((0x$b - 0x$a)); }
}

# boot NAME WHAT SAYS WORD…: boots $OUT/NAME's image with WORDs on its command
# line; the console must say WHAT, and init what SAYS. The modules in
# $OUT/NAME/modules are there to be loaded.
boot() {
  local name=$1 what=$2 says=$3 log=$OUT/$1/console
  shift 3
  build_initramfs "$OUT/$name"
  local words="console=$CONSOLE rdinit=/init panic=-1 $*"
  # No network card: its boot ROM is in a package of its own.
  timeout 600 "${QEMU[@]}" -nic none -m 1G -nographic -no-reboot \
    -kernel "$OUT/$name/$IMAGE" -initrd "$OUT/$name/initramfs.cpio" \
    -append "$words" </dev/null >"$log" 2>&1 || true
  cat "$log"
  grep -q "$what" "$log" || fail "the console does not say: $what"
  grep -q "init: $says" "$log" || fail "init does not say: $says"
}

build_initramfs() { # build_initramfs FOLDER
  local module number=0
  build_init
  cat >"$1/initramfs.list" <<END
dir /dev 0755 0 0
nod /dev/console 0600 0 0 c 5 1
dir /modules 0755 0 0
file /init $OUT/init 0755 0 0
END
  for module in "$1"/modules/*.ko; do
    [ -f "$module" ] || continue
    echo "file /modules/$number $module 0644 0 0" >>"$1/initramfs.list"
    number=$((number + 1))
  done
  "$O/usr/gen_init_cpio" "$1/initramfs.list" >"$1/initramfs.cpio"
}

build_init() {
  [ -z "$(find "$HERE/guest" -newer "$OUT/init" 2>&1)" ] && return
  kernel_make INSTALL_HDR_PATH="$OUT/headers" headers_install
  "$LLVM_BIN/clang" --target="$ARCH_TRIPLE" -O2 -nostdlib -static -ffreestanding \
    -fno-stack-protector --ld-path="$LLVM_BIN/ld.lld" \
    -I"$OUT/headers/include" -include "$SOURCE/tools/include/nolibc/nolibc.h" \
    "$HERE/guest/$INIT" -o "$OUT/init"
}
