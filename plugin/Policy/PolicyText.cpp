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

} // namespace section_placement
