//===- Plugin.cpp - Registration ------------------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which pass runs at which extension point. Nothing else.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/AnnotatePass.h"
#include "section-placement/Pass/CompiledCodePrinterPass.h"
#include "section-placement/Pass/InstrumentationGuard.h"
#include "section-placement/Pass/IsolatePass.h"
#include "section-placement/Pass/LinkWithoutPasses.h"
#include "section-placement/Pass/MergeGuard.h"
#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Pass/SectionPlacementPass.h"
#include "section-placement/Pass/SplitHook.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>

using namespace llvm;
using namespace section_placement;

static constexpr char OptionName[] = "section-placement-policy";

/// Was another copy of this plugin (the installed one beside that of the build
/// folder) loaded before? LLVM ends the process that registers an option twice,
/// so this copy registers none, and its passes do nothing but say so.
static const bool IsSecondCopy = cl::getRegisteredOptions().count(OptionName);

/// Null in a second copy. Never destroyed, since the host reads its options
/// after us.
static const cl::opt<std::string> *const PolicyOption =
    IsSecondCopy
        ? nullptr
        : new cl::opt<std::string>(
              OptionName, cl::value_desc("file"),
              cl::desc("The policy of the section-placement passes; default: "
                       "SECTION_PLACEMENT_POLICY of the environment"));

namespace {
/// Runs at PipelineStart and notes that this is a compile.
struct NoteStartPass : compat::RequiredPass<NoteStartPass> {
  std::shared_ptr<PipelineState> State;
  explicit NoteStartPass(std::shared_ptr<PipelineState> State)
      : State(std::move(State)) {}
  PreservedAnalyses run(Module &, ModuleAnalysisManager &) {
    State->HasStart = true;
    return PreservedAnalyses::all();
  }
};

/// Runs early in the per-module pipeline, and isolates where that is a ThinLTO
/// backend's and guardInlining did not have to do so yet.
struct BackendIsolatePass : compat::RequiredPass<BackendIsolatePass> {
  std::shared_ptr<PipelineState> State;
  compat::LinkPhase Told;
  BackendIsolatePass(std::shared_ptr<PipelineState> State,
                     compat::LinkPhase Told)
      : State(std::move(State)), Told(Told) {}
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &Analyses) {
    if (phaseOfModule(M, Told, *State) != Phase::ThinLTOBackend ||
        State->HasIsolated.exchange(false))
      return PreservedAnalyses::all();
    return IsolatePass(
               *PolicyOption,
               [](const Module &) { return Phase::ThinLTOBackend; }, State)
        .run(M, Analyses);
  }
};
} // namespace

namespace {
/// All that a second copy in the process does.
struct SecondCopyPass : compat::RequiredPass<SecondCopyPass> {
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    static std::atomic<bool> Said{false};
    if (!Said.exchange(true))
      diagnose(M.getContext(),
               "the plugin is loaded twice, from two files; load one of them");
    return PreservedAnalyses::all();
  }
};
} // namespace

static void registerSecondCopy(PassBuilder &PB) {
  compat::registerOptimizerLast(
      PB, [](ModulePassManager &Passes, compat::LinkPhase) {
        Passes.addPass(SecondCopyPass());
      });
  PB.registerFullLinkTimeOptimizationLastEPCallback(
      [](ModulePassManager &Passes, OptimizationLevel) {
        Passes.addPass(SecondCopyPass());
      });
}

/// `section-placement<policy=FILE>`: the file, or the option's where no
/// parameter stands; nothing for another pass.
static std::optional<std::string> policyParameter(StringRef Pass,
                                                  StringRef Name) {
  if (!Pass.consume_front(Name))
    return std::nullopt;
  if (Pass.empty())
    return PolicyOption->getValue();
  if (!Pass.consume_front("<policy=") || !Pass.consume_back(">"))
    return std::nullopt;
  return Pass.str();
}

static bool parsePass(StringRef Name, ModulePassManager &Passes,
                      const std::shared_ptr<PipelineState> &State) {
  if (auto File = policyParameter(Name, "section-placement")) {
    Passes.addPass(SectionPlacementPass(
        *File, [](const Module &) { return Phase::Explicit; }));
    State->HasPlacement = true;
    return true;
  }
  if (auto File = policyParameter(Name, "section-placement-isolate")) {
    Passes.addPass(IsolatePass(
        *File, [](const Module &) { return Phase::Explicit; }, State));
    return true;
  }
  if (auto File = policyParameter(Name, "section-placement-annotate")) {
    Passes.addPass(
        AnnotatePass(*File, [](const Module &) { return Phase::Explicit; }));
    return true;
  }
  if (auto File = policyParameter(Name, "print<section-placement>")) {
    Passes.addPass(SectionPlacementPrinterPass(errs(), *File));
    return true;
  }
  if (Name == "print<section-placement-code>") {
    Passes.addPass(CompiledCodePrinterPass(errs()));
    return true;
  }
  return false;
}

static void registerPasses(PassBuilder &PB) {
  if (IsSecondCopy)
    return registerSecondCopy(PB);
  auto State = std::make_shared<PipelineState>();
  PB.registerPipelineStartEPCallback([State](ModulePassManager &Passes,
                                             OptimizationLevel) {
    Passes.addPass(NoteStartPass(State));
    Passes.addPass(IsolatePass(
        *PolicyOption, [](const Module &) { return Phase::Compile; }, State));
  });
  compat::registerEarlySimplification(
      PB, [State](ModulePassManager &Passes, compat::LinkPhase Told) {
        auto WhichPhase = [State, Told](const Module &M) {
          return phaseOfModule(M, Told, *State);
        };
        Passes.addPass(SettleStampsPass(*PolicyOption, WhichPhase));
        Passes.addPass(RecordNamesPass(*PolicyOption, WhichPhase));
        Passes.addPass(BackendIsolatePass(State, Told));
        Passes.addPass(
            HoldConstantsPass(*PolicyOption, [State, Told](const Module &M) {
              return phaseOfModule(M, Told, *State);
            }));
      });
  PB.registerFullLinkTimeOptimizationEarlyEPCallback(
      [State](ModulePassManager &Passes, OptimizationLevel) {
        auto WhichPhase = [](const Module &) { return Phase::FullLTO; };
        Passes.addPass(SettleStampsPass(*PolicyOption, WhichPhase));
        Passes.addPass(RecordNamesPass(*PolicyOption, WhichPhase));
        Passes.addPass(IsolatePass(
            *PolicyOption, [](const Module &) { return Phase::FullLTO; },
            State));
      });
  compat::registerOptimizerLast(
      PB, [State](ModulePassManager &Passes, compat::LinkPhase Told) {
        State->HasPlacement = true;
        auto WhichPhase = [State, Told](const Module &M) {
          return phaseOfModule(M, Told, *State);
        };
        Passes.addPass(AnnotatePass(*PolicyOption, WhichPhase));
        Passes.addPass(SectionPlacementPass(*PolicyOption, WhichPhase, State));
      });
  PB.registerFullLinkTimeOptimizationLastEPCallback(
      [State](ModulePassManager &Passes, OptimizationLevel) {
        State->HasPlacement = true;
        Passes.addPass(SectionPlacementPass(
            *PolicyOption, [](const Module &) { return Phase::FullLTO; }));
      });
  PB.registerPipelineParsingCallback(
      [State](StringRef Name, ModulePassManager &Passes,
              ArrayRef<PassBuilder::PipelineElement>) {
        return parsePass(Name, Passes, State);
      });
  guardInlining(PB, State, *PolicyOption);
  guardInstrumentation(PB, State, *PolicyOption);
  guardMerging(PB, State, *PolicyOption);
  watchForLinkWithoutPasses(PB, State, *PolicyOption);
  hookSplitting(*PolicyOption);
}

extern "C" SECTION_PLACEMENT_EXPORT PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "section-placement",
          SECTION_PLACEMENT_VERSION, registerPasses};
}
