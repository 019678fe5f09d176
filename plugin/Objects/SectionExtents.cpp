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
  // The longest of those that begin together is the outermost.
  std::sort(All.begin(), All.end(), [](const Extent &A, const Extent &B) {
    return std::tuple(A.Begin, B.End, A.Symbol) <
           std::tuple(B.Begin, A.End, B.Symbol);
  });
  Wider.resize(All.size());
  for (size_t I = 0; I < All.size(); ++I) {
    size_t J = I; // One more than the index of a candidate.
    while (J > 0 && All[J - 1].End < All[I].End)
      J = Wider[J - 1];
    Wider[I] = J;
  }
}

void SectionExtents::ownersOf(uint64_t Offset,
                              SmallVectorImpl<uint32_t> &Owners) const {
  auto After =
      std::upper_bound(All.begin(), All.end(), Offset,
                       [](uint64_t O, const Extent &E) { return O < E.Begin; });
  size_t Last = After - All.begin();
  for (size_t I = Last; I > 0; I = Wider[I - 1])
    if (All[I - 1].End > Offset)
      Owners.push_back(All[I - 1].Symbol);
  if (Owners.empty())
    for (size_t I = Last; I > 0 && All[I - 1].Begin == All[Last - 1].Begin; --I)
      Owners.push_back(All[I - 1].Symbol);
  std::sort(Owners.begin(), Owners.end());
}

} // namespace section_placement
