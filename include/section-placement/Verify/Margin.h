//===- Margin.h - How much of its reach a reference has left ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_MARGIN_H
#define SECTION_PLACEMENT_VERIFY_MARGIN_H

#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace section_placement {

struct RelocationReach;

/// What is left of a reach. Compared and printed without rounding up, so that
/// no margin meets a bound that it misses.
struct Margin {
  int64_t Left;  ///< Bytes; negative past the reach.
  int64_t Reach; ///< Bytes, in the direction of the target; 0 where the
                 ///< relocation does not reach into that direction at all.

  /// In tenths of a per cent, rounded down; INT64_MIN where Reach is 0.
  int64_t tenths() const;
  /// Less than \p Tenths of the reach? Always, past the reach.
  bool isBelow(unsigned Tenths) const;
  bool operator<(const Margin &Other) const;
  bool operator==(const Margin &Other) const;
};

/// The margin of \p R over \p Distance, the psABIs' S + A - P.
Margin marginOf(const RelocationReach &R, int64_t Distance);

/// `12.5%`; `none` where Reach is 0.
std::string percentage(const Margin &M);

/// The tenths of \p Text: `20%`, `12.5%`, `20`. Fails where it is none, or
/// more than 100.
llvm::Expected<unsigned> parsePercentage(llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_MARGIN_H
