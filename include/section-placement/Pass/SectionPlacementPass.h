//===- SectionPlacementPass.h - Plans and applies ---------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_SECTIONPLACEMENTPASS_H
#define SECTION_PLACEMENT_PASS_SECTIONPLACEMENTPASS_H

#include "section-placement/Pass/PolicyPass.h"
#include "llvm/IR/PassManager.h"
#include <string>

namespace section_placement {

/// Reads the policy and the module, plans, and puts the sections into the IR.
/// Every fault is an error of the module's context; then nothing is changed.
class SectionPlacementPass : public PolicyPass<SectionPlacementPass> {
public:
  /// \p State records that the code was checked; null where nobody asks.
  SectionPlacementPass(std::string PolicyFile, PhaseOf WhichPhase,
                       std::shared_ptr<PipelineState> State = nullptr)
      : PolicyPass(std::move(PolicyFile), std::move(WhichPhase)),
        State(std::move(State)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);

private:
  std::shared_ptr<PipelineState> State;
};

/// `print<section-placement>`: prints the plan of a module and changes nothing.
class SectionPlacementPrinterPass
    : public compat::RequiredPass<SectionPlacementPrinterPass> {
public:
  SectionPlacementPrinterPass(llvm::raw_ostream &OS, std::string PolicyFile)
      : OS(OS), PolicyFile(std::move(PolicyFile)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);

private:
  llvm::raw_ostream &OS;
  std::string PolicyFile;
};

/// Says once that no pass of ours can run in this ThinLTO backend
/// (`--lto-O0`): an error where a policy is about this link.
void reportBackendWithoutPasses(llvm::LLVMContext &Context,
                                llvm::StringRef PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_SECTIONPLACEMENTPASS_H
