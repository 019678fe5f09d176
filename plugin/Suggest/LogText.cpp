//===- LogText.cpp - The lines of a log as the linker wrote them ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A prefix is a row of parts, each of which no message of a linker begins with:
// quote marks, stamps (words of digits and punctuation), text in brackets that
// a blank follows, a name before a bar. A broken line's later parts have the
// first one's prefix again, or none.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/LogText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <optional>

using namespace llvm;

namespace section_placement {

static constexpr StringLiteral Replacement = "\xef\xbf\xbd"; // U+FFFD

/// Text of ASCII for the most part, as logs are, has a zero byte in each unit
/// of UTF-16, and UTF-8 has none. Returns true for little endian, nothing for
/// UTF-8.
static std::optional<bool> utf16Order(StringRef Bytes) {
  if (Bytes.take_front(2) == "\xff\xfe")
    return true;
  if (Bytes.take_front(2) == "\xfe\xff")
    return false;
  StringRef Sample = Bytes.take_front(512);
  size_t Zeros[2] = {0, 0};
  for (size_t I = 0; I < Sample.size(); ++I)
    Zeros[I % 2] += Sample[I] == '\0';
  size_t Most = Sample.size() / 2;
  if (Most && Zeros[1] > Most / 2 && !Zeros[0])
    return true;
  if (Most && Zeros[0] > Most / 2 && !Zeros[1])
    return false;
  return std::nullopt;
}

static void appendCodePoint(std::string &Text, uint32_t Code) {
  char Encoded[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *End = Encoded;
  if (ConvertCodePointToUTF8(Code, End))
    Text.append(Encoded, End);
  else
    Text += Replacement;
}

/// A last odd byte, of a log that is cut short, is left out.
static std::string fromUTF16(StringRef Bytes, bool IsLittle) {
  auto Unit = [&](size_t At) -> uint32_t {
    uint8_t First = Bytes[At], Second = Bytes[At + 1];
    return IsLittle ? First | Second << 8 : First << 8 | Second;
  };
  std::string Text;
  for (size_t At = 0; At + 1 < Bytes.size(); At += 2) {
    uint32_t Code = Unit(At);
    if (Code == 0xfeff && At == 0)
      continue;
    bool IsPair = (Code & 0xfc00) == 0xd800 && At + 3 < Bytes.size() &&
                  (Unit(At + 2) & 0xfc00) == 0xdc00;
    if (IsPair) {
      Code = 0x10000 + ((Code & 0x3ff) << 10) + (Unit(At + 2) & 0x3ff);
      At += 2;
    }
    appendCodePoint(Text, Code);
  }
  return Text;
}

/// The bytes of the terminal's escape sequence that \p Text begins with.
static size_t escapeSize(StringRef Text) {
  char Kind = Text.size() > 1 ? Text[1] : '\0';
  if (Kind == '[') { // Parameters, then one letter.
    size_t End = Text.find_first_not_of("0123456789;:<=>?!\"#$%&'()*+,-./ ", 2);
    return End == StringRef::npos ? Text.size()
           : Text[End] == '\n'    ? End
                                  : End + 1;
  }
  if (Kind == ']' || Kind == '_' || Kind == 'P') { // A string, to its end.
    size_t End = Text.find_first_of("\a\x1b\n", 2);
    if (End == StringRef::npos)
      return Text.size();
    if (Text[End] == '\x1b' && Text.substr(End + 1, 1) == "\\")
      return End + 2;
    return Text[End] == '\a' ? End + 1 : End;
  }
  if (Kind == '(' || Kind == ')')
    return std::min<size_t>(3, Text.size());
  return Kind == '\0' || Kind == '\n' ? 1 : 2;
}

std::string decodeLog(StringRef Bytes) {
  std::string Wide;
  if (std::optional<bool> IsLittle = utf16Order(Bytes)) {
    Wide = fromUTF16(Bytes, *IsLittle);
    Bytes = Wide;
  }
  Bytes.consume_front("\xef\xbb\xbf");
  std::string Text;
  Text.reserve(Bytes.size());
  while (!Bytes.empty()) {
    size_t Plain = std::min(Bytes.find_first_of("\x1b\r`\xe2"), Bytes.size());
    Text.append(Bytes.begin(), Plain);
    Bytes = Bytes.substr(Plain);
    if (Bytes.empty())
      break;
    if (Bytes.front() == '\x1b') {
      Bytes = Bytes.substr(escapeSize(Bytes));
    } else if (Bytes.front() == '\r') {
      // Alone it is a progress display's, and no line of the file ends there.
      Bytes = Bytes.ltrim('\r');
      if (Bytes.take_front(1) != "\n")
        Text += '\r';
    } else if (Bytes.consume_front("`") ||
               Bytes.consume_front("\xe2\x80\x98") ||
               Bytes.consume_front("\xe2\x80\x99")) {
      Text += '\'';
    } else {
      Text += Bytes.front();
      Bytes = Bytes.drop_front();
    }
  }
  return Text;
}

/// A word of digits and punctuation: `2026-01-02T03:04:05.678Z`, `#12`,
/// `0.345`, `45%]`, `|`, `=`; GitLab's `01O`.
static bool isStamp(StringRef Word) {
  size_t Letters = 0, Digits = 0;
  for (char C : Word) {
    if (isDigit(C))
      ++Digits;
    else if (StringRef("TZsmOE").find(C) != StringRef::npos)
      ++Letters;
    else if (StringRef("-:.,+/%[]#|=").find(C) == StringRef::npos)
      return false;
  }
  return Letters <= 2 && (Digits > Letters || (!Letters && Word.size() <= 2));
}

/// Takes one part of a prefix off the front; false where there is none.
static bool consumePrefixPart(StringRef &Text) {
  StringRef Rest = Text.ltrim(" \t");
  if (Rest.take_front(3) == ">>>" &&
      (Rest.contains("defined ") || Rest.contains("referenced ")))
    return false; // ld.lld's, and no threefold quote.
  if (Rest.consume_front(">")) {
    Text = Rest;
    return true;
  }
  if (Rest.consume_front("cargo:warning=") ||
      Rest.consume_front("cargo::warning=")) {
    Text = Rest;
    return true;
  }
  // `[stage] `, `##[error]`; but not a range of numbers, which `;` follows.
  StringRef Bracket = Rest.ltrim('#');
  if (Bracket.take_front(1) == "[") {
    size_t End = Bracket.find(']');
    bool IsCommand = Bracket.size() != Rest.size();
    if (End < 64 && (IsCommand || Bracket.substr(End + 1, 1) == " ")) {
      Text = Bracket.substr(End + 1);
      return true;
    }
  }
  StringRef Word = Rest.take_front(Rest.find_first_of(" \t"));
  StringRef After = Rest.substr(Word.size()).ltrim(" \t");
  if (Word.size() == Rest.size())
    return false;
  if (isStamp(Word)) {
    Text = Rest.substr(Word.size());
    return true;
  }
  if (After.consume_front("| ")) { // docker compose's `service  | `.
    Text = After;
    return true;
  }
  return false;
}

/// More than any tool puts before a line. Each part is looked for in what is
/// left of the line, which may be all of a log.
static constexpr unsigned MaximumPrefixParts = 16;

static size_t prefixSize(StringRef Whole) {
  StringRef Text = Whole;
  for (unsigned Parts = 0; Parts < MaximumPrefixParts; ++Parts)
    if (!consumePrefixPart(Text))
      break;
  return Whole.size() - Text.size();
}

/// A prefix without what differs from line to line: a 0 for each number.
static std::string shapeOf(StringRef Prefix) {
  std::string Shape;
  for (char C : Prefix) {
    if (isDigit(C) && !Shape.empty() && Shape.back() == '0')
      continue;
    if (C == ' ' && !Shape.empty() && Shape.back() == ' ')
      continue;
    Shape += isDigit(C) ? '0' : C;
  }
  return StringRef(Shape).rtrim().str();
}

LogText::LogText(StringRef Decoded) {
  unsigned Number = 1;
  while (!Decoded.empty()) {
    StringRef Whole = Decoded.take_front(Decoded.find_first_of("\n\r"));
    Lines.push_back({Whole, prefixSize(Whole), Number});
    Longest = std::max(Longest, Whole.size());
    Number += Decoded.substr(Whole.size(), 1) == "\n";
    Decoded = Decoded.substr(Whole.size() + 1);
  }
}

StringRef LogText::line(size_t Index) const {
  return Lines[Index].Whole.substr(Lines[Index].Prefix).trim();
}

bool LogText::isFull(size_t Index, size_t Count) const {
  return all_of(seq(Index, Index + Count - 1),
                [&](size_t I) { return Lines[I].Whole.size() == Longest; });
}

/// \p Whole without a prefix of the shape \p Shape, or without quote marks.
static StringRef laterPart(StringRef Whole, StringRef Shape) {
  StringRef Text = Whole;
  if (Shape.empty())
    return Whole;
  for (unsigned Parts = 0; Parts <= MaximumPrefixParts; ++Parts) {
    StringRef Prefix = Whole.take_front(Whole.size() - Text.size());
    if (shapeOf(Prefix) == Shape) {
      // One blank goes with the prefix; those after it are the line's own.
      Text.consume_front(" ");
      return Text;
    }
    if (!consumePrefixPart(Text))
      break;
  }
  return Whole;
}

std::string LogText::joined(size_t Index, size_t Count, Wrap How) const {
  const Line &First = Lines[Index];
  std::string Shape = shapeOf(First.Whole.take_front(First.Prefix));
  StringRef Text = First.Whole.substr(First.Prefix).ltrim();
  std::string Joined = (How == Wrap::AtBlank ? Text.rtrim() : Text).str();
  for (size_t I = Index + 1; I < Index + Count && I < Lines.size(); ++I) {
    StringRef Part = laterPart(Lines[I].Whole, Shape);
    if (How == Wrap::Anywhere)
      Joined += Part;
    else
      (Joined += ' ') += Part.trim();
  }
  return Joined;
}

} // namespace section_placement
