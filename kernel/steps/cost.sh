# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What the plugin costs in the link of vmlinux.o, and what a change of the policy
# rebuilds.
# Sourced by kernel/lane.sh; `step` of lib.sh runs each step, for the
# configuration that `use` has named.

cost_steps() {
  step cost "the vmlinux.o link, three times each, in turn" cost
  step cost-without-lto "the same link with the directory out of LTO, three times" \
    cost_without_lto
  step cost-module "instructions of one module's backend" cost_module
  step rebuild "a changed policy rebuilds what it must" rebuild
}

# The link that make ran for $OUT/NAME, to be run again by itself; its path.
link_command() { # link_command NAME POLICY
  local words folder=$OUT/cost/$1
  words=$(cat "$OUT/$1/link")
  [[ $words == *'-o vmlinux.o'* && $words != *';'* ]] ||
    fail "the link of vmlinux.o is another than was known: $words"
  mkdir -p "$folder"
  echo "env SECTION_PLACEMENT_POLICY=$2 ${words/-o vmlinux.o/-o $folder/vmlinux.o}" \
    >"$folder/command"
  echo "$folder/command"
}

# In turn, so that what else the machine does falls on both.
cost() {
  local plain placed
  # A step before this one may have built the directory in another way.
  configure
  kernel_make vmlinux.a
  plain=$(link_command plain none)
  placed=$(link_command kvm-entry "$POLICIES/kvm-entry.yaml")
  python3 "$HERE/cost.py" 3 "$O" "without the plugin=$plain" \
    "kvm-entry.yaml=$placed" >>"$CELL"
}

# The thread's first patch, beside it.
cost_without_lto() {
  local without
  with_patches link_vmlinux without-lto -- kvm-hyp-without-lto.patch
  without=$(link_command without-lto none)
  python3 "$HERE/cost.py" 3 "$O" "the directory out of LTO=$without" >>"$CELL"
}

# A large module, and the object that the policy reads. The machine may count no
# instructions by itself, so valgrind does.
cost_module() {
  local kind plugin=() policy module=fs/btrfs/inode.o
  configure
  kernel_make "$module"
  mkdir -p "$OUT/cost/module"
  for kind in without with; do
    policy=none
    [ $kind = without ] || policy=$POLICIES/kvm-entry.yaml
    [ $kind = without ] || plugin=(--load-pass-plugin="$PLUGIN")
    (cd "$O" && SECTION_PLACEMENT_POLICY=$policy valgrind --tool=callgrind \
      --callgrind-out-file=/dev/null "$LLVM_BIN/ld.lld" -EL -maarch64elf -r \
      --threads=1 --thinlto-jobs=1 "${plugin[@]}" \
      -o "$OUT/cost/module/vmlinux.o" "$module" arch/arm64/kvm/hyp/entry.o) \
      2>"$OUT/cost/$kind.log" || { cat "$OUT/cost/$kind.log"; fail "callgrind"; }
  done
  record "$module: $(for kind in with without; do
    sed -n 's/^.*Collected : //p' "$OUT/cost/$kind.log"
  done | paste -sd' ' | awk '{ printf "%.4f times the instructions (%.0f more than %.0f)",
    $1 / $2, $1 - $2, $2 }')"
}

# Through the Kconfig option: which objects are compiled or linked again where
# nothing has changed, where the policy has, and where the option names another
# file, older than they are, that says the same.
rebuild() {
  local policy=$OUT/rebuild.yaml
  cp "$POLICIES/kvm-hyp-opt-out.yaml" "$policy"
  with_patches rebuild_with "$policy" -- hooks-6.12.patch kvm-hyp-compile-half.patch
}

rebuild_with() { # rebuild_with POLICY
  local other=$OUT/rebuild-older.yaml rebuilt
  make_vmlinux_o_with "$1"
  make_vmlinux_o_with "$1"
  rebuilt=$(rebuilt_objects)
  record "nothing changed: $(wc -w <<<"$rebuilt") objects rebuilt"
  [ -z "$rebuilt" ] || fail "nothing had changed: $rebuilt"
  sed -i '$a # Another policy.' "$1"
  make_vmlinux_o_with "$1"
  rebuilt=$(rebuilt_objects)
  record "the policy changed: rebuilt are $rebuilt"
  [[ $rebuilt == *kvm/hyp/*' vmlinux.o' && $rebuilt != *fs/* ]] || fail "not what it must be"
  cp "$1" "$other"
  touch -d yesterday "$other"
  make_vmlinux_o_with "$other"
  record "the option names another file: rebuilt are $(rebuilt_objects)"
  [ "$(rebuilt_objects)" = vmlinux.o ] || fail "not what it must be"
}

make_vmlinux_o_with() { # make_vmlinux_o_with POLICY
  configure_placement "$1"
  touch "$OUT/now"
  kernel_make vmlinux_o
}
