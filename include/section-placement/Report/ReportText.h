//===- ReportText.h - The reports of a link on a terminal -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_REPORT_REPORTTEXT_H
#define SECTION_PLACEMENT_REPORT_REPORTTEXT_H

#include "section-placement/Model/NameStyle.h"
#include "section-placement/Policy/Glob.h"
#include "section-placement/Report/Extents.h"
#include "llvm/Support/JSON.h"
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

/// Reads what \p Image, and \p Before where it is not null, say of \p Link.
ImageSummary summaryOf(const LinkReport &Link, const ElfFile &Image,
                       const ElfFile *Before);

/// What came of rule \p R in the image, in a sentence.
std::string outcomeOf(const LinkReport &Link, uint32_t R,
                      const ImageSummary &Image);
/// The same for programs: the keys of `image` in docs/schemas/report.json.
void writeJsonOutcome(llvm::json::OStream &J, uint32_t R,
                      const ImageSummary &Image);

/// What came of several links together, in one line.
struct LinkVerdict {
  std::string Text;
  bool IsWell; ///< No link failed, each name was found, no rule is broken.
};

/// The verdict on \p Links, which are not empty; and on \p Image, of the only
/// one, where it is not null.
LinkVerdict verdictOf(llvm::ArrayRef<LinkReport> Links,
                      const ImageSummary *Image);

/// That \p Link may not have made the image \p File; empty where its output is
/// called so, or is an object, which another link makes an image of.
std::string whyOfAnotherLink(const LinkReport &Link, llvm::StringRef File);

/// Prints what each rule of \p Link did, what was refused and why, and what
/// remarks said. \p Image is null where there is none. Bold headings where \p
/// OS shows colours.
void printSummary(llvm::raw_ostream &OS, const LinkReport &Link,
                  const ImageSummary *Image,
                  NameStyle Names = NameStyle::Demangled);

/// Which functions of a link are listed, and in which order.
struct FunctionListing {
  enum class Order { Name, Size, Rule, Section };
  Order By = Order::Name;
  std::optional<Glob> Only; ///< Of their names in any spelling; else all.
  std::string Rule;         ///< Of this rule; empty for all.
  size_t Top = 0;           ///< No more than these; 0 for all.
  NameStyle Names = NameStyle::Demangled;
  /// Whose sizes count; null: those of the reports, which are estimates where
  /// nothing was compiled.
  const ElfFile *Image = nullptr;
};

/// Prints what the rules of \p Link claimed, a function a line.
void printFunctions(llvm::raw_ostream &OS, const LinkReport &Link,
                    const FunctionListing &L);

/// One thing that `why` knows of a function.
struct WhyAnswer {
  /// A line of the answer: `because`, `pattern`, ….
  struct Field {
    llvm::StringRef Label;
    std::string Text;
  };

  std::string Function;
  /// `placed`, `stays`, `left`, `keeps-section`, `refused`, `other-kind`,
  /// `unclaimed`, `refers`, `split`, `whole`.
  llvm::StringRef State;
  std::string Title;
  std::string Section; ///< Where it goes; empty where it does not.
  const ReportedRule *Rule = nullptr;
  std::vector<ReportedPattern> Patterns;
  std::vector<std::string> AlsoMatched; ///< Later rules whose match holds.
  std::string Source;
  const ModuleReport *Module = nullptr;
  std::vector<Field> Fields; ///< All of it, as it is printed.
};

/// Why \p Function, by its symbol, canonical or demangled name, or each that a
/// glob means, is where it is in each of \p Links: rule, match or growth edge
/// by edge, refusals, and the rules that would have claimed it later.
std::vector<WhyAnswer> answerWhy(llvm::ArrayRef<LinkReport> Links,
                                 llvm::StringRef Function);

/// Of the names that \p Links mention, the one that is as good as \p Function;
/// empty where none is near.
std::string nearestName(llvm::ArrayRef<LinkReport> Links,
                        llvm::StringRef Function);

/// Prints \p Answers for people.
void printWhy(llvm::raw_ostream &OS, llvm::ArrayRef<WhyAnswer> Answers,
              NameStyle Names = NameStyle::Demangled);

/// Writes `answers`, for programs.
void writeJsonWhy(llvm::json::OStream &J, llvm::ArrayRef<WhyAnswer> Answers);

/// Writes what printSummary() prints of \p Link as one object: `output`,
/// `policy`, `modules`, `rules`, `refusals`, `told`, `unanswered`, `missing`.
void writeJsonSummary(llvm::json::OStream &J, const LinkReport &Link,
                      const ImageSummary *Image);

} // namespace section_placement

#endif // SECTION_PLACEMENT_REPORT_REPORTTEXT_H
