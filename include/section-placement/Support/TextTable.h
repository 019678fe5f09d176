//===- TextTable.h - Rows of text in columns --------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_TEXTTABLE_H
#define SECTION_PLACEMENT_SUPPORT_TEXTTABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace section_placement {

/// A table with a head, each column as wide as its widest cell and two blanks
/// from the next. No cell is cut: of two names that differ at their ends both
/// are wanted.
class TextTable {
public:
  enum class Align { Left, Right };
  struct Column {
    llvm::StringRef Title;
    Align To = Align::Left;
  };

  explicit TextTable(llvm::ArrayRef<Column> Columns)
      : Columns(Columns.begin(), Columns.end()) {}

  /// Adds a row; \p Cells has one text for each column.
  void add(std::vector<std::string> Cells) { Rows.push_back(std::move(Cells)); }

  /// Prints head and rows, two blanks in, the head in bold where \p OS shows
  /// colours. No line ends in blanks.
  void print(llvm::raw_ostream &OS) const;

private:
  std::vector<Column> Columns;
  std::vector<std::vector<std::string>> Rows;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_TEXTTABLE_H
