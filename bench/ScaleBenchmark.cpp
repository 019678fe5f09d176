//===- ScaleBenchmark.cpp - A plan for a million functions ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   ScaleBenchmark plan FUNCTIONS POLICY      plans the generated graph; prints
//                                             functions, calls, seconds, MiB
//   ScaleBenchmark bitcode FUNCTIONS FOLDER   writes it as ThinLTO bitcode
//
// One size a process: the peak of memory is the process's. bench/scale.sh runs
// them.
//
//===----------------------------------------------------------------------===//

#include "ScaleProgram.h"
#include "SyntheticProgram.h"
#include "section-placement/Plan/Plan.h"
#include "llvm/Analysis/ModuleSummaryAnalysis.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sys/resource.h>

using namespace llvm;
using namespace section_placement;
using namespace section_placement::bench;

static void fill(Program &P, uint32_t Functions) {
  StringRef Source;
  for (uint32_t I = 0; I < Functions; ++I) {
    if (I % FunctionsOfModule == 0)
      Source = P.save(scaleSource(I));
    Symbol S;
    S.Name = S.Canonical = P.save(scaleName(I));
    S.Source = Source;
    S.IsLocal = isLocal(I);
    S.Size = 32 + I * 7919 % 400;
    P.Symbols.push_back(S);
  }
  P.Evidences.push_back({"call", "", 0, 0});
  P.Edges.reserve(uint64_t(Functions) * CallsOfFunction);
  generateCalls(Functions, [&](uint32_t From, uint32_t To, uint32_t Times) {
    P.Edges.push_back({From, To, EdgeKind::Call, 0, Times * WeightOfOne});
  });
}

/// What the planner knows of the program: how often calls are made by
/// estimates, by counts, or by counts and runs of a training. Each has an order
/// of its own.
enum class Knowledge { Estimates, Counts, Runs };

/// Every function ran; of ten runs, each had every fourth.
static void train(Program &P, Knowledge Known) {
  if (Known == Knowledge::Estimates)
    return;
  for (Symbol &S : P.Symbols)
    S.InTraining = Training::Ran;
  if (Known == Knowledge::Runs)
    for (uint32_t Run = 0; Run < 10; ++Run) {
      P.Runs.emplace_back();
      for (uint32_t I = Run % 4; I < P.Symbols.size(); I += 4)
        P.Runs.back().push_back(I);
    }
}

static int plan(uint32_t Functions, const std::string &PolicyFile,
                Knowledge Known) {
  Policy ThePolicy = mustRead(PolicyFile);
  Program P;
  fill(P, Functions);
  train(P, Known);
  // Of this process: other processes of the machine do not count.
  std::clock_t Start = std::clock();
  P.finish();
  RuleIndex Index(ThePolicy);
  Plan Result = makePlan(P, Index);
  double Took = double(std::clock() - Start) / CLOCKS_PER_SEC;
  uint64_t Claimed = 0;
  for (const RuleTotals &T : Result.Totals)
    Claimed += T.Claimed;
  rusage Usage;
  getrusage(RUSAGE_SELF, &Usage);
  std::printf("%u %zu %llu %.3f %.0f\n", Functions, P.Edges.size(),
              static_cast<unsigned long long>(Claimed), Took,
              double(Usage.ru_maxrss) / 1024);
  return Claimed ? 0 : 1;
}

namespace {
/// One file of the generated program.
class ModuleWriter {
public:
  explicit ModuleWriter(uint32_t First)
      : M(scaleSource(First), Context), B(Context),
        Type(FunctionType::get(llvm::Type::getVoidTy(Context), false)) {
    M.setSourceFileName(scaleSource(First));
    M.setTargetTriple(
        std::decay_t<decltype(M.getTargetTriple())>("x86_64-linux-gnu"));
  }
  void call(uint32_t From, uint32_t To) {
    if (Current != From)
      open(From);
    B.CreateCall(Type, named(To));
  }
  void open(uint32_t I) {
    close();
    Current = I;
    Function *F = named(I);
    if (isLocal(I))
      F->setLinkage(GlobalValue::InternalLinkage);
    B.SetInsertPoint(BasicBlock::Create(Context, "", F));
  }
  void write(const std::string &File) {
    close();
    ProfileSummaryInfo Profile(M);
    ModuleSummaryIndex Index = buildModuleSummaryIndex(
        M, [](const Function &) -> BlockFrequencyInfo * { return nullptr; },
        &Profile);
    std::error_code EC;
    raw_fd_ostream OS(File, EC);
    if (EC)
      std::exit(1);
    WriteBitcodeToFile(M, OS, /*ShouldPreserveUseListOrder=*/false, &Index);
  }

private:
  Function *named(uint32_t I) {
    return cast<Function>(
        M.getOrInsertFunction(scaleName(I), Type).getCallee());
  }
  void close() {
    if (B.GetInsertBlock())
      B.CreateRetVoid();
    B.ClearInsertionPoint();
  }

  LLVMContext Context;
  Module M;
  IRBuilder<> B;
  FunctionType *Type;
  uint32_t Current = UINT32_MAX;
};
} // namespace

static int writeBitcode(uint32_t Functions, const std::string &Folder) {
  std::unique_ptr<ModuleWriter> Writer;
  uint32_t Opened = 0;
  auto Finish = [&](uint32_t Module) {
    if (Writer)
      Writer->write(Folder + "/" + std::to_string(Module) + ".o");
  };
  // Functions without a call have a body too.
  auto OpenUpTo = [&](uint32_t I) {
    for (; Opened <= I; ++Opened) {
      if (Opened % FunctionsOfModule == 0) {
        Finish(Opened / FunctionsOfModule - 1);
        Writer = std::make_unique<ModuleWriter>(Opened);
      }
      Writer->open(Opened);
    }
  };
  generateCalls(Functions, [&](uint32_t From, uint32_t To, uint32_t) {
    OpenUpTo(From);
    Writer->call(From, To);
  });
  OpenUpTo(Functions - 1);
  Finish((Functions - 1) / FunctionsOfModule);
  return 0;
}

int main(int Count, char **Words) {
  if (Count != 4) {
    std::fprintf(stderr, "usage: ScaleBenchmark estimates|counts|runs|bitcode "
                         "FUNCTIONS POLICY|FOLDER\n");
    return 2;
  }
  std::string What = Words[1];
  auto Functions = uint32_t(std::strtoul(Words[2], nullptr, 10));
  if (What == "bitcode")
    return writeBitcode(Functions, Words[3]);
  return plan(Functions, Words[3],
              What == "runs"     ? Knowledge::Runs
              : What == "counts" ? Knowledge::Counts
                                 : Knowledge::Estimates);
}
