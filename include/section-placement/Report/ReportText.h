//===- ReportText.h - The reports of a link on a terminal -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_REPORTTEXT_H
#define SECTION_PLACEMENT_REPORT_REPORTTEXT_H

#include "section-placement/Report/Extents.h"
#include "llvm/Support/raw_ostream.h"

namespace section_placement {

/// Prints \p Text from column \p Indent on, broken at blanks so that no line is
/// longer than 80 columns where a word does not force it. What follows the
/// first line stands at column \p Hang.
void printWrapped(llvm::raw_ostream &OS, llvm::StringRef Text, unsigned Indent,
                  unsigned Hang);

/// What is known of a linked image, and of the one before it.
struct ImageSummary {
  ImageTotals Totals;
  std::vector<RuleExtent> Extents;
  std::vector<RuleExtent> Before; ///< Empty where no such image was given.
};

/// Prints what each rule of \p Link did, what was refused and why, and what was
/// told. \p Image is null where there is none. Bold headings where \p OS shows
/// colours.
void printSummary(llvm::raw_ostream &OS, const LinkReport &Link,
                  const ImageSummary *Image);

/// What `why` knows of a function.
enum class Knowledge {
  Known,  ///< Something was printed.
  Unknown ///< No report speaks of it; what may have been meant was printed.
};

/// Prints why \p Function, by its symbol, canonical or demangled name, is where
/// it is in each of \p Links: rule, match or growth edge by edge, refusals, and
/// the rules that would have claimed it later.
Knowledge printWhy(llvm::raw_ostream &OS, llvm::ArrayRef<LinkReport> Links,
                   llvm::StringRef Function);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_REPORTTEXT_H
