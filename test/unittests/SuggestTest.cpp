//===- SuggestTest.cpp - From short references to a policy ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/Finding.h"
#include "section-placement/Suggest/SectionName.h"
#include "gtest/gtest.h"
#include <algorithm>

using namespace llvm;
using namespace section_placement;

namespace {

Finding finding(Finding::Caller From, StringRef Function, StringRef Target,
                StringRef Section = ".text", StringRef Object = "") {
  Finding F;
  F.From = From;
  F.Function = Function.str();
  F.Target = Target.str();
  F.Section = Section.str();
  F.Object = Object.str();
  F.Relocation = findRelocationReach("R_AARCH64_CONDBR19");
  F.Distance = 2000000;
  return F;
}

Findings findings(ArrayRef<Finding> All) {
  Findings Result;
  for (const Finding &F : All)
    Result.add(F, "test");
  return Result;
}

using List = std::vector<std::string>;

TEST(SuggestRules, ANativeCallerGrowsAndNamesNoTarget) {
  SuggestedPolicy P = rulesFor(findings({finding(
      Finding::Caller::Native, "__guest_enter", "hyp_panic", ".text", "e.o")}));
  ASSERT_EQ(P.Rules.size(), 1u);
  EXPECT_EQ(P.Rules[0].Functions, List{"__guest_enter"});
  EXPECT_TRUE(P.Rules[0].GrowsAlongBranches);
  EXPECT_EQ(P.Rules[0].Section, "");
  EXPECT_EQ(P.Natives, List{"e.o"});
  EXPECT_FALSE(P.ReadsAllNatives);
}

TEST(SuggestRules, CodeWithoutANameIsMatchedByItsObject) {
  SuggestedPolicy P = rulesFor(findings(
      {finding(Finding::Caller::Native, "", "hyp_panic", ".text", "e.o")}));
  ASSERT_EQ(P.Rules.size(), 1u);
  EXPECT_EQ(P.Rules[0].Objects, List{"e.o"});
}

TEST(SuggestRules, CompiledCallerAndTargetAreNamed) {
  SuggestedPolicy P = rulesFor(findings({finding(
      Finding::Caller::Compiled, "caller", "target", ".text.caller")}));
  ASSERT_EQ(P.Rules.size(), 1u);
  EXPECT_EQ(P.Rules[0].Functions, (List{"caller", "target"}));
  EXPECT_FALSE(P.Rules[0].GrowsAlongBranches);
  EXPECT_EQ(P.Rules[0].Section, ".text.near.caller");
}

TEST(SuggestRules, CallersThatShareATargetShareASection) {
  SuggestedPolicy P = rulesFor(
      findings({finding(Finding::Caller::Compiled, "b", "second", ".text.b"),
                finding(Finding::Caller::Compiled, "a", "first", ".text.a"),
                finding(Finding::Caller::Compiled, "b", "first", ".text.b"),
                finding(Finding::Caller::Compiled, "c", "other", ".text.c")}));
  ASSERT_EQ(P.Rules.size(), 2u);
  EXPECT_EQ(P.Rules[0].Functions, (List{"a", "b", "first", "second"}));
  EXPECT_EQ(P.Rules[0].Section, ".text.near.a");
  EXPECT_EQ(P.Rules[1].Functions, (List{"c", "other"}));
}

TEST(SuggestRules, ACompiledCallerGoesToTheNativeOneWithItsTarget) {
  SuggestedPolicy P = rulesFor(findings(
      {finding(Finding::Caller::Compiled, "caller", "shared", ".text.caller"),
       finding(Finding::Caller::Native, "entry", "shared", ".text.low",
               "e.o")}));
  ASSERT_EQ(P.Rules.size(), 2u);
  EXPECT_EQ(P.Rules[0].Functions, List{"entry"});
  EXPECT_EQ(P.Rules[1].Functions, List{"caller"});
  EXPECT_EQ(P.Rules[1].Section, ".text.low");
}

TEST(SuggestRules, ATargetAloneGoesToTheSectionOfTheBranch) {
  SuggestedPolicy P = rulesFor(
      findings({finding(Finding::Caller::Unknown, "", "hyp_panic", "")}));
  ASSERT_EQ(P.Rules.size(), 1u);
  EXPECT_EQ(P.Rules[0].Functions, List{"hyp_panic"});
  EXPECT_EQ(P.Rules[0].Section, ".text");
}

TEST(SuggestRules, TheOrderOfTheFindingsDoesNotMatter) {
  std::vector<Finding> All = {
      finding(Finding::Caller::Compiled, "a", "x", ".text.a"),
      finding(Finding::Caller::Compiled, "b", "x", ".text.b"),
      finding(Finding::Caller::Native, "f", "x", ".text", "e.o"),
      finding(Finding::Caller::Native, "g", "y", ".text.g", "d.o"),
      finding(Finding::Caller::SomeNative, "h", "y"),
      finding(Finding::Caller::Unknown, "", "z")};
  std::string First = writePolicy(rulesFor(findings(All)));
  for (unsigned I = 0; I < All.size(); ++I) {
    std::rotate(All.begin(), All.begin() + 1, All.end());
    EXPECT_EQ(writePolicy(rulesFor(findings(All))), First);
  }
}

TEST(SuggestFindings, ASectionThatTakesNoGuestsIsNoted) {
  Findings F = findings({finding(Finding::Caller::Native, "start", "target",
                                 ".init.text", "e.o")});
  EXPECT_TRUE(F.All.empty());
  ASSERT_EQ(F.Notes.size(), 1u);
  EXPECT_NE(F.Notes[0].first.find(".init.text"), std::string::npos);
}

TEST(SuggestFindings, ANameThatNoPolicyCanHoldIsNoted) {
  Findings F = findings(
      {finding(Finding::Caller::Native, "a\xff", "target", ".text", "e.o")});
  EXPECT_TRUE(F.All.empty());
  EXPECT_EQ(F.Notes.size(), 1u);
}

TEST(SuggestFindings, OneReasonIsToldOnceAndCounted) {
  Findings F;
  F.note("a", "why");
  F.note("b", "why");
  F.note("c", "other");
  ASSERT_EQ(F.Notes.size(), 2u);
  EXPECT_EQ(F.Notes[0], std::pair(std::string("a: why"), 1u));
  EXPECT_EQ(F.Notes[1], std::pair(std::string("c: other"), 0u));
}

TEST(PolicyWriter, NamesAreEscapedForTheGlobAndForYaml) {
  SuggestedPolicy P;
  SuggestedRule R;
  R.Name = "a";
  R.Functions = {"plain_1.x", "f(char*)", "x[0]", "true", "-x", "q\"\\", "0x"};
  P.Rules = {R};
  std::string Text = writePolicy(P);
  EXPECT_NE(
      Text.find("function: [plain_1.x, \"f(char\\\\*)\", \"x\\\\[0\\\\]\", "
                "\"true\", \"-x\", \"q\\\"\\\\\\\\\", \"0x\"]"),
      std::string::npos)
      << Text;
}

TEST(PolicyWriter, RuleNamesAreValidAndUnique) {
  SuggestedPolicy P;
  for (StringRef Name : {"__Guest_enter", "guest.enter", "___", "ns::f(int)"}) {
    SuggestedRule R;
    R.Name = Name.str();
    R.Functions = {"f"};
    P.Rules.push_back(R);
  }
  std::string Text = writePolicy(P);
  for (StringRef Name : {"name: guest-enter\n", "name: guest-enter-2\n",
                         "name: rule\n", "name: ns-f-int\n"})
    EXPECT_NE(Text.find(Name.str()), std::string::npos) << Text;
}

TEST(PolicyWriter, ACommentCannotEnd) {
  SuggestedPolicy P;
  P.Why = {"a\nversion: 2\r\xff"};
  EXPECT_EQ(StringRef(writePolicy(P)).split('\n').first,
            "# a\\nversion: 2\\x0d\\xff");
}

TEST(SectionName, OfOneFunction) {
  EXPECT_EQ(functionOfSection(".text.f"), "f");
  EXPECT_EQ(functionOfSection(".text.unlikely.f"), "f");
  EXPECT_EQ(functionOfSection(".text.f.llvm.12"), "f");
  EXPECT_EQ(functionOfSection(".text"), "");
  EXPECT_EQ(functionOfSection(".init.text"), "");
  EXPECT_TRUE(isSectionOf(".text._ZN2ns1fEi", "ns::f(int)"));
  EXPECT_FALSE(isSectionOf(".text.g", "f"));
  EXPECT_TRUE(isDataSection(".data.rel.ro"));
  EXPECT_TRUE(isDataSection(".bss"));
  EXPECT_FALSE(isDataSection(".database"));
  EXPECT_FALSE(isDataSection(".text"));
}

TEST(FarRelocation, EachKindHasItsAnswer) {
  EXPECT_NE(explainFarRelocation("R_AARCH64_CALL26").find("thunk"),
            std::string::npos);
  EXPECT_NE(explainFarRelocation("R_X86_64_PC32").find("code model"),
            std::string::npos);
  EXPECT_NE(explainFarRelocation("R_X86_64_PLT32").find("code model"),
            std::string::npos);
  EXPECT_NE(explainFarRelocation("R_X86_64_GOTPCREL").find("table"),
            std::string::npos);
  EXPECT_NE(explainFarRelocation("R_LARCH_B26").find("mcmodel=medium"),
            std::string::npos);
  EXPECT_NE(explainFarRelocation("R_AARCH64_ADR_PREL_PG_HI21").find("page"),
            std::string::npos);
}

} // namespace
