//===- NativeObjectTest.cpp - Symbols and references of native code ------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Asm/Assembler.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

using Texts = std::vector<std::string>;

class NativeObjectTest : public testing::Test {
protected:
  static void SetUpTestSuite() {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
  }

  static std::string object(StringRef Text,
                            StringRef For = "aarch64-linux-gnu") {
    Expected<SmallVector<char, 0>> Object =
        Assembler(Triple(For)).assemble(Text, "", "");
    if (Object)
      return std::string(Object->begin(), Object->end());
    ADD_FAILURE() << toString(Object.takeError());
    return "";
  }

  void add(StringRef Bytes, StringRef Name = "a.o") {
    if (Error E = Facts.add(MemoryBufferRef(Bytes, Name), Name))
      ADD_FAILURE() << toString(std::move(E));
  }
  void addText(StringRef Text) { add(object(Text)); }

  /// `OWNER -> TARGET` of each reference, sorted.
  Texts references() const {
    Texts Result;
    for (const NativeReference &R : Facts.References)
      Result.push_back((Facts.Symbols[R.From].Name + " -> " + R.Target).str());
    std::sort(Result.begin(), Result.end());
    return Result;
  }
  Texts symbols() const {
    Texts Result;
    for (const NativeSymbol &S : Facts.Symbols)
      Result.push_back((S.Name + " in " + S.Section + "+" + Twine(S.Address) +
                        (S.IsLocal ? " local" : ""))
                           .str());
    std::sort(Result.begin(), Result.end());
    return Result;
  }

  NativeFacts Facts;
};

TEST_F(NativeObjectTest, ReferenceBelongsToTheSymbolThatCoversIt) {
  addText("outer:\nnop\ncbz x0, a\ninner:\ncbz x0, b\n.size outer, . - outer\n"
          "next:\ncbz x0, c\n");
  EXPECT_EQ(references(), (Texts{"next -> c", "outer -> a", "outer -> b"}));
}

TEST_F(NativeObjectTest, ReferenceBelongsToEachSymbolThatCoversIt) {
  addText("outer:\ninner:\ncbz x0, a\n.size inner, . - inner\ncbz x0, b\n"
          ".size outer, . - outer\n");
  EXPECT_EQ(references(), (Texts{"inner -> a", "outer -> a", "outer -> b"}));
}

TEST_F(NativeObjectTest, ReferenceThatNoneCoversBelongsToThoseBeforeIt) {
  addText("early:\nnop\none:\ntwo:\nnop\ncbz x0, a\n");
  EXPECT_EQ(references(), (Texts{"one -> a", "two -> a"}));
}

TEST_F(NativeObjectTest, CodeBeforeAnySymbolIsItsSections) {
  addText(".section .text.x,\"ax\"\ncbz x0, a\ncbz x0, b\nlate:\n");
  EXPECT_EQ(references(), (Texts{".text.x -> a", ".text.x -> b"}));
  EXPECT_EQ(symbols(),
            (Texts{".text.x in .text.x+0 local", "late in .text.x+8 local"}));
}

TEST_F(NativeObjectTest, SymbolsAreThoseOfCode) {
  addText(".globl f\n.type f, %function\nf: nop\nlabel: nop\n"
          ".data\n.globl variable\nvariable: .quad 0\n"
          ".text\n.type object, %object\nobject: .word 0\n");
  EXPECT_EQ(symbols(), (Texts{"f in .text+0", "label in .text+4 local"}));
}

TEST_F(NativeObjectTest, OwnDefinitionsAreNoReferencesUnlessWeak) {
  addText(".globl strong\n.weak weak\nf:\ncbz x0, strong\ncbz x0, weak\n"
          ".section .text.x,\"ax\"\nstrong: nop\nweak: nop\n");
  EXPECT_EQ(references(), Texts{"f -> weak"});
  EXPECT_EQ(Facts.ShortInside, 2u);
}

TEST_F(NativeObjectTest, DataRefersToNothing) {
  addText(".data\n.quad a\n.text\nf: cbz x0, b\n");
  EXPECT_EQ(references(), Texts{"f -> b"});
}

TEST_F(NativeObjectTest, ThumbFunctionBeginsAtItsEvenAddress) {
  add(object(".thumb\n.globl f\n.thumb_func\nf: bl a\n.size f, . - f\n",
             "thumbv7-linux-gnueabi"));
  EXPECT_EQ(symbols(), Texts{"f in .text+0"});
  EXPECT_EQ(references(), Texts{"f -> a"});
}

TEST_F(NativeObjectTest, EachClassAndByteOrderIsRead) {
  struct Case {
    const char *Triple, *Branch, *Relocation;
  };
  for (Case C :
       {Case{"aarch64_be-linux-gnu", "cbz x0, a", "R_AARCH64_CONDBR19"},
        Case{"powerpc64-linux-gnu", "bl a", "R_PPC64_REL24"},
        Case{"powerpc64le-linux-gnu", "bl a", "R_PPC64_REL24"},
        Case{"mips-linux-gnu", "beqz $2, a", "R_MIPS_PC16"},
        Case{"mipsel-linux-gnu", "beqz $2, a", "R_MIPS_PC16"},
        Case{"mips64-linux-gnuabi64", "beqz $2, a", "R_MIPS_PC16"},
        Case{"mips64el-linux-gnuabi64", "beqz $2, a", "R_MIPS_PC16"},
        Case{"armeb-linux-gnueabi", "bl a", "R_ARM_CALL"},
        Case{"riscv32", "jal x0, a", "R_RISCV_JAL"},
        Case{"riscv64", "jal x0, a", "R_RISCV_JAL"},
        Case{"x86_64-linux-gnu", "jrcxz a", "R_X86_64_PC8"},
        Case{"avr", "rjmp a", "R_AVR_13_PCREL"},
        Case{"s390x-linux-gnu", "brct %r1, a", "R_390_PC16DBL"}}) {
    NativeFacts Read;
    std::string Bytes = object(std::string("f:\n") + C.Branch + "\n", C.Triple);
    ASSERT_FALSE(bool(Read.add(MemoryBufferRef(Bytes, ""), "a.o"))) << C.Triple;
    ASSERT_EQ(Read.References.size(), 1u) << C.Triple;
    EXPECT_EQ(Read.References[0].Relocation->Name, C.Relocation) << C.Triple;
    EXPECT_EQ(Read.References[0].Target, "a") << C.Triple;
    EXPECT_EQ(Read.Symbols[Read.References[0].From].Name, "f") << C.Triple;
  }
}

TEST_F(NativeObjectTest, SectionsBeyondTheReservedIndicesAreRead) {
  std::string Text;
  for (unsigned I = 0; I < 65300; ++I)
    Text += ".section .t" + std::to_string(I) + ",\"ax\"\n";
  add(object(Text + "f: cbz x0, a\n"));
  EXPECT_EQ(symbols(), Texts{"f in .t65299+0 local"});
  EXPECT_EQ(references(), Texts{"f -> a"});
}

TEST_F(NativeObjectTest, ObjectAtAnOddAddressIsRead) {
  std::string Bytes = object("f: cbz x0, a\n");
  std::string Moved = "x" + Bytes; // As in an archive, where 2 aligns it.
  add(StringRef(Moved).drop_front());
  EXPECT_EQ(references(), Texts{"f -> a"});
}

TEST_F(NativeObjectTest, NothingIsKeptOfWhatFails) {
  addText("f: cbz x0, a\n");
  // Its last relocation is for a symbol that is not there.
  std::string Bytes = object("g: cbz x0, b\ncbz x0, c\n");
  size_t Type = Bytes.rfind(std::string("\x18\x01\0\0", 4)); // CONDBR19.
  ASSERT_NE(Type, std::string::npos);
  Bytes[Type + 4] = 99;
  Error E = Facts.add(MemoryBufferRef(Bytes, ""), "b.o");
  EXPECT_EQ(toString(std::move(E)),
            "a relocation refers to symbol 99, which is not there");
  Facts.finish();
  EXPECT_EQ(symbols(), Texts{"f in .text+0 local"});
  EXPECT_EQ(references(), Texts{"f -> a"});
  EXPECT_TRUE(Facts.referencesTo("b").empty());
}

TEST_F(NativeObjectTest, SymbolsThatLieOverOneAnotherAreBounded) {
  std::string Text;
  for (unsigned I = 0; I < 3000; ++I)
    Text += "s" + std::to_string(I) + ":\n";
  for (unsigned I = 0; I < 1000; ++I)
    Text += "cbz x0, a\n";
  for (unsigned I = 0; I < 3000; ++I)
    Text += ".size s" + std::to_string(I) + ", 4000\n";
  std::string Bytes = object(Text);
  Error E = Facts.add(MemoryBufferRef(Bytes, ""), "a.o");
  EXPECT_EQ(toString(std::move(E)),
            "too many symbols that lie over one another");
}

TEST_F(NativeObjectTest, IsFoundByName) {
  addText(".globl f\nf:\ncbz x0, a\ncbz x0, b\ncbz x0, a\n");
  std::string Other = object("f: nop\n");
  add(Other, "b.o");
  Facts.finish();
  EXPECT_EQ(Facts.targets().size(), 2u);
  EXPECT_EQ(Facts.referencesTo("a").size(), 2u);
  EXPECT_TRUE(Facts.referencesTo("f").empty());
  ArrayRef<uint32_t> Named = Facts.symbolsNamed("f");
  ASSERT_EQ(Named.size(), 2u);
  EXPECT_FALSE(Facts.Symbols[Named[0]].IsLocal);
  EXPECT_EQ(Facts.referencesFrom(Named[0]).size(), 3u);
  EXPECT_LT(Facts.Symbols[Named[0]].Rank, Facts.Symbols[Named[1]].Rank);
}

TEST_F(NativeObjectTest, MachineIsToldInBothByteOrders) {
  std::string Little = object("nop\n"), Big = object("nop\n", "aarch64_be");
  for (StringRef Bytes : {StringRef(Little), StringRef(Big)}) {
    Expected<uint16_t> Machine = elfMachine(MemoryBufferRef(Bytes, ""));
    ASSERT_TRUE(bool(Machine));
    EXPECT_EQ(*Machine, 183);
  }
  Expected<uint16_t> None = elfMachine(MemoryBufferRef("\x7f"
                                                       "ELF",
                                                       ""));
  ASSERT_FALSE(bool(None));
  EXPECT_EQ(toString(None.takeError()), "is no ELF object");
}

} // namespace
