//===- ImageCalls.cpp - Who calls whom, by the image's code ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a relocatable image most calls are relocations, and those inside one
// section are instructions only; in a linked one all are instructions.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Expectation.h"

using namespace llvm;

namespace section_placement {

void addCallsOfImage(const ElfFile &Image, ImageTransfers &Transfers,
                     ImageProgram &Result) {
  std::vector<uint32_t> InProgram(Image.definitions().size(), NoIndex);
  for (uint32_t I = 0; I < Result.ImageSymbol.size(); ++I)
    if (Result.ImageSymbol[I] != NoIndex)
      InProgram[Result.ImageSymbol[I]] = I;
  auto FunctionAt = [&](uint32_t Section, uint64_t Address) {
    uint32_t Owner = Image.ownerOf(Section, Address);
    return Owner == NoIndex ? NoIndex : InProgram[Owner];
  };
  Program &P = Result.P;
  for (uint32_t S = 0; S < Image.sections().size(); ++S) {
    if (!Image.sections()[S].isCode())
      continue;
    for (const Transfer &T : Transfers.in(S)) {
      if (T.Where != Transfer::Kind::Address || T.TargetSection == NoIndex)
        continue;
      uint32_t To = FunctionAt(T.TargetSection, T.Target);
      uint32_t From = To == NoIndex ? NoIndex : FunctionAt(S, T.Address);
      if (From == NoIndex || From == To)
        continue;
      uint32_t Evidence = P.Evidences.size();
      P.Evidences.push_back({"the image", "a call", T.Address, 0});
      P.Edges.push_back({From, To, EdgeKind::Call, Evidence});
    }
  }
  P.finish();
}

} // namespace section_placement
