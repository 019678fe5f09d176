//===- AffinityOrder.cpp - The order of a rule's functions ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AffinityOrder.h"
#include "section-placement/Affinity/Order.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

/// Of a function whose size nobody estimated, in bytes.
static constexpr uint64_t UnknownSize = 64;

std::vector<uint32_t> inOrderOfAffinity(const Program &P,
                                        ArrayRef<uint32_t> Members) {
  // In the order of the program, whatever order they were claimed in.
  std::vector<uint32_t> Sorted(Members.begin(), Members.end());
  llvm::sort(Sorted);
  DenseMap<uint32_t, uint32_t> Index;
  Index.reserve(Sorted.size());
  std::vector<uint64_t> Sizes;
  for (uint32_t I = 0; I < Sorted.size(); ++I) {
    Index[Sorted[I]] = I;
    uint64_t Size = P.Symbols[Sorted[I]].Size;
    Sizes.push_back(Size ? Size : UnknownSize);
  }
  std::vector<CallWeight> Calls;
  for (uint32_t I = 0; I < Sorted.size(); ++I)
    for (const Edge &E : P.edgesFrom(Sorted[I])) {
      auto To = Index.find(E.To);
      if (isCall(E.Kind) && To != Index.end())
        Calls.push_back({I, To->second, E.Weight});
    }
  std::vector<uint32_t> Order = orderByAffinity(Sizes, Calls);
  for (uint32_t &I : Order)
    I = Sorted[I];
  return Order;
}

} // namespace section_placement
