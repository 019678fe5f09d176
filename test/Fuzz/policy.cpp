//===- policy.cpp - Any text as a policy ---------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/Policy.h"
#include "Fuzz.h"
#include "section-placement/Policy/RuleIndex.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Workplace::get();
  Expected<Policy> P = readPolicyText(textOf(Data, Size), "policy.yaml");
  if (!isGiven(P))
    return 0;
  require(!P->Rules.empty(), "a policy has a rule");
  (void)P->interest();
  RuleIndex Index(*P);
  return 0;
}
