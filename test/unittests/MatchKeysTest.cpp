//===- MatchKeysTest.cpp - Each key of the table, everywhere --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A key of `match` is one entry of a table. These tests visit the table, so a
// key without an example here, without a schema or without a line in the
// reference page fails.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/MatchKeys.h"
#include "Scenario.h"
#include "section-placement/Plan/Classify.h"
#include "section-placement/Policy/PolicyText.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

/// A value, and symbols for which it holds and does not hold.
struct Example {
  MatchKey Key;
  StringRef Value;
  std::function<uint32_t(Scenario &)> Holds, DoesNot;
};

std::vector<Example> examples() {
  auto Plain = [](Scenario &S) { return S.function("g", "b.c"); };
  auto With = [](auto Change) {
    return [Change](Scenario &S) {
      uint32_t I = S.function("f", "dir/a.c");
      Change(S, S[I], I);
      return I;
    };
  };
  auto Named = With([](Scenario &, Symbol &, uint32_t) {});
  auto Native = [](StringRef Object) {
    return [Object](Scenario &S) { return S.native("f", Object); };
  };
  return {
      {MatchKey::Function, "f", Named, Plain},
      {MatchKey::FunctionFile, "names.txt", Named, Plain},
      {MatchKey::Variable, "f", With([](Scenario &, Symbol &Of, uint32_t) {
         Of.Holds = Content::Constant;
       }),
       Plain},
      {MatchKey::Source, "dir/*.c", Named, Plain},
      {MatchKey::Native, "entry.o", Native("lib.a(entry.o)"),
       Native("lib.a(other.o)")},
      {MatchKey::Archive, "libdrv.a(uart.o)",
       With([](Scenario &, Symbol &Of, uint32_t) {
         Of.Archive = "lib/libdrv.a(sub/uart.o)";
       }),
       With([](Scenario &, Symbol &Of, uint32_t) {
         Of.Archive = "lib/libdrv.a(spi.o)";
       })},
      {MatchKey::Section, ".init.*", With([](Scenario &, Symbol &Of, uint32_t) {
         Of.Section = ".init.text";
       }),
       Plain},
      {MatchKey::Attribute, "cold",
       With([](Scenario &S, Symbol &, uint32_t I) { S.attribute(I, "cold"); }),
       Plain},
      {MatchKey::Profile, "hot", With([](Scenario &, Symbol &Of, uint32_t) {
         Of.Profile = Temperature::Hot;
       }),
       Plain},
      {MatchKey::Annotation, "ram:*",
       With([](Scenario &S, Symbol &Of, uint32_t) {
         Of.AnnotationsBegin = S.P.Annotations.size();
         S.P.Annotations.push_back("ram:flash");
         Of.AnnotationsEnd = S.P.Annotations.size();
       }),
       Plain},
  };
}

std::string rule(StringRef Match) {
  return ("version: 1\nnative: [entry.o]\nrules:\n"
          "  - { name: r, match: { " +
          Match + " }, " +
          (Match.take_front(8) == "variable"
               ? "data: .data.r }\n"
               : "section: .text.r,\n      grow: { along: [branch] } }\n"))
      .str();
}

std::string readDoc(StringRef Name) {
  auto Bytes =
      MemoryBuffer::getFile(Twine(SECTION_PLACEMENT_TEST_DOCS "/") + Name);
  EXPECT_TRUE(bool(Bytes)) << Name.str();
  return Bytes ? (*Bytes)->getBuffer().str() : "";
}

} // namespace

TEST(MatchKeysTest, EachKeyHoldsForWhatItNamesAndForNothingElse) {
  std::vector<Example> All = examples();
  for (const MatchKeyInfo &Key : matchKeys()) {
    SCOPED_TRACE(Key.Name.str());
    auto Found =
        find_if(All, [&](const Example &E) { return E.Key == Key.Key; });
    ASSERT_NE(Found, All.end()) << "give this key an example";
    Scenario S;
    S.Folder.write("names.txt", "f\n");
    uint32_t Holds = Found->Holds(S), DoesNot = Found->DoesNot(S);
    S.P.finish();
    StandingPolicy Standing(
        S.Folder, rule((Key.Name + ": ['" + Found->Value + "']").str()));
    Classifier C(S.P, Standing.index());
    EXPECT_TRUE(C.firstMatch(Holds, 0));
    EXPECT_FALSE(C.firstMatch(DoesNot, 0));
    // `except` asks by the same table.
    if (Key.Key == MatchKey::Variable)
      continue; // `except` of variables is in the test below.
    StandingPolicy Excepting(S.Folder,
                             rule(("function: ['?'], except: { " + Key.Name +
                                   ": ['" + Found->Value + "'] }")
                                      .str()));
    Classifier E(S.P, Excepting.index());
    EXPECT_FALSE(E.firstMatch(Holds, 0));
    EXPECT_TRUE(E.firstMatch(DoesNot, 0));
  }
}

TEST(MatchKeysTest, AMapIsAboutFunctionsOrAboutVariables) {
  Scenario S;
  uint32_t F = S.function("f", "a.c"), V = S.function("v", "a.c"),
           W = S.function("w", "b.c");
  S[V].Holds = Content::Constant;
  S[W].Holds = Content::Zeros;
  S.P.finish();
  auto MatchedBy = [&](StringRef Match) {
    StandingPolicy Standing(S.Folder, rule(Match));
    Classifier C(S.P, Standing.index());
    std::string Names;
    for (uint32_t I : {F, V, W})
      if (C.firstMatch(I, 0))
        Names += S[I].Name.str();
    return Names;
  };
  EXPECT_EQ(MatchedBy("function: ['*']"), "f");
  EXPECT_EQ(MatchedBy("source: [a.c]"), "f");
  EXPECT_EQ(MatchedBy("variable: ['*']"), "vw");
  EXPECT_EQ(MatchedBy("variable: ['*'], source: [a.c]"), "v");
  EXPECT_EQ(MatchedBy("variable: ['*'], except: { variable: [v] }"), "w");
  EXPECT_EQ(MatchedBy("variable: ['*'], except: { source: [b.c] }"), "v");
  EXPECT_EQ(MatchedBy("variable: ['*'], except: { function: [v] }"), "vw");
}

TEST(MatchKeysTest, EachKeyIsSpelledBackAsItWasMeant) {
  TemporaryFolder Folder;
  for (const MatchKeyInfo &Key : matchKeys()) {
    SCOPED_TRACE(Key.Name.str());
    SmallVector<StringRef, 2> Texts = {"a[b]*{c}\\d", "true"};
    if (Key.Values == ValueKind::Word)
      Texts.assign(Key.Words.begin(), Key.Words.end());
    if (Key.Values == ValueKind::ListFile)
      for (StringRef Text : Texts)
        Folder.write(Text, "f\n");
    StandingPolicy S(Folder, rule(matchEntry(Key.Key, Texts)));
    ArrayRef<Pattern> Read = S.policy().Rules.at(0).Match.at(0)[Key.Key];
    ASSERT_EQ(Read.size(), Texts.size());
    for (size_t I = 0; I < Texts.size(); ++I) {
      std::optional<StringRef> Literal = Read[I].Compiled.literal();
      ASSERT_TRUE(Literal);
      bool IsPath = Key.Values == ValueKind::ListFile;
      EXPECT_EQ(IsPath ? sys::path::filename(*Literal) : *Literal, Texts[I]);
    }
  }
}

/// What the schema must say of a key's values.
static json::Value itemsOf(const MatchKeyInfo &Key) {
  if (Key.Values != ValueKind::Word)
    return json::Object{{"$ref", "#/definitions/word"}};
  json::Array Words;
  for (StringRef Word : Key.Words)
    Words.push_back(Word);
  return json::Object{{"enum", std::move(Words)}};
}

TEST(MatchKeysTest, TheSchemaHasEachKeyAndNoOther) {
  Expected<json::Value> Schema = json::parse(readDoc("policy.schema.json"));
  ASSERT_TRUE(bool(Schema));
  const json::Object *Keys = Schema->getAsObject()
                                 ->getObject("definitions")
                                 ->getObject("matchMap")
                                 ->getObject("properties");
  ASSERT_TRUE(Keys);
  for (const MatchKeyInfo &Key : matchKeys()) {
    SCOPED_TRACE(Key.Name.str());
    const json::Object *Of = Keys->getObject(Key.Name);
    ASSERT_TRUE(Of);
    EXPECT_EQ(*Of->get("type"), json::Value("array"));
    EXPECT_EQ(*Of->get("minItems"), json::Value(1));
    EXPECT_EQ(*Of->get("items"), itemsOf(Key));
    EXPECT_TRUE(Of->getString("description"));
  }
  EXPECT_TRUE(Keys->get("except"));
  EXPECT_EQ(Keys->size(), MatchKeyCount + 1);
}

TEST(MatchKeysTest, TheReferencePageHasALineForEachKeyInItsOrder) {
  std::string Page = readDoc("policy-language.md");
  StringRef Part = StringRef(Page).split("### `match`\n").second;
  Part = Part.split("\n### ").first;
  Texts Documented, Known;
  for (StringRef Rest = Part; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    if (Line.consume_front("| `"))
      Documented.push_back(Line.split('`').first.str());
  }
  for (const MatchKeyInfo &Key : matchKeys())
    Known.push_back(Key.Name.str());
  Known.push_back("except");
  EXPECT_EQ(Documented, Known);
}
