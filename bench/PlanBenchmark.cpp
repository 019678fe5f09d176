//===- PlanBenchmark.cpp - What a thousand rules cost ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names are looked up, not tried one by one: planning 200,000 functions against
// 1,000 rules of literal names costs at most twice what 10 rules cost.
//
//===----------------------------------------------------------------------===//

#include "SyntheticProgram.h"
#include "section-placement/Plan/Plan.h"
#include <benchmark/benchmark.h>

using namespace section_placement;
using namespace section_placement::bench;

static void plan(benchmark::State &State) {
  static Program &P = *[] {
    auto *New = new Program;
    fillProgram(*New);
    return New;
  }();
  PolicyFolder Folder;
  Policy ThePolicy =
      mustRead(Folder.literalRules(State.range(0), State.range(1)));
  for (auto _ : State) {
    RuleIndex Index(ThePolicy);
    Plan Result = makePlan(P, Index);
    if (Result.Totals.front().Moved == 0)
      State.SkipWithError("the first rule moves nothing");
    benchmark::DoNotOptimize(Result.Placements.data());
  }
}
BENCHMARK(plan)
    ->ArgsProduct({{10, 1000}, {1, 5}})
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
