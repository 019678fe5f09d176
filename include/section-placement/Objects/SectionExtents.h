//===- SectionExtents.h - Which symbol a place belongs to -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Symbols nest, and a damaged or hostile file lays thousands over one another.
// So this is an interval tree: the extents sorted by their begin are the
// in-order sequence of a balanced tree, and each node knows how far the extents
// under it reach. One extent is found in log n, k of them in k log n.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_SECTIONEXTENTS_H
#define SECTION_PLACEMENT_OBJECTS_SECTIONEXTENTS_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace section_placement {

/// A symbol and the part of its section that it covers, in bytes.
struct Extent {
  uint64_t Begin, End;
  uint32_t Symbol; ///< Whatever the owner means by it.
  uint32_t Order;  ///< Of adding.
};

/// The symbols of one section by address.
class SectionExtents {
public:
  void add(uint64_t Begin, uint64_t End, uint32_t Symbol) {
    All.push_back({Begin, End, Symbol, uint32_t(All.size())});
  }

  /// Sorts and indexes; call once, after the last add(). Of those that begin
  /// together the one that ends first is the innermost, then the one that was
  /// added first.
  void finish();

  /// The innermost extent that covers \p Offset; null where none does.
  const Extent *innermost(uint64_t Offset) const;

  /// Appends to \p Symbols those of all extents that cover \p Offset.
  void covering(uint64_t Offset,
                llvm::SmallVectorImpl<uint32_t> &Symbols) const;

  /// The innermost of those that begin at the last start at or before \p
  /// Offset, cover it or not; null where there is none.
  const Extent *lastBefore(uint64_t Offset) const;

  /// Appends to \p Symbols those of all extents that begin at \p Begin.
  void beginningAt(uint64_t Begin,
                   llvm::SmallVectorImpl<uint32_t> &Symbols) const;

private:
  template <typename Fn>
  bool visit(size_t From, size_t To, uint64_t Offset, Fn Visit) const;
  uint64_t indexReach(size_t From, size_t To);

  std::vector<Extent> All;
  std::vector<uint64_t> Reach; ///< The largest End of the subtree of each node.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_SECTIONEXTENTS_H
