//===- PolicyText.cpp - How a policy spells a name ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/PolicyText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

/// The glob that matches \p Name and nothing else.
std::string literalGlob(StringRef Name) {
  std::string Result;
  for (char C : Name) {
    if (StringRef("*?[]{}\\").find(C) != StringRef::npos)
      Result += '\\';
    Result += C;
  }
  return Result;
}

/// A scalar of a flow list: plain where no reader of YAML could take it for
/// anything but a string.
std::string yamlScalar(StringRef Text) {
  StringRef Start = Text;
  if (Start.front() == '.' || Start.front() == '/')
    Start = Start.drop_front();
  bool IsPlain = !Start.empty() && (isAlpha(Start[0]) || Start[0] == '_');
  IsPlain &= all_of(Text, [](char C) {
    return isAlnum(C) || StringRef("_./$+-()").find(C) != StringRef::npos;
  });
  for (StringRef Word : {"true", "false", "yes", "no", "on", "off", "null", "y",
                         "n", ".inf", ".nan"})
    IsPlain &= !Text.equals_insensitive(Word);
  if (IsPlain)
    return Text.str();
  std::string Result = "\"";
  for (char C : Text) {
    if (C == '"' || C == '\\')
      Result += '\\';
    Result += C;
  }
  return Result + '"';
}

std::string matchEntry(MatchKey Key, ArrayRef<StringRef> Texts) {
  const MatchKeyInfo &Info = infoOf(Key);
  bool IsGlob =
      Info.Values == ValueKind::NameGlob || Info.Values == ValueKind::PathGlob;
  std::string Values;
  for (StringRef Text : Texts)
    Values += (Values.empty() ? "" : ", ") +
              yamlScalar(IsGlob ? literalGlob(Text) : Text.str());
  return (Info.Name + ": [" + Values + "]").str();
}

} // namespace section_placement
