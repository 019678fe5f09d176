# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# x86: one file that the kernel keeps out of LTO, and the plugin in each compile.
# Sourced by kernel/lane.sh; `step` of lib.sh runs each step, for the
# configuration that `use` has named.

x86_steps() {
  step plain "as the kernel has it, arch/x86/power/cpu.o out of LTO" x86_plain
  step in-lto "cpu.o in LTO, without a policy" x86_in_lto
  step eager "… where LTO may import 100 instructions, not the kernel's 5" x86_eager
  step eager-power-cpu "… and with x86-power-cpu.yaml" x86_eager_power_cpu
  step power-cpu "cpu.o in LTO, with x86-power-cpu.yaml" x86_power_cpu
  step power-cpu-boot "… suspends and wakes" suspends x86-power-cpu
  step power-cpu-same "… and nothing else has moved" nothing_else x86-power-cpu in-lto
  step flags "the plugin in every compile and link, by flags --for kbuild" x86_flags
  step flags-same "… and nothing has changed by that" nothing_else_by_flags
}

# What is inlined where %gs is not yet restored: the calls are no longer there.
x86_plain() {
  configure
  link_vmlinux plain
  calls_of_restorer plain
}

x86_in_lto() {
  configure
  with_patches link_vmlinux in-lto -- x86-power-cpu-in-lto.patch
  calls_of_restorer in-lto
}

x86_power_cpu() {
  configure
  with_patches link_with_policy x86-power-cpu "$POLICIES/x86-power-cpu.yaml" -- \
    x86-power-cpu-in-lto.patch
  restorer_is_kept x86-power-cpu
}

# With the kernel's limit LTO imports next to nothing; here it does.
x86_eager() {
  configure
  with_patches link_vmlinux eager KBUILD_LDFLAGS="$(eager_ldflags)" -- \
    x86-power-cpu-in-lto.patch
  calls_of_restorer eager
  record "LTO has inlined $(missing_calls eager | paste -sd' ')"
  [ -n "$(missing_calls eager)" ] || fail "nothing was inlined, so this shows nothing"
}

x86_eager_power_cpu() {
  configure
  with_patches link_with_policy eager-power-cpu "$POLICIES/x86-power-cpu.yaml" \
    KBUILD_LDFLAGS="$(eager_ldflags)" -- x86-power-cpu-in-lto.patch
  restorer_is_kept eager-power-cpu
}

eager_ldflags() {
  sed 's/^[^ ]* \(.*\) -r -o vmlinux.o .*/\1/; s/import-instr-limit=5/import-instr-limit=100/' "$OUT/plain/link"
}

restorer_is_kept() { # restorer_is_kept NAME
  strict_report "$1"
  calls_of_restorer "$1"
  calls_are_kept "$1"
}

calls_of_restorer() { # calls_of_restorer NAME
  calls_of "$1" restore_processor_state restore_processor_state,__restore_processor_state
  ! grep __stack_chk_fail "$OUT/$1/calls" || fail "it has a stack protector"
}

calls_of() { # calls_of NAME WHAT SYMBOLS
  "$LLVM_BIN/llvm-objdump" -dr "$OUT/$1/vmlinux.o" --disassemble-symbols="$3" >"$OUT/$1/restorer"
  # By name: an alternative's code, called by its place in a section, is no function.
  sed -n 's/.*R_X86_64_PLT32[[:space:]]*\([^.[:space:]+-][^+-]*\).*/\1/p' "$OUT/$1/restorer" |
    sort -u >"$OUT/$1/calls"
  record "$2 calls $(wc -l <"$OUT/$1/calls") functions, in $(grep -c '^ .*:' "$OUT/$1/restorer") instructions"
}

calls_are_kept() { # calls_are_kept NAME
  [ -z "$(missing_calls "$1")" ] || fail "inlined: $(missing_calls "$1" | paste -sd' ')"
}

# What the kernel's own way calls and NAME does not.
missing_calls() { # missing_calls NAME
  comm -23 "$OUT/plain/calls" "$OUT/$1/calls"
}

suspends() {
  boot "$1" 'PM: suspend entry (deep)' "suspended and woken"
  record "suspended and woken"
}

# In the compile of cpu.o the line runs around the restorer as well: what the
# compiler inlined of the same file stays apart, and makes the calls itself.
x86_flags() {
  configure
  (cd "$O" && "$TOOL" flags --for kbuild --plugin "$PLUGIN" \
    --policy "$POLICIES/x86-power-cpu.yaml") >"$O/section-placement.mk"
  with_patches link_vmlinux flags -- x86-power-cpu-in-lto.patch flags.patch
  strict_report flags
  "$LLVM_BIN/llvm-nm" --defined-only --format=just-symbols "$O/arch/x86/power/cpu.o" \
    >"$OUT/flags/own"
  calls_of_restorer flags
  calls_of flags "the code of cpu.o" "$(paste -sd, "$OUT/flags/own")"
  calls_are_kept flags
  same_special_objects flags plain
}

nothing_else_by_flags() {
  nothing_else flags x86-power-cpu --also "$OUT/flags/own"
}
