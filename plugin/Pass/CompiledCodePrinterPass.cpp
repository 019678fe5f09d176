//===- CompiledCodePrinterPass.cpp - What functions become ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/CompiledCodePrinterPass.h"
#include "section-placement/Codegen/CompiledCode.h"
#include "section-placement/IR/CodeSize.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

static StringRef verbOf(const CompiledTarget &T, const CompiledReference &R) {
  if (R.IsCall)
    return "calls";
  switch (T.Kind) {
  case CompiledTargetKind::Code:
    return "has the address of";
  case CompiledTargetKind::Constant:
    return "reads";
  case CompiledTargetKind::Variable:
    return "uses";
  }
  return "";
}

PreservedAnalyses
CompiledCodePrinterPass::run(Module &M, ModuleAnalysisManager &Analyses) {
  FunctionAnalysisManager &OfFunctions =
      Analyses.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
  SmallVector<Function *, 0> Wanted;
  for (Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      Wanted.push_back(&F);
  Expected<CompiledCode> Code = compileFunctions(M, Wanted, {});
  if (!Code) {
    OS << "not compiled: " << toString(Code.takeError()) << '\n';
    return PreservedAnalyses::all();
  }
  for (const CompiledFunction &F : Code->Functions) {
    OS << F.F->getName() << ": " << F.Size << " bytes, alignment "
       << F.Alignment << ", estimated "
       << estimateCodeSize(*F.F, OfFunctions.getResult<TargetIRAnalysis>(*F.F))
       << '\n';
    SmallSet<std::pair<uint32_t, bool>, 8> Seen;
    for (const CompiledReference &R : F.References) {
      const CompiledTarget &T = Code->Targets[R.Target];
      if (Seen.insert({R.Target, R.IsCall}).second)
        OS << "  " << verbOf(T, R) << ' ' << T.Name
           << (T.IsMadeByCodegen ? " (made by code generation)" : "") << '\n';
    }
  }
  return PreservedAnalyses::all();
}

} // namespace section_placement
