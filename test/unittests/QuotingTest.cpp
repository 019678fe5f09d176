//===- QuotingTest.cpp - Names survive each format ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random bytes, from a generator with a fixed seed, are written in each format
// and read back by that format's own reader.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/Quoting.h"
#include "section-placement/Policy/Document.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace section_placement;

namespace {
/// Texts that are likely to break something: marks of every format, controls,
/// characters of more than one byte, whole and cut.
class AnyTexts {
public:
  std::string next() {
    static const StringRef Pieces[] = {
        "a",         "Z9",     "_",
        "'",         "\"",     "\\",
        "\\x41",     "&",      "<",
        ">",         "]]>",    "]=]",
        "]",         "#",      "$",
        "$(x)",      "`",      "*",
        "?",         "{",      "}",
        "[",         "(",      ")",
        ";",         ",",      ":",
        ": ",        " #",     " ",
        "\n",        "\t",     "\r",
        "\x1b[31m",  "\x07",   "\x7f",
        "\u0085",    "é",      "\u202e",
        "\u2028",    "\ufeff", "\uffff",
        "\u200b",    "😀",     "\xe9",
        "\xf0\x9f",  "\xff",   "\xc0\x80",
        "\xed\xa0",  "-",      "\xf4\x8f\x9e\x80",
        "</script>", "null",   "@",
        "!",         "%",      "|",
        "~",         "0"};
    std::string Text;
    for (unsigned Length = Random() % 12; Length; --Length)
      if (Random() % 3)
        Text += Pieces[Random() % std::size(Pieces)];
      else if (char Byte = char(Random() % 256))
        Text += Byte;
    return Text;
  }

private:
  std::mt19937 Random{20260101};
};

template <typename Check> void forEachText(Check C) {
  AnyTexts All;
  for (int I = 0; I < 20000 && !::testing::Test::HasFailure(); ++I)
    C(All.next());
}
} // namespace

TEST(QuotingTest, YamlReadsBackWhatIsUnicode) {
  forEachText([](const std::string &Text) {
    if (!isUnicode(Text))
      return;
    std::string Scalar = yamlScalar(Text);
    // As a value, in a list, and as a key.
    std::string Yaml = "a: " + Scalar + "\nb: [" + Scalar + ", " + Scalar +
                       "]\nc: { d: " + Scalar + " }\n";
    Expected<DocumentNode> Root = parseDocument("f.yaml", Yaml);
    ASSERT_TRUE(bool(Root)) << Yaml << toString(Root.takeError());
    EXPECT_EQ(Root->Entries[0].second.Text, Text) << Yaml;
    EXPECT_EQ(Root->Entries[0].second.What, DocumentNode::Kind::Scalar) << Yaml;
    ASSERT_EQ(Root->Entries[1].second.Items.size(), 2u) << Yaml;
    EXPECT_EQ(Root->Entries[1].second.Items[1].Text, Text) << Yaml;
    EXPECT_EQ(Root->Entries[2].second.Entries[0].second.Text, Text) << Yaml;
  });
}

TEST(QuotingTest, JsonReadsBackAnyBytes) {
  forEachText([](const std::string &Text) {
    std::string Json;
    raw_string_ostream OS(Json);
    json::OStream J(OS);
    J.array([&] { J.value(jsonText(Text)); });
    J.flush();
    Expected<json::Value> Read = json::parse(OS.str());
    ASSERT_TRUE(bool(Read)) << toString(Read.takeError());
    auto Value = (*Read->getAsArray())[0].getAsString();
    ASSERT_TRUE(Value.has_value());
    EXPECT_EQ(fromJsonText(*Value), Text);
    std::string InScript = jsonInScript(Json);
    EXPECT_FALSE(StringRef(InScript).contains('<'));
    Read = json::parse(InScript);
    ASSERT_TRUE(bool(Read)) << toString(Read.takeError());
    EXPECT_EQ(fromJsonText(*(*Read->getAsArray())[0].getAsString()), Text);
  });
  EXPECT_EQ(jsonText("größe"), "größe");
  EXPECT_NE(jsonText("caf\xe9"), jsonText("caf\xe8"));
}

/// What a reader of XML makes of an attribute's value.
static std::string fromMarkup(StringRef Text) {
  std::string Result;
  while (!Text.empty()) {
    EXPECT_EQ(Text.find_first_of("<>\"'"), StringRef::npos);
    if (Text.consume_front("&amp;"))
      Result += '&';
    else if (Text.consume_front("&lt;"))
      Result += '<';
    else if (Text.consume_front("&gt;"))
      Result += '>';
    else if (Text.consume_front("&quot;"))
      Result += '"';
    else if (Text.consume_front("&apos;"))
      Result += '\'';
    else if (Text.consume_front("&#")) {
      unsigned Code = 0;
      EXPECT_FALSE(Text.consumeInteger(10, Code));
      EXPECT_TRUE(Text.consume_front(";"));
      Result += char(Code);
    } else {
      EXPECT_NE(Text.front(), '&');
      // A reader makes a blank of these where they stand as they are.
      EXPECT_EQ(StringRef("\t\n\r").find(Text.front()), StringRef::npos);
      Result += Text.front();
      Text = Text.drop_front();
    }
  }
  return Result;
}

TEST(QuotingTest, MarkupReadsBackWhatItCanHold) {
  forEachText([](const std::string &Text) {
    std::string Read = fromMarkup(markupText(Text));
    EXPECT_TRUE(isUnicode(Read));
    for (StringRef No : {"\u0001", "\x1b", "\x7f", "\uffff", "\ufffe"})
      EXPECT_FALSE(StringRef(Read).contains(No));
    // Text of plain characters is itself.
    if (printable(Text) == Text) {
      EXPECT_EQ(Read, Text);
    }
  });
  EXPECT_EQ(markupText("a\uffff"), "a\\u{ffff}");
  EXPECT_EQ(markupText("caf\xe9\x1b"), "caf\\xe9\\x1b");
}

TEST(QuotingTest, ATerminalSeesNoCommands) {
  forEachText([](const std::string &Text) {
    std::string Shown = printable(Text);
    EXPECT_TRUE(isUnicode(Shown));
    for (StringRef No : {"\x1b", "\n", "\r", "\t", "\x07", "\x7f", "\u0085",
                         "\u202e", "\u2028", "\ufeff", "\u200b"})
      EXPECT_FALSE(StringRef(Shown).contains(No)) << Shown;
    EXPECT_EQ(printable(Shown), Shown);
  });
  EXPECT_EQ(printable("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
  EXPECT_EQ(printable("größe \u202egnp"), "größe \\u{202e}gnp");
  EXPECT_EQ(printable("caf\xe9"), "caf\\xe9");
  EXPECT_EQ(printable("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(printableLines("a\n\x1b"), "a\n\\x1b");
}

TEST(QuotingTest, AShellReadsBackAnyBytes) {
  ErrorOr<std::string> Shell = sys::findProgramByName("sh");
  if (!Shell)
    GTEST_SKIP() << "no sh";
  SmallString<128> Script, Output;
  ASSERT_FALSE(sys::fs::createTemporaryFile("quoting", "sh", Script));
  ASSERT_FALSE(sys::fs::createTemporaryFile("quoting", "out", Output));
  std::vector<std::string> Written;
  {
    std::error_code EC;
    raw_fd_ostream OS(Script, EC);
    ASSERT_FALSE(EC);
    forEachText([&](const std::string &Text) {
      if (Written.size() == 2000)
        return;
      OS << "printf '%s\\0' " << shellWord(Text) << '\n';
      Written.push_back(Text);
    });
  }
  std::string Why;
  EXPECT_EQ(sys::ExecuteAndWait(*Shell,
                                {*Shell, "-c", "exec > \"$0\"; . \"$1\"",
                                 StringRef(Output), StringRef(Script)},
                                {}, {}, 0, 0, &Why),
            0)
      << Why;
  auto Bytes = MemoryBuffer::getFile(Output);
  ASSERT_TRUE(bool(Bytes));
  SmallVector<StringRef, 0> Read;
  (*Bytes)->getBuffer().split(Read, '\0');
  ASSERT_EQ(Read.size(), Written.size() + 1);
  for (size_t I = 0; I < Written.size(); ++I)
    EXPECT_EQ(Read[I], Written[I]);
  sys::fs::remove(Script);
  sys::fs::remove(Output);
}

TEST(QuotingTest, ALinkerScriptHoldsANameInOneWord) {
  forEachText([](const std::string &Text) {
    std::optional<std::string> Name = linkerScriptName(Text);
    if (!Name) {
      EXPECT_TRUE(Text.empty() || any_of(Text, [](char C) {
                    return uint8_t(C) < 0x20 || C == 0x7f || C == '"';
                  }));
      return;
    }
    if (Name->front() == '"')
      EXPECT_EQ(*Name, '"' + Text + '"');
    else
      EXPECT_EQ(*Name, Text);
  });
  EXPECT_EQ(linkerScriptName(".text.near"), ".text.near");
  EXPECT_EQ(linkerScriptName(".text.-[NSFoo bar:]"), "\".text.-[NSFoo bar:]\"");
  EXPECT_EQ(linkerScriptName("a\nb"), std::nullopt);
}

TEST(QuotingTest, ASymbolOrderHasOneNameALine) {
  forEachText([](const std::string &Text) {
    std::optional<std::string> Line = symbolOrderLine(Text);
    if (!Line)
      return;
    // As ld.lld reads it.
    SmallVector<StringRef, 2> Lines;
    StringRef(*Line).split(Lines, '\n');
    ASSERT_EQ(Lines.size(), 1u);
    EXPECT_EQ(Lines[0].trim(), Text);
    EXPECT_NE(Text[0], '#');
  });
  for (StringRef No : {"", " a", "a ", "#a", "a\nb", "a\r"})
    EXPECT_EQ(symbolOrderLine(No), std::nullopt) << No.str();
}

TEST(QuotingTest, CMakeReadsBackAnyBytes) {
  forEachText([](const std::string &Text) {
    std::string Argument = cmakeArgument(Text);
    StringRef Body = Argument;
    ASSERT_TRUE(Body.consume_front("["));
    std::string Fence = Body.take_while([](char C) { return C == '='; }).str();
    Body = Body.drop_front(Fence.size() + 1);
    // The first end is the last.
    ASSERT_EQ(Body.find("]" + Fence + "]"), Body.size() - Fence.size() - 2)
        << Argument;
    Body = Body.drop_back(Fence.size() + 2);
    Body.consume_front("\n");
    EXPECT_EQ(Body, Text) << Argument;
  });
}

TEST(QuotingTest, MakeKeepsWhatItWouldExpand) {
  EXPECT_EQ(makeText("a$b#c"), "a$$b\\#c");
  EXPECT_EQ(makeText("a\nb"), std::nullopt);
  EXPECT_EQ(makeText("a\\"), std::nullopt);
}

TEST(QuotingTest, FileNamesAreShortAndDifferent) {
  std::string Long(500, 'o');
  std::string A = fileNameFor(Long, "a", ".json");
  EXPECT_LE(A.size(), 200u);
  EXPECT_NE(A, fileNameFor(Long, "b", ".json"));
  EXPECT_EQ(fileNameFor("a/b c", "x", ".json").substr(0, 6), "a_b_c.");
}
