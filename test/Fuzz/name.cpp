//===- name.cpp - Any bytes as a symbol's name, and out of every output --===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Model/MangledIdentifier.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  StringRef Name = textOf(Data, Size);
  for (bool Merged : {false, true}) {
    StringRef Canonical = canonicalName(Name, Merged);
    (void)isMadeByCompiler(Canonical);
    (void)demangledNames(Canonical);
  }
  (void)parentName(Name);
  require(isUnicode(printable(Name)), "what is printed is UTF-8");
  require(isUnicode(jsonText(Name)), "JSON is UTF-8");
  require(!StringRef(printable(Name)).contains('\n'), "one line");
  // What has no private character of ours in it comes back as it was.
  if (isUnicode(Name) && !Name.contains("\xf4\x8f"))
    require(fromJsonText(jsonText(Name)) == Name, "JSON gives the name back");
  require(fileNameFor(Name, Name, ".json").size() <= 200, "a short file name");
  require(!StringRef(fileNameFor(Name, Name, ".json")).contains('/'), "a name");
  (void)markupText(Name);
  (void)linkerScriptName(Name);
  (void)symbolOrderLine(Name);
  (void)makeText(Name);
  (void)cmakeArgument(Name);
  (void)shellWord(Name);
  return 0;
}
