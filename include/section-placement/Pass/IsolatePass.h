//===- IsolatePass.h - Enforces lto: opt-out and inline ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_ISOLATEPASS_H
#define SECTION_PLACEMENT_PASS_ISOLATEPASS_H

#include "section-placement/Pass/PolicyPass.h"
#include "llvm/IR/PassManager.h"

namespace section_placement {

/// `section-placement-isolate`: before the inliner of a compile, it says of
/// each function inside which lines of `inline` it is; in an LTO backend it
/// does that too, and enforces `lto: opt-out`.
class IsolatePass : public PolicyPass<IsolatePass> {
public:
  IsolatePass(std::string PolicyFile, PhaseOf WhichPhase,
              std::shared_ptr<PipelineState> State)
      : PolicyPass(std::move(PolicyFile), std::move(WhichPhase)),
        State(std::move(State)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);

private:
  std::shared_ptr<PipelineState> State;
};

/// The compile-time half of `lto: opt-out`, at the end of a compile for LTO:
/// marks \p M where the policy opts its file out. Gives whether it does.
bool markWhatIsOptedOut(llvm::Module &M, llvm::ModuleAnalysisManager &Analyses,
                        llvm::StringRef PolicyFile);

/// Has the inliners of \p PB ask before they cross a line of `inline`, where
/// the policy in force draws any and this LLVM lets a plugin advise.
void guardInlining(llvm::PassBuilder &PB,
                   const std::shared_ptr<PipelineState> &State,
                   const std::string &PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_ISOLATEPASS_H
