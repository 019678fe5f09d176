//===- TextTable.cpp - Rows of text in columns ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/TextTable.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Locale.h"
#include "llvm/Support/WithColor.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

static size_t widthOf(StringRef Text) {
  int Width = sys::locale::columnWidth(Text);
  return Width < 0 ? Text.size() : size_t(Width);
}

void TextTable::print(raw_ostream &OS) const {
  std::vector<size_t> Widths;
  for (const Column &C : Columns)
    Widths.push_back(widthOf(C.Title));
  for (const std::vector<std::string> &Row : Rows)
    for (size_t I = 0; I < Columns.size(); ++I)
      Widths[I] = std::max(Widths[I], widthOf(Row[I]));
  auto Line = [&](auto TextOf) {
    std::string Text;
    for (size_t I = 0; I < Columns.size(); ++I) {
      StringRef Cell = TextOf(I);
      std::string Blanks(Widths[I] - widthOf(Cell), ' ');
      bool IsLeft = Columns[I].To == Align::Left;
      Text += "  ";
      Text += IsLeft ? Cell.str() + Blanks : Blanks + Cell.str();
    }
    return StringRef(Text).rtrim(' ').str();
  };
  WithColor(OS, raw_ostream::SAVEDCOLOR, /*Bold=*/true).get()
      << Line([&](size_t I) { return Columns[I].Title; });
  OS << '\n';
  for (const std::vector<std::string> &Row : Rows)
    OS << Line([&](size_t I) { return StringRef(Row[I]); }) << '\n';
}

} // namespace section_placement
