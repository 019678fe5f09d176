//===- Margin.cpp - How much of its reach a reference has left ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Margin.h"
#include "section-placement/Objects/RelocationReach.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

/// Distances are taken as at most this, 1 TiB: farther than any reach, and
/// small enough to multiply by one.
static constexpr int64_t Farthest = int64_t(1) << 40;

Margin marginOf(const RelocationReach &R, int64_t Distance) {
  int64_t D = std::clamp(Distance, -Farthest, Farthest);
  return D < 0 ? Margin{D - R.Lowest, -R.Lowest}
               : Margin{R.Highest - D, R.Highest};
}

int64_t Margin::tenths() const {
  if (!Reach)
    return INT64_MIN;
  int64_t Product = Left * 1000, Quotient = Product / Reach;
  return Quotient - (Product % Reach < 0);
}

bool Margin::isBelow(unsigned Tenths) const {
  return Left < 0 || !Reach || Left * 1000 < int64_t(Tenths) * Reach;
}

bool Margin::operator<(const Margin &Other) const {
  if (!Reach || !Other.Reach)
    return !Reach && (Other.Reach || Left < Other.Left);
  return Left * Other.Reach < Other.Left * Reach;
}

bool Margin::operator==(const Margin &Other) const {
  return !(*this < Other) && !(Other < *this);
}

std::string percentage(const Margin &M) {
  if (!M.Reach)
    return "none";
  int64_t Tenths = M.tenths();
  uint64_t Size = Tenths < 0 ? -Tenths : Tenths;
  return (Tenths < 0 ? "-" : "") + utostr(Size / 10) + "." + utostr(Size % 10) +
         "%";
}

Expected<unsigned> parsePercentage(StringRef Text) {
  StringRef Number = Text;
  Number.consume_back("%");
  auto [Whole, Fraction] = Number.split('.');
  unsigned Percent = 0, Tenth = 0;
  bool HasPoint = Whole.size() != Number.size();
  if (Whole.getAsInteger(10, Percent) || Percent > 100 ||
      (HasPoint &&
       (Fraction.size() != 1 || Fraction.getAsInteger(10, Tenth))) ||
      Percent * 10 + Tenth > 1000)
    return plainError("'" + Text +
                      "' is no percentage of at most 100 with at "
                      "most one digit after the point; write 20% or 12.5%");
  return Percent * 10 + Tenth;
}

} // namespace section_placement
