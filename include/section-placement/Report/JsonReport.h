//===- JsonReport.h - The plan of one module as a JSON file -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format is version 1. A key may be added to it without a new version, so a
// reader ignores what it does not know; what changes the meaning of a key, or
// takes one away, is version 2. docs/report-format.md names every key.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_JSONREPORT_H
#define SECTION_PLACEMENT_REPORT_JSONREPORT_H

#include "section-placement/Explain/Explain.h"
#include "section-placement/Model/CompiledFacts.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace section_placement {

/// What a report says beside the plan.
struct ReportHead {
  std::string Output;    ///< Of the link; empty where there is none.
  std::string Module;    ///< The module's identifier.
  llvm::StringRef Phase; ///< `compile`, `thinlto-backend`, `full-lto`, `opt`.
  /// Literal names of the policy that were there before the inliner, sorted.
  std::vector<std::string> NamesOfSource;
  /// The link that the module is of; null where there is none.
  const LinkFacts *Link = nullptr;
  /// What is known of the compiled code; null where nothing was compiled.
  const CompiledFacts *Code = nullptr;
  /// The errors that refused the module; none where the plan was applied.
  std::vector<std::string> Failed = {};
  /// By rule: why it is not known whether its code is elsewhere, too.
  std::map<std::string, std::string> NotHeld = {};
};

/// Writes the report on \p What into the folder \p Folder, which is made where
/// it is missing, in a file named after output and module. The file is there
/// whole or not at all. Fails where it cannot be written.
llvm::Error writeJsonReport(llvm::StringRef Folder, const ReportHead &Head,
                            const Planned &What,
                            llvm::ArrayRef<std::string> Told);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_JSONREPORT_H
