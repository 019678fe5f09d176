//===- PassHooks.cpp - Before and after a pass of LLVM --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/PassHooks.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"

using namespace llvm;

namespace section_placement {

/// The analyses of the pipeline that is being built. It outlives its passes.
static std::shared_ptr<ModuleAnalysisManager *> analysesOf(PassBuilder &PB) {
  auto Analyses = std::make_shared<ModuleAnalysisManager *>(nullptr);
  PB.registerAnalysisRegistrationCallback(
      [=](ModuleAnalysisManager &Manager) { *Analyses = &Manager; });
  return Analyses;
}

void runBefore(
    PassBuilder &PB, StringRef Pass,
    std::function<PreservedAnalyses(Module &, ModuleAnalysisManager &)>
        Action) {
  PassInstrumentationCallbacks *Callbacks =
      PB.getPassInstrumentationCallbacks();
  if (!Callbacks)
    return;
  Callbacks->registerBeforeNonSkippedPassCallback(
      [=, Analyses = analysesOf(PB),
       Action = std::move(Action)](StringRef Running, const Any &IR) {
        Module *M = Running == Pass ? compat::moduleIn(IR) : nullptr;
        if (M && *Analyses)
          (*Analyses)->invalidate(*M, Action(*M, **Analyses));
      });
}

void runAfter(PassBuilder &PB, StringRef Pass,
              std::function<void(Module &)> Action) {
  if (PassInstrumentationCallbacks *Callbacks =
          PB.getPassInstrumentationCallbacks())
    Callbacks->registerAfterPassCallback(
        [=, Action = std::move(Action)](StringRef Ran, const Any &IR,
                                        const PreservedAnalyses &) {
          if (Module *M = Ran == Pass ? compat::moduleIn(IR) : nullptr)
            Action(*M);
        });
}

/// A pass that runs others, each of which was reported.
static bool isManager(StringRef Pass) { return Pass.contains("PassManager<"); }

void runAfterChanges(
    PassBuilder &PB,
    std::function<void(StringRef, Module &, ModuleAnalysisManager &)> Action) {
  PassInstrumentationCallbacks *Callbacks =
      PB.getPassInstrumentationCallbacks();
  if (!Callbacks)
    return;
  Callbacks->registerAfterPassCallback(
      [Analyses = analysesOf(PB), Action = std::move(Action)](
          StringRef Ran, const Any &IR, const PreservedAnalyses &Preserved) {
        if (Preserved.areAllPreserved() || isManager(Ran))
          return;
        Module *M = compat::moduleIn(IR);
        if (M && *Analyses)
          Action(Ran, *M, **Analyses);
      });
}

} // namespace section_placement
