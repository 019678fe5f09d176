//===- GlobParserTest.cpp - What is wrong with a pattern ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RepeatedText.h"
#include "section-placement/Policy/Glob.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <string>

using namespace llvm;
using namespace section_placement;

namespace {

using Dialect = Glob::Dialect;

struct Fault {
  size_t Offset = 0;
  std::string Message;
};

/// What compile() says is wrong with \p Pattern.
Fault faultIn(StringRef Pattern, Dialect D = Dialect::Name) {
  Fault F;
  Expected<Glob> G = Glob::compile(Pattern, D);
  if (G) {
    ADD_FAILURE() << Pattern.str() << " compiled";
    return F;
  }
  handleAllErrors(G.takeError(),
                  [&](const GlobError &E) { F = {E.offset(), E.message()}; });
  return F;
}

bool compiles(StringRef Pattern) {
  Expected<Glob> G = Glob::compile(Pattern, Dialect::Name);
  if (G)
    return true;
  consumeError(G.takeError());
  return false;
}

TEST(GlobParserTest, EmptyPatternIsAFault) {
  EXPECT_EQ(faultIn("").Message,
            "the pattern is empty; write '*' to match everything");
  EXPECT_EQ(faultIn("", Dialect::Path).Message,
            "the pattern is empty; write '**' to match everything");
}

TEST(GlobParserTest, UnclosedSetIsAFaultAtItsStart) {
  for (StringRef Pattern : {"op[", "op[]", "op[!", "op[!]", "op[a-", "op[a\\",
                            "op[a\\]", "op[a-z"}) {
    Fault F = faultIn(Pattern);
    EXPECT_EQ(F.Offset, 2u) << Pattern.str();
    EXPECT_EQ(F.Message,
              "'[' is never closed; write '\\[' for the character itself");
  }
}

TEST(GlobParserTest, UnclosedBraceIsAFaultAtTheInnermost) {
  EXPECT_EQ(faultIn("a{b,c").Offset, 1u);
  EXPECT_EQ(faultIn("a{b,{c").Offset, 4u);
  EXPECT_EQ(faultIn("a{b,{c}").Offset, 1u);
  EXPECT_EQ(faultIn("a{").Message,
            "'{' is never closed; write '\\{' for the character itself");
}

TEST(GlobParserTest, BracesWithNothingInThemAreAFault) {
  Fault F = faultIn("f{a,{}}");
  EXPECT_EQ(F.Offset, 4u);
  EXPECT_EQ(F.Message, "'{}' has nothing in it; write '\\{\\}' for the "
                       "characters themselves");
}

TEST(GlobParserTest, SetThatNothingIsInIsAFault) {
  Fault F = faultIn("a[/]b", Dialect::Path);
  EXPECT_EQ(F.Offset, 1u);
  EXPECT_EQ(F.Message,
            "the set '[/]' matches nothing; in a path, write '/' outside it");
}

TEST(GlobParserTest, RangeThatRunsBackwardsIsAFault) {
  Fault F = faultIn("x[0-9z-a]");
  EXPECT_EQ(F.Offset, 5u);
  EXPECT_EQ(F.Message, "the range 'z-a' runs backwards; write '\\-' for the "
                       "character '-' itself");
}

TEST(GlobParserTest, BackslashAtTheEndIsAFault) {
  Fault F = faultIn("ab\\");
  EXPECT_EQ(F.Offset, 2u);
  EXPECT_EQ(F.Message, "'\\' at the end has nothing to escape; write '\\\\' "
                       "for the character itself");
}

TEST(GlobParserTest, CharacterClassIsAFault) {
  Fault F = faultIn("x[_[:alpha:]]");
  EXPECT_EQ(F.Offset, 3u);
  EXPECT_EQ(F.Message, "sets have no classes such as '[:alpha:]'; write the "
                       "characters, as in '[A-Za-z]'");
}

TEST(GlobParserTest, MoreThanAsciiInASetIsAFault) {
  Fault F = faultIn("[a\xC3\xA9]");
  EXPECT_EQ(F.Offset, 2u);
  EXPECT_EQ(F.Message, "a set takes ASCII only; write other characters as "
                       "alternatives, in '{' and '}'");
}

TEST(GlobParserTest, BracesNestOnlySoDeep) {
  EXPECT_TRUE(compiles(repeat("{", 32) + "a" + repeat("}", 32)));
  Fault F = faultIn(repeat("{", 33) + "a" + repeat("}", 33));
  EXPECT_EQ(F.Offset, 32u);
  EXPECT_EQ(F.Message, "braces nest deeper than 32; write the alternatives as "
                       "patterns of their own");
  EXPECT_EQ(faultIn(repeat("{", 1 << 20)).Offset, 32u);
}

TEST(GlobParserTest, LogHoldsTheOffset) {
  Expected<Glob> G = Glob::compile("ab{", Dialect::Name);
  ASSERT_FALSE(static_cast<bool>(G));
  std::string Log;
  raw_string_ostream OS(Log);
  logAllUnhandledErrors(G.takeError(), OS);
  EXPECT_EQ(OS.str(), "at byte 2: '{' is never closed; write '\\{' for the "
                      "character itself\n");
}

} // namespace
