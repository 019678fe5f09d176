//===- Grow.cpp - What has affinity with the matched ones -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Affinity/Grow.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

static std::vector<uint32_t>
inOrderOfFilesAndAddresses(const Program &P, ArrayRef<uint32_t> Seeds) {
  std::vector<uint32_t> Sorted(Seeds.begin(), Seeds.end());
  std::sort(Sorted.begin(), Sorted.end(), [&](uint32_t A, uint32_t B) {
    const Symbol &SA = P.Symbols[A], &SB = P.Symbols[B];
    return std::tuple(!SA.IsNative, SA.Rank, SA.Address, A) <
           std::tuple(!SB.IsNative, SB.Rank, SB.Address, B);
  });
  return Sorted;
}

void growFrom(const Program &P, const Growth &G, ArrayRef<uint32_t> Seeds,
              function_ref<bool(const Reached &)> Take) {
  struct Frontier {
    uint32_t Symbol, Seed;
  };
  std::vector<Frontier> Now, Next;
  DenseSet<uint32_t> Visited;
  for (uint32_t Seed : inOrderOfFilesAndAddresses(P, Seeds))
    if (Visited.insert(Seed).second)
      Now.push_back({Seed, Seed});
  for (unsigned Depth = 0; Depth < G.Depth && !Now.empty(); ++Depth) {
    for (const Frontier &F : Now) {
      for (const Edge &E : P.edgesFrom(F.Symbol)) {
        bool Wanted = E.Kind == EdgeKind::Branch ? G.AlongBranch : G.AlongCall;
        if (!Wanted || Visited.count(E.To))
          continue;
        uint32_t Index = &E - P.Edges.data();
        if (!Take({E.To, Index, F.Seed}))
          continue;
        Visited.insert(E.To);
        Next.push_back({E.To, F.Seed});
      }
    }
    Now = std::move(Next);
    Next.clear();
  }
}

} // namespace section_placement
