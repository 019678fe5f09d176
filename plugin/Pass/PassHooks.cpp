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

static Module *moduleOf(const Any &IR) {
  const auto *M = any_cast<const Module *>(&IR);
  return M ? const_cast<Module *>(*M) : nullptr;
}

void runBefore(
    PassBuilder &PB, StringRef Pass,
    std::function<PreservedAnalyses(Module &, ModuleAnalysisManager &)>
        Action) {
  PassInstrumentationCallbacks *Callbacks =
      PB.getPassInstrumentationCallbacks();
  if (!Callbacks)
    return;
  // The analyses of the pipeline that is being built; it outlives its passes.
  auto Analyses = std::make_shared<ModuleAnalysisManager *>(nullptr);
  PB.registerAnalysisRegistrationCallback(
      [=](ModuleAnalysisManager &Manager) { *Analyses = &Manager; });
  Callbacks->registerBeforeNonSkippedPassCallback(
      [=, Action = std::move(Action)](StringRef Running, const Any &IR) {
        Module *M = Running == Pass ? moduleOf(IR) : nullptr;
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
          if (Module *M = Ran == Pass ? moduleOf(IR) : nullptr)
            Action(*M);
        });
}

void runAfterAny(
    PassBuilder &PB,
    std::function<void(StringRef, Module *, ModuleAnalysisManager &)> Action) {
  PassInstrumentationCallbacks *Callbacks =
      PB.getPassInstrumentationCallbacks();
  if (!Callbacks)
    return;
  auto Analyses = std::make_shared<ModuleAnalysisManager *>(nullptr);
  PB.registerAnalysisRegistrationCallback(
      [=](ModuleAnalysisManager &Manager) { *Analyses = &Manager; });
  Callbacks->registerAfterPassCallback(
      [=, Action = std::move(Action)](StringRef Ran, const Any &IR,
                                      const PreservedAnalyses &) {
        if (*Analyses)
          Action(Ran, moduleOf(IR), **Analyses);
      });
}

} // namespace section_placement
