//===- RuleKeysTest.cpp - Every pair of a rule's keys ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two keys beside each other in one rule either mean something, which the
// planner does, or are refused with a reason. Each pair is in a table, and a
// key of the parser that is in no pair fails.
//
//===----------------------------------------------------------------------===//

#include "Scenario.h"
#include "section-placement/Plan/SizeCheck.h"
#include "llvm/ADT/StringSet.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

/// A key with the value that does something.
struct KeyText {
  StringRef Key;
  StringRef Text;
};

const KeyText Keys[] = {
    {"section", "section: .text.r"},
    {"grow", "grow: { along: [branch] }"},
    {"order", "order: listed"},
    {"lto", "lto: opt-out"},
    {"inline", "inline: never-out"},
    {"max-size", "max-size: 1KiB"},
    {"leave", "leave: true"},
    {"optional", "optional: true"},
    {"closed", "closed: true"},
    {"data", "data: .data.r"},
    {"region", "region: ram"},
    {"split", "split: never-run"},
    {"split-section", "split-section: .text.cold"},
};

/// What a pair of keys (or one key twice, which stands for it alone) means for
/// a function `f` that matches and for `g`, to which `f` branches: the effect,
/// where they go, and of which `inline`, `max-size` and `split` hold. Or why it
/// is refused. Beside `data` the variable `v` matches too, and alone where the
/// other key is about neither.
struct Meaning {
  StringRef First, Second;
  StringRef Means;
};

constexpr StringLiteral Placed = "place; f: .text.r";
constexpr StringLiteral PlacedBoth = "place; f: .text.r; g: .text.r";
constexpr StringLiteral NoPurpose =
    "it selects functions but says nothing about them";
constexpr StringLiteral NoSectionToOrder = "the order inside a section";
constexpr StringLiteral NothingToClose =
    "'closed' is about the functions that the rule places";
constexpr StringLiteral NothingInRegion =
    "'region' is where what the rule places must be linked";
constexpr StringLiteral NothingToSplit = "'split-section' has no effect";
constexpr StringLiteral LeavesAndDoes =
    "'leave' claims functions and does nothing";

const Meaning Meanings[] = {
    {"section", "section", Placed},
    {"section", "grow", PlacedBoth},
    {"section", "order", Placed},
    {"section", "lto", Placed},
    {"section", "inline", "place; f: .text.r; holds for f"},
    {"section", "max-size", "place; f: .text.r; holds for f"},
    {"section", "leave", LeavesAndDoes},
    {"section", "optional", Placed},
    {"section", "closed", "place; f: .text.r; holds for f"},
    {"section", "data", "place; f: .text.r; v: .data.r"},
    {"section", "region", "place; f: .text.r; holds for f"},
    {"section", "split", "place; f: .text.r; holds for f"},
    {"section", "split-section", NothingToSplit},
    {"grow", "grow", "place-by-natives; f: no-section"},
    {"grow", "order", "place-by-natives; f: no-section"},
    {"grow", "lto", "place; f: .text; g: .text"},
    {"grow", "inline", "place-by-natives; holds for f g"},
    {"grow", "max-size", "place-by-natives; f: no-section"},
    {"grow", "leave", LeavesAndDoes},
    {"grow", "optional", "place-by-natives; f: no-section"},
    {"grow", "closed", "place-by-natives; f: no-section"},
    {"grow", "data", "place-by-natives; v: .data.r; f: no-section"},
    {"grow", "region", "place-by-natives; f: no-section"},
    {"grow", "split", "place-by-natives; holds for f g"},
    {"grow", "split-section", NothingToSplit},
    {"order", "order", NoSectionToOrder},
    {"order", "lto", "place; f: .text"},
    {"order", "inline", NoSectionToOrder},
    {"order", "max-size", NoSectionToOrder},
    {"order", "leave", LeavesAndDoes},
    {"order", "optional", NoSectionToOrder},
    {"order", "closed", NothingToClose},
    {"order", "data", NoSectionToOrder},
    {"order", "region", NothingInRegion},
    {"order", "split", NoSectionToOrder},
    {"order", "split-section", NothingToSplit},
    {"lto", "lto", "place; f: .text"},
    {"lto", "inline", "place; f: .text; holds for f"},
    {"lto", "max-size", "place; f: .text; holds for f"},
    {"lto", "leave", LeavesAndDoes},
    {"lto", "optional", "place; f: .text"},
    {"lto", "closed", "place; f: .text; holds for f"},
    {"lto", "data", "place; f: .text; v: .data.r"},
    {"lto", "region", "place; f: .text; holds for f"},
    {"lto", "split", "'split' changes code that 'lto: opt-out' leaves"},
    {"lto", "split-section", NothingToSplit},
    {"inline", "inline", "constrain; holds for f"},
    {"inline", "max-size", "constrain; holds for f"},
    {"inline", "leave", LeavesAndDoes},
    {"inline", "optional", "constrain; holds for f"},
    {"inline", "closed", NothingToClose},
    {"inline", "data", "constrain; v: .data.r; holds for f"},
    {"inline", "region", NothingInRegion},
    {"inline", "split", "constrain; holds for f"},
    {"inline", "split-section", NothingToSplit},
    {"max-size", "max-size", "constrain; holds for f"},
    {"max-size", "leave", LeavesAndDoes},
    {"max-size", "optional", "constrain; holds for f"},
    {"max-size", "closed", NothingToClose},
    {"max-size", "data", "constrain; v: .data.r; holds for f"},
    {"max-size", "region", NothingInRegion},
    {"max-size", "split", "constrain; holds for f"},
    {"max-size", "split-section", NothingToSplit},
    {"leave", "leave", "leave; f: left"},
    {"leave", "optional", "leave; f: left"},
    {"leave", "closed", LeavesAndDoes},
    {"leave", "data", LeavesAndDoes},
    {"leave", "region", LeavesAndDoes},
    {"leave", "split", LeavesAndDoes},
    {"leave", "split-section", LeavesAndDoes},
    {"optional", "optional", NoPurpose},
    {"optional", "closed", NothingToClose},
    {"optional", "data", "place; v: .data.r"},
    {"optional", "region", NothingInRegion},
    {"optional", "split", "constrain; holds for f"},
    {"optional", "split-section", NothingToSplit},
    {"closed", "closed", NothingToClose},
    {"closed", "data", NothingToClose},
    {"closed", "region", NothingToClose},
    {"closed", "split", NothingToClose},
    {"closed", "split-section", NothingToSplit},
    {"data", "data", "place; v: .data.r"},
    {"data", "region", "place; v: .data.r"},
    {"data", "split", "constrain; v: .data.r; holds for f"},
    {"data", "split-section", NothingToSplit},
    {"region", "region", NothingInRegion},
    {"region", "split", NothingInRegion},
    {"region", "split-section", NothingToSplit},
    {"split", "split", "constrain; holds for f"},
    {"split", "split-section", "constrain; holds for f"},
    {"split-section", "split-section", NothingToSplit},
};

StringRef nameOf(Effect E) {
  switch (E) {
  case Effect::Place:
    return "place";
  case Effect::PlaceByNatives:
    return "place-by-natives";
  case Effect::Constrain:
    return "constrain";
  case Effect::Leave:
    return "leave";
  }
  return "";
}

std::string policyOf(StringRef First, StringRef Second) {
  StringRef Other = First == "data" ? Second : First;
  StringRef Match =
      First != "data" && Second != "data" ? "{ function: [f] }"
      : Other == "data" || Other == "optional" || Other == "region"
          ? "{ variable: [v] }"
          : "[{ function: [f] }, { variable: [v] }]";
  std::string Text =
      ("version: 1\nrules:\n  - name: r\n    match: " + Match + "\n").str();
  for (const KeyText &K : Keys)
    if (K.Key == First || K.Key == Second)
      Text += ("    " + K.Text + "\n").str();
  return Text;
}

/// See Meaning.
std::string meaningOf(StringRef First, StringRef Second) {
  Scenario S;
  Expected<Policy> Read =
      readPolicy(S.Folder.write("policy.yaml", policyOf(First, Second)));
  if (!Read)
    return toString(Read.takeError());
  uint32_t F = S.function("f"), G = S.function("g"), V = S.function("v");
  S[V].Holds = Content::Variable;
  S.branch(F, G);
  S.P.finish();
  RuleIndex Index(*Read);
  Plan ThePlan = makePlan(S.P, Index);
  std::string Text = nameOf(Read->Rules.at(0).Does).str();
  for (uint32_t I : {F, G, V}) {
    const Placement &Where = ThePlan.Placements[I];
    if (!Where.Section.empty())
      Text += ("; " + S[I].Name + ": " + Where.Section).str();
    else if (Where.Reason != PlacementReason::Unclaimed)
      Text += ("; " + S[I].Name + ": " + nameOf(Where.Reason)).str();
  }
  for (const Refusal &R : ThePlan.Refusals)
    Text += ("; " + S[R.Symbol].Name + ": " + nameOf(R.Reason)).str();
  std::string Held;
  for (uint32_t I : ThePlan.constrainedBy(0))
    Held += (" " + S[I].Name).str();
  return Text + (Held.empty() ? "" : "; holds for" + Held);
}

/// The keys that the parser knows, as its error lists them.
StringSet<> knownKeys() {
  TemporaryFolder Folder;
  Expected<Policy> Read = readPolicy(Folder.write(
      "policy.yaml", "version: 1\nrules: [{ zzzzzzzzzzzz: 1 }]\n"));
  EXPECT_FALSE(bool(Read));
  std::string Error = toString(Read.takeError());
  StringRef List = StringRef(Error).split("known are: ").second;
  SmallVector<StringRef, 16> Names;
  List.split('\n').first.split(Names, ", ");
  StringSet<> Known;
  for (StringRef Name : Names)
    Known.insert(Name);
  return Known;
}

} // namespace

TEST(RuleKeysTest, EachKeyOfARuleIsInThePairs) {
  StringSet<> Known = knownKeys();
  EXPECT_EQ(Known.size(), std::size(Keys) + 2); // And `name` and `match`.
  for (const KeyText &K : Keys)
    EXPECT_TRUE(Known.count(K.Key)) << K.Key.str();
}

TEST(RuleKeysTest, EachPairMeansSomethingOrIsRefusedWithAReason) {
  size_t At = 0;
  for (size_t I = 0; I < std::size(Keys); ++I)
    for (size_t J = I; J < std::size(Keys); ++J, ++At) {
      ASSERT_LT(At, std::size(Meanings));
      const Meaning &M = Meanings[At];
      SCOPED_TRACE((M.First + " and " + M.Second).str());
      ASSERT_EQ(M.First, Keys[I].Key);
      ASSERT_EQ(M.Second, Keys[J].Key);
      std::string Means = meaningOf(M.First, M.Second);
      bool IsRefused = StringRef(Means).contains(".yaml:");
      if (IsRefused)
        EXPECT_NE(Means.find(M.Means.str()), std::string::npos) << Means;
      else
        EXPECT_EQ(Means, M.Means.str());
    }
  EXPECT_EQ(At, std::size(Meanings));
}

TEST(RuleKeysTest, ABudgetCountsWhatOtherRulesPlaceAndNotWhatOneLeaves) {
  Scenario S;
  uint32_t Placed = S.function("placed"), Later = S.function("later"),
           Left = S.function("left"), Native = S.native("native");
  (void)Native;
  for (uint32_t I : {Placed, Later, Left})
    S[I].Size = 100;
  S.plan(R"(rules:
  - { name: a, match: { function: [placed] }, section: .text.a }
  - { name: l, match: { function: [left] }, leave: true }
  - { name: budget, match: { function: ["*"] }, max-size: 1KiB }
  - { name: b, match: { function: [later] }, section: .text.b }
)");
  EXPECT_EQ(S.fate(Later), ".text.b by b: matched");
  std::vector<SizeSum> Sums =
      addUpSizes(S.P, S.index(), S.ThePlan, SizePrecision::Estimated);
  ASSERT_EQ(Sums.size(), 1u);
  EXPECT_EQ(Sums[0].Functions, 2u);
  EXPECT_EQ(Sums[0].Bytes, 200u);
}

TEST(RuleKeysTest, ASplitIsOfTheFirstRuleThatSaysSoAndNotWhereCodeStaysWhole) {
  Scenario S;
  uint32_t Placed = S.function("placed"), Free = S.function("free"),
           Left = S.function("left"), Closed = S.function("closed"),
           Out = S.function("out"), Native = S.native("native");
  S.plan(R"(rules:
  - { name: l, match: { function: [left] }, leave: true }
  - { name: p, match: { function: [placed] }, section: .text.p,
      split: never-run, split-section: .text.cold }
  - { name: all, match: { function: ["*"] }, split: never-run }
  - { name: c, match: { function: [closed] }, section: .text.c, closed: true }
  - { name: o, match: { function: [out] }, lto: opt-out }
)");
  EXPECT_EQ(S.ThePlan.SplitBy[Placed], 1u);
  EXPECT_EQ(S.ThePlan.SplitBy[Free], 2u);
  for (uint32_t I : {Left, Closed, Out, Native})
    EXPECT_EQ(S.ThePlan.SplitBy[I], NoIndex) << S[I].Name.str();
  EXPECT_EQ(S.refusals(), (Texts{"closed by all: closed-is-whole",
                                 "out by all: opted-out-is-whole"}));
}
