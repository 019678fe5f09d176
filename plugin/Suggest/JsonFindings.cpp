//===- JsonFindings.cpp - What was suggested, for programs
//--------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/Finding.h"
#include "section-placement/Support/Json.h"

using namespace llvm;

namespace section_placement {

static StringRef nameOf(Finding::Caller From) {
  switch (From) {
  case Finding::Caller::Native:
    return "native";
  case Finding::Caller::SomeNative:
    return "some-native";
  case Finding::Caller::Compiled:
    return "compiled";
  case Finding::Caller::Unknown:
    return "not-known";
  }
  return "";
}

static void writeFinding(json::OStream &J, const Finding &F) {
  J.attribute("from", nameOf(F.From));
  writeTextIfAny(J, "object", F.Object);
  writeTextIfAny(J, "function", F.Function);
  writeTextIfAny(J, "section", F.Section);
  writeTextIfAny(J, "target", F.Target);
  J.attribute("relocation", F.Relocation->Name);
  if (F.Distance)
    J.attribute("distance", *F.Distance);
  auto Range =
      F.Range.value_or(std::pair(F.Relocation->Lowest, F.Relocation->Highest));
  J.attribute("lowest", Range.first);
  J.attribute("highest", Range.second);
  J.attribute("targetDefined", F.IsTargetDefined);
}

void writeJsonFindings(json::OStream &J, const Findings &All) {
  J.attribute("placesAt", All.AtCompile == Findings::CompileReason::None
                              ? "link"
                              : "compile");
  writeTexts(J, "outputs", All.Outputs);
  writeTextIfAny(J, "tried", All.Tried);
  J.attributeArray("findings", [&] {
    for (const Finding &F : All.All)
      J.object([&] { writeFinding(J, F); });
  });
}

} // namespace section_placement
