# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Modules: links of their own, which a policy names by their outputs.
# Sourced by kernel/lane.sh; `step` of lib.sh runs each step, for the
# configuration that `use` has named.

modules_step() {
  step modules "modules, with modules.yaml, through the Kconfig option" modules
  step modules-rebuild "a changed policy relinks modules" modules_rebuild
}

# By make's command line and by the Kconfig option for modules: what the policy
# names stands in its section, the modules load; and a policy about vmlinux.o
# leaves them as they are.
modules() {
  with_patches link_modules -- hooks-6.12.patch
  local module objects placed
  boot modules 'VHE mode initialized' "guest ran"
  [ "$(grep -c 'init: module . loaded' "$OUT/modules/console")" = 2 ] || fail "not loaded"
  mapfile -t objects <"$O/fs/fuse/fuse.mod"
  (cd "$O" && "$TOOL" report "$OUT/modules/report" --output fs/fuse/fuse.o --strict \
    --inputs "${objects[@]}")
  for module in "$OUT"/modules/modules/*.ko; do
    placed=$(functions_in_section_of "$module")
    [ -n "$placed" ] || fail "${module##*/}: nothing stands where the policy says"
    record "${module##*/} loaded; $placed"
  done
}

link_modules() {
  configure
  kernel_make fs/
  keep_modules without
  kernel_make SECTION_PLACEMENT_POLICY="$POLICIES/modules.yaml" \
    LDFLAGS_fuse.o="--load-pass-plugin=$PLUGIN" \
    LDFLAGS_binfmt_misc.o="--load-pass-plugin=$PLUGIN" fs/
  keep_modules command-line
  configure_modules "$POLICIES/kvm-entry.yaml"
  kernel_make fs/
  keep_modules kvm-entry
  same_modules kvm-entry without
  record "kvm-entry.yaml: fuse.o and binfmt_misc.o have the same bytes as without the plugin"
  configure_modules "$POLICIES/modules.yaml"
  link_vmlinux modules modules
  keep_modules modules
  same_modules modules command-line
  mkdir -p "$OUT/modules/modules"
  cp "$O/fs/fuse/fuse.ko" "$O/fs/binfmt_misc.ko" "$OUT/modules/modules/"
}

modules_rebuild() {
  cp "$POLICIES/modules.yaml" "$OUT/modules.yaml"
  with_patches rebuild_modules -- hooks-6.12.patch
}

rebuild_modules() {
  make_modules_of_fs
  make_modules_of_fs
  record "nothing changed: $(rebuilt_objects | wc -w) objects rebuilt"
  [ -z "$(rebuilt_objects)" ] || fail "nothing had changed: $(rebuilt_objects)"
  sed -i '$a # Another policy.' "$OUT/modules.yaml"
  make_modules_of_fs
  record "the policy changed: rebuilt are $(rebuilt_objects)"
  [ "$(rebuilt_objects)" = "fs/binfmt_misc.o fs/fuse/fuse.o" ] || fail "not what it must be"
}

make_modules_of_fs() {
  configure_modules "$OUT/modules.yaml"
  touch "$OUT/now"
  kernel_make fs/
}

configure_modules() { # configure_modules POLICY
  configure_placement "$1" CONFIG_SECTION_PLACEMENT_MODULES=y
}

keep_modules() { # keep_modules NAME
  mkdir -p "$OUT/module-objects/$1"
  cp "$O/fs/fuse/fuse.o" "$O/fs/binfmt_misc.o" "$OUT/module-objects/$1/"
}

same_modules() { # same_modules NAME OTHER
  local module
  for module in fuse.o binfmt_misc.o; do
    cmp "$OUT/module-objects/"{"$1","$2"}"/$module"
  done
}

# How many functions of a module are in the sections of modules.yaml.
functions_in_section_of() {
  "$LLVM_BIN/llvm-objdump" -t "$1" | awk '
    / F / && match($0, /\.text\.(fuse_device|binfmt_entry)/) {
      ++count[substr($0, RSTART, RLENGTH)] }
    END { for (name in count) print count[name] " functions in " name }'
}
