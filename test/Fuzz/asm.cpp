//===- asm.cpp - Any text as module asm and as inline asm ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first byte chooses the target.
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Asm/InlineAsmReader.h"
#include "section-placement/Asm/SectionQuestion.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace section_placement;

static const char *const Targets[] = {"aarch64-linux-gnu", "x86_64-linux-gnu",
                                      "armv7-linux-gnueabi",
                                      "riscv64-linux-gnu"};

static void readInlineAsm(Module &M, StringRef Text) {
  LLVMContext &C = M.getContext();
  FunctionType *Type = FunctionType::get(Type::getVoidTy(C), false);
  Function *F =
      Function::Create(Type, GlobalValue::ExternalLinkage, "caller", M);
  BasicBlock *Block = BasicBlock::Create(C, "", F);
  CallInst *Call = CallInst::Create(Type,
                                    InlineAsm::get(Type, Text, "~{memory}",
                                                   /*hasSideEffects=*/true),
                                    "", Block);
  ReturnInst::Create(C, Block);
  InlineAsmReader Reader(M);
  std::vector<AsmReference> References;
  Reader.read(*Call, References);
  (void)Reader.registerJumps(*Call);
  for (const AsmReference &R : References)
    require(R.Target != nullptr, "a reference has a target");
  (void)SectionQuestion(M).ofInlineAsm(*Call, {".text.r"});
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  static const bool IsReady = [] {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
    return true;
  }();
  (void)IsReady;
  if (!Size)
    return 0;
  StringRef Text = textOf(Data + 1, Size - 1);
  LLVMContext C;
  SMDiagnostic Fault;
  std::unique_ptr<Module> M = parseAssemblyString(
      ("target triple = \"" + Twine(Targets[Data[0] % std::size(Targets)]) +
       "\"\ndeclare void @f()\n")
          .str(),
      Fault, C);
  require(M != nullptr, "the target's own module");
  readInlineAsm(*M, Text);
  M->setModuleInlineAsm(Text);
  (void)SectionQuestion(*M).ofModuleAsm({".text.r", ".init"});
  return 0;
}
