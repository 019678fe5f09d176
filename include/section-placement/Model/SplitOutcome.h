//===- SplitOutcome.h - What became of a split function ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_SPLITOUTCOME_H
#define SECTION_PLACEMENT_MODEL_SPLITOUTCOME_H

#include <cstdint>
#include <string>

namespace section_placement {

/// What code generation made of a function that a rule wants split. One in
/// which no block is known not to run has none.
struct SplitOutcome {
  std::string Function; ///< Its symbol.
  std::string Section;  ///< Of the part.
  uint64_t Blocks = 0;  ///< In the part; 0 where the function is whole.
  uint64_t Of = 0;      ///< Blocks of the function.
  std::string WhyWhole; ///< Empty where it was split.

  bool isSplit() const { return Blocks != 0; }
  /// The symbol of the part, as LLVM calls it.
  std::string part() const { return Function + ".cold"; }
  /// `'f' is split: 3 of its 9 blocks never run, and are 'f.cold' in …`.
  std::string sentence() const;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_SPLITOUTCOME_H
