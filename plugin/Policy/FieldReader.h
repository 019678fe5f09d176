//===- FieldReader.h - Typed values out of a YAML tree ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader of the policy goes through a map's entries, and each fault it meets
// is kept while it goes on: whoever has three typing errors sees three.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_FIELDREADER_H
#define SECTION_PLACEMENT_POLICY_FIELDREADER_H

#include "section-placement/Policy/Document.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>

namespace section_placement {

/// Collects faults in the order in which they are met.
class Faults {
public:
  Faults() = default;
  Faults(const Faults &) = delete;
  ~Faults() { llvm::consumeError(std::move(All)); }
  void add(llvm::Error E) {
    ++Count;
    All = llvm::joinErrors(std::move(All), std::move(E));
  }
  void add(const Place &Where, const llvm::Twine &Message) {
    add(errorAt(Where, Message));
  }
  /// A key that nobody knows: what it was meant to say is missing elsewhere, so
  /// whoever reads the map leaves its completeness alone.
  void addUnknownKey(const Place &Where, const llvm::Twine &Message) {
    ++UnknownKeyCount;
    add(Where, Message);
  }
  /// How many there are so far.
  size_t count() const { return Count; }
  /// How many of them are unknown keys.
  size_t unknownKeyCount() const { return UnknownKeyCount; }
  /// All of them, joined. Success where there were none.
  llvm::Error take() { return std::move(All); }

private:
  llvm::Error All = llvm::Error::success();
  size_t Count = 0;
  size_t UnknownKeyCount = 0;
};

/// One key of a map and what reads its value.
struct Field {
  llvm::StringRef Key;
  llvm::function_ref<void(const DocumentNode &Value)> Read;
};

/// Reads the map \p Node, which is a \p What in messages ("rule", "'match'").
/// Unknown keys are faults. Is it a map at all?
bool readFields(const DocumentNode &Node, llvm::StringRef What,
                llvm::ArrayRef<Field> Fields, Faults &F);

/// A scalar's text; a fault where \p Value is none.
std::optional<std::string> readText(const DocumentNode &Value,
                                    llvm::StringRef Key, Faults &F);

/// One of \p Known; a fault that lists them otherwise.
std::optional<llvm::StringRef> readWord(const DocumentNode &Value,
                                        llvm::StringRef Key,
                                        llvm::ArrayRef<llvm::StringRef> Known,
                                        Faults &F);

/// The items of a list that are texts; faults where \p Value is no list, or has
/// nothing in it, or an item is no text or an empty one.
std::vector<const DocumentNode *> readTexts(const DocumentNode &Value,
                                            llvm::StringRef Key, Faults &F);

/// A whole number from 1 on, in digits alone, that \p Value begins with and
/// that is taken off it. One too large for 64 bits is UINT64_MAX.
std::optional<uint64_t> takeNumber(llvm::StringRef &Value);

/// A size, as `4096`, `32KiB`: bytes, UINT64_MAX where it is larger than 64
/// bits; nothing where \p Text is none.
std::optional<uint64_t> readSize(llvm::StringRef Text);

/// A list of globs, not empty.
std::vector<Pattern> readGlobs(const DocumentNode &Value, llvm::StringRef Key,
                               Glob::Dialect D, Faults &F);

/// A `match`, `within` or `except`: a map or a list of maps. \p Folder is what
/// a `function-file` is relative to.
Matcher readMatcher(const DocumentNode &Value, llvm::StringRef Key,
                    llvm::StringRef Folder, Faults &F);

/// A `closed`: `true` or a map.
Closure readClosure(const DocumentNode &Value, Faults &F);

/// A `grow`; nothing where it is no map. Faults where it means nothing.
std::optional<Growth> readGrowth(const DocumentNode &Value,
                                 llvm::StringRef Folder, Faults &F);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_FIELDREADER_H
