//===- ExplainNatives.cpp - Native inputs in words ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/ExplainNatives.h"
#include "section-placement/Explain/Explain.h"
#include "section-placement/Objects/RelocationReach.h"
#include "section-placement/Support/TextWriter.h"

using namespace llvm;

namespace section_placement {

static std::string explainWildcard(const NativeNote &Note) {
  std::string Glob = "native '" + Note.Glob + "'";
  if (!Note.Read && !Note.passedOver())
    return Glob + " finds nothing among the inputs of this link";
  std::string Skipped;
  auto Count = [&](unsigned Number, StringRef What) {
    if (Number)
      Skipped +=
          ((Skipped.empty() ? "" : ", ") + Twine(Number) + " " + What).str();
  };
  Count(Note.Bitcode, "bitcode");
  Count(Note.SlimGCC, "of GCC's LTO, without native code");
  Count(Note.OtherMachine, "for another machine");
  Count(Note.Linked, "linked already");
  Count(Note.NoELF, "no ELF");
  Count(Note.Damaged, "damaged");
  return Glob + ": " + counted(Note.Read, "object") +
         " read; passed over: " + Skipped +
         (Note.Damaged ? " (" + Note.Why + ")" : "");
}

static std::string explainNative(const NativeNote &Note) {
  switch (Note.What) {
  case NativeNote::Kind::UnknownReaches:
    return reachesUnknown(Note.Machine) +
           ": no rule grows along those of native code";
  case NativeNote::Kind::Wildcard:
    return explainWildcard(Note);
  case NativeNote::Kind::Unopened:
    return "inputs of the link that could not be read: " + Note.Why;
  }
  return "";
}

std::string explainNativeName(const Rule &R, StringRef Name, StringRef Object) {
  return "rule " + inQuotes(R.Name) + " names " + inQuotes(Name) + " of " +
         Object.str() +
         ", native code that no pass can move; the linker script moves it by " +
         inQuotes(scriptLineFor(Object));
}

std::vector<std::string> explainNatives(ArrayRef<NativeNote> Notes) {
  std::vector<std::string> Lines;
  for (const NativeNote &Note : Notes)
    Lines.push_back(explainNative(Note));
  return Lines;
}

} // namespace section_placement
