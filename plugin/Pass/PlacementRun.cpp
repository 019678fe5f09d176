//===- PlacementRun.cpp - One module from reading to report ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlacementRun.h"
#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/Annotate/CompileStage.h"
#include "section-placement/Annotate/NamesOfSource.h"
#include "section-placement/Apply/Apply.h"
#include "section-placement/Codegen/CompiledJoin.h"
#include "section-placement/Codegen/DataOutside.h"
#include "section-placement/Explain/ExplainRule.h"
#include "section-placement/Explain/PrintPlan.h"
#include "section-placement/Explain/Remarks.h"
#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Plan/Escapes.h"
#include "section-placement/Report/JsonReport.h"
#include "section-placement/Split/Split.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

STATISTIC(NumRefused, "Number of symbols that a rule could not move");

namespace section_placement {

bool PlacementRun::fail(ArrayRef<Diagnostic> Errors) {
  diagnoseAll(M.getContext(), Errors);
  for (const Diagnostic &Error : Errors)
    Failed.push_back(Error.str());
  return Errors.empty();
}

bool PlacementRun::read() {
  if (!checkDigests())
    return false;
  bool IsRead = readForPlan(M, Analyses, S, P, Read, ToldByNatives);
  if (!IsRead)
    Failed = std::move(ToldByNatives);
  return IsRead;
}

void PlacementRun::reportFault(Module &M, Phase P, StringRef PolicyFile,
                               StringRef Output, ArrayRef<std::string> Faults) {
  const std::string &Folder = Environment::get().Report;
  if (Folder.empty())
    return;
  Policy NoRules;
  NoRules.File = PolicyFile.str();
  RuleIndex Index(NoRules);
  Program Nothing;
  Nothing.finish();
  Plan NoPlan = makePlan(Nothing, Index);
  ReportHead Head;
  Head.Output = relativeToCurrentFolder(Output);
  Head.Module = relativeToCurrentFolder(M.getModuleIdentifier());
  Head.Phase = nameOf(P);
  Head.Failed = Faults.vec();
  if (Error E = writeJsonReport(Folder, Head, {Nothing, Index, NoPlan}, {}))
    diagnoseAll(M.getContext(), diagnosticsOf(std::move(E)));
}

void PlacementRun::reportRefusal() {
  reportFault(M, P, S.rules().policy().File, S.output(), Failed);
}

/// Plans, and compiles what a rule that asks for compiled facts has claimed.
/// What that finds may make the rule grow, so until nothing new is claimed.
void PlacementRun::compileWhatCounts() {
  std::optional<CodeJoiner> Joiner;
  for (;;) {
    ThePlan = makePlan(Read.P, S.rules());
    std::vector<uint32_t> Wanted =
        wantedCode(Facts, S.rules(), *ThePlan, Read.Functions.size());
    if (Wanted.empty())
      return;
    if (!Joiner) {
      Joiner.emplace(M, Read, Facts, nativeFacts(), S.codegenSettings(),
                     isCompile() ? nullptr : S.link(), members());
      if (S.interest().Sources)
        Joiner->setSources([this](StringRef Name) { return sourceOf(Name); });
    }
    if (MayChangeCode)
      keepDataInside(Wanted);
    Joiner->join(Wanted);
  }
}

/// By the stamp that came with an imported declaration; else by the link's
/// symbol tables.
std::string PlacementRun::sourceOf(StringRef Name) {
  if (!Stamps)
    Stamps.emplace(M, S.root());
  if (const Function *F = M.getFunction(Name))
    if (std::optional<StringRef> Stamped = Stamps->of(*F))
      return Stamped->str();
  BitcodeInputs *Inputs = isCompile() ? nullptr : S.bitcodeInputs();
  return Inputs ? Inputs->sourceDefining(Name).str() : "";
}

/// Of those \p Wanted whose rule is closed, or takes data along.
void PlacementRun::keepDataInside(ArrayRef<uint32_t> Wanted) {
  SmallVector<Function *, 16> Functions;
  DenseMap<const Function *, uint32_t> Symbols;
  for (uint32_t I : Wanted) {
    uint32_t R = ThePlan->Placements[I].Rule;
    if (R == NoIndex ||
        !(S.rules().rule(R).R->Closed || S.rules().rule(R).R->takesDataAlong()))
      continue;
    Functions.push_back(Read.Functions[I]);
    Symbols[Read.Functions[I]] = I;
  }
  auto SectionFor = [&](const Function &F) -> std::string {
    const Symbol &Of = Read.P.Symbols[Symbols.lookup(&F)];
    const Rule &R =
        *S.rules().rule(ThePlan->Placements[Symbols.lookup(&F)].Rule).R;
    if (!R.takesDataAlong())
      return "";
    Symbol Pool;
    std::string Name = (Of.Name + ".pool").str();
    Pool.Name = Pool.Canonical = Name;
    Pool.Source = Of.Source;
    return R.Data->expand(Pool, R.Name, "");
  };
  ChangedCode |= section_placement::keepDataInside(
      M, Functions, S.codegenSettings(), SectionFor);
}

NativeMembers *PlacementRun::members() {
  return isCompile() ? nullptr
                     : S.members(elfMachineOf(compat::targetTriple(M)));
}

const NativeFacts *PlacementRun::nativeFacts() {
  if (isCompile() || S.rules().policy().Natives.empty())
    return nullptr;
  return &S.natives(elfMachineOf(compat::targetTriple(M))).Inputs->Facts;
}

void PlacementRun::plan() {
  compileWhatCounts();
  NumRefused += ThePlan->Refusals.size();
}

/// A module whose compile had other values of `lto` and `inline`. False where
/// that is an error.
bool PlacementRun::checkDigests() {
  if (P != Phase::ThinLTOBackend && P != Phase::FullLTO)
    return true;
  const Policy &ThePolicy = S.rules().policy();
  std::vector<std::string> Sources =
      compiledOtherwise(M, ThePolicy, S.root(), isMerged(M, P));
  bool IsWarning = S.environment().warnsOfMismatch();
  for (const std::string &Source : Sources) {
    std::string Found = explainCompiledOtherwise(ThePolicy, Source);
    diagnose(M.getContext(), Found, IsWarning ? DS_Warning : DS_Error);
    if (!IsWarning)
      Failed.push_back(Found);
  }
  return Sources.empty() || IsWarning;
}

bool PlacementRun::checkSources() {
  const MissingSources &Missing = ThePlan->Missing;
  return Missing.Rule == NoIndex ||
         fail(Diagnostic{placeOfRule(S.rules(), Missing.Rule),
                         (explainMissingSources(S.rules(), Missing) +
                          " (module '" + M.getModuleIdentifier() +
                          "', function '" +
                          Read.P.Symbols[Missing.Symbol].Name + "')")
                             .str()});
}

bool PlacementRun::checkConflicts() {
  static const StringMap<std::string> None;
  auto NativeData = [&]() -> const StringMap<std::string> & {
    return isCompile() ? None : S.nativeData();
  };
  auto SymbolsOfObject = [&] {
    SmallVector<Function *, 0> All;
    for (Function &F : M)
      if (!F.isDeclarationForLinker())
        All.push_back(&F);
    return symbolsOfCode(M, All, S.codegenSettings());
  };
  std::vector<Diagnostic> Conflicts;
  for (const SectionConflict &C : findSectionConflicts(
           M, Read, *ThePlan, {S.rules(), NativeData, SymbolsOfObject}))
    Conflicts.push_back(explainConflict(*S.rules().rule(C.Rule).R, C.Section,
                                        C.IsOfVariables, C.Why));
  return fail(Conflicts);
}

bool PlacementRun::checkPromises() {
  return fail(brokenPromises(planned(), sight()));
}

bool PlacementRun::check() {
  if (!checkSources())
    return false;
  bool HasConflict = !checkConflicts();
  return checkPromises() && !HasConflict;
}

/// What makes \p Error another than one before it. The text of a limit that is
/// passed has a number, which each pass changes.
static std::string keyOf(const Diagnostic &Error, const Policy &P) {
  bool IsLimit = any_of(P.Rules, [&](const Rule &R) {
    return R.MaxSize && R.MaxSizeAt.Line == Error.Where.Line &&
           R.MaxSizeAt.Column == Error.Where.Column;
  });
  return IsLimit ? utostr(Error.Where.Line) + ":" + utostr(Error.Where.Column)
                 : Error.str();
}

void PlacementRun::checkAgain(StringSet<> &Said) {
  MayChangeCode = false;
  if (!read())
    return;
  compileWhatCounts();
  std::vector<Diagnostic> New = brokenPromises(planned(), sight());
  erase_if(New, [&](const Diagnostic &Error) {
    return !Said.insert(keyOf(Error, S.rules().policy())).second;
  });
  fail(New);
}

/// Code generation does it. No mark of another plan is left.
void PlacementRun::markSplits() {
  if (!ThePlan->splits())
    return;
  for (uint32_t I = 0; I < Read.Functions.size(); ++I) {
    uint32_t By = ThePlan->SplitBy[I];
    if (By == NoIndex) {
      unmarkSplit(*Read.Functions[I]);
      continue;
    }
    const Rule &R = *S.rules().rule(By).R;
    markSplit(*Read.Functions[I],
              R.Split->expand(Read.P.Symbols[I], R.Name, ""));
  }
}

unsigned PlacementRun::apply() {
  if (P != Phase::PreLink) {
    markSplits();
    return applyPlan(M, Read, *ThePlan);
  }
  CompileStage Stage(M);
  unsigned Changed = applyPlan(M, Read, *ThePlan);
  Stage.mark();
  return Changed;
}

Sight PlacementRun::sight() const {
  // Whatever has a limit was compiled; what failed is estimated.
  SizePrecision Sizes = SizePrecision::Compiled;
  if (!Facts.Failed.empty())
    Sizes = SizePrecision::Estimated;
  return {P == Phase::FullLTO, Sizes, &Facts};
}

/// At compile time no native object is read: a rule that grows from them does
/// nothing here, and says so.
void PlacementRun::tellUnreadNatives(std::vector<std::string> &Told) const {
  if (!isCompile() || S.rules().policy().Natives.empty())
    return;
  for (const Rule &R : S.rules().policy().Rules)
    if (R.Does == Effect::PlaceByNatives)
      Told.push_back(explainUnreadNatives(R));
}

static bool asksForArchive(const MatchMap &Map) {
  return Map.has(MatchKey::Archive) || any_of(Map.Except, asksForArchive);
}

/// Which archive a file will be in, the link decides.
void PlacementRun::tellUnknownArchives(std::vector<std::string> &Told) const {
  if (!isCompile())
    return;
  for (const Rule &R : S.rules().policy().Rules)
    if (any_of(R.Match, asksForArchive))
      Told.push_back(explainUnknownArchive(R));
}

void PlacementRun::tellUnanswered(std::vector<std::string> &Told) const {
  if (P != Phase::FullLTO)
    return;
  std::vector<UnansweredName> Names = unansweredNames(Read.P, S.rules());
  suggestNames(Read.P, Names);
  for (const UnansweredName &N : Names)
    Told.push_back(explainUnanswered(S.rules(), N).str());
}

void PlacementRun::tellOutlining(std::vector<std::string> &Told) const {
  unsigned Count = 0;
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    Count += !ThePlan->Placements[I].Section.empty() &&
             Read.Functions[I]->hasMinSize();
  if (Count)
    Told.push_back(explainOutlining(Count));
}

void PlacementRun::tellUnsplit(std::vector<std::string> &Told) const {
  if (P == Phase::PreLink && ThePlan->splits())
    Told.push_back(explainUnsplit(*S.rules().policy().firstThatSplits()));
}

/// The image has nothing of them, and no remark is of a function that is not
/// there.
void PlacementRun::tellGone(std::vector<std::string> &Told) const {
  std::vector<EarlyMatch> Gone = matchesGone(M);
  for (size_t I = 0; I < Gone.size();) {
    const std::string &Rule = Gone[I].Rule;
    std::vector<StringRef> Names;
    for (; I < Gone.size() && Gone[I].Rule == Rule; ++I)
      Names.push_back(Gone[I].Function);
    Told.push_back(explainGone(Rule, Names));
  }
}

const LinkFacts *PlacementRun::link() const {
  return P == Phase::ThinLTOBackend || P == Phase::FullLTO ? S.link() : nullptr;
}

/// The linker says nothing of an orphan, and puts it beside what it resembles:
/// code that shall run from RAM beside the code in flash.
void PlacementRun::warnOfOrphans() {
  if (!link())
    return;
  for (const OrphanSection &O : findOrphans(planned(), *link()))
    if (S.claimWarning(O.Section)) {
      const Rule &R = *S.rules().rule(O.Rule).R;
      diagnose(M.getContext(),
               Diagnostic{R.Where, explainOrphan(R.Name, O.Section, *link())},
               DS_Warning);
    }
}

/// Whoever asks for a promise and misspells a path must not take the silence of
/// the link for its answer. One module knows: all other backends see a part.
void PlacementRun::warnOfEmptyPromises() {
  if (P != Phase::FullLTO)
    return;
  const Policy &ThePolicy = S.rules().policy();
  for (uint32_t R = 0; R < ThePolicy.Rules.size(); ++R) {
    const Rule &TheRule = ThePolicy.Rules[R];
    const RuleTotals &T = ThePlan->Totals[R];
    if (TheRule.needsItsPlace() && !TheRule.Optional && !T.Seeds &&
        !T.Claimed && !T.Variables && S.claimWarning("rule " + TheRule.Name))
      diagnose(M.getContext(),
               Diagnostic{TheRule.Where, explainEmptyPromise(TheRule)},
               DS_Warning);
  }
}

std::vector<std::string> PlacementRun::told() const {
  std::vector<std::string> Told = ToldByNatives;
  append_range(Told, explainTold(planned()));
  append_range(Told, notesTold(M));
  append_range(Told, tellPromises(planned(), sight()));
  tellOutlining(Told);
  tellUnreadNatives(Told);
  tellUnknownArchives(Told);
  tellUnanswered(Told);
  tellGone(Told);
  tellUnsplit(Told);
  return Told;
}

void PlacementRun::print(raw_ostream &OS) { printPlan(OS, planned(), told()); }

void PlacementRun::report() {
  bool IsApplied = Failed.empty();
  if (IsApplied) {
    warnOfOrphans();
    warnOfEmptyPromises();
  }
  const std::string &Folder = S.environment().Report;
  if (Folder.empty() && !(IsApplied && isListenedTo(M)))
    return;
  std::vector<std::string> Told = told();
  if (IsApplied)
    emitRemarks(M, planned(), Read, Told);
  if (Folder.empty())
    return;
  ReportHead Head{relativeToCurrentFolder(S.output()),
                  relativeToCurrentFolder(M.getModuleIdentifier()),
                  nameOf(P),
                  recordedNames(M),
                  link(),
                  &Facts,
                  Failed,
                  notesNotHeld(M)};
  if (Error E = writeJsonReport(Folder, Head, planned(), Told)) {
    std::vector<Diagnostic> Errors = diagnosticsOf(std::move(E));
    if (S.claimFaults())
      diagnoseAll(M.getContext(), Errors);
  }
}

} // namespace section_placement
