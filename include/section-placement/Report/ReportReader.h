//===- ReportReader.h - The plugin's reports, read back ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What JsonReport.h writes, as plain data. A report may come from another
// machine or be cut short: nothing of it is believed before it is checked.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_REPORTREADER_H
#define SECTION_PLACEMENT_REPORT_REPORTREADER_H

#include "section-placement/Model/SplitOutcome.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace section_placement {

/// What one symbol refers to another by.
struct ReportedEdge {
  std::string Kind; ///< `branch` or `call`; empty where there is no edge.
  std::string From;
  std::string To;          ///< Of a short reference only.
  std::string Object;      ///< Empty for a call in IR.
  std::string Relocation;  ///< Empty for a call in IR.
  uint64_t Offset = 0;     ///< Bytes from the start of the object's section.
  uint64_t FromOffset = 0; ///< Bytes from the start of From.
  uint64_t Reach = 0;      ///< Bytes; 0 where it does not matter.
};

/// A value of a rule's match that holds.
struct ReportedPattern {
  std::string File; ///< The policy or the list of names, by its base name.
  uint64_t Line = 0;
  std::string Key, Glob;
};

struct ReportedFunction {
  std::string Symbol;
  std::string Name; ///< Canonical; as Symbol where the report does not say.
  std::string Source;
  uint32_t Rule; ///< Index into ModuleReport::Rules.
  std::string Reason;
  std::string Section; ///< Where it goes; empty where it stays.
  std::string SourceSection;
  std::string Parent; ///< What it was split off.
  ReportedEdge Via;
  std::vector<ReportedPattern> Patterns; ///< Why the match holds for it.
  std::vector<std::string> AlsoMatched;  ///< Later rules whose match holds.
  std::string Because;
  uint64_t Bytes = 0;      ///< Of its code; 0 where the report does not say.
  bool IsCompiled = false; ///< Bytes are those of its code, no estimate.
  bool IsComdat = false;
  bool IsNamed = false; ///< Its rule names it without a wildcard.
  bool IsVariable = false;
};

struct ReportedRule {
  std::string Name;
  uint64_t Line = 0; ///< In the policy file; 0 where the report does not say.
  uint64_t Seeds = 0, Claimed = 0, Moved = 0;
  bool IsOptional = false;
  /// `never-in`, …; empty where code may be inlined freely.
  std::string Inline;
  /// Why it is not known whether its code is elsewhere, too; empty where it is
  /// not.
  std::string NotHeld;
};

/// Native code that a rule grows from.
struct ReportedSeed {
  std::string Symbol, Object;
  std::vector<ReportedPattern> Patterns;
};

struct ReportedRefusal {
  std::string Symbol;
  uint32_t Rule;
  std::string Reason;
  std::string Because;
  ReportedEdge Via;
  std::vector<ReportedPattern> Patterns;
};

struct ReportedName {
  std::string Name;
  uint32_t Rule;
  std::string File; ///< The policy, or the list of names, by its base name.
  uint64_t Line = 0;
  bool IsInSource = false; ///< It was there before the inliner.
  /// What it is in place of what it was named as; empty where it is nothing.
  std::string Because;
};

/// A section that no output section of the link's script gathers.
struct ReportedOrphan {
  std::string Section;
  uint32_t Rule;
  std::string Because;
};

/// The order in which a module emits the functions of a rule.
struct ReportedOrder {
  uint32_t Rule;
  std::vector<std::string> Functions; ///< Symbols.
};

/// How the code of a rule with `closed` leaves it: Escape of Plan.
struct ReportedEscape {
  uint32_t Rule;
  std::string Kind; ///< `call`, `address`, `pointer`, `constant`, …
  std::string Function;
  /// The code outside, as linked; its canonical name; and its source, where
  /// that is known.
  std::string Callee, CalleeName, CalleeSource;
  std::string Data; ///< The constant; in whose source indirect calls stand.
  uint64_t Count = 1;
  std::string Because;
};

/// The report of one module.
struct ModuleReport {
  std::string File; ///< The report's own name in its folder.
  std::string Policy, Output, Module, Phase;
  /// nameOf() of the link's OutputKind; empty where that is not known.
  std::string OutputKind;
  std::vector<ReportedRule> Rules;
  std::vector<ReportedFunction> Functions;
  std::vector<std::string> Unclaimed;
  std::vector<ReportedSeed> NativeSeeds;
  std::vector<ReportedRefusal> Refusals;
  std::vector<ReportedEdge> References;
  std::vector<ReportedName> Unanswered;
  std::vector<ReportedOrphan> Orphans;
  std::vector<ReportedOrder> Orders;
  std::vector<ReportedEscape> Escapes;
  /// The errors that refused the module: nothing of the plan was applied.
  std::vector<std::string> Failed;
  std::vector<std::string> Told;
  /// What code generation split, or had to leave whole.
  std::vector<SplitOutcome> Parts;
};

/// Is \p R of a link that called its output as \p File is called, folders
/// aside?
bool isReportOn(const ModuleReport &R, llvm::StringRef File);

struct ReportFolder {
  std::vector<ModuleReport> Reports; ///< By the names of their files.
  std::vector<std::string> Foreign;  ///< Files that are no reports, by name.
};

/// Reads the report \p Text of the file \p File. Fails where it is cut short,
/// of another version, or not what the format says.
llvm::Expected<ModuleReport> parseReport(llvm::StringRef Text,
                                         llvm::StringRef File);

/// Reads every report in \p Folder, not in folders below it. Fails where the
/// folder cannot be read, holds no report, or where a report is damaged. \p
/// OnFile, where there is one, hears of each file before it is read.
llvm::Expected<ReportFolder>
readReports(llvm::StringRef Folder,
            llvm::function_ref<void(llvm::StringRef Name)> OnFile = nullptr);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_REPORTREADER_H
