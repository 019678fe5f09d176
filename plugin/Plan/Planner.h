//===- Planner.h - A plan on its way ----------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_PLANNER_H
#define SECTION_PLACEMENT_PLAN_PLANNER_H

#include "section-placement/Affinity/Grow.h"
#include "section-placement/Plan/Classify.h"
#include "section-placement/Plan/Plan.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace section_placement {

/// Makes one plan; see Plan.cpp.
class Planner final : public Grower {
public:
  Planner(const Program &P, const RuleIndex &Index)
      : P(P), Index(Index), C(P, Index), Matched(Index.size()) {
    Result.Placements.resize(P.Symbols.size());
    Result.Totals.resize(Index.size());
    Result.IsBranchSeed.resize(P.Symbols.size());
    for (uint32_t Rule = 0; Rule < Index.size(); ++Rule)
      if (Index.rule(Rule).R->constrains())
        EndOfConstraints = Rule + 1;
  }

  Plan run();

  bool take(const Reached &R) override;
  void follow(uint32_t Symbol) override;

private:
  struct Candidate {
    uint32_t Symbol;
    RuleMatch Match;
  };
  void enqueue(uint32_t Symbol, uint32_t FromRule);
  void passOn(uint32_t Symbol, uint32_t Rule);
  bool claimSeed(uint32_t Rule, const Candidate &Seed);
  bool meetNativeSeed(uint32_t Rule, uint32_t Symbol);
  Effect effectOn(uint32_t Rule, uint32_t Symbol) const;
  bool placeVariable(uint32_t Rule, uint32_t Symbol);
  bool claimMatched(uint32_t Rule, const Candidate &Seed);
  void meetUnplaced(uint32_t Rule, uint32_t Symbol);
  void claim(uint32_t Symbol, const Placement &By, llvm::StringRef Native,
             bool NamesSection);
  void place(Placement &Where, uint32_t Symbol, llvm::StringRef Native);
  void grow(uint32_t Rule, llvm::ArrayRef<uint32_t> Seeds);
  bool isOutside(uint32_t Symbol);
  bool takeNative(const Reached &R);
  bool meetClaimed(const Reached &R);
  bool meetInterposable(const Reached &R);
  void addHole(HoleKind Kind, uint32_t Symbol, uint32_t Callee = NoIndex,
               uint32_t Count = 1);
  void constrain(uint32_t Rule);
  void planSplits();
  void followParent(uint32_t Rule, uint32_t Parent);
  void refuse(uint32_t Rule, uint32_t Symbol, RefusalReason Reason,
              uint32_t Edge = NoIndex);
  void order(uint32_t Rule);
  llvm::ArrayRef<uint32_t> runRanks();
  void orderAsListed();
  void findSharedNames(uint32_t Rule);
  void tellMissingSources();

  const Program &P;
  const RuleIndex &Index;
  Classifier C;
  Plan Result;
  std::vector<std::vector<Candidate>> Matched; // By rule.
  std::vector<uint32_t> Members;               // Of the rule at hand.
  std::vector<uint32_t> Constrained; // Likewise, where it places none of them.
  std::vector<uint32_t> RunRanks;    // By symbol, once they are asked for.
  uint32_t EndOfConstraints = 0;     // Behind the last rule that constrains.
  uint32_t Growing = NoIndex;        // The rule at hand.
  llvm::DenseMap<uint32_t, bool> Outside; // Of its `within`.
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, uint32_t>
      HoleOf;                                            // Callee and kind.
  llvm::DenseSet<std::pair<uint32_t, uint32_t>> Refused; // Symbol and rule.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_PLANNER_H
