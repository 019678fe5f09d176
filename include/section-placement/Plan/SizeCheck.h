//===- SizeCheck.h - Does a rule's code fit? --------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_SIZECHECK_H
#define SECTION_PLACEMENT_PLAN_SIZECHECK_H

#include "section-placement/Plan/Plan.h"

namespace section_placement {

/// The functions of a rule with `max-size`, added up.
struct SizeSum {
  uint32_t Rule;
  uint32_t Functions = 0;
  uint64_t Bytes = 0;            ///< As compiled, or estimated.
  uint64_t Margin = 0;           ///< Bytes, either way.
  std::vector<uint32_t> Largest; ///< Ten at most, the largest first.

  /// Even if the estimate is too large by its margin, it is more than \p Limit.
  bool isOver(uint64_t Limit) const { return Bytes - Margin > Limit; }
  /// If it is too small by its margin, it is.
  bool mayBeOver(uint64_t Limit) const { return Bytes + Margin > Limit; }
};

/// How far off the estimate of a group of functions may be.
enum class SizePrecision {
  Compiled,  ///< Of the code, compiled in memory.
  Estimated, ///< By the costs of LLVM's TargetTransformInfo.
  Summaries, ///< By the number of instructions alone.
};

/// The margin of \p Functions functions together, in per cent of their size.
/// That of compiled code and that of estimates of a large group are chosen, not
/// measured; in small groups the errors of functions average out less.
double marginPercent(SizePrecision Precision, uint32_t Functions);

/// Adds up the functions of each rule with `max-size`, as Plan::Constrained has
/// them; those that keep another section of their source are not counted where
/// the rule places others.
std::vector<SizeSum> addUpSizes(const Program &P, const RuleIndex &Index,
                                const Plan &ThePlan, SizePrecision Precision);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_SIZECHECK_H
