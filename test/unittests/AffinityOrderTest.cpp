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

TEST(SoleCallers, StandBeforeWhatTheyAloneCall) {
  constexpr uint32_t None = UINT32_MAX;
  // 0 calls 3, and 3 calls 1, each alone; 2 has several callers.
  EXPECT_EQ(
      orderBySoleCallers(
          {{0, false, None}, {0, true, 3}, {0, true, None}, {1, true, 0}}),
      (Order{2, 0, 3, 1}))
      << "in whichever file; what calls name comes first";
  EXPECT_EQ(orderBySoleCallers({}), Order());
}

TEST(SoleCallers, KeepFilesTogetherInTheirOrder) {
  constexpr uint32_t None = UINT32_MAX;
  EXPECT_EQ(orderBySoleCallers({{7, false, None},
                                {2, true, None},
                                {7, true, None},
                                {2, false, None},
                                {7, false, None}}),
            (Order{2, 0, 4, 1, 3}));
}

TEST(SoleCallers, MayFormARing) {
  EXPECT_EQ(orderBySoleCallers({{0, true, 1}, {0, true, 0}, {0, true, 2}}),
            (Order{0, 1, 2}));
}

TEST(Runs, WhatMoreOfThemNeededComesFirst) {
  EXPECT_EQ(orderByRuns({{5, 1, 9}, {5, 2, 9}, {5, 9}}), (Order{5, 9, 1, 2}));
  EXPECT_EQ(orderByRuns({}), Order());
  EXPECT_EQ(orderByRuns({{}, {3, 3}}), Order{3}) << "once, however often told";
}

TEST(Runs, WhatTheSameOnesNeededStandsTogetherAsItFirstRan) {
  // 1, 2 and 3 ran in two runs each; 1 and 3 in the same ones.
  EXPECT_EQ(orderByRuns({{3, 2, 1}, {1, 3}, {2}}), (Order{1, 3, 2}))
      << "in the shortest of them";
}

/// Five functions of one file, too large for LLVM's model of the cache.
class TieredOrderTest : public ::testing::Test {
protected:
  Scenario S;
  uint32_t A = function("a"), B = function("b"), C = function("c"),
           D = function("d"), E = function("e");

  uint32_t function(StringRef Name) {
    uint32_t I = S.function(Name, "one.c");
    S[I].Size = 10000;
    return I;
  }
  Order order() {
    S.plan(R"(
rules:
  - { name: near, match: { function: ["*"] }, section: .text.near, order: affinity }
)");
    return S.ThePlan.Orders[0].Symbols;
  }
};

TEST_F(TieredOrderTest, WhatRanStandsBeforeTheUnknownTheUnusedAndTheCold) {
  S[A].IsCold = true;
  S[B].InTraining = S[D].InTraining = Training::NeverRan;
  S[E].InTraining = Training::Ran;
  S.call(A, B, 1000), S.call(B, C, 1000); // However often they are called.
  EXPECT_EQ(order(), (Order{E, C, B, D, A}));
}

TEST_F(TieredOrderTest, WhatRanIsLaidOutByItsCounts) {
  for (uint32_t I : {A, B, C, D, E}) {
    S[I].InTraining = Training::Ran;
    S[I].Size = 100; // Chains of calls end where a page does.
  }
  S.call(A, E, 1000), S.call(B, D, 900), S.call(A, B, 1);
  Order By = order();
  auto At = [&](uint32_t I) {
    return std::find(By.begin(), By.end(), I) - By.begin();
  };
  EXPECT_EQ(std::abs(At(A) - At(E)), 1);
  EXPECT_EQ(std::abs(At(B) - At(D)), 1);
  EXPECT_EQ(By.back(), C) << "nothing ties it";
}

TEST_F(TieredOrderTest, RunsStandAboveCounts) {
  for (uint32_t I : {A, B, C, D})
    S[I].InTraining = Training::Ran;
  S[E].InTraining = Training::NeverRan; // Its code: inlined where it ran.
  S.P.Runs = {{D, E, A}, {B, D}};
  S.call(A, B, 1000);
  EXPECT_EQ(order(), (Order{D, A, B, C, E}));
}

TEST_F(TieredOrderTest, WithoutCountsTheOrderOfTheFileStays) {
  S.call(A, D, 1000), S.call(C, E, 5), S.call(B, E, 5);
  EXPECT_EQ(order(), (Order{E, A, D, B, C}))
      << "D behind its one caller; E, which calls name, before the rest";
}

TEST_F(TieredOrderTest, ASmallGroupIsLaidOutByEstimates) {
  for (uint32_t I : {A, B, C, D, E})
    S[I].Size = 100;
  S.call(A, D, 1000), S.call(B, E, 900), S.call(C, D, 1), S.call(C, E, 1);
  Order By = order();
  auto At = [&](uint32_t I) {
    return std::find(By.begin(), By.end(), I) - By.begin();
  };
  EXPECT_EQ(std::abs(At(A) - At(D)), 1);
  EXPECT_EQ(std::abs(At(B) - At(E)), 1);
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
