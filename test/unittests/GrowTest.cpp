//===- GrowTest.cpp - What has affinity with the matched ones -------------===//
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

const char *const ShortBranches = R"(
native: ["**"]
rules:
  - { name: short, match: { native: ["**"] }, grow: { along: [branch] } }
)";

TEST(GrowTest, ComesBeforeTheNextRuleIsLookedAt) {
  Scenario S;
  uint32_t Entry = S.native("__guest_enter"), Panic = S.function("hyp_panic");
  S.branch(Entry, Panic);
  S.plan(R"(
native: [entry.o]
rules:
  - { name: kvm, match: { function: [__guest_enter] }, grow: { along: [branch] } }
  - { name: panics, match: { function: ["*_panic"] }, section: .text.panics }
)");
  EXPECT_EQ(S.fate(Panic), ".text by kvm: grown-along-branch");
  EXPECT_EQ(S.fate(Entry), "") << "native code is never moved";
  EXPECT_EQ(S.refusals(), Texts());
}

TEST(GrowTest, RefusesWhatAnEarlierRuleHas) {
  Scenario S;
  uint32_t Entry = S.native("__guest_enter"), Panic = S.function("hyp_panic");
  S.branch(Entry, Panic);
  S.plan(R"(
native: [entry.o]
rules:
  - { name: panics, match: { function: ["*_panic"] }, section: .text.panics }
  - { name: kvm, match: { function: [__guest_enter] }, grow: { along: [branch] } }
)");
  EXPECT_EQ(S.fate(Panic), ".text.panics by panics: matched");
  EXPECT_EQ(S.refusals(), Texts{"hyp_panic by kvm: claimed-earlier"});
}

TEST(GrowTest, NativeSectionIsThatOfTheFirstInOrderOfFilesAndAddresses) {
  Scenario S;
  uint32_t Late = S.native("late", "b.o", ".text.late", 1, 0);
  uint32_t Second = S.native("second", "a.o", ".text.second", 0, 8);
  uint32_t First = S.native("first", "a.o", ".text.first", 0, 4);
  uint32_t F = S.function("f"), G = S.function("g"), H = S.function("h");
  for (uint32_t Seed : {Late, Second, First})
    S.branch(Seed, F);
  S.branch(Late, G), S.branch(Second, G);
  S.branch(Late, H);
  S.plan(ShortBranches);
  EXPECT_EQ(S.fate(F), ".text.first by short: grown-along-branch");
  EXPECT_EQ(S.fate(G), ".text.second by short: grown-along-branch");
  EXPECT_EQ(S.fate(H), ".text.late by short: grown-along-branch");
}

TEST(GrowTest, OnlyTextTakesAGuestUnasked) {
  Scenario S;
  std::vector<uint32_t> Grown;
  for (const char *Section : {".text", ".text.hot", ".init.text", ".idmap.text",
                              ".text_like", ".textual"}) {
    uint32_t Seed = S.native(std::string("seed") + Section, "a.o", Section);
    Grown.push_back(S.function(std::string("f") + Section));
    S.branch(Seed, Grown.back());
  }
  S.plan(ShortBranches);
  EXPECT_EQ(S.fate(Grown[0]), ".text by short: grown-along-branch");
  EXPECT_EQ(S.fate(Grown[1]), ".text.hot by short: grown-along-branch");
  for (size_t I = 2; I < Grown.size(); ++I)
    EXPECT_EQ(S.fate(Grown[I]), "");
  EXPECT_EQ(S.refusals(), (Texts{"f.init.text by short: native-section",
                                 "f.idmap.text by short: native-section",
                                 "f.text_like by short: native-section",
                                 "f.textual by short: native-section"}));
}

TEST(GrowTest, AsksWithNativeSpelledOut) {
  Scenario S;
  uint32_t Seed = S.native("seed", "a.o", ".idmap.text"), F = S.function("f");
  S.branch(Seed, F);
  S.plan(R"(
native: ["**"]
rules:
  - name: short
    match: { native: ["**"] }
    grow: { along: [branch] }
    section: "{native}"
)");
  EXPECT_EQ(S.fate(F), ".idmap.text by short: grown-along-branch");
  EXPECT_EQ(S.refusals(), Texts());
}

TEST(GrowTest, ASectionThatTakesGuestsIsFoundBehindOneThatDoesNot) {
  Scenario S;
  uint32_t Init = S.native("init", "a.o", ".init.text", 0);
  uint32_t Text = S.native("text", "b.o", ".text", 1), F = S.function("f");
  S.branch(Init, F), S.branch(Text, F);
  S.plan(ShortBranches);
  EXPECT_EQ(S.fate(F), ".text by short: grown-along-branch");
  EXPECT_EQ(S.refusals(), Texts{"f by short: native-section"})
      << "the other branch may still be too short";
}

TEST(GrowTest, DepthCountsEdges) {
  Scenario S;
  uint32_t Seed = S.native("seed");
  uint32_t One = S.function("one"), Two = S.function("two"),
           Three = S.function("three");
  S.branch(Seed, One), S.branch(One, Two), S.branch(Two, Three);
  S.branch(Three, One); // A circle ends.
  auto Grown = [&](StringRef Depth) {
    S.plan(("native: [\"**\"]\nrules:\n  - { name: short, match: { native: "
            "[\"**\"] }, grow: { along: [branch]" +
            Depth + " } }\n")
               .str());
    return std::vector<bool>{!S.fate(One).empty(), !S.fate(Two).empty(),
                             !S.fate(Three).empty()};
  };
  EXPECT_EQ(Grown(""), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(Grown(", depth: 2"), (std::vector<bool>{true, true, false}));
  EXPECT_EQ(Grown(", depth: unlimited"), (std::vector<bool>{true, true, true}));
}

TEST(GrowTest, NothingOutsideWithinIsAddedOrCrossed) {
  Scenario S;
  uint32_t Seed = S.native("seed");
  uint32_t In = S.function("in", "kvm/a.c"), Out = S.function("out", "lib/b.c"),
           Behind = S.function("behind", "kvm/c.c"),
           Except = S.function("except", "kvm/a.c");
  S.branch(Seed, In), S.branch(Seed, Out), S.branch(Seed, Except);
  S.branch(Out, Behind);
  S.plan(R"(
native: ["**"]
rules:
  - name: short
    match: { native: ["**"] }
    grow:
      along: [branch]
      depth: unlimited
      within: { source: ["kvm/**"], except: { function: [except] } }
)");
  EXPECT_EQ(S.fate(In), ".text by short: grown-along-branch");
  EXPECT_EQ(S.fate(Out), "");
  EXPECT_EQ(S.fate(Behind), "") << "reached through what is outside only";
  EXPECT_EQ(S.fate(Except), "");
  EXPECT_EQ(S.refusals(), Texts()) << "what is outside is no hole";
}

TEST(GrowTest, ABorderBySourceWhereNobodyRecordedSourcesIsMissingSources) {
  Scenario S;
  uint32_t Seed = S.native("seed"), F = S.function("f");
  S.branch(Seed, F);
  S.plan(R"(
native: ["**"]
rules:
  - name: short
    match: { native: ["**"] }
    grow: { along: [branch], within: { source: ["kvm/**"] } }
)");
  EXPECT_EQ(S.ThePlan.Missing.Rule, 0u);
  EXPECT_EQ(S.ThePlan.Missing.Symbol, F);
}

TEST(GrowTest, FromNativeToNativeIsToldAndNotMoved) {
  Scenario S;
  uint32_t A = S.native("a"), B = S.native("b", "b.o"), F = S.function("f");
  S.branch(A, B), S.branch(B, F);
  S.plan(R"(
native: ["**"]
rules:
  - { name: short, match: { function: [a] }, grow: { along: [branch], depth: 2 } }
)");
  EXPECT_EQ(S.fate(B), "");
  EXPECT_EQ(S.fate(F), "") << "native code is not grown through";
  EXPECT_EQ(S.refusals(), Texts{"b by short: native-to-native"});
}

TEST(GrowTest, ANativeSeedOfARuleWithASectionStaysAndWhatItReachesGoes) {
  Scenario S;
  uint32_t Entry = S.native("entry"), F = S.function("f"), C = S.function("c");
  S.branch(Entry, F);
  S.plan(R"(
native: ["**"]
rules:
  - name: hyp
    match: { function: [entry, c] }
    grow: { along: [branch] }
    section: .text.hyp
)");
  EXPECT_EQ(S.fate(Entry), "");
  EXPECT_EQ(S.fate(F), ".text.hyp by hyp: grown-along-branch");
  EXPECT_EQ(S.fate(C), ".text.hyp by hyp: matched");
  EXPECT_EQ(S.refusals(), Texts{"entry by hyp: native-stays"});
}

TEST(GrowTest, AWildcardMeansNativeSymbolsOnlyWhereTheRuleGrows) {
  Scenario S;
  uint32_t Native = S.native("irq_entry"), F = S.function("f"),
           Irq = S.function("irq_c");
  S.branch(Native, F);
  S.plan(R"(
native: ["**"]
rules:
  - { name: moves, match: { function: ["irq_*"] }, section: .text.irq }
  - { name: all-else, match: { except: { function: [f] } }, section: .text.x }
  - { name: grows, match: { function: ["irq_*"] }, grow: { along: [branch] } }
)");
  EXPECT_EQ(S.fate(Irq), ".text.irq by moves: matched");
  EXPECT_EQ(S.fate(F), ".text by grows: grown-along-branch");
  EXPECT_EQ(S.refusals(), Texts()) << "no rule would move irq_entry";
  EXPECT_EQ(S.ThePlan.Totals[0].Seeds, 1u);
  EXPECT_EQ(S.ThePlan.Totals[2].Seeds, 1u);
}

TEST(GrowTest, ALiteralNameMayBeANativeSymbols) {
  Scenario S;
  S.native("irq_entry");
  S.plan(R"(
rules:
  - { name: moves, match: { function: [irq_entry] }, section: .text.irq }
)");
  EXPECT_EQ(S.refusals(), Texts{"irq_entry by moves: native-stays"});
}

TEST(GrowTest, NativeSeedsServeSeveralRules) {
  Scenario S;
  uint32_t Entry = S.native("entry");
  uint32_t F = S.function("f", "a.c"), G = S.function("g", "b.c");
  S.branch(Entry, F), S.branch(Entry, G);
  S.plan(R"(
native: ["**"]
rules:
  - name: first
    match: { native: ["**"] }
    grow: { along: [branch], within: { source: [a.c] } }
    section: .text.first
  - { name: second, match: { native: ["**"] }, grow: { along: [branch] } }
)");
  EXPECT_EQ(S.fate(F), ".text.first by first: grown-along-branch");
  EXPECT_EQ(S.fate(G), ".text by second: grown-along-branch");
}

TEST(GrowTest, NoLaterRuleGrowsFromALeftNativeObject) {
  Scenario S;
  uint32_t Kept = S.native("kept", "drivers/a.o"), F = S.function("f"),
           Entry = S.native("entry", "kvm/entry.o"), G = S.function("g");
  S.branch(Kept, F), S.branch(Entry, G);
  S.plan(R"(
native: ["**"]
rules:
  - { name: keep, match: { native: ["drivers/**"] }, leave: true }
  - { name: short, match: { native: ["**"] }, grow: { along: [branch] } }
)");
  EXPECT_EQ(S.fate(F), "");
  EXPECT_EQ(S.fate(G), ".text by short: grown-along-branch");
  EXPECT_EQ(S.ThePlan.Totals[0].Claimed, 1u);
}

TEST(GrowTest, FunctionsOfCWithoutASectionAreToldToGetOne) {
  Scenario S;
  uint32_t A = S.function("a"), B = S.function("b");
  S.branch(A, B);
  S.plan(R"(
rules:
  - { name: none, match: { function: [a] }, grow: { along: [branch] } }
  - { name: late, match: { function: [a] }, section: .text.late }
)");
  EXPECT_EQ(S.fate(A), ".text.late by late: matched");
  EXPECT_EQ(S.fate(B), "");
  EXPECT_EQ(S.refusals(), Texts{"a by none: no-section"});
}

TEST(GrowTest, AGrownFunctionKeepsTheSectionOfItsSource) {
  Scenario S;
  uint32_t Seed = S.native("seed"), F = S.function("f");
  S[F].Section = ".init.text";
  S.branch(Seed, F);
  S.plan(ShortBranches);
  EXPECT_EQ(S.fate(F), "nowhere by short: keeps-section");
  EXPECT_EQ(S.refusals(), Texts{"f by short: keeps-section"});
}

TEST(GrowTest, FollowsTheKindsOfEdgesThatAreNamed) {
  Scenario S;
  uint32_t Seed = S.function("seed"), Branched = S.function("branched"),
           Called = S.function("called"), Further = S.function("further"),
           Native = S.native("memcpy");
  S.branch(Seed, Branched), S.call(Seed, Called), S.call(Called, Further);
  S.call(Seed, Native);
  S.plan(R"(
rules:
  - name: calls
    match: { function: [seed] }
    grow: { along: [call], depth: 1 }
    section: .text.hyp
)");
  EXPECT_EQ(S.fate(Called), ".text.hyp by calls: grown-along-call");
  EXPECT_EQ(S.fate(Further), "");
  EXPECT_EQ(S.fate(Branched), "");
  EXPECT_EQ(S.refusals(), Texts()) << "a call to native code has a thunk";
}

TEST(GrowTest, PartsOfAGrownFunctionFollowIt) {
  Scenario S;
  uint32_t Seed = S.native("seed"), F = S.function("f"),
           Cold = S.function("f.cold");
  S[Cold].Parent = F;
  S.branch(Seed, F);
  S.plan(ShortBranches);
  EXPECT_EQ(S.fate(Cold), ".text by short: split-from-parent");
}

} // namespace
