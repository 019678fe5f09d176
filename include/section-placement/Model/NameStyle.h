//===- NameStyle.h - Names as people read them ------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files, and what programs read, have a function's name as it is linked. What
// people read has it as the source does.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_NAMESTYLE_H
#define SECTION_PLACEMENT_MODEL_NAMESTYLE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <string>

namespace section_placement {

enum class NameStyle {
  Demangled, ///< `ns::f(int)`
  Linked     ///< `_ZN2ns1fEi`
};

/// \p Text, a name or sentences, with each C++ or Rust name in it as \p Style
/// says: the first of demangledNames(), and behind it what the compiler has
/// appended (`ns::f(int) (.cold)` for `_ZN2ns1fEi.cold`). A name that has none,
/// and what is a part of a path or of a section's name, stays as it is.
std::string shown(llvm::StringRef Text, NameStyle Style = NameStyle::Demangled);

/// Writes \p Linked as \p Key, and as `demangled` what it is shown as, where
/// that is something else.
void writeName(llvm::json::OStream &J, llvm::StringRef Key,
               llvm::StringRef Linked, NameStyle Style = NameStyle::Demangled);

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_NAMESTYLE_H
