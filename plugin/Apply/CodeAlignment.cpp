//===- CodeAlignment.cpp - A function keeps its alignment -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeAlignment.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/CodeGen/TargetLowering.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

CodeAlignment::CodeAlignment() = default;
CodeAlignment::~CodeAlignment() = default;

/// As MachineFunction::init has it, for the processor that \p F names.
static Align alignmentWithoutIR(const TargetMachine &Machine,
                                const Function &F) {
  const TargetLowering &Target =
      *Machine.getSubtargetImpl(F)->getTargetLowering();
  Align Least = Target.getMinFunctionAlignment();
  return F.hasOptSize() ? Least
                        : std::max(Least, Target.getPrefFunctionAlignment());
}

/// Null where the host has not registered the target.
static std::unique_ptr<TargetMachine> machineFor(const Module &M) {
  const Triple OfModule = compat::targetTriple(M);
  const Target *Found = compat::lookupTarget(OfModule);
  if (!Found)
    return nullptr;
  return std::unique_ptr<TargetMachine>(
      Found->createTargetMachine(compat::tripleArgument(OfModule), /*CPU=*/"",
                                 /*Features=*/"", TargetOptions(), /*RM=*/{}));
}

void CodeAlignment::keep(Function &F) {
  MaybeAlign Given = F.getAlign();
  if (!Given)
    return;
  if (!IsLookedUp) {
    IsLookedUp = true;
    Machine = machineFor(*F.getParent());
  }
  if (Machine)
    F.setAlignment(std::max(*Given, alignmentWithoutIR(*Machine, F)));
}

} // namespace section_placement
