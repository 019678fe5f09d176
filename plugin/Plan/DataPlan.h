//===- DataPlan.h - Where the constants go that code reads ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_DATAPLAN_H
#define SECTION_PLACEMENT_PLAN_DATAPLAN_H

#include "section-placement/Plan/Plan.h"

namespace section_placement {

/// Why a variable of \p Holds cannot go into a section that is called
/// \p Section; nothing where it can.
std::optional<RefusalReason> dataObstacle(Content Holds,
                                          llvm::StringRef Section);

/// Adds to \p Result, which has placed all functions and all variables that
/// rules name, the constants of \p P that follow code.
void planData(const Program &P, const RuleIndex &Index, Plan &Result);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_DATAPLAN_H
