//===- TextWriter.cpp - Text in 80 columns --------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace section_placement {

static constexpr size_t Columns = 80;

std::string inThousands(int64_t Number, bool IsSigned) {
  std::string Text = utostr(Number < 0 ? -uint64_t(Number) : Number);
  for (size_t At = Text.size(); At > 3;) {
    At -= 3;
    Text.insert(At, ",");
  }
  return (Number < 0 ? "-" : IsSigned ? "+" : "") + Text;
}

std::string counted(uint64_t Count, StringRef Noun) {
  return inThousands(Count) + " " + Noun.str() + (Count == 1 ? "" : "s");
}

void TextWriter::paragraph(StringRef First, StringRef Text) {
  OS << First;
  size_t Column = First.size();
  bool IsLineEmpty = true;
  while (!Text.empty()) {
    auto [Word, Rest] = Text.split(' ');
    Text = Rest;
    if (!IsLineEmpty && Column + 1 + Word.size() > Columns) {
      OS << '\n';
      OS.indent(First.size());
      Column = First.size();
      IsLineEmpty = true;
    }
    if (!IsLineEmpty) {
      OS << ' ';
      ++Column;
    }
    OS << Word;
    Column += Word.size();
    IsLineEmpty = false;
  }
  OS << '\n';
}

static void coloured(raw_ostream &OS, raw_ostream::Colors Colour,
                     bool IsColoured, StringRef Text) {
  WithColor(OS, Colour, /*Bold=*/true, /*BG=*/false,
            IsColoured ? ColorMode::Enable : ColorMode::Disable)
      << Text;
}

void TextWriter::bad(StringRef Text) {
  coloured(OS, raw_ostream::RED, IsColoured, Text);
}

void TextWriter::good(StringRef Text) {
  coloured(OS, raw_ostream::GREEN, IsColoured, Text);
}

} // namespace section_placement
