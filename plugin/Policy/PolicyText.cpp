//===- PolicyText.cpp - How a policy spells a name ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/PolicyText.h"

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
