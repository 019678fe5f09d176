//===- AssemblerTest.cpp - Assembly text into an ELF object --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Asm/Assembler.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

class AssemblerTest : public testing::Test {
protected:
  static void SetUpTestSuite() {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
  }

  /// The relocations of \p Text as `NAME target`, one a line; else `error: `
  /// and why.
  static std::string relocations(StringRef Text, StringRef Features = "",
                                 StringRef For = "aarch64-linux-gnu") {
    Assembler A((Triple(For)));
    Expected<SmallVector<char, 0>> Object = A.assemble(Text, "", Features);
    if (!Object)
      return "error: " + toString(Object.takeError());
    NativeFacts Facts;
    if (Error E = Facts.add(
            MemoryBufferRef(StringRef(Object->data(), Object->size()), "asm"),
            "asm"))
      return "error: " + toString(std::move(E));
    std::string Result;
    for (const NativeReference &R : Facts.References)
      Result += (R.Relocation->Name + " " + R.Target + "\n").str();
    return Result;
  }
};

TEST_F(AssemblerTest, GivesTrueRelocations) {
  EXPECT_EQ(relocations("cbz x0, a\nadr x1, b\ntbz x0, #1, c\nbl d\n"),
            "R_AARCH64_CONDBR19 a\nR_AARCH64_ADR_PREL_LO21 b\n"
            "R_AARCH64_TSTBR14 c\nR_AARCH64_CALL26 d\n");
}

TEST_F(AssemblerTest, BranchThatReachesItsTargetHasNone) {
  EXPECT_EQ(relocations("a: cbz x0, a\n"), "");
}

TEST_F(AssemblerTest, KnowsMacrosSectionsAndExtensions) {
  EXPECT_EQ(relocations(".macro away, to\ncbz x0, \\to\n.endm\naway a\n"),
            "R_AARCH64_CONDBR19 a\n");
  EXPECT_EQ(relocations(".pushsection .fixup, \"ax\"\nb.eq a\n.popsection\n"),
            "R_AARCH64_CONDBR19 a\n");
  EXPECT_EQ(relocations(".arch_extension lse\ncas x0, x1, [x2]\ncbz x0, a\n"),
            "R_AARCH64_CONDBR19 a\n");
  // Without it too: the host judges what its functions may use.
  EXPECT_EQ(relocations("cas x0, x1, [x2]\ncbz x0, a\n", "+v8a"),
            "R_AARCH64_CONDBR19 a\n");
}

TEST_F(AssemblerTest, FaultIsAnErrorWithItsLineAndPrintsNothing) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(relocations("nop\nnonsense x0\n"),
            "error: line 2: unrecognized instruction mnemonic");
  // Found at the end, when the object is laid out.
  EXPECT_NE(relocations("tbz x0, #1, a\n.space 0x10000\na:\n")
                .find("error: line 1: fixup value out of range"),
            std::string::npos);
  EXPECT_NE(relocations("a:\na:\n").find("error: line 2"), std::string::npos);
  EXPECT_NE(relocations(".if 1\n").find("error: "), std::string::npos);
  EXPECT_NE(relocations(".err\n").find("error: "), std::string::npos);
  EXPECT_NE(relocations(".section .text,\"aw\"\n.quad a-b\n").find("error: "),
            std::string::npos);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

/// Each would take all memory before anybody could refuse it.
TEST_F(AssemblerTest, NumberWithoutMeasureIsAFault) {
  for (StringRef Text : {"a: .rept 1000000000\nnop\n.endr\n",
                         ".rept 100000\n.REPT 100000\nnop\n.endr\n.endr\n",
                         "nop\n.fill 0x40000000, 8, 1\n",
                         "nop; .org 0x7fffffff\n", "nop\n.p2align 31\n",
                         "nop\n.balign 0x40000000\n", ".dcb.q 1000000000, 0\n"})
    EXPECT_NE(relocations(Text).find("of so large a number"), std::string::npos)
        << Text.str();
  EXPECT_EQ(relocations(".rept 2\ncbz x0, a\n.endr\n.rept 1000\nnop\n.endr\n"
                        ".p2align 4\n.fill 3, 4, 0\n.balign 64\n"),
            "R_AARCH64_CONDBR19 a\nR_AARCH64_CONDBR19 a\n");
  // Bytes here, a power of two above.
  EXPECT_EQ(relocations(".align 32\nnop\n", "", "x86_64-linux-gnu"), "");
}

TEST_F(AssemblerTest, WarningIsNoFault) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(relocations(".warning \"mind\"\ncbz x0, a\n"),
            "R_AARCH64_CONDBR19 a\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(AssemblerTest, EmptyTextIsAnObjectWithoutCode) {
  EXPECT_EQ(relocations(""), "");
}

TEST_F(AssemblerTest, FeaturesChooseTheInstructionSet) {
  EXPECT_EQ(relocations("bl a\n", "+thumb-mode", "armv7-linux-gnueabi"),
            "R_ARM_THM_CALL a\n");
  EXPECT_EQ(relocations("bl a\n", "-thumb-mode", "armv7-linux-gnueabi"),
            "R_ARM_CALL a\n");
}

TEST_F(AssemblerTest, UnknownTargetIsUnavailable) {
  Assembler A(Triple("nonsense-unknown-elf"));
  EXPECT_FALSE(A.isAvailable());
  Expected<SmallVector<char, 0>> Object = A.assemble("nop", "", "");
  ASSERT_FALSE(bool(Object));
  EXPECT_EQ(toString(Object.takeError()),
            "the host has no assembler for nonsense-unknown-elf");
}

} // namespace
