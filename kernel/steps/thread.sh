# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The thread's failure, what mends it, and what the thread's own patches do.
# Sourced by kernel/lane.sh; `step` of lib.sh runs each step, for the
# configuration that `use` has named.

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

# Other policies, and what taking the directory out of LTO makes.
other_steps() {
  step short-branches "with short-branches.yaml" placed short-branches
  step annotation "with kvm-hyp-annotated.yaml, the tag in the Makefile" annotation
  step without-lto "the directory compiled without LTO, no plugin" without_lto
  step opt-out-like "how near kvm-hyp-opt-out.yaml comes to that" opt_out_like
}

# An image must be large to fail, as in 2021.
plain() {
  local log=$OUT/plain.errors
  configure
  if link_vmlinux plain 2>"$log"; then
    cat "$log"
    [[ $CONFIGURATION != *instrumented* ]] || fail "it links, which it must not"
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
  strict_report "$1"
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
  python3 "$HERE/short_references.py" "$out/verify.json" "${SHORT_TARGETS[@]}" >>"$CELL"
  record "code of vmlinux.o: $(text_size "$out/vmlinux.o") bytes"
}

boots() { # boots POLICY CONSOLE-TEXT WORD…
  boot "$1" "$2" "guest ran" "${@:3}"
  record "guest ran"
}

nothing_else() { # nothing_else NAME [THAN [ARGUMENT…]]
  python3 "$HERE/compare_functions.py" "$OUT/${2:-plain}/vmlinux.o" "$OUT/$1/vmlinux.o" \
    --report "$OUT/$1/report" "${@:3}" >>"$CELL" || { cat "$CELL"; fail "they differ"; }
}

# The Kconfig option and the directory's `SECTION_PLACEMENT := y`.
opt_out() {
  with_patches link_opted_out -- hooks-6.12.patch kvm-hyp-compile-half.patch
  measured kvm-hyp-opt-out
  same_special_objects kvm-hyp-opt-out plain
}

link_opted_out() {
  configure_placement "$POLICIES/kvm-hyp-opt-out.yaml"
  link_vmlinux kvm-hyp-opt-out
}

# The directory's own `ccflags-y`, and no option of ours in the kernel.
annotation() {
  configure
  with_patches link_with_policy kvm-hyp-annotated \
    "$POLICIES/kvm-hyp-annotated.yaml" -- kvm-hyp-annotated.patch
  measured kvm-hyp-annotated
}

# What the thread's first patch does: the price of the other way.
without_lto() {
  configure
  with_patches link_vmlinux without-lto -- kvm-hyp-without-lto.patch
  measured without-lto
}

opt_out_like() {
  python3 "$HERE/compare_functions.py" "$OUT/without-lto/vmlinux.o" \
    "$OUT/kvm-hyp-opt-out/vmlinux.o" --report "$OUT/kvm-hyp-opt-out/report" \
    --claimed >>"$CELL"
}
