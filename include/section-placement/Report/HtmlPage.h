//===- HtmlPage.h - The reports of a link as a page -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One file that fetches nothing. The same reports and images give the same
// bytes: no time stands in it, and of a path given to the tool the base name.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_HTMLPAGE_H
#define SECTION_PLACEMENT_REPORT_HTMLPAGE_H

#include "section-placement/Model/NameStyle.h"
#include "section-placement/Report/Extents.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace section_placement {

/// An image that the page draws.
struct PageImage {
  llvm::StringRef Label; ///< `before`, `after`.
  llvm::StringRef Name;
  const ElfFile *Image;
};

/// Writes the page on \p Link and \p Images (none, one, or two in the order in
/// which they are drawn; the last is the one that the reports are of). \p
/// WriteDiff, where there is one, writes keys of docs/schemas/diff.json on the
/// two.
void writeHtmlPage(
    llvm::raw_ostream &OS, const LinkReport &Link,
    llvm::ArrayRef<PageImage> Images,
    llvm::function_ref<void(llvm::json::OStream &)> WriteDiff = nullptr,
    NameStyle Names = NameStyle::Demangled);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_HTMLPAGE_H
