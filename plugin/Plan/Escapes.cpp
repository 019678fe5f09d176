//===- Escapes.cpp - How code leaves a closed rule ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Escapes.h"
#include "section-placement/Plan/Classify.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <set>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
class EscapeFinder {
public:
  EscapeFinder(const Program &P, const CompiledFacts &Facts,
               const RuleIndex &Index, const Plan &ThePlan)
      : P(P), Facts(Facts), Index(Index), ThePlan(ThePlan), C(P, Index) {}

  std::vector<Escape> run();

private:
  const Rule &rule(uint32_t R) const { return *Index.rule(R).R; }
  /// The closed rule that has \p Symbol; NoIndex where none has.
  uint32_t closedRuleOf(uint32_t Symbol) const;
  bool isSameRegion(uint32_t A, uint32_t B) const {
    return !rule(A).Region.empty() && rule(A).Region == rule(B).Region;
  }
  bool isSameGroup(uint32_t A, uint32_t B) const;
  std::string dataSection(uint32_t Rule, const Outlet &Constant) const;
  uint32_t ruleAsking(const Outlet &O) const;
  bool mayBeReplaced(uint32_t Rule, uint32_t Callee);
  bool isInside(uint32_t Rule, uint32_t From, uint32_t Callee);
  bool isInside(uint32_t Rule, const Outlet &Constant) const;
  bool isAllowed(const Closure &By, const Outlet &O);
  bool isAllowed(const Closure &By, const IndirectCallsOf &Calls) const;
  void add(const Escape &E);
  void followNatives();

  const Program &P;
  const CompiledFacts &Facts;
  const RuleIndex &Index;
  const Plan &ThePlan;
  Classifier C;
  std::vector<Escape> Found;
  /// Native members of rules: what they call must be inside as well.
  std::vector<std::pair<uint32_t, uint32_t>> Natives;
  std::map<std::tuple<uint32_t, unsigned, uint32_t, StringRef>, size_t> Known;
};
} // namespace

static StringRef sectionOf(const Rule &R) { return R.target().text(); }

/// What a rule has claimed and does not place is not in its section, unless its
/// source put it there.
uint32_t EscapeFinder::closedRuleOf(uint32_t Symbol) const {
  const Placement &Where = ThePlan.Placements[Symbol];
  if (Where.Rule == NoIndex || !rule(Where.Rule).Closed)
    return NoIndex;
  const Rule &R = rule(Where.Rule);
  const section_placement::Symbol &S = P.Symbols[Symbol];
  if (Where.Reason == PlacementReason::KeepsSection &&
      S.Section != R.target().expand(S, R.Name, ""))
    return NoIndex;
  return Where.Rule;
}

bool EscapeFinder::isSameGroup(uint32_t A, uint32_t B) const {
  return A == B ||
         (rule(A).Closed && rule(B).Closed &&
          (sectionOf(rule(A)) == sectionOf(rule(B)) || isSameRegion(A, B)));
}

/// May the linker bind it to another object's definition, which is not inside?
/// One of the same code is, where a rule has it by its name and not because it
/// grew to this one.
bool EscapeFinder::mayBeReplaced(uint32_t Rule, uint32_t Callee) {
  if (P.Symbols[Callee].Others != Rivals::Equal)
    return P.Symbols[Callee].Others == Rivals::Any;
  for (uint32_t R = 0; R < Index.size(); ++R)
    if (isSameGroup(Rule, R) && C.isNamed(R, Callee) == Answer::Yes)
      return false;
  return true;
}

bool EscapeFinder::isInside(uint32_t Rule, uint32_t From, uint32_t Callee) {
  // Another module's may take its place, so the code goes to the PLT.
  for (const Edge &E : P.edgesFrom(From))
    if (E.To == Callee &&
        (E.Bound == Binding::Interposable || E.Bound == Binding::NotKnown))
      return false;
  if (!P.Symbols[Callee].IsUndefined) {
    uint32_t Other = closedRuleOf(Callee);
    return Other != NoIndex && isSameGroup(Rule, Other) &&
           !mayBeReplaced(Rule, Callee);
  }
  for (uint32_t R = 0; R < Index.size(); ++R)
    if (isSameGroup(Rule, R) && C.isNamed(R, Callee) == Answer::Yes) {
      if (!P.Symbols[Callee].Object.empty())
        Natives.emplace_back(Rule, Callee);
      return true;
    }
  return false;
}

/// A constant that the source put beside the rule's code or its data, or that
/// this rule or another of its group places or copies.
bool EscapeFinder::isInside(uint32_t Rule, const Outlet &Constant) const {
  StringRef Section = Constant.Section;
  if (!Section.empty() && (Section == sectionOf(rule(Rule)) ||
                           Section == dataSection(Rule, Constant)))
    return true;
  if (Constant.To == NoIndex)
    return false;
  const Placement &Where = ThePlan.Placements[Constant.To];
  auto IsNear = [&](uint32_t Other) {
    return isSameGroup(Rule, Other) || isSameRegion(Rule, Other);
  };
  return (!Where.Section.empty() && IsNear(Where.Rule)) ||
         any_of(ThePlan.Copies, [&](const DataCopy &C) {
           return C.Symbol == Constant.To && isSameGroup(Rule, C.Rule);
         });
}

/// Where the rule puts a constant that its code reads.
std::string EscapeFinder::dataSection(uint32_t R,
                                      const Outlet &Constant) const {
  if (!rule(R).Data)
    return "";
  Symbol S;
  S.Name = S.Canonical = Constant.Data;
  S.Source = P.Symbols[Constant.From].Source;
  return rule(R).Data->expand(S, rule(R).Name, "");
}

/// The rule that asks where \p O goes: a closed one; of data, also one that
/// takes it along, where it is known what moves.
uint32_t EscapeFinder::ruleAsking(const Outlet &O) const {
  const Placement &Where = ThePlan.Placements[O.From];
  if (O.What != Outlet::Kind::Constant || Where.Rule == NoIndex ||
      !rule(Where.Rule).takesDataAlong())
    return closedRuleOf(O.From);
  return P.Reads ? Where.Rule : NoIndex;
}

/// A native object that a rule names is moved by the linker script. Its code is
/// the rule's then, so what it calls is asked like what compiled code calls.
void EscapeFinder::followNatives() {
  std::set<std::pair<uint32_t, uint32_t>> Known;
  while (!Natives.empty()) {
    auto [Rule, From] = Natives.back();
    Natives.pop_back();
    if (!Known.insert({Rule, From}).second)
      continue;
    if (P.Symbols[From].HasUnknownCode)
      add({Rule, Escape::Kind::NotCompiled, From, NoIndex,
           "its calls cannot be read of its relocations"});
    for (const Edge &E : P.edgesFrom(From)) {
      Outlet O{From,
               E.Kind == EdgeKind::Address ? Outlet::Kind::Address
                                           : Outlet::Kind::Call,
               E.To, "", ""};
      if (isCall(E.Kind) && !isAllowed(*rule(Rule).Closed, O) &&
          !isInside(Rule, From, E.To))
        add({Rule, Escape::Kind(O.What), From, E.To, ""});
    }
  }
}

bool EscapeFinder::isAllowed(const Closure &By, const Outlet &O) {
  if (O.What != Outlet::Kind::Constant)
    return C.matchesAny(By.Functions, O.To);
  return any_of(By.Data, [&](const Pattern &Glob) {
    return Glob.Compiled.match(O.Data);
  });
}

bool EscapeFinder::isAllowed(const Closure &By,
                             const IndirectCallsOf &Calls) const {
  return !Calls.Source.empty() && any_of(By.Indirect, [&](const Pattern &Glob) {
    return Glob.Compiled.match(Calls.Source);
  });
}

void EscapeFinder::add(const Escape &E) {
  auto [Place, IsNew] =
      Known.try_emplace({E.Rule, unsigned(E.What), E.Callee,
                         E.What == Escape::Kind::IndirectCalls
                             ? StringRef(P.Symbols[E.Symbol].Name)
                             : E.Data},
                        Found.size());
  if (IsNew)
    Found.push_back(E);
  else
    ++Found[Place->second].Others;
}

std::vector<Escape> EscapeFinder::run() {
  for (uint32_t I = 0; I < P.Symbols.size(); ++I)
    if (uint32_t R = closedRuleOf(I); R != NoIndex && Facts.Failed.count(I))
      add({R, Escape::Kind::NotCompiled, I, NoIndex, Facts.Failed.lookup(I)});
  for (const Outlet &O : Facts.Outlets) {
    uint32_t R = ruleAsking(O);
    if (R == NoIndex || (rule(R).Closed && isAllowed(*rule(R).Closed, O)))
      continue;
    bool IsConstant = O.What == Outlet::Kind::Constant;
    bool Inside = IsConstant ? isInside(R, O) : isInside(R, O.From, O.To);
    if (!Inside)
      add({R, Escape::Kind(O.What), O.From, IsConstant ? NoIndex : O.To,
           O.Data});
  }
  for (const IndirectCallsOf &Calls : Facts.IndirectCalls) {
    uint32_t R = closedRuleOf(Calls.From);
    if (R != NoIndex && !isAllowed(*rule(R).Closed, Calls))
      add({R, Escape::Kind::IndirectCalls, Calls.From, NoIndex, Calls.Source,
           Calls.Count});
  }
  followNatives();
  llvm::sort(Found, [](const Escape &A, const Escape &B) {
    return std::tuple(A.Rule, A.Symbol, A.What, A.Callee, A.Data) <
           std::tuple(B.Rule, B.Symbol, B.What, B.Callee, B.Data);
  });
  return std::move(Found);
}

std::vector<Escape> findEscapes(const Program &P, const CompiledFacts &Facts,
                                const RuleIndex &Index, const Plan &ThePlan) {
  return EscapeFinder(P, Facts, Index, ThePlan).run();
}

/// Does the rule ask what the code of its functions calls or reads?
static bool followsCode(const Rule &R) {
  return R.Closed || R.takesDataAlong() ||
         (R.Grow && R.Grow->AlongCall &&
          R.Grow->Towards != Growth::Direction::Callers);
}

std::vector<uint32_t> wantedCode(const CompiledFacts &Facts,
                                 const RuleIndex &Index, const Plan &ThePlan,
                                 size_t Count) {
  std::vector<bool> IsWanted(Count);
  for (uint32_t R = 0; R < Index.size(); ++R)
    if (Index.rule(R).R->MaxSize)
      for (uint32_t I : ThePlan.constrainedBy(R))
        if (I < Count)
          IsWanted[I] = true;
  std::vector<uint32_t> Wanted;
  for (uint32_t I = 0; I < Count; ++I) {
    uint32_t R = ThePlan.Placements[I].Rule;
    bool IsFollowed = R != NoIndex && followsCode(*Index.rule(R).R);
    if ((IsWanted[I] || IsFollowed) && !Facts.Compiled.count(I) &&
        !Facts.Failed.count(I))
      Wanted.push_back(I);
  }
  return Wanted;
}

} // namespace section_placement
