//===- IndirectCallMarks.cpp - In whose source a call stands --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Annotate/IndirectCallMarks.h"
#include "section-placement/IR/IndirectCalls.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

/// Inline asm, which may jump where a register says.
static bool mayJump(const CallBase &Call) {
  auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  return Asm && !Asm->getAsmString().empty();
}

void markIndirectCalls(Module &M) {
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      if (auto *Call = dyn_cast<CallBase>(&I);
          Call && (isIndirectCall(*Call) || mayJump(*Call)))
        Call->addFnAttr(
            Attribute::get(M.getContext(), IndirectCallMark,
                           GlobalValue::dropLLVMManglingEscape(F.getName())));
}

} // namespace section_placement
