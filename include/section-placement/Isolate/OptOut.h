//===- OptOut.h - As if each file had been linked by itself -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `lto: opt-out`: as if each of the rule's source files had been linked under
// LTO by itself. A file is kept apart by its *names*. The compile gives every
// declaration of the file the name `\\01name`, which is the same symbol in the
// object (the `\\01` keeps a name from being mangled again) and the same GUID
// in the thin link, and which nothing in LTO unites with the definition `name`:
// neither the merge of full LTO nor an import of ThinLTO puts a body behind it.
// So nothing from outside is seen in the file, on every LLVM version, before
// any pass of a backend runs; its declarations keep the attributes that the
// source gave them. For full LTO, where a linker that does not load us would
// bring both spellings into one function, the compile leaves the second
// declaration beside the first, and the backend makes use of it.
//
// In the other direction `noinline` on the file's functions keeps the thin link
// from importing them elsewhere, and `llvm.compiler.used` everything that the
// file defines or refers to from being promoted, internalised, dropped or taken
// for read-only. In full LTO the backend gives the functions of other files
// `\\01name` for what they refer to in this one.
//
// Each function sees one of the two spellings only, so that no comparison of
// addresses can be folded wrongly: code that would bring both together does not
// cross the line.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ISOLATE_OPTOUT_H
#define SECTION_PLACEMENT_ISOLATE_OPTOUT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <string>

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// What tells the object that \p M is compiled into from all others of a link:
/// a digest of \p Source and of the strong symbols that it defines.
std::string optOutUnitOf(const llvm::Module &M, llvm::StringRef Source);

/// The compile-time half, at the end of a compile for LTO: marks the
/// definitions of \p M, holds the thin link back and keeps the names of what it
/// declares apart. \p Unit is optOutUnitOf() it.
void markOptedOut(llvm::Module &M, llvm::StringRef Unit);

/// Has the compile-time half been at any function of \p M, or at one that was
/// imported into it?
bool hasOptOutMarks(const llvm::Module &M);

/// In a ThinLTO backend: drops the bodies that were imported into \p M across
/// the line of a unit of \p Units, which its own functions may be of, and takes
/// all marks off. With empty \p Units it only takes them off.
void releaseBackend(llvm::Module &M, const llvm::StringSet<> &Units);

/// In full LTO: keeps the units of \p Units apart inside the merged module \p
/// M, puts their functions into the order of their sources, and takes all marks
/// off.
void releaseMerged(llvm::Module &M, const llvm::StringSet<> &Units);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ISOLATE_OPTOUT_H
