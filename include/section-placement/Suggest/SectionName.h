//===- SectionName.h - What a code section's name tells --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_SECTIONNAME_H
#define SECTION_PLACEMENT_SUGGEST_SECTIONNAME_H

#include "llvm/ADT/StringRef.h"

namespace section_placement {

/// `f` of `.text.f`, `.text.hot.f` and the like, which LTO always makes; empty
/// for a section that is of no one function.
llvm::StringRef functionOfSection(llvm::StringRef Section);

/// Is \p Section the one that a compiler makes for \p Function alone? \p
/// Function may be demangled.
bool isSectionOf(llvm::StringRef Section, llvm::StringRef Function);

/// By its name, a section of data.
bool isDataSection(llvm::StringRef Section);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_SECTIONNAME_H
