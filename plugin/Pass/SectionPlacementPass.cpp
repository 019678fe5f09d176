//===- SectionPlacementPass.cpp - Plans and applies -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver reads as the architecture: session, program, plan, apply, report.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/SectionPlacementPass.h"
#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/Annotate/CompileStage.h"
#include "section-placement/Annotate/NamesOfSource.h"
#include "section-placement/Apply/Apply.h"
#include "section-placement/Apply/RefusedObject.h"
#include "section-placement/Explain/PrintPlan.h"
#include "section-placement/Explain/Promises.h"
#include "section-placement/Explain/Remarks.h"
#include "section-placement/IR/CodeSize.h"
#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Pass/IsolatePass.h"
#include "section-placement/Pass/ModuleSession.h"
#include "section-placement/Report/JsonReport.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/Module.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

STATISTIC(NumMoved, "Number of functions given another section");
STATISTIC(NumRefused, "Number of symbols that a rule could not move");

namespace section_placement {

namespace {
/// One module on its way through the house.
class ModuleRun {
public:
  ModuleRun(Module &M, ModuleAnalysisManager &Analyses, Session &S, Phase P)
      : M(M), Analyses(Analyses), S(S), P(P) {}

  /// False where a fault was reported.
  bool read();
  bool check();
  bool plan();
  /// Collects what is told beside the plan; to be called before it is shown.
  void tell();
  unsigned apply();
  void report();
  void print(raw_ostream &OS) {
    tell();
    printPlan(OS, planned(), Told);
  }

private:
  Planned planned() const { return {Read.P, S.rules(), *ThePlan}; }
  /// Of what is claimed, for the report: a size that was read before the plan
  /// could change its order.
  void estimateSizes();
  bool isCompile() const { return P == Phase::Compile || P == Phase::PreLink; }
  bool fail(const Twine &Message) {
    diagnose(M.getContext(), Message);
    return false;
  }
  std::string placeOf(uint32_t Rule) const {
    return placeOfRule(S.rules(), Rule);
  }
  void tellUnreadNatives();
  Sight sight() const;
  void tellUnanswered();
  void tellOutlining();

  Module &M;
  ModuleAnalysisManager &Analyses;
  Session &S;
  Phase P;
  ReadModule Read;
  std::optional<Plan> ThePlan;
  std::vector<std::string> Told;
};
} // namespace

bool ModuleRun::read() { return readForPlan(M, Analyses, S, P, Read, Told); }

/// At compile time no native object is read: a rule that grows from them does
/// nothing here, and says so.
void ModuleRun::tellUnreadNatives() {
  if (!isCompile() || S.rules().policy().Natives.empty())
    return;
  for (uint32_t R = 0; R < S.rules().size(); ++R) {
    const Rule &TheRule = *S.rules().rule(R).R;
    if (TheRule.Grow && TheRule.target().usesNative())
      Told.push_back("rule '" + TheRule.Name +
                     "' grows from native objects, which are not read at "
                     "compile time: it acts at an LTO link; for a compile "
                     "name the functions themselves in the rule");
  }
}

void ModuleRun::tellUnanswered() {
  if (P != Phase::FullLTO)
    return;
  std::vector<UnansweredName> Names = unansweredNames(Read.P, S.rules());
  suggestNames(Read.P, Names);
  for (const UnansweredName &N : Names)
    Told.push_back(explainUnanswered(S.rules(), N));
}

/// An explicit section keeps the machine outliner out of a function (AArch64,
/// Arm, RISC-V): a group of functions that shall be small grows by what would
/// have been outlined.
void ModuleRun::tellOutlining() {
  unsigned Count = 0;
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    Count += !ThePlan->Placements[I].Section.empty() &&
             Read.Functions[I]->hasMinSize();
  if (Count)
    Told.push_back(std::to_string(Count) +
                   " of the placed functions are optimised for size (-Oz): "
                   "LLVM outlines nothing from a function with a section of "
                   "its own, so they may grow");
}

bool ModuleRun::plan() {
  ThePlan = makePlan(Read.P, S.rules());
  NumRefused += ThePlan->Refusals.size();
  return check();
}

void ModuleRun::tell() {
  append_range(Told, explainTold(planned()));
  append_range(Told, notesTold(M));
  append_range(Told, tellPromises(planned(), sight()));
  tellOutlining();
  tellUnreadNatives();
  tellUnanswered();
}

Sight ModuleRun::sight() const {
  bool IsCalibrated =
      codeSizeModelFor(compat::targetTriple(M), /*ForSize=*/false).IsCalibrated;
  return {P == Phase::FullLTO,
          IsCalibrated ? SizePrecision::Calibrated : SizePrecision::Borrowed};
}

bool ModuleRun::check() {
  if (ThePlan->Missing.Rule != NoIndex)
    return fail(placeOf(ThePlan->Missing.Rule) +
                explainMissingSources(Read.P, S.rules(), ThePlan->Missing) +
                " (module '" + M.getModuleIdentifier() + "', function '" +
                Read.P.Symbols[ThePlan->Missing.Symbol].Name + "')");
  std::vector<SectionConflict> Conflicts =
      findSectionConflicts(M, Read, *ThePlan);
  for (const SectionConflict &C : Conflicts) {
    fail(placeOf(C.Rule) + "rule '" + S.rules().rule(C.Rule).R->Name +
         "' cannot put code into section '" + C.Section + "': " + C.Why +
         "; choose another name");
  }
  std::vector<std::string> Broken = brokenPromises(planned(), sight());
  for (const std::string &Message : Broken)
    fail(Message);
  return Broken.empty() && Conflicts.empty();
}

unsigned ModuleRun::apply() {
  if (P != Phase::PreLink)
    return applyPlan(M, Read, *ThePlan);
  CompileStage Stage(M);
  unsigned Changed = applyPlan(M, Read, *ThePlan);
  Stage.mark();
  return Changed;
}

void ModuleRun::estimateSizes() {
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    if (ThePlan->Placements[I].Reason != PlacementReason::Unclaimed &&
        !Read.P.Symbols[I].Size)
      Read.P.Symbols[I].Size = estimateCodeSize(*Read.Functions[I]);
}

void ModuleRun::report() {
  const std::string &Folder = S.environment().Report;
  if (Folder.empty() && !isListenedTo(M))
    return;
  tell();
  Planned What = planned();
  emitRemarks(M, What, Read.Functions, Told);
  if (Folder.empty())
    return;
  estimateSizes();
  ReportHead Head{relativeToCurrentFolder(S.output()),
                  relativeToCurrentFolder(M.getModuleIdentifier()), nameOf(P),
                  recordedNames(M)};
  if (Error E = writeJsonReport(Folder, Head, What, Told)) {
    FaultMessages Messages = messagesOf(std::move(E));
    if (S.claimFaults())
      diagnoseAll(M.getContext(), Messages);
  }
}

/// A module whose compile was told otherwise of `lto` and `inline`. False where
/// that is an error.
static bool checkDigests(Module &M, Session &S, Phase P) {
  if (P != Phase::ThinLTOBackend && P != Phase::FullLTO)
    return true;
  const Policy &ThePolicy = S.rules().policy();
  std::vector<std::string> Sources =
      compiledOtherwise(M, ThePolicy, S.root(), isMerged(M, P));
  bool IsWarning = S.environment().warnsOfMismatch();
  for (const std::string &Source : Sources)
    diagnose(M.getContext(),
             "'" + Source + "' was compiled under another policy than " +
                 ThePolicy.File +
                 ", which says otherwise of its 'lto' and 'inline'; compile it "
                 "anew, or set SECTION_PLACEMENT_MISMATCH=warn",
             IsWarning ? DS_Warning : DS_Error);
  return Sources.empty() || IsWarning;
}

PreservedAnalyses SectionPlacementPass::run(Module &M,
                                            ModuleAnalysisManager &Analyses) {
  Phase P = WhichPhase(M);
  const Environment &Env = Environment::get();
  if (P == Phase::PreLink && !Env.placesAtCompile())
    return PreservedAnalyses::all();
  if (P == Phase::ThinLTOBackend || P == Phase::FullLTO) {
    // What the policy says at the link counts, of other links' modules too.
    std::string File = policyInForce(PolicyFile, "", Env);
    if (!File.empty() && File != "none")
      takeBackCompileStage(M);
  }
  Session *S = openSession(M, PolicyFile, P);
  if (!S) {
    if (P == Phase::ThinLTOBackend && hasFault(PolicyFile))
      refuseObject(M);
    return PreservedAnalyses::all();
  }
  ModuleRun Run(M, Analyses, *S, P);
  if (!checkDigests(M, *S, P) || !Run.read() || !Run.plan()) {
    if (P == Phase::ThinLTOBackend)
      refuseObject(M);
    return PreservedAnalyses::all();
  }
  NumMoved += Run.apply();
  Run.report();
  // A section, and the order of functions, are no input of any analysis.
  return PreservedAnalyses::all();
}

PreservedAnalyses
SectionPlacementPrinterPass::run(Module &M, ModuleAnalysisManager &Analyses) {
  Session *S = openSession(M, PolicyFile, Phase::Explicit);
  if (!S)
    return PreservedAnalyses::all();
  ModuleRun Run(M, Analyses, *S, Phase::Explicit);
  if (Run.read() && Run.plan())
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
