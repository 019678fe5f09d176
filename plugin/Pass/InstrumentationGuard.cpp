//===- InstrumentationGuard.cpp - Code changed after it was checked -------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/InstrumentationGuard.h"
#include "PlacementRun.h"
#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Pass/PassHooks.h"
#include "section-placement/Pass/SectionPlacementPass.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

static void checkAgain(Module &M, ModuleAnalysisManager &Analyses,
                       const PipelineState &State, StringRef PolicyFile,
                       StringSet<> &Said) {
  if (!isForELF(M) ||
      phaseOfModule(M, compat::LinkPhase::Unknown, State) != Phase::Compile)
    return;
  Session *S = sessionInForce(PolicyFile);
  if (!S || none_of(S->rules().policy().Rules,
                    [](const Rule &R) { return R.Closed || R.MaxSize; }))
    return;
  PlacementRun(M, Analyses, *S, Phase::Compile).checkAgain(Said);
}

void guardInstrumentation(PassBuilder &PB,
                          const std::shared_ptr<PipelineState> &State,
                          const std::string &PolicyFile) {
  // What was said, after the pass of ours or of an earlier one.
  auto Said = std::make_shared<StringSet<>>();
  runAfterChanges(
      PB, [=](StringRef Pass, Module &M, ModuleAnalysisManager &Analyses) {
        if (State->HasChecked && Pass != SectionPlacementPass::name())
          checkAgain(M, Analyses, *State, PolicyFile, *Said);
      });
}

} // namespace section_placement
