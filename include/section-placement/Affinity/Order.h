//===- Order.h - Which function stands beside which -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions that call each other most shall share cache lines and pages. Plain
// arrays in, a permutation out: the planner, a test and a benchmark give the
// same arrays.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_AFFINITY_ORDER_H
#define SECTION_PLACEMENT_AFFINITY_ORDER_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace section_placement {

/// Calls of one function by another: indices, and how often, in any one unit.
struct CallWeight {
  uint32_t From, To;
  uint64_t Weight;
};

/// An order of the functions 0 to Sizes.size()-1, whose code has \p Sizes
/// bytes, in which those that call each other most stand together. Functions
/// without a call that has weight come last, in their own order. The same
/// inputs give the same order.
///
/// By LLVM's computeCacheDirectedLayout (Hermann, Mestre, Ottoni, Pupyrev:
/// "Optimizing Function Layout for Mobile Applications", and its CDSort in
/// llvm/Transforms/Utils/CodeLayout.h) where the version has it, which is from
/// 18 on and there are at most 50,000 functions with calls, beyond which it
/// takes too long; else by orderByCallChains().
std::vector<uint32_t> orderByAffinity(llvm::ArrayRef<uint64_t> Sizes,
                                      llvm::ArrayRef<CallWeight> Calls);

/// The same by call-chain clustering (C3): Ottoni and Maher, "Optimizing
/// Function Placement for Large-Scale Data-Center Applications", CGO 2017.
/// Every function, the most called first, is appended to the cluster of its
/// most frequent caller, as long as the cluster fits into a page and does not
/// become much colder; then the clusters are laid out by density.
std::vector<uint32_t> orderByCallChains(llvm::ArrayRef<uint64_t> Sizes,
                                        llvm::ArrayRef<CallWeight> Calls);

/// A function of which nobody counted how often it is called.
struct CalledFunction {
  uint32_t File; ///< One number for the functions of one source file.
  bool IsCalled; ///< Some call names it.
  /// The index of the only function that calls it; UINT32_MAX where there is
  /// none, or several.
  uint32_t SoleCaller;
};

/// An order of \p Functions: file after file, as they come; in each, those that
/// calls name before those that are reached by their address only; and a
/// function with one caller right behind that one, in whichever file. In n log
/// n steps; the same input gives the same order.
std::vector<uint32_t>
orderBySoleCallers(llvm::ArrayRef<CalledFunction> Functions);

/// The functions of \p Runs, each of which lists by number those that ran in
/// it, in the order in which they first did. Those that ran in more runs come
/// first; those that ran in the same ones stand together, in the order of the
/// shortest of these. The same input gives the same order.
std::vector<uint32_t> orderByRuns(llvm::ArrayRef<std::vector<uint32_t>> Runs);

} // namespace section_placement

#endif // SECTION_PLACEMENT_AFFINITY_ORDER_H
