//===- JsonPlan.h - A plan for programs ----------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_JSONPLAN_H
#define SECTION_PLACEMENT_EXPLAIN_JSONPLAN_H

#include "section-placement/Explain/Explain.h"
#include "section-placement/Support/Json.h"

namespace section_placement {

/// Writes `functions`, those that a rule claims, and `refusals` of \p What,
/// each with its rule, its section, the patterns that matched, and the sentence
/// that printPlan() prints.
void writeJsonPlan(llvm::json::OStream &J, const Planned &What);

/// Writes `rules`: what each rule of \p P claims by \p Totals, one for each.
void writeJsonRules(llvm::json::OStream &J, const Policy &P,
                    llvm::ArrayRef<RuleTotals> Totals);

/// Writes `unanswered`: names of the policy that nothing answers to.
void writeJsonUnanswered(llvm::json::OStream &J, const RuleIndex &Index,
                         llvm::ArrayRef<UnansweredName> Names);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_JSONPLAN_H
