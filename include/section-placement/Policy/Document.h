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
#include <string>
#include <utility>
#include <vector>

namespace section_placement {

struct DocumentNode {
  enum class Kind { Nothing, Scalar, List, Map };
  Kind What = Kind::Nothing;
  Place Where;
  std::string Text;     ///< Of a scalar, unescaped.
  bool IsPlain = false; ///< Of a scalar: written without quotes.
  std::vector<DocumentNode> Items;
  std::vector<std::pair<DocumentNode, DocumentNode>> Entries;

  /// `a list`, `a map`, `'text'`, `nothing`: what an error calls it.
  std::string describe() const;
};

/// Reads all of \p File, at most \p Limit bytes of UTF-8. Fails where it is
/// missing, unreadable, no regular file, empty, larger, or not UTF-8.
llvm::Expected<std::string> readTextFile(llvm::StringRef File, uint64_t Limit);

/// Parses \p Text, which is named \p File in errors.
llvm::Expected<DocumentNode> parseDocument(llvm::StringRef File,
                                           llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_DOCUMENT_H
