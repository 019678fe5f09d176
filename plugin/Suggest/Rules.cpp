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

#include "section-placement/Suggest/Finding.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
using Caller = Finding::Caller;

/// One caller and all that it refers to.
struct Group {
  const Finding *First;
  std::vector<const Finding *> All;
};

class RuleMaker {
public:
  explicit RuleMaker(const Findings &F);
  SuggestedPolicy make();

private:
  void joinTargets();
  void addHead();
  void addNative(const Group &G);
  void addLiterals();
  void addCompiled();
  void explainCaller(const Group &G, SuggestedRule &R);

  const Findings &F;
  /// What comes first must not depend on the log's order, which is that of a
  /// linker's threads.
  std::vector<const Finding *> Sorted;
  SuggestedPolicy Result;
  std::map<std::string, int> TargetIds;
  EquivalenceClasses<int> Joined;
  /// By the leader of joined targets: the section that a caller which cannot be
  /// moved brings them to.
  std::map<int, std::string> FixedSection;
  std::set<std::string> Grown; ///< Targets that a native caller's rule places.
};
} // namespace

RuleMaker::RuleMaker(const Findings &F) : F(F) {
  for (const Finding &One : F.All)
    Sorted.push_back(&One);
  auto Key = [](const Finding *One) {
    return std::tuple(int(One->From), StringRef(One->Object),
                      StringRef(One->Function), StringRef(One->Section),
                      StringRef(One->Target), One->Relocation->Name,
                      One->Distance.value_or(0));
  };
  llvm::stable_sort(Sorted, [&](const Finding *A, const Finding *B) {
    return Key(A) < Key(B);
  });
}

static std::string sectionOf(const Finding &F) {
  return F.Section.empty() ? ".text" : F.Section;
}

/// `R_AARCH64_CONDBR19 to 'hyp_panic': 2031220 bytes away, reach -1048576 to
/// 1048575`: one line for each relocation and target, with the farthest.
static void explainReferences(ArrayRef<const Finding *> All,
                              std::vector<std::string> &Lines) {
  struct Farthest {
    const Finding *Of;
    unsigned Count;
  };
  std::map<std::pair<StringRef, StringRef>, Farthest> Distinct;
  auto Size = [](const Finding &F) { return std::abs(F.Distance.value_or(0)); };
  for (const Finding *F : All) {
    Farthest &Known =
        Distinct.try_emplace({F->Target, F->Relocation->Name}, Farthest{F, 0})
            .first->second;
    ++Known.Count;
    if (Size(*F) > Size(*Known.Of))
      Known.Of = F;
  }
  for (const auto &[Key, Known] : Distinct) {
    const Finding &F = *Known.Of;
    std::string Line = "  " + Key.second.str();
    if (!F.Target.empty())
      Line += " to '" + F.Target + "'";
    if (F.Distance)
      Line += (Known.Count > 1 ? ": at most " : ": ") +
              std::to_string(Size(F)) + " bytes away";
    auto Range = F.Range.value_or(
        std::pair(F.Relocation->Lowest, F.Relocation->Highest));
    Line += formatv("; it reaches {0} to {1} bytes", Range.first, Range.second);
    if (!F.IsTargetDefined)
      Line += " (defined by none of the files given)";
    Lines.push_back(std::move(Line));
  }
}

void RuleMaker::joinTargets() {
  auto Id = [&](const std::string &Target) {
    auto [Known, IsNew] = TargetIds.try_emplace(Target, TargetIds.size());
    if (IsNew)
      Joined.insert(Known->second);
    return Known->second;
  };
  std::map<std::string, int> FirstOfCaller;
  for (const Finding *One : Sorted) {
    int Target = Id(One->Target);
    if (One->From != Caller::Compiled)
      continue;
    auto [Known, IsNew] = FirstOfCaller.try_emplace(One->Function, Target);
    if (!IsNew)
      Joined.unionSets(Known->second, Target);
  }
  for (const Finding *One : Sorted) {
    if (One->From == Caller::Compiled || One->Target.empty())
      continue;
    FixedSection.try_emplace(Joined.getLeaderValue(TargetIds[One->Target]),
                             sectionOf(*One));
    if (One->From != Caller::Unknown)
      Grown.insert(One->Target);
  }
}

void RuleMaker::explainCaller(const Group &G, SuggestedRule &R) {
  const Finding &One = *G.First;
  std::string Who =
      One.Function.empty() ? "Code without a name" : "'" + One.Function + "'";
  if (!One.Object.empty())
    Who += " in " + One.Object;
  if (!One.Section.empty())
    Who += ", section " + One.Section;
  if (One.Function.empty() && One.Object.empty())
    Who = "Native code that the log does not name";
  R.Why.push_back(Who + ", refers to what is too far away by");
  if (!One.Distance)
    R.Why.back() = Who + ", has short references:";
  explainReferences(G.All, R.Why);
}

void RuleMaker::addNative(const Group &G) {
  const Finding &One = *G.First;
  SuggestedRule R;
  explainCaller(G, R);
  R.GrowsAlongBranches = true;
  if (!One.Function.empty()) {
    R.Name = One.Function;
    R.Functions = {One.Function};
  } else if (!One.Object.empty()) {
    R.Name = sys::path::stem(One.Object).str();
    R.Objects = {One.Object};
  } else {
    R.Name = "short-branches";
    R.MatchesAllNatives = true;
  }
  R.Why.push_back("What it reaches by short branches goes into its section.");
  if (One.From == Caller::Native) {
    Result.Natives.push_back(One.Object);
  } else {
    Result.ReadsAllNatives = true;
    R.Why.push_back("Which object it is in the log does not tell: name that "
                    "object in 'native'");
    R.Why.push_back("(suggest finds it among the objects it is given), or "
                    "leave it to the wildcards.");
    if (!One.Function.empty())
      R.Why.push_back("If it is compiled by LTO and the branch is inline asm, "
                      "the rule needs a section.");
  }
  Result.Rules.push_back(std::move(R));
}

/// Only targets are known: they go by name to where the branch is.
void RuleMaker::addLiterals() {
  std::map<std::string, std::vector<const Finding *>> BySection;
  for (const Finding *One : Sorted)
    if (One->From == Caller::Unknown && !Grown.count(One->Target))
      BySection[sectionOf(*One)].push_back(One);
  for (const auto &[Section, All] : BySection) {
    SuggestedRule R;
    R.Name = "near" + Section;
    R.Why = {"From code in section " + Section +
             " that the log does not name, what is too far away is reached by"};
    explainReferences(All, R.Why);
    R.Why.push_back("It goes there by name. Given the native objects, suggest "
                    "finds who refers to it.");
    std::set<std::string> Targets;
    for (const Finding *One : All)
      Targets.insert(One->Target);
    R.Functions.assign(Targets.begin(), Targets.end());
    R.Section = Section;
    Result.Rules.push_back(std::move(R));
  }
}

/// Where no caller has a section that must be kept.
static std::string sectionNamedAfter(const Finding &Compiled) {
  std::string Name = ".text.near.";
  for (char C : Compiled.Function)
    Name += isAlnum(C) || C == '_' ? C : '_';
  return Name;
}

void RuleMaker::addCompiled() {
  std::map<int, std::vector<const Finding *>> ByLeader;
  for (const Finding *One : Sorted)
    if (One->From == Caller::Compiled)
      ByLeader[Joined.getLeaderValue(TargetIds[One->Target])].push_back(One);
  std::map<std::string, SuggestedRule> ByName;
  for (auto &[Leader, All] : ByLeader) {
    const Finding *First = All.front();
    SuggestedRule R;
    std::set<std::string> Names;
    for (const Finding *One : All) {
      Names.insert(One->Function);
      if (!Grown.count(One->Target))
        Names.insert(One->Target);
    }
    R.Name = First->Function;
    R.Functions.assign(Names.begin(), Names.end());
    auto Fixed = FixedSection.find(Leader);
    R.Section =
        Fixed != FixedSection.end() ? Fixed->second : sectionNamedAfter(*First);
    R.Why = {"Functions that LTO compiles and whose inline asm refers to what "
             "is too far away by"};
    explainReferences(All, R.Why);
    R.Why.push_back("Both go into one section, by name: a rule can take its "
                    "section from native callers only.");
    ByName.emplace(First->Function, std::move(R));
  }
  for (auto &Entry : ByName)
    Result.Rules.push_back(std::move(Entry.second));
}

void RuleMaker::addHead() {
  Result.Why = {"Suggested by section-placement. For the link that runs LTO:",
                "  SECTION_PLACEMENT_POLICY=<this file> ld.lld "
                "--load-pass-plugin=SectionPlacement.so ..."};
  if (F.IsDirectLink) {
    Result.Why.push_back("That link places its own objects. In ThinLTO each "
                         "is one, and a section's name is nearness only where "
                         "the linker script gathers it:");
    Result.Why.push_back("  *(.text) *(.text.near.*) *(.text.*)");
  } else if (!F.Outputs.empty()) {
    Result.Why.push_back("That is the partial link (ld -r) that writes " +
                         join(F.Outputs, ", ") + ".");
  }
}

SuggestedPolicy RuleMaker::make() {
  addHead();
  joinTargets();
  std::map<std::tuple<int, std::string, std::string>, Group> Natives;
  for (const Finding *One : Sorted) {
    if (One->From != Caller::Native && One->From != Caller::SomeNative)
      continue;
    Group &G = Natives
                   .try_emplace({int(One->From), One->Object, One->Function},
                                Group{One, {}})
                   .first->second;
    G.All.push_back(One);
  }
  for (const auto &Entry : Natives)
    addNative(Entry.second);
  addLiterals();
  addCompiled();
  llvm::sort(Result.Natives);
  Result.Natives.erase(llvm::unique(Result.Natives), Result.Natives.end());
  if (!F.IsDirectLink)
    Result.Outputs = F.Outputs;
  return std::move(Result);
}

SuggestedPolicy rulesFor(const Findings &All) { return RuleMaker(All).make(); }

} // namespace section_placement
