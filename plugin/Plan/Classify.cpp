//===- Classify.cpp - Which rule claims a symbol --------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first rule that claims a function places it. Rules that name functions
// without a wildcard are found by a lookup of the function's names, so a
// thousand of them cost what ten do; the others are tried in their order.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Classify.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Model/MangledIdentifier.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

/// Every name that a policy may call a symbol by. Most symbols are named by no
/// rule, so to demangle waits until it matters.
class Classifier::Names {
public:
  Names(const Program &P, const RuleIndex &Index, uint32_t I) {
    const Symbol &S = P.Symbols[I];
    add(S.Name, S.Canonical);
    for (const Alias &A : P.aliasesOf(I))
      add(A.Name, canonicalName(A.Name, /*Merged=*/false));
    IsAskedDemangled = any_of(Plain, [&](StringRef Name) {
      return isMangled(Name) && Index.mayNameDemangled(Name);
    });
  }

  /// Those that a wildcard can hold for. What a pass appended is not in them: a
  /// function would match or not by whether ThinLTO promoted it.
  ArrayRef<StringRef> ofSource() const {
    if (Everything.empty())
      demangle();
    return ArrayRef<StringRef>(Everything).take_front(NumOfSource);
  }
  /// Those that a literal of the policy can be: whole symbols, too.
  ArrayRef<StringRef> literals() const {
    if (!IsAskedDemangled)
      return Plain;
    if (Everything.empty())
      demangle();
    return Everything;
  }

private:
  void add(StringRef Name, StringRef Canonical) {
    Plain.push_back(Canonical);
    Canonicals.push_back(Canonical);
    bool IsSame =
        Name.data() == Canonical.data() && Name.size() == Canonical.size();
    if (!IsSame && Name != Canonical)
      Plain.push_back(Name);
  }
  void demangle() const {
    for (StringRef Name : Canonicals)
      for (std::string &D : demangledNames(Name))
        Demangled.push_back(std::move(D));
    size_t NumDemangled = Demangled.size();
    for (StringRef Name : Plain)
      if (!is_contained(Canonicals, Name))
        for (std::string &D : demangledNames(Name))
          Demangled.push_back(std::move(D));
    Everything.append(Canonicals.begin(), Canonicals.end());
    Everything.append(Demangled.begin(), Demangled.begin() + NumDemangled);
    NumOfSource = Everything.size();
    Everything.append(Plain.begin(), Plain.end());
    Everything.append(Demangled.begin() + NumDemangled, Demangled.end());
  }

  SmallVector<StringRef, 2> Plain, Canonicals;
  bool IsAskedDemangled;
  mutable size_t NumOfSource = 0;
  mutable SmallVector<StringRef, 8> Everything;
  mutable SmallVector<std::string, 0> Demangled;
};

bool Classifier::matchNames(const IndexedMap &Map, const Symbol &S,
                            const Names &N, bool Wildcards, uint64_t &Rank) {
  if (Map.Map->has(Map.NamedBy)) {
    uint64_t First = UINT64_MAX;
    for (StringRef Name : N.literals()) {
      auto Literal = Map.Literals.find(Name);
      if (Literal != Map.Literals.end())
        First = std::min<uint64_t>(First, Literal->second);
    }
    for (const auto &[Wildcard, Position] : Map.Wildcards)
      if (Wildcards && Position < First &&
          any_of(
              N.ofSource(), [&G = Wildcard->Compiled](
                                StringRef Name) { return G.match(Name); }))
        First = Position;
    if (First == UINT64_MAX)
      return false;
    Rank = First;
  }
  if (!Map.Map->has(MatchKey::FunctionFile))
    return true;
  uint64_t First = UINT64_MAX;
  for (StringRef Name : N.literals()) {
    auto Found = Map.Listed.find(Name);
    if (Found == Map.Listed.end())
      continue;
    for (uint32_t Position : Found->second) {
      StringRef Source = Map.Map->Listed[Position].Source;
      if (Source.empty() || Source == S.Source)
        First = std::min<uint64_t>(First, Position);
    }
  }
  Rank = std::min(Rank, First);
  return First != UINT64_MAX;
}

Answer Classifier::ask(const MatchKeyInfo &Key, const MatchMap &Map,
                       const Symbol &S) {
  ArrayRef<Pattern> Values = Map[Key.Key];
  if (!Key.SharedText || (S.*Key.SharedText).empty() || S.IsNative ||
      S.IsUndefined)
    return Key.Holds(Values, P, S);
  StringRef Text = S.*Key.SharedText;
  auto [Known, IsNew] = Remembered.try_emplace(
      {Values.data(), {Text.data(), Text.size()}}, Answer::No);
  if (IsNew)
    Known->second = Key.Holds(Values, P, S);
  return Known->second;
}

/// Whether the rule at hand is about \p I hangs on what nobody recorded.
void Classifier::keepUnknown(uint32_t I) {
  bool IsFirst = RuleWithoutSource == NoIndex ||
                 (P.Symbols[I].IsUnrecorded &&
                  !P.Symbols[SymbolWithoutSource].IsUnrecorded);
  if (!IsFirst || RuleAsking == NoIndex)
    return;
  RuleWithoutSource = RuleAsking;
  SymbolWithoutSource = I;
}

bool Classifier::excepted(const IndexedMap &Map, uint32_t Symbol,
                          const Names &N) {
  uint64_t Unused = 0;
  return any_of(Map.Except, [&](const IndexedMap *Except) {
    return matchMap(*Except, Symbol, N, /*Wildcards=*/true, Unused);
  });
}

bool Classifier::matchMap(const IndexedMap &Map, uint32_t I, const Names &N,
                          bool Wildcards, uint64_t &Rank) {
  const Symbol &S = P.Symbols[I];
  if (Map.IsNamed && Map.Map->isOfVariables() != S.isVariable())
    return false;
  bool IsUnknown = false;
  for (const MatchKeyInfo *Key : Map.Compared) {
    Answer Said = ask(*Key, *Map.Map, S);
    if (Said == Answer::No)
      return false;
    IsUnknown |= Said == Answer::Unknown;
  }
  // Names, which may have to be demangled, cost more to ask than the others.
  if (!matchNames(Map, S, N, Wildcards, Rank))
    return false;
  if (IsUnknown)
    keepUnknown(I); // Only where the answer decides.
  return !IsUnknown && !excepted(Map, I, N);
}

/// A map without names is about functions.
static bool isAbout(const IndexedMap &Map, const Symbol &S) {
  return Map.Map->isOfVariables() == S.isVariable();
}

std::optional<RuleMatch> Classifier::matchRule(uint32_t Rule, uint32_t I,
                                               const Names &N) {
  const IndexedRule &R = Index.rule(Rule);
  const Symbol &S = P.Symbols[I];
  // A rule that does not grow is about what can be moved: a native symbol is
  // meant only where it or its object is named, not by `*_handler` and not by
  // a map without a name.
  bool Wildcards = !S.IsNative || R.R->Grow;
  uint64_t Base = 0;
  std::optional<RuleMatch> Match;
  RuleAsking = Rule;
  for (const IndexedMap *Map : R.Match) {
    // A further map matters only where it names the section.
    bool NamesSection = Map->Map->has(MatchKey::Section);
    uint64_t Rank = UINT64_MAX;
    bool IsMeant = isAbout(*Map, S) && (Wildcards || Map->MeansNatives);
    if (IsMeant && (!Match || NamesSection) &&
        matchMap(*Map, I, N, Wildcards, Rank)) {
      if (!Match)
        Match = {Rule, Rank == UINT64_MAX ? Rank : Base + Rank, NamesSection};
      Match->NamesSection |= NamesSection;
    }
    Base += Map->Map->nameCount();
  }
  return Match;
}

std::vector<MatchedPattern> Classifier::patternsOf(uint32_t Rule, uint32_t I) {
  const IndexedRule &R = Index.rule(Rule);
  const Symbol &S = P.Symbols[I];
  Names N(P, Index, I);
  bool Wildcards = !S.IsNative || R.R->Grow;
  uint64_t Unused = 0;
  RuleAsking = NoIndex;
  auto Holds = find_if(R.Match, [&](const IndexedMap *Map) {
    return isAbout(*Map, S) && (Wildcards || Map->MeansNatives) &&
           matchMap(*Map, I, N, Wildcards, Unused);
  });
  std::vector<MatchedPattern> Result;
  if (Holds == R.Match.end())
    return Result;
  const MatchMap &Map = *(*Holds)->Map;
  auto IsFulfilled = [&](const MatchKeyInfo &Key, const Pattern &Value) {
    if (!Key.IsName)
      return Key.Holds(Value, P, S) == Answer::Yes;
    if (std::optional<StringRef> Literal = Value.Compiled.literal())
      return is_contained(N.literals(), *Literal);
    return any_of(N.ofSource(),
                  [&](StringRef Name) { return Value.Compiled.match(Name); });
  };
  for (const MatchKeyInfo &Key : matchKeys()) {
    if (Key.Key == MatchKey::FunctionFile)
      continue;
    ArrayRef<Pattern> Values = Map[Key.Key];
    const Pattern *First = find_if(
        Values, [&](const Pattern &Value) { return IsFulfilled(Key, Value); });
    if (First != Values.end())
      Result.push_back({Key.Key, First->Compiled.pattern(), First->Where});
  }
  auto Listed = find_if(Map.Listed, [&](const ListedName &L) {
    return is_contained(N.literals(), StringRef(L.Name)) &&
           (L.Source.empty() || L.Source == S.Source);
  });
  if (Listed != Map.Listed.end())
    Result.push_back(
        {MatchKey::FunctionFile, Listed->Name, Map.placeOf(*Listed)});
  return Result;
}

std::optional<RuleMatch> Classifier::firstMatch(uint32_t I, uint32_t FromRule) {
  Names N(P, Index, I);
  SmallVector<uint32_t, 4> Named;
  ArrayRef<uint32_t> ByCanonical = Index.rulesNaming(N.literals().front());
  append_range(Named, ByCanonical);
  for (StringRef Name : N.literals().drop_front())
    append_range(Named, Index.rulesNaming(Name));
  llvm::sort(Named);
  auto NextNamed = std::lower_bound(Named.begin(), Named.end(), FromRule);
  ArrayRef<uint32_t> ToTry = Index.rulesToTry();
  auto NextTried = std::lower_bound(ToTry.begin(), ToTry.end(), FromRule);
  while (NextNamed != Named.end() || NextTried != ToTry.end()) {
    uint32_t FromNames = NextNamed != Named.end() ? *NextNamed : NoIndex;
    uint32_t FromTries = NextTried != ToTry.end() ? *NextTried : NoIndex;
    uint32_t Rule = std::min(FromNames, FromTries);
    if (std::optional<RuleMatch> Match = matchRule(Rule, I, N)) {
      if (is_contained(ByCanonical, Rule))
        Match->Literal = ByCanonical.data();
      return Match;
    }
    while (NextNamed != Named.end() && *NextNamed == Rule)
      ++NextNamed;
    if (FromTries == Rule)
      ++NextTried;
  }
  return std::nullopt;
}

/// Native code has no source file.
template <typename MatchesT>
static Answer answerOfSource(const Symbol &S, MatchesT Matches) {
  if (!S.Object.empty())
    return Answer::No;
  if (S.Source.empty())
    return Answer::Unknown;
  return Matches(S.Source) ? Answer::Yes : Answer::No;
}

/// By a name of \p Map, whatever else it asks for but the source.
Answer Classifier::isNamedBy(const IndexedMap &Map, const Symbol &S,
                             const Names &N) {
  const MatchMap &M = *Map.Map;
  unsigned Keys = 0;
  for (const std::vector<Pattern> &Of : M.Values)
    Keys += !Of.empty();
  bool AsksSource = M.has(MatchKey::Source);
  uint64_t Unused = 0;
  Answer Result = Answer::No;
  auto Add = [&](Answer A) {
    if (A == Answer::Yes || Result == Answer::No)
      Result = A;
  };
  bool HasLiteral = any_of(
      N.literals(), [&](StringRef Name) { return Map.Literals.count(Name); });
  bool OnlyNames = Keys == 1u + AsksSource && M.has(MatchKey::Function);
  if (HasLiteral ||
      (OnlyNames && matchNames(Map, S, N, /*Wildcards=*/true, Unused)))
    Add(!AsksSource ? Answer::Yes : answerOfSource(S, [&](StringRef Source) {
      return any_of(M[MatchKey::Source], [&](const Pattern &Glob) {
        return Glob.Compiled.match(Source);
      });
    }));
  for (StringRef Name : N.literals())
    if (auto Found = Map.Listed.find(Name); Found != Map.Listed.end())
      for (uint32_t Position : Found->second) {
        StringRef Wanted = M.Listed[Position].Source;
        Add(Wanted.empty() ? Answer::Yes
                           : answerOfSource(S, [&](StringRef Source) {
                               return Source == Wanted;
                             }));
      }
  return Result;
}

/// Likewise for the `except` of \p Map, which may name nothing but sources.
Answer Classifier::isExceptedBy(const IndexedMap &Map, uint32_t I,
                                const Names &N) {
  const Symbol &S = P.Symbols[I];
  uint64_t Unused = 0;
  Answer Result = Answer::No;
  for (const IndexedMap *Except : Map.Except) {
    const MatchMap &M = *Except->Map;
    Answer Said = Answer::No;
    if (Except->IsNamed)
      Said = isNamedBy(*Except, S, N);
    else if (Except->Compared.size() == 1 && M.has(MatchKey::Source))
      Said = answerOfSource(S, [&](StringRef Source) {
        return any_of(M[MatchKey::Source], [&](const Pattern &Glob) {
          return Glob.Compiled.match(Source);
        });
      });
    else if (matchMap(*Except, I, N, /*Wildcards=*/true, Unused))
      Said = Answer::Yes;
    if (Said == Answer::Yes || Result == Answer::No)
      Result = Said;
  }
  return Result;
}

Answer Classifier::isNamed(uint32_t Rule, uint32_t I) {
  Names N(P, Index, I);
  Answer Result = Answer::No;
  for (const IndexedMap *Map : Index.rule(Rule).Match) {
    const MatchMap &M = *Map->Map;
    bool Lists = M.has(MatchKey::Function) || M.has(MatchKey::FunctionFile);
    if (!Lists || M.has(MatchKey::Native))
      continue;
    Answer Said = isNamedBy(*Map, P.Symbols[I], N);
    Answer Excepted = isExceptedBy(*Map, I, N);
    if (Excepted == Answer::Yes)
      continue;
    if (Excepted == Answer::Unknown && Said == Answer::Yes)
      Said = Answer::Unknown;
    if (Said == Answer::Yes || Result == Answer::No)
      Result = Said;
  }
  return Result;
}

bool Classifier::matchesAny(ArrayRef<Pattern> Globs, uint32_t I) {
  if (Globs.empty())
    return false;
  Names N(P, Index, I);
  return any_of(Globs, [&](const Pattern &Glob) {
    auto Matches = [&](StringRef Name) { return Glob.Compiled.match(Name); };
    return Matches(P.Symbols[I].Name) || any_of(N.ofSource(), Matches);
  });
}

bool Classifier::isWithin(uint32_t Rule, uint32_t I, bool Matters) {
  const IndexedMatcher &Within = Index.rule(Rule).Within;
  if (Within.empty())
    return true;
  Names N(P, Index, I);
  uint64_t Unused = 0;
  RuleAsking = Matters ? Rule : NoIndex;
  return any_of(Within, [&](const IndexedMap *Map) {
    return matchMap(*Map, I, N, /*Wildcards=*/true, Unused);
  });
}

} // namespace section_placement
