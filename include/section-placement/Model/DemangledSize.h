//===- DemangledSize.h - How long a mangled name is in words ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mangled name refers back to its own parts, so each reference can double
// what the name says: 300 bytes can stand for gigabytes. LLVM's demanglers
// write it all, so the size is found out first, from the name's parts.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_DEMANGLEDSIZE_H
#define SECTION_PLACEMENT_MODEL_DEMANGLEDSIZE_H

#include "llvm/ADT/StringRef.h"

namespace section_placement {

/// May LLVM demangle \p Mangled (Itanium's `_Z` or Rust's `_R`) within what a
/// person can write or read: at most 64 KiB of text from at most 8 KiB of
/// name? False as well for a name that is neither. Takes time in proportion to
/// the name.
bool isDemangledInBounds(llvm::StringRef Mangled);

/// Is \p Mangled, if it is an Itanium name, in these bounds whatever it says:
/// short, and with few references? To find that out takes no parser, and holds
/// for most names of a program.
bool isShortAnyway(llvm::StringRef Mangled);

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_DEMANGLEDSIZE_H
