//===- DataPlan.cpp - Where the constants go that code reads --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: code that runs while the flash cannot be read must not read a table
// there. The tables have no names that a user knows, and some have readers
// elsewhere.
//
// Method: each constant collects the rules whose code, or whose constants, read
// it, and whether anybody else does. A table that goes with the code takes with
// it what it points to, so this runs until nothing is added. Then: a constant
// that only one rule reads moves; one that others read as well is copied for
// the rule where its address does not matter; what is left is refused.
//
// Limits: what is read through a pointer that was loaded from a variable is not
// seen.
//
//===----------------------------------------------------------------------===//

#include "DataPlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Debug.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

std::optional<RefusalReason> dataObstacle(Content Holds, StringRef Section) {
  NamedContent Named = namedContent(Section);
  switch (Holds) {
  case Content::ThreadLocal:
    return RefusalReason::ThreadLocal;
  case Content::Common:
    return RefusalReason::Common;
  case Content::Reserved:
    return RefusalReason::Reserved;
  case Content::Constant:
    if (Named == NamedContent::Zeros)
      return RefusalReason::OtherContent;
    break;
  case Content::Relocated:
  case Content::Variable:
    if (Named == NamedContent::Zeros || Named == NamedContent::ReadOnly)
      return RefusalReason::OtherContent;
    break;
  case Content::Zeros:
    if (Named == NamedContent::ReadOnly)
      return RefusalReason::OtherContent;
    break;
  case Content::Code:
  case Content::Unknown:
    break;
  }
  if ((Holds == Content::Variable || Holds == Content::Zeros) &&
      isReadOnlyOnceLoaded(Section))
    return RefusalReason::ReadOnlyOnceLoaded;
  return std::nullopt;
}

namespace {
/// A rule whose code reads a constant.
struct Wish {
  uint32_t Rule;
  uint32_t Reader;
  bool NeedsAddress;
};

/// Who reads a constant.
struct Readers {
  SmallVector<Wish, 1> Wishes; ///< One for each rule.
  bool HasOthers = false;
};

class DataPlanner {
public:
  DataPlanner(const Program &P, const RuleIndex &Index, Plan &Result)
      : P(P), Index(Index), Result(Result), Of(P.Symbols.size()),
        ReadsOf(P.Symbols.size()) {}

  void run();

private:
  const Rule &rule(uint32_t R) const { return *Index.rule(R).R; }
  bool isFree(uint32_t I) const;
  bool moves(uint32_t I) const;
  bool isCopiedFor(uint32_t I, const Wish &W) const;
  bool addWish(uint32_t I, uint32_t Rule, const Read &R);
  bool isOutside(const Placement &Where, bool IsVariable) const;
  bool followWishes(const Read &R);
  bool followOthers(const Read &R);
  void propagate(bool (DataPlanner::*Follow)(const Read &));
  void place(uint32_t I);
  void count(uint32_t Rule) {
    ++Result.Totals[Rule].Variables;
    ++Result.Totals[Rule].Moved;
  }

  const Program &P;
  const RuleIndex &Index;
  Plan &Result;
  std::vector<Readers> Of;
  std::vector<SmallVector<const Read *, 1>> ReadsOf; ///< By who reads.
};
} // namespace

/// A constant that neither a rule nor its source has placed.
bool DataPlanner::isFree(uint32_t I) const {
  const Symbol &S = P.Symbols[I];
  return S.IsConstant && S.Section.empty() &&
         (Result.Placements[I].Rule == NoIndex ||
          Result.Placements[I].Reason == PlacementReason::FollowsCode);
}

/// Does it go where the first rule says, so that no original stays?
bool DataPlanner::moves(uint32_t I) const {
  const Symbol &S = P.Symbols[I];
  return S.IsLocal && !S.IsImported && !Of[I].HasOthers;
}

bool DataPlanner::isCopiedFor(uint32_t I, const Wish &W) const {
  return P.Symbols[I].IsCopyable && !W.NeedsAddress;
}

bool DataPlanner::addWish(uint32_t I, uint32_t Rule, const Read &R) {
  for (Wish &W : Of[I].Wishes)
    if (W.Rule == Rule) {
      bool IsNew = R.NeedsAddress && !W.NeedsAddress;
      W.NeedsAddress |= R.NeedsAddress;
      return IsNew;
    }
  Of[I].Wishes.push_back({Rule, R.From, R.NeedsAddress});
  return true;
}

/// Does the symbol \p Where stay outside of the data of all rules?
bool DataPlanner::isOutside(const Placement &Where, bool IsVariable) const {
  if (Where.Rule == NoIndex || Where.Reason == PlacementReason::Left)
    return true;
  return IsVariable ? Where.Section.empty() || !rule(Where.Rule).Data
                    : !rule(Where.Rule).takesDataAlong();
}

/// Adds the rules that \p R reads for. Returns true if one is new. A constant
/// that may follow code counts as if it did.
bool DataPlanner::followWishes(const Read &R) {
  if (R.From == NoIndex || R.From == R.To)
    return false;
  const Placement &Where = Result.Placements[R.From];
  bool IsVariable = P.Symbols[R.From].isVariable();
  if (!IsVariable || !isFree(R.From))
    return !isOutside(Where, IsVariable) && addWish(R.To, Where.Rule, R);
  bool IsNew = false;
  for (size_t I = 0; I < Of[R.From].Wishes.size(); ++I)
    IsNew |= addWish(R.To, Of[R.From].Wishes[I].Rule, R);
  return IsNew;
}

/// Adds that \p R reads from outside, once all wishes are known: others are
/// those who stay, and the originals of what is copied. Returns true if new.
bool DataPlanner::followOthers(const Read &R) {
  if (R.From == R.To || Of[R.To].HasOthers)
    return false;
  bool IsOther = true;
  if (R.From != NoIndex) {
    bool IsVariable = P.Symbols[R.From].isVariable();
    IsOther = IsVariable && isFree(R.From)
                  ? Of[R.From].Wishes.empty() || !moves(R.From)
                  : isOutside(Result.Placements[R.From], IsVariable);
  }
  Of[R.To].HasOthers = IsOther;
  return IsOther;
}

void DataPlanner::place(uint32_t I) {
  const Symbol &S = P.Symbols[I];
  bool Moves = moves(I);
  for (const Wish &W : Of[I].Wishes) {
    StringRef Section =
        Result.intern(rule(W.Rule).Data->expand(S, rule(W.Rule).Name, ""));
    Placement &Where = Result.Placements[I];
    if (Section.empty() || Section == Where.Section || Section == S.Section)
      continue;
    std::optional<RefusalReason> Why = dataObstacle(S.Holds, Section);
    if (!S.Section.empty())
      Why = RefusalReason::KeepsSection;
    else if (!Why && !(Moves && Where.Section.empty()) && !isCopiedFor(I, W))
      Why = RefusalReason::SharedConstant;
    LLVM_DEBUG(dbgs() << "data: '" << S.Name << "' for rule '"
                      << rule(W.Rule).Name
                      << "': " << (Why ? nameOf(*Why) : Section) << '\n');
    if (Why) {
      Result.Refusals.push_back({I, W.Rule, *Why});
      continue;
    }
    count(W.Rule);
    if (Moves && Where.Section.empty())
      Where = {W.Rule, PlacementReason::FollowsCode, Section, W.Reader};
    else
      Result.Copies.push_back({I, W.Rule, Section, W.Reader});
  }
}

/// Follows each read, and those of a constant again where anything of it has
/// changed: in the number of reads, but for what changes.
void DataPlanner::propagate(bool (DataPlanner::*Follow)(const Read &)) {
  std::vector<uint32_t> Changed;
  auto Visit = [&](const Read &R) {
    if ((this->*Follow)(R))
      Changed.push_back(R.To);
  };
  for (const Read &R : *P.Reads)
    Visit(R);
  for (size_t I = 0; I < Changed.size(); ++I)
    for (const Read *R : ReadsOf[Changed[I]])
      Visit(*R);
}

void DataPlanner::run() {
  for (const Read &R : *P.Reads)
    if (R.From != NoIndex)
      ReadsOf[R.From].push_back(&R);
  propagate(&DataPlanner::followWishes);
  propagate(&DataPlanner::followOthers);
  for (uint32_t I = 0; I < P.Symbols.size(); ++I)
    if (!Of[I].Wishes.empty() && Result.Placements[I].Rule == NoIndex)
      place(I);
  // Refusals are in the order of rules.
  std::vector<std::pair<uint32_t, size_t>> Order;
  for (size_t I = 0; I < Result.Refusals.size(); ++I)
    Order.push_back({Result.Refusals[I].Rule, I});
  llvm::sort(Order);
  std::vector<Refusal> Sorted;
  for (auto [Rule, I] : Order)
    Sorted.push_back(Result.Refusals[I]);
  Result.Refusals = std::move(Sorted);
}

void planData(const Program &P, const RuleIndex &Index, Plan &Result) {
  if (P.Reads)
    DataPlanner(P, Index, Result).run();
}

} // namespace section_placement
