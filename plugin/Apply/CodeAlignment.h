//===- CodeAlignment.h - A function keeps its alignment ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code generation aligns a function as the processor prefers it, and an
// alignment in the IR (2 for a C++ member function, -fmin-function-alignment)
// is a minimum; but for a function with a section it is taken as it stands
// (AsmPrinter::getGVAlignment). A placed function would be aligned to 2.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_APPLY_CODEALIGNMENT_H
#define SECTION_PLACEMENT_APPLY_CODEALIGNMENT_H

#include "llvm/IR/Function.h"
#include <memory>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace section_placement {

class CodeAlignment {
public:
  CodeAlignment();
  ~CodeAlignment();

  /// Makes the alignment of \p F, where the IR gives it one, that which code
  /// generation gives it without a section. Leaves it alone where the host has
  /// no code generation for the module's target.
  void keep(llvm::Function &F);

private:
  bool IsLookedUp = false;
  std::unique_ptr<llvm::TargetMachine> Machine;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_APPLY_CODEALIGNMENT_H
