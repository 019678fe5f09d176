//===- AffinityOrder.cpp - The order of a rule's functions ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A page that is touched for one function is paid for, whoever else is in it.
// So first comes what is known of whether a function runs at all, in tiers, and
// only inside a tier who calls whom:
//
//  - What ran in training: where the profile tells the runs, as Runs.cpp says,
//    else by LLVM's layout of the calls, counted or, in summaries, estimated.
//  - What ran and is inlined into all that ran it: its own code may never run.
//  - What no profile mentions, then what never ran. Nobody counted the calls of
//    these: the order of their files, as SoleCallers.cpp says.
//  - What the source calls cold.
//
// Without a profile all functions are in the third and the last.
//
//===----------------------------------------------------------------------===//

#include "AffinityOrder.h"
#include "section-placement/Affinity/Order.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <array>

using namespace llvm;

namespace section_placement {

/// Of a function whose size nobody estimated, in bytes.
static constexpr uint64_t UnknownSize = 64;

/// What LLVM's layout takes for the cache: 16 entries of 2048 bytes (CDSort's
/// defaults). A group that fits into it is laid out by LLVM also where calls
/// are only estimated: there is nothing to rank.
static constexpr uint64_t ModelledCache = 16 * 2048;

namespace {
class MemberOrder {
public:
  MemberOrder(const Program &P, ArrayRef<uint32_t> RunRanks,
              ArrayRef<uint32_t> Members);
  std::vector<uint32_t> order();

private:
  enum Tier : uint8_t { Ran, RanInlined, NotKnown, NeverRan, Cold, TierCount };
  using Symbols = std::vector<uint32_t>;

  bool isTraced(uint32_t Symbol) const {
    return !RunRanks.empty() && RunRanks[Symbol] != NoIndex;
  }
  Tier tierOf(uint32_t Symbol) const;
  void appendRan(const Symbols &Those);
  void appendByCounts(const Symbols &Those);
  void appendUncounted(const Symbols &Those);
  uint64_t sizeOf(uint32_t Symbol) const {
    uint64_t Size = P.Symbols[Symbol].Size;
    return Size ? Size : UnknownSize;
  }
  CalledFunction calledFunction(uint32_t Symbol);
  void index(const Symbols &Those);

  const Program &P;
  ArrayRef<uint32_t> RunRanks;
  Symbols Members;
  Symbols Order;
  DenseMap<uint32_t, uint32_t> IndexOf; ///< In the tier at hand, by symbol.
  StringMap<uint32_t> Files;            ///< Likewise, by source.
};
} // namespace

MemberOrder::MemberOrder(const Program &P, ArrayRef<uint32_t> RunRanks,
                         ArrayRef<uint32_t> Claimed)
    : P(P), RunRanks(RunRanks), Members(Claimed.begin(), Claimed.end()) {
  // In the order of the program, whatever order they were claimed in.
  llvm::sort(Members);
}

MemberOrder::Tier MemberOrder::tierOf(uint32_t I) const {
  const Symbol &S = P.Symbols[I];
  if (S.InTraining == Training::Ran)
    return Ran;
  if (isTraced(I))
    return RanInlined;
  if (S.IsCold)
    return Cold;
  return S.InTraining == Training::NeverRan ? NeverRan : NotKnown;
}

/// Those in no trace, such as of runs that were not kept, come last.
void MemberOrder::appendRan(const Symbols &Those) {
  Symbols Known, Others;
  for (uint32_t I : Those)
    (isTraced(I) ? Known : Others).push_back(I);
  llvm::sort(Known,
             [&](uint32_t A, uint32_t B) { return RunRanks[A] < RunRanks[B]; });
  append_range(Order, Known);
  appendByCounts(Others);
}

void MemberOrder::appendByCounts(const Symbols &Those) {
  index(Those);
  std::vector<uint64_t> Sizes;
  std::vector<CallWeight> Calls;
  for (uint32_t I = 0; I < Those.size(); ++I) {
    Sizes.push_back(sizeOf(Those[I]));
    for (const Edge &E : P.edgesFrom(Those[I]))
      if (auto To = IndexOf.find(E.To); isCall(E.Kind) && To != IndexOf.end())
        Calls.push_back({I, To->second, E.Weight});
  }
  for (uint32_t I : orderByAffinity(Sizes, Calls))
    Order.push_back(Those[I]);
}

void MemberOrder::index(const Symbols &Those) {
  IndexOf.clear();
  IndexOf.reserve(Those.size());
  for (uint32_t I = 0; I < Those.size(); ++I)
    IndexOf[Those[I]] = I;
}

/// A function whose source nobody recorded is in the file "".
CalledFunction MemberOrder::calledFunction(uint32_t I) {
  CalledFunction F{};
  F.File = Files.try_emplace(P.Symbols[I].Source, Files.size()).first->second;
  uint32_t Caller = NoIndex;
  bool IsSole = true;
  for (uint32_t Index : P.edgesTo(I)) {
    const Edge &E = P.Edges[Index];
    if (!isCall(E.Kind) || E.From == I)
      continue;
    IsSole &= !F.IsCalled || E.From == Caller;
    F.IsCalled = true;
    Caller = E.From;
  }
  auto Known = F.IsCalled && IsSole ? IndexOf.find(Caller) : IndexOf.end();
  F.SoleCaller = Known == IndexOf.end() ? NoIndex : Known->second;
  return F;
}

void MemberOrder::appendUncounted(const Symbols &Those) {
  uint64_t Size = 0;
  for (uint32_t I : Those)
    Size += sizeOf(I);
  if (Size <= ModelledCache)
    return appendByCounts(Those);
  index(Those);
  Files.clear();
  std::vector<CalledFunction> Functions;
  Functions.reserve(Those.size());
  for (uint32_t I : Those)
    Functions.push_back(calledFunction(I));
  for (uint32_t I : orderBySoleCallers(Functions))
    Order.push_back(Those[I]);
}

std::vector<uint32_t> MemberOrder::order() {
  std::array<Symbols, TierCount> Tiers;
  for (uint32_t I : Members)
    Tiers[tierOf(I)].push_back(I);
  Order.reserve(Members.size());
  appendRan(Tiers[Ran]);
  appendRan(Tiers[RanInlined]);
  appendUncounted(Tiers[NotKnown]);
  appendUncounted(Tiers[NeverRan]);
  appendUncounted(Tiers[Cold]);
  return std::move(Order);
}

std::vector<uint32_t> inOrderOfAffinity(const Program &P,
                                        ArrayRef<uint32_t> RunRanks,
                                        ArrayRef<uint32_t> Members) {
  return MemberOrder(P, RunRanks, Members).order();
}

} // namespace section_placement
