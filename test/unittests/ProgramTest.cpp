//===- ProgramTest.cpp - Symbols and edges in arrays ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scenario.h"

using namespace llvm;
using namespace section_placement;

namespace {

std::vector<uint32_t> targetsOf(const Program &P, uint32_t From) {
  std::vector<uint32_t> Result;
  for (const Edge &E : P.edgesFrom(From))
    Result.push_back(E.To);
  return Result;
}

std::vector<uint32_t> originsOf(const Program &P, uint32_t To) {
  std::vector<uint32_t> Result;
  for (uint32_t E : P.edgesTo(To))
    Result.push_back(P.Edges[E].From);
  return Result;
}

using Indices = std::vector<uint32_t>;

TEST(ProgramTest, EdgesOfASymbolKeepTheOrderOfTheirAppend) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b"), C = S.function("c");
  S.branch(B, C), S.call(A, C), S.branch(A, B), S.call(B, A), S.branch(A, C);
  S.P.finish();
  EXPECT_EQ(targetsOf(S.P, A), (Indices{C, B, C}));
  EXPECT_EQ(targetsOf(S.P, B), (Indices{C, A}));
  EXPECT_EQ(targetsOf(S.P, C), Indices());
  EXPECT_EQ(originsOf(S.P, C), (Indices{A, A, B}));
  EXPECT_EQ(originsOf(S.P, A), (Indices{B}));
  EXPECT_EQ(S.P.edgesFrom(A)[0].Kind, EdgeKind::Call);
  EXPECT_EQ(S.P.edgesFrom(A)[2].Evidence, 4u) << "evidence goes with its edge";
}

TEST(ProgramTest, AliasesAndPartsAreFoundByTheirSymbol) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b");
  uint32_t Cold = S.function("b.cold"), Hot = S.function("b.hot");
  S[Cold].Parent = S[Hot].Parent = B;
  S.alias("x", B), S.alias("y", A), S.alias("z", B);
  S.P.finish();
  ASSERT_EQ(S.P.aliasesOf(B).size(), 2u);
  EXPECT_EQ(S.P.aliasesOf(B)[0].Name, "x");
  EXPECT_EQ(S.P.aliasesOf(B)[1].Name, "z");
  EXPECT_EQ(S.P.aliasesOf(A).size(), 1u);
  EXPECT_EQ(S.P.childrenOf(B).vec(), (Indices{Cold, Hot}));
  EXPECT_TRUE(S.P.childrenOf(A).empty());
}

TEST(ProgramTest, AnEmptyProgramIsAProgram) {
  Program P;
  P.finish();
  EXPECT_TRUE(P.Edges.empty());
}

} // namespace
