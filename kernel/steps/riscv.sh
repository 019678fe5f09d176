# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# RISC-V, whose branches reach 4 KiB and 1 MiB.
# Sourced by kernel/lane.sh; `step` of lib.sh runs each step, for the
# configuration that `use` has named.

riscv_steps() {
  step scan "short branches of its native code" scan
  step plain "without the plugin" riscv_plain
  step riscv-entry "with riscv-entry.yaml" riscv_placed
  step riscv-entry-boot "… boots and enters a guest" \
    boots riscv-entry 'kvm \[1\]: hypervisor extension available'
  step riscv-entry-same "… and nothing else has moved" nothing_else riscv-entry
}

riscv_plain() {
  plain
  record "its call is $(call_of plain)"
}

riscv_placed() {
  placed riscv-entry
  record "$TO $(distance "$OUT/riscv-entry/vmlinux" "$FROM" "$TO") bytes from $FROM"
  record "its call is $(call_of riscv-entry)"
  [[ $(call_of riscv-entry) == jal ]] || fail "the call was not made short"
}

# The instruction by which FROM calls TO: jal reaches 1 MiB; jalr, with the auipc
# before it, anything.
call_of() { # call_of NAME
  "$LLVM_BIN/llvm-objdump" -d --no-show-raw-insn --disassemble-symbols="$FROM" \
    "$OUT/$1/vmlinux" | sed -n "s/^ *[0-9a-f]*:[[:space:]]*\(jal[r]*\).*<$TO>\$/\1/p"
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
