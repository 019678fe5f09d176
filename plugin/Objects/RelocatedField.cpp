//===- RelocatedField.cpp - What a linker writes into a field -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The types are those of aaelf32, aaelf64, the RISC-V psABI and the System V
// ABIs of i386 and x86-64; the fields are those of the instruction sets'
// manuals.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/RelocatedField.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace llvm::ELF;

namespace section_placement {

static constexpr uint64_t AllBits = ~uint64_t(0);

static constexpr RelocatedField mark(uint16_t Machine, uint32_t Type) {
  return {Machine, Type, FieldPart::Nothing, FieldLayout::Word, 0, 0, false,
          false,   0};
}

static constexpr RelocatedField branch(uint16_t Machine, uint32_t Type,
                                       uint8_t Size, uint64_t Mask,
                                       bool IsHalves = false) {
  return {Machine,  Type, FieldPart::Branch, FieldLayout::Word, Size, 0, true,
          IsHalves, Mask};
}

static constexpr RelocatedField word(uint16_t Machine, uint32_t Type,
                                     uint8_t Size, bool IsRelative) {
  return {Machine,    Type,  FieldPart::Whole, FieldLayout::Word, Size, 0,
          IsRelative, false, AllBits};
}

static constexpr RelocatedField difference(uint32_t Type, uint8_t Size) {
  return {EM_RISCV,
          Type,
          FieldPart::Difference,
          FieldLayout::Word,
          Size,
          0,
          false,
          false,
          AllBits};
}

static constexpr RelocatedField part(uint16_t Machine, uint32_t Type,
                                     FieldPart Part, FieldLayout Layout,
                                     uint64_t Mask, bool IsRelative = false,
                                     uint8_t Scale = 0) {
  return {Machine, Type,  Part,       Layout,
          4,       Scale, IsRelative, Layout == FieldLayout::ThumbMove,
          Mask};
}

static constexpr RelocatedField FieldTable[] = {
    word(EM_386, R_386_32, 4, false),
    word(EM_386, R_386_PC32, 4, true),
    branch(EM_386, R_386_PLT32, 4, AllBits),

    word(EM_X86_64, R_X86_64_64, 8, false),
    word(EM_X86_64, R_X86_64_PC32, 4, true),
    branch(EM_X86_64, R_X86_64_PLT32, 4, AllBits),
    word(EM_X86_64, R_X86_64_32, 4, false),
    word(EM_X86_64, R_X86_64_32S, 4, false),
    word(EM_X86_64, R_X86_64_PC64, 8, true),

    word(EM_ARM, R_ARM_ABS32, 4, false),
    word(EM_ARM, R_ARM_TARGET1, 4, false),
    word(EM_ARM, R_ARM_REL32, 4, true),
    mark(EM_ARM, R_ARM_NONE),
    mark(EM_ARM, R_ARM_V4BX),
    branch(EM_ARM, R_ARM_PC24, 4, 0x00ffffff),
    branch(EM_ARM, R_ARM_CALL, 4, 0x00ffffff),
    branch(EM_ARM, R_ARM_JUMP24, 4, 0x00ffffff),
    branch(EM_ARM, R_ARM_PLT32, 4, 0x00ffffff),
    // bl may become blx, which has bit 12 clear.
    branch(EM_ARM, R_ARM_THM_CALL, 4, 0x07ff3fff, true),
    branch(EM_ARM, R_ARM_THM_JUMP24, 4, 0x07ff2fff, true),
    branch(EM_ARM, R_ARM_THM_JUMP19, 4, 0x043f2fff, true),
    branch(EM_ARM, R_ARM_THM_JUMP11, 2, 0x07ff),
    branch(EM_ARM, R_ARM_THM_JUMP8, 2, 0x00ff),
    part(EM_ARM, R_ARM_MOVW_ABS_NC, FieldPart::Low, FieldLayout::ArmMove,
         0x000f0fff),
    part(EM_ARM, R_ARM_MOVT_ABS, FieldPart::High, FieldLayout::ArmMove,
         0x000f0fff),
    part(EM_ARM, R_ARM_THM_MOVW_ABS_NC, FieldPart::Low, FieldLayout::ThumbMove,
         0x040f70ff),
    part(EM_ARM, R_ARM_THM_MOVT_ABS, FieldPart::High, FieldLayout::ThumbMove,
         0x040f70ff),

    mark(EM_AARCH64, R_AARCH64_NONE),
    word(EM_AARCH64, R_AARCH64_ABS64, 8, false),
    word(EM_AARCH64, R_AARCH64_ABS32, 4, false),
    word(EM_AARCH64, R_AARCH64_PREL64, 8, true),
    word(EM_AARCH64, R_AARCH64_PREL32, 4, true),
    branch(EM_AARCH64, R_AARCH64_CALL26, 4, 0x03ffffff),
    branch(EM_AARCH64, R_AARCH64_JUMP26, 4, 0x03ffffff),
    branch(EM_AARCH64, R_AARCH64_CONDBR19, 4, 0x00ffffe0),
    branch(EM_AARCH64, R_AARCH64_TSTBR14, 4, 0x0007ffe0),
    part(EM_AARCH64, R_AARCH64_ADR_PREL_LO21, FieldPart::Whole,
         FieldLayout::AArch64Adr, 0x60ffffe0, true),
    part(EM_AARCH64, R_AARCH64_LD_PREL_LO19, FieldPart::Whole,
         FieldLayout::AArch64Load, 0x00ffffe0, true),
    part(EM_AARCH64, R_AARCH64_ADR_PREL_PG_HI21, FieldPart::High,
         FieldLayout::AArch64Adr, 0x60ffffe0, true, 12),
    part(EM_AARCH64, R_AARCH64_ADD_ABS_LO12_NC, FieldPart::Low,
         FieldLayout::AArch64Add, 0x003ffc00),
    part(EM_AARCH64, R_AARCH64_LDST8_ABS_LO12_NC, FieldPart::Low,
         FieldLayout::AArch64Add, 0x003ffc00),
    part(EM_AARCH64, R_AARCH64_LDST16_ABS_LO12_NC, FieldPart::Low,
         FieldLayout::AArch64Add, 0x003ffc00, false, 1),
    part(EM_AARCH64, R_AARCH64_LDST32_ABS_LO12_NC, FieldPart::Low,
         FieldLayout::AArch64Add, 0x003ffc00, false, 2),
    part(EM_AARCH64, R_AARCH64_LDST64_ABS_LO12_NC, FieldPart::Low,
         FieldLayout::AArch64Add, 0x003ffc00, false, 3),
    part(EM_AARCH64, R_AARCH64_LDST128_ABS_LO12_NC, FieldPart::Low,
         FieldLayout::AArch64Add, 0x003ffc00, false, 4),

    mark(EM_RISCV, R_RISCV_NONE),
    mark(EM_RISCV, R_RISCV_RELAX),
    mark(EM_RISCV, R_RISCV_ALIGN),
    word(EM_RISCV, R_RISCV_32, 4, false),
    word(EM_RISCV, R_RISCV_64, 8, false),
    word(EM_RISCV, R_RISCV_32_PCREL, 4, true),
    branch(EM_RISCV, R_RISCV_BRANCH, 4, 0xfe000f80),
    branch(EM_RISCV, R_RISCV_JAL, 4, 0xfffff000),
    branch(EM_RISCV, R_RISCV_RVC_BRANCH, 2, 0x1c7c),
    branch(EM_RISCV, R_RISCV_RVC_JUMP, 2, 0x1ffc),
    branch(EM_RISCV, R_RISCV_CALL, 8, 0xfff00000fffff000),
    branch(EM_RISCV, R_RISCV_CALL_PLT, 8, 0xfff00000fffff000),
    part(EM_RISCV, R_RISCV_HI20, FieldPart::High, FieldLayout::RiscvUpper,
         0xfffff000),
    part(EM_RISCV, R_RISCV_PCREL_HI20, FieldPart::High, FieldLayout::RiscvUpper,
         0xfffff000, true),
    part(EM_RISCV, R_RISCV_LO12_I, FieldPart::Low, FieldLayout::RiscvI,
         0xfff00000),
    part(EM_RISCV, R_RISCV_LO12_S, FieldPart::Low, FieldLayout::RiscvS,
         0xfe000f80),
    part(EM_RISCV, R_RISCV_PCREL_LO12_I, FieldPart::LowOfLabel,
         FieldLayout::RiscvI, 0xfff00000, true),
    part(EM_RISCV, R_RISCV_PCREL_LO12_S, FieldPart::LowOfLabel,
         FieldLayout::RiscvS, 0xfe000f80, true),
    difference(R_RISCV_ADD8, 1),
    difference(R_RISCV_ADD16, 2),
    difference(R_RISCV_ADD32, 4),
    difference(R_RISCV_ADD64, 8),
    difference(R_RISCV_SUB8, 1),
    difference(R_RISCV_SUB16, 2),
    difference(R_RISCV_SUB32, 4),
    difference(R_RISCV_SUB64, 8),
};

const RelocatedField *findRelocatedField(uint16_t Machine, uint32_t Type) {
  for (const RelocatedField &F : FieldTable)
    if (F.Machine == Machine && F.Type == Type)
      return &F;
  return nullptr;
}

uint8_t maskOfByte(const RelocatedField &F, unsigned Index) {
  if (Index >= F.Size)
    return 0;
  unsigned Byte = F.IsHalves ? (Index ^ 2) : Index;
  return F.Mask >> 8 * Byte;
}

std::optional<uint64_t> valueIn(const RelocatedField &F,
                                ArrayRef<uint8_t> Bytes) {
  if (Bytes.size() < F.Size || F.Part == FieldPart::Branch ||
      F.Part == FieldPart::Difference)
    return std::nullopt;
  uint64_t Code = 0;
  for (unsigned I = 0; I < F.Size; ++I)
    Code |= uint64_t(Bytes[I]) << 8 * (F.IsHalves ? (I ^ 2) : I);
  switch (F.Layout) {
  case FieldLayout::Word:
    return Code;
  case FieldLayout::ArmMove:
    return (Code >> 4 & 0xf000) | (Code & 0xfff);
  case FieldLayout::ThumbMove: // imm4:i:imm3:imm8
    return (Code >> 4 & 0xf000) | (Code >> 15 & 0x800) | (Code >> 4 & 0x700) |
           (Code & 0xff);
  case FieldLayout::AArch64Adr:
    return uint64_t(SignExtend64<21>((Code >> 3 & 0x1ffffc) | (Code >> 29 & 3)))
           << F.Scale;
  case FieldLayout::AArch64Load:
    return SignExtend64<19>(Code >> 5 & 0x7ffff) * 4;
  case FieldLayout::AArch64Add:
    return (Code >> 10 & 0xfff) << F.Scale;
  case FieldLayout::RiscvUpper:
    return SignExtend64<32>(Code & 0xfffff000);
  case FieldLayout::RiscvI:
    return SignExtend64<12>(Code >> 20);
  case FieldLayout::RiscvS:
    return SignExtend64<12>((Code >> 20 & 0xfe0) | (Code >> 7 & 0x1f));
  }
  return std::nullopt;
}

/// What valueIn gives for S + A = \p Value.
static uint64_t wanted(const RelocatedField &F, uint64_t Place,
                       uint64_t Value) {
  uint64_t Distance = F.IsRelative ? Value - Place : Value;
  switch (F.Layout) {
  case FieldLayout::Word:
  case FieldLayout::AArch64Load:
    return Distance;
  case FieldLayout::ArmMove:
  case FieldLayout::ThumbMove:
    return (F.Part == FieldPart::High ? Value >> 16 : Value) & 0xffff;
  case FieldLayout::AArch64Adr:
    return F.Scale ? (Value & ~uint64_t(0xfff)) - (Place & ~uint64_t(0xfff))
                   : Distance;
  case FieldLayout::AArch64Add:
    return (Value & 0xfff) >> F.Scale << F.Scale;
  case FieldLayout::RiscvUpper:
    return SignExtend64<32>((Distance + 0x800) & 0xfffff000);
  case FieldLayout::RiscvI:
  case FieldLayout::RiscvS:
    return SignExtend64<12>(Distance & 0xfff);
  }
  return 0;
}

bool holds(const RelocatedField &F, uint64_t Held, uint64_t Place,
           uint64_t Value) {
  uint64_t Wanted = wanted(F, Place, Value);
  if (F.Layout == FieldLayout::Word && F.Size < 8)
    return ((Held ^ Wanted) & maskTrailingOnes<uint64_t>(8 * F.Size)) == 0;
  return Held == Wanted;
}

uint64_t valueOfWhole(const RelocatedField &F, uint64_t Held, uint64_t Place) {
  bool IsSigned =
      F.IsRelative || (F.Machine == EM_X86_64 && F.Type == R_X86_64_32S);
  if (F.Size == 4 && F.Layout == FieldLayout::Word && IsSigned)
    Held = SignExtend64<32>(Held);
  return F.IsRelative ? Place + Held : Held;
}

std::optional<uint64_t> valueOfPair(const RelocatedField &High,
                                    uint64_t HeldHigh, uint64_t Place,
                                    const RelocatedField &Low,
                                    uint64_t HeldLow) {
  if (High.Part != FieldPart::High ||
      (Low.Part != FieldPart::Low && Low.Part != FieldPart::LowOfLabel))
    return std::nullopt;
  switch (High.Layout) {
  case FieldLayout::ArmMove:
  case FieldLayout::ThumbMove:
    return HeldHigh << 16 | HeldLow;
  case FieldLayout::AArch64Adr:
    // Linkers refuse what is not aligned to a scaled field.
    return (Place & ~uint64_t(0xfff)) + HeldHigh + HeldLow;
  case FieldLayout::RiscvUpper:
    return HeldHigh + HeldLow + (High.IsRelative ? Place : 0);
  default:
    return std::nullopt;
  }
}

} // namespace section_placement
