//===- LineTable.cpp - Places in a text -----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/LineTable.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

LineTable::LineTable(StringRef Text)
    : Text(std::make_shared<const std::string>(Text)) {
  // Editors count a byte order mark as nothing.
  Begins.push_back(Text.take_front(3) == "\xEF\xBB\xBF" ? 3 : 0);
  for (size_t I = 0; I < Text.size(); ++I)
    if (Text[I] == '\n' || (Text[I] == '\r' && Text.substr(I + 1, 1) != "\n"))
      Begins.push_back(I + 1);
}

size_t LineTable::lineAt(size_t Offset) const {
  auto After = std::upper_bound(Begins.begin() + 1, Begins.end(), Offset);
  return After - Begins.begin() - 1;
}

Place LineTable::place(StringRef File, size_t Offset) const {
  size_t Line = lineAt(Offset);
  unsigned Column = Offset - std::min(Begins[Line], Offset) + 1;
  return {File.str(), static_cast<unsigned>(Line + 1), Column, Text,
          Begins[Line]};
}

} // namespace section_placement
