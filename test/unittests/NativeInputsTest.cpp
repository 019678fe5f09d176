//===- NativeInputsTest.cpp - Which native objects a policy reads --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Wildcards choose among the inputs of a link, which lit cannot hand over in
// every shape: a linker refuses what is damaged before any plugin runs.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/NativeInputs.h"
#include "Scenario.h"
#include "section-placement/Asm/Assembler.h"
#include "section-placement/Explain/ExplainNatives.h"
#include "section-placement/Objects/NativeMembers.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace section_placement;

namespace {

using Texts = std::vector<std::string>;

std::string object(StringRef Text, StringRef For = "aarch64-linux-gnu") {
  Expected<SmallVector<char, 0>> Object =
      Assembler(Triple(For)).assemble(Text, "", "");
  if (Object)
    return std::string(Object->begin(), Object->end());
  ADD_FAILURE() << toString(Object.takeError());
  return "";
}

/// An archive of members, by name and contents. Of a thin one the contents
/// stand elsewhere.
std::string archive(ArrayRef<std::pair<std::string, std::string>> Members,
                    bool IsThin = false) {
  std::string Names, Bodies;
  for (const auto &[Name, Contents] : Members) {
    Bodies += formatv("{0,-16}{1,-12}{1,-6}{1,-6}{2,-8}{3,-10}`\n",
                      "/" + std::to_string(Names.size()), "0", "644",
                      Contents.size());
    Names += Name + "/\n";
    if (!IsThin)
      Bodies += Contents + std::string(Contents.size() % 2, '\n');
  }
  Names += std::string(Names.size() % 2, '\n');
  return std::string(IsThin ? "!<thin>\n" : "!<arch>\n") +
         formatv("{0,-48}{1,-10}`\n", "//", Names.size()).str() + Names +
         Bodies;
}

class NativeInputsTest : public testing::Test {
protected:
  static void SetUpTestSuite() {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
  }
  void SetUp() override {
    SmallString<128> Buffer;
    ASSERT_FALSE(sys::fs::current_path(Buffer));
    Before = Buffer.str().str();
    ASSERT_FALSE(sys::fs::set_current_path(Folder.path()));
  }
  void TearDown() override { EXPECT_FALSE(sys::fs::set_current_path(Before)); }

  void write(StringRef Name, StringRef Text) {
    StringRef In = sys::path::parent_path(Name);
    EXPECT_FALSE(In.empty() ? std::error_code()
                            : sys::fs::create_directories(In));
    Folder.write(Name, Text);
  }

  /// Reads what \p Globs name; what it then knows of is in symbols() and
  /// told().
  void read(StringRef Globs, Texts LinkInputs,
            uint16_t Machine = ELF::EM_AARCH64, bool TakesFatBitcode = false) {
    StandingPolicy P(Folder, ("version: 1\nnative: [" + Globs +
                              "]\nrules:\n  - name: near\n"
                              "    match: { native: [\"**\"] }\n"
                              "    grow: { along: [branch] }\n")
                                 .str());
    Expected<std::unique_ptr<NativeInputs>> Read =
        readNativeInputs(P.policy(), LinkInputs, Machine, TakesFatBitcode);
    Natives = std::make_unique<NativeInputs>();
    Fault = "";
    if (Read)
      Natives = std::move(*Read);
    else
      Fault = toString(Read.takeError());
  }
  /// `NAME (OBJECT)` in the order of reading.
  Texts symbols() const {
    EXPECT_EQ(Fault, "");
    Texts Result;
    for (const NativeSymbol &S : Natives->Facts.Symbols)
      Result.push_back((S.Name + " (" + S.Object + ")").str());
    return Result;
  }
  Texts told() const { return explainNatives(Natives->Notes); }

  TemporaryFolder Folder;
  std::string Before, Fault;
  std::unique_ptr<NativeInputs> Natives;
};

TEST_F(NativeInputsTest, WildcardChoosesAmongTheInputsOfTheLinkOnly) {
  write("hyp/a.o", object("a: nop\n"));
  write("hyp/old.o", object("old: nop\n"));
  write("b.o", object("b: nop\n"));
  read("\"hyp/*.o\"", {"b.o", "hyp/a.o"});
  EXPECT_EQ(symbols(), Texts{"a (hyp/a.o)"});
  EXPECT_EQ(told(), Texts());
}

TEST_F(NativeInputsTest, AbsoluteAndDottedPathsAreOneFile) {
  write("hyp/a.o", object("a: nop\n"));
  SmallString<128> Current;
  ASSERT_FALSE(sys::fs::current_path(Current));
  std::string Absolute = (Current + "/hyp/a.o").str();
  read("\"hyp/*.o\"", {Absolute, "./hyp/a.o", "hyp/../hyp/a.o"});
  EXPECT_EQ(symbols(), Texts{"a (hyp/a.o)"});
}

TEST_F(NativeInputsTest, ObjectThatSeveralGlobsChooseIsReadOnce) {
  write("a.o", object("a: nop\n"));
  read("a.o, \"*.o\", \"**\"", {"a.o"});
  EXPECT_EQ(symbols(), Texts{"a (a.o)"});
}

TEST_F(NativeInputsTest, ArchiveIsChosenByItselfByMemberAndByBoth) {
  write("lib/x.a", archive({{"a.o", object("a: nop\n")},
                            {"b.o", object("b: nop\n")},
                            {"a.o", object("c: nop\n")}}));
  Texts All = {"a (lib/x.a(a.o))", "b (lib/x.a(b.o))", "c (lib/x.a(a.o))"};
  Texts A = {"a (lib/x.a(a.o))", "c (lib/x.a(a.o))"};
  read("\"lib/*.a\"", {"lib/x.a"});
  EXPECT_EQ(symbols(), All);
  read("\"a.*\"", {"lib/x.a"});
  EXPECT_EQ(symbols(), A);
  read("\"lib/x.a(a*)\"", {"lib/x.a"});
  EXPECT_EQ(symbols(), A);
  read("lib/x.a", {});
  EXPECT_EQ(symbols(), All);
  read("lib/x.a(a.o)", {});
  EXPECT_EQ(symbols(), A);
}

TEST_F(NativeInputsTest, ThinArchiveNamesItsMembersByTheirPaths) {
  std::string Bytes = object("a: nop\n");
  write("arch/kvm/a.o", Bytes);
  write("arch/built-in.a", archive({{"kvm/a.o", Bytes}}, /*IsThin=*/true));
  // As ld.lld names it.
  Texts A = {"a (arch/built-in.a(kvm/a.o))"};
  for (StringRef Glob :
       {"\"arch/kvm/*.o\"", "\"**/*.o\"", "\"arch/*.a\"", "arch/built-in.a",
        "arch/built-in.a(a.o)", "arch/built-in.a(kvm/a.o)",
        "arch/built-in.a(arch/kvm/a.o)"}) {
    read(Glob, {"arch/built-in.a"});
    EXPECT_EQ(symbols(), A) << Glob.str();
  }
  // Another path of the same name is another member.
  read("arch/built-in.a(mm/a.o)", {});
  EXPECT_TRUE(StringRef(Fault).contains("no such member")) << Fault;
  // And it is the file that the link may also name.
  read("\"**/*.o\"", {"arch/kvm/a.o", "arch/built-in.a"});
  EXPECT_EQ(symbols(), Texts{"a (arch/kvm/a.o)"});
}

TEST_F(NativeInputsTest, WhatAWildcardPassesOverIsCountedOnce) {
  write("a.o", object("a: nop\n"));
  write("foreign.o", object("x: nop\n", "x86_64-linux-gnu"));
  write("bitcode.o", StringRef("BC\xc0\xde", 4));
  write("script.lds", "SECTIONS {}");
  write("empty.o", "");
  std::string Cut = object("c: nop\n").substr(0, 100);
  write("cut.o", Cut);
  write("cut2.o", Cut);
  read("\"*\"", {"a.o", "foreign.o", "bitcode.o", "script.lds", "empty.o",
                 "cut.o", "cut2.o"});
  EXPECT_EQ(symbols(), Texts{"a (a.o)"});
  ASSERT_EQ(told().size(), 1u);
  EXPECT_EQ(StringRef(told()[0]).split(" (cut.o: section header").first,
            "native '*': 1 object read; passed over: 1 bitcode, 1 for another "
            "machine, 2 no ELF, 2 damaged");
}

TEST_F(NativeInputsTest, FatObjectIsBitcodeWhereTheLinkTakesItForThat) {
  // SHT_LLVM_LTO by its number, which only newer assemblers know by name.
  write("fat.o", object("a: nop\n.section .llvm.lto,\"e\",@0x6fff4c0c\n"));
  read("\"*\"", {"fat.o"});
  EXPECT_EQ(symbols(), Texts{"a (fat.o)"});
  read("\"*\"", {"fat.o"}, ELF::EM_AARCH64, /*TakesFatBitcode=*/true);
  EXPECT_EQ(symbols(), Texts());
  EXPECT_EQ(told(),
            Texts{"native '*': 0 objects read; passed over: 1 bitcode"});
  read("fat.o", {}, ELF::EM_AARCH64, /*TakesFatBitcode=*/true);
  EXPECT_NE(Fault.find("native object 'fat.o': is LLVM bitcode"),
            std::string::npos);
}

TEST_F(NativeInputsTest, DamagedObjectIsCountedByEachGlobThatMeetsIt) {
  write("cut.o", object("c: nop\n").substr(0, 100));
  read("\"*\", \"*.o\"", {"cut.o"});
  ASSERT_EQ(told().size(), 2u);
  for (StringRef Line : told())
    EXPECT_TRUE(
        Line.contains(": 0 objects read; passed over: 1 damaged (cut.o"))
        << Line.str();
}

TEST_F(NativeInputsTest, WildcardThatFindsNothingIsTold) {
  write("a.o", object("a: nop\n"));
  read("\"*.obj\"", {"a.o"});
  EXPECT_EQ(told(), Texts{"native '*.obj' finds nothing among the inputs of "
                          "this link"});
}

TEST_F(NativeInputsTest, DamagedArchiveGivesWhatStandsBeforeTheDamage) {
  std::string Whole =
      archive({{"a.o", object("a: nop\n")}, {"b.o", object("b: nop\n")}});
  write("cut.a", StringRef(Whole).drop_back(100));
  read("\"*\"", {"cut.a"});
  EXPECT_EQ(symbols(), Texts{"a (cut.a(a.o))"});
  ASSERT_EQ(told().size(), 1u);
  EXPECT_TRUE(StringRef(told()[0]).contains(
      "inputs of the link that could not be read: cut.a: is damaged: the "
      "archive is cut short: the member at byte "))
      << told()[0];
}

TEST_F(NativeInputsTest, InputThatIsGoneOrNoFileIsTold) {
  write("folder/a.o", object("a: nop\n"));
  write("thin.a", archive({{"gone.o", "1234"}}, /*IsThin=*/true));
  read("\"**\"", {"gone.o", "folder", "thin.a", "/dev/null"});
  ASSERT_FALSE(told().empty());
  EXPECT_EQ(told()[0],
            "inputs of the link that could not be read: gone.o: cannot be "
            "read: No such file or directory; folder: is a folder, not a file; "
            "thin.a(gone.o): cannot be read: No such file or directory; "
            "/dev/null: is a device, not a file");
}

TEST_F(NativeInputsTest, EveryLiteralThatIsAtFaultIsTold) {
  write("text.o", "no object");
  read("gone.o, text.o", {});
  StringRef Rest = Fault;
  EXPECT_TRUE(Rest.contains(":2:10: native object 'gone.o': is not there"))
      << Fault;
  EXPECT_TRUE(Rest.contains(":2:18: native object 'text.o': is no ELF object"))
      << Fault;
}

TEST_F(NativeInputsTest, MachineIsNotJudgedWhereNobodyKnowsIt) {
  write("a.o", object("a: nop\n", "x86_64-linux-gnu"));
  read("a.o", {}, ELF::EM_NONE);
  EXPECT_EQ(symbols(), Texts{"a (a.o)"});
}

/// It may define anything, so it is not taken for one that defines nothing.
TEST(NativeMembersTest, WhatCannotBeReadIsListedWithTheCause) {
  NativeMembers Members({"no-such-file.o"}, ELF::EM_AARCH64);
  EXPECT_TRUE(Members.unread().empty());
  EXPECT_EQ(Members.defining("f"), nullptr);
  std::vector<std::string> Unread = Members.unread();
  ASSERT_EQ(Unread.size(), 1u);
  EXPECT_TRUE(StringRef(Unread.front()).contains("no-such-file.o: "))
      << Unread.front();
}

} // namespace
