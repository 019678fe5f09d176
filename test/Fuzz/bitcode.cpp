//===- bitcode.cpp - Any bytes as bitcode of a link ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Whole/WholeProgram.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Workplace::get();
  Interest Wanted;
  Wanted.Branches = Wanted.Calls = Wanted.Sources = Wanted.Sizes = true;
  SourceRoot Root("/src");
  for (bool ReadsBodies : {false, true}) {
    WholeProgram Whole(Wanted, Root, ReadsBodies);
    if (Error E =
            Whole.addBitcode(MemoryBufferRef(textOf(Data, Size), "m.o"), "m.o"))
      discard(std::move(E));
    (void)Whole.finish();
  }
  return 0;
}
