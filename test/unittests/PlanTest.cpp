//===- PlanTest.cpp - Who goes where, and why -----------------------------===//
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

TEST(PlanTest, FirstRuleThatClaimsAFunctionPlacesIt) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b"), C = S.function("c");
  S.plan(R"(
rules:
  - { name: first, match: { function: [a] }, section: .text.first }
  - { name: second, match: { function: [a, b] }, section: .text.second }
)");
  EXPECT_EQ(S.fate(A), ".text.first by first: matched");
  EXPECT_EQ(S.fate(B), ".text.second by second: matched");
  EXPECT_EQ(S.fate(C), "") << "what no rule claims stays";
  EXPECT_EQ(S.refusals(), Texts());
}

TEST(PlanTest, AWildcardBeforeALiteralNameClaimsFirst) {
  Scenario S;
  uint32_t A = S.function("irq_a");
  S.plan(R"(
rules:
  - { name: wide, match: { function: ["irq_*"] }, section: .text.wide }
  - { name: narrow, match: { function: [irq_a] }, section: .text.narrow }
)");
  EXPECT_EQ(S.fate(A), ".text.wide by wide: matched");
}

TEST(PlanTest, LeaveClaimsAndDoesNothing) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b");
  S.plan(R"(
rules:
  - { name: kept, match: { function: [a] }, leave: true }
  - { name: rest, match: { function: ["*"] }, section: .text.rest }
)");
  EXPECT_EQ(S.fate(A), "nowhere by kept: left");
  EXPECT_EQ(S.fate(B), ".text.rest by rest: matched");
  EXPECT_EQ(S.ThePlan.Totals[0].Claimed, 1u);
  EXPECT_EQ(S.ThePlan.Totals[0].Moved, 0u);
}

TEST(PlanTest, SectionOfTheSourceStaysUnlessMatchedBySection) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b");
  S[A].Section = S[B].Section = ".init.text";
  S.plan(R"(
rules:
  - { name: named, match: { function: [a] }, section: .text.hyp }
  - { name: asked, match: { section: [".init.*"] }, section: .text.hyp }
)");
  EXPECT_EQ(S.fate(A), "nowhere by named: keeps-section");
  EXPECT_EQ(S.fate(B), ".text.hyp by asked: matched");
}

TEST(PlanTest, SectionMayBeNamedByAnyMapOfTheMatch) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b");
  S[A].Section = ".init.text";
  S[B].Section = ".exit.text";
  S.plan(R"(
rules:
  - name: either
    match: [{ function: [a, b] }, { section: [.init.text] }]
    section: .text.hyp
)");
  EXPECT_EQ(S.fate(A), ".text.hyp by either: matched");
  EXPECT_EQ(S.fate(B), "nowhere by either: keeps-section");
}

TEST(PlanTest, SplitPartsFollowTheirParent) {
  Scenario S;
  uint32_t A = S.function("a"), Cold = S.function("a.cold");
  uint32_t Deeper = S.function("a.cold.cold"), Own = S.function("a.own");
  uint32_t Taken = S.function("a.taken");
  S[Cold].Parent = S[Own].Parent = S[Taken].Parent = A;
  S[Deeper].Parent = Cold;
  S[Own].Section = ".init.text";
  S.plan(R"(
rules:
  - { name: taken, match: { function: [a.taken] }, section: .text.taken }
  - { name: hyp, match: { function: [a] }, section: .text.hyp }
  - { name: late, match: { function: [a.cold] }, section: .text.late }
)");
  EXPECT_EQ(S.fate(A), ".text.hyp by hyp: matched");
  EXPECT_EQ(S.fate(Cold), ".text.hyp by hyp: split-from-parent");
  EXPECT_EQ(S.fate(Deeper), ".text.hyp by hyp: split-from-parent");
  EXPECT_EQ(S.fate(Own), "") << "its own section stays";
  EXPECT_EQ(S.fate(Taken), ".text.taken by taken: matched");
}

TEST(PlanTest, OrderListedFollowsTheListsOverAllMaps) {
  Scenario S;
  S.Folder.write("a.order", "d\n# c\nb\n");
  uint32_t A = S.function("a"), B = S.function("b"), C = S.function("c"),
           D = S.function("d"), Grown = S.function("grown"),
           Part = S.function("d.cold"), Wild = S.function("x_wild");
  S[Part].Parent = D;
  S.branch(A, Grown);
  S.plan(R"(
rules:
  - name: listed
    match:
      - { function: [c, "x_*", a] }
      - { function-file: [a.order] }
    grow: { along: [branch] }
    section: .text.listed
    order: listed
)");
  ASSERT_EQ(S.ThePlan.Orders.size(), 1u);
  EXPECT_EQ(S.ThePlan.Orders[0].Symbols,
            (std::vector<uint32_t>{C, Wild, A, D, Part, B, Grown}))
      << "parts stand beside their parent, what is grown behind the list";
}

TEST(PlanTest, OrderInputGivesNoOrder) {
  Scenario S;
  S.function("a"), S.function("b");
  S.plan(R"(
rules:
  - { name: in, match: { function: [b, a] }, section: .text.in, order: input }
)");
  EXPECT_TRUE(S.ThePlan.Orders.empty());
}

TEST(PlanTest, ANameOfSeveralDefinitionsMeansAllAndIsTold) {
  Scenario S;
  uint32_t A = S.function("init", "a.c"), B = S.function("init", "b.c");
  S[B].Name = "init.1";
  S.function("other", "a.c");
  S.plan(R"(
rules:
  - { name: hyp, match: { function: [init, other] }, section: .text.hyp }
)");
  EXPECT_EQ(S.fate(A), ".text.hyp by hyp: matched");
  EXPECT_EQ(S.fate(B), ".text.hyp by hyp: matched");
  ASSERT_EQ(S.ThePlan.Shared.size(), 1u);
  EXPECT_EQ(S.ThePlan.Shared[0].Name, "init");
  EXPECT_EQ(S.ThePlan.Shared[0].Symbols, (std::vector<uint32_t>{A, B}));
}

TEST(PlanTest, SourceRuleWhereNobodyRecordedSourcesIsMissingSources) {
  Scenario S;
  uint32_t A = S.function("a");
  S.plan(R"(
rules:
  - { name: dir, match: { source: ["kvm/**"] }, section: .text.hyp }
)");
  EXPECT_EQ(S.ThePlan.Missing.Rule, 0u);
  EXPECT_EQ(S.ThePlan.Missing.Symbol, A);
}

TEST(PlanTest, UnknownSourcesTakenByAnEarlierRuleAreNotMissing) {
  Scenario S;
  uint32_t A = S.function("a");
  S.plan(R"(
rules:
  - { name: unknown, match: { source: ["<unknown>"] }, leave: true }
  - { name: dir, match: { source: ["kvm/**"] }, section: .text.hyp }
)");
  EXPECT_EQ(S.fate(A), "nowhere by unknown: left");
  EXPECT_EQ(S.ThePlan.Missing.Rule, NoIndex);
  EXPECT_EQ(S.refusals(), Texts());
}

TEST(PlanTest, AFunctionWithoutASourceAmongOthersIsToldOnce) {
  Scenario S;
  uint32_t A = S.function("a", "kvm/a.c");
  S.function("made_by_the_compiler");
  S.plan(R"(
rules:
  - { name: dir, match: { source: ["kvm/**"] }, section: .text.hyp }
)");
  EXPECT_EQ(S.fate(A), ".text.hyp by dir: matched");
  EXPECT_EQ(S.ThePlan.Missing.Rule, NoIndex);
  EXPECT_EQ(S.refusals(), Texts{"made_by_the_compiler by dir: source-unknown"});
}

TEST(PlanTest, ASourceThatNothingDependsOnIsNotMissing) {
  Scenario S;
  S.function("a"); // Not named, so its source does not decide.
  S.plan(R"(
rules:
  - name: both
    match: { function: ["hyp_*"], source: ["kvm/**"] }
    section: .text.hyp
)");
  EXPECT_EQ(S.ThePlan.Missing.Rule, NoIndex);
  EXPECT_EQ(S.refusals(), Texts());
}

TEST(PlanTest, AnExceptionBySourceNeedsTheSourceToo) {
  Scenario S;
  uint32_t A = S.function("a");
  S.plan(R"(
rules:
  - name: but
    match: { function: ["*"], except: { source: ["kvm/**"] } }
    section: .text.hyp
)");
  EXPECT_EQ(S.ThePlan.Missing.Rule, 0u);
  EXPECT_EQ(S.ThePlan.Missing.Symbol, A);
}

TEST(PlanTest, ATemplateOfTheSourceIsRefusedWhereItIsUnknown) {
  Scenario S;
  uint32_t A = S.function("a", "kvm/hyp.c"), B = S.function("b");
  S.plan(R"(
rules:
  - { name: by-file, match: { function: ["*"] }, section: ".text.{file}" }
)");
  EXPECT_EQ(S.fate(A), ".text.hyp by by-file: matched");
  EXPECT_EQ(S.fate(B), "nowhere by by-file: matched");
  EXPECT_EQ(S.refusals(), Texts{"b by by-file: source-unknown"});
}

TEST(PlanTest, NamesThatNothingAnswersToAreToldUnlessOptional) {
  Scenario S;
  S.Folder.write("a.order", "listed\ngone\nb.c:local\nc.c:local\n");
  uint32_t A = S.function("_ZN2ns1fEi");
  S.function("listed"), S.function("local", "b.c");
  S.alias("other_name", A);
  S.plan(R"yaml(
rules:
  - name: told
    match: { function: ["ns::f", "ns::f(int)", other_name, "x*", hyp_pnaic] }
    section: .text.a
  - { name: lists, match: { function-file: [a.order] }, section: .text.b }
  - name: maybe
    match: { function: [kasan_report] }
    section: .text.c
    optional: true
)yaml");
  EXPECT_EQ(S.unanswered(), (Texts{"hyp_pnaic", "gone", "local"}))
      << "the local of c.c, not that of b.c";
}

TEST(PlanTest, ThousandRulesOfLiteralNamesAreFoundByTheirNames) {
  Scenario S;
  std::string Policy = "rules:\n";
  for (int I = 0; I < 1000; ++I) {
    std::string N = std::to_string(I);
    S.function("f" + N);
    // Each names the one after it too, which the rule before has then.
    Policy += "  - { name: r" + N + ", match: { function: [f" + N + ", f" +
              std::to_string(I + 1) + "] }, section: .text.r" + N + " }\n";
  }
  S.plan(Policy);
  EXPECT_TRUE(S.index().rulesToTry().empty());
  EXPECT_EQ(S.fate(0), ".text.r0 by r0: matched");
  for (uint32_t I = 1; I < 1000; ++I) {
    std::string R = "r" + std::to_string(I - 1);
    EXPECT_EQ(S.fate(I), ".text." + R + " by " + R + ": matched");
  }
}

std::string wholePlan(const Scenario &S) {
  std::string Text;
  for (uint32_t I = 0; I < S.P.Symbols.size(); ++I)
    Text += S.P.Symbols[I].Name.str() + ": " + S.fate(I) + "\n";
  for (const std::string &Refusal : S.refusals())
    Text += Refusal + "\n";
  for (const OrderedGroup &Group : S.ThePlan.Orders)
    for (uint32_t Symbol : Group.Symbols)
      Text += std::to_string(Symbol) + " ";
  for (const SharedName &Shared : S.ThePlan.Shared)
    Text += Shared.Name.str() + std::to_string(Shared.Symbols.size());
  return Text;
}

TEST(PlanTest, ThePlanIsTheSameForTwoRuns) {
  auto Run = [] {
    Scenario S;
    std::vector<uint32_t> All;
    for (int I = 0; I < 300; ++I)
      All.push_back(I % 7 ? S.function("f" + std::to_string(I % 250), "a.c")
                          : S.native("n" + std::to_string(I), "entry.o",
                                     I % 2 ? ".text" : ".init.text", I % 5, I));
    for (int I = 0; I < 300; ++I)
      S.branch(All[I], All[(I * 31 + 7) % 300]);
    S.plan(R"(
native: ["**"]
rules:
  - name: listed
    match: { function: ["f1*", f2, f3] }
    section: .text.listed
    order: listed
  - name: short
    match: { native: ["**"] }
    grow: { along: [branch], depth: 3 }
)");
    return wholePlan(S);
  };
  std::string First = Run();
  EXPECT_NE(First.find("grown-along-branch"), std::string::npos);
  EXPECT_EQ(First, Run());
}

} // namespace
