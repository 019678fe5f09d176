//===- log.cpp - Any bytes as the log of a failed link -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Policy/Policy.h"
#include "section-placement/Suggest/Finding.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Workplace::get();
  LinkLog Log = readLinkLog(textOf(Data, Size));
  for (const OtherFailure &F : Log.Others)
    (void)explainFailure(F.What);
  ObjectScan NoObjects;
  Expected<Findings> Found = findingsOf(Log, "link.log", NoObjects);
  if (!isGiven(Found))
    return 0;
  requireJson([&](json::OStream &J) { writeJsonFindings(J, *Found); });
  if (Found->All.empty())
    return 0;
  std::string Text = writePolicy(rulesFor(*Found));
  Expected<Policy> P = readPolicyText(Text, "policy.yaml");
  if (!P) {
    errs() << Text << toString(P.takeError()) << '\n';
    require(false, "what is suggested is a policy");
  }
  return 0;
}
