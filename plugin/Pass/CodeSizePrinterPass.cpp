//===- CodeSizePrinterPass.cpp - What size estimates count ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/CodeSizePrinterPass.h"
#include "section-placement/IR/CodeSize.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

PreservedAnalyses CodeSizePrinterPass::run(Module &M, ModuleAnalysisManager &) {
  OS << "name goal estimate";
  for (unsigned I = 0; I < CodeFeatureCount; ++I)
    OS << ' ' << nameOf(CodeFeature(I));
  OS << '\n';
  for (const Function &F : M) {
    if (F.isDeclaration() || F.hasAvailableExternallyLinkage())
      continue;
    OS << F.getName()
       << (F.hasOptSize() || F.hasMinSize() ? " size " : " speed ")
       << estimateCodeSize(F);
    for (uint32_t Count : codeFeaturesOf(F))
      OS << ' ' << Count;
    OS << '\n';
  }
  return PreservedAnalyses::all();
}

} // namespace section_placement
