//===- LinkLogTest.cpp - What the errors of a failed link say -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The files in test/Suggest/Inputs/messages were printed by real linkers, one
// link for each relocation that the assembler and the linker know, under a line
// that names it.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/LinkLog.h"
#include "section-placement/Objects/RelocationReach.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"
#include <set>

using namespace llvm;
using namespace section_placement;

namespace {

const char *const Logs[] = {
    "lld-15.log",      "lld-16.log",    "lld-19.log",     "lld-22.log",
    "gnu-ld-2.40.log", "gold-1.16.log", "mold-1.10.1.log"};

std::string messagesOf(StringRef Log) {
  auto Buffer = MemoryBuffer::getFile(
      (SECTION_PLACEMENT_TEST_INPUTS "/messages/" + Log).str());
  if (!Buffer)
    return "";
  return (*Buffer)->getBuffer().str();
}

FailedReference onlyOne(StringRef Text) {
  LinkLog Log = readLinkLog(Text);
  EXPECT_EQ(Log.References.size(), 1u) << Text.str();
  return Log.References.empty() ? FailedReference() : Log.References[0];
}

/// A line that is an error of distance, told without the reader.
bool isError(StringRef Line) {
  return Line.contains("out of range: ") ||
         Line.contains("relocation truncated to fit: ") ||
         Line.contains("error: relocation overflow") ||
         Line.contains("unencodeable immediate");
}

TEST(LinkLog, EveryRealMessageIsRead) {
  for (const char *Name : Logs) {
    SCOPED_TRACE(Name);
    std::string Text = messagesOf(Name);
    ASSERT_FALSE(Text.empty());
    std::set<unsigned> Expected, Read;
    unsigned Line = 0;
    for (StringRef Rest = Text; !Rest.empty(); Rest = Rest.split('\n').second)
      if (++Line; isError(Rest.split('\n').first))
        Expected.insert(Line);
    for (const FailedReference &R : readLinkLog(Text).References)
      Read.insert(R.Line);
    EXPECT_EQ(Expected, Read);
  }
}

/// Each link of `near.o` names its relocation in a line before its messages.
TEST(LinkLog, RealMessagesAreReadForWhatTheySay) {
  for (const char *Name : Logs) {
    SCOPED_TRACE(Name);
    std::string Text = messagesOf(Name), Relocation;
    for (StringRef Rest = Text; !Rest.empty();) {
      auto [Line, After] = Rest.split('\n');
      Rest = After;
      if (Line.take_front(2) == "# ")
        Relocation = Line.rsplit(": ").second.str();
      if (!isError(Line) || !Line.contains("near") ||
          StringRef(Relocation).take_front(2) != "R_")
        continue;
      SCOPED_TRACE(Line.str());
      FailedReference R = onlyOne(Line);
      // gold leaves it out on some targets.
      if (!R.Relocation.empty()) {
        EXPECT_EQ(R.Relocation, Relocation);
      }
      if (Line.contains("far")) {
        EXPECT_EQ(R.Target, "far");
      }
      if (Line.contains("function near")) {
        EXPECT_EQ(R.From.Function, "near");
      }
      EXPECT_EQ(R.From.Object, Line.contains("near.o") ? "near.o" : "");
      EXPECT_EQ(R.Distance.has_value(), Line.contains("out of range: ") ||
                                            Line.contains("unencodeable"));
    }
  }
}

/// For the types that no linker at hand could be made to print.
TEST(LinkLog, EveryRelocationOfTheTableIsReadInEveryDialect) {
  for (const RelocationReach &Row : relocationReaches()) {
    SCOPED_TRACE(Row.Name.str());
    for (const char *Form :
         {"ld.lld: error: a.o:(function f: .text+0x4): relocation %s out of "
          "range: 9 is not in [-4, 3]; references 'g'",
          "ld.lld: error: a.o:(function f: .text+0x4): relocation %s out of "
          "range: 9 is not in [-4, 3]; references g",
          "a.o:(.text+0x4): relocation truncated to fit: %s against symbol `g' "
          "defined in .text.g section in b.o",
          "mold: error: a.o:(.text): relocation %s against g out of range: 9 "
          "is "
          "not in [-4, 4)"}) {
      std::string Line = Form;
      Line.replace(Line.find("%s"), 2, Row.Name.str());
      FailedReference R = onlyOne(Line);
      EXPECT_EQ(R.Relocation, Row.Name);
      EXPECT_EQ(R.Target, "g");
      EXPECT_EQ(R.From.Object, "a.o");
      EXPECT_EQ(R.From.Section, ".text");
      if (R.Range) {
        EXPECT_EQ(*R.Range, std::pair(int64_t(-4), int64_t(3)));
      }
    }
    EXPECT_EQ(
        onlyOne(
            ("a.o:function f: error: relocation overflow in " + Row.Name).str())
            .Relocation,
        Row.Name);
  }
}

TEST(LinkLog, TheMessageOfTheThread) {
  FailedReference R =
      onlyOne("ld.lld: error: irqbypass.c:(function __guest_enter: "
              ".text+0x21CC): relocation R_AARCH64_CONDBR19 out of range: "
              "2031220 is not in [-1048576, 1048575]; references hyp_panic");
  EXPECT_EQ(R.From.Source, "irqbypass.c");
  EXPECT_EQ(R.From.Object, "");
  EXPECT_EQ(R.From.Function, "__guest_enter");
  EXPECT_EQ(R.From.Section, ".text");
  EXPECT_EQ(R.From.Offset, uint64_t(0x21cc));
  EXPECT_EQ(R.Relocation, "R_AARCH64_CONDBR19");
  EXPECT_EQ(R.Target, "hyp_panic");
  EXPECT_EQ(R.Distance, int64_t(2031220));
  EXPECT_EQ(*R.Range, std::pair(int64_t(-1048576), int64_t(1048575)));
}

TEST(LinkLog, WhatFollowsAnErrorOfLldBelongsToIt) {
  LinkLog Log = readLinkLog(
      "ld.lld: error: a.o:(.text+0x0): relocation R_RISCV_JAL out of range: 9 "
      "is not in [-4, 3]; references f\n"
      ">>> referenced by a.S:5 (/src/a.S:5)\n"
      ">>> defined in lib.a(b.o)\n"
      "\n"
      ">>> defined in c.o\n");
  ASSERT_EQ(Log.References.size(), 1u);
  EXPECT_EQ(Log.References[0].TargetObject, "lib.a(b.o)");
}

TEST(LinkLog, ASectionStandsForASymbolWithoutAName) {
  FailedReference R = onlyOne(
      "ld.lld: error: a.o:(.text+0x0): relocation R_RISCV_JAL out of range: 9 "
      "is not in [-4, 3]; references section '.text.f'");
  EXPECT_EQ(R.Target, "");
  EXPECT_EQ(R.TargetSection, ".text.f");
  R = onlyOne("a.o:(.text+0x0): relocation truncated to fit: R_RISCV_JAL "
              "against `.text.f'");
  EXPECT_EQ(R.Target, "");
  EXPECT_EQ(R.TargetSection, ".text.f");
}

TEST(LinkLog, ErrorsOfGnuLdStandUnderTheirFunction) {
  LinkLog Log = readLinkLog(
      "/usr/bin/ld: lib.a(a.o): in function `f(int, char*)':\n"
      "/src/a.c:3:(.text+0x10): relocation truncated to fit: R_RISCV_JAL "
      "against symbol `ns::g(int)' defined in .text.g section in b.o\n"
      "b.o:(.text+0x0): relocation truncated to fit: R_RISCV_JAL against `h'\n"
      "(.text+0x8): additional relocation overflows omitted from the output\n");
  ASSERT_EQ(Log.References.size(), 2u);
  const FailedReference &First = Log.References[0], &Second = Log.References[1];
  EXPECT_EQ(First.From.Object, "lib.a(a.o)");
  EXPECT_EQ(First.From.Function, "f(int, char*)");
  EXPECT_EQ(First.From.Source, "/src/a.c");
  EXPECT_EQ(First.Target, "ns::g(int)");
  EXPECT_EQ(First.TargetSection, ".text.g");
  EXPECT_EQ(First.TargetObject, "b.o");
  EXPECT_EQ(Second.From.Object, "b.o");
  EXPECT_EQ(Second.From.Function, "");
  EXPECT_EQ(Second.Target, "h");
  EXPECT_TRUE(Log.IsCutShort);
}

TEST(LinkLog, WhatABuildPutsAroundALineIsPassedOver) {
  for (StringRef Line :
       {"2026-01-02T03:04:05Z ld.lld: error: a.o:(function f: .text+0x4): "
        "relocation R_RISCV_JAL out of range: 9 is not in [-4, 3]; references "
        "g",
        "\x1b[0;31mld.lld: \x1b[0m\x1b[0;1;31merror: \x1b[0ma.o:(function f: "
        ".text+0x4): relocation R_RISCV_JAL out of range: 9 is not in [-4, 3]; "
        "references g\r",
        "clang: warning: a.o:(function f: .text+0x4): relocation R_RISCV_JAL "
        "out of range: 9 is not in [-4, 3]; references g; consider"}) {
    FailedReference R = onlyOne(Line);
    EXPECT_EQ(R.From.Object, "a.o");
    EXPECT_EQ(R.From.Function, "f");
    EXPECT_EQ(R.Target, "g");
  }
}

TEST(LinkLog, ADistanceThatFitsNoNumberIsLeftOut) {
  FailedReference R = onlyOne(
      "ld.lld: error: a.o:(.text+0x0): relocation R_X86_64_32 out of range: "
      "18446744071562067968 is not in [0, 4294967295]; references 'g'");
  EXPECT_FALSE(R.Distance);
  EXPECT_EQ(R.Target, "g");
}

TEST(LinkLog, OtherLinesAreNone) {
  LinkLog Log = readLinkLog(
      "ld.lld: error: undefined symbol: hyp_panic\n"
      ">>> defined in nowhere\n"
      "a.c:1:2: error: relocation is a word\n"
      "array index out of range: 9 is not in [0, 3]\n"
      "mold: error: a.o:(.text): unknown relocation: R_AARCH64_TSTBR14\n"
      ": relocation out of range: is not in [\n"
      ": relocation R_ out of range: \n"
      ": relocation truncated to fit: \n"
      "\x1b[\n\x1b[1\n"
      ": in function `':\n");
  EXPECT_TRUE(Log.References.empty());
  EXPECT_FALSE(Log.IsCutShort);
}

TEST(LinkPlace, EveryForm) {
  struct Case {
    const char *Text, *Object, *Source, *Function, *Section;
    int64_t Offset;
  };
  for (const Case &C : {
           Case{"a.o:(function f: .text+0x4)", "a.o", "", "f", ".text", 4},
           {"a.o:(function ns::f(int, (anonymous namespace)::t*): .text+0x4)",
            "a.o", "", "ns::f(int, (anonymous namespace)::t*)", ".text", 4},
           {"lib.a(a.o):(.text+0x14)", "lib.a(a.o)", "", "", ".text", 20},
           {"a.o:(.text)", "a.o", "", "", ".text", -1},
           {"a.o(.text+0x14)", "a.o", "", "", ".text", 20},
           {"lib.a(a.o)(.text+0x14)", "lib.a(a.o)", "", "", ".text", 20},
           {"a.o:function f", "a.o", "", "f", "", -1},
           {"lib.a(a.o):a.c:function f(int)", "lib.a(a.o)", "a.c", "f(int)", "",
            -1},
           {"/src/a.S:5:(.text+0x4)", "", "/src/a.S", "", ".text", 4},
           {"/src/a.S:5", "", "/src/a.S", "", "", -1},
           {"(.text+0x4)", "", "", "", ".text", 4},
           {"lib.a(a.o)", "lib.a(a.o)", "", "", "", -1},
           {"", "", "", "", "", -1},
           {")", ")", "", "", "", -1},
       }) {
    SCOPED_TRACE(C.Text);
    LinkPlace P = readLinkPlace(C.Text);
    EXPECT_EQ(P.Object, C.Object);
    EXPECT_EQ(P.Source, C.Source);
    EXPECT_EQ(P.Function, C.Function);
    EXPECT_EQ(P.Section, C.Section);
    EXPECT_EQ(P.Offset ? int64_t(*P.Offset) : -1, C.Offset);
  }
}

/// Quote marks are prefixes, and each is looked for before the next.
TEST(LinkLog, ALineOfPrefixesWithoutEndIsReadInLinearTime) {
  std::string Line(1 << 20, '>');
  EXPECT_TRUE(readLinkLog(Line).References.empty());
  std::string Stamps;
  while (Stamps.size() < 1 << 20)
    Stamps += "1 ";
  EXPECT_TRUE(readLinkLog(Stamps + "R_\n" + Stamps + "R_").References.empty());
}

} // namespace
