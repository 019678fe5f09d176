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

Grower::~Grower() = default;

namespace {
/// One growth on its way.
class Breadth {
public:
  Breadth(const Program &P, const Growth &G, Grower &By)
      : P(P), G(G), By(By),
        GoesToCallees(G.Towards != Growth::Direction::Callers),
        GoesToCallers(G.AlongCall && G.Towards != Growth::Direction::Callees) {}

  void run(ArrayRef<uint32_t> Seeds);

private:
  struct Frontier {
    uint32_t Symbol, Seed;
  };
  void goOnFrom(const Frontier &F);
  void meet(const Reached &R);

  const Program &P;
  const Growth &G;
  Grower &By;
  bool GoesToCallees, GoesToCallers;
  std::vector<Frontier> Now, Next;
  DenseSet<uint32_t> Visited;
};
} // namespace

void Breadth::meet(const Reached &R) {
  if (Visited.count(R.Symbol) || !By.take(R))
    return;
  Visited.insert(R.Symbol);
  Next.push_back({R.Symbol, R.Seed});
}

void Breadth::goOnFrom(const Frontier &F) {
  if (G.AlongCall && GoesToCallees)
    By.follow(F.Symbol);
  for (const Edge &E : P.edgesFrom(F.Symbol))
    if (isCall(E.Kind) ? G.AlongCall && GoesToCallees : G.AlongBranch)
      meet({E.To, uint32_t(&E - P.Edges.data()), F.Seed, /*IsCaller=*/false});
  if (!GoesToCallers)
    return;
  for (uint32_t Index : P.edgesTo(F.Symbol))
    if (isCall(P.Edges[Index].Kind))
      meet({P.Edges[Index].From, Index, F.Seed, /*IsCaller=*/true});
}

void Breadth::run(ArrayRef<uint32_t> Seeds) {
  for (uint32_t Seed : inOrderOfFilesAndAddresses(P, Seeds))
    if (Visited.insert(Seed).second)
      Now.push_back({Seed, Seed});
  for (unsigned Depth = 0; Depth < G.Depth && !Now.empty(); ++Depth) {
    for (const Frontier &F : Now)
      goOnFrom(F);
    Now = std::move(Next);
    Next.clear();
  }
}

void growFrom(const Program &P, const Growth &G, ArrayRef<uint32_t> Seeds,
              Grower &By) {
  Breadth(P, G, By).run(Seeds);
}

} // namespace section_placement
