//===- MarginTest.cpp - How much of its reach a reference has left --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Margin.h"
#include "section-placement/Objects/RelocationReach.h"
#include "llvm/BinaryFormat/ELF.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

const RelocationReach &rowOf(uint16_t Machine, uint32_t Type) {
  return *findRelocationReach(Machine, Type);
}

const RelocationReach &conditionalBranch() {
  return rowOf(ELF::EM_AARCH64, ELF::R_AARCH64_CONDBR19);
}

TEST(MarginTest, EachDirectionHasItsOwnReach) {
  EXPECT_EQ(marginOf(conditionalBranch(), 1048575).Left, 0);
  EXPECT_EQ(marginOf(conditionalBranch(), 1048576).Left, -1);
  EXPECT_EQ(marginOf(conditionalBranch(), -1048576).Left, 0);
  EXPECT_EQ(marginOf(conditionalBranch(), -1048577).Left, -1);
  EXPECT_EQ(marginOf(conditionalBranch(), -4).Reach, 1048576);
  EXPECT_EQ(marginOf(conditionalBranch(), 0).Reach, 1048575);
}

TEST(MarginTest, ForwardOnlyHasNoReachBackward) {
  const RelocationReach &Load = rowOf(ELF::EM_ARM, ELF::R_ARM_THM_PC8);
  Margin Backward = marginOf(Load, -4);
  EXPECT_LT(Backward.Left, 0);
  EXPECT_EQ(percentage(Backward), "none");
  EXPECT_TRUE(Backward.isBelow(0));
  EXPECT_LT(Backward, marginOf(Load, 4096));
  EXPECT_FALSE(marginOf(Load, 4096) < Backward);
  EXPECT_EQ(percentage(marginOf(Load, 0)), "100.0%");
}

TEST(MarginTest, IsRoundedDownAndComparedExactly) {
  Margin Third{1, 3};
  EXPECT_EQ(Third.tenths(), 333);
  EXPECT_FALSE(Third.isBelow(333));
  EXPECT_TRUE(Third.isBelow(334));
  EXPECT_FALSE((Margin{1, 2}).isBelow(500)); // As much as was asked for.
  EXPECT_TRUE((Margin{1, 2}).isBelow(501));
  EXPECT_EQ((Margin{-1, 3}).tenths(), -334);
  EXPECT_EQ(percentage({-1, 3}), "-33.4%");
  EXPECT_EQ(percentage({-1, 100000}), "-0.1%");
  EXPECT_TRUE((Margin{-1, 100000}).isBelow(0));
  EXPECT_LT((Margin{1, 3}), (Margin{1, 2}));
  EXPECT_EQ((Margin{1, 2}), (Margin{2, 4}));
}

TEST(MarginTest, AnyDistanceHasOne) {
  for (int64_t Far : {INT64_MIN, INT64_MAX}) {
    Margin M = marginOf(conditionalBranch(), Far);
    EXPECT_LT(M.Left, 0);
    EXPECT_TRUE(M.isBelow(0));
    EXPECT_LT(M.tenths(), -1000);
    EXPECT_LT(M, marginOf(conditionalBranch(), 0));
  }
}

TEST(MarginTest, ParsesPercentages) {
  for (auto [Text, Tenths] : {std::pair("20%", 200u),
                              {"20", 200u},
                              {"12.5%", 125u},
                              {"0", 0u},
                              {"100%", 1000u},
                              {"100.0", 1000u}}) {
    Expected<unsigned> Parsed = parsePercentage(Text);
    ASSERT_TRUE(bool(Parsed)) << Text;
    EXPECT_EQ(*Parsed, Tenths) << Text;
  }
  for (StringRef Text : {"", "%", "x", "-1", "101", "100.1%", "1.", "1.25",
                         ".5", "1.x", "20%%", "99999999999999999999"}) {
    Expected<unsigned> Parsed = parsePercentage(Text);
    EXPECT_FALSE(bool(Parsed)) << Text.str();
    consumeError(Parsed.takeError());
  }
}

} // namespace
