//===- RelocationReachTest.cpp - How far each relocation reaches ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong numbers in a table look like right ones. So they stand here a second
// time, as the psABIs write them (powers of two), and the names and type
// numbers are held against LLVM's own lists.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/RelocationReach.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELF.h"
#include "gtest/gtest.h"
#include <tuple>

using namespace llvm;
using namespace llvm::ELF;
using namespace section_placement;

namespace {

constexpr int64_t KiB = 1024, MiB = 1024 * KiB;

/// What the table shall say of one type.
struct Expectation {
  uint16_t Machine;
  uint32_t Type;
  int64_t Lowest;
  int64_t Highest;
  bool IsCall;
};

void expectShort(ArrayRef<Expectation> Expectations) {
  for (const Expectation &E : Expectations) {
    const RelocationReach *Row = findRelocationReach(E.Machine, E.Type);
    SCOPED_TRACE(testing::Message()
                 << "type " << E.Type << " of machine " << E.Machine);
    ASSERT_NE(Row, nullptr);
    SCOPED_TRACE(Row->Name.str());
    EXPECT_TRUE(Row->IsShort);
    EXPECT_EQ(Row->IsCall, E.IsCall);
    EXPECT_EQ(Row->Lowest, E.Lowest);
    EXPECT_EQ(Row->Highest, E.Highest);
  }
}

void expectFarCalls(uint16_t Machine, ArrayRef<uint32_t> Types) {
  for (uint32_t Type : Types) {
    const RelocationReach *Row = findRelocationReach(Machine, Type);
    ASSERT_NE(Row, nullptr) << "type " << Type << " of machine " << Machine;
    EXPECT_TRUE(Row->IsCall) << Row->Name.str();
    EXPECT_FALSE(Row->IsShort) << Row->Name.str();
    EXPECT_EQ(Row->reach(), 0u) << Row->Name.str();
  }
}

void expectAbsent(uint16_t Machine, ArrayRef<uint32_t> Types) {
  for (uint32_t Type : Types)
    EXPECT_EQ(findRelocationReach(Machine, Type), nullptr)
        << object::getELFRelocationTypeName(Machine, Type).str();
}

/// The types that no supported LLVM, or not the oldest, has a name for.
bool mayBeUnnamed(const RelocationReach &Row) {
  switch (Row.Machine) {
  case EM_SPARC:
    return Row.Type == 88;
  case EM_LOONGARCH:
    return Row.Type >= 64;
  case EM_PPC64:
    return Row.Type == 120 || Row.Type == 122 || Row.Type == 124;
  case EM_MIPS:
    return Row.Type == 113;
  default:
    return false;
  }
}

TEST(RelocationReach, TableIsSortedWithoutDoubles) {
  ArrayRef<RelocationReach> Table = relocationReaches();
  ASSERT_FALSE(Table.empty());
  for (size_t I = 1; I < Table.size(); ++I)
    EXPECT_LT(std::tie(Table[I - 1].Machine, Table[I - 1].Type),
              std::tie(Table[I].Machine, Table[I].Type))
        << Table[I].Name.str();
}

TEST(RelocationReach, EachRowIsFoundByItsKey) {
  for (const RelocationReach &Row : relocationReaches())
    EXPECT_EQ(findRelocationReach(Row.Machine, Row.Type), &Row)
        << Row.Name.str();
}

TEST(RelocationReach, NamesAgreeWithLLVM) {
  for (const RelocationReach &Row : relocationReaches()) {
    StringRef Name = object::getELFRelocationTypeName(Row.Machine, Row.Type);
    if (Name != "Unknown")
      EXPECT_EQ(Row.Name.str(), Name.str());
    else
      EXPECT_TRUE(mayBeUnnamed(Row)) << Row.Name.str();
  }
}

TEST(RelocationReach, RowsAreShortOrCallsAndNoneReachesBeyond4MiB) {
  for (const RelocationReach &Row : relocationReaches()) {
    SCOPED_TRACE(Row.Name.str());
    EXPECT_TRUE(Row.IsShort || Row.IsCall);
    EXPECT_LE(Row.Lowest, 0);
    EXPECT_GE(Row.Lowest, -4 * MiB);
    EXPECT_GE(Row.Highest, 0);
    EXPECT_LE(Row.Highest, 4 * MiB);
    EXPECT_EQ(Row.Lowest < Row.Highest, Row.IsShort);
  }
}

TEST(RelocationReach, AArch64AsInAAELF64) {
  expectShort({
      {EM_AARCH64, 262, -32 * KiB, 32 * KiB - 1, false}, // PREL16
      {EM_AARCH64, 273, -MiB, MiB - 1, false},           // LD_PREL_LO19
      {EM_AARCH64, 274, -MiB, MiB - 1, false},           // ADR_PREL_LO21
      {EM_AARCH64, 279, -32 * KiB, 32 * KiB - 1, true},  // TSTBR14
      {EM_AARCH64, 280, -1048576, 1048575, true},        // CONDBR19
      {EM_AARCH64, 287, -64 * KiB, 64 * KiB - 1, false}, // MOVW_PREL_G0
  });
  expectAbsent(EM_AARCH64,
               {R_AARCH64_NONE, R_AARCH64_ABS64, R_AARCH64_PREL32,
                R_AARCH64_PLT32, R_AARCH64_ADR_PREL_PG_HI21,
                R_AARCH64_ADD_ABS_LO12_NC, R_AARCH64_MOVW_UABS_G0,
                R_AARCH64_MOVW_PREL_G0_NC, R_AARCH64_GOT_LD_PREL19});
}

TEST(RelocationReach, ArmAndThumbAsInAAELF32) {
  expectShort({
      {EM_ARM, 4, -4095, 4095, false},  // LDR_PC_G0
      {EM_ARM, 11, 0, 1023, false},     // THM_PC8
      {EM_ARM, 52, 0, 126, true},       // THM_JUMP6
      {EM_ARM, 53, -4095, 4095, false}, // THM_ALU_PREL_11_0
      {EM_ARM, 54, -4095, 4095, false}, // THM_PC12
      {EM_ARM, 58, -1020, 1020, false}, // ALU_PC_G0
      {EM_ARM, 64, -255, 255, false},   // LDRS_PC_G0
      {EM_ARM, 67, -1020, 1020, false}, // LDC_PC_G0
      {EM_ARM, 102, -2048, 2047, true}, // THM_JUMP11
      {EM_ARM, 103, -256, 255, true},   // THM_JUMP8
  });
  expectAbsent(EM_ARM,
               {R_ARM_ABS32, R_ARM_REL32, R_ARM_PREL31, R_ARM_ABS12,
                R_ARM_ALU_PC_G0_NC, R_ARM_MOVW_PREL_NC, R_ARM_THM_BF16});
}

TEST(RelocationReach, RISCVAsInItsPsABI) {
  expectShort({
      {EM_RISCV, 16, -4 * KiB, 4 * KiB - 1, true}, // BRANCH
      {EM_RISCV, 17, -MiB, MiB - 1, true},         // JAL
      {EM_RISCV, 44, -256, 255, true},             // RVC_BRANCH
      {EM_RISCV, 45, -2 * KiB, 2 * KiB - 1, true}, // RVC_JUMP
  });
  // 193 is a branch of one vendor and something else of another.
  expectAbsent(EM_RISCV, {R_RISCV_PCREL_HI20, R_RISCV_PCREL_LO12_I,
                          R_RISCV_HI20, R_RISCV_GOT_HI20, R_RISCV_SUB6, 193});
}

TEST(RelocationReach, MIPSAsInBinutils) {
  expectShort({
      {EM_MIPS, 10, -128 * KiB, 128 * KiB - 1, true}, // PC16
      {EM_MIPS, 60, -4 * MiB, 4 * MiB - 1, true},     // PC21_S2
      {EM_MIPS, 62, -MiB, MiB - 1, false},            // PC18_S3
      {EM_MIPS, 63, -MiB, MiB - 1, false},            // PC19_S2
      {EM_MIPS, 113, -64 * KiB, 64 * KiB - 1, true},  // MIPS16_PC16_S1
      {EM_MIPS, 139, -128, 127, true},                // MICROMIPS_PC7_S1
      {EM_MIPS, 140, -1024, 1023, true},              // MICROMIPS_PC10_S1
      {EM_MIPS, 141, -64 * KiB, 64 * KiB - 1, true},  // MICROMIPS_PC16_S1
      {EM_MIPS, 174, -2 * MiB, 2 * MiB - 1, true},    // MICROMIPS_PC21_S1
      {EM_MIPS, 176, -MiB, MiB - 1, false},           // MICROMIPS_PC18_S3
      {EM_MIPS, 177, -MiB, MiB - 1, false},           // MICROMIPS_PC19_S2
  });
  expectAbsent(EM_MIPS, {R_MIPS_32, R_MIPS_HI16, R_MIPS_GOT16, R_MIPS_CALL16,
                         R_MIPS_PCHI16, R_MIPS_PCLO16, R_MICROMIPS_PC23_S2});
}

TEST(RelocationReach, LoongArchAsInItsPsABI) {
  expectShort({
      {EM_LOONGARCH, 64, -128 * KiB, 128 * KiB - 1, true}, // B16
      {EM_LOONGARCH, 65, -4 * MiB, 4 * MiB - 1, true},     // B21
      {EM_LOONGARCH, 103, -2 * MiB, 2 * MiB - 1, false},   // PCREL20_S2
  });
  // SOP_POP_32_S_10_16, PCALA_HI20, 32_PCREL, TLS_LD_PCREL20_S2.
  expectAbsent(EM_LOONGARCH, {38, 71, 99, 124});
}

TEST(RelocationReach, PowerPC64AsInELFv2) {
  expectShort({{EM_PPC64, 249, -32 * KiB, 32 * KiB - 1, false}}); // REL16
  expectAbsent(EM_PPC64, {R_PPC64_ADDR14, R_PPC64_TOC16, R_PPC64_REL16_LO,
                          R_PPC64_REL16_HA, R_PPC64_REL32, R_PPC64_PCREL34});
}

TEST(RelocationReach, X86AsInItsPsABIs) {
  expectShort({
      {EM_386, 21, -64 * KiB, 64 * KiB - 1, true},    // PC16
      {EM_386, 23, -128, 127, true},                  // PC8
      {EM_X86_64, 13, -32 * KiB, 32 * KiB - 1, true}, // PC16
      {EM_X86_64, 15, -128, 127, true},               // PC8
  });
  expectFarCalls(EM_386, {R_386_PC32, R_386_PLT32});
  expectFarCalls(EM_X86_64, {R_X86_64_PLT32});
  // PC32 is any operand relative to RIP.
  expectAbsent(EM_X86_64, {R_X86_64_PC32, R_X86_64_8, R_X86_64_GOTPCREL,
                           R_X86_64_GOTPCRELX, R_X86_64_PC64});
}

TEST(RelocationReach, AVRCountsFromTheNextInstruction) {
  expectShort({
      {EM_AVR, 2, -128 + 2, 127 + 2, true},   // 7_PCREL
      {EM_AVR, 3, -4096 + 2, 4095 + 2, true}, // 13_PCREL
  });
  expectFarCalls(EM_AVR, {R_AVR_CALL});
  expectAbsent(EM_AVR, {R_AVR_16_PM, R_AVR_LO8_LDI, R_AVR_LDS_STS_16});
}

TEST(RelocationReach, SystemZAsInItsPsABI) {
  expectShort({
      {EM_S390, 16, -32 * KiB, 32 * KiB - 1, false}, // PC16
      {EM_S390, 17, -64 * KiB, 64 * KiB - 1, true},  // PC16DBL
      {EM_S390, 18, -64 * KiB, 64 * KiB - 1, true},  // PLT16DBL
      {EM_S390, 62, -4 * KiB, 4 * KiB - 1, false},   // PC12DBL
      {EM_S390, 63, -4 * KiB, 4 * KiB - 1, false},   // PLT12DBL
  });
  expectFarCalls(EM_S390, {R_390_PC32DBL, R_390_PLT32DBL});
  expectAbsent(EM_S390, {R_390_GOT12, R_390_16, R_390_PC32, R_390_PC24DBL,
                         R_390_PLTOFF16, R_390_GOTPCDBL});
}

TEST(RelocationReach, PowerPC32AsInItsSupplement) {
  expectShort({
      {EM_PPC, 11, -32 * KiB, 32 * KiB - 1, true},   // REL14
      {EM_PPC, 12, -32 * KiB, 32 * KiB - 1, true},   // REL14_BRTAKEN
      {EM_PPC, 13, -32 * KiB, 32 * KiB - 1, true},   // REL14_BRNTAKEN
      {EM_PPC, 249, -32 * KiB, 32 * KiB - 1, false}, // REL16
  });
  expectFarCalls(EM_PPC, {R_PPC_REL24, R_PPC_PLTREL24, R_PPC_LOCAL24PC});
  expectAbsent(EM_PPC, {R_PPC_ADDR14, R_PPC_ADDR24, R_PPC_REL32, R_PPC_SDAREL16,
                        R_PPC_REL16_HA});
}

TEST(RelocationReach, SPARCOfBothSizes) {
  for (uint16_t Machine : {EM_SPARC, EM_SPARC32PLUS, EM_SPARCV9}) {
    expectShort({
        {Machine, 4, -128, 127, false},                 // DISP8
        {Machine, 5, -32 * KiB, 32 * KiB - 1, false},   // DISP16
        {Machine, 40, -128 * KiB, 128 * KiB - 1, true}, // WDISP16
        {Machine, 41, -MiB, MiB - 1, true},             // WDISP19
        {Machine, 88, -2 * KiB, 2 * KiB - 1, true},     // WDISP10
    });
    expectFarCalls(Machine, {R_SPARC_WDISP30, R_SPARC_WDISP22, R_SPARC_WPLT30});
    expectAbsent(Machine, {R_SPARC_13, R_SPARC_22, R_SPARC_HI22, R_SPARC_PC10,
                           R_SPARC_DISP32, R_SPARC_GOT13});
    EXPECT_TRUE(isKnownMachine(Machine));
  }
}

TEST(RelocationReach, HexagonAsInItsABI) {
  expectShort({
      {EM_HEXAGON, 2, -64 * KiB, 64 * KiB - 1, true},  // B15_PCREL
      {EM_HEXAGON, 3, -256, 255, false},               // B7_PCREL
      {EM_HEXAGON, 14, -16 * KiB, 16 * KiB - 1, true}, // B13_PCREL
      {EM_HEXAGON, 15, -KiB, KiB - 1, true},           // B9_PCREL
  });
  expectFarCalls(EM_HEXAGON, {R_HEX_B22_PCREL, R_HEX_B22_PCREL_X,
                              R_HEX_B15_PCREL_X, R_HEX_PLT_B22_PCREL});
  expectAbsent(EM_HEXAGON, {R_HEX_LO16, R_HEX_B32_PCREL_X, R_HEX_6_PCREL_X});
}

TEST(RelocationReach, M68kAsInItsSupplement) {
  expectShort({
      {EM_68K, 5, -32 * KiB, 32 * KiB - 1, true},  // PC16
      {EM_68K, 6, -128, 127, true},                // PC8
      {EM_68K, 14, -32 * KiB, 32 * KiB - 1, true}, // PLT16
      {EM_68K, 15, -128, 127, true},               // PLT8
  });
  expectFarCalls(EM_68K, {R_68K_PC32, R_68K_PLT32});
  expectAbsent(EM_68K, {R_68K_16, R_68K_8, R_68K_GOTPCREL16, R_68K_PLTOFF16});
}

TEST(RelocationReach, NameTellsWhetherItsMachineIsKnown) {
  EXPECT_TRUE(isOfKnownMachine("R_AARCH64_ABS64"));
  EXPECT_TRUE(isOfKnownMachine("R_PPC_ADDR32"));
  EXPECT_FALSE(isOfKnownMachine("R_XTENSA_SLOT0_OP"));
  EXPECT_FALSE(isOfKnownMachine("R_"));
  EXPECT_FALSE(isOfKnownMachine(""));
  EXPECT_EQ(reachesUnknown(94),
            "short references of xtensa (e_machine 94) are not known");
  EXPECT_EQ(reachesUnknown(0xfff0),
            "short references of e_machine 65520 are not known");
}

TEST(RelocationReach, WhatALinkerExtendsIsACallAndNotShort) {
  expectFarCalls(EM_AARCH64, {R_AARCH64_CALL26, R_AARCH64_JUMP26});
  expectFarCalls(EM_ARM, {R_ARM_PC24, R_ARM_PLT32, R_ARM_CALL, R_ARM_JUMP24,
                          R_ARM_THM_CALL, R_ARM_THM_JUMP24, R_ARM_THM_JUMP19});
  expectFarCalls(EM_PPC64,
                 {R_PPC64_REL24, R_PPC64_REL24_NOTOC, R_PPC64_REL14,
                  R_PPC64_REL14_BRTAKEN, R_PPC64_REL14_BRNTAKEN,
                  /*R_PPC64_PLTCALL*/ 120, /*R_PPC64_PLTCALL_NOTOC*/ 122,
                  /*R_PPC64_REL24_P9NOTOC*/ 124});
}

TEST(RelocationReach, CallsThatReachFarAreNotShort) {
  expectFarCalls(EM_RISCV, {R_RISCV_CALL, R_RISCV_CALL_PLT});
  expectFarCalls(EM_MIPS,
                 {R_MIPS_26, R_MIPS_JALR, R_MIPS_PC26_S2, R_MIPS16_26,
                  R_MICROMIPS_26_S1, R_MICROMIPS_JALR, R_MICROMIPS_PC26_S1});
  expectFarCalls(EM_LOONGARCH, {/*R_LARCH_B26*/ 66, /*R_LARCH_CALL36*/ 110,
                                /*R_LARCH_CALL30*/ 127});
}

TEST(RelocationReach, ReachIsThatOfTheDirectionThatReachesFarther) {
  EXPECT_EQ(findRelocationReach(EM_AARCH64, R_AARCH64_CONDBR19)->reach(),
            1048576u);
  EXPECT_EQ(findRelocationReach(EM_AVR, R_AVR_7_PCREL)->reach(), 129u);
  // Forward only.
  EXPECT_EQ(findRelocationReach(EM_ARM, R_ARM_THM_JUMP6)->reach(), 126u);
}

TEST(RelocationReach, KnowsItsMachines) {
  for (uint16_t Machine :
       {EM_386, EM_68K, EM_MIPS, EM_PPC, EM_HEXAGON, EM_SPARC, EM_PPC64,
        EM_S390, EM_ARM, EM_X86_64, EM_AVR, EM_AARCH64, EM_RISCV, EM_LOONGARCH})
    EXPECT_TRUE(isKnownMachine(Machine)) << Machine;
}

TEST(RelocationReach, UnknownMachineGivesNull) {
  for (unsigned Machine : {unsigned(EM_NONE), unsigned(EM_MSP430),
                           unsigned(EM_XTENSA), unsigned(EM_BPF), 0xffffu}) {
    EXPECT_FALSE(isKnownMachine(Machine)) << Machine;
    for (uint32_t Type = 0; Type < 512; ++Type)
      EXPECT_EQ(findRelocationReach(Machine, Type), nullptr) << Machine;
  }
}

TEST(RelocationReach, UnknownTypeOfAKnownMachineGivesNull) {
  for (const RelocationReach &Row : relocationReaches())
    for (uint32_t Type : {uint32_t(0), uint32_t(UINT32_MAX), Row.Type + 4096})
      EXPECT_EQ(findRelocationReach(Row.Machine, Type), nullptr)
          << Row.Name.str();
}

} // namespace
