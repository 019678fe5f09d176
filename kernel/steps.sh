# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The steps of the kernel lane, in their order. Sourced by kernel/lane.sh; each
# is run by `step` of lib.sh, for the configuration that `use` has named.

OUT_OF_RANGE='out of range: [-0-9]* is not in .*; references .hyp_panic'

# The thread's failure, and its repair.
thread_steps() {
  step plain "without the plugin" plain
  step kvm-entry "with kvm-entry.yaml: link, and every short reference" \
    placed kvm-entry
  step kvm-entry-boot-vhe "… boots in VHE mode and enters a guest" \
    boots kvm-entry ': VHE mode initialized successfully'
  step kvm-entry-boot-nvhe "… boots in nVHE mode and enters a guest" \
    boots kvm-entry 'Hyp nVHE mode initialized successfully' kvm-arm.mode=nvhe
  step kvm-entry-same "… and nothing else has moved" nothing_else kvm-entry
}

# The thread's two patches, each by a policy.
patches_steps() {
  step by-name "with kvm-hyp-panic-in-text.yaml" placed kvm-hyp-panic-in-text
  step by-name-same "… and nothing else has moved" \
    nothing_else kvm-hyp-panic-in-text
  step opt-out "with kvm-hyp-opt-out.yaml, through the Kconfig option" opt_out
  step opt-out-boot-vhe "… boots in VHE mode and enters a guest" \
    boots kvm-hyp-opt-out ': VHE mode initialized successfully'
  step opt-out-boot-nvhe "… boots in nVHE mode and enters a guest" \
    boots kvm-hyp-opt-out 'Hyp nVHE mode initialized successfully' kvm-arm.mode=nvhe
}

modules_step() {
  step modules "modules, with modules.yaml, through the Kconfig option" modules
}

# Other policies, and what taking the directory out of LTO makes.
other_steps() {
  step short-branches "with short-branches.yaml" placed short-branches
  step annotation "with kvm-hyp-annotated.yaml, the tag in the Makefile" annotation
  step without-lto "the directory compiled without LTO, no plugin" without_lto
  modules_step
  step opt-out-like "how near kvm-hyp-opt-out.yaml comes to that" opt_out_like
}

cost_steps() {
  step cost "the vmlinux.o link, three times each, in turn" cost
  step cost-without-lto "the same link with the directory out of LTO, three times" \
    cost_without_lto
  step cost-module "instructions of one module's backend" cost_module
  step rebuild "a changed policy builds anew what it must" rebuild
}

riscv_steps() {
  step scan "short branches of its native code" scan
  step plain "without the plugin" plain
  step riscv-entry "with riscv-entry.yaml" placed riscv-entry
  step riscv-entry-boot "… boots and enters a guest" \
    boots riscv-entry 'kvm \[1\]: hypervisor extension available'
  step riscv-entry-same "… and nothing else has moved" nothing_else riscv-entry
}

x86_steps() {
  step plain "as the kernel has it, arch/x86/power/cpu.o out of LTO" x86_plain
  step in-lto "cpu.o in LTO, without a policy" x86_in_lto
  step power-cpu "cpu.o in LTO, with x86-power-cpu.yaml" x86_power_cpu
  step power-cpu-boot "… suspends and wakes" suspends x86-power-cpu
  step power-cpu-same "… and nothing else has moved" nothing_else x86-power-cpu in-lto
  step flags "the plugin in every compile and link, by flags --for kbuild" x86_flags
  step flags-same "… and nothing has changed by that" nothing_else flags x86-power-cpu
}

# An image must be large to fail, as in 2021.
plain() {
  local log=$OUT/plain.errors
  configure
  if link_vmlinux plain 2>"$log"; then
    cat "$log"
    [[ $CONFIGURATION != *instrumented* && $CONFIGURATION != *aligned* ]] || fail "it links, which it must not"
    record "links, $TO $(distance "$OUT/plain/vmlinux" "$FROM" "$TO") bytes away"
    record "code of vmlinux.o: $(text_size "$OUT/plain/vmlinux.o") bytes"
    return
  fi
  cat "$log"
  [ "$(grep -c "$OUT_OF_RANGE" "$log")" = 2 ] || fail "another failure"
  local relocation
  for relocation in R_AARCH64_CONDBR19 R_AARCH64_ADR_PREL_LO21; do
    record "fails: $(grep -o "$relocation out of range: [-0-9]*" "$log")"
  done
}

placed() { # placed POLICY
  configure
  link_with_policy "$1" "$POLICIES/$1.yaml"
  measured "$1"
  (cd "$O" && "$TOOL" report "$OUT/$1/report" --strict --inputs vmlinux.a)
}

# Of vmlinux.o: the image's .text is padded. Bytes of all sections of code.
text_size() {
  "$LLVM_BIN/llvm-readelf" -SW "$1" | sed 's/^ *\[ *[0-9]*\] *//' |
    awk '$2 == "PROGBITS" && $7 ~ /X/ { print "0x" $5 }' |
    python3 -c 'import sys; print(sum(int(line, 16) for line in sys.stdin))'
}

# Every short reference of vmlinux.o, in the image; the two of the thread by name.
measured() {
  local out=$OUT/$1
  "$TOOL" verify "$out/vmlinux" --objects "$out/vmlinux.o" --all
  "$TOOL" verify "$out/vmlinux" --objects "$out/vmlinux.o" --json >"$out/verify.json" ||
    fail "verify is not content"
  [ "$ARCH" != riscv ] || record "$TO $(distance "$out/vmlinux" "$FROM" "$TO") bytes from $FROM"
  python3 "$HERE/short_references.py" "$out/verify.json" "${SHORT_TARGETS[@]}" >>"$CELL"
  record "code of vmlinux.o: $(text_size "$out/vmlinux.o") bytes"
}

boots() { # boots POLICY CONSOLE-TEXT WORD…
  boot "$1" "$2" "guest ran" "${@:3}"
  record "guest ran"
}

nothing_else() { # nothing_else NAME [THAN]
  python3 "$HERE/compare_functions.py" "$OUT/${2:-plain}/vmlinux.o" "$OUT/$1/vmlinux.o" \
    --report "$OUT/$1/report" >>"$CELL" || { cat "$CELL"; fail "they differ"; }
}

# The Kconfig option and the directory's `SECTION_PLACEMENT := y`.
opt_out() {
  with_patches link_opted_out -- hooks-6.12.patch kvm-hyp-compile-half.patch
  measured kvm-hyp-opt-out
}

link_opted_out() {
  configure CONFIG_SECTION_PLACEMENT=y \
    CONFIG_SECTION_PLACEMENT_PLUGIN="\"$PLUGIN\"" \
    CONFIG_SECTION_PLACEMENT_POLICY="\"$POLICIES/kvm-hyp-opt-out.yaml\""
  link_vmlinux kvm-hyp-opt-out
}

# The directory's own `ccflags-y`, and no option of ours in the kernel.
annotation() {
  configure
  with_patches link_with_policy kvm-hyp-annotated \
    "$POLICIES/kvm-hyp-annotated.yaml" -- kvm-hyp-annotated.patch
  measured kvm-hyp-annotated
}

# Modules by the Kconfig option for them: what the policy names stands in its
# section, the modules load; and a policy about vmlinux.o leaves them as they are.
modules() {
  with_patches link_modules -- hooks-6.12.patch
  local folder=$OUT/modules/modules module
  boot modules 'VHE mode initialized' "guest ran"
  [ "$(grep -c 'init: module . loaded' "$OUT/modules/console")" = 2 ] || fail "not loaded"
  (cd "$O" && "$TOOL" report "$OUT/modules/report" --strict)
  for module in "$folder"/*.ko; do
    record "${module##*/} loaded; $(functions_in_section_of "$module")"
  done
}

link_modules() {
  local with=(CONFIG_SECTION_PLACEMENT=y CONFIG_SECTION_PLACEMENT_MODULES=y
    CONFIG_SECTION_PLACEMENT_PLUGIN="\"$PLUGIN\"")
  local modules=(fs/fuse/fuse.o fs/binfmt_misc.o)
  configure
  kernel_make fs/
  keep_modules without
  configure "${with[@]}" CONFIG_SECTION_PLACEMENT_POLICY="\"$POLICIES/kvm-entry.yaml\""
  kernel_make fs/
  keep_modules kvm-entry
  for module in "${modules[@]##*/}"; do
    cmp "$OUT/module-objects/"{without,kvm-entry}"/$module"
  done
  record "kvm-entry.yaml: fuse.o and binfmt_misc.o are the same bytes as without the plugin"
  configure "${with[@]}" CONFIG_SECTION_PLACEMENT_POLICY="\"$POLICIES/modules.yaml\""
  link_vmlinux modules modules
  mkdir -p "$OUT/modules/modules"
  cp "$O/fs/fuse/fuse.ko" "$O/fs/binfmt_misc.ko" "$OUT/modules/modules/"
}

keep_modules() { # keep_modules NAME
  mkdir -p "$OUT/module-objects/$1"
  cp "$O/fs/fuse/fuse.o" "$O/fs/binfmt_misc.o" "$OUT/module-objects/$1/"
}

# How many functions of a module are in the sections of modules.yaml.
functions_in_section_of() {
  "$LLVM_BIN/llvm-objdump" -t "$1" | awk '
    / F / && match($0, /\.text\.(fuse_device|binfmt_entry)/) {
      ++count[substr($0, RSTART, RLENGTH)] }
    END { for (name in count) print count[name] " functions in " name }'
}

# What the thread's first patch does: the price of the other way.
without_lto() {
  configure
  with_patches link_vmlinux without-lto -- kvm-hyp-without-lto.patch
  measured without-lto
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

# Through the Kconfig option: which objects are compiled or linked anew where
# nothing has changed, where the policy has, and where the option names another
# file, older than they are, that says the same.
rebuild() {
  local policy=$OUT/rebuild.yaml
  cp "$POLICIES/kvm-hyp-opt-out.yaml" "$policy"
  with_patches rebuild_with "$policy" -- hooks-6.12.patch kvm-hyp-compile-half.patch
}

rebuild_with() { # rebuild_with POLICY
  local other=$OUT/rebuild-older.yaml
  make_vmlinux_o_with "$1"
  make_vmlinux_o_with "$1"
  record "nothing changed: $(built_anew | wc -w) objects built anew"
  sed -i '$a # Another policy.' "$1"
  make_vmlinux_o_with "$1"
  record "the policy changed: built anew are $(built_anew)"
  cp "$1" "$other"
  touch -d yesterday "$other"
  make_vmlinux_o_with "$other"
  record "the option names another file: built anew are $(built_anew)"
}

make_vmlinux_o_with() { # make_vmlinux_o_with POLICY
  configure CONFIG_SECTION_PLACEMENT=y \
    CONFIG_SECTION_PLACEMENT_PLUGIN="\"$PLUGIN\"" \
    CONFIG_SECTION_PLACEMENT_POLICY="\"$1\""
  touch "$OUT/now"
  kernel_make vmlinux_o
}

# The objects that the last make has built.
built_anew() {
  (cd "$O" && find . -name '*.o' -newer "$OUT/now" -printf '%P\n' | sort | tr '\n' ' ')
}

opt_out_like() {
  python3 "$HERE/compare_functions.py" "$OUT/without-lto/vmlinux.o" \
    "$OUT/kvm-hyp-opt-out/vmlinux.o" --report "$OUT/kvm-hyp-opt-out/report" \
    --claimed >>"$CELL"
}

# RISC-V's branches reach 4 KiB and 1 MiB. Is there any in its native code that
# ends in a function of C? Each file of assembly by itself: what one does not
# build in this configuration is left out, and told in the log.
scan() {
  local folder=arch/$ARCH objects found=()
  configure
  mapfile -t objects < <(cd "$SOURCE" && find "$folder"/{kernel,kvm,lib,mm} -maxdepth 1 \
    -name '*.S' ! -name '*.lds.S' | sort | sed 's/S$/o/')
  kernel_make -k "${objects[@]}" || echo "lane: some are of other configurations"
  cd "$O"
  for object in "${objects[@]}"; do
    [ ! -f "$object" ] || found+=("$object")
  done
  [[ " ${found[*]} " == *" $folder/kernel/entry.o "* ]] || fail "no entry.o"
  local status=0
  "$TOOL" suggest "${found[@]}" >"$OUT/suggested.yaml" 2>"$OUT/suggest.errors" || status=$?
  cat "$OUT/suggest.errors"
  [ $status -le 1 ] || fail "suggest"
  record "$(sed -n 's/^section-placement: note: //p' "$OUT/suggest.errors")"
}

# What is inlined where %gs is not yet restored.
x86_plain() {
  configure
  link_vmlinux plain
  calls_of_restorers plain
}

x86_in_lto() {
  configure
  with_patches link_vmlinux in-lto -- x86-power-cpu-in-lto.patch
  calls_of_restorers in-lto
}

x86_power_cpu() {
  configure
  with_patches link_with_policy x86-power-cpu "$POLICIES/x86-power-cpu.yaml" -- \
    x86-power-cpu-in-lto.patch
  (cd "$O" && "$TOOL" report "$OUT/x86-power-cpu/report" --strict --inputs vmlinux.a)
  calls_of_restorers x86-power-cpu
}

calls_of_restorers() {
  local code calls
  code=$("$LLVM_BIN/llvm-objdump" -dr "$OUT/$1/vmlinux.o" \
    --disassemble-symbols=restore_processor_state,__restore_processor_state)
  calls=$(grep -o 'R_X86_64_PLT32.*' <<<"$code" | sort -u)
  ! grep -q __stack_chk_fail <<<"$calls" || fail "they have a stack protector"
  record "__restore_processor_state makes $(wc -l <<<"$calls") different calls, in $(grep -c '^ .*:' <<<"$code") instructions"
}

suspends() {
  boot "$1" 'PM: suspend entry (deep)' "suspended and woken"
  record "suspended and woken"
}

x86_flags() {
  configure
  (cd "$O" && "$TOOL" flags --for kbuild --plugin "$PLUGIN" \
    --policy "$POLICIES/x86-power-cpu.yaml") >"$O/section-placement.mk"
  with_patches link_vmlinux flags -- x86-power-cpu-in-lto.patch flags.patch
  (cd "$O" && "$TOOL" report "$OUT/flags/report" --strict --inputs vmlinux.a)
  calls_of_restorers flags
}
