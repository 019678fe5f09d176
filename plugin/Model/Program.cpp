//===- Program.cpp - What is in the program, as plain data ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/Program.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

/// Counting sort: for each of \p Buckets where its members begin in the order
/// that \p BucketOf gives to 0..Count-1, and that order. Members of one bucket
/// keep their order.
template <typename Fn>
static void bucketSort(size_t Buckets, size_t Count, Fn BucketOf,
                       std::vector<uint32_t> &Begin,
                       std::vector<uint32_t> &Order) {
  Begin.assign(Buckets + 1, 0);
  for (size_t I = 0; I < Count; ++I)
    if (BucketOf(I) != NoIndex)
      ++Begin[BucketOf(I) + 1];
  for (size_t I = 0; I < Buckets; ++I)
    Begin[I + 1] += Begin[I];
  Order.resize(Begin[Buckets]);
  std::vector<uint32_t> Next(Begin.begin(), Begin.end() - 1);
  for (size_t I = 0; I < Count; ++I)
    if (BucketOf(I) != NoIndex)
      Order[Next[BucketOf(I)]++] = I;
}

template <typename T>
static void permute(std::vector<T> &Items, ArrayRef<uint32_t> Order) {
  std::vector<T> Sorted;
  Sorted.reserve(Items.size());
  for (uint32_t I : Order)
    Sorted.push_back(Items[I]);
  Items = std::move(Sorted);
}

void Program::finish() {
  size_t Count = Symbols.size();
  std::vector<uint32_t> Order;
  bucketSort(
      Count, Edges.size(), [&](size_t I) { return Edges[I].From; }, FromBegin,
      Order);
  permute(Edges, Order);
  bucketSort(
      Count, Edges.size(), [&](size_t I) { return Edges[I].To; }, ToBegin,
      ToIndex);
  bucketSort(
      Count, Aliases.size(), [&](size_t I) { return Aliases[I].Symbol; },
      AliasBegin, Order);
  permute(Aliases, Order);
  bucketSort(
      Count, Count, [&](size_t I) { return Symbols[I].Parent; }, ChildBegin,
      ChildIndex);
}

template <typename T>
static ArrayRef<T> bucket(const std::vector<T> &Items,
                          const std::vector<uint32_t> &Begin, uint32_t I) {
  return ArrayRef<T>(Items).slice(Begin[I], Begin[I + 1] - Begin[I]);
}

ArrayRef<Edge> Program::edgesFrom(uint32_t Symbol) const {
  return bucket(Edges, FromBegin, Symbol);
}

ArrayRef<uint32_t> Program::edgesTo(uint32_t Symbol) const {
  return bucket(ToIndex, ToBegin, Symbol);
}

ArrayRef<Alias> Program::aliasesOf(uint32_t Symbol) const {
  if (Aliases.empty())
    return {};
  return bucket(Aliases, AliasBegin, Symbol);
}

ArrayRef<uint32_t> Program::childrenOf(uint32_t Symbol) const {
  if (ChildIndex.empty())
    return {};
  return bucket(ChildIndex, ChildBegin, Symbol);
}

} // namespace section_placement
