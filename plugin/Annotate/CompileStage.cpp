//===- CompileStage.cpp - Sections set before the thin link ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Annotate/CompileStage.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

CompileStage::CompileStage(Module &M) {
  for (Function &F : M)
    if (!F.isDeclaration())
      Before.emplace_back(&F, F.getSection().str());
}

void CompileStage::mark() {
  for (auto &[F, Section] : Before)
    if (F->getSection() != Section)
      F->addFnAttr(CompileStageStamp, Section);
}

void takeBackCompileStage(Module &M) {
  for (Function &F : M) {
    Attribute Mark = F.getFnAttribute(CompileStageStamp);
    if (!Mark.isStringAttribute())
      continue;
    F.setSection(Mark.getValueAsString());
    F.removeFnAttr(CompileStageStamp);
  }
}

} // namespace section_placement
