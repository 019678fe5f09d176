//===- profile.cpp - Any bytes as an indexed profile ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Whole/TrainingProfile.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Program P;
  for (uint64_t Guid : {1, 2}) {
    Symbol S;
    S.Name = S.Canonical = "f";
    S.Guid = Guid;
    P.Symbols.push_back(S);
  }
  P.finish();
  Expected<TrainingMatch> Known = readTrainingProfile(
      MemoryBuffer::getMemBufferCopy(textOf(Data, Size), "a.profdata"), P);
  (void)isGiven(Known);
  return 0;
}
