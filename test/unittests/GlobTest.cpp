//===- GlobTest.cpp - The policy's pattern dialect ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/Glob.h"
#include "RepeatedText.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"
#include <optional>
#include <string>

using namespace llvm;
using namespace section_placement;

namespace {

using Dialect = Glob::Dialect;

bool matches(StringRef Pattern, Dialect D, StringRef Text) {
  Expected<Glob> G = Glob::compile(Pattern, D);
  if (G)
    return G->match(Text);
  ADD_FAILURE() << Pattern.str() << ": " << toString(G.takeError());
  return false;
}

bool matchesName(StringRef Pattern, StringRef Text) {
  return matches(Pattern, Dialect::Name, Text);
}

bool matchesPath(StringRef Pattern, StringRef Text) {
  return matches(Pattern, Dialect::Path, Text);
}

std::optional<std::string> literalOf(StringRef Pattern) {
  Expected<Glob> G = Glob::compile(Pattern, Dialect::Name);
  if (!G) {
    ADD_FAILURE() << Pattern.str() << ": " << toString(G.takeError());
    return std::nullopt;
  }
  std::optional<StringRef> Literal = G->literal();
  return Literal ? std::optional<std::string>(Literal->str()) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Plain text
//===----------------------------------------------------------------------===//

TEST(GlobTest, PlainTextMatchesItselfAlone) {
  EXPECT_TRUE(matchesName("hyp_panic", "hyp_panic"));
  EXPECT_FALSE(matchesName("hyp_panic", "hyp_panic2"));
  EXPECT_FALSE(matchesName("hyp_panic", "_hyp_panic"));
  EXPECT_FALSE(matchesName("hyp_panic", ""));
}

TEST(GlobTest, PlainTextIsLiteral) {
  EXPECT_EQ(literalOf("hyp_panic"), "hyp_panic");
}

TEST(GlobTest, EscapesAreTakenOffALiteral) {
  EXPECT_EQ(literalOf("operator\\[\\]"), "operator[]");
  EXPECT_EQ(literalOf("a\\\\b\\*\\{"), "a\\b*{");
}

TEST(GlobTest, WildcardsAreNoLiteral) {
  for (StringRef Pattern : {"a*", "a?", "[a]", "{a}", "**"})
    EXPECT_EQ(literalOf(Pattern), std::nullopt) << Pattern.str();
}

TEST(GlobTest, PatternIsKeptAsWritten) {
  Expected<Glob> G = Glob::compile("a\\*{b,c}*", Dialect::Name);
  ASSERT_TRUE(static_cast<bool>(G));
  EXPECT_EQ(G->pattern(), "a\\*{b,c}*");
}

TEST(GlobTest, CommaAndClosingCharactersArePlainOutsideBraces) {
  EXPECT_TRUE(matchesName("ns::f<int, char>", "ns::f<int, char>"));
  EXPECT_TRUE(matchesName("a}b]c-d", "a}b]c-d"));
}

TEST(GlobTest, ZeroBytesArePlain) {
  EXPECT_TRUE(matchesName(StringRef("a\0*", 3), StringRef("a\0b", 3)));
  EXPECT_FALSE(matchesName(StringRef("a\0*", 3), "a"));
}

//===----------------------------------------------------------------------===//
// Wildcards in names
//===----------------------------------------------------------------------===//

TEST(GlobTest, StarAtTheEndMatchesAPrefix) {
  EXPECT_TRUE(matchesName("kvm_*", "kvm_"));
  EXPECT_TRUE(matchesName("kvm_*", "kvm_arch_init"));
  EXPECT_FALSE(matchesName("kvm_*", "kvm"));
  EXPECT_FALSE(matchesName("kvm_*", "xkvm_arch"));
}

TEST(GlobTest, StarAtTheStartMatchesASuffix) {
  EXPECT_TRUE(matchesName("*_IRQHandler", "USART1_IRQHandler"));
  EXPECT_TRUE(matchesName("*_IRQHandler", "_IRQHandler"));
  EXPECT_FALSE(matchesName("*_IRQHandler", "USART1_IRQHandler2"));
}

TEST(GlobTest, PrefixAndSuffixDoNotShareCharacters) {
  EXPECT_FALSE(matchesName("aba*aba", "ababa"));
  EXPECT_TRUE(matchesName("aba*aba", "abaaba"));
}

TEST(GlobTest, StarsFindWhatIsBetweenThem) {
  EXPECT_TRUE(matchesName("*irq*", "handle_irq_event"));
  EXPECT_TRUE(matchesName("*irq*", "irq"));
  EXPECT_FALSE(matchesName("*irq*", "handle_ir_q"));
  EXPECT_TRUE(matchesName("*abac?", "ababacx"));
}

TEST(GlobTest, StarAloneMatchesAnything) {
  EXPECT_TRUE(matchesName("*", ""));
  EXPECT_TRUE(matchesName("*", "a/b.c"));
}

TEST(GlobTest, SlashIsNothingSpecialInAName) {
  for (StringRef Pattern : {"a*c", "a**c", "a?c", "a[/]c", "a[!x]c", "a**/c"})
    EXPECT_EQ(matchesName(Pattern, "a/c"), true) << Pattern.str();
}

TEST(GlobTest, TwoStarsAndASlashNeedTheSlashInAName) {
  EXPECT_FALSE(matchesName("**/f", "f"));
}

TEST(GlobTest, QuestionMarkTakesOneCharacter) {
  EXPECT_TRUE(matchesName("a?c", "abc"));
  EXPECT_FALSE(matchesName("a?c", "ac"));
  EXPECT_FALSE(matchesName("a?c", "abbc"));
}

TEST(GlobTest, QuestionMarkTakesACharacterOfSeveralBytes) {
  EXPECT_TRUE(matchesName("a?c", "a\xC3\xA9"
                                 "c"));
  EXPECT_FALSE(matchesName("a??c", "a\xC3\xA9"
                                   "c"));
  EXPECT_TRUE(matchesName("?", "\xF0\x9F\x90\xAB"));
}

TEST(GlobTest, BytesAbove127AreThemselves) {
  EXPECT_TRUE(matchesName("\xC3\xA9*", "\xC3\xA9t\xC3\xA9"));
  EXPECT_FALSE(matchesName("\xC3\xA9*", "\xC3\xA8t"));
}

//===----------------------------------------------------------------------===//
// Wildcards in paths
//===----------------------------------------------------------------------===//

TEST(GlobTest, StarStaysInItsFolder) {
  EXPECT_TRUE(matchesPath("src/*.c", "src/a.c"));
  EXPECT_FALSE(matchesPath("src/*.c", "src/sub/a.c"));
  EXPECT_TRUE(matchesPath("src/*", "src/a.c"));
  EXPECT_FALSE(matchesPath("src/*", "src/sub/a.c"));
  EXPECT_FALSE(matchesPath("*.c", "src/a.c"));
}

TEST(GlobTest, QuestionMarkAndSetsDoNotMatchASlash) {
  for (StringRef Pattern : {"a?c", "a[!x]c", "a[+-9]c", "a[/x]c"})
    EXPECT_FALSE(matchesPath(Pattern, "a/c")) << Pattern.str();
  EXPECT_TRUE(matchesPath("a[+-9]c", "a.c"));
}

TEST(GlobTest, TwoStarsCrossFolders) {
  EXPECT_TRUE(matchesPath("src**.c", "src/sub/a.c"));
  EXPECT_TRUE(matchesPath("**", "a/b/c"));
  EXPECT_TRUE(matchesPath("**.c", "a.c"));
}

TEST(GlobTest, TwoStarsAndASlashMatchNoFolderAtAll) {
  EXPECT_TRUE(matchesPath("**/*.o", "entry.o"));
  EXPECT_TRUE(matchesPath("**/*.o", "a/b/entry.o"));
  EXPECT_TRUE(matchesPath("**/entry.o", "entry.o"));
  EXPECT_TRUE(matchesPath("a/**/b", "a/b"));
  EXPECT_TRUE(matchesPath("a/**/b", "a/x/y/b"));
}

TEST(GlobTest, TwoStarsAndASlashMatchWholeFoldersOnly) {
  EXPECT_FALSE(matchesPath("**/entry.o", "reentry.o"));
  EXPECT_FALSE(matchesPath("**/entry.o", "a/reentry.o"));
  EXPECT_FALSE(matchesPath("a/**/b", "a/xb"));
  EXPECT_FALSE(matchesPath("a/**/b", "ab"));
}

TEST(GlobTest, TwoStarsAndASlashInsideANameNeedTheSlash) {
  EXPECT_TRUE(matchesPath("a**/b", "ax/y/b"));
  EXPECT_TRUE(matchesPath("a**/b", "a/b"));
  EXPECT_FALSE(matchesPath("a**/b", "ab"));
}

TEST(GlobTest, TwoStarsAndASlashWorkAfterBraces) {
  EXPECT_TRUE(matchesPath("{src/,}**/a.c", "src/a.c"));
  EXPECT_TRUE(matchesPath("{src/,}**/a.c", "a.c"));
  EXPECT_FALSE(matchesPath("{src/,}**/a.c", "src/ba.c"));
}

TEST(GlobTest, TwoStarsAndASlashMatchAnAbsolutePath) {
  EXPECT_TRUE(matchesPath("**/a.c", "/src/a.c"));
  EXPECT_TRUE(matchesPath("**/a.c", "/a.c"));
}

TEST(GlobTest, FolderAndTwoStarsMatchEverythingBelowTheFolder) {
  EXPECT_TRUE(matchesPath("arch/arm64/kvm/**", "arch/arm64/kvm/hyp/entry.S"));
  EXPECT_TRUE(matchesPath("arch/arm64/kvm/**", "arch/arm64/kvm/arm.c"));
  EXPECT_FALSE(matchesPath("arch/arm64/kvm/**", "arch/arm64/kvm"));
  EXPECT_FALSE(matchesPath("arch/arm64/kvm/**", "arch/arm64/kvmx/arm.c"));
}

TEST(GlobTest, MoreStarsAreTwo) {
  EXPECT_TRUE(matchesPath("***/a.c", "a.c"));
  EXPECT_TRUE(matchesPath("a****c", "a/b/c"));
}

TEST(GlobTest, EscapedSlashIsASlash) {
  EXPECT_TRUE(matchesPath("a\\/*", "a/b"));
  EXPECT_FALSE(matchesPath("**\\/b", "b"));
}

//===----------------------------------------------------------------------===//
// Sets
//===----------------------------------------------------------------------===//

TEST(GlobTest, SetTakesOneOfItsCharacters) {
  EXPECT_TRUE(matchesName("x[abc]y", "xby"));
  EXPECT_FALSE(matchesName("x[abc]y", "xdy"));
  EXPECT_FALSE(matchesName("x[abc]y", "xaby"));
  EXPECT_FALSE(matchesName("x[abc]y", "xy"));
}

TEST(GlobTest, SetHasRanges) {
  EXPECT_TRUE(matchesName("irq[0-9a-f]", "irq7"));
  EXPECT_TRUE(matchesName("irq[0-9a-f]", "irqf"));
  EXPECT_FALSE(matchesName("irq[0-9a-f]", "irqg"));
}

TEST(GlobTest, SetIsNegatedByEitherSign) {
  for (StringRef Pattern : {"[!ab]", "[^ab]"}) {
    EXPECT_TRUE(matchesName(Pattern, "c")) << Pattern.str();
    EXPECT_FALSE(matchesName(Pattern, "a")) << Pattern.str();
    EXPECT_FALSE(matchesName(Pattern, "")) << Pattern.str();
  }
}

TEST(GlobTest, NegatedSetTakesACharacterOfSeveralBytes) {
  EXPECT_TRUE(matchesName("[!a]", "\xC3\xA9"));
}

TEST(GlobTest, ClosingBracketFirstInASetIsItself) {
  EXPECT_TRUE(matchesName("[]a]", "]"));
  EXPECT_TRUE(matchesName("[]a]", "a"));
  EXPECT_FALSE(matchesName("[!]a]", "]"));
  EXPECT_TRUE(matchesName("[]-a]", "^"));
}

TEST(GlobTest, DashAtAnEndOfASetIsItself) {
  EXPECT_TRUE(matchesName("[-a]", "-"));
  EXPECT_TRUE(matchesName("[a-]", "-"));
  EXPECT_TRUE(matchesName("[+--]", ","));
}

TEST(GlobTest, SignInsideASetIsItself) {
  EXPECT_TRUE(matchesName("[a!^]", "!"));
  EXPECT_TRUE(matchesName("[a!^]", "^"));
}

TEST(GlobTest, EscapesWorkInsideASet) {
  EXPECT_TRUE(matchesName("[a\\]b]", "]"));
  EXPECT_TRUE(matchesName("[a\\-z]", "-"));
  EXPECT_FALSE(matchesName("[a\\-z]", "m"));
  EXPECT_TRUE(matchesName("[\\!a]", "!"));
  EXPECT_TRUE(matchesName("[\\\\]", "\\"));
  EXPECT_TRUE(matchesName("[\\a-\\c]", "b"));
}

TEST(GlobTest, WildcardsAndBracesInsideASetAreThemselves) {
  for (StringRef Text : {"*", "?", "{", ",", "}", "["})
    EXPECT_TRUE(matchesName("[*?{,}[]", Text)) << Text.str();
  EXPECT_FALSE(matchesName("[*?{,}[]", "a"));
}

//===----------------------------------------------------------------------===//
// Braces
//===----------------------------------------------------------------------===//

TEST(GlobTest, BracesMatchEitherAlternative) {
  for (StringRef Text : {"xay", "xbcy", "xdy"})
    EXPECT_TRUE(matchesName("x{a,bc,d}y", Text)) << Text.str();
  for (StringRef Text : {"xy", "xby", "xabcy", "xa,bcy"})
    EXPECT_FALSE(matchesName("x{a,bc,d}y", Text)) << Text.str();
}

TEST(GlobTest, BracesMayHoldOneAlternative) {
  EXPECT_TRUE(matchesName("x{ab}y", "xaby"));
}

TEST(GlobTest, AlternativesMayBeEmpty) {
  for (StringRef Pattern : {"f{,_slow}", "f{_slow,}"}) {
    EXPECT_TRUE(matchesName(Pattern, "f")) << Pattern.str();
    EXPECT_TRUE(matchesName(Pattern, "f_slow")) << Pattern.str();
    EXPECT_FALSE(matchesName(Pattern, "f_")) << Pattern.str();
  }
}

TEST(GlobTest, BracesNest) {
  for (StringRef Text : {"ax", "bcx", "bdex", "bdx"})
    EXPECT_TRUE(matchesName("{a,b{c,d{e,}}}x", Text)) << Text.str();
  for (StringRef Text : {"bx", "acx", "bcex"})
    EXPECT_FALSE(matchesName("{a,b{c,d{e,}}}x", Text)) << Text.str();
}

TEST(GlobTest, AlternativesMayHoldWildcards) {
  EXPECT_TRUE(matchesPath("{**/lib*,src/[a-c]?}.c", "x/y/libz.c"));
  EXPECT_TRUE(matchesPath("{**/lib*,src/[a-c]?}.c", "libz.c"));
  EXPECT_TRUE(matchesPath("{**/lib*,src/[a-c]?}.c", "src/bq.c"));
  EXPECT_FALSE(matchesPath("{**/lib*,src/[a-c]?}.c", "src/dq.c"));
}

TEST(GlobTest, EscapesWorkInsideBraces) {
  EXPECT_TRUE(matchesName("{a\\,b,c\\}}", "a,b"));
  EXPECT_TRUE(matchesName("{a\\,b,c\\}}", "c}"));
  EXPECT_FALSE(matchesName("{a\\,b,c\\}}", "a"));
}

TEST(GlobTest, CommaInASetPartsNoAlternatives) {
  EXPECT_TRUE(matchesName("{[a,b],c}", ","));
  EXPECT_TRUE(matchesName("{[a,b],c}", "c"));
  EXPECT_FALSE(matchesName("{[a,b],c}", "b],c"));
}

//===----------------------------------------------------------------------===//
// Patterns that some matchers never finish
//===----------------------------------------------------------------------===//

TEST(GlobTest, ManyBracesAreNotExpanded) {
  std::string Pattern = repeat("{a,b}", 40);
  EXPECT_TRUE(matchesName(Pattern, repeat("ab", 20)));
  EXPECT_FALSE(matchesName(Pattern, repeat("ab", 20) + "a"));
  EXPECT_FALSE(matchesName(Pattern, repeat("ab", 19) + "ac"));
}

TEST(GlobTest, ManyEqualBracesAreNotExpanded) {
  EXPECT_FALSE(
      matchesName(repeat("{a,aa,aaa,}", 200) + "b", repeat("a", 2000)));
}

TEST(GlobTest, NestedBracesWithStarsFinish) {
  std::string Pattern = repeat("{*,a", 32) + repeat("}", 32) + "b";
  EXPECT_FALSE(matchesName(Pattern, repeat("a", 20000)));
}

TEST(GlobTest, ManyStarsDoNotBacktrack) {
  std::string Text = repeat("a", 100000);
  EXPECT_FALSE(matchesName("*a*a*a*a*a*b", Text));
  EXPECT_FALSE(matchesName("*a*a*a*a*a*b?", Text));
  EXPECT_TRUE(matchesName("*a*a*a*a*a*b", Text + "b"));
}

TEST(GlobTest, ManyTwoStarsInAPathDoNotBacktrack) {
  std::string Pattern = repeat("**/a/", 50) + "b?";
  EXPECT_FALSE(matchesPath(Pattern, repeat("a/", 5000) + "c?"));
  EXPECT_TRUE(matchesPath(Pattern, repeat("a/", 5000) + "bx"));
}

TEST(GlobTest, AutomatonOfThousandsOfStatesWorks) {
  std::string Pattern = "{";
  for (unsigned I = 0; I < 2000; ++I)
    Pattern += "name" + std::to_string(I) + ",";
  Pattern += "last}";
  EXPECT_TRUE(matchesName(Pattern, "name1999"));
  EXPECT_TRUE(matchesName(Pattern, "last"));
  EXPECT_FALSE(matchesName(Pattern, "name2000"));
}

TEST(GlobTest, CopiesShareWhatWasCompiled) {
  std::optional<Glob> Copy;
  {
    Expected<Glob> G = Glob::compile("plain", Dialect::Name);
    ASSERT_TRUE(static_cast<bool>(G));
    Copy = *G;
  }
  EXPECT_TRUE(Copy->match("plain"));
  EXPECT_EQ(*Copy->literal(), "plain");
}

} // namespace
