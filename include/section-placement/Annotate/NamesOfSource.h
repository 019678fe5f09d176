//===- NamesOfSource.h - Named functions before the inliner ------*- C++
//-*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that a policy names and that nothing answers to at the end of a
// link may have been inlined away, or be misspelled. So the names that are
// there before any inliner ran are written into the module, where a merge and
// an import keep them.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ANNOTATE_NAMESOFSOURCE_H
#define SECTION_PLACEMENT_ANNOTATE_NAMESOFSOURCE_H

#include "section-placement/Policy/RuleIndex.h"

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// The named metadata that holds them: each operand a node of one string.
constexpr llvm::StringLiteral NameTable = "section-placement.names";

/// Adds the names of \p Index without a wildcard that a definition or an alias
/// of \p M answers to, each once, in the module's order.
void recordNames(llvm::Module &M, const RuleIndex &Index);

/// The names that were recorded in \p M and in what was merged or imported into
/// it: sorted, each once.
std::vector<std::string> recordedNames(const llvm::Module &M);

/// A function that a rule's match held for before the inliner.
struct EarlyMatch {
  std::string Rule, Function;
};

/// Writes \p Matches into \p M, to be read after the inliner.
void recordMatches(llvm::Module &M, llvm::ArrayRef<EarlyMatch> Matches);

/// Those of \p M that it does not define any more, sorted.
std::vector<EarlyMatch> matchesGone(const llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ANNOTATE_NAMESOFSOURCE_H
