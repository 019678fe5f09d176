//===- SizeCheck.cpp - Does a rule's code fit? ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: `max-size` limits the code of a group before any code exists.
//
// Method: the estimated sizes of what Plan::Constrained lists for the rule,
// with a margin that shrinks with the root of the number of functions, since
// the errors of single functions average out.
//
// Limits: an estimate. A group that is over its limit by less than the margin
// is reported and is no error; `verify` adds up the image.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/SizeCheck.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <cmath>

using namespace llvm;

namespace section_placement {

static constexpr size_t MaximumNamed = 10;
/// The number of functions that the margins below are of.
static constexpr uint32_t GroupSize = 20;

double marginPercent(SizePrecision Precision, uint32_t Functions) {
  // Jumps inside a shared section may be shorter, and machine passes see more
  // than one function.
  if (Precision == SizePrecision::Compiled)
    return 2;
  double Base = 60;
  if (Functions >= GroupSize || Functions == 0)
    return Base;
  return std::min(100.0, Base * std::sqrt(double(GroupSize) / Functions));
}

static void add(SizeSum &Sum, const Program &P, uint32_t Symbol) {
  ++Sum.Functions;
  Sum.Bytes += P.Symbols[Symbol].Size;
  Sum.Largest.push_back(Symbol);
}

static void finish(SizeSum &Sum, const Program &P, SizePrecision Precision) {
  Sum.Margin = uint64_t(double(Sum.Bytes) *
                        marginPercent(Precision, Sum.Functions) / 100);
  auto IsLarger = [&](uint32_t A, uint32_t B) {
    return std::tuple(P.Symbols[B].Size, A) < std::tuple(P.Symbols[A].Size, B);
  };
  size_t Named = std::min(MaximumNamed, Sum.Largest.size());
  std::partial_sort(Sum.Largest.begin(), Sum.Largest.begin() + Named,
                    Sum.Largest.end(), IsLarger);
  Sum.Largest.resize(Named);
}

/// Is it in another section than the rule's, because its source says so? One
/// that an earlier check has placed is in the rule's.
static bool isElsewhere(const Symbol &S, const Placement &Where,
                        const RuleIndex &Index, uint32_t R) {
  const Rule &TheRule = *Index.rule(R).R;
  return Where.Rule == R && Where.Reason == PlacementReason::KeepsSection &&
         S.Section != TheRule.target().expand(S, TheRule.Name, "");
}

std::vector<SizeSum> addUpSizes(const Program &P, const RuleIndex &Index,
                                const Plan &ThePlan, SizePrecision Precision) {
  std::vector<SizeSum> Sums;
  for (uint32_t R = 0; R < Index.size(); ++R) {
    if (!Index.rule(R).R->MaxSize)
      continue;
    SizeSum &Sum = Sums.emplace_back();
    Sum.Rule = R;
    for (uint32_t I : ThePlan.constrainedBy(R))
      if (!isElsewhere(P.Symbols[I], ThePlan.Placements[I], Index, R))
        add(Sum, P, I);
    // Native code that growth met: each member once.
    DenseSet<StringRef> Members;
    for (const Hole &H : ThePlan.holesOf(R))
      if (H.Kind == HoleKind::NativeCallee && P.Symbols[H.Callee].Size &&
          Members.insert(P.Symbols[H.Callee].Object).second)
        add(Sum, P, H.Callee);
    finish(Sum, P, Precision);
  }
  return Sums;
}

} // namespace section_placement
