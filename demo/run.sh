#!/usr/bin/env bash
# The link of 2021 that failed, the policy, and the link that works; in ThinLTO
# and in full LTO. Every line that is printed comes from a real tool.
#
#   LLVM_BIN=…/bin PLUGIN=…/SectionPlacement.so demo/run.sh OUTPUT-FOLDER
set -euo pipefail

source=$(cd "$(dirname "$0")" && pwd)
PLUGIN=$(realpath "$PLUGIN")
rm -rf "$1"
mkdir -p "$1"
cp -r "$source"/. "$1"
cd "$1"
entry=arch/arm64/kvm/hyp/entry.o
switch=arch/arm64/kvm/hyp/vhe/switch.o
lld=$LLVM_BIN/ld.lld

say() { printf '\n== %s\n' "$*"; }

# Prints a command as a reader would type it, and runs it.
run() {
  local words="$*"
  printf '$ %s\n' "${words//$LLVM_BIN\//}" | sed "s|$PLUGIN|SectionPlacement.so|"
  "$@"
}

section_of() { # section_of SYMBOL OBJECT
  "$LLVM_BIN/llvm-objdump" -t "$2" | awk -v symbol="$1" '$NF == symbol { print $(NF - 2) }'
}

address_of() { # address_of SYMBOL IMAGE
  "$LLVM_BIN/llvm-nm" "$2" | awk -v symbol="$1" '$3 == symbol { print "0x" $1 }'
}

distance() { # From the branch to what it refers to, in bytes.
  echo $(($(address_of hyp_panic "$1") - $(address_of __guest_exit_panic "$1")))
}

build() { # build thin|full
  "$LLVM_BIN/clang" --target=aarch64-linux-gnu -c "${entry%.o}.S" -o "$entry"
  "$LLVM_BIN/clang" --target=aarch64-linux-gnu -O2 -flto="$1" -c other.c -o other.o
  "$LLVM_BIN/clang" --target=aarch64-linux-gnu -O2 -flto="$1" -c "${switch%.o}.c" -o "$switch"
}

for mode in thin full; do
  [ $mode = thin ] && name=ThinLTO || name='full LTO'
  build $mode

  say "$name without the plugin: the link fails"
  run "$lld" -r $entry other.o $switch -o vmlinux.o
  echo "   hyp_panic is in section $(section_of hyp_panic vmlinux.o)"
  if run "$lld" -T vmlinux.lds vmlinux.o -o vmlinux 2>errors; then
    echo "demo: the link without the plugin worked, which it must not" >&2
    exit 1
  fi
  sed 's/^/   /' errors
  for relocation in R_AARCH64_CONDBR19 R_AARCH64_ADR_PREL_LO21; do
    grep -q "relocation $relocation out of range" errors
  done
  # The same layout, without the judgement on its relocations.
  "$lld" -T vmlinux.lds --noinhibit-exec vmlinux.o -o vmlinux.failed 2>/dev/null
  echo "   the branch and hyp_panic are $(distance vmlinux.failed) bytes apart; the branch reaches 1048576"

  say "$name with the plugin and this policy: it links"
  sed 's/^/   /' section-placement.yaml
  export SECTION_PLACEMENT_POLICY=section-placement.yaml
  run "$lld" -r --load-pass-plugin="$PLUGIN" $entry other.o $switch -o vmlinux.o
  unset SECTION_PLACEMENT_POLICY
  echo "   hyp_panic is in section $(section_of hyp_panic vmlinux.o)"
  run "$lld" -T vmlinux.lds vmlinux.o -o vmlinux
  echo "   the branch and hyp_panic are $(distance vmlinux) bytes apart"
done
echo
echo "demo: 2 links failed without the plugin, and with it both work"
