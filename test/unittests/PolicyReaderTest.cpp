//===- PolicyReaderTest.cpp - What a policy file means --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is refused, and how that is told, test/Policy shows through the tool.
//
//===----------------------------------------------------------------------===//

#include "Scenario.h"
#include "section-placement/Policy/Document.h"
#include "section-placement/Support/LineTable.h"

using namespace llvm;
using namespace section_placement;

namespace {

const char *const OneRule =
    "rules: [{ name: r, match: { function: [f] }, section: .text.r }]\n";

std::string rootOf(StringRef Top, StringRef Override = "") {
  TemporaryFolder Folder;
  std::string File =
      Folder.write("policy.yaml", ("version: 1\n" + Top + OneRule).str());
  Expected<Policy> P = readPolicy(File, Override);
  if (!P)
    return toString(P.takeError());
  StringRef Root = P->Root;
  // What is inside the folder, as `<folder>/…`.
  return Root.consume_front(Folder.path()) ? ("<folder>" + Root).str()
                                           : Root.str();
}

TEST(PolicyReaderTest, RootIsRelativeToThePolicysFolder) {
  EXPECT_EQ(rootOf(""), "<folder>");
  EXPECT_EQ(rootOf("root: .\n"), "<folder>");
  EXPECT_EQ(rootOf("root: ./src/../lib\n"), "<folder>/lib");
  EXPECT_EQ(rootOf("root: /usr/src/\n"), "/usr/src");
}

TEST(PolicyReaderTest, TheEnvironmentsRootStandsAboveTheFiles) {
  EXPECT_EQ(rootOf("root: lib\n", "/out/of/./tree"), "/out/of/tree");
}

TEST(PolicyReaderTest, WhatIsLeftOutHasItsDefault) {
  TemporaryFolder Folder;
  StandingPolicy S(Folder, std::string("version: 1\n") + OneRule);
  const Rule &R = S.policy().Rules.at(0);
  EXPECT_FALSE(R.Grow);
  EXPECT_EQ(R.Does, Effect::Place);
  EXPECT_FALSE(R.Optional);
  EXPECT_EQ(R.InSection, Rule::Order::Input);
  EXPECT_EQ(R.target().text(), ".text.r");
  EXPECT_TRUE(S.policy().Outputs.empty());
  EXPECT_EQ(R.Where.Line, 2u);
}

TEST(PolicyReaderTest, WithoutASectionTheTargetIsNative) {
  TemporaryFolder Folder;
  StandingPolicy S(Folder, R"(version: 1
native: [entry.o]
rules:
  - { name: r, match: { native: [entry.o] }, grow: { along: [branch] } }
)");
  const Rule &R = S.policy().Rules.at(0);
  EXPECT_EQ(R.target().text(), "{native}");
  ASSERT_TRUE(R.Grow);
  EXPECT_TRUE(R.Grow->AlongBranch);
  EXPECT_FALSE(R.Grow->AlongCall);
  EXPECT_EQ(R.Grow->Depth, 1u);
  EXPECT_FALSE(R.Grow->Within);
}

TEST(PolicyReaderTest, QuotesAndBlockTextsChangeNothing) {
  TemporaryFolder Folder;
  StandingPolicy S(Folder, R"("version": '1'
rules:
  - name: r
    match:
      function:
        - "a\u0062c"
        - 'it''s'
        - |-
          block
    section: >-
      .text.r
)");
  const MatchMap &Map = S.policy().Rules.at(0).Match.at(0);
  ASSERT_EQ(Map[MatchKey::Function].size(), 3u);
  EXPECT_EQ(Map[MatchKey::Function][0].Compiled.pattern(), "abc");
  EXPECT_EQ(Map[MatchKey::Function][1].Compiled.pattern(), "it's");
  EXPECT_EQ(Map[MatchKey::Function][2].Compiled.pattern(), "block");
  EXPECT_EQ(S.policy().Rules[0].target().text(), ".text.r");
}

TEST(PolicyReaderTest, ListsKeepTheirLinesAndTheSourcesOfLocals) {
  TemporaryFolder Folder;
  Folder.write("a.order", "# first\nglobal\nkvm/../lib/a.c:local # second\n"
                          "a::b::c(int, x::y)\nd.cpp:ns::f\n");
  StandingPolicy S(Folder, R"(version: 1
rules: [{ name: r, match: { function-file: [a.order] }, section: .text.r }]
)");
  const MatchMap &Map = S.policy().Rules.at(0).Match.at(0);
  ASSERT_EQ(Map.Listed.size(), 4u);
  auto Shown = [&](size_t I) {
    const ListedName &L = Map.Listed[I];
    return L.Source + "|" + L.Name + "|" + std::to_string(L.Line);
  };
  EXPECT_EQ(Shown(0), "|global|2");
  EXPECT_EQ(Shown(1), "lib/a.c|local|3");
  EXPECT_EQ(Shown(2), "|a::b::c(int, x::y)|4");
  EXPECT_EQ(Shown(3), "d.cpp|ns::f|5");
}

TEST(PolicyReaderTest, InterestIsWhatTheRulesAskFor) {
  TemporaryFolder Folder;
  Folder.write("a.order", "listed\na.c:local\n");
  auto InterestOf = [&](StringRef Rule, auto Check) {
    StandingPolicy S(Folder,
                     ("version: 1\nnative: [\"**\"]\nrules: [{ name: r, "
                      "match: { function: [b, a] }, " +
                      Rule + " }]\n")
                         .str());
    Check(S.policy().interest());
  };
  InterestOf("section: .text", [](const Interest &I) {
    EXPECT_EQ(I.Names, (std::vector<StringRef>{"a", "b"}));
    EXPECT_FALSE(I.Branches || I.Calls || I.Sources || I.NativeSeeds ||
                 I.Temperatures);
  });
  InterestOf("section: \".text.{file}\"",
             [](const Interest &I) { EXPECT_TRUE(I.Sources); });
  InterestOf("section: \"{unsplit}\"",
             [](const Interest &I) { EXPECT_TRUE(I.Temperatures); });
  InterestOf("section: .text, grow: { along: [branch, call], depth: 1, within: "
             "{ attribute: [x], except: { function-file: [a.order] } } }",
             [](const Interest &I) {
               EXPECT_TRUE(I.Branches && I.Calls && I.Sources);
               EXPECT_EQ(I.Attributes, (std::vector<StringRef>{"x"}));
               EXPECT_EQ(I.Names,
                         (std::vector<StringRef>{"a", "b", "listed", "local"}));
             });
}

TEST(LineTableTest, CountsEachKindOfLineEndAndNoByteOrderMark) {
  StringRef Text("\xEF\xBB\xBF"
                 "ab\r\nc\rd\n\ne");
  LineTable Lines(Text);
  auto At = [&](char C) {
    Place P = Lines.place("f", Text.find(C));
    return std::to_string(P.Line) + ":" + std::to_string(P.Column);
  };
  EXPECT_EQ(At('a'), "1:1");
  EXPECT_EQ(At('b'), "1:2");
  EXPECT_EQ(At('c'), "2:1");
  EXPECT_EQ(At('d'), "3:1");
  EXPECT_EQ(At('e'), "5:1");
  EXPECT_EQ(Lines.place("f", Text.find('b')).line(), "ab");
  EXPECT_EQ(Lines.place("f", Text.size()).Line, 5u);
}

TEST(InQuotesTest, ShowsOneLineAndCutsAtACharacter) {
  EXPECT_EQ(inQuotes("a\nb\tc\x01"), "'a\\nb\\tc\\x01'");
  EXPECT_EQ(inQuotes(StringRef("a\0b", 3)), "'a\\x00b'");
  EXPECT_EQ(inQuotes(std::string(4095, 'a') + "éé"),
            "'" + std::string(4095, 'a') + "…'");
}

TEST(InQuotesTest, ShowsAPathToItsEnd) {
  std::string Path = "/" + std::string(2000, 'd') + "/the order.txt";
  EXPECT_EQ(inQuotes(Path), "'" + Path + "'");
}

} // namespace
