//===- Expectation.cpp - What a policy wants of an image ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Expectation.h"
#include "Grouping.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Plan/Plan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

/// Does \p Map ask what an image cannot answer?
static bool asksMore(const MatchMap &Map) {
  return any_of(matchKeys(),
                [&](const MatchKeyInfo &Key) {
                  return !Key.IsInImage && Map.has(Key.Key);
                }) ||
         any_of(Map.Except, asksMore);
}

/// `source, section, attribute, profile or annotation`.
static std::string keysOutsideImage() {
  SmallVector<StringRef, MatchKeyCount> Names;
  for (const MatchKeyInfo &Key : matchKeys())
    if (!Key.IsInImage)
      Names.push_back(Key.Name);
  return join(ArrayRef<StringRef>(Names).drop_back(), ", ") + " or " +
         Names.back().str();
}

bool isDecidableByImage(const Rule &R) {
  return none_of(R.Match, asksMore) &&
         !(R.Grow && R.Grow->Within && any_of(*R.Grow->Within, asksMore));
}

static Policy decidable(const Policy &P, bool KeepsCalls,
                        std::vector<std::string> &Told) {
  Policy Part = P;
  for (Rule &R : Part.Rules) {
    auto Lost = [&](const Twine &What) {
      Told.push_back(("rule '" + R.Name + "' " + What +
                      ", which an image does not say; the reports do: --report "
                      "DIR")
                         .str());
    };
    if (any_of(R.Match, asksMore)) {
      erase_if(R.Match, asksMore);
      Lost("matches by " + keysOutsideImage());
    }
    if (!R.Grow)
      continue;
    if (R.Grow->Within && any_of(*R.Grow->Within, asksMore)) {
      R.Grow.reset();
      Lost("grows within a " + keysOutsideImage());
    } else if (R.Grow->AlongCall && !KeepsCalls) {
      Lost("grows along calls");
      if (R.Grow->AlongBranch)
        R.Grow->AlongCall = false;
      else
        R.Grow.reset();
    }
  }
  return Part;
}

Policy decidablePart(const Policy &P, std::vector<std::string> &Told) {
  return decidable(P, /*KeepsCalls=*/false, Told);
}

Policy decidablePartWithCalls(const Policy &P) {
  std::vector<std::string> Told;
  return decidable(P, /*KeepsCalls=*/true, Told);
}

std::string groupOf(const Rule &R, StringRef Section, StringRef Function) {
  std::string Group = Section.str();
  bool HasOwn = R.target().uses(SectionTemplate::Word::Function) ||
                (R.Data && R.Data->uses(SectionTemplate::Word::Variable));
  if (!HasOwn)
    return Group;
  size_t At = Section.rfind(Function);
  if (At != StringRef::npos)
    Group.replace(At, Function.size(), "*");
  return Group;
}

/// Is it what `split` took out of a function that a rule wants split? That goes
/// where the rule's `split-section` says, and never with the function.
static bool isSplitOff(const Plan &ThePlan, const Symbol &S) {
  return S.Parent != NoIndex && ThePlan.SplitBy[S.Parent] != NoIndex &&
         S.Name.take_back(5) == ".cold";
}

std::vector<ExpectedFunction> expectationsOf(const ImageProgram &Program,
                                             const ElfFile &Image,
                                             const RuleIndex &Index) {
  Plan ThePlan = makePlan(Program.P, Index);
  std::vector<ExpectedFunction> Result;
  for (uint32_t I = 0; I < Program.P.Symbols.size(); ++I) {
    const Placement &Where = ThePlan.Placements[I];
    const Symbol &S = Program.P.Symbols[I];
    if (S.IsNative || Where.Section.empty() || isSplitOff(ThePlan, S))
      continue;
    ExpectedFunction &F = Result.emplace_back();
    F.Name = Image.definitions()[Program.ImageSymbol[I]].Name.str();
    F.Rule = Where.Rule;
    F.Section = Where.Section.str();
    F.Group = groupOf(*Index.rule(Where.Rule).R, Where.Section, S.Canonical);
    F.ImageSymbols = {Program.ImageSymbol[I]};
  }
  return Result;
}

} // namespace section_placement
