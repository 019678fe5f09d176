//===- PageRows.h - Reports and images joined by name -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The page has one row a function: of the image, of the reports, or of both.
// Names join them. Where several functions have one name, the n-th of one image
// is taken for the n-th of the other, and what the reports say is shown only
// where they say the same of all of them: a wrong answer is worse than none.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_PAGEROWS_H
#define SECTION_PLACEMENT_REPORT_PAGEROWS_H

#include "section-placement/Report/HtmlPage.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <optional>

namespace section_placement {

/// A code section on the page's strip.
struct SectionSpan {
  uint32_t Section; ///< Of the image.
  uint64_t Base;    ///< Bytes from the strip's start.
};

/// Where an image's code sections stand on a strip: by their addresses; in a
/// relocatable object, whose sections have none, one after the other.
struct StripLayout {
  std::vector<SectionSpan> Sections;
  uint64_t Span = 0; ///< Bytes.

  explicit StripLayout(const ElfFile &Image);
};

/// Where a row's function is in an image.
struct RowPlace {
  uint32_t Section; ///< Index into StripLayout::Sections.
  uint64_t At;      ///< Bytes from the strip's start.
  uint64_t Size;    ///< Bytes; up to the next symbol where nobody says.
};

struct PageRow {
  enum class State : char {
    Claimed = 'c',   ///< By a rule; Function says which.
    Unclaimed = 'u', ///< Reported, and no rule is about it.
    Ambiguous = 'a', ///< One of several, of which the reports differ.
    Unreported = 'n' ///< Native code, or of a module without a report.
  };
  llvm::StringRef Name;
  State Is = State::Unreported;
  ReportedAt Function = {0, 0};
  /// It was split off a function, whose state and claim it shares.
  bool IsPart = false;
  std::optional<RowPlace> Places[2]; ///< One for each image.
};

class PageRows {
public:
  PageRows(const LinkReport &Link, llvm::ArrayRef<PageImage> Images);

  std::vector<PageRow> Rows;
  std::vector<StripLayout> Strips; ///< One for each image.

  /// The first row of that name; NoRow where there is none.
  static constexpr uint32_t NoRow = UINT32_MAX;
  uint32_t find(llvm::StringRef Name) const;

  /// What \p Row is split off of; its own name where it is no part.
  llvm::StringRef wholeOf(const PageRow &Row) const {
    return Row.IsPart ? Row.Name.drop_back(llvm::StringRef(".cold").size())
                      : Row.Name;
  }
  /// What code generation made of the one function of that name; null where
  /// nothing says.
  const SplitOutcome *splitOf(llvm::StringRef Function) const {
    return Outcomes.lookup(Function);
  }

private:
  void addImage(uint32_t I, const ElfFile &Image);
  void addReported();
  void judge(llvm::StringRef Name, llvm::ArrayRef<uint32_t> Of);
  void judgeParts();
  uint32_t row(llvm::StringRef Name, uint32_t Ordinal);

  const LinkReport &Link;
  llvm::StringSet<> Referred; ///< What a short reference names.
  llvm::StringMap<std::vector<uint32_t>> ByName;
  llvm::StringMap<const SplitOutcome *> Outcomes; ///< By function.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_PAGEROWS_H
