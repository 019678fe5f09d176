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

using namespace llvm;

namespace section_placement {

namespace {
/// The names that the symbols of a program answer to, among those asked for.
class AnsweredNames {
public:
  AnsweredNames(const Program &P, ArrayRef<StringRef> Asked)
      : Asked(Asked.begin(), Asked.end()) {
    for (const Symbol &S : P.Symbols) {
      add(S.Name);
      addCanonical(S.Canonical);
    }
    for (const Alias &A : P.Aliases) {
      add(A.Name);
      addCanonical(canonicalName(A.Name, /*Merged=*/false));
    }
  }
  bool contains(StringRef Name) const { return Answered.count(Name); }

private:
  void add(StringRef Name) {
    auto Found = Asked.find(Name);
    if (Found != Asked.end())
      Answered.insert(*Found);
  }
  void addCanonical(StringRef Name) {
    add(Name);
    for (const std::string &Demangled : demangledNames(Name))
      add(Demangled);
  }
  DenseSet<StringRef> Asked, Answered;
};
} // namespace

std::vector<UnansweredName> unansweredNames(const Program &P,
                                            const RuleIndex &Index) {
  Interest I = Index.policy().interest();
  AnsweredNames Answered(P, I.Names);
  std::vector<UnansweredName> Result;
  for (uint32_t R = 0; R < Index.size(); ++R) {
    const Rule &TheRule = *Index.rule(R).R;
    if (TheRule.Optional)
      continue;
    for (const MatchMap &Map : TheRule.Match) {
      for (const Pattern &Function : Map.Functions) {
        std::optional<StringRef> Name = Function.Compiled.literal();
        if (Name && !Answered.contains(*Name))
          Result.push_back({R, Name->str(), Function.Where});
      }
      for (const ListedName &Listed : Map.Listed)
        if (!Answered.contains(Listed.Name))
          Result.push_back(
              {R, Listed.Name, {Map.ListFiles[Listed.File], Listed.Line, 1}});
    }
  }
  return Result;
}

} // namespace section_placement
