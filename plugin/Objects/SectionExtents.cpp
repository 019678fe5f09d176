//===- SectionExtents.cpp - Which symbol a place belongs to ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/SectionExtents.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

void SectionExtents::finish() {
  // From the outermost to the innermost.
  std::sort(All.begin(), All.end(), [](const Extent &A, const Extent &B) {
    return std::tuple(A.Begin, B.End, B.Order) <
           std::tuple(B.Begin, A.End, A.Order);
  });
  Reach.resize(All.size());
  indexReach(0, All.size());
}

/// The middle of a range is the root of its subtree.
uint64_t SectionExtents::indexReach(size_t From, size_t To) {
  if (From == To)
    return 0;
  size_t Root = From + (To - From) / 2;
  return Reach[Root] = std::max(
             {All[Root].End, indexReach(From, Root), indexReach(Root + 1, To)});
}

/// Calls \p Visit with each extent between \p From and \p To that covers \p
/// Offset, the innermost first, until it returns true; returns that.
template <typename Fn>
bool SectionExtents::visit(size_t From, size_t To, uint64_t Offset,
                           Fn Visit) const {
  if (From == To)
    return false;
  size_t Root = From + (To - From) / 2;
  if (Reach[Root] <= Offset)
    return false;
  const Extent &E = All[Root];
  if (E.Begin <= Offset &&
      (visit(Root + 1, To, Offset, Visit) || (E.End > Offset && Visit(E))))
    return true;
  return visit(From, Root, Offset, Visit);
}

const Extent *SectionExtents::innermost(uint64_t Offset) const {
  const Extent *Found = nullptr;
  visit(0, All.size(), Offset, [&](const Extent &E) {
    Found = &E;
    return true;
  });
  return Found;
}

void SectionExtents::covering(uint64_t Offset,
                              SmallVectorImpl<uint32_t> &Symbols) const {
  visit(0, All.size(), Offset, [&](const Extent &E) {
    Symbols.push_back(E.Symbol);
    return false;
  });
}

const Extent *SectionExtents::lastBefore(uint64_t Offset) const {
  auto After =
      std::upper_bound(All.begin(), All.end(), Offset,
                       [](uint64_t O, const Extent &E) { return O < E.Begin; });
  return After == All.begin() ? nullptr : &*std::prev(After);
}

void SectionExtents::beginningAt(uint64_t Begin,
                                 SmallVectorImpl<uint32_t> &Symbols) const {
  auto It =
      std::lower_bound(All.begin(), All.end(), Begin,
                       [](const Extent &E, uint64_t B) { return E.Begin < B; });
  for (; It != All.end() && It->Begin == Begin; ++It)
    Symbols.push_back(It->Symbol);
}

} // namespace section_placement
