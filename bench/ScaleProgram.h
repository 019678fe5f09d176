//===- ScaleProgram.h - Call graphs of any size -----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Real call graphs are heavy-tailed (a few functions are called from
// everywhere, most from one place; a few call hundreds, most a handful) and
// mostly local: a function calls its own file. This one is both, has five calls
// a function, and is the same each time.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_BENCH_SCALEPROGRAM_H
#define SECTION_PLACEMENT_BENCH_SCALEPROGRAM_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>
#include <string>

namespace section_placement {
namespace bench {

constexpr uint32_t CallsOfFunction = 5; ///< On average.
constexpr uint32_t FunctionsOfModule = 500;

/// Calls \p Visit with the callers in order: `Visit(From, To, Times)`. There
/// are \p Functions * CallsOfFunction calls.
void generateCalls(
    uint32_t Functions,
    llvm::function_ref<void(uint32_t, uint32_t, uint32_t)> Visit);

/// The symbol of function \p I; one in four is local to its file.
std::string scaleName(uint32_t I);
bool isLocal(uint32_t I);
/// The file of the module of function \p I.
std::string scaleSource(uint32_t I);

} // namespace bench
} // namespace section_placement

#endif // SECTION_PLACEMENT_BENCH_SCALEPROGRAM_H
