//===- Grouping.h - What shall stand together -------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_GROUPING_H
#define SECTION_PLACEMENT_VERIFY_GROUPING_H

#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/SmallVector.h"

namespace section_placement {

/// The group of a function whose canonical name is \p Function and that \p R
/// puts into \p Section: that section, with `*` for the name where the
/// template gives each function its own.
std::string groupOf(const Rule &R, llvm::StringRef Section,
                    llvm::StringRef Function);

/// Sections that compilers fill without being told to: `.text`, `.text.hot` of
/// GCC, and with the dot that LLVM puts behind, `.text.hot.` and `.text.hot.f`.
/// `.text.hotpath` is a user's.
bool isFilledUnasked(llvm::StringRef Section);

/// What may have been split off the function \p Symbol in code generation: the
/// local code that is called as it, with `.cold`.
llvm::SmallVector<uint32_t, 1> partsOf(const ElfFile &Image, uint32_t Symbol);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_GROUPING_H
