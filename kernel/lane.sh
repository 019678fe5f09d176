#!/usr/bin/env bash
# The failure of the thread on a real kernel, mended by the plugin, booted, and a
# guest entered through it. Linux 6.12 of Debian, its two short references to
# hyp_panic put back:
#
#   ./bootstrap.sh kernel                 every step, with LLVM 22 and 19
#   STEPS='thin/plain thin/kvm-entry*' ./bootstrap.sh kernel    these steps
#   KERNEL_LANE_FOLDER=DIR ./bootstrap.sh kernel   where the kernel is built; by
#                         default beside the checkout, section-placement-kernel
#
# One line for each step, a log for the rest, and one table at the end, which is
# docs/kernel/results.md; with STEPS the rows of these alone, and no file. Needs 30 GB. The first run compiles the kernel once for
# each configuration, a later one links only.
set -euo pipefail
exec 3>&1

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(dirname "$HERE")
FOLDER=$(realpath -m "${KERNEL_LANE_FOLDER:-$ROOT/../section-placement-kernel}")
JOBS=${JOBS:-$(nproc)}
SOURCE=$FOLDER/linux-source-6.12 RESULTS=$FOLDER/results LOGS=$FOLDER/log
POLICIES=$ROOT/docs/kernel
FAILURES=() STEPS_RUN=0 STEPS_DONE=()
unset "${!SECTION_PLACEMENT_@}"
. "$HERE/lib.sh"
for file in "$HERE"/steps/*.sh; do
  # shellcheck source=/dev/null
  . "$file"
done

prepare_source() {
  mkdir -p "$FOLDER"
  # Patches of the tree come and go: no two lanes in one folder.
  exec 9>"$FOLDER/lane.lock"
  flock -n 9 || { echo "lane: another one is at work in $FOLDER" >&2; exit 1; }
  if [ ! -d "$SOURCE" ]; then
    say "unpacking linux-source-6.12 into $FOLDER"
    rm -rf "$FOLDER/unpacking"
    mkdir "$FOLDER/unpacking"
    tar -C "$FOLDER/unpacking" -xf /usr/src/linux-source-6.12.tar.xz
    mv "$FOLDER/unpacking/linux-source-6.12" "$SOURCE"
  fi
  # Whole again after a run that was cut short; then the short references.
  for patch in kvm-hyp-annotated kvm-hyp-compile-half kvm-hyp-without-lto hooks-6.12 \
    x86-power-cpu-in-lto flags; do
    [ -f "$HERE/linux/$patch.patch" ] || continue
    if patch -d "$SOURCE" -p1 -R -s -f --dry-run <"$HERE/linux/$patch.patch" >/dev/null; then
      patch -d "$SOURCE" -p1 -R -s <"$HERE/linux/$patch.patch"
    fi
  done
  if grep -q 'adr_l.*hyp_panic' "$SOURCE/arch/arm64/kvm/hyp/entry.S"; then
    say "putting the two short references back into entry.S"
    patch -d "$SOURCE" -p1 -s <"$HERE/short-references.patch"
  fi
  cp "$HERE/linux/Makefile.section-placement" "$SOURCE/scripts/"
  cp "$HERE/linux/Kconfig.section-placement" "$SOURCE/arch/"
}

arm64() {
  IMAGE=Image CONSOLE=ttyAMA0 ARCH_TRIPLE=aarch64-linux-gnu
  FROM=__guest_enter TO=hyp_panic SHORT_TARGETS=(hyp_panic)
  INIT=enter-guest.c
  QEMU=(qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3" -cpu max)
}

riscv() {
  IMAGE=Image CONSOLE=ttyS0 ARCH_TRIPLE=riscv64-linux-gnu
  FROM=ret_from_fork TO=schedule_tail SHORT_TARGETS=()
  INIT=enter-guest.c
  QEMU=(qemu-system-riscv64 -M virt -cpu "rv64,h=true")
}

x86() {
  IMAGE=bzImage CONSOLE=ttyS0 ARCH_TRIPLE=x86_64-linux-gnu
  INIT=suspend.c
  QEMU=(qemu-system-x86_64 -M pc)
}

# A function, so that the file may change while it runs.
main() {
  prepare_source
  arm64
  use thin kvm-lto.config arm64 22
  thread_steps
  patches_steps
  other_steps
  modules_step
  use thin-instrumented kvm-lto-instrumented.config arm64 22
  thread_steps
  patches_steps
  use full kvm-lto.config arm64 22 CONFIG_LTO_CLANG_THIN=n CONFIG_LTO_CLANG_FULL=y
  thread_steps
  patches_steps
  modules_step
  use thin-llvm-19 kvm-lto.config arm64 19
  thread_steps
  patches_steps
  riscv
  use riscv riscv-kvm-lto.config riscv 22
  riscv_steps
  x86
  use x86 x86-lto.config x86 22
  x86_steps
  # Last, as it wants the machine for itself.
  arm64
  use thin kvm-lto.config arm64 22
  cost_steps

  [ $STEPS_RUN -gt 0 ] || { echo "lane: no step is called '$STEPS'" >&2; exit 2; }
  # A part of the lane says nothing of the other steps: its rows are printed, and
  # the committed table stays as it is.
  if [ -z "${STEPS:-}" ]; then
    python3 "$HERE/table.py" "$RESULTS" >"$POLICIES/results.md"
    cat "$POLICIES/results.md"
  else
    python3 "$HERE/table.py" "$RESULTS" "${STEPS_DONE[@]}"
  fi
  if [ ${#FAILURES[@]} -gt 0 ]; then
    printf 'lane: FAILED: %s\n' "${FAILURES[@]}" >&2
    exit 1
  fi
  exit 0
}

main
