//===- AnnotatePass.h - Runs Annotate at the end of a compile ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_ANNOTATEPASS_H
#define SECTION_PLACEMENT_PASS_ANNOTATEPASS_H

#include "section-placement/Pass/PolicyPass.h"
#include "llvm/IR/PassManager.h"

namespace section_placement {

/// `section-placement-annotate`: stamps each function with its source file.
///
/// At a compile for LTO it acts without a policy too, so that one that comes
/// later finds the stamps. At a compile without LTO it acts where a policy is
/// in force, so that a source file is spelled the same in every kind of build.
/// In an LTO backend it does nothing.
class AnnotatePass : public PolicyPass<AnnotatePass> {
public:
  using PolicyPass::PolicyPass;

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
};

/// Runs at the beginning of an LTO backend. Where a policy asks for source
/// files, it marks what has none (markUnrecordedOrigins); where none does, it
/// takes the stamps off (stripStamps).
class SettleStampsPass : public PolicyPass<SettleStampsPass> {
public:
  using PolicyPass::PolicyPass;

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
};

/// Runs before the inliners of compile and link: see recordNames. Where remarks
/// or a report are asked for, also recordMatches.
class RecordNamesPass : public PolicyPass<RecordNamesPass> {
public:
  using PolicyPass::PolicyPass;

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
};

/// Holds the bytes of imported constants in a ThinLTO backend whose policy
/// takes data along.
class HoldConstantsPass : public PolicyPass<HoldConstantsPass> {
public:
  using PolicyPass::PolicyPass;

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_ANNOTATEPASS_H
