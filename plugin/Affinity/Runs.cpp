//===- Runs.cpp - An order by the runs of a training ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The next run touches a page if it needs any function of it, so functions that
// are needed together, and as surely, share pages. Of n runs, a function that k
// of them needed is needed by the next one with a chance of about k/n: what all
// runs needed, which is start-up and end before all, comes first and whole.
// Those that the same runs needed are, as far as the training tells, one. They
// stand as they first ran in the shortest of these, which has the least of
// other work between start-up and end.
//
// lld's --bp-startup-sort bisects functions so that the early part of each run
// is in few pages; it knows where in a run a function stands, and does not ask
// how many runs had it.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Affinity/Order.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <tuple>

using namespace llvm;

namespace section_placement {

std::vector<uint32_t> orderByRuns(ArrayRef<std::vector<uint32_t>> Runs) {
  struct Traced {
    uint32_t Function;
    uint32_t Place; // In the shortest of its runs.
    uint32_t Shortest;
    SmallVector<uint32_t, 6> Runs;
  };
  std::vector<Traced> All;
  DenseMap<uint32_t, uint32_t> IndexOf;
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    for (uint32_t Place = 0; Place < Runs[Run].size(); ++Place) {
      uint32_t Function = Runs[Run][Place];
      auto [Known, IsNew] = IndexOf.try_emplace(Function, All.size());
      if (IsNew)
        All.push_back({Function, Place, Run, {}});
      Traced &T = All[Known->second];
      if (Runs[Run].size() < Runs[T.Shortest].size())
        T.Place = Place, T.Shortest = Run;
      if (T.Runs.empty() || T.Runs.back() != Run)
        T.Runs.push_back(Run);
    }
  llvm::sort(All, [](const Traced &A, const Traced &B) {
    if (A.Runs.size() != B.Runs.size())
      return A.Runs.size() > B.Runs.size();
    return std::tie(A.Runs, A.Place, A.Function) <
           std::tie(B.Runs, B.Place, B.Function);
  });
  std::vector<uint32_t> Order;
  Order.reserve(All.size());
  for (const Traced &T : All)
    Order.push_back(T.Function);
  return Order;
}

} // namespace section_placement
