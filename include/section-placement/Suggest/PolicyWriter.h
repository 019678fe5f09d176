//===- PolicyWriter.h - A policy as a user would write it -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A suggested policy is read before it is used, and edited after: flow style,
// short lines, and on each rule why it is there. Names come from logs and
// symbol tables and may hold anything, so they are escaped for YAML and for the
// glob dialect.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_POLICYWRITER_H
#define SECTION_PLACEMENT_SUGGEST_POLICYWRITER_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace section_placement {

/// A rule to be written. All names are literal; the writer escapes them.
struct SuggestedRule {
  /// What the rule's name is made of; the writer makes it valid and unique.
  std::string Name;
  std::vector<std::string> Why; ///< Lines of its comment.
  /// `match`: any of what the next three name.
  std::vector<std::string> Functions; ///< By `function`.
  std::vector<std::string> Objects;   ///< By `native`.
  bool MatchesAllNatives = false;     ///< `match: { native: ["**"] }`.
  bool GrowsAlongBranches = false;
  std::string Section; ///< Empty for none.
};

struct SuggestedPolicy {
  std::vector<std::string> Why;     ///< Lines of the comment at the top.
  std::vector<std::string> Outputs; ///< Base names.
  std::vector<std::string> Natives; ///< Paths, archives' members too.
  /// Besides, every native object and archive of the link.
  bool ReadsAllNatives = false;
  std::vector<SuggestedRule> Rules;
};

/// \p P as YAML. What it writes passes `section-placement check` where its
/// strings are UTF-8 and its sections are those of code.
std::string writePolicy(const SuggestedPolicy &P);

/// Can a policy name it? One that is not UTF-8, or holds a line break, it
/// cannot.
bool canBeWritten(llvm::StringRef Name);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_POLICYWRITER_H
