//===- metadata.cpp - Bitcode with any metadata in the place of ours -----===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each line of the input says what a module has: `f STAMP` and `p PATH` a
// function with that stamp, short or long; `n NAME` a named metadata node, and
// `a TEXT` one of functions with an operand; `g NAME` a string global that is
// listed as llvm.used.
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Annotate/Annotate.h"
#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/Annotate/NamesOfSource.h"
#include "section-placement/IR/SourceStamp.h"
#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Policy/Policy.h"
#include "section-placement/Whole/WholeProgram.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace section_placement;

static void addFunction(Module &M, StringRef Attribute, StringRef Value) {
  LLVMContext &C = M.getContext();
  Function *F = Function::Create(FunctionType::get(Type::getVoidTy(C), false),
                                 GlobalValue::ExternalLinkage, "f", M);
  F->addFnAttr(Attribute, Value);
  ReturnInst::Create(C, BasicBlock::Create(C, "", F));
}

static void addLine(Module &M, StringRef Line) {
  LLVMContext &C = M.getContext();
  char Kind = Line[0];
  StringRef Text = Line.drop_front(std::min<size_t>(2, Line.size()));
  if (Kind == 'f')
    addFunction(M, SourceIdStamp, Text);
  else if (Kind == 'p')
    addFunction(M, SourceStamp, Text);
  else if (Kind == 'n' && !Text.empty())
    M.getOrInsertNamedMetadata(Text);
  else if (Kind == 'a')
    M.getOrInsertNamedMetadata(NameTable)->addOperand(
        MDNode::get(C, MDString::get(C, Text)));
  else if (Kind == 'i')
    recordSource(M, {Text, ""});
}

static void readStamps(Module &M, const Policy &P, const SourceRoot &Root) {
  (void)recordedSources(M);
  (void)recordedNames(M);
  (void)compiledWithoutPolicy(M);
  (void)hasOptOutMarks(M);
  for (bool IsMerged : {false, true}) {
    (void)compiledOtherwise(M, P, Root, IsMerged);
    CompileWitness Witness(M, Root, IsMerged);
    for (Function &F : M) {
      (void)Witness.knewPolicy(F);
      (void)Witness.hadPlugin(F);
      (void)Witness.compiledWithoutPolicy(F);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Workplace::get();
  LLVMContext C;
  Module M("m.c", C);
  SmallVector<StringRef, 16> Lines;
  textOf(Data, Size).split(Lines, '\n', /*MaxSplit=*/100, /*KeepEmpty=*/false);
  for (StringRef Line : Lines)
    addLine(M, Line);
  Expected<Policy> P = readPolicyText(
      "version: 1\nrules: [{ name: r, match: { source: ['a*'] }, lto: opt-out, "
      "section: .text.r }, { name: n, match: { function: [f] }, section: "
      ".text.n "
      "}]\n",
      "policy.yaml");
  require(bool(P), "the target's own policy");
  SourceRoot Root("/src");
  readStamps(M, *P, Root);
  SmallString<0> Bitcode;
  {
    raw_svector_ostream OS(Bitcode);
    WriteBitcodeToFile(M, OS);
  }
  Interest Wanted = P->interest();
  for (bool ReadsBodies : {false, true}) {
    WholeProgram Whole(Wanted, Root, ReadsBodies);
    if (Error E = Whole.addBitcode(MemoryBufferRef(Bitcode, "m.o"), "m.o"))
      discard(std::move(E));
    (void)Whole.finish();
  }
  StringSet<> Units;
  for (StringRef Line : Lines)
    Units.insert(Line.drop_front(std::min<size_t>(2, Line.size())));
  releaseBackend(M, Units);
  markUnrecordedOrigins(M);
  stripStamps(M);
  return 0;
}
