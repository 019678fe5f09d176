//===- PassBenchmark.cpp - What the pass costs ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The whole pass (session, frontend, plan, conflicts, apply) over a module of
// 200,000 functions of 20 instructions with 10 rules, beside LLVM's own
// globaldce over the same module, which deletes nothing of it, and a plain walk
// over its instructions. The sections that the pass sets are taken off again
// outside the time that counts, so each run finds the same module.
//
//===----------------------------------------------------------------------===//

#include "SyntheticProgram.h"
#include "section-placement/Pass/SectionPlacementPass.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include <benchmark/benchmark.h>
#include <ctime>

using namespace llvm;
using namespace section_placement;
using namespace section_placement::bench;

namespace {
/// Counts the calls, as the least that a walk can do.
struct WalkPass : PassInfoMixin<WalkPass> {
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    size_t Calls = 0;
    for (Function &F : M)
      for (Instruction &I : instructions(F))
        Calls += isa<CallBase>(I);
    benchmark::DoNotOptimize(Calls);
    return PreservedAnalyses::all();
  }
};

/// Of this thread alone: the machine may be busy with other work.
double threadSeconds() {
  timespec Now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &Now);
  return double(Now.tv_sec) + double(Now.tv_nsec) / 1e9;
}

class Bench {
public:
  explicit Bench(Naming N) : M(makeModule(Context, N)) {
    Builder.registerModuleAnalyses(MAM);
    Builder.registerCGSCCAnalyses(CGAM);
    Builder.registerFunctionAnalyses(FAM);
    Builder.registerLoopAnalyses(LAM);
    Builder.crossRegisterProxies(LAM, FAM, CGAM, MAM);
    for (Function &F : *M)
      Sections.emplace_back(&F, F.getSection());
  }

  template <typename PassT> void time(benchmark::State &State, PassT Pass) {
    ModulePassManager Passes;
    Passes.addPass(std::move(Pass));
    for (auto _ : State) {
      double Begin = threadSeconds();
      Passes.run(*M, MAM);
      State.SetIterationTime(threadSeconds() - Begin);
      if (M->size() != FunctionCount)
        State.SkipWithError("functions were deleted");
      State.counters["moved"] = restore();
    }
  }

  SectionPlacementPass placement(bool Grows) {
    return SectionPlacementPass(Folder.mixedRules(Grows),
                                [](const Module &) { return Phase::FullLTO; });
  }

private:
  /// Takes off what the pass set; how many functions had moved.
  unsigned restore() {
    unsigned Moved = 0;
    for (auto &[F, Section] : Sections) {
      if (F->getSection() == Section)
        continue;
      F->setSection(Section);
      ++Moved;
    }
    return Moved;
  }

  LLVMContext Context;
  std::unique_ptr<Module> M;
  PassBuilder Builder;
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PolicyFolder Folder;
  std::vector<std::pair<Function *, std::string>> Sections;
};
} // namespace

template <typename Fn> static void add(const char *Name, Fn Run) {
  benchmark::RegisterBenchmark(Name, Run)->UseManualTime()->Unit(
      benchmark::kMillisecond);
}

int main(int Count, char **Arguments) {
  benchmark::Initialize(&Count, Arguments);
  Naming N = Naming::C;
  if (Count == 2 && StringRef(Arguments[1]) == "--c++") {
    N = Naming::Cxx;
  } else if (benchmark::ReportUnrecognizedArguments(Count, Arguments)) {
    return 1;
  }
  InitializeAllTargetInfos();
  InitializeAllTargetMCs();
  InitializeAllAsmParsers();
  Bench B(N);
  add("globaldce", [&](auto &State) { B.time(State, GlobalDCEPass()); });
  add("walk", [&](auto &State) { B.time(State, WalkPass()); });
  add("pass", [&](auto &State) { B.time(State, B.placement(false)); });
  add("pass-growing", [&](auto &State) { B.time(State, B.placement(true)); });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
