//===- Split.h - Blocks that never run leave their function -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The planner decides which functions are split, and marks them in the IR. Code
// generation does it, long after the planner: a pass over machine functions
// that the plugin adds to the host's code generation. LLVM lets a plugin do so
// from 22 on.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SPLIT_SPLIT_H
#define SECTION_PLACEMENT_SPLIT_SPLIT_H

#include "section-placement/Model/SplitOutcome.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <functional>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace section_placement {

/// Marks \p F to be split in code generation; its part goes to \p Section.
void markSplit(llvm::Function &F, llvm::StringRef Section);

/// Takes the mark off \p F.
void unmarkSplit(llvm::Function &F);

/// Who hears of it.
struct SplitHooks {
  /// Hears of the marked functions of a module whose code was generated.
  std::function<void(llvm::Module &, llvm::ArrayRef<SplitOutcome>)> OnSplit;
  /// Reports what forbids to split in a module.
  std::function<void(llvm::Module &, llvm::StringRef Message)> OnFault;
};

/// Splits marked functions in all code generation of this process, from the
/// first mark on; nothing where this LLVM lets no plugin do so. Called once.
void splitInCodeGeneration(SplitHooks Hooks);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SPLIT_SPLIT_H
