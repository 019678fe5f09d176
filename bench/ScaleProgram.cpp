//===- ScaleProgram.cpp - Call graphs of any size -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScaleProgram.h"
#include <algorithm>
#include <cmath>
#include <random>

namespace section_placement {
namespace bench {

/// Of ten calls so many stay in the file.
static constexpr unsigned LocalOfTen = 8;

bool isLocal(uint32_t I) { return I % 4 == 3; }

std::string scaleName(uint32_t I) {
  return "subsystem" + std::to_string(I / 20000) + "_function_" +
         std::to_string(I);
}

std::string scaleSource(uint32_t I) {
  uint32_t Module = I / FunctionsOfModule;
  return "src/part" + std::to_string(Module / 40) + "/file" +
         std::to_string(Module) + ".c";
}

void generateCalls(
    uint32_t Functions,
    llvm::function_ref<void(uint32_t, uint32_t, uint32_t)> Visit) {
  std::mt19937_64 Random(20261124);
  auto Unit = [&] { return double(Random() >> 11) / 9007199254740992.0; };
  uint64_t Left = uint64_t(Functions) * CallsOfFunction;
  for (uint32_t From = 0; From < Functions && Left; ++From) {
    // Pareto with a mean of five: most make one to four calls, some hundreds.
    uint64_t Calls = uint64_t(2.0 / std::pow(1 - Unit(), 0.6));
    Calls = std::min({Calls, uint64_t(2000), Left});
    if (From + 1 == Functions)
      Calls = Left;
    uint32_t First = From / FunctionsOfModule * FunctionsOfModule;
    uint32_t Size = std::min(FunctionsOfModule, Functions - First);
    for (uint64_t I = 0; I < Calls; ++I, --Left) {
      uint32_t To = First + Random() % Size;
      if (Random() % 10 >= LocalOfTen)
        // The popular ones are few: rank by a power of a uniform number.
        To = uint32_t(std::pow(Unit(), 4) * Functions);
      if (isLocal(To) && To / FunctionsOfModule != From / FunctionsOfModule)
        --To;
      Visit(From, To, 1 + Random() % 1000);
    }
  }
}

} // namespace bench
} // namespace section_placement
