//===- CallChains.cpp - Order by call-chain clustering --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C3 of Ottoni and Maher (CGO 2017), which LLVM 15 and 16 have inside their
// linker only. A call moves forward in memory: the callee stands behind its
// caller. Linear in the calls but for two sorts.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Affinity/Order.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>
#include <tuple>

using namespace llvm;

namespace section_placement {

/// The paper's limit of a cluster: a page.
static constexpr uint64_t MaximumClusterSize = 4096;

/// A caller's cluster may lose this much of its density by what is appended;
/// beyond it, cold code would tear hot code apart. (The paper's authors use 8
/// in their implementation.)
static constexpr double MaximumDilution = 8;

namespace {
class CallChains {
public:
  CallChains(ArrayRef<uint64_t> Sizes, ArrayRef<CallWeight> Calls);
  std::vector<uint32_t> order();

private:
  struct Cluster {
    uint32_t Last;   ///< Its last function.
    uint64_t Size;   ///< Bytes.
    uint64_t Weight; ///< Of all calls of its functions.
    double density() const { return double(Weight) / double(Size); }
  };
  void findCallers(ArrayRef<CallWeight> Calls);
  uint32_t clusterOf(uint32_t Function);
  void append(uint32_t Function);

  std::vector<Cluster> Clusters; ///< By its first function.
  std::vector<uint32_t> Parent;  ///< Towards the first function.
  std::vector<uint32_t> Next;    ///< In the cluster.
  std::vector<uint32_t> Caller;  ///< The most frequent one.
  std::vector<uint64_t> CallerWeight;
};
} // namespace

static constexpr uint32_t None = UINT32_MAX;

CallChains::CallChains(ArrayRef<uint64_t> Sizes, ArrayRef<CallWeight> Calls)
    : Parent(Sizes.size()), Next(Sizes.size(), None),
      Caller(Sizes.size(), None), CallerWeight(Sizes.size()) {
  std::iota(Parent.begin(), Parent.end(), 0);
  for (uint32_t I = 0; I < Sizes.size(); ++I)
    Clusters.push_back({I, std::max<uint64_t>(Sizes[I], 1), 0});
  findCallers(Calls);
}

void CallChains::findCallers(ArrayRef<CallWeight> Calls) {
  for (const CallWeight &C : Calls) {
    Clusters[C.To].Weight += C.Weight;
    bool IsBetter = C.Weight > CallerWeight[C.To] ||
                    (C.Weight == CallerWeight[C.To] && C.From < Caller[C.To]);
    if (C.From == C.To || !C.Weight || !IsBetter)
      continue;
    Caller[C.To] = C.From;
    CallerWeight[C.To] = C.Weight;
  }
}

/// With its path made shorter.
uint32_t CallChains::clusterOf(uint32_t Function) {
  while (Parent[Function] != Function) {
    Parent[Function] = Parent[Parent[Function]];
    Function = Parent[Function];
  }
  return Function;
}

void CallChains::append(uint32_t Function) {
  if (Caller[Function] == None)
    return;
  uint32_t Here = clusterOf(Function), There = clusterOf(Caller[Function]);
  if (Here == There)
    return;
  Cluster &Callee = Clusters[Here], &Calling = Clusters[There];
  Cluster Both{Callee.Last, Calling.Size + Callee.Size,
               Calling.Weight + Callee.Weight};
  if (Both.Size > MaximumClusterSize ||
      Both.density() * MaximumDilution < Calling.density())
    return;
  Next[Calling.Last] = Here;
  Calling = Both;
  Parent[Here] = There;
}

std::vector<uint32_t> CallChains::order() {
  std::vector<uint32_t> ByWeight(Parent.size());
  std::iota(ByWeight.begin(), ByWeight.end(), 0);
  std::vector<uint64_t> Weight;
  for (const Cluster &C : Clusters)
    Weight.push_back(C.Weight);
  llvm::sort(ByWeight, [&](uint32_t A, uint32_t B) {
    return std::tuple(Weight[B], A) < std::tuple(Weight[A], B);
  });
  for (uint32_t Function : ByWeight)
    append(Function);
  std::vector<uint32_t> Heads;
  for (uint32_t I = 0; I < Parent.size(); ++I)
    if (Parent[I] == I)
      Heads.push_back(I);
  llvm::sort(Heads, [&](uint32_t A, uint32_t B) {
    double DA = Clusters[A].density(), DB = Clusters[B].density();
    return std::tuple(DB, A) < std::tuple(DA, B);
  });
  std::vector<uint32_t> Order;
  Order.reserve(Parent.size());
  for (uint32_t Head : Heads)
    for (uint32_t I = Head; I != None; I = Next[I])
      Order.push_back(I);
  return Order;
}

std::vector<uint32_t> orderByCallChains(ArrayRef<uint64_t> Sizes,
                                        ArrayRef<CallWeight> Calls) {
  return CallChains(Sizes, Calls).order();
}

} // namespace section_placement
