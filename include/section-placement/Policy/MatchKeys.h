//===- MatchKeys.h - What a match can ask of a symbol -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: a key of `match` concerns the reader of the policy, the frontends
// (what must be read for it), the planner (whether it holds), the index of
// literal names, the writer of plans, digests, `verify`, the schema and the
// reference page. Spread over all of these, a new key was forgotten in one.
//
// Method: one table with an entry for each key. Everything visits the table,
// and test/unittests/MatchKeysTest.cpp compares the schema and the page with
// it. A new key is an enumerator, an entry and its tests.
//
// Limits: `except` is no key of the table, because its value is a match. Keys
// whose literal values are looked up (`function`) are compared by the
// classifier, which knows all names of a symbol; the table says which they are.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_MATCHKEYS_H
#define SECTION_PLACEMENT_POLICY_MATCHKEYS_H

#include "section-placement/Model/Program.h"
#include "section-placement/Policy/Glob.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/ArrayRef.h"
#include <array>
#include <string>
#include <vector>

namespace section_placement {

/// The keys of `match` but `except`, in the order of the reference page.
enum class MatchKey : uint8_t {
  Function,
  FunctionFile,
  Variable,
  Source,
  Native,
  Archive,
  Section,
  Attribute,
  Profile,
  Annotation,
};
constexpr size_t MatchKeyCount = size_t(MatchKey::Annotation) + 1;

/// A glob and where it stands.
struct Pattern {
  Glob Compiled;
  Place Where;
};

/// A line of a `function-file`.
struct ListedName {
  std::string Source; ///< Of a local function: its source file. Else empty.
  std::string Name;
  uint32_t File; ///< Index into the map's values of MatchKey::FunctionFile.
  uint32_t Line;
  uint32_t LineBegin; ///< Offset in that file.
};

/// One map of a `match`: all keys that are there must hold, each by any of its
/// values.
struct MatchMap {
  /// The values of each key; none where the map does not have the key. Texts,
  /// words and the paths of list files are globs that match themselves alone.
  std::array<std::vector<Pattern>, MatchKeyCount> Values;
  std::vector<ListedName> Listed; ///< What `function-file` lists, in order.
  /// The lists themselves, in the order of their paths in Values.
  std::vector<std::shared_ptr<const std::string>> ListTexts;
  std::vector<MatchMap> Except; ///< Any of them excludes.
  Place Where;

  llvm::ArrayRef<Pattern> operator[](MatchKey Key) const {
    return Values[size_t(Key)];
  }
  bool has(MatchKey Key) const { return !(*this)[Key].empty(); }

  /// Where \p Name of Listed stands.
  Place placeOf(const ListedName &Name) const;

  /// The number of positions that its lists of names have together.
  size_t nameCount() const {
    return (*this)[MatchKey::Function].size() +
           (*this)[MatchKey::Variable].size() + Listed.size();
  }

  /// Is it about variables? Else it is about functions.
  bool isOfVariables() const { return has(MatchKey::Variable); }

  /// Returns true if literal names alone decide whether it can hold: it need
  /// not be tried on a function that none of them names.
  bool isNamedOnly() const;
};

/// Any of several maps.
using Matcher = std::vector<MatchMap>;

/// How the values of a key are written in a policy.
enum class ValueKind : uint8_t {
  NameGlob, ///< Globs in which `/` is like any other character.
  PathGlob, ///< Globs in which `/` separates.
  Text,     ///< Texts that mean themselves.
  Word,     ///< Some of MatchKeyInfo::Words.
  ListFile, ///< Paths of files that list names, relative to the policy.
};

/// What a key answers for one symbol. Unknown where nobody recorded what it
/// asks for: that is reported, and never counts as a match.
enum class Answer : uint8_t { No, Yes, Unknown };

/// An entry of the table.
struct MatchKeyInfo {
  MatchKey Key;
  llvm::StringLiteral Name;
  ValueKind Values;
  llvm::ArrayRef<llvm::StringLiteral> Words; ///< Of ValueKind::Word.

  /// Does a map with it name symbols? Then literal values are looked up, and
  /// the classifier compares all names of a symbol with the others.
  bool IsName;
  /// May a map with it mean native symbols in a rule that does not grow?
  bool MeansNatives;
  /// Can `verify` answer it from a linked image, without reports?
  bool IsInImage;

  /// Adds what frontends must read so that the key can be answered. Views of
  /// \p Map's texts may be kept.
  void (*AskFor)(const MatchMap &Map, Interest &Wanted);

  /// Does any of \p Values hold for \p S, which is of \p P? Null where IsName.
  Answer (*Holds)(llvm::ArrayRef<Pattern> Values, const Program &P,
                  const Symbol &S);
  /// Where not null, Holds looks at this text alone, and many symbols share
  /// one copy of it: its answer is worth remembering.
  llvm::StringRef Symbol::*SharedText;
};

/// The table, in the order of MatchKey.
llvm::ArrayRef<MatchKeyInfo> matchKeys();

inline const MatchKeyInfo &infoOf(MatchKey Key) {
  return matchKeys()[size_t(Key)];
}

/// Adds to \p Wanted what \p M asks for, `except` included.
void addInterest(const Matcher &M, Interest &Wanted);

/// Does \p G choose the native object \p Object? An archive's member, which is
/// named `lib.a(member.o)`, is chosen by that, by its archive and by its own
/// name alike.
bool choosesNative(const Glob &G, llvm::StringRef Object);

/// Does \p G choose \p Member, which is named `dir/lib.a(dir/member.o)`? It may
/// name the archive or the member in it, each with or without its folder.
bool choosesArchive(const Glob &G, llvm::StringRef Member);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_MATCHKEYS_H
