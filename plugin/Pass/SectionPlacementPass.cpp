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
#include "section-placement/Apply/Apply.h"
#include "section-placement/Frontend/CodeSize.h"
#include "section-placement/Frontend/IRFrontend.h"
#include "section-placement/Frontend/TargetMachineType.h"
#include "section-placement/Pass/Session.h"
#include "section-placement/Report/JsonReport.h"
#include "section-placement/Report/PrintPlan.h"
#include "section-placement/Report/Promises.h"
#include "section-placement/Report/Remarks.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

STATISTIC(NumMoved, "Number of functions given another section");
STATISTIC(NumRefused, "Number of symbols that a rule could not move");

namespace section_placement {

static void diagnose(LLVMContext &Context, const Twine &Message,
                     DiagnosticSeverity Severity = DS_Error) {
  compat::diagnose(Context, "section-placement: " + Message, Severity);
}

static void diagnoseAll(LLVMContext &Context, ArrayRef<std::string> Messages) {
  for (const std::string &Message : Messages)
    diagnose(Context, Message);
}

/// True for the first caller of a link, whatever the policy.
static bool claimWarning() {
  static std::atomic<bool> Said{false};
  return !Said.exchange(true);
}

/// A warning once a link; at compile time a remark, because of -Werror.
static void warnOnce(Module &M, Phase P, ArrayRef<std::string> Messages) {
  if (Messages.empty())
    return;
  bool IsLink = currentHostKind() == HostKind::Linker;
  if (!IsLink && P != Phase::Explicit) {
    for (const std::string &Message : Messages)
      emitTold(M, Message);
    return;
  }
  if (IsLink && !claimWarning())
    return;
  for (const std::string &Message : Messages)
    diagnose(M.getContext(), Message, DS_Warning);
}

static void warnWithoutPolicy(Module &M, Phase P, const Environment &Env) {
  std::vector<std::string> Messages = Env.Unknown;
  Messages.insert(Messages.begin(),
                  "the plugin is loaded without a policy and does nothing; set "
                  "SECTION_PLACEMENT_POLICY to a policy file, or to 'none' if "
                  "this is meant");
  warnOnce(M, P, Messages);
}

/// The session of the policy in force, where there is one that this module is
/// to be planned under. Says what there is to say where there is none.
static Session *openSession(Module &M, StringRef PolicyFile, Phase P) {
  const Environment &Env = Environment::get();
  std::string File = policyInForce(PolicyFile, "", Env);
  if (File.empty()) {
    warnWithoutPolicy(M, P, Env);
    return nullptr;
  }
  if (File == "none")
    return nullptr;
  warnOnce(M, P, Env.Unknown);
  Session &S = Session::get(File);
  if (!S.faults().empty()) {
    if (S.claimFaults())
      diagnoseAll(M.getContext(), S.faults());
    return nullptr;
  }
  return S.isAboutThisLink() ? &S : nullptr;
}

/// As CodeGenPrepare asks the profile for a section prefix.
static Temperature temperatureOf(Function &F, ModuleAnalysisManager &Analyses) {
  ProfileSummaryInfo &PSI =
      Analyses.getResult<ProfileSummaryAnalysis>(*F.getParent());
  if (!PSI.hasProfileSummary())
    return Temperature::Unknown;
  auto &FAM =
      Analyses.getResult<FunctionAnalysisManagerModuleProxy>(*F.getParent())
          .getManager();
  BlockFrequencyInfo &BFI = FAM.getResult<BlockFrequencyAnalysis>(F);
  if (PSI.isFunctionHotInCallGraph(&F, BFI))
    return Temperature::Hot;
  return PSI.isFunctionColdInCallGraph(&F, BFI) ? Temperature::Cold
                                                : Temperature::Unknown;
}

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
  unsigned apply() { return applyPlan(M, Read, *ThePlan); }
  void report();
  void print(raw_ostream &OS) {
    tell();
    printPlan(OS, planned(), Told);
  }

private:
  Planned planned() const { return {Read.P, S.rules(), *ThePlan}; }
  bool readsNatives() const {
    return P != Phase::Compile && !S.rules().policy().Natives.empty();
  }
  bool fail(const Twine &Message) {
    diagnose(M.getContext(), Message);
    return false;
  }
  /// `policy.yaml:4:5: `, for a message about a rule.
  std::string placeOf(uint32_t Rule) const {
    const Place &Where = S.rules().rule(Rule).R->Where;
    return Where.File + ":" + std::to_string(Where.Line) + ":" +
           std::to_string(Where.Column) + ": ";
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

/// What LTO merged has no source file of its own.
static bool isMerged(const Module &M, Phase P) {
  return P == Phase::FullLTO || M.getModuleIdentifier() == "ld-temp.o";
}

bool ModuleRun::read() {
  ModuleInput In{M, S.interest(), S.root()};
  In.IsMerged = isMerged(M, P);
  auto Profile = [&](Function &F) { return temperatureOf(F, Analyses); };
  In.Profile = Profile;
  auto Frequencies = [&](Function &F) -> BlockFrequencyInfo & {
    return Analyses.getResult<FunctionAnalysisManagerModuleProxy>(M)
        .getManager()
        .getResult<BlockFrequencyAnalysis>(F);
  };
  In.Frequencies = Frequencies;
  if (readsNatives()) {
    const Session::Natives &N =
        S.natives(elfMachineOf(compat::targetTriple(M)));
    if (!N.Faults.empty()) {
      if (S.claimFaults())
        diagnoseAll(M.getContext(), N.Faults);
      return false;
    }
    In.Natives = &N.Inputs->Facts;
    In.NamedNatives = N.Named;
    Told = N.Inputs->Told;
  }
  readModule(In, Read);
  return true;
}

/// At compile time no native object is read: a rule that grows from them does
/// nothing here, and says so.
void ModuleRun::tellUnreadNatives() {
  if (P != Phase::Compile || S.rules().policy().Natives.empty())
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
                explainMissingSources(S.rules(), ThePlan->Missing) +
                " (module '" + M.getModuleIdentifier() + "')");
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

void ModuleRun::report() {
  const std::string &Folder = S.environment().Report;
  if (Folder.empty() && !isListenedTo(M))
    return;
  tell();
  Planned What = planned();
  emitRemarks(M, What, Read.Functions, Told);
  if (Folder.empty())
    return;
  ReportHead Head{relativeToCurrentFolder(S.output()),
                  relativeToCurrentFolder(M.getModuleIdentifier()), nameOf(P)};
  if (Error E = writeJsonReport(Folder, Head, What, Told)) {
    FaultMessages Messages = messagesOf(std::move(E));
    if (S.claimFaults())
      diagnoseAll(M.getContext(), Messages);
  }
}

PreservedAnalyses SectionPlacementPass::run(Module &M,
                                            ModuleAnalysisManager &Analyses) {
  Phase P = WhichPhase(M);
  // Opened at a compile for LTO too: a fault of the policy is told early.
  Session *S = openSession(M, PolicyFile, P);
  if (P == Phase::PreLink)
    emitTold(M, "nothing of the policy acts at a compile for LTO: placement "
                "happens at the link, with ld.lld --load-pass-plugin");
  if (!S || P == Phase::PreLink)
    return PreservedAnalyses::all();
  ModuleRun Run(M, Analyses, *S, P);
  if (!Run.read() || !Run.plan())
    return PreservedAnalyses::all();
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
