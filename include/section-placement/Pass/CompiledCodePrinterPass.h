//===- CompiledCodePrinterPass.h - What functions become --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_COMPILEDCODEPRINTERPASS_H
#define SECTION_PLACEMENT_PASS_COMPILEDCODEPRINTERPASS_H

#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/PassManager.h"

namespace section_placement {

/// `print<section-placement-code>`: compiles each definition in memory and
/// prints its size in bytes, what it calls and what it refers to, by the names
/// that the linker binds. Changes nothing.
class CompiledCodePrinterPass
    : public compat::RequiredPass<CompiledCodePrinterPass> {
public:
  explicit CompiledCodePrinterPass(llvm::raw_ostream &OS) : OS(OS) {}

  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);

private:
  llvm::raw_ostream &OS;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_COMPILEDCODEPRINTERPASS_H
