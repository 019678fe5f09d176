//===- RelocationForm.cpp - How a relocation counts its distance ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The fields are those of the instruction sets' manuals; of Arm, aaelf32's
// "Addends and PC-bias compensation" says how they are read back.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/RelocationForm.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace llvm::ELF;

namespace section_placement {

/// binutils, include/elf/mips.h; LLVM does not name it.
enum : uint32_t { R_MIPS16_PC16_S1 = 113 };

/// R_LARCH_TLS_DESC_CALL and R_RISCV_TLSDESC_CALL, which LLVM names from 18 on;
/// by the psABIs of LoongArch and RISC-V.
enum : uint32_t { LoongArchDescriptorCall = 120, RISCVDescriptorCall = 65 };

namespace {
/// The instruction at a place, in the object's byte order.
class Instruction {
public:
  Instruction(ArrayRef<uint8_t> Bytes, bool IsBigEndian)
      : Bytes(Bytes), IsBigEndian(IsBigEndian) {}

  bool has(size_t Count) const { return Bytes.size() >= Count; }
  uint32_t byte() const { return Bytes[0]; }
  uint32_t half(size_t Offset = 0) const {
    const uint8_t *At = Bytes.data() + Offset;
    return IsBigEndian ? support::endian::read16be(At)
                       : support::endian::read16le(At);
  }
  uint32_t word() const {
    return IsBigEndian ? support::endian::read32be(Bytes.data())
                       : support::endian::read32le(Bytes.data());
  }
  /// Two halfwords, the more significant first: Thumb and microMIPS.
  uint32_t halves() const { return half() << 16 | half(2); }

private:
  ArrayRef<uint8_t> Bytes;
  bool IsBigEndian;
};
} // namespace

/// The low \p Bits of \p Field, which counts in steps of 1 << \p Scale bytes.
static int64_t field(uint32_t Field, unsigned Bits, unsigned Scale) {
  return SignExtend64(uint64_t(Field) << Scale &
                          maskTrailingOnes<uint64_t>(Bits + Scale),
                      Bits + Scale);
}

static int64_t withSign(bool IsAdded, uint32_t Magnitude) {
  return IsAdded ? int64_t(Magnitude) : -int64_t(Magnitude);
}

static uint32_t rotateRight(uint32_t Value, unsigned By) {
  return By ? Value >> By | Value << (32 - By) : Value;
}

/// Words that hold the whole of a value.
static bool isWord(uint16_t Machine, uint32_t Type) {
  switch (Machine) {
  case EM_386:
    return Type == R_386_32 || Type == R_386_PC32 || Type == R_386_PLT32;
  case EM_ARM:
    return Type == R_ARM_ABS32 || Type == R_ARM_REL32 || Type == R_ARM_TARGET1;
  case EM_MIPS:
    return Type == R_MIPS_32 || Type == R_MIPS_REL32 || Type == R_MIPS_PC32;
  default:
    return false;
  }
}

/// How many bytes of the place the addend of \p Type is read from.
static size_t width(uint16_t Machine, uint32_t Type) {
  switch (Machine) {
  case EM_386:
    return Type == R_386_PC8 ? 1 : 2;
  case EM_MIPS:
    return Type == R_MICROMIPS_PC7_S1 || Type == R_MICROMIPS_PC10_S1 ? 2 : 4;
  case EM_ARM:
    return Type == R_ARM_THM_JUMP11 || Type == R_ARM_THM_JUMP8 ||
                   Type == R_ARM_THM_JUMP6 || Type == R_ARM_THM_PC8
               ? 2
               : 4;
  default:
    return 0;
  }
}

static int64_t armAddend(uint32_t Type, const Instruction &I) {
  uint32_t Wrapped;
  switch (Type) {
  case R_ARM_THM_JUMP11:
    return field(I.half(), 11, 1);
  case R_ARM_THM_JUMP8:
    return field(I.half(), 8, 1);
  // These two cannot hold a negative number; the -4 of the program counter
  // wraps.
  case R_ARM_THM_JUMP6:
    Wrapped = (I.half() >> 3 & 0x40) | (I.half() >> 2 & 0x3e);
    return int64_t((Wrapped + 4) & 0x7f) - 4;
  case R_ARM_THM_PC8:
    Wrapped = (I.half() & 0xff) << 2;
    return int64_t((Wrapped + 4) & 0x3ff) - 4;
  case R_ARM_THM_ALU_PREL_11_0: {
    uint32_t Word = I.halves();
    bool IsSubtracted = (Word >> 16 & 0xa0) == 0xa0;
    return withSign(!IsSubtracted,
                    (Word >> 15 & 0x800) | (Word >> 4 & 0x700) | (Word & 0xff));
  }
  case R_ARM_THM_PC12:
    return withSign(I.halves() >> 23 & 1, I.halves() & 0xfff);
  case R_ARM_LDR_PC_G0:
    return withSign(I.word() >> 23 & 1, I.word() & 0xfff);
  case R_ARM_LDRS_PC_G0:
    return withSign(I.word() >> 23 & 1,
                    (I.word() >> 4 & 0xf0) | (I.word() & 0xf));
  case R_ARM_LDC_PC_G0:
    return withSign(I.word() >> 23 & 1, (I.word() & 0xff) << 2);
  case R_ARM_ALU_PC_G0: // add or sub.
    return withSign(I.word() >> 23 & 1,
                    rotateRight(I.word() & 0xff, I.word() >> 7 & 0x1e));
  default:
    return 0;
  }
}

static int64_t mipsAddend(uint32_t Type, const Instruction &I) {
  switch (Type) {
  case R_MIPS_PC16:
    return field(I.word(), 16, 2);
  case R_MIPS_PC21_S2:
    return field(I.word(), 21, 2);
  case R_MIPS_PC18_S3:
    return field(I.word(), 18, 3);
  case R_MIPS_PC19_S2:
    return field(I.word(), 19, 2);
  case R_MICROMIPS_PC7_S1:
    return field(I.half(), 7, 1);
  case R_MICROMIPS_PC10_S1:
    return field(I.half(), 10, 1);
  case R_MICROMIPS_PC16_S1:
    return field(I.halves(), 16, 1);
  case R_MICROMIPS_PC21_S1:
    return field(I.halves(), 21, 1);
  case R_MICROMIPS_PC18_S3:
    return field(I.halves(), 18, 3);
  case R_MICROMIPS_PC19_S2:
    return field(I.halves(), 19, 2);
  case R_MIPS16_PC16_S1: { // An EXTEND before the branch.
    uint32_t Word = I.halves();
    return field((Word >> 16 & 0x7e0) | (Word >> 5 & 0xf800) | (Word & 0x1f),
                 16, 1);
  }
  default:
    return 0;
  }
}

std::optional<int64_t> implicitAddend(uint16_t Machine, uint32_t Type,
                                      ArrayRef<uint8_t> Bytes,
                                      bool IsBigEndian) {
  Instruction I(Bytes, IsBigEndian);
  if (!I.has(isWord(Machine, Type) ? 4 : width(Machine, Type)))
    return std::nullopt;
  if (isWord(Machine, Type))
    return int32_t(I.word());
  switch (Machine) {
  case EM_386:
    return Type == R_386_PC8    ? field(I.byte(), 8, 0)
           : Type == R_386_PC16 ? field(I.half(), 16, 0)
                                : 0;
  case EM_ARM:
    return armAddend(Type, I);
  case EM_MIPS:
    return mipsAddend(Type, I);
  default:
    return 0;
  }
}

uint64_t countedPlace(const RelocationReach &R, uint64_t Place) {
  if (R.Machine == EM_ARM &&
      (R.Type == R_ARM_THM_PC8 || R.Type == R_ARM_THM_PC12 ||
       R.Type == R_ARM_THM_ALU_PREL_11_0))
    return Place & ~uint64_t(3);
  if (R.Machine != EM_MIPS)
    return Place;
  if (R.Type == R_MIPS_PC18_S3 || R.Type == R_MICROMIPS_PC18_S3)
    return Place & ~uint64_t(7);
  if (R.Type == R_MIPS_PC19_S2 || R.Type == R_MICROMIPS_PC19_S2)
    return Place & ~uint64_t(3);
  return Place;
}

int64_t counterBias(const RelocationReach &R) {
  switch (R.Machine) {
  case EM_386:
  case EM_X86_64: // The end of the field, which ends the instruction.
    return R.Name.take_back(3) == "PC8" ? -1 : -2;
  case EM_ARM:
    return R.Name.take_front(10) == "R_ARM_THM_" ? -4 : -8;
  case EM_MIPS: // The delay slot; loads and addresses count from themselves.
    return R.IsCall ? -4 : 0;
  case EM_S390: // The field is in the middle of the instruction.
    return R.Type == R_390_PC16DBL || R.Type == R_390_PLT16DBL ? 2 : 0;
  default:
    return 0;
  }
}

bool isThreadLocalCall(uint16_t Machine, uint32_t Type) {
  switch (Machine) {
  case EM_386:
    return Type == R_386_TLS_DESC_CALL;
  case EM_AARCH64:
    return Type == R_AARCH64_TLSDESC_CALL || Type == R_AARCH64_P32_TLSDESC_CALL;
  case EM_ARM:
    return Type == R_ARM_TLS_CALL || Type == R_ARM_THM_TLS_CALL;
  case EM_LOONGARCH:
    return Type == LoongArchDescriptorCall;
  case EM_RISCV:
    return Type == RISCVDescriptorCall;
  case EM_SPARC:
  case EM_SPARCV9:
    return Type == R_SPARC_TLS_GD_CALL || Type == R_SPARC_TLS_LDM_CALL;
  case EM_X86_64:
    return Type == R_X86_64_TLSDESC_CALL;
  default:
    return false;
  }
}

} // namespace section_placement
