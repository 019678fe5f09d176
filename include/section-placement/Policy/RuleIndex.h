//===- RuleIndex.h - Which rules could be about a symbol --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy may hold a thousand rules and a list of a million names, and the
// plugin asks it about every function of every module. So what is named without
// a wildcard is looked up, and only rules with wildcards are tried. Built once
// for a policy and then read by any number of threads.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_RULEINDEX_H
#define SECTION_PLACEMENT_POLICY_RULEINDEX_H

#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/CachedHashString.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <deque>

namespace section_placement {

/// A MatchMap with its literal names as a hash table.
struct IndexedMap {
  const MatchMap *Map;
  /// The keys that it has and that are compared one by one.
  llvm::SmallVector<const MatchKeyInfo *, 4> Compared;
  bool IsNamed;      ///< It has a key that names symbols.
  bool MeansNatives; ///< See MatchKeyInfo.
  MatchKey NamedBy;  ///< `function`, or `variable` where the map has that.
  /// The position of each literal name in NamedBy.
  llvm::SmallDenseMap<llvm::StringRef, uint32_t, 8> Literals;
  /// The wildcards of NamedBy and their positions.
  std::vector<std::pair<const Pattern *, uint32_t>> Wildcards;
  /// Positions in `function-file`, which may list two locals of one name.
  llvm::DenseMap<llvm::StringRef, llvm::SmallVector<uint32_t, 1>> Listed;
  std::vector<const IndexedMap *> Except;
};

/// An indexed match, within or except.
using IndexedMatcher = std::vector<const IndexedMap *>;

struct IndexedRule {
  const Rule *R;
  IndexedMatcher Match;
  IndexedMatcher Within;
};

class RuleIndex {
public:
  /// \p P must outlive the index and not move.
  explicit RuleIndex(const Policy &P);
  RuleIndex(const RuleIndex &) = delete;

  const Policy &policy() const { return P; }
  const IndexedRule &rule(uint32_t I) const { return Rules[I]; }
  uint32_t size() const { return Rules.size(); }

  /// May a literal name of the policy be what \p Mangled is demangled to? To
  /// answer costs less than to demangle.
  bool mayNameDemangled(llvm::StringRef Mangled) const;

  /// The rules that name \p Name literally, ascending.
  llvm::ArrayRef<uint32_t> rulesNaming(llvm::StringRef Name) const;
  /// The rules that must be tried on every symbol, ascending.
  llvm::ArrayRef<uint32_t> rulesToTry() const { return ToTry; }

private:
  const IndexedMap *index(const MatchMap &Map);
  IndexedMatcher index(const Matcher &M);
  void addNames(uint32_t Rule, const IndexedMap &Map);
  void addSpelling(llvm::StringRef Literal);
  void fillNameBits();

  const Policy &P;
  std::deque<IndexedMap> Maps; // Stable addresses.
  std::vector<IndexedRule> Rules;
  llvm::DenseMap<llvm::CachedHashStringRef, llvm::SmallVector<uint32_t, 1>>
      ByName;
  /// One bit for each hash of a name, modulo their number, which is a power of
  /// two and 8 times the names' at least: most symbols are named by no rule,
  /// and go no further than here.
  std::vector<bool> NameBits;
  /// Identifiers, one of which is in the mangled name of whatever a literal
  /// name is a demangled spelling of, unless IsAnySpelling.
  llvm::DenseSet<llvm::StringRef> Identifiers;
  bool IsAnySpelling = false;
  std::vector<uint32_t> ToTry;
};

/// Does \p Output, of a policy's `outputs`, mean the link whose output is
/// \p Name? By its base name, or its path where the glob has a `/`.
bool namesOutput(const Pattern &Output, llvm::StringRef Name);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_RULEINDEX_H
