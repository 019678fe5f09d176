//===- ClassifyTest.cpp - Which rule claims a symbol ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Plan/Classify.h"
#include "Scenario.h"

using namespace llvm;
using namespace section_placement;

namespace {

/// The names of the symbols that a match, as YAML, holds for.
Texts matched(Scenario &S, StringRef Match) {
  // Growth, so that native symbols count too.
  S.plan(("native: [\"**\"]\nrules:\n  - { name: r, match: " + Match +
          ", grow: { along: [branch] }, section: .text.r }\n")
             .str());
  Texts Result;
  for (uint32_t I = 0; I < S.P.Symbols.size(); ++I)
    if (!S.fate(I).empty() ||
        is_contained(S.refusals(),
                     (S.P.Symbols[I].Name + " by r: native-stays").str()))
      Result.push_back(S.P.Symbols[I].Name.str());
  return Result;
}

TEST(ClassifyTest, FunctionIsTheCanonicalOrTheWholeSymbol) {
  Scenario S;
  S[S.function("foo.llvm.123")].Canonical = "foo";
  S.function("foobar");
  EXPECT_EQ(matched(S, "{ function: [foo] }"), Texts{"foo.llvm.123"});
  EXPECT_EQ(matched(S, "{ function: [foo.llvm.123] }"), Texts{"foo.llvm.123"});
  EXPECT_EQ(matched(S, "{ function: [foo.llvm] }"), Texts());
  EXPECT_EQ(matched(S, "{ function: [\"foo?*\"] }"), Texts{"foobar"});
}

TEST(ClassifyTest, FunctionIsTheDemangledNameWithOrWithoutParameters) {
  Scenario S;
  S.function("_ZN2ns3fooIiEEvT_"); // void ns::foo<int>(int)
  for (const char *Name :
       {"void ns::foo<int>(int)", "ns::foo<int>(int)", "ns::foo<int>",
        "void ns::foo<int>", "ns::foo<*>", "ns::*", "_ZN2ns3fooIiEEvT_"})
    EXPECT_EQ(matched(S, ("{ function: [\"" + Twine(Name) + "\"] }").str()),
              Texts{"_ZN2ns3fooIiEEvT_"})
        << Name;
  EXPECT_EQ(matched(S, "{ function: [\"ns::foo\"] }"), Texts());
  EXPECT_EQ(matched(S, "{ function: [\"foo<int>\"] }"), Texts());
}

TEST(ClassifyTest, AnAliasMeansWhatItStandsFor) {
  Scenario S;
  S.alias("__se_sys_read", S.function("ksys_read"));
  EXPECT_EQ(matched(S, "{ function: [__se_sys_read] }"), Texts{"ksys_read"});
  EXPECT_EQ(matched(S, "{ function: [\"__se_*\"] }"), Texts{"ksys_read"});
}

TEST(ClassifyTest, AllKeysOfAMapMustHoldAndAnyOfTheMaps) {
  Scenario S;
  uint32_t A = S.function("a", "kvm/a.c");
  S.function("b", "kvm/a.c");
  S.function("c", "lib/c.c");
  S.attribute(A, "cold");
  EXPECT_EQ(matched(S, "{ function: [a, c], source: [\"kvm/**\"] }"),
            Texts{"a"});
  EXPECT_EQ(matched(S, "{ source: [kvm/a.c], attribute: [hot, cold] }"),
            Texts{"a"});
  EXPECT_EQ(matched(S, "{ function: [b], attribute: [cold] }"), Texts());
  EXPECT_EQ(matched(S, "[{ attribute: [cold] }, { source: [lib/c.c] }]"),
            (Texts{"a", "c"}));
}

TEST(ClassifyTest, SourceGlobsKnowFolders) {
  Scenario S;
  S.function("a", "kvm/a.c"), S.function("b", "kvm/hyp/b.c");
  S.function("out", "/usr/src/out.c");
  EXPECT_EQ(matched(S, "{ source: [\"kvm/*\"] }"), Texts{"a"});
  EXPECT_EQ(matched(S, "{ source: [\"kvm/**\"] }"), (Texts{"a", "b"}));
  EXPECT_EQ(matched(S, "{ source: [\"**/b.c\"] }"), Texts{"b"});
  EXPECT_EQ(matched(S, "{ source: [b.c] }"), Texts());
  EXPECT_EQ(matched(S, "{ source: [/usr/src/out.c] }"), Texts{"out"});
}

TEST(ClassifyTest, UnknownMatchesWhatNobodyRecorded) {
  Scenario S;
  S.function("a", "a.c"), S.function("none"), S.native("asm");
  EXPECT_EQ(matched(S, "{ source: [\"<unknown>\"] }"), Texts{"none"});
  EXPECT_EQ(matched(S, "{ source: [\"**\"] }"), Texts{"a"})
      << "a wildcard is about sources that are known";
}

TEST(ClassifyTest, NativeIsTheObjectOrAMemberOfAnArchive) {
  Scenario S;
  S.native("a", "kvm/entry.o"), S.native("b", "lib/libasm.a(memcpy.o)");
  S.function("c");
  EXPECT_EQ(matched(S, "{ native: [kvm/entry.o] }"), Texts{"a"});
  EXPECT_EQ(matched(S, "{ native: [\"lib/libasm.a(memcpy.o)\"] }"), Texts{"b"});
  EXPECT_EQ(matched(S, "{ native: [lib/libasm.a] }"), Texts{"b"});
  EXPECT_EQ(matched(S, "{ native: [\"**\"] }"), (Texts{"a", "b"}));
  EXPECT_EQ(matched(S, "{ native: [\"*.o\"] }"), Texts{"b"})
      << "by the member's own name; the other stands in a folder";
}

TEST(ClassifyTest, SectionIsTheOneThatTheSourceGave) {
  Scenario S;
  uint32_t A = S.function("a");
  S.function("b");
  S[A].Section = ".init.text";
  EXPECT_EQ(matched(S, "{ section: [\".init*\"] }"), Texts{"a"});
  EXPECT_EQ(matched(S, "{ section: [\"*\"] }"), Texts{"a"});
}

TEST(ClassifyTest, ExceptTakesOutAndAnExceptionOfItPutsBack) {
  Scenario S;
  S.function("memcpy", "lib/string.c"), S.function("sha_1", "lib/crypto/s.c");
  S.function("aes_1", "lib/crypto/a.c"), S.function("main", "main.c");
  EXPECT_EQ(matched(S, "{ except: { source: [main.c] } }"),
            (Texts{"memcpy", "sha_1", "aes_1"}));
  EXPECT_EQ(matched(S, "{ source: [\"lib/**\"], except: { source: "
                       "[\"lib/crypto/**\"], except: { function: [\"sha_*\"] } "
                       "} }"),
            (Texts{"memcpy", "sha_1"}));
  EXPECT_EQ(matched(S, "{ function: [\"*\"], except: [{ function: [main] }, { "
                       "source: [lib/string.c] }] }"),
            (Texts{"sha_1", "aes_1"}));
}

TEST(ClassifyTest, FunctionFileNamesLocalsByTheirSource) {
  Scenario S;
  S.Folder.write("a.order", "# a comment\n\nglobal # one\r\n./b.c:local\n"
                            "ns::f(int)\n-[Obj method:]\n");
  S.function("global", "a.c");
  S.function("_ZN2ns1fEi", "a.c");
  S.function("-[Obj method:]", "a.m");
  uint32_t A = S.function("local", "a.c"), B = S.function("local.1", "b.c");
  S[B].Canonical = "local";
  EXPECT_EQ(matched(S, "{ function-file: [a.order] }"),
            (Texts{"global", "_ZN2ns1fEi", "-[Obj method:]", "local.1"}));
  EXPECT_EQ(S.fate(A), "");
  EXPECT_EQ(matched(S, "{ function-file: [a.order], source: [a.c] }"),
            (Texts{"global", "_ZN2ns1fEi"}));
}

TEST(ClassifyTest, LiteralNamesAndWildcardsOfOneListAreBothFound) {
  Scenario S;
  S.function("a"), S.function("bx"), S.function("c");
  EXPECT_EQ(matched(S, "{ function: [a, \"b*\"] }"), (Texts{"a", "bx"}));
}

TEST(ClassifyTest, ASourceThatIsExceptedNamesNoCalleeOfAnotherModule) {
  Scenario S;
  uint32_t Known = S.function("known"), Other = S.function("other"),
           Unknown = S.function("unknown");
  for (uint32_t I : {Known, Other, Unknown})
    S[I].IsUndefined = true;
  S[Known].Source = "slow/a.c";
  S[Other].Source = "fast/a.c";
  S.plan("rules:\n  - { name: r, match: { function: [\"*\"], except: { source: "
         "[\"slow/*\"] } }, section: .text.r }\n");
  Classifier C(S.P, S.index());
  EXPECT_EQ(C.isNamed(0, Known), Answer::No);
  EXPECT_EQ(C.isNamed(0, Other), Answer::Yes);
  EXPECT_EQ(C.isNamed(0, Unknown), Answer::Unknown);
}

} // namespace
