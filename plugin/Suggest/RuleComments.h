//===- RuleComments.h - Why a suggested rule is there -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_RULECOMMENTS_H
#define SECTION_PLACEMENT_SUGGEST_RULECOMMENTS_H

#include "section-placement/Suggest/Trial.h"

namespace section_placement {

/// Appends a line for each target and relocation of \p All, with the farthest.
void explainReferences(llvm::ArrayRef<const Finding *> All,
                       std::vector<std::string> &Lines);

/// Appends who each native caller of \p All is, in their order, and what it
/// does not reach. \p IsScan: no link has failed yet.
void explainCallers(llvm::ArrayRef<const Finding *> All, bool IsScan,
                    std::vector<std::string> &Lines);

/// The lines above a policy: the link that it is for.
std::vector<std::string> explainPolicy(const Findings &F);

/// Appends what makes one section's name nearness in a link that has no partial
/// link before it.
void explainGathering(const Gathering &G, std::vector<std::string> &Lines);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_RULECOMMENTS_H
