//===- RelocationFormTest.cpp - Addends that stand in instructions --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions are those that llvm-mc writes for the text in the comment,
// with its relocation.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/RelocationForm.h"
#include "llvm/BinaryFormat/ELF.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace llvm::ELF;
using namespace section_placement;

namespace {

/// binutils, include/elf/mips.h; LLVM does not name it.
constexpr uint32_t R_MIPS16_PC16_S1 = 113;

struct Case {
  uint16_t Machine;
  uint32_t Type;
  bool IsBigEndian;
  std::vector<uint8_t> Bytes;
  int64_t Addend;
};

const Case Cases[] = {
    // b.n . and beq.n ., whose field is -4.
    {EM_ARM, R_ARM_THM_JUMP11, false, {0xfe, 0xe7}, -4},
    {EM_ARM, R_ARM_THM_JUMP11, true, {0xe7, 0xfe}, -4},
    {EM_ARM, R_ARM_THM_JUMP8, false, {0xfe, 0xd0}, -4},
    // cbz and ldr, which reach forward only: -4 wraps.
    {EM_ARM, R_ARM_THM_JUMP6, false, {0xf0, 0xb3}, -4},
    {EM_ARM, R_ARM_THM_JUMP6, false, {0x00, 0xb1}, 0},
    {EM_ARM, R_ARM_THM_PC8, false, {0xff, 0x48}, -4},
    {EM_ARM, R_ARM_THM_PC8, false, {0x01, 0x48}, 4},
    // adr.w r2, .-4 and .+4; ldr.w r1, [pc, #-4] and [pc, #4].
    {EM_ARM, R_ARM_THM_ALU_PREL_11_0, false, {0xaf, 0xf2, 0x04, 0x02}, -4},
    {EM_ARM, R_ARM_THM_ALU_PREL_11_0, false, {0x0f, 0xf2, 0x04, 0x02}, 4},
    {EM_ARM, R_ARM_THM_ALU_PREL_11_0, false, {0x0f, 0xf6, 0xff, 0x72}, 4095},
    {EM_ARM, R_ARM_THM_PC12, false, {0x5f, 0xf8, 0x04, 0x10}, -4},
    {EM_ARM, R_ARM_THM_PC12, false, {0xdf, 0xf8, 0x04, 0x10}, 4},
    // ldr r1, [pc, #-8]; ldrh r2, [pc, #-8] and [pc, #255]; vldr with 4 * 2.
    {EM_ARM, R_ARM_LDR_PC_G0, false, {0x08, 0x10, 0x1f, 0xe5}, -8},
    {EM_ARM, R_ARM_LDR_PC_G0, true, {0xe5, 0x1f, 0x10, 0x08}, -8},
    {EM_ARM, R_ARM_LDRS_PC_G0, false, {0xb8, 0x20, 0x5f, 0xe1}, -8},
    {EM_ARM, R_ARM_LDRS_PC_G0, false, {0xbf, 0x2f, 0xdf, 0xe1}, 255},
    {EM_ARM, R_ARM_LDC_PC_G0, false, {0x02, 0x0b, 0x1f, 0xed}, -8},
    // adr r0, .: sub r0, pc, #8; add r0, pc, #1020, which is 255 rotated by 30.
    {EM_ARM, R_ARM_ALU_PC_G0, false, {0x08, 0x00, 0x4f, 0xe2}, -8},
    {EM_ARM, R_ARM_ALU_PC_G0, false, {0xff, 0x0f, 0x8f, 0xe2}, 1020},
    {EM_386, R_386_PC8, false, {0xff}, -1},
    {EM_386, R_386_PC16, false, {0xfe, 0xff}, -2},
    // b .: the delay slot is taken off; beqzc, lwpc, ldpc.
    {EM_MIPS, R_MIPS_PC16, true, {0x10, 0x00, 0xff, 0xff}, -4},
    {EM_MIPS, R_MIPS_PC16, false, {0xff, 0xff, 0x00, 0x10}, -4},
    {EM_MIPS, R_MIPS_PC21_S2, true, {0xd8, 0x5f, 0xff, 0xff}, -4},
    {EM_MIPS, R_MIPS_PC19_S2, true, {0xec, 0x48, 0x00, 0x01}, 4},
    {EM_MIPS, R_MIPS_PC18_S3, true, {0xec, 0x58, 0x00, 0x01}, 8},
    // microMIPS: halfwords, the more significant one first, in either order.
    {EM_MIPS, R_MICROMIPS_PC7_S1, false, {0x7e, 0x8d}, -4},
    {EM_MIPS, R_MICROMIPS_PC10_S1, true, {0xcf, 0xfe}, -4},
    {EM_MIPS, R_MICROMIPS_PC16_S1, false, {0x62, 0x94, 0xfe, 0xff}, -4},
    {EM_MIPS, R_MICROMIPS_PC16_S1, true, {0x94, 0x62, 0xff, 0xfe}, -4},
    // An extended MIPS16 branch: bits 10 to 5 and 15 to 11, then 4 to 0.
    {EM_MIPS, R_MIPS16_PC16_S1, true, {0xf7, 0xff, 0x10, 0x1e}, -4},
    {EM_MIPS, R_MIPS16_PC16_S1, true, {0xf0, 0x20, 0x10, 0x01}, 66},
};

TEST(RelocationFormTest, ReadsAddendsOfInstructions) {
  for (const Case &C : Cases) {
    const RelocationReach *Row = findRelocationReach(C.Machine, C.Type);
    ASSERT_NE(Row, nullptr) << C.Type;
    SCOPED_TRACE(Row->Name.str());
    std::optional<int64_t> Addend =
        implicitAddend(Row->Machine, Row->Type, C.Bytes, C.IsBigEndian);
    ASSERT_TRUE(Addend.has_value());
    EXPECT_EQ(*Addend, C.Addend);
    // One byte less, and it stands over the end of its section.
    EXPECT_FALSE(implicitAddend(Row->Machine, Row->Type,
                                ArrayRef<uint8_t>(C.Bytes).drop_back(),
                                C.IsBigEndian)
                     .has_value());
  }
}

TEST(RelocationFormTest, EveryShortTypeOfSuchTargetsIsRead) {
  std::vector<uint8_t> Ones(4, 0xff), Zeros(4, 0);
  for (const RelocationReach &Row : relocationReaches()) {
    bool KeepsAddends = Row.Machine == EM_386 || Row.Machine == EM_ARM ||
                        Row.Machine == EM_MIPS;
    if (!Row.IsShort || !KeepsAddends)
      continue;
    SCOPED_TRACE(Row.Name.str());
    EXPECT_NE(implicitAddend(Row.Machine, Row.Type, Ones, false), int64_t(0));
    EXPECT_EQ(implicitAddend(Row.Machine, Row.Type, Zeros, false), int64_t(0));
  }
}

TEST(RelocationFormTest, SomeLoadsCountFromAnAlignedPlace) {
  auto Counted = [](uint16_t Machine, uint32_t Type, uint64_t Place) {
    return countedPlace(*findRelocationReach(Machine, Type), Place);
  };
  EXPECT_EQ(Counted(EM_ARM, R_ARM_THM_PC12, 0x1006), 0x1004u);
  EXPECT_EQ(Counted(EM_ARM, R_ARM_THM_JUMP11, 0x1006), 0x1006u);
  EXPECT_EQ(Counted(EM_MIPS, R_MIPS_PC18_S3, 0x1004), 0x1000u);
  EXPECT_EQ(Counted(EM_AARCH64, R_AARCH64_LD_PREL_LO19, 0x1006), 0x1006u);
}

TEST(RelocationForm, CallsOfThreadLocalDescriptorsAreKnownByTheirNumbers) {
  EXPECT_TRUE(isThreadLocalCall(EM_AARCH64, R_AARCH64_TLSDESC_CALL));
  EXPECT_TRUE(isThreadLocalCall(EM_386, R_386_TLS_DESC_CALL));
  EXPECT_TRUE(isThreadLocalCall(EM_X86_64, R_X86_64_TLSDESC_CALL));
  EXPECT_TRUE(isThreadLocalCall(EM_ARM, R_ARM_THM_TLS_CALL));
  EXPECT_TRUE(isThreadLocalCall(EM_RISCV, 65));
  EXPECT_TRUE(isThreadLocalCall(EM_LOONGARCH, 120));
  EXPECT_FALSE(isThreadLocalCall(EM_RISCV, R_RISCV_CALL_PLT));
  EXPECT_FALSE(isThreadLocalCall(EM_AARCH64, R_AARCH64_CALL26));
  EXPECT_FALSE(isThreadLocalCall(EM_X86_64, 65));
}

} // namespace
