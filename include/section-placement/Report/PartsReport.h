//===- PartsReport.h - What code generation split, as JSON ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The report of a module is written when it is planned; which functions come
// apart is known when its code is generated. So that stands in a file of its
// own beside the report, `NAME.parts.json`.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_PARTSREPORT_H
#define SECTION_PLACEMENT_REPORT_PARTSREPORT_H

#include "section-placement/Model/SplitOutcome.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <system_error>
#include <vector>

namespace section_placement {

struct PartsReport {
  std::string Output; ///< Of the link; empty where there is none.
  std::string Module; ///< The module's identifier.
  std::vector<SplitOutcome> Parts;
};

/// The name in the folder of reports of the file for the module \p Module in
/// the link of \p Output: `.json` the report, `.parts.json` the parts. Two
/// modules of one base name, and two links, do not meet.
std::string reportFileName(llvm::StringRef Output, llvm::StringRef Module,
                           llvm::StringRef Extension);

/// Writes \p Report, in the order of names, into \p Folder.
llvm::Error writePartsReport(llvm::StringRef Folder, const PartsReport &Report);

/// Removes what an earlier link of \p Output reported of \p Module, which may
/// not be there.
std::error_code dropPartsReport(llvm::StringRef Folder, llvm::StringRef Output,
                                llvm::StringRef Module);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_PARTSREPORT_H
