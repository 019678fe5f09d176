//===- GrowCallsTest.cpp - Growth along calls, and its holes --------------===//
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

/// One rule that grows from `seed` as \p Grow says.
std::string rule(StringRef Grow) {
  return ("rules:\n  - name: r\n    match: { function: [seed] }\n"
          "    section: .text.r\n    grow: { along: [call], " +
          Grow + " }\n")
      .str();
}

/// top -> seed -> one -> two -> three -> one.
struct Chain : Scenario {
  uint32_t Top = function("top"), Seed = function("seed"),
           One = function("one"), Two = function("two"),
           Three = function("three");
  Chain() {
    call(Top, Seed), call(Seed, One), call(One, Two), call(Two, Three);
    call(Three, One);
  }
  Texts grown(StringRef Grow) {
    plan(rule(Grow));
    Texts Names;
    for (uint32_t I = 0; I < P.Symbols.size(); ++I)
      if (ThePlan.Placements[I].Rule != NoIndex && I != Seed)
        Names.push_back(P.Symbols[I].Name.str());
    return Names;
  }
};

TEST(GrowCallsTest, DepthCountsCallsAndUnlimitedIsTheClosure) {
  Chain S;
  EXPECT_EQ(S.grown("depth: 1"), Texts{"one"});
  EXPECT_EQ(S.grown("depth: 2"), (Texts{"one", "two"}));
  EXPECT_EQ(S.grown("depth: unlimited"), (Texts{"one", "two", "three"}));
}

TEST(GrowCallsTest, GoesToCallersAndBothWays) {
  Chain S;
  EXPECT_EQ(S.grown("depth: 1, towards: callers"), Texts{"top"});
  EXPECT_EQ(S.fate(S.Top), ".text.r by r: grown-to-caller");
  EXPECT_EQ(S.grown("depth: 1, towards: both"), (Texts{"top", "one"}));
  EXPECT_EQ(S.grown("depth: unlimited, towards: both"),
            (Texts{"top", "one", "two", "three"}));
}

TEST(GrowCallsTest, NativeCallersStayAndAreTold) {
  Scenario S;
  uint32_t Seed = S.function("seed"), Entry = S.native("entry");
  S.call(Entry, Seed);
  S.plan(rule("depth: 1, towards: callers"));
  EXPECT_EQ(S.refusals(), Texts{"entry by r: native-stays"});
}

TEST(GrowCallsTest, WithinIsNeitherCrossedNorAHole) {
  Scenario S;
  uint32_t Seed = S.function("seed"), Out = S.function("out"),
           Behind = S.function("behind"), In = S.function("in");
  uint32_t Memcpy = S.undefined("memcpy"), Printf = S.undefined("printf");
  S.call(Seed, Out), S.call(Out, Behind), S.call(Seed, In);
  S.runtimeCall(Seed, Memcpy), S.call(In, Printf);
  S[Out].IndirectCalls = 3;
  S.plan(rule("depth: unlimited, within: { except: { function: [out, memcpy] "
              "} }"));
  EXPECT_EQ(S.fate(In), ".text.r by r: grown-along-call");
  EXPECT_EQ(S.fate(Out), "");
  EXPECT_EQ(S.fate(Behind), "");
  EXPECT_EQ(S.holes(), Texts{"callee-outside in in: printf, 1"});
}

TEST(GrowCallsTest, EveryKindOfHoleIsCounted) {
  Scenario S;
  uint32_t Seed = S.function("seed"), F = S.function("f"),
           Taken = S.function("taken"), Kept = S.function("kept");
  uint32_t Native = S.native("native"), Outside = S.undefined("outside"),
           Known = S.undefined("known"), Memcpy = S.undefined("memcpy"),
           Defined = S.function("memset");
  S[Kept].Section = ".init.text";
  S[Known].Object = "libc.a(known.o)";
  S[Seed].IndirectCalls = 2;
  S[F].IndirectCalls = 1;
  S[F].HasUnreadableAsm = true;
  for (uint32_t Callee : {F, Taken, Kept, Native, Outside, Known})
    S.call(Seed, Callee);
  S.call(F, Outside);
  S.runtimeCall(Seed, Memcpy), S.runtimeCall(F, Memcpy);
  S.runtimeCall(F, Defined);
  S.plan("rules:\n  - { name: first, match: { function: [taken] }, section: "
         ".text.first }\n" +
         rule("depth: unlimited").substr(7));
  EXPECT_EQ(S.fate(Defined), ".text.r by r: grown-along-call")
      << "what code generation calls and is here comes along";
  EXPECT_EQ(
      S.holes(),
      (Texts{
          "indirect-calls in seed: 2", "claimed-earlier in seed: taken, 1",
          "keeps-section in seed: kept, 1", "native-callee in seed: native, 1",
          "callee-outside in seed: outside, 2",
          "native-callee in seed: known, 1", "runtime-call in seed: memcpy, 2",
          "indirect-calls in f: 1", "unreadable-asm in f: 1"}));
}

TEST(GrowCallsTest, WhatIsBehindTheLastEdgeIsNoHole) {
  Scenario S;
  uint32_t Seed = S.function("seed"), F = S.function("f");
  S.call(Seed, F), S.call(F, S.undefined("outside"));
  S[F].IndirectCalls = 1;
  S.plan(rule("depth: 1"));
  EXPECT_EQ(S.holes(), Texts());
}

TEST(GrowCallsTest, HolesBelongToTheirRule) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b");
  S.call(A, S.undefined("outside"));
  S[B].IndirectCalls = 1;
  S.plan(R"(
rules:
  - { name: one, match: { function: [a] }, section: .text.one, grow: { along: [call], depth: 1 } }
  - { name: none, match: { function: [x] }, section: .text.none }
  - { name: two, match: { function: [b] }, section: .text.two, grow: { along: [call], depth: 1 } }
)");
  EXPECT_EQ(S.ThePlan.holesOf(0).size(), 1u);
  EXPECT_EQ(S.ThePlan.holesOf(1).size(), 0u);
  EXPECT_EQ(S.ThePlan.holesOf(2).size(), 1u);
  EXPECT_EQ(S.ThePlan.holesOf(2)[0].Symbol, B);
}

TEST(GrowCallsTest, AnUndefinedFunctionAnswersToNoRule) {
  Scenario S;
  S.undefined("outside");
  S.plan("rules:\n  - { name: r, match: { function: [outside, \"*\"] }, "
         "section: .text.r }\n");
  EXPECT_EQ(S.ThePlan.Totals[0].Seeds, 0u);
  EXPECT_EQ(S.unanswered(), Texts{"outside"});
}

} // namespace
