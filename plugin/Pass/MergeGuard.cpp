//===- MergeGuard.cpp - Functions of two sections are not merged ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/MergeGuard.h"
#include "section-placement/Pass/ModuleSession.h"
#include "section-placement/Plan/Plan.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"

using namespace llvm;

namespace section_placement {

static constexpr StringLiteral MergingPass = "MergeFunctionsPass";
/// MergeFunctions compares attributes, those that it does not know too.
static constexpr StringLiteral SectionMark = "section-placement-section";

/// Null where no policy acts. What is wrong with it is reported by the passes
/// that act on it.
static Session *sessionThatPlaces(StringRef PolicyFile) {
  std::string File = policyInForce(PolicyFile, "", Environment::get());
  if (File.empty() || File == "none")
    return nullptr;
  Session &S = Session::get(File);
  return S.faults().empty() && S.isAboutThisLink() ? &S : nullptr;
}

static Phase phaseBeforeSections(const Module &M, const PipelineState &State) {
  if (isMerged(M, Phase::PreLink))
    return Phase::FullLTO;
  return phaseOfModule(M, compat::LinkPhase::Unknown, State);
}

static void markSections(Module &M, ModuleAnalysisManager &Analyses,
                         StringRef PolicyFile, Phase P) {
  Session *S = sessionThatPlaces(PolicyFile);
  if (!S || !isForELF(M))
    return;
  ReadModule Read;
  std::vector<std::string> Told; // The last pass tells it.
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
  PassInstrumentationCallbacks *Callbacks =
      PB.getPassInstrumentationCallbacks();
  if (!Callbacks)
    return;
  // The analyses of the pipeline that is being built; it outlives its passes.
  auto Analyses = std::make_shared<ModuleAnalysisManager *>(nullptr);
  PB.registerAnalysisRegistrationCallback(
      [=](ModuleAnalysisManager &Manager) { *Analyses = &Manager; });
  auto ModuleOf = [](Any IR) {
    const auto *M = any_cast<const Module *>(&IR);
    return M ? const_cast<Module *>(*M) : nullptr;
  };
  Callbacks->registerBeforeNonSkippedPassCallback([=](StringRef Pass, Any IR) {
    Module *M = Pass == MergingPass ? ModuleOf(IR) : nullptr;
    if (!M || !*Analyses)
      return;
    Phase P = phaseBeforeSections(*M, *State);
    if (P == Phase::PreLink || P == Phase::FullLTO)
      markSections(*M, **Analyses, PolicyFile, P);
  });
  Callbacks->registerAfterPassCallback(
      [=](StringRef Pass, Any IR, const PreservedAnalyses &) {
        if (Module *M = Pass == MergingPass ? ModuleOf(IR) : nullptr)
          for (Function &F : *M)
            F.removeFnAttr(SectionMark);
      });
}

} // namespace section_placement
