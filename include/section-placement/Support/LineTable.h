//===- LineTable.h - Places in a text ---------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_LINETABLE_H
#define SECTION_PLACEMENT_SUPPORT_LINETABLE_H

#include "section-placement/Support/Error.h"
#include <string>
#include <vector>

namespace section_placement {

/// Where the lines of a text begin. llvm::SourceMgr looks for the beginning of
/// the line at each question: a policy that stands in one line, as tools write
/// JSON, would take time by the square of its length.
class LineTable {
public:
  /// Keeps a copy of \p Text, for the places.
  explicit LineTable(llvm::StringRef Text);

  /// The place of the byte \p Offset of the text, which is named \p File.
  Place place(llvm::StringRef File, size_t Offset) const;

private:
  size_t lineAt(size_t Offset) const;

  std::shared_ptr<const std::string> Text;
  std::vector<size_t> Begins;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_LINETABLE_H
