//===- CodeSizePrinterPass.h - What size estimates count --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_CODESIZEPRINTERPASS_H
#define SECTION_PLACEMENT_PASS_CODESIZEPRINTERPASS_H

#include "llvm/IR/PassManager.h"

namespace section_placement {

/// `print<section-placement-code-size>`: a line for each definition: its name,
/// `size` or `speed`, the estimate in bytes, and how often each CodeFeature is
/// in it. bench/size.sh fits the models to these lines. Changes nothing.
class CodeSizePrinterPass : public llvm::PassInfoMixin<CodeSizePrinterPass> {
public:
  explicit CodeSizePrinterPass(llvm::raw_ostream &OS) : OS(OS) {}

  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }

private:
  llvm::raw_ostream &OS;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_CODESIZEPRINTERPASS_H
