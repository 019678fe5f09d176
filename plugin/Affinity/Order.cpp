//===- Order.cpp - Which function stands beside which ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Affinity/Order.h"
#ifdef SECTION_PLACEMENT_HAS_CACHE_DIRECTED_LAYOUT
#include "llvm/Transforms/Utils/CodeLayout.h"
#endif
#include <algorithm>

using namespace llvm;

namespace section_placement {

/// LLVM's layout takes 8 s for 100,000 functions of bench/scale.sh, and ten
/// times that and more for a million; call-chain clustering grows as n log n.
static constexpr size_t MaximumOfLayout = 50000;

#ifdef SECTION_PLACEMENT_HAS_CACHE_DIRECTED_LAYOUT
/// A function runs as often as it is called, and calls from its middle: what
/// LLVM's linker assumes too where it knows no better.
static std::vector<uint32_t> orderConnected(ArrayRef<uint64_t> Sizes,
                                            ArrayRef<CallWeight> Calls) {
  std::vector<uint64_t> Counts(Sizes.size()), Offsets;
  std::vector<codelayout::EdgeCount> Edges;
  Edges.reserve(Calls.size());
  Offsets.reserve(Calls.size());
  for (const CallWeight &C : Calls) {
    Edges.push_back({C.From, C.To, C.Weight});
    Offsets.push_back((Sizes[C.From] + 1) / 2);
    Counts[C.To] += C.Weight;
  }
  std::vector<uint64_t> Order =
      codelayout::computeCacheDirectedLayout(Sizes, Counts, Edges, Offsets);
  return std::vector<uint32_t>(Order.begin(), Order.end());
}
#else
static std::vector<uint32_t> orderConnected(ArrayRef<uint64_t> Sizes,
                                            ArrayRef<CallWeight> Calls) {
  return orderByCallChains(Sizes, Calls);
}
#endif

std::vector<uint32_t> orderByAffinity(ArrayRef<uint64_t> Sizes,
                                      ArrayRef<CallWeight> Calls) {
  // What no call ties to anything would only cost time.
  std::vector<uint32_t> Index(Sizes.size(), UINT32_MAX);
  for (const CallWeight &C : Calls)
    if (C.Weight && C.From != C.To)
      Index[C.From] = Index[C.To] = 0;
  std::vector<uint32_t> Connected, Rest;
  std::vector<uint64_t> ConnectedSizes;
  for (uint32_t I = 0; I < Sizes.size(); ++I) {
    if (Index[I] == UINT32_MAX) {
      Rest.push_back(I);
      continue;
    }
    Index[I] = Connected.size();
    Connected.push_back(I);
    ConnectedSizes.push_back(std::max<uint64_t>(Sizes[I], 1));
  }
  std::vector<CallWeight> Among;
  for (const CallWeight &C : Calls)
    if (C.Weight && C.From != C.To)
      Among.push_back({Index[C.From], Index[C.To], C.Weight});
  std::vector<uint32_t> Order;
  Order.reserve(Sizes.size());
  if (!Among.empty())
    for (uint32_t I : Connected.size() > MaximumOfLayout
                          ? orderByCallChains(ConnectedSizes, Among)
                          : orderConnected(ConnectedSizes, Among))
      Order.push_back(Connected[I]);
  Order.insert(Order.end(), Rest.begin(), Rest.end());
  return Order;
}

} // namespace section_placement
