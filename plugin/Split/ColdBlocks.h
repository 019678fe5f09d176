//===- ColdBlocks.h - Which blocks never run --------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SPLIT_COLDBLOCKS_H
#define SECTION_PLACEMENT_SPLIT_COLDBLOCKS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/CodeGen/MachineBranchProbabilityInfo.h"
#include "llvm/CodeGen/MachineFunction.h"
#include <string>
#include <vector>

namespace section_placement {

/// Why code generation must leave \p MF whole; empty where it need not.
std::string whyWhole(llvm::MachineFunction &MF);

/// The blocks of \p MF that never run and can be moved, in their order. By the
/// profile where the function has one; otherwise by what the compiler proves:
/// without a call that is cold or does not return, and without an exception,
/// nothing reaches them.
std::vector<llvm::MachineBasicBlock *>
coldBlocks(llvm::MachineFunction &MF,
           const llvm::MachineBranchProbabilityInfo &Probabilities);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SPLIT_COLDBLOCKS_H
