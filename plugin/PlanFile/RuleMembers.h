//===- RuleMembers.h - The functions of each rule, in order -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLANFILE_RULEMEMBERS_H
#define SECTION_PLACEMENT_PLANFILE_RULEMEMBERS_H

#include "section-placement/Explain/Explain.h"

namespace section_placement {

/// The functions that each rule has claimed, in the order that it gives them,
/// else in that of the program.
std::vector<std::vector<uint32_t>> membersByRule(const Planned &What);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLANFILE_RULEMEMBERS_H
