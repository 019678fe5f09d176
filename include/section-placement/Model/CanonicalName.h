//===- CanonicalName.h - The name a policy calls a symbol by ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ThinLTO promotes a local `foo` to `foo.llvm.123`, optimisations clone and
// split it into `foo.specialized.1` and `foo.cold.1`, and a full-LTO merge
// renames the second static `foo` to `foo.1`. A policy names `foo`.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_CANONICALNAME_H
#define SECTION_PLACEMENT_MODEL_CANONICALNAME_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace section_placement {

/// \p Symbol without the suffixes that LLVM's and gcc's optimisers and ThinLTO
/// append (and without the `\01` that keeps a name from being mangled). The
/// result is a part of \p Symbol. A bare number (`foo.1`) is a suffix only in a
/// module that a full-LTO link merged: \p Merged says so. Names that begin with
/// `.` or `llvm.` stay whole, and no name becomes empty but for the `\01`.
llvm::StringRef canonicalName(llvm::StringRef Symbol, bool Merged);

/// The symbol that \p Symbol was split or cloned from, as far as its own name
/// tells: `foo` for `foo.cold.1`, `foo.llvm.7` for `foo.llvm.7.cold`. Empty
/// where the last suffix is none of a split or clone (`foo`, `foo.llvm.7`, and
/// `foo.resume.llvm.7`, whose parent may be `foo` or `foo.llvm.7`). A part of
/// \p Symbol, the `\01` included.
llvm::StringRef parentName(llvm::StringRef Symbol);

/// Is it the name of a function that no source file has: a sanitizer's
/// constructor (`asan.module_ctor`), what writes a profile out
/// (`__llvm_gcov_writeout`), a jump table of CFI (`.cfi.jumptable`), a part
/// that an outliner made? Such a function is of no file, and says nothing of
/// how a file was compiled. \p Canonical is a canonical name.
bool isMadeByCompiler(llvm::StringRef Canonical);

/// The spellings of a C++ or Rust symbol that a policy may use: the whole
/// demangled name, and that without its return type, without its parameters,
/// and without both; for Rust also without the hash of the legacy mangling.
/// Each once, the one that people are shown first; none for a symbol that is
/// not mangled, or whose demangled name would be longer than
/// isDemangledInBounds allows. \p Canonical is a canonical name.
llvm::SmallVector<std::string, 4> demangledNames(llvm::StringRef Canonical);

/// Does \p Holds hold for a spelling of \p Symbol: as it is linked, its
/// canonical name, or one of demangledNames()?
bool holdsForAnySpelling(llvm::StringRef Symbol,
                         llvm::function_ref<bool(llvm::StringRef)> Holds);

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_CANONICALNAME_H
