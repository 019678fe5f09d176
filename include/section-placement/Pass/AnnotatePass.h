//===- AnnotatePass.h - Runs Annotate at the end of a compile ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_ANNOTATEPASS_H
#define SECTION_PLACEMENT_PASS_ANNOTATEPASS_H

#include "section-placement/Link/Phase.h"
#include "llvm/IR/PassManager.h"
#include <functional>
#include <string>

namespace section_placement {

/// `section-placement-annotate`: stamps each function with its source file.
///
/// At a compile for LTO it acts without a policy too, so that one that comes
/// later finds the stamps. At a compile without LTO it acts where a policy is
/// in force, so that a source file is spelled the same in every kind of build.
/// In an LTO backend it does nothing.
class AnnotatePass : public llvm::PassInfoMixin<AnnotatePass> {
public:
  using PhaseOf = std::function<Phase(const llvm::Module &)>;

  /// \p PolicyFile may be empty: then the environment names it.
  AnnotatePass(std::string PolicyFile, PhaseOf WhichPhase)
      : PolicyFile(std::move(PolicyFile)), WhichPhase(std::move(WhichPhase)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
  /// The link needs the stamps of an -O0 object too.
  static bool isRequired() { return true; }

private:
  std::string PolicyFile;
  PhaseOf WhichPhase;
};

/// Runs at the beginning of an LTO backend. Where a policy asks for source
/// files, it marks what has none (markUnrecordedOrigins); where none does, it
/// takes the stamps off (stripStamps).
class SettleStampsPass : public llvm::PassInfoMixin<SettleStampsPass> {
public:
  using PhaseOf = std::function<Phase(const llvm::Module &)>;

  /// \p PolicyFile may be empty: then the environment names it.
  SettleStampsPass(std::string PolicyFile, PhaseOf WhichPhase)
      : PolicyFile(std::move(PolicyFile)), WhichPhase(std::move(WhichPhase)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
  static bool isRequired() { return true; }

private:
  std::string PolicyFile;
  PhaseOf WhichPhase;
};

/// Runs before the inliners of compile and link: see recordNames. Where remarks
/// or a report are asked for, also recordMatches.
class RecordNamesPass : public llvm::PassInfoMixin<RecordNamesPass> {
public:
  using PhaseOf = std::function<Phase(const llvm::Module &)>;

  /// \p PolicyFile may be empty: then the environment names it.
  RecordNamesPass(std::string PolicyFile, PhaseOf WhichPhase)
      : PolicyFile(std::move(PolicyFile)), WhichPhase(std::move(WhichPhase)) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
  static bool isRequired() { return true; }

private:
  std::string PolicyFile;
  PhaseOf WhichPhase;
};

/// Holds the bytes of imported constants in a ThinLTO backend whose policy
/// takes data along.
class HoldConstantsPass : public llvm::PassInfoMixin<HoldConstantsPass> {
public:
  using PhaseOf = std::function<Phase(const llvm::Module &)>;

  HoldConstantsPass(std::string PolicyFile, PhaseOf WhichPhase)
      : PolicyFile(std::move(PolicyFile)), WhichPhase(std::move(WhichPhase)) {}
  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses);
  static bool isRequired() { return true; }

private:
  std::string PolicyFile;
  PhaseOf WhichPhase;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_ANNOTATEPASS_H
