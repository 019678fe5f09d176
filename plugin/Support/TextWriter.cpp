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

/// Breaks \p Text at blanks from the column \p Column on.
static void breakLines(raw_ostream &OS, StringRef Text, size_t Column,
                       size_t Hang) {
  bool IsLineEmpty = true;
  while (!Text.empty()) {
    auto [Word, Rest] = Text.split(' ');
    Text = Rest;
    if (!IsLineEmpty && Column + 1 + Word.size() > Columns) {
      OS << '\n';
      OS.indent(Hang);
      Column = Hang;
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

void TextWriter::paragraph(StringRef First, StringRef Text) {
  OS << First;
  breakLines(OS, Text, First.size(), First.size());
}

void TextWriter::wrapped(StringRef Text, unsigned Indent, unsigned Hang) {
  OS.indent(Indent);
  breakLines(OS, Text, Indent, Hang);
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
