//===- Rules.cpp - From short references to the rules that mend them ------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A rule for each native caller: it grows along branches, so it names no
// function that is placed, and mends the references that the log does not name
// as well.
//
// Where the caller is compiled, growth does not do: in ThinLTO caller and
// target are of two modules, and neither backend sees the other's. So such a
// rule names both, and the section. A target goes where the first rule puts it,
// so callers that share a target must share a section: they are joined first
// (union-find over the targets), and where one of them is native, the others go
// to it.
//
//===----------------------------------------------------------------------===//

#include "RuleComments.h"
#include "section-placement/Suggest/Trial.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
using Caller = Finding::Caller;

/// The callers that share targets, directly or through others, each in order.
struct Component {
  std::vector<const Finding *> Native, Compiled, Unknown;
};

class RuleMaker {
public:
  explicit RuleMaker(const Findings &F) : F(F) {}
  SuggestedPolicy make();

private:
  std::vector<Component> components() const;
  void addNative(const Component &C);
  void addCompiled(const Component &C);
  void addUnknown(ArrayRef<Component> All);

  const Findings &F;
  SuggestedPolicy Result;
};
} // namespace

static std::string sectionOf(const Finding &F) {
  return F.Section.empty() ? ".text" : F.Section;
}

/// The order of a log is that of a linker's threads; it must not matter.
static std::vector<const Finding *> sorted(ArrayRef<Finding> All) {
  std::vector<const Finding *> Sorted;
  for (const Finding &One : All)
    Sorted.push_back(&One);
  auto Key = [](const Finding *One) {
    return std::tuple(int(One->From), StringRef(One->Object),
                      StringRef(One->Function), StringRef(One->Section),
                      StringRef(One->Target), One->Relocation->Name,
                      One->Distance.value_or(0), One); // One array: its order.
  };
  llvm::sort(Sorted, [&](const Finding *A, const Finding *B) {
    return Key(A) < Key(B);
  });
  return Sorted;
}

std::vector<Component> RuleMaker::components() const {
  std::map<std::string, int> TargetIds, FirstOfCaller;
  EquivalenceClasses<int> Joined;
  std::vector<int> Targets;
  std::vector<const Finding *> Sorted = sorted(F.All);
  for (const Finding *One : Sorted) {
    std::string Who = std::to_string(int(One->From)) + '\n' + One->Object +
                      '\n' + One->Function;
    // A target that is not known is nobody else's.
    int Target =
        TargetIds
            .try_emplace(One->Target.empty() ? '\n' + Who : One->Target,
                         TargetIds.size())
            .first->second;
    Targets.push_back(Target);
    Joined.insert(Target);
    if (One->From != Caller::Unknown)
      Joined.unionSets(FirstOfCaller.try_emplace(Who, Target).first->second,
                       Target);
  }
  std::map<int, size_t> ByLeader;
  std::vector<Component> All;
  for (size_t I = 0; I < Sorted.size(); ++I) {
    auto [Known, IsNew] =
        ByLeader.try_emplace(Joined.getLeaderValue(Targets[I]), All.size());
    if (IsNew)
      All.emplace_back();
    Component &C = All[Known->second];
    (Sorted[I]->From == Caller::Compiled  ? C.Compiled
     : Sorted[I]->From == Caller::Unknown ? C.Unknown
                                          : C.Native)
        .push_back(Sorted[I]);
  }
  return All;
}

static void addUnique(std::vector<std::string> &Names,
                      const std::string &Name) {
  if (!is_contained(Names, Name))
    Names.push_back(Name);
}

void RuleMaker::addNative(const Component &C) {
  SuggestedRule R;
  explainCallers(C.Native, F.IsScan, R.Why);
  R.GrowsAlongBranches = true;
  bool AnyUnknownObject = false, AnyFunction = false;
  std::set<std::string> Sections;
  for (const Finding *One : C.Native) {
    Sections.insert(sectionOf(*One));
    AnyUnknownObject |= One->Object.empty();
    if (!One->Object.empty())
      addUnique(Result.Natives, One->Object);
    if (!One->Function.empty())
      addUnique(R.Functions, One->Function);
    else if (!One->Object.empty())
      addUnique(R.Objects, One->Object);
    else
      R.MatchesAllNatives = true;
    AnyFunction |= One->Object.empty() && !One->Function.empty();
  }
  const Finding &First = *C.Native.front();
  R.Name = !First.Function.empty() ? First.Function
           : !First.Object.empty() ? sys::path::stem(First.Object).str()
                                   : "short-branches";
  R.Why.push_back("What is reached by short branches goes into the section of "
                  "who reaches it.");
  if (Sections.size() > 1)
    R.Why.push_back("A target that several reach can stand beside one only: "
                    "the first in the order of objects and addresses.");
  if (AnyUnknownObject) {
    Result.ReadsAllNatives = true;
    R.Why.push_back("Which object it is in the log does not tell: name that "
                    "object in 'native'");
    R.Why.push_back("(suggest finds it among the objects it is given), or "
                    "leave it to the wildcards.");
    R.Why.push_back("A target that is assembly, too, is for the linker script "
                    "alone to move.");
  }
  if (AnyFunction)
    R.Why.push_back("If it is compiled by LTO and the branch is inline asm, "
                    "the rule needs a section.");
  Result.Rules.push_back(std::move(R));
}

/// Where no caller has a section that must be kept.
static std::string sectionNamedAfter(const Finding &Compiled) {
  std::string Name = ".text.near.";
  for (char C : Compiled.Function)
    Name += isAlnum(C) || C == '_' ? C : '_';
  return Name;
}

void RuleMaker::addCompiled(const Component &C) {
  const Finding &First = *C.Compiled.front();
  std::set<std::string> Grown, Names;
  for (const Finding *One : C.Native)
    Grown.insert(One->Target);
  for (const Finding *One : C.Compiled) {
    Names.insert(One->Function);
    if (!Grown.count(One->Target))
      Names.insert(One->Target);
  }
  SuggestedRule R;
  R.Name = First.Function;
  R.Functions.assign(Names.begin(), Names.end());
  R.Section = !C.Native.empty()    ? sectionOf(*C.Native.front())
              : !C.Unknown.empty() ? sectionOf(*C.Unknown.front())
              : First.MayBeNative  ? sectionOf(First)
                                   : sectionNamedAfter(First);
  R.Why = {"Inline asm of functions that LTO compiles does not reach:"};
  if (First.MayBeNative)
    R.Why = {
        "Inline asm of functions that LTO compiles, or assembly in sections "
        "of their names, does not reach:"};
  explainReferences(C.Compiled, R.Why);
  R.Why.push_back("Both go into one section, by name: a rule can take its "
                  "section from native callers only.");
  if (First.MayBeNative)
    R.Why.push_back(
        "It is the caller's own, which is right for both; given the "
        "native objects, suggest knows which.");
  Result.Rules.push_back(std::move(R));
}

/// Only targets are known: they go by name to where the branch is, unless a
/// rule above places them.
void RuleMaker::addUnknown(ArrayRef<Component> All) {
  std::map<std::string, std::vector<const Finding *>> BySection;
  for (const Component &C : All)
    if (C.Native.empty() && C.Compiled.empty())
      for (const Finding *One : C.Unknown)
        BySection[sectionOf(*One)].push_back(One);
  for (const auto &[Section, Found] : BySection) {
    SuggestedRule R;
    R.Name = "near" + Section;
    R.Why = {F.AtCompile == Findings::CompileReason::NoBitcode
                 ? "Native code in section " + Section + " does not reach:"
                 : "Code in section " + Section +
                       ", which the log does not name, does not reach:"};
    explainReferences(Found, R.Why);
    R.Why.push_back(F.AtCompile == Findings::CompileReason::NoBitcode
                        ? "It goes there by name."
                        : "It goes there by name. Given the native objects, "
                          "suggest finds who refers to it.");
    for (const Finding *One : Found)
      addUnique(R.Functions, One->Target);
    R.Section = Section;
    Result.Rules.push_back(std::move(R));
  }
}

SuggestedPolicy RuleMaker::make() {
  Result.Why = explainPolicy(F);
  std::vector<Component> All = components();
  for (const Component &C : All)
    if (!C.Native.empty())
      addNative(C);
  addUnknown(All);
  for (const Component &C : All)
    if (!C.Compiled.empty())
      addCompiled(C);
  llvm::sort(Result.Natives);
  if (F.IsDirectLink && !F.IsGathered &&
      F.AtCompile == Findings::CompileReason::None)
    explainGathering(gatheringOf(F, Result), Result.Why);
  if (!F.IsDirectLink)
    Result.Outputs = F.Outputs;
  return std::move(Result);
}

SuggestedPolicy rulesFor(const Findings &All) { return RuleMaker(All).make(); }

} // namespace section_placement
