//===- glob.cpp - A glob against a name ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input is the glob, a zero byte, and the name.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/Glob.h"
#include "Fuzz.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  auto [Pattern, Name] = textOf(Data, Size).split('\0');
  for (Glob::Dialect D : {Glob::Dialect::Name, Glob::Dialect::Path}) {
    Expected<Glob> G = Glob::compile(Pattern, D);
    if (!isGiven(G))
      continue;
    bool Matches = G->match(Name);
    if (std::optional<StringRef> Literal = G->literal())
      require(Matches == (Name == *Literal), "a literal matches itself only");
  }
  require(Glob::exactly(Name).match(Name), "a name matches itself");
  return 0;
}
