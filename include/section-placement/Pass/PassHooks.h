//===- PassHooks.h - Before and after a pass of LLVM ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where no extension point stands before a pass of LLVM that must find our
// marks (MergeFunctions, the loader of sample profiles), the instrumentation of
// the pipeline calls us.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_PASSHOOKS_H
#define SECTION_PLACEMENT_PASS_PASSHOOKS_H

#include "llvm/Passes/PassBuilder.h"
#include <functional>

namespace section_placement {

/// Calls \p Action with each module, and the analyses of its pipeline, before
/// the module pass \p Pass of LLVM (its class, as `MergeFunctionsPass`; a
/// literal) runs on it in a pipeline of \p PB. What \p Action says it did not
/// preserve is invalidated.
void runBefore(llvm::PassBuilder &PB, llvm::StringRef Pass,
               std::function<llvm::PreservedAnalyses(
                   llvm::Module &, llvm::ModuleAnalysisManager &)>
                   Action);

/// Calls \p Action after the pass. It may change attributes only.
void runAfter(llvm::PassBuilder &PB, llvm::StringRef Pass,
              std::function<void(llvm::Module &)> Action);

/// Calls \p Action after each pass over a module that says that it changed
/// something, with the pass's class and the analyses of its pipeline. One that
/// works on functions is inside an adaptor, which is a pass over the module.
void runAfterChanges(llvm::PassBuilder &PB,
                     std::function<void(llvm::StringRef, llvm::Module &,
                                        llvm::ModuleAnalysisManager &)>
                         Action);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_PASSHOOKS_H
