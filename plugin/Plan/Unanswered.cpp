//===- Unanswered.cpp - What a policy names and nothing answers to --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Plan/Plan.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// The names that the symbols of a program answer to, among those asked for.
class AnsweredNames {
public:
  AnsweredNames(const Program &P, const RuleIndex &Index,
                ArrayRef<StringRef> Asked)
      : Index(Index), Asked(Asked.begin(), Asked.end()) {
    for (const Symbol &S : P.Symbols)
      if (!S.IsUndefined || !S.Object.empty() || S.IsDropped)
        add(S.Name, S.Canonical, S.Source, S.isVariable());
    for (const Alias &A : P.Aliases)
      add(A.Name, canonicalName(A.Name, /*Merged=*/false),
          P.Symbols[A.Symbol].Source, P.Symbols[A.Symbol].isVariable());
  }
  /// \p Source, where not empty, is where a local function must be from.
  bool contains(StringRef Name, StringRef Source, bool IsVariable) const {
    if (IsVariable)
      return Variables.count(Name);
    return Source.empty() ? Answered.count(Name)
                          : AnsweredFrom.count({Name, Source});
  }

private:
  void add(StringRef Name, StringRef Canonical, StringRef Source,
           bool IsVariable) {
    add(Name, Source, IsVariable);
    add(Canonical, Source, IsVariable);
    if (!Index.mayNameDemangled(Canonical))
      return;
    for (const std::string &Demangled : demangledNames(Canonical))
      add(Demangled, Source, IsVariable);
  }
  void add(StringRef Name, StringRef Source, bool IsVariable) {
    auto Found = Asked.find(Name);
    if (Found == Asked.end())
      return;
    if (IsVariable) {
      Variables.insert(*Found);
      return;
    }
    Answered.insert(*Found);
    AnsweredFrom.insert({*Found, Source});
  }
  const RuleIndex &Index;
  DenseSet<StringRef> Asked, Answered, Variables;
  DenseSet<std::pair<StringRef, StringRef>> AnsweredFrom;
};
} // namespace

std::vector<UnansweredName> unansweredNames(const Program &P,
                                            const RuleIndex &Index) {
  Interest I = Index.policy().interest();
  AnsweredNames Answered(P, Index, I.Names);
  std::vector<UnansweredName> Result;
  uint32_t Position = 0;
  auto Ask = [&](uint32_t R, StringRef Name, StringRef Source, auto WhereIs,
                 bool IsVariable = false) {
    ++Position;
    if (Index.rule(R).R->Optional ||
        Answered.contains(Name, Source, IsVariable))
      return;
    UnansweredName &N = Result.emplace_back();
    N.Position = Position;
    N.Rule = R;
    N.Name = Name.str();
    N.Where = WhereIs();
    N.IsOfVariable = IsVariable;
    N.IsOfSource = !Source.empty();
    N.IsOtherKind = Answered.contains(Name, "", !IsVariable);
  };
  for (uint32_t R = 0; R < Index.size(); ++R) {
    for (const MatchMap &Map : Index.rule(R).R->Match) {
      for (const Pattern &Function : Map[MatchKey::Function])
        if (std::optional<StringRef> Name = Function.Compiled.literal())
          Ask(R, *Name, "", [&] { return Function.Where; });
      for (const Pattern &Variable : Map[MatchKey::Variable])
        if (std::optional<StringRef> Name = Variable.Compiled.literal())
          Ask(
              R, *Name, "", [&] { return Variable.Where; },
              /*IsVariable=*/true);
      for (const ListedName &Listed : Map.Listed)
        Ask(R, Listed.Name, Listed.Source, [&] { return Map.placeOf(Listed); });
    }
  }
  return Result;
}

void suggestNames(const Program &P, MutableArrayRef<UnansweredName> Names) {
  static constexpr size_t MaximumAsked = 8;
  for (UnansweredName &N : Names.take_front(MaximumAsked)) {
    unsigned NearEnough = std::min<unsigned>(2, N.Name.size() / 3);
    auto Offer = [&](StringRef Known) {
      unsigned Limit = std::min(NearEnough + 1, N.NearestDistance);
      unsigned Distance = StringRef(N.Name).edit_distance(Known, true, Limit);
      if (Distance < Limit) {
        N.NearestDistance = Distance;
        N.Nearest = Known.str();
      }
    };
    for (const Symbol &S : P.Symbols)
      if (!S.IsUndefined && S.isVariable() == N.IsOfVariable)
        Offer(S.Canonical);
    for (const Alias &A : P.Aliases)
      if (P.Symbols[A.Symbol].isVariable() == N.IsOfVariable)
        Offer(A.Name);
  }
}

} // namespace section_placement
