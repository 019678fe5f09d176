//===- SectionPlacementPass.cpp - Plans and applies -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver reads as the architecture: read, plan, check, apply, report.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/SectionPlacementPass.h"
#include "PlacementRun.h"
#include "section-placement/Annotate/CompileStage.h"
#include "section-placement/Apply/RefusedObject.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/Module.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

STATISTIC(NumMoved, "Number of functions given another section");

namespace section_placement {

/// The session under which \p M is to be planned in phase \p P, if any.
static Session *sessionFor(Module &M, StringRef PolicyFile, Phase P) {
  const Environment &Env = Environment::get();
  if (P == Phase::PreLink && !Env.placesAtCompile())
    return nullptr;
  if (P == Phase::ThinLTOBackend || P == Phase::FullLTO) {
    // What the policy says at the link counts, of other links' modules too.
    std::string File = policyInForce(PolicyFile, "", Env);
    if (!File.empty() && File != "none" && isForELF(M))
      takeBackCompileStage(M);
  }
  return openSession(M, PolicyFile, P);
}

/// After a fault that was reported: a ThinLTO backend must leave no object.
static PreservedAnalyses refused(Module &M, Phase P) {
  if (P == Phase::ThinLTOBackend)
    refuseObject(M);
  return PreservedAnalyses::all();
}

PreservedAnalyses SectionPlacementPass::run(Module &M,
                                            ModuleAnalysisManager &Analyses) {
  Phase P = WhichPhase(M);
  Session *S = sessionFor(M, PolicyFile, P);
  if (!S) {
    std::vector<std::string> Faults;
    for (const Diagnostic &Fault : faultsInForce(PolicyFile))
      Faults.push_back(Fault.str());
    if (Faults.empty())
      return PreservedAnalyses::all();
    const Environment &Env = Environment::get();
    if (P != Phase::PreLink)
      PlacementRun::reportFault(M, P, policyInForce(PolicyFile, "", Env),
                                Env.Output, Faults);
    return refused(M, P);
  }
  PlacementRun Run(M, Analyses, *S, P);
  // What is in the module, in its asm, and in the native objects.
  if (!Run.read()) {
    Run.reportRefusal();
    return refused(M, P);
  }
  // Who goes where, and why; who does not, and why not.
  Run.plan();
  // What an assembler would accept without a word, and what rules promise.
  bool IsGood = Run.check();
  // Sections and the order of functions: the one change to the module.
  if (IsGood)
    NumMoved += Run.apply();
  // Remarks, and the JSON report.
  Run.report();
  if (!IsGood)
    return refused(M, P);
  if (State)
    State->HasChecked = true;
  // A section, and the order of functions, are no input of any analysis.
  return Run.hasChangedCode() ? PreservedAnalyses::none()
                              : PreservedAnalyses::all();
}

PreservedAnalyses
SectionPlacementPrinterPass::run(Module &M, ModuleAnalysisManager &Analyses) {
  Session *S = openSession(M, PolicyFile, Phase::Explicit);
  if (!S)
    return PreservedAnalyses::all();
  PlacementRun Run(M, Analyses, *S, Phase::Explicit);
  if (!Run.read())
    return PreservedAnalyses::all();
  Run.plan();
  if (Run.check())
    Run.print(OS);
  return PreservedAnalyses::all();
}

void reportBackendWithoutPasses(LLVMContext &Context, StringRef PolicyFile) {
  std::string File = policyInForce(PolicyFile, "", Environment::get());
  if (File.empty() || File == "none")
    return;
  Session &S = Session::get(File);
  if (!S.claimFaults())
    return;
  if (!S.faults().empty())
    diagnoseAll(Context, S.faults());
  else if (S.isAboutThisLink())
    diagnose(
        Context,
        "this LTO backend runs no pass of a plugin (ThinLTO at --lto-O0 "
        "has none, nor has an --lto-newpm-passes of one's own), so policy " +
            File +
            " would do nothing; link with --lto-O1 or higher, or name the "
            "pass: --lto-newpm-passes='thinlto<O0>,section-placement'");
}

} // namespace section_placement
