//===- RuleIndex.cpp - Which rules could be about a symbol ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Model/MangledIdentifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

RuleIndex::RuleIndex(const Policy &P) : P(P) {
  size_t Names = 0;
  for (const Rule &R : P.Rules)
    for (const MatchMap &Map : R.Match)
      Names += Map.nameCount();
  ByName.reserve(Names);
  Identifiers.reserve(Names);
  Rules.reserve(P.Rules.size());
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
  fillNameBits();
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
  Indexed.IsNamed = Indexed.MeansNatives = false;
  for (const MatchKeyInfo &Key : matchKeys()) {
    if (!Map.has(Key.Key))
      continue;
    Indexed.IsNamed |= Key.IsName;
    Indexed.MeansNatives |= Key.MeansNatives;
    if (!Key.IsName)
      Indexed.Compared.push_back(&Key);
  }
  Indexed.NamedBy =
      Map.isOfVariables() ? MatchKey::Variable : MatchKey::Function;
  ArrayRef<Pattern> Named = Map[Indexed.NamedBy];
  for (uint32_t I = 0; I < Named.size(); ++I) {
    if (std::optional<StringRef> Name = Named[I].Compiled.literal()) {
      Indexed.Literals.try_emplace(*Name, I);
      addSpelling(*Name);
    } else {
      Indexed.Wildcards.emplace_back(&Named[I], I);
    }
  }
  for (uint32_t I = 0; I < Map.Listed.size(); ++I) {
    Indexed.Listed[Map.Listed[I].Name].push_back(I);
    addSpelling(Map.Listed[I].Name);
  }
  Indexed.Except = index(Map.Except);
  return &Indexed;
}

void RuleIndex::addSpelling(StringRef Literal) {
  StringRef Identifier = requiredIdentifier(Literal);
  if (Identifier.empty())
    IsAnySpelling = true;
  else
    Identifiers.insert(Identifier);
}

bool RuleIndex::mayNameDemangled(StringRef Mangled) const {
  if (IsAnySpelling || Identifiers.empty())
    return IsAnySpelling;
  return anyIdentifier(Mangled, [&](StringRef Identifier) {
    return Identifiers.count(Identifier) != 0;
  });
}

void RuleIndex::addNames(uint32_t Rule, const IndexedMap &Map) {
  auto Add = [&](StringRef Name) {
    SmallVector<uint32_t, 1> &Named = ByName[CachedHashStringRef(Name)];
    if (Named.empty() || Named.back() != Rule)
      Named.push_back(Rule);
  };
  for (const auto &Literal : Map.Literals)
    Add(Literal.first);
  for (const auto &Listed : Map.Listed)
    Add(Listed.first);
}

void RuleIndex::fillNameBits() {
  NameBits.resize(PowerOf2Ceil(8 * ByName.size() + 1));
  for (const auto &Named : ByName)
    NameBits[Named.first.hash() & (NameBits.size() - 1)] = true;
}

ArrayRef<uint32_t> RuleIndex::rulesNaming(StringRef Name) const {
  CachedHashStringRef Key(Name);
  if (!NameBits[Key.hash() & (NameBits.size() - 1)])
    return {};
  auto Found = ByName.find(Key);
  return Found == ByName.end() ? ArrayRef<uint32_t>()
                               : ArrayRef<uint32_t>(Found->second);
}

bool namesOutput(const Pattern &Output, StringRef Name) {
  StringRef Text = Output.Compiled.pattern();
  return Output.Compiled.match(Text.contains('/') ? Name
                                                  : sys::path::filename(Name));
}

} // namespace section_placement
