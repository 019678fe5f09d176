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
  step power-cpu "cpu.o in LTO, with x86-power-cpu.yaml" x86_power_cpu
  step power-cpu-boot "… suspends and wakes" suspends x86-power-cpu
  step power-cpu-same "… and nothing else has moved" nothing_else x86-power-cpu in-lto
  step flags "the plugin in every compile and link, by flags --for kbuild" x86_flags
  step flags-same "… and nothing has changed by that" nothing_else flags x86-power-cpu
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
  same_special_objects flags plain
}
