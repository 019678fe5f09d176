//===- PlacementRun.h - One module from reading to report -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The phases of the driver, SectionPlacementPass.cpp, which calls them in this
// order. Each begins with what the one before has left, and changes nothing of
// that: the program is constant once it has been read.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_PLACEMENTRUN_H
#define SECTION_PLACEMENT_PASS_PLACEMENTRUN_H

#include "section-placement/Explain/Promises.h"
#include "section-placement/IR/SourceStamp.h"
#include "section-placement/Model/CompiledFacts.h"
#include "section-placement/Pass/ModuleSession.h"
#include "llvm/ADT/StringSet.h"

namespace section_placement {

class PlacementRun {
public:
  PlacementRun(llvm::Module &M, llvm::ModuleAnalysisManager &Analyses,
               Session &S, Phase P)
      : M(M), Analyses(Analyses), S(S), P(P) {}

  /// Reads the module and, where it is no compile, the policy's native objects.
  /// False where a fault was reported.
  bool read();
  /// Plans what was read.
  void plan();
  /// False where the plan must not be applied, which was reported then.
  bool check();
  /// After another pass has changed code that was placed: reads, plans, and
  /// reports which promise does not hold any more and is not in \p Said.
  void checkAgain(llvm::StringSet<> &Said);
  /// Changes the module; returns how many functions have another section.
  unsigned apply();
  /// Has plan() changed instructions, so that data can follow them?
  bool hasChangedCode() const { return ChangedCode; }
  /// Emits remarks, and writes the report, where somebody asked for them. Where
  /// the plan must not be applied, the report says so, and no remark that
  /// something was placed.
  void report();
  /// Writes the report where read() gave false.
  void reportRefusal();
  /// Writes the report of a module of which nothing is planned, because of
  /// \p Faults, where somebody asked for reports.
  static void reportFault(llvm::Module &M, Phase P, llvm::StringRef PolicyFile,
                          llvm::StringRef Output,
                          llvm::ArrayRef<std::string> Faults);
  /// Prints the plan in place of apply() and report().
  void print(llvm::raw_ostream &OS);

private:
  Planned planned() const { return {Read.P, S.rules(), *ThePlan}; }
  bool isCompile() const { return P == Phase::Compile || P == Phase::PreLink; }
  bool fail(llvm::ArrayRef<Diagnostic> Errors);
  bool checkDigests();
  bool checkSources();
  bool checkConflicts();
  bool checkPromises();
  Sight sight() const;
  void compileWhatCounts();
  void keepDataInside(llvm::ArrayRef<uint32_t> Wanted);
  const NativeFacts *nativeFacts();
  NativeMembers *members();
  std::string sourceOf(llvm::StringRef Name);
  /// All that is said beside placements and refusals.
  std::vector<std::string> told() const;
  void tellUnreadNatives(std::vector<std::string> &Told) const;
  void tellUnknownArchives(std::vector<std::string> &Told) const;
  void tellUnanswered(std::vector<std::string> &Told) const;
  void tellGone(std::vector<std::string> &Told) const;
  /// The link, where it is this module's.
  const LinkFacts *link() const;
  void warnOfOrphans();
  void warnOfEmptyPromises();
  void tellOutlining(std::vector<std::string> &Told) const;
  void tellUnsplit(std::vector<std::string> &Told) const;
  void markSplits();

  llvm::Module &M;
  llvm::ModuleAnalysisManager &Analyses;
  Session &S;
  Phase P;
  ReadModule Read;
  CompiledFacts Facts;
  std::optional<SourceStamps> Stamps;
  std::optional<Plan> ThePlan;
  std::vector<std::string> ToldByNatives;
  bool ChangedCode = false;
  bool MayChangeCode = true;       ///< So that data can follow it.
  std::vector<std::string> Failed; ///< The errors that were reported.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_PLACEMENTRUN_H
