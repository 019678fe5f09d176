//===- NameStyle.cpp - Names as people read them --------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/NameStyle.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Model/MangledIdentifier.h"
#include "section-placement/Support/Json.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

static bool isNameChar(char C) {
  return isAlnum(C) || C == '_' || C == '$' || C == '.';
}

static std::string shownName(StringRef Linked) {
  StringRef Canonical = canonicalName(Linked, /*Merged=*/true);
  SmallVector<std::string, 4> Names = demangledNames(Canonical);
  if (Names.empty())
    return Linked.str();
  StringRef Appended = Linked.drop_front(Canonical.size());
  return Appended.empty() ? Names.front()
                          : Names.front() + " (" + Appended.str() + ")";
}

std::string shown(StringRef Text, NameStyle Style) {
  bool MayHaveAny =
      Text.find("_Z") != StringRef::npos || Text.find("_R") != StringRef::npos;
  if (Style == NameStyle::Linked || !MayHaveAny)
    return Text.str();
  std::string Result;
  while (!Text.empty()) {
    StringRef Between = Text.take_until(isNameChar);
    Text = Text.drop_front(Between.size());
    StringRef Word = Text.take_while(isNameChar);
    Text = Text.drop_front(Word.size());
    StringRef Name = Word.rtrim('.'); // That of the sentence.
    Result += Between.str();
    bool IsInPath = (!Result.empty() && Result.back() == '/') ||
                    (!Text.empty() && Text.front() == '/');
    Result += isMangled(Name) && !IsInPath ? shownName(Name) : Name.str();
    Result += Word.drop_front(Name.size()).str();
  }
  return Result;
}

void writeName(json::OStream &J, StringRef Key, StringRef Linked,
               NameStyle Style) {
  writeText(J, Key, Linked);
  std::string Shown = shown(Linked, Style);
  if (Shown != Linked)
    writeText(J, "demangled", Shown);
}

} // namespace section_placement
