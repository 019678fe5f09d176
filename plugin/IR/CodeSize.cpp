//===- CodeSize.cpp - How large code is expected to be --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/CodeSize.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace section_placement {

/// Of one unit of cost. bench/size.sh prints how far estimates are off.
static constexpr uint64_t BytesOfInstruction = 4;

uint64_t estimateCodeSize(const Function &F, const TargetTransformInfo &Costs) {
  uint64_t Units = 0;
  for (const Instruction &I : instructions(F))
    Units += compat::costOf(
        Costs.getInstructionCost(&I, TargetTransformInfo::TCK_CodeSize));
  return std::max<uint64_t>(1, Units * BytesOfInstruction);
}

} // namespace section_placement
