//===- BitcodeMembers.h - Which input bitcode came from ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A full-LTO link merges its modules, and nothing in the result says which
// archive a function came from. The symbol tables of the link's inputs do.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_BITCODEMEMBERS_H
#define SECTION_PLACEMENT_OBJECTS_BITCODEMEMBERS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

class SourceRoot;

/// `lib.a(a.o)` for `lib.a(a.o at 1234)`, which is how lld calls the module of
/// a member; any other name as it is.
std::string memberOfModule(llvm::StringRef Identifier);

class BitcodeMembers {
public:
  /// Reads the symbol tables of the bitcode among \p Inputs. What cannot be
  /// read is left out: the link itself fails for it. Sources are relative to
  /// \p Root.
  BitcodeMembers(llvm::ArrayRef<std::string> Inputs, const SourceRoot &Root);

  /// memberOfModule(), also of a thin archive's member, of which a linker may
  /// know only the path.
  std::string ofModule(llvm::StringRef Identifier) const;

  /// The input that defines one of \p Names: `lib.a(member.o)`, or empty where
  /// that is a file of its own. Where several do, the one that was compiled
  /// from \p Source, else, of a global symbol, the first in the link's order.
  /// Nothing where that is not known.
  std::optional<llvm::StringRef> find(llvm::ArrayRef<llvm::StringRef> Names,
                                      llvm::StringRef Source,
                                      bool IsLocal) const;

private:
  struct Member {
    std::string Name; ///< Empty: no member of an archive.
    std::string Source;
  };
  std::vector<Member> All;
  llvm::StringMap<llvm::SmallVector<unsigned, 1>> BySymbol, BySource;
  llvm::StringMap<unsigned> ByPath; ///< Members of thin archives.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_BITCODEMEMBERS_H
