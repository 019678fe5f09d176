//===- Classify.h - Which rule claims a symbol ------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_CLASSIFY_H
#define SECTION_PLACEMENT_PLAN_CLASSIFY_H

#include "section-placement/Model/Program.h"
#include "section-placement/Policy/RuleIndex.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>

namespace section_placement {

/// A rule whose `match` holds.
struct RuleMatch {
  uint32_t Rule;
  /// The position of the name in the rule's lists, over all its maps; what
  /// `order: listed` sorts by. UINT64_MAX where no list names it.
  uint64_t Rank;
  bool NamesSection; ///< A map that holds matches by `section`.
  /// The same for all symbols whose canonical name is the same literal of the
  /// rule; null where that is none.
  const uint32_t *Literal = nullptr;
};

/// A value of a `match` that holds for a symbol.
struct MatchedPattern {
  MatchKey Key;
  llvm::StringRef Text; ///< As the policy has it; of a list, the name.
  Place Where;          ///< Of a list, the line in the list.
};

/// Answers for one Program. Remembers what it found of each source file, so it
/// is for one thread.
class Classifier {
public:
  Classifier(const Program &P, const RuleIndex &Index) : P(P), Index(Index) {}

  /// The first rule from \p FromRule on that is about \p Symbol.
  std::optional<RuleMatch> firstMatch(uint32_t Symbol, uint32_t FromRule);

  /// What makes the `match` of \p Rule hold for \p Symbol: of the first map
  /// that holds, the first value of each key that does. Nothing where it does
  /// not hold, or its map has no key.
  std::vector<MatchedPattern> patternsOf(uint32_t Rule, uint32_t Symbol);

  /// Is \p Symbol inside the `within` of \p Rule (or has that none)?
  /// \p Matters: does the answer decide where it goes?
  bool isWithin(uint32_t Rule, uint32_t Symbol, bool Matters);

  /// Does \p Rule name \p Symbol, of which only the name is known because
  /// another module defines it, and perhaps its source? By a literal in any
  /// map, by a wildcard in one that asks for nothing else but the source.
  /// Unknown where its source decides and is not known.
  Answer isNamed(uint32_t Rule, uint32_t Symbol);

  /// Do \p Globs match a name of \p Symbol?
  bool matchesAny(llvm::ArrayRef<Pattern> Globs, uint32_t Symbol);

  /// The first rule that a source decides on, of a function that has none
  /// recorded, and that function, one of an unrecorded module before others;
  /// NoIndex where there was none.
  uint32_t ruleWithoutSource() const { return RuleWithoutSource; }
  uint32_t symbolWithoutSource() const { return SymbolWithoutSource; }

private:
  class Names;
  std::optional<RuleMatch> matchRule(uint32_t Rule, uint32_t Symbol,
                                     const Names &N);
  Answer isNamedBy(const IndexedMap &Map, const Symbol &S, const Names &N);
  Answer isExceptedBy(const IndexedMap &Map, uint32_t Symbol, const Names &N);
  bool matchMap(const IndexedMap &Map, uint32_t Symbol, const Names &N,
                bool Wildcards, uint64_t &Rank);
  bool matchNames(const IndexedMap &Map, const Symbol &S, const Names &N,
                  bool Wildcards, uint64_t &Rank);
  Answer ask(const MatchKeyInfo &Key, const MatchMap &Map, const Symbol &S);
  void keepUnknown(uint32_t Symbol);
  bool excepted(const IndexedMap &Map, uint32_t Symbol, const Names &N);

  const Program &P;
  const RuleIndex &Index;
  /// What a map says of a text that many symbols share, which is known by its
  /// place, by the key's values and that.
  using SharedText = std::pair<const char *, size_t>;
  llvm::DenseMap<std::pair<const Pattern *, SharedText>, Answer> Remembered;
  uint32_t RuleAsking = NoIndex;
  uint32_t RuleWithoutSource = NoIndex, SymbolWithoutSource = NoIndex;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_CLASSIFY_H
