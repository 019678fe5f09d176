//===- RuleIndex.cpp - Which rules could be about a symbol ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/RuleIndex.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

RuleIndex::RuleIndex(const Policy &P) : P(P) {
  for (uint32_t I = 0; I < P.Rules.size(); ++I) {
    const Rule &R = P.Rules[I];
    IndexedRule Indexed{&R, index(R.Match), {}};
    if (R.Grow && R.Grow->Within)
      Indexed.Within = index(*R.Grow->Within);
    bool IsNamedOnly = true;
    for (const IndexedMap *Map : Indexed.Match)
      if (Map->Map->isNamedOnly())
        addNames(I, *Map);
      else
        IsNamedOnly = false;
    if (!IsNamedOnly)
      ToTry.push_back(I);
    Rules.push_back(std::move(Indexed));
  }
}

IndexedMatcher RuleIndex::index(const Matcher &M) {
  IndexedMatcher Result;
  for (const MatchMap &Map : M)
    Result.push_back(index(Map));
  return Result;
}

const IndexedMap *RuleIndex::index(const MatchMap &Map) {
  IndexedMap &Indexed = Maps.emplace_back();
  Indexed.Map = &Map;
  for (uint32_t I = 0; I < Map.Functions.size(); ++I) {
    const Pattern &Function = Map.Functions[I];
    if (std::optional<StringRef> Name = Function.Compiled.literal())
      Indexed.Literals.try_emplace(*Name, I);
    else
      Indexed.Wildcards.emplace_back(&Function, I);
  }
  for (uint32_t I = 0; I < Map.Listed.size(); ++I)
    Indexed.Listed[Map.Listed[I].Name].push_back(I);
  LooksAtNames |= !Map.Functions.empty() || !Map.Listed.empty();
  Indexed.Except = index(Map.Except);
  return &Indexed;
}

void RuleIndex::addNames(uint32_t Rule, const IndexedMap &Map) {
  auto Add = [&](StringRef Name) {
    SmallVector<uint32_t, 1> &Named = ByName[Name];
    if (Named.empty() || Named.back() != Rule)
      Named.push_back(Rule);
  };
  for (const auto &Literal : Map.Literals)
    Add(Literal.first);
  for (const auto &Listed : Map.Listed)
    Add(Listed.first);
}

ArrayRef<uint32_t> RuleIndex::rulesNaming(StringRef Name) const {
  auto Found = ByName.find(Name);
  return Found == ByName.end() ? ArrayRef<uint32_t>()
                               : ArrayRef<uint32_t>(Found->second);
}

bool choosesNative(const Glob &G, StringRef Object) {
  if (G.match(Object))
    return true;
  if (Object.empty() || Object.back() != ')')
    return false;
  auto [Archive, Member] = Object.drop_back().split('(');
  return G.match(Archive) || G.match(Member);
}

bool namesOutput(const Pattern &Output, StringRef Name) {
  StringRef Text = Output.Compiled.pattern();
  return Output.Compiled.match(Text.contains('/') ? Name
                                                  : sys::path::filename(Name));
}

} // namespace section_placement
