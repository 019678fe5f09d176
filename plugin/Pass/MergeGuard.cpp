//===- MergeGuard.cpp - Functions of two sections are not merged ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/MergeGuard.h"
#include "section-placement/Pass/ModuleSession.h"
#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Pass/PassHooks.h"
#include "section-placement/Plan/Plan.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

static constexpr StringLiteral MergingPass = "MergeFunctionsPass";
/// MergeFunctions compares attributes, those that it does not know too.
static constexpr StringLiteral SectionMark = "section-placement-section";

static Phase phaseBeforeSections(const Module &M, const PipelineState &State) {
  if (isMerged(M, Phase::PreLink))
    return Phase::FullLTO;
  return phaseOfModule(M, compat::LinkPhase::Unknown, State);
}

static void markSections(Module &M, ModuleAnalysisManager &Analyses,
                         StringRef PolicyFile, Phase P) {
  Session *S = sessionInForce(PolicyFile);
  if (!S || !isForELF(M))
    return;
  ReadModule Read;
  std::vector<std::string> Told; // The last pass reports it.
  if (!readForPlan(M, Analyses, *S, P, Read, Told))
    return;
  Plan ThePlan = makePlan(Read.P, S->rules());
  for (size_t I = 0; I < Read.Functions.size(); ++I) {
    StringRef Section = ThePlan.Placements[I].Section;
    if (!Section.empty() && Read.Functions[I]->getSection() != Section)
      Read.Functions[I]->addFnAttr(SectionMark, Section);
  }
}

void guardMerging(PassBuilder &PB, const std::shared_ptr<PipelineState> &State,
                  const std::string &PolicyFile) {
  runBefore(PB, MergingPass, [=](Module &M, ModuleAnalysisManager &Analyses) {
    Phase P = phaseBeforeSections(M, *State);
    if (P == Phase::PreLink || P == Phase::FullLTO)
      markSections(M, Analyses, PolicyFile, P);
    return PreservedAnalyses::all();
  });
  runAfter(PB, MergingPass, [](Module &M) {
    for (Function &F : M)
      F.removeFnAttr(SectionMark);
  });
}

} // namespace section_placement
