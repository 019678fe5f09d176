//===- SectionExtents.h - Which symbol a place belongs to -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_SECTIONEXTENTS_H
#define SECTION_PLACEMENT_OBJECTS_SECTIONEXTENTS_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace section_placement {

/// A symbol and the part of its section that it covers, in bytes from the
/// section's start.
struct Extent {
  uint64_t Begin, End;
  uint32_t Symbol; ///< Whatever the owner means by it.
};

/// The symbols of one section by address. Answers which of them a place belongs
/// to, in time that grows with the depth of nested symbols only.
class SectionExtents {
public:
  void add(Extent E) { All.push_back(E); }

  /// Sorts and indexes; call once, after the last add().
  void finish();

  /// Appends to \p Owners, ascending, all whose extent covers \p Offset; else
  /// all that begin at the last start at or before it.
  void ownersOf(uint64_t Offset, llvm::SmallVectorImpl<uint32_t> &Owners) const;

private:
  std::vector<Extent> All;
  /// For each the nearest one before it that ends no earlier, plus one; 0 for
  /// none. Symbols nest, so following it passes over all that ended before.
  std::vector<size_t> Wider;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_SECTIONEXTENTS_H
