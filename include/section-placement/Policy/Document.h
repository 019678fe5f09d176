//===- Document.h - A YAML file as a small tree with places -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's YAML reader is lazy and recursive: a file of 300,000 `[` overflows its
// stack, and 15 and 16 take a doubled key without a word. This turns a file
// into a small tree once, with a bound on its nesting, and refuses what the
// policy language has no use for (aliases, anchors, tags, a second document).
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_DOCUMENT_H
#define SECTION_PLACEMENT_POLICY_DOCUMENT_H

#include "section-placement/Support/Error.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace section_placement {

struct DocumentNode {
  /// Nothing: no value at all, or YAML's words for that (`null`, `~`).
  enum class Kind { Nothing, Scalar, List, Map };
  Kind What = Kind::Nothing;
  Place Where;
  std::string Text; ///< Of a scalar, unescaped; of Nothing, the word for it.
  /// Of a scalar: byte I of Text stands at Where.Column + *TextBegins + I.
  std::optional<unsigned> TextBegins;
  std::vector<DocumentNode> Items;
  std::vector<std::pair<DocumentNode, DocumentNode>> Entries;

  /// `a list`, `a map`, `'text'`, `nothing`: what an error calls it.
  std::string describe() const;
  /// The place of byte \p Offset of Text, or of the node where an escape or a
  /// line break makes that unknown.
  Place placeInText(size_t Offset) const;
};

/// Parses \p Text, which is named \p File in errors.
llvm::Expected<DocumentNode> parseDocument(llvm::StringRef File,
                                           llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_DOCUMENT_H
