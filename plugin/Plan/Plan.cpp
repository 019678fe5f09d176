//===- Plan.cpp - Who goes where, and why ---------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule by rule, in the order of the policy: claim what matches, grow from it,
// and only then look at the next rule, as policy.md says. What a rule matches
// is found beforehand for all functions in one pass, each under the first rule
// that is about it; one that this rule does not claim after all goes on to its
// next.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Plan.h"
#include "section-placement/Affinity/Grow.h"
#include "section-placement/Plan/Classify.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

StringRef nameOf(PlacementReason Reason) {
  switch (Reason) {
  case PlacementReason::Unclaimed:
    return "unclaimed";
  case PlacementReason::Matched:
    return "matched";
  case PlacementReason::GrownAlongBranch:
    return "grown-along-branch";
  case PlacementReason::GrownAlongCall:
    return "grown-along-call";
  case PlacementReason::SplitFromParent:
    return "split-from-parent";
  case PlacementReason::KeepsSection:
    return "keeps-section";
  case PlacementReason::Left:
    return "left";
  }
  return "";
}

StringRef nameOf(RefusalReason Reason) {
  switch (Reason) {
  case RefusalReason::NativeStays:
    return "native-stays";
  case RefusalReason::NativeToNative:
    return "native-to-native";
  case RefusalReason::NativeSection:
    return "native-section";
  case RefusalReason::NoSection:
    return "no-section";
  case RefusalReason::ClaimedEarlier:
    return "claimed-earlier";
  case RefusalReason::KeepsSection:
    return "keeps-section";
  case RefusalReason::SourceUnknown:
    return "source-unknown";
  }
  return "";
}

namespace {
class Planner {
public:
  Planner(const Program &P, const RuleIndex &Index)
      : P(P), Index(Index), C(P, Index), Matched(Index.size()) {
    Result.Placements.resize(P.Symbols.size());
    Result.Totals.resize(Index.size());
    Result.IsBranchSeed.resize(P.Symbols.size());
    Result.IsCallSeed.resize(P.Symbols.size());
    for (uint32_t Rule = 0; Rule < Index.size(); ++Rule)
      if (Index.rule(Rule).R->Inline != InlineLine::Free)
        EndOfConstraints = Rule + 1;
  }

  Plan run();

private:
  struct Candidate {
    uint32_t Symbol;
    RuleMatch Match;
  };
  void enqueue(uint32_t Symbol, uint32_t FromRule);
  void passOn(uint32_t Symbol, uint32_t Rule);
  bool claimSeed(uint32_t Rule, const Candidate &Seed);
  void claim(uint32_t Symbol, const Placement &By, StringRef Native,
             bool NamesSection);
  void place(Placement &Where, uint32_t Symbol, StringRef Native);
  void grow(uint32_t Rule, ArrayRef<uint32_t> Seeds);
  bool take(uint32_t Rule, const Reached &R);
  void constrain(uint32_t Rule);
  void followParent(uint32_t Rule, uint32_t Parent);
  void refuse(uint32_t Rule, uint32_t Symbol, RefusalReason Reason,
              uint32_t Edge = NoIndex);
  void order(uint32_t Rule);
  void findSharedNames(uint32_t Rule);
  void tellMissingSources();

  const Program &P;
  const RuleIndex &Index;
  Classifier C;
  Plan Result;
  std::vector<std::vector<Candidate>> Matched; // By rule.
  std::vector<uint32_t> Members;               // Of the rule at hand.
  std::vector<uint32_t> Constrained; // Likewise, where it places none of them.
  uint32_t EndOfConstraints = 0;     // Behind the last rule with `inline`.
  DenseSet<std::pair<uint32_t, uint32_t>> Refused; // Symbol and rule.
};
} // namespace

void Planner::enqueue(uint32_t Symbol, uint32_t FromRule) {
  if (std::optional<RuleMatch> Match = C.firstMatch(Symbol, FromRule))
    Matched[Match->Rule].push_back({Symbol, *Match});
}

/// A rule that only constrains is about what earlier rules placed, too.
void Planner::passOn(uint32_t Symbol, uint32_t Rule) {
  if (Rule + 1 < EndOfConstraints)
    enqueue(Symbol, Rule + 1);
}

void Planner::refuse(uint32_t Rule, uint32_t Symbol, RefusalReason Reason,
                     uint32_t Edge) {
  if (Refused.insert({Symbol, Rule}).second)
    Result.Refusals.push_back({Symbol, Rule, Reason, Edge});
}

void Planner::place(Placement &Where, uint32_t Symbol, StringRef Native) {
  const Rule &R = *Index.rule(Where.Rule).R;
  const section_placement::Symbol &S = P.Symbols[Symbol];
  const SectionTemplate &Target = R.target();
  bool NeedsSource = Target.uses(SectionTemplate::Word::File) ||
                     Target.uses(SectionTemplate::Word::Dir);
  if (NeedsSource && S.Source.empty()) {
    refuse(Where.Rule, Symbol, RefusalReason::SourceUnknown);
    return;
  }
  Where.Section = Result.intern(Target.expand(S, R.Name, Native));
  Result.Totals[Where.Rule].Moved += !Where.Section.empty();
}

/// \p By says all but the section.
void Planner::claim(uint32_t Symbol, const Placement &By, StringRef Native,
                    bool NamesSection) {
  uint32_t Rule = By.Rule;
  Placement &Where = Result.Placements[Symbol];
  Where = By;
  ++Result.Totals[Rule].Claimed;
  Members.push_back(Symbol);
  if (Index.rule(Rule).R->Leave) {
    Where.Reason = PlacementReason::Left;
  } else if (!P.Symbols[Symbol].Section.empty() && !NamesSection) {
    Where.Reason = PlacementReason::KeepsSection;
    if (By.Reason != PlacementReason::Matched)
      refuse(Rule, Symbol, RefusalReason::KeepsSection, By.Via);
  } else {
    place(Where, Symbol, Native);
  }
  followParent(Rule, Symbol);
}

/// What a pass split off goes with its parent, unless a rule has it already.
void Planner::followParent(uint32_t Rule, uint32_t Parent) {
  const Placement Where = Result.Placements[Parent];
  for (uint32_t Child : P.childrenOf(Parent)) {
    Placement &Part = Result.Placements[Child];
    if (Part.Rule != NoIndex || !P.Symbols[Child].Section.empty())
      continue;
    Part = {Rule, PlacementReason::SplitFromParent, Where.Section, Parent,
            Where.Rank};
    ++Result.Totals[Rule].Claimed;
    Result.Totals[Rule].Moved += !Where.Section.empty();
    Members.push_back(Child);
    followParent(Rule, Child);
  }
}

/// Does growth start from it?
bool Planner::claimSeed(uint32_t Rule, const Candidate &Seed) {
  const section_placement::Rule &R = *Index.rule(Rule).R;
  const Symbol &S = P.Symbols[Seed.Symbol];
  if (S.IsNative) {
    ++Result.Totals[Rule].Seeds;
    if (R.Leave) { // No later rule grows from it.
      ++Result.Totals[Rule].Claimed;
      return false;
    }
    if (R.Section && !R.Section->usesNative())
      refuse(Rule, Seed.Symbol, RefusalReason::NativeStays);
    enqueue(Seed.Symbol, Rule + 1); // A seed may be one of several rules.
    return true;
  }
  bool Places = R.Leave || !R.target().usesNative();
  if (!Places && R.Inline != InlineLine::Free) {
    ++Result.Totals[Rule].Seeds;
    Constrained.push_back(Seed.Symbol);
    enqueue(Seed.Symbol, Rule + 1);
    return false;
  }
  const Placement &Before = Result.Placements[Seed.Symbol];
  if (Before.Rule != NoIndex) { // By an earlier rule.
    if (Before.Reason != PlacementReason::Left)
      passOn(Seed.Symbol, Rule);
    return false;
  }
  if (!Places) {
    refuse(Rule, Seed.Symbol, RefusalReason::NoSection);
    enqueue(Seed.Symbol, Rule + 1);
    return false;
  }
  ++Result.Totals[Rule].Seeds;
  if (!R.Leave)
    passOn(Seed.Symbol, Rule);
  claim(Seed.Symbol,
        {Rule, PlacementReason::Matched, "", NoIndex, Seed.Match.Rank}, "",
        Seed.Match.NamesSection);
  return true;
}

bool takesGuests(StringRef Section) {
  return Section.consume_front(".text") &&
         (Section.empty() || Section.front() == '.');
}

bool Planner::take(uint32_t Rule, const Reached &R) {
  const section_placement::Rule &TheRule = *Index.rule(Rule).R;
  const Symbol &Target = P.Symbols[R.Symbol];
  const Symbol &Seed = P.Symbols[R.Seed];
  bool IsClaimed = Result.Placements[R.Symbol].Rule != NoIndex;
  if (!C.isWithin(Rule, R.Symbol, /*Matters=*/!IsClaimed))
    return false;
  if (Target.IsNative) {
    if (P.Edges[R.Edge].Kind == EdgeKind::Branch)
      refuse(Rule, R.Symbol, RefusalReason::NativeToNative, R.Edge);
    return false;
  }
  if (TheRule.target().usesNative() && !TheRule.Section &&
      !takesGuests(Seed.Section)) {
    refuse(Rule, R.Symbol, RefusalReason::NativeSection, R.Edge);
    return false;
  }
  Placement &Where = Result.Placements[R.Symbol];
  if (Where.Rule != NoIndex) {
    if (Where.Rule != Rule)
      refuse(Rule, R.Symbol, RefusalReason::ClaimedEarlier, R.Edge);
    return Where.Rule == Rule;
  }
  PlacementReason Reason = P.Edges[R.Edge].Kind == EdgeKind::Branch
                               ? PlacementReason::GrownAlongBranch
                               : PlacementReason::GrownAlongCall;
  claim(R.Symbol, {Rule, Reason, "", R.Edge}, Seed.Section,
        /*NamesSection=*/false);
  return true;
}

void Planner::grow(uint32_t Rule, ArrayRef<uint32_t> Seeds) {
  const auto &G = Index.rule(Rule).R->Grow;
  if (!G)
    return;
  for (uint32_t Seed : Seeds) {
    Result.IsBranchSeed[Seed] = Result.IsBranchSeed[Seed] || G->AlongBranch;
    Result.IsCallSeed[Seed] = Result.IsCallSeed[Seed] || G->AlongCall;
  }
  growFrom(P, *G, Seeds, [&](const Reached &R) { return take(Rule, R); });
}

/// Draws the line of `inline` around the functions of the rule at hand: those
/// that it claimed, and those that it is about and does not place.
void Planner::constrain(uint32_t Rule) {
  const section_placement::Rule &R = *Index.rule(Rule).R;
  if (R.Inline == InlineLine::Free)
    return;
  std::vector<uint32_t> Inside = Members;
  Inside.insert(Inside.end(), Constrained.begin(), Constrained.end());
  if (R.Grow)
    growFrom(P, *R.Grow, Constrained, [&](const Reached &Met) {
      bool Takes = !P.Symbols[Met.Symbol].IsNative &&
                   C.isWithin(Rule, Met.Symbol, /*Matters=*/true);
      if (Takes)
        Inside.push_back(Met.Symbol);
      return Takes;
    });
  llvm::sort(Inside);
  Inside.erase(std::unique(Inside.begin(), Inside.end()), Inside.end());
  Result.Totals[Rule].Inside = Inside.size();
  if (!Inside.empty())
    Result.InlineGroups.push_back({Rule, std::move(Inside)});
}

void Planner::order(uint32_t Rule) {
  if (Index.rule(Rule).R->InSection != Rule::Order::Listed ||
      Members.size() < 2)
    return;
  auto Key = [&](uint32_t I) {
    return std::tuple(Result.Placements[I].Rank, I);
  };
  std::sort(Members.begin(), Members.end(),
            [&](uint32_t A, uint32_t B) { return Key(A) < Key(B); });
  Result.Orders.push_back({Rule, Members});
}

/// Of the functions that the rule at hand has matched so far.
void Planner::findSharedNames(uint32_t Rule) {
  DenseMap<const uint32_t *, uint32_t> First; // By literal.
  size_t Before = Result.Shared.size();
  for (const Candidate &C : Matched[Rule]) {
    const Symbol &S = P.Symbols[C.Symbol];
    const Placement &Where = Result.Placements[C.Symbol];
    if (!C.Match.Literal || S.Parent != NoIndex || Where.Rule != Rule ||
        Where.Rank == UINT64_MAX)
      continue;
    auto [Known, IsNew] =
        First.try_emplace(C.Match.Literal, Result.Shared.size());
    if (IsNew)
      Result.Shared.push_back({Rule, S.Canonical, {}});
    Result.Shared[Known->second].Symbols.push_back(C.Symbol);
  }
  auto IsOne = [](const SharedName &N) { return N.Symbols.size() < 2; };
  Result.Shared.erase(std::remove_if(Result.Shared.begin() + Before,
                                     Result.Shared.end(), IsOne),
                      Result.Shared.end());
}

/// Only where nobody recorded anything, in the whole link or in a module of it:
/// one with debug info still has a few functions that the compiler made, which
/// came from no file.
void Planner::tellMissingSources() {
  if (C.ruleWithoutSource() == NoIndex)
    return;
  bool AnyRecorded =
      any_of(P.Symbols, [](const Symbol &S) { return !S.Source.empty(); });
  if (AnyRecorded && !P.Symbols[C.symbolWithoutSource()].IsUnrecorded)
    refuse(C.ruleWithoutSource(), C.symbolWithoutSource(),
           RefusalReason::SourceUnknown);
  else
    Result.Missing = {C.ruleWithoutSource(), C.symbolWithoutSource()};
}

Plan Planner::run() {
  for (uint32_t I = 0; I < P.Symbols.size(); ++I)
    enqueue(I, 0);
  std::vector<uint32_t> Seeds;
  for (uint32_t Rule = 0; Rule < Index.size(); ++Rule) {
    Seeds.clear();
    Members.clear();
    Constrained.clear();
    for (size_t I = 0; I < Matched[Rule].size(); ++I)
      if (claimSeed(Rule, Matched[Rule][I]))
        Seeds.push_back(Matched[Rule][I].Symbol);
    findSharedNames(Rule);
    grow(Rule, Seeds);
    constrain(Rule);
    order(Rule);
  }
  tellMissingSources();
  return std::move(Result);
}

Plan makePlan(const Program &P, const RuleIndex &Index) {
  return Planner(P, Index).run();
}

} // namespace section_placement
