//===- AnnotatePass.cpp - Runs Annotate at the end of a compile -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/AnnotatePass.h"
#include "section-placement/Annotate/Annotate.h"
#include "section-placement/Annotate/NamesOfSource.h"
#include "section-placement/Explain/Remarks.h"
#include "section-placement/IR/IRReader.h"
#include "section-placement/IR/ImportedConstants.h"
#include "section-placement/Pass/IsolatePass.h"
#include "section-placement/Pass/ModuleSession.h"
#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Plan/Classify.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/Module.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

STATISTIC(NumStamped, "Number of functions stamped with their source file");

namespace section_placement {

/// The root of source files where no policy tells it.
static std::optional<SourceRoot> rootOf(const Environment &Env) {
  if (Env.Root.empty())
    return std::nullopt;
  return SourceRoot(absoluteRoot(/*Folder=*/"", Env.Root));
}

/// Without a policy, by the environment's root alone.
static unsigned stampWithoutPolicy(Module &M, Phase P, const Environment &Env) {
  if (P == Phase::Compile || !isForELF(M))
    return 0;
  warnOnce(M, P, Env.Unknown);
  std::optional<SourceRoot> Root = rootOf(Env);
  return stampSources(M, Root ? &*Root : nullptr, nullptr);
}

static unsigned stamp(Module &M, StringRef PolicyFile, Phase P) {
  const Environment &Env = Environment::get();
  std::string File = policyInForce(PolicyFile, "", Env);
  if (File.empty())
    return stampWithoutPolicy(M, P, Env);
  if (File == "none") {
    if (P == Phase::PreLink && isForELF(M))
      recordNoPolicy(M);
    return 0;
  }
  // A fault of the policy is reported at a compile for LTO too, and once: in
  // one without LTO the pass that places reports it.
  Session *S =
      P == Phase::Compile ? &Session::get(File) : openSession(M, PolicyFile, P);
  if (!S || !S->faults().empty() || !isForELF(M))
    return 0;
  return stampSources(M, &S->root(), &S->rules().policy());
}

PreservedAnalyses AnnotatePass::run(Module &M,
                                    ModuleAnalysisManager &Analyses) {
  Phase P = WhichPhase(M);
  if (P == Phase::ThinLTOBackend || P == Phase::FullLTO)
    return PreservedAnalyses::all();
  unsigned Count = stamp(M, PolicyFile, P);
  NumStamped += Count;
  if (P == Phase::PreLink && Count && !Environment::get().placesAtCompile())
    emitTold(M, "a compile for LTO only records source files: placement "
                "happens at the link, with ld.lld --load-pass-plugin");
  bool IsMarked = P != Phase::Compile && isForELF(M) &&
                  markWhatIsOptedOut(M, Analyses, PolicyFile);
  if (P == Phase::PreLink && IsMarked)
    emitTold(M, "the file is marked for 'lto: opt-out'");
  if (P == Phase::PreLink)
    for (const std::string &Note : notesTold(M))
      emitTold(M, Note);
  // A string attribute that only we know is no input of any analysis.
  return PreservedAnalyses::all();
}

PreservedAnalyses SettleStampsPass::run(Module &M, ModuleAnalysisManager &) {
  Phase P = WhichPhase(M);
  if (!isForELF(M) || (P != Phase::ThinLTOBackend && P != Phase::FullLTO))
    return PreservedAnalyses::all();
  Session *S = sessionInForce(PolicyFile);
  if (!S) {
    stripStamps(M);
    return PreservedAnalyses::all();
  }
  // Where a compile kept something apart, the pass that places compares its
  // digest with the policy, and finds it by the stamps.
  bool IsDigested =
      any_of(recordedSources(M), [](const RecordedSource &Source) {
        return !Source.Digest.empty();
      });
  if (!S->interest().Sources && !S->rules().policy().isolates() && !IsDigested)
    stripStamps(M);
  else if (P == Phase::FullLTO)
    markUnrecordedOrigins(M);
  return PreservedAnalyses::all();
}

PreservedAnalyses HoldConstantsPass::run(Module &M, ModuleAnalysisManager &) {
  if (!isForELF(M) || WhichPhase(M) != Phase::ThinLTOBackend)
    return PreservedAnalyses::all();
  Session *S = sessionInForce(PolicyFile);
  bool IsChanged = S && S->interest().Reads && holdImportedConstants(M);
  return IsChanged ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

/// The functions that a rule would place if they stayed. An optional rule may
/// place nothing.
static std::vector<EarlyMatch> earlyMatches(Module &M, Session &S, Phase P) {
  Interest Wanted = S.interest();
  Wanted.Branches = Wanted.Calls = Wanted.Weights = Wanted.Sizes = false;
  Wanted.Temperatures = false;
  ModuleInput In{M, Wanted, S.root()};
  In.IsMerged = isMerged(M, P);
  ReadModule Read;
  readModule(In, Read);
  Classifier C(Read.P, S.rules());
  std::vector<EarlyMatch> Matches;
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    if (std::optional<RuleMatch> Match = C.firstMatch(I, 0)) {
      const Rule &R = *S.rules().rule(Match->Rule).R;
      if (R.Does == Effect::Place && !R.Optional)
        Matches.push_back({R.Name, Read.Functions[I]->getName().str()});
    }
  return Matches;
}

/// What is wrong with the policy is reported by the passes that act on it.
PreservedAnalyses RecordNamesPass::run(Module &M, ModuleAnalysisManager &) {
  Session *S = sessionInForce(PolicyFile);
  if (!S || !isForELF(M))
    return PreservedAnalyses::all();
  if (!S->interest().Names.empty())
    recordNames(M, S->rules());
  Phase P = WhichPhase(M);
  bool IsAsked = isListenedTo(M) || !S->environment().Report.empty();
  if (IsAsked && P != Phase::PreLink)
    recordMatches(M, earlyMatches(M, *S, P));
  return PreservedAnalyses::all();
}

} // namespace section_placement
