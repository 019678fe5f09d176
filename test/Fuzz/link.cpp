//===- link.cpp - Any text as a link command and the files that it reads -===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first line is the command; the rest is the file `f`, which it may name as
// a response file, a linker or version script, or a dynamic list.
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Link/LinkFacts.h"

using namespace llvm;
using namespace section_placement;

static void ask(const LinkFacts &Facts) {
  for (const std::string &Name : Facts.reboundNames()) {
    (void)Facts.bind(Name, [](StringRef) { return false; });
    (void)Facts.bindingOf({Name});
  }
  (void)Facts.bindingOf({"f"});
  (void)Facts.isOrphan(".text.f");
  (void)Facts.isPositionIndependent();
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  auto [Command, File] = textOf(Data, Size).split('\n');
  std::string Name = Workplace::get().write("f", File);
  Expected<std::vector<CommandWord>> Words = splitCommand("link.txt", Command);
  if (!isGiven(Words))
    return 0;
  Expected<std::vector<CommandWord>> Expanded = expandResponseFiles(*Words);
  if (isGiven(Expanded))
    for (const CommandWord &Word : *Expanded)
      (void)Word.place();
  Expected<LinkFacts> Facts = readLinkFacts(*Words);
  if (isGiven(Facts))
    ask(*Facts);
  Expected<LinkFacts> Linker = parseLinkCommand(*Words);
  if (isGiven(Linker))
    ask(*Linker);
  return 0;
}
