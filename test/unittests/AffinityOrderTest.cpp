//===- AffinityOrderTest.cpp - Which function stands beside which ---------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scenario.h"
#include "section-placement/Affinity/Order.h"
#include <algorithm>
#include <random>

using namespace llvm;
using namespace section_placement;

namespace {

using Order = std::vector<uint32_t>;
using Orderer = std::vector<uint32_t> (*)(ArrayRef<uint64_t>,
                                          ArrayRef<CallWeight>);

/// How far a call goes, in bytes, over all calls.
double distance(ArrayRef<uint64_t> Sizes, ArrayRef<CallWeight> Calls,
                const Order &By) {
  std::vector<double> At(Sizes.size());
  double Here = 0;
  for (uint32_t I : By) {
    At[I] = Here;
    Here += Sizes[I];
  }
  double Sum = 0;
  for (const CallWeight &C : Calls)
    Sum += double(C.Weight) * std::abs(At[C.From] - At[C.To]);
  return Sum;
}

class AffinityOrderTest : public ::testing::TestWithParam<Orderer> {
protected:
  static Order order(ArrayRef<uint64_t> Sizes, ArrayRef<CallWeight> Calls) {
    return GetParam()(Sizes, Calls);
  }
};

TEST_P(AffinityOrderTest, CallersStandBesideWhatTheyCallMost) {
  std::vector<uint64_t> Sizes(6, 100);
  // Two pairs that are far from each other in the source.
  std::vector<CallWeight> Calls{{0, 5, 1000}, {1, 4, 900}, {0, 1, 1}};
  Order By = order(Sizes, Calls);
  auto At = [&](uint32_t I) {
    return std::find(By.begin(), By.end(), I) - By.begin();
  };
  EXPECT_EQ(std::abs(At(0) - At(5)), 1);
  EXPECT_EQ(std::abs(At(1) - At(4)), 1);
}

TEST_P(AffinityOrderTest, IsAPermutationThatShortensCallsAndRepeats) {
  std::mt19937 Random(7);
  std::vector<uint64_t> Sizes;
  std::vector<CallWeight> Calls;
  for (unsigned I = 0; I < 2000; ++I)
    Sizes.push_back(16 + Random() % 400);
  // Communities of twenty, each scattered over the whole program.
  for (unsigned I = 0; I < 8000; ++I) {
    uint32_t Community = Random() % 100;
    uint32_t From = Community + 100 * (Random() % 20);
    uint32_t To = Community + 100 * (Random() % 20);
    Calls.push_back({From, To, 1 + Random() % 1000});
  }
  Order By = order(Sizes, Calls), Sorted = By, Input(2000);
  std::sort(Sorted.begin(), Sorted.end());
  for (unsigned I = 0; I < Input.size(); ++I)
    Input[I] = I;
  EXPECT_EQ(Sorted, Input);
  EXPECT_LT(distance(Sizes, Calls, By), distance(Sizes, Calls, Input) / 2);
  EXPECT_EQ(By, order(Sizes, Calls));
}

TEST_P(AffinityOrderTest, TakesNoFunctionsNoCallsAndNoWeights) {
  EXPECT_EQ(order({}, {}), Order());
  EXPECT_EQ(order({0}, {}), Order{0});
  EXPECT_EQ(order({8, 0, 8}, {{1, 1, 5}, {0, 2, 0}}).size(), 3u);
}

INSTANTIATE_TEST_SUITE_P(Both, AffinityOrderTest,
                         ::testing::Values(orderByAffinity, orderByCallChains));

TEST(AffinityOrder, WhatNothingTiesComesLastInItsOwnOrder) {
  EXPECT_EQ(orderByAffinity({8, 8, 8, 8}, {{1, 3, 5}, {0, 2, 0}, {2, 2, 9}}),
            (Order{1, 3, 0, 2}));
}

TEST(CallChains, AreNoLongerThanAPage) {
  // Each is called by the one before; three fit into a page, not four.
  std::vector<uint64_t> Sizes(4, 1200);
  EXPECT_EQ(orderByCallChains(Sizes, {{2, 3, 10}, {1, 2, 20}, {0, 1, 30}}),
            (Order{0, 1, 2, 3}));
  EXPECT_EQ(orderByCallChains(Sizes, {{2, 3, 30}, {1, 2, 20}, {0, 1, 10}}),
            (Order{1, 2, 3, 0}))
      << "the heaviest calls are served first";
}

TEST(CallChains, DoNotTearHotCodeApartByColdCode) {
  EXPECT_EQ(orderByCallChains({10, 4000, 10}, {{2, 0, 1000}, {0, 1, 1}}),
            (Order{2, 0, 1}));
}

TEST(AffinityOrder, IsTheOrderOfTheRulesFunctions) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b"), C = S.function("c"),
           D = S.function("d"), E = S.function("e");
  S.call(A, D, 1000), S.call(D, C, 800), S.call(E, B, 10000);
  S[B].Section = ".init.text";
  S.plan(R"(
rules:
  - { name: near, match: { function: ["*"] }, section: .text.near, order: affinity }
)");
  ASSERT_EQ(S.ThePlan.Orders.size(), 1u);
  EXPECT_EQ(S.ThePlan.Orders[0].Symbols, (Order{A, D, C, E}))
      << "what keeps its section has no place in the order";
}

} // namespace
