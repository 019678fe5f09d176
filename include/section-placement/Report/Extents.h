//===- Extents.h - Where a rule's functions lie in an image -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What came of a rule, in three figures of each image: how far its functions
// are spread, in how many pieces, and whether that is what the rule asks for.
// The sections' names are the report's, since a linked image keeps none.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_EXTENTS_H
#define SECTION_PLACEMENT_REPORT_EXTENTS_H

#include "section-placement/Report/LinkReport.h"

namespace section_placement {

/// Of the functions that a rule has moved. A group is those of one section.
struct RuleExtent {
  uint64_t Functions = 0; ///< That the image has.
  uint64_t Bytes = 0;     ///< Of these functions; several names count once.
  /// Moved ones of a name that several in the image have, which are not
  /// counted.
  uint64_t Ambiguous = 0;
  uint64_t Span = 0;   ///< Bytes from a group's first to its last, all groups.
  uint64_t Groups = 0; ///< That the image has.
  /// Runs of functions of one group without another function between them.
  uint64_t Pieces = 0;
  /// A group is in a section that native code or another rule may be in, whose
  /// code may stand between.
  bool IsShared = false;

  /// Each function is the only one of its section: in one piece in any image.
  bool isEachAlone() const { return Groups > 1 && Functions == Groups; }

  /// Is each group in one piece? Not known where others may be in it, and where
  /// that says nothing.
  enum class Obeyed { No, Yes, Unknown, Empty };
  Obeyed obeyed() const {
    return !Groups            ? Obeyed::Empty
           : isEachAlone()    ? Obeyed::Unknown
           : Pieces == Groups ? Obeyed::Yes
           : IsShared         ? Obeyed::Unknown
                              : Obeyed::No;
  }
  /// The same in a word: `no`, `yes`, `not-known`, `empty`.
  llvm::StringRef word() const {
    static constexpr llvm::StringLiteral Words[] = {"no", "yes", "not-known",
                                                    "empty"};
    return Words[unsigned(obeyed())];
  }
};

/// One for each rule of \p Link.
std::vector<RuleExtent> extentsIn(const LinkReport &Link, const ElfFile &Image);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_EXTENTS_H
