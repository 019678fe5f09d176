//===- PrintPlan.cpp - The plan as text -----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/PrintPlan.h"

using namespace llvm;

namespace section_placement {

void printPlan(raw_ostream &OS, const Planned &What,
               ArrayRef<std::string> Told) {
  for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
    if (std::string Text = explainPlacement(What, I); !Text.empty())
      OS << Text << '\n';
  for (const Refusal &R : What.ThePlan.Refusals)
    OS << explainRefusal(What, R) << '\n';
  for (const std::string &Line : Told)
    OS << Line << '\n';
}

} // namespace section_placement
