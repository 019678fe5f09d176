//===- LinkOptions.cpp - Options whose value is the next word -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From lld/ELF/Options.td of LLVM 15 to 22: what is there a Separate or a
// JoinedOrSeparate. An option that only some versions know is no fault here,
// because the others refuse the link.
//
//===----------------------------------------------------------------------===//

#include "LinkOptions.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

/// `Eq`: with one dash or two.
static const StringRef WithAnyDashes[] = {
    "auxiliary",
    "call-graph-ordering-file",
    "compress-debug-sections",
    "defsym",
    "dynamic-linker",
    "dynamic-list",
    "entry",
    "exclude-libs",
    "filter",
    "fini",
    "format",
    "hash-style",
    "init",
    "just-symbols",
    "keep-unique",
    "library",
    "library-path",
    "Map",
    "mips-got-size",
    "mllvm",
    "orphan-handling",
    "plugin",
    "print-symbol-order",
    "retain-symbols-file",
    "rpath",
    "rpath-link",
    "script",
    "section-start",
    "soname",
    "sort-section",
    "split-stack-adjust-size",
    "sysroot",
    "target2",
    "Tbss",
    "Tdata",
    "trace-symbol",
    "Ttext",
    "Ttext-segment",
    "undefined",
    "unresolved-symbols",
    "version-script",
    "wrap",
};

/// `EEq`: with two dashes only. With one, lld takes `-oformat` for `-o format`.
static const StringRef WithTwoDashes[] = {
    "android-memtag-mode",
    "chroot",
    "compress-sections",
    "default-script",
    "dependency-file",
    "error-handling-script",
    "error-limit",
    "export-dynamic-symbol",
    "export-dynamic-symbol-list",
    "image-base",
    "in-implib",
    "irpgo-profile",
    "load-pass-plugin",
    "lto-known-safe-vtables",
    "oformat",
    "opt-remarks-filename",
    "opt-remarks-format",
    "opt-remarks-hotness-threshold",
    "opt-remarks-passes",
    "out-implib",
    "output",
    "pack-dyn-relocs",
    "remap-inputs",
    "reproduce",
    "rsp-quoting",
    "shuffle-sections",
    "symbol-ordering-file",
    "thinlto-cache-policy",
    "threads",
    "time-trace-granularity",
    "undefined-glob",
    "warn-backrefs-exclude",
    "why-live",
};

/// With one dash only. `lld -flavor gnu` stands before the others.
static const StringRef WithOneDash[] = {
    "b", "dT", "e", "f", "F", "G", "h", "l", "L",
    "m", "o",  "O", "R", "T", "u", "y", "z", "flavor",
};

bool takesNextWord(StringRef Option, bool IsLong) {
  return is_contained(WithAnyDashes, Option) ||
         (IsLong ? is_contained(WithTwoDashes, Option)
                 : is_contained(WithOneDash, Option));
}

} // namespace section_placement
