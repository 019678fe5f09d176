//===- SectionName.cpp - What a code section's name tells
//------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/SectionName.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

StringRef functionOfSection(StringRef Section) {
  if (!Section.consume_front(".text."))
    return "";
  for (StringRef Kind :
       {"unlikely.", "hot.", "startup.", "exit.", "split.", "unknown."})
    if (Section.consume_front(Kind))
      break;
  return canonicalName(Section, /*Merged=*/false);
}

bool isSectionOf(StringRef Section, StringRef Function) {
  StringRef Name = functionOfSection(Section);
  return !Name.empty() && (Name == canonicalName(Function, /*Merged=*/false) ||
                           is_contained(demangledNames(Name), Function.str()));
}

bool isDataSection(StringRef Section) {
  for (StringRef Data : {".data", ".rodata", ".bss", ".tdata", ".tbss",
                         ".sdata", ".sbss", ".lrodata", ".ldata", ".lbss"})
    if (Section == Data || (Section.take_front(Data.size()) == Data &&
                            Section[Data.size()] == '.'))
      return true;
  return false;
}

} // namespace section_placement
