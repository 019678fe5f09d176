//===- PlanFileNote.h - What a plan's files cannot say ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_PLANFILENOTE_H
#define SECTION_PLACEMENT_PLAN_PLANFILENOTE_H

#include <cstdint>

namespace section_placement {

/// Something of a plan that a literal policy cannot hold, or leaves out.
/// explainPlanFileNote() says it.
struct PlanFileNote {
  enum class Kind : uint8_t {
    UnwritableName, ///< A policy, which is UTF-8, cannot hold the symbol's.
    Variables,  ///< The rule leaves out variables by a list or native objects.
    Split,      ///< The rule splits functions by a list or native objects.
    InlineLine, ///< The rule draws a line for inlining, and places nothing.
    Budget,     ///< The rule limits a size.
  };

  Kind What;
  uint32_t Index; ///< Of UnwritableName the symbol, else the rule.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_PLANFILENOTE_H
