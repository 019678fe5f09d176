//===- module.cpp - Any module of a link ---------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input is IR as text. LLVM's bitcode reader, by which linkers read it,
// too, crashes on damaged bitcode: no target reads any.
//
//===----------------------------------------------------------------------===//

#include "llvm/IR/Module.h"
#include "Fuzz.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Whole/WholeProgram.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Workplace::get();
  LLVMContext C;
  SMDiagnostic Fault;
  std::unique_ptr<Module> M =
      parseAssemblyString(textOf(Data, Size).str(), Fault, C);
  if (!M || verifyModule(*M))
    return 0;
  SmallString<0> Bitcode;
  {
    raw_svector_ostream OS(Bitcode);
    WriteBitcodeToFile(*M, OS);
  }
  Interest Wanted;
  Wanted.Branches = Wanted.Calls = Wanted.Sources = Wanted.Sizes = true;
  SourceRoot Root("/src");
  for (bool ReadsBodies : {false, true}) {
    WholeProgram Whole(Wanted, Root, ReadsBodies);
    if (Error E = Whole.addBitcode(MemoryBufferRef(Bitcode, "m.o"), "m.o"))
      discard(std::move(E));
    (void)Whole.finish();
  }
  return 0;
}
