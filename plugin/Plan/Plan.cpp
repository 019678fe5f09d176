//===- Plan.cpp - Who goes where, and why ---------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: an ordered list of rules, each of which claims what matches and
// grows from it before the next is looked at, and a program of a million
// functions.
//
// Method: what a rule matches is found beforehand for all functions in one
// pass, each under the first rule that is about it; one that this rule does not
// claim after all goes on to its next. Then rule by rule, what the rule's
// Effect says: claim, grow, constrain, order.
//
// Scale: linear in symbols and in the edges of what grows, whatever the number
// of rules that name functions without wildcards. docs/how-it-works.md has the
// figures.
//
// Limits: it knows neither IR nor bytes. What cannot be followed is a hole,
// what cannot be moved a refusal, each with its reason; neither is silent.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Plan.h"
#include "AffinityOrder.h"
#include "DataPlan.h"
#include "Planner.h"
#include "section-placement/Affinity/Grow.h"
#include "section-placement/Affinity/Order.h"
#include "section-placement/Plan/Classify.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Debug.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

void Planner::enqueue(uint32_t Symbol, uint32_t FromRule) {
  std::optional<RuleMatch> Match = C.firstMatch(Symbol, FromRule);
  if (!Match)
    return;
  LLVM_DEBUG(dbgs() << "match: '" << P.Symbols[Symbol].Name << "' by rule '"
                    << Index.rule(Match->Rule).R->Name << "'\n");
  Matched[Match->Rule].push_back({Symbol, *Match});
}

/// A rule that only constrains is about what earlier rules placed, too.
void Planner::passOn(uint32_t Symbol, uint32_t Rule) {
  if (Rule + 1 < EndOfConstraints)
    enqueue(Symbol, Rule + 1);
}

void Planner::refuse(uint32_t Rule, uint32_t Symbol, RefusalReason Reason,
                     uint32_t Edge) {
  if (!Refused.insert({Symbol, Rule}).second)
    return;
  LLVM_DEBUG(dbgs() << "refuse: '" << P.Symbols[Symbol].Name << "' by rule '"
                    << Index.rule(Rule).R->Name << "': " << nameOf(Reason)
                    << '\n');
  Result.Refusals.push_back({Symbol, Rule, Reason, Edge});
}

void Planner::place(Placement &Where, uint32_t Symbol, StringRef Native) {
  const Rule &R = *Index.rule(Where.Rule).R;
  const section_placement::Symbol &S = P.Symbols[Symbol];
  const SectionTemplate &Target = S.isVariable() ? *R.Data : R.target();
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
  bool IsVariable = P.Symbols[Symbol].isVariable();
  ++(IsVariable ? Result.Totals[Rule].Variables : Result.Totals[Rule].Claimed);
  if (!IsVariable)
    Members.push_back(Symbol);
  if (Index.rule(Rule).R->Does == Effect::Leave) {
    Where.Reason = PlacementReason::Left;
  } else if (!P.Symbols[Symbol].Section.empty() && !NamesSection) {
    Where.Reason = PlacementReason::KeepsSection;
    if (By.Reason != PlacementReason::Matched)
      refuse(Rule, Symbol, RefusalReason::KeepsSection, By.Via);
  } else {
    place(Where, Symbol, Native);
  }
  LLVM_DEBUG(dbgs() << "claim: '" << P.Symbols[Symbol].Name << "' by rule '"
                    << Index.rule(Rule).R->Name << "': " << nameOf(Where.Reason)
                    << ", section '" << Where.Section << "'\n");
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

/// Native code is never moved; a rule that grows begins there.
bool Planner::meetNativeSeed(uint32_t Rule, uint32_t Symbol) {
  ++Result.Totals[Rule].Seeds;
  switch (Index.rule(Rule).R->Does) {
  case Effect::Leave: // No later rule grows from it.
    ++Result.Totals[Rule].Claimed;
    return false;
  case Effect::Place:
    if (Index.rule(Rule).R->Section)
      refuse(Rule, Symbol, RefusalReason::NativeStays);
    break;
  case Effect::PlaceByNatives:
  case Effect::Constrain:
    break;
  }
  enqueue(Symbol, Rule + 1); // A seed may be one of several rules.
  return true;
}

/// Of a rule that matches the function and does not place it.
void Planner::meetUnplaced(uint32_t Rule, uint32_t Symbol) {
  const section_placement::Rule &R = *Index.rule(Rule).R;
  bool IsClaimed = Result.Placements[Symbol].Rule != NoIndex;
  if (R.Does == Effect::Constrain || R.Inline != InlineLine::Free || R.Split) {
    ++Result.Totals[Rule].Seeds;
    Constrained.push_back(Symbol);
  } else if (!IsClaimed) {
    refuse(Rule, Symbol, RefusalReason::NoSection);
  }
  if (IsClaimed)
    passOn(Symbol, Rule);
  else
    enqueue(Symbol, Rule + 1);
}

/// What a rule does with its variables does not hang on what it does with its
/// functions.
Effect Planner::effectOn(uint32_t Rule, uint32_t Symbol) const {
  const section_placement::Rule &R = *Index.rule(Rule).R;
  return P.Symbols[Symbol].isVariable() && R.Data ? Effect::Place : R.Does;
}

/// May it go where the rule says? A refusal where not.
bool Planner::placeVariable(uint32_t Rule, uint32_t Symbol) {
  const section_placement::Rule &R = *Index.rule(Rule).R;
  const section_placement::Symbol &S = P.Symbols[Symbol];
  if (R.Does == Effect::Leave)
    return true;
  std::optional<RefusalReason> Why =
      dataObstacle(S.Holds, R.Data->expand(S, R.Name, ""));
  if (Why)
    refuse(Rule, Symbol, *Why);
  return !Why;
}

bool Planner::claimMatched(uint32_t Rule, const Candidate &Seed) {
  const Placement &Before = Result.Placements[Seed.Symbol];
  if (Before.Rule != NoIndex) { // By an earlier rule.
    if (Before.Reason != PlacementReason::Left)
      passOn(Seed.Symbol, Rule);
    return false;
  }
  ++Result.Totals[Rule].Seeds;
  if (P.Symbols[Seed.Symbol].isVariable() &&
      !placeVariable(Rule, Seed.Symbol)) {
    enqueue(Seed.Symbol, Rule + 1);
    return false;
  }
  if (Index.rule(Rule).R->Does != Effect::Leave)
    passOn(Seed.Symbol, Rule);
  claim(Seed.Symbol,
        {Rule, PlacementReason::Matched, "", NoIndex, Seed.Match.Rank}, "",
        Seed.Match.NamesSection);
  return true;
}

/// Does growth start from it?
bool Planner::claimSeed(uint32_t Rule, const Candidate &Seed) {
  if (P.Symbols[Seed.Symbol].IsNative)
    return meetNativeSeed(Rule, Seed.Symbol);
  switch (effectOn(Rule, Seed.Symbol)) {
  case Effect::Place:
  case Effect::Leave:
    return claimMatched(Rule, Seed) && !P.Symbols[Seed.Symbol].isVariable();
  case Effect::PlaceByNatives:
  case Effect::Constrain:
    meetUnplaced(Rule, Seed.Symbol);
    return false;
  }
  return false;
}

bool takesGuests(StringRef Section) {
  return Section.consume_front(".text") &&
         (Section.empty() || Section.front() == '.');
}

bool Planner::isOutside(uint32_t Symbol) {
  auto [Known, IsNew] = Outside.try_emplace(Symbol, false);
  if (IsNew) {
    bool IsClaimed = Result.Placements[Symbol].Rule != NoIndex;
    Known->second = !C.isWithin(Growing, Symbol, /*Matters=*/!IsClaimed);
  }
  return Known->second;
}

void Planner::addHole(HoleKind Kind, uint32_t Symbol, uint32_t Callee,
                      uint32_t Count) {
  if (Callee != NoIndex) {
    auto [Known, IsNew] =
        HoleOf.try_emplace({Callee, uint32_t(Kind)}, Result.Holes.size());
    if (!IsNew) {
      Result.Holes[Known->second].Count += Count;
      return;
    }
  }
  LLVM_DEBUG(dbgs() << "hole: " << nameOf(Kind) << " in '"
                    << P.Symbols[Symbol].Name << "' of rule '"
                    << Index.rule(Growing).R->Name << "'\n");
  Result.Holes.push_back({Growing, Kind, Symbol, Callee, Count});
}

void Planner::follow(uint32_t Symbol) {
  const section_placement::Symbol &S = P.Symbols[Symbol];
  if (S.IndirectCalls)
    addHole(HoleKind::IndirectCalls, Symbol, NoIndex, S.IndirectCalls);
  if (S.HasUnreadableAsm)
    addHole(HoleKind::UnreadableAsm, Symbol);
  if (S.HasUnknownCode)
    addHole(HoleKind::UnknownCode, Symbol);
  if (S.HasUnreadBody)
    addHole(HoleKind::UnreadBody, Symbol);
}

/// Native code cannot be moved. Growth goes on to what it calls.
bool Planner::takeNative(const Reached &R) {
  const Edge &E = P.Edges[R.Edge];
  const Symbol &Target = P.Symbols[R.Symbol];
  if (E.Kind == EdgeKind::Branch)
    refuse(Growing, R.Symbol, RefusalReason::NativeToNative, R.Edge);
  else if (R.IsCaller)
    refuse(Growing, R.Symbol, RefusalReason::NativeStays, R.Edge);
  else if (Target.IsNative || !Target.Object.empty()) {
    addHole(HoleKind::NativeCallee, E.From, R.Symbol);
    return true;
  } else if (E.Kind == EdgeKind::RuntimeCall)
    addHole(HoleKind::RuntimeCall, E.From, R.Symbol);
  else
    addHole(HoleKind::CalleeOutside, E.From, R.Symbol);
  return false;
}

/// Growth goes through what its own rule has.
bool Planner::meetClaimed(const Reached &R) {
  if (Result.Placements[R.Symbol].Rule == Growing)
    return true;
  refuse(Growing, R.Symbol, RefusalReason::ClaimedEarlier, R.Edge);
  if (!R.IsCaller)
    addHole(HoleKind::ClaimedEarlier, P.Edges[R.Edge].From, R.Symbol);
  return false;
}

/// The branch goes to the PLT, wherever the function stands.
bool Planner::meetInterposable(const Reached &R) {
  refuse(Growing, R.Symbol, RefusalReason::Interposable, R.Edge);
  if (P.Edges[R.Edge].Kind != EdgeKind::Branch)
    addHole(HoleKind::Interposable, P.Edges[R.Edge].From, R.Symbol);
  return false;
}

static PlacementReason reasonOf(EdgeKind Kind, bool IsCaller) {
  if (Kind == EdgeKind::Branch)
    return PlacementReason::GrownAlongBranch;
  return IsCaller ? PlacementReason::GrownToCaller
                  : PlacementReason::GrownAlongCall;
}

bool Planner::take(const Reached &R) {
  const section_placement::Rule &TheRule = *Index.rule(Growing).R;
  const Symbol &Target = P.Symbols[R.Symbol];
  const Symbol &Seed = P.Symbols[R.Seed];
  const Edge &E = P.Edges[R.Edge];
  LLVM_DEBUG(dbgs() << "grow: rule '" << TheRule.Name << "' reaches '"
                    << Target.Name << "'"
                    << (isOutside(R.Symbol) ? ", outside" : "") << '\n');
  if (isOutside(R.Symbol))
    return false;
  if (E.Bound == Binding::Interposable && !R.IsCaller && !Target.IsUndefined)
    return meetInterposable(R);
  if (Target.IsNative || Target.IsUndefined)
    return takeNative(R);
  if (TheRule.target().usesNative() && !TheRule.Section &&
      !takesGuests(Seed.Section)) {
    refuse(Growing, R.Symbol, RefusalReason::NativeSection, R.Edge);
    return false;
  }
  if (Result.Placements[R.Symbol].Rule != NoIndex)
    return meetClaimed(R);
  claim(R.Symbol, {Growing, reasonOf(E.Kind, R.IsCaller), "", R.Edge},
        Seed.Section, /*NamesSection=*/false);
  if (!R.IsCaller &&
      Result.Placements[R.Symbol].Reason == PlacementReason::KeepsSection)
    addHole(HoleKind::KeepsSection, E.From, R.Symbol);
  return true;
}

void Planner::grow(uint32_t Rule, ArrayRef<uint32_t> Seeds) {
  const auto &G = Index.rule(Rule).R->Grow;
  if (!G)
    return;
  for (uint32_t Seed : Seeds)
    Result.IsBranchSeed[Seed] = Result.IsBranchSeed[Seed] || G->AlongBranch;
  Growing = Rule;
  Outside.clear();
  HoleOf.clear();
  growFrom(P, *G, Seeds, *this);
}

namespace {
/// What grows from functions that a rule constrains and does not place.
class LineGrower final : public Grower {
public:
  LineGrower(const Program &P, Classifier &C, uint32_t Rule,
             std::vector<uint32_t> &Inside)
      : P(P), C(C), Rule(Rule), Inside(Inside) {}

  bool take(const Reached &Met) override {
    const Symbol &S = P.Symbols[Met.Symbol];
    bool Takes = !S.IsNative && !S.IsUndefined &&
                 C.isWithin(Rule, Met.Symbol, /*Matters=*/true);
    if (Takes)
      Inside.push_back(Met.Symbol);
    return Takes;
  }
  void follow(uint32_t) override {}

private:
  const Program &P;
  Classifier &C;
  uint32_t Rule;
  std::vector<uint32_t> &Inside;
};
} // namespace

/// What the `inline`, `max-size` and `split` of the rule at hand are about:
/// what it claimed, and what it matches and does not place.
void Planner::constrain(uint32_t Rule) {
  const section_placement::Rule &R = *Index.rule(Rule).R;
  if (!R.constrains())
    return;
  std::vector<uint32_t> Inside = Members;
  Inside.insert(Inside.end(), Constrained.begin(), Constrained.end());
  if (R.Grow) {
    LineGrower Line(P, C, Rule, Inside);
    growFrom(P, *R.Grow, Constrained, Line);
  }
  llvm::sort(Inside);
  Inside.erase(std::unique(Inside.begin(), Inside.end()), Inside.end());
  Result.Totals[Rule].Inside = Inside.size();
  if (!Inside.empty())
    Result.Constrained.push_back({Rule, std::move(Inside)});
}

/// Which functions are split, by the first rule that says so of them. A rule
/// that keeps code together has the last word, whatever the order of rules.
void Planner::planSplits() {
  Result.SplitBy.assign(P.Symbols.size(), NoIndex);
  for (const ConstrainedGroup &Group : Result.Constrained) {
    const Rule &R = *Index.rule(Group.Rule).R;
    if (!R.Split)
      continue;
    bool NeedsSource = R.Split->uses(SectionTemplate::Word::File) ||
                       R.Split->uses(SectionTemplate::Word::Dir);
    for (uint32_t I : Group.Symbols) {
      const Symbol &S = P.Symbols[I];
      if (S.isVariable() || S.IsNative || S.IsUndefined ||
          Result.SplitBy[I] != NoIndex)
        continue;
      uint32_t Owner = Result.Placements[I].Rule;
      const Rule *Has = Owner == NoIndex ? nullptr : Index.rule(Owner).R;
      if (Has && Has->Does == Effect::Leave)
        continue; // Of its functions other rules say nothing.
      if (Has && Has->Closed)
        refuse(Group.Rule, I, RefusalReason::ClosedIsWhole);
      else if (Has && Has->OptsOut)
        refuse(Group.Rule, I, RefusalReason::OptedOutIsWhole);
      else if (NeedsSource && S.Source.empty())
        refuse(Group.Rule, I, RefusalReason::SourceUnknown);
      else
        Result.SplitBy[I] = Group.Rule;
    }
  }
}

void Planner::orderAsListed() {
  auto Key = [&](uint32_t I) {
    return std::tuple(Result.Placements[I].Rank, I);
  };
  std::sort(Members.begin(), Members.end(),
            [&](uint32_t A, uint32_t B) { return Key(A) < Key(B); });
}

ArrayRef<uint32_t> Planner::runRanks() {
  if (P.Runs.empty() || !RunRanks.empty())
    return RunRanks;
  RunRanks.assign(P.Symbols.size(), NoIndex);
  uint32_t Rank = 0;
  for (uint32_t I : orderByRuns(P.Runs))
    RunRanks[I] = Rank++;
  return RunRanks;
}

void Planner::order(uint32_t Rule) {
  Rule::Order How = Index.rule(Rule).R->InSection;
  erase_if(Members, [&](uint32_t I) {
    return Result.Placements[I].Reason == PlacementReason::KeepsSection;
  });
  if (How == Rule::Order::Input || Members.size() < 2)
    return;
  if (How == Rule::Order::Listed)
    orderAsListed();
  else
    Members = inOrderOfAffinity(P, runRanks(), Members);
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
  if (P.Symbols[C.symbolWithoutSource()].IsArchiveUnknown &&
      all_of(P.Symbols, [](const Symbol &S) { return S.Archive.empty(); })) {
    Result.Missing = {C.ruleWithoutSource(), C.symbolWithoutSource(), true};
    return;
  }
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
    if (!P.Symbols[I].IsUndefined && !P.Symbols[I].IsImported)
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
  planSplits();
  tellMissingSources();
  planData(P, Index, Result);
  return std::move(Result);
}

Plan makePlan(const Program &P, const RuleIndex &Index) {
  return Planner(P, Index).run();
}

} // namespace section_placement
