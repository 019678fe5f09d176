//===- AffinityOrder.h - The order of a rule's functions --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_AFFINITYORDER_H
#define SECTION_PLACEMENT_PLAN_AFFINITYORDER_H

#include "section-placement/Model/Program.h"

namespace section_placement {

/// \p Members of \p P in the order in which those that call each other most
/// stand together, and those that are likely to run. \p RunRanks says by symbol
/// its place in orderByRuns(), NoIndex for one that is in no run; empty where
/// no run was traced.
std::vector<uint32_t> inOrderOfAffinity(const Program &P,
                                        llvm::ArrayRef<uint32_t> RunRanks,
                                        llvm::ArrayRef<uint32_t> Members);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_AFFINITYORDER_H
