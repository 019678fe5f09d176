//===- ProgressTest.cpp - How far long work is ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Progress.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

/// A Progress with a clock of its own, and what it wrote.
class ProgressTest : public testing::Test {
protected:
  void wait(int Milliseconds) {
    Time += std::chrono::milliseconds(Milliseconds);
  }
  Progress make(bool IsTerminal) {
    return Progress(Out, IsTerminal, [this] { return Time; });
  }
  Progress::Clock::time_point Time;
  std::string Written;
  raw_string_ostream Out{Written};
};

TEST_F(ProgressTest, ShortWorkShowsNothing) {
  {
    Progress Reading = make(true);
    Reading("a.o");
    wait(499);
    Reading("b.o");
  }
  EXPECT_EQ(Out.str(), "");
}

TEST_F(ProgressTest, LongWorkShowsTheFileAndTakesTheLineAway) {
  {
    Progress Reading = make(true);
    Reading("a.o");
    wait(500);
    Reading("b.o");
    EXPECT_EQ(Out.str(), "reading 2: b.o");
  }
  EXPECT_EQ(Out.str(), "reading 2: b.o\r\033[K");
}

TEST_F(ProgressTest, TheLineIsWrittenTenTimesASecondAtMost) {
  Progress Reading = make(true);
  wait(500);
  Reading("a.o");
  wait(99);
  Reading("b.o");
  wait(1);
  Reading("c.o");
  EXPECT_EQ(Out.str(), "reading 1: a.o\r\033[Kreading 3: c.o");
}

TEST_F(ProgressTest, ALogSeesNothing) {
  Progress Reading = make(false);
  wait(500);
  Reading("a.o");
  EXPECT_EQ(Out.str(), "");
}

TEST_F(ProgressTest, TheEndOfALongPathIsShownInOneLine) {
  Progress Reading = make(true);
  wait(500);
  Reading(std::string(100, 'd') + "/a\n.o");
  EXPECT_EQ(Out.str(), "reading 1: ..." + std::string(60, 'd') + "/a?.o");
  EXPECT_EQ(Out.str().size(), 79u);
}

} // namespace
