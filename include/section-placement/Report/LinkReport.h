//===- LinkReport.h - The reports of one link, added up ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A ThinLTO backend sees one module, so what is true of the whole link (nothing
// answered to a rule) only stands here. And only where every module has been
// heard: one that came out of the cache, or that a distributed backend compiled
// without the plugin, has no report, and may be where the answer was.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_LINKREPORT_H
#define SECTION_PLACEMENT_REPORT_LINKREPORT_H

#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Report/ReportReader.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <optional>

namespace section_placement {

/// A function of a report: the module's index and its own in that module.
struct ReportedAt {
  uint32_t Module, Function;
};

/// What one rule did in all modules together.
struct RuleSummary {
  uint64_t Seeds = 0; ///< What its match holds for, in all modules.
  uint64_t Claimed = 0, Moved = 0;
  uint64_t Refused = 0; ///< Distinct refusals.
  /// Of what it has claimed; a comdat counts once. Nothing where a report says
  /// no size.
  std::optional<uint64_t> Bytes = 0;
  bool IsCompiled = true; ///< All of Bytes are of compiled code.
  /// A module has something that its match holds for.
  bool IsAnswered = false;
  /// Its match holds for functions that an earlier rule has.
  bool IsShadowed = false;
  /// Its `order` put the functions of a module in an order.
  bool IsOrdered = false;
};

/// A sentence that stands in one report or several.
struct Said {
  std::string Text;
  uint64_t Modules; ///< In how many.
};

/// Refusals of one rule for one reason.
struct RefusalGroup {
  uint32_t Rule;
  std::string Reason;
  std::vector<Said> Texts;
};

class LinkReport {
public:
  /// Adds up \p Reports, which are of one link and outlive this. Fails where
  /// they were written under different policies.
  static llvm::Expected<LinkReport>
  create(std::vector<const ModuleReport *> Reports);

  /// Empty for compiles, which are no link.
  llvm::StringRef output() const { return modules().front()->Output; }
  llvm::StringRef policy() const { return modules().front()->Policy; }
  llvm::ArrayRef<ReportedRule> rules() const {
    return modules().front()->Rules;
  }
  /// In the order of their identifiers.
  llvm::ArrayRef<const ModuleReport *> modules() const { return Modules; }

  std::vector<RuleSummary> Rules;     ///< One for each rule.
  std::vector<RefusalGroup> Refusals; ///< In the order of rules and reasons.
  std::vector<Said> Told;             ///< In the order of first appearance.
  std::vector<Said> Failed; ///< Errors that refused modules, likewise.
  std::vector<ReportedName> Unanswered; ///< In every module.

  const ReportedFunction &function(ReportedAt At) const {
    return Modules[At.Module]->Functions[At.Function];
  }
  /// The claimed functions whose symbol is \p Symbol, in the order of modules.
  llvm::ArrayRef<ReportedAt> claimedAs(llvm::StringRef Symbol) const;
  /// In how many modules an unclaimed function has that symbol.
  unsigned unclaimedAs(llvm::StringRef Symbol) const {
    return Unclaimed.lookup(Symbol);
  }

private:
  void addUp();
  void addRules();
  void addBytes();
  void addRefusals();
  void addTold();
  void intersectUnanswered();

  std::vector<const ModuleReport *> Modules;
  llvm::StringMap<std::vector<ReportedAt>> Claimed;
  llvm::StringMap<unsigned> Unclaimed;
};

/// The links that \p Folder reports on, by their outputs; only that named
/// \p Output (its path or base name) where that is not empty. Fails where none
/// is, and as LinkReport::create does.
llvm::Expected<std::vector<LinkReport>> linksOf(const ReportFolder &Folder,
                                                llvm::StringRef Output);

/// The bytes of each rule's functions in an image.
struct ImageTotals {
  struct OfRule {
    uint64_t Bytes = 0;
    uint64_t Found = 0;
  };
  std::vector<OfRule> Rules;
  /// Claimed, and not in the image: inlined away, dropped or renamed.
  std::vector<ReportedAt> Missing;
};

/// Finds the claimed functions of \p Link in \p Image. Functions that share a
/// name and a rule are added up together.
ImageTotals totalsIn(const LinkReport &Link, const ElfFile &Image);

/// What `--strict` finds.
struct StrictFindings {
  std::vector<std::string> NotSeen; ///< The reports do not cover the link.
  std::vector<std::string> Unmet;   ///< Empty where something is not seen.
};

/// Judges \p Link. \p Uncovered names the modules without a report; \p Totals
/// is null where there is no image.
StrictFindings judge(const LinkReport &Link,
                     llvm::ArrayRef<std::string> Uncovered,
                     const ImageTotals *Totals);

/// The bitcode modules among \p Inputs (bitcode, objects with bitcode in them,
/// archives of either; others are no modules) that no report of \p Link is
/// about, as the linker names them. Paths are as the linker was given them. A
/// module for full LTO is covered by the report of what was merged. Fails where
/// a file cannot be read or is damaged.
llvm::Expected<std::vector<std::string>>
findUncovered(const LinkReport &Link, llvm::ArrayRef<std::string> Inputs);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_LINKREPORT_H
