//===- InstructionDecoder.cpp - Where one instruction goes ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Decode/InstructionDecoder.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

struct InstructionDecoder::Target {
  MCTargetOptions Options;
  std::unique_ptr<MCRegisterInfo> Registers;
  std::unique_ptr<MCAsmInfo> AsmInfo;
  std::unique_ptr<MCInstrInfo> Instructions;
  std::unique_ptr<MCSubtargetInfo> Subtarget;
  std::unique_ptr<MCContext> Context;
  std::unique_ptr<MCDisassembler> Disassembler;
  std::unique_ptr<MCInstrAnalysis> Analysis;
};

InstructionDecoder::InstructionDecoder() = default;
InstructionDecoder::~InstructionDecoder() = default;

/// The unit tests compare what is decoded with what the assembler was given,
/// for these.
static bool isTested(uint16_t Machine) {
  switch (Machine) {
  case ELF::EM_386:
  case ELF::EM_X86_64:
  case ELF::EM_ARM:
  case ELF::EM_AARCH64:
  case ELF::EM_RISCV:
  case ELF::EM_PPC:
  case ELF::EM_PPC64:
  case ELF::EM_MIPS:
  case ELF::EM_LOONGARCH:
  case ELF::EM_S390:
  case ELF::EM_AVR:
    return true;
  default:
    return false;
  }
}

static uint16_t machineOf(const Triple &T) {
  switch (T.getArch()) {
  case Triple::ppc:
  case Triple::ppcle:
    return ELF::EM_PPC;
  default:
    return elfMachineOf(T);
  }
}

/// A processor that has all instructions, where the default has not.
static StringRef newestProcessor(uint16_t Machine) {
  return Machine == ELF::EM_S390  ? "arch14"
         : Machine == ELF::EM_AVR ? "atxmega128a1"
                                  : "";
}

std::unique_ptr<InstructionDecoder>
InstructionDecoder::create(const Triple &Triple, StringRef Features,
                           bool IsBigEndian) {
  const llvm::Target *Found = compat::lookupTarget(Triple);
  uint16_t Machine = machineOf(Triple);
  if (!Found || !Found->hasMCAsmBackend() || !isTested(Machine))
    return nullptr;
  std::unique_ptr<InstructionDecoder> D(new InstructionDecoder);
  D->T = std::make_unique<Target>();
  D->Machine = Machine;
  D->IsBigEndian = IsBigEndian;
  Target &T = *D->T;
  auto Name = compat::tripleArgument(Triple);
  T.Registers.reset(Found->createMCRegInfo(Name));
  T.AsmInfo.reset(Found->createMCAsmInfo(*T.Registers, Name, T.Options));
  T.Instructions.reset(Found->createMCInstrInfo());
  T.Subtarget.reset(
      Found->createMCSubtargetInfo(Name, newestProcessor(Machine), Features));
  if (!T.Registers || !T.AsmInfo || !T.Instructions || !T.Subtarget)
    return nullptr;
  T.Context = compat::createMCContext(Triple, *T.AsmInfo, *T.Registers,
                                      *T.Subtarget, T.Options);
  T.Disassembler.reset(Found->createMCDisassembler(*T.Subtarget, *T.Context));
  T.Analysis.reset(Found->createMCInstrAnalysis(T.Instructions.get()));
  if (!T.Analysis)
    T.Analysis = std::make_unique<MCInstrAnalysis>(T.Instructions.get());
  if (!T.Disassembler)
    return nullptr;
  // SystemZ's disassembler adds the address itself up to some version: j 4096.
  if (Machine == ELF::EM_S390) {
    std::optional<uint64_t> Target =
        D->decode({0xa7, 0xf4, 0x08, 0x00}, 4096).Target;
    D->AddsAddress = Target && *Target == 3 * 4096;
  }
  return D;
}

const MCInstrInfo &InstructionDecoder::instructions() const {
  return *T->Instructions;
}

const MCRegisterInfo &InstructionDecoder::registers() const {
  return *T->Registers;
}

StringRef InstructionDecoder::nameOf(const DecodedInstruction &I) const {
  return T->Instructions->getName(I.Inst.getOpcode());
}

/// The operand that counts from the program counter, if there is one.
static std::optional<int64_t> relativeOperand(const MCInstrDesc &Description,
                                              const MCInst &Inst) {
  unsigned Count =
      std::min<unsigned>(Description.getNumOperands(), Inst.getNumOperands());
  for (unsigned I = 0; I < Count; ++I)
    if (Description.operands().begin()[I].OperandType == MCOI::OPERAND_PCREL &&
        Inst.getOperand(I).isImm())
      return Inst.getOperand(I).getImm();
  return std::nullopt;
}

/// Does \p Inst have the register that LLVM calls \p Name among its operands?
static bool uses(const MCInst &Inst, const MCRegisterInfo &Registers,
                 StringRef Name) {
  return any_of(Inst, [&](const MCOperand &O) {
    return O.isReg() && O.getReg() && Name == Registers.getName(O.getReg());
  });
}

/// What an instruction of Arm or RISC-V is that LLVM takes for a return,
/// whichever register it goes through.
static ControlFlow flowThroughRegister(const MCInst &Inst,
                                       const MCRegisterInfo &Registers,
                                       uint16_t Machine) {
  if (Machine == ELF::EM_ARM)
    return uses(Inst, Registers, "LR") ? ControlFlow::Return
                                       : ControlFlow::Jump;
  // jalr rd, rs and c.jr rs: the last register is the one.
  StringRef Into, From;
  for (const MCOperand &O : Inst)
    if (O.isReg() && O.getReg()) {
      Into = From.empty() ? StringRef("X0") : From;
      From = Registers.getName(O.getReg());
    }
  if (Into != "X0")
    return ControlFlow::Call;
  // x5 is the link register of -msave-restore.
  return From == "X1" || From == "X5" || From.empty() ? ControlFlow::Return
                                                      : ControlFlow::Jump;
}

ControlFlow InstructionDecoder::flowOf(const MCInst &Inst) const {
  const MCInstrAnalysis &A = *T->Analysis;
  StringRef Name = T->Instructions->getName(Inst.getOpcode());
  if ((Machine == ELF::EM_ARM && (Name == "BX" || Name == "tBX")) ||
      (Machine == ELF::EM_RISCV && (Name == "JALR" || Name == "C_JR")))
    return flowThroughRegister(Inst, *T->Registers, Machine);
  if (A.isReturn(Inst))
    return ControlFlow::Return;
  // RISC-V's `j` is a `jal` that keeps no return address; LLVM 15 calls it a
  // call.
  if (Machine == ELF::EM_RISCV && Name == "JAL" &&
      StringRef(T->Registers->getName(Inst.getOperand(0).getReg())) == "X0")
    return ControlFlow::Jump;
  if (A.isCall(Inst))
    return ControlFlow::Call;
  if (Machine == ELF::EM_S390 && Name.take_front(4) == "BRAS")
    return ControlFlow::Call;
  if (Machine == ELF::EM_AVR && (Name == "CALLk" || Name == "RCALLk"))
    return ControlFlow::Call;
  if (!A.isBranch(Inst)) {
    // pop {pc}, ldr pc, mov pc: LLVM has them as loads and moves.
    if (Machine != ELF::EM_ARM ||
        !T->Instructions->get(Inst.getOpcode())
             .mayAffectControlFlow(Inst, *T->Registers))
      return ControlFlow::None;
    return uses(Inst, *T->Registers, "SP") || uses(Inst, *T->Registers, "LR") ||
                   Name == "tPOP"
               ? ControlFlow::Return
               : ControlFlow::Jump;
  }
  return A.isUnconditionalBranch(Inst) || A.isIndirectBranch(Inst)
             ? ControlFlow::Jump
             : ControlFlow::Branch;
}

static uint16_t half(ArrayRef<uint8_t> Bytes) {
  return Bytes.size() < 2 ? 0 : support::endian::read16le(Bytes.data());
}

/// LLVM has no analysis of AVR; the fields are those of its manual.
static std::optional<uint64_t> avrTarget(ArrayRef<uint8_t> Bytes,
                                         uint64_t Address) {
  uint16_t Word = half(Bytes);
  if ((Word & 0xe000) == 0xc000) // rjmp, rcall.
    return Address + 2 + SignExtend64<13>(uint64_t(Word & 0xfff) << 1);
  if ((Word & 0xf800) == 0xf000) // brbs, brbc.
    return Address + 2 + SignExtend64<8>(uint64_t(Word >> 3 & 0x7f) << 1);
  if ((Word & 0xfe0c) == 0x940c && Bytes.size() >= 4) // jmp, call.
    return (uint64_t(Word >> 3 & 0x3e) | (Word & 1)) << 17 |
           uint64_t(half(Bytes.drop_front(2))) << 1;
  return std::nullopt;
}

std::optional<uint64_t>
InstructionDecoder::branchTarget(const MCInst &Inst, ArrayRef<uint8_t> Bytes,
                                 uint64_t Address, uint64_t Size) const {
  const MCInstrDesc &Description = T->Instructions->get(Inst.getOpcode());
  if (Machine == ELF::EM_AVR)
    return avrTarget(Bytes, Address);
  if (Machine == ELF::EM_S390) {
    std::optional<int64_t> Distance = relativeOperand(Description, Inst);
    return Distance ? std::optional<uint64_t>((AddsAddress ? 0 : Address) +
                                              *Distance)
                    : std::nullopt;
  }
  uint64_t Target;
  if (!T->Analysis->evaluateBranch(Inst, Address, Size, Target))
    return std::nullopt;
  return Target;
}

/// The relocation whose field an Arm or MIPS instruction named \p Name has, if
/// it addresses what is near. A load of Arm does where its base is the counter.
static StringRef fieldOf(uint16_t Machine, StringRef Name) {
  if (Machine == ELF::EM_ARM)
    return StringSwitch<StringRef>(Name)
        .Case("tADR", "R_ARM_THM_PC8")
        .Case("tLDRpci", "R_ARM_THM_PC8")
        .Case("t2ADR", "R_ARM_THM_ALU_PREL_11_0")
        .Case("t2LDRpci", "R_ARM_THM_PC12")
        .Case("t2LDRHpci", "R_ARM_THM_PC12")
        .Case("t2LDRBpci", "R_ARM_THM_PC12")
        .Case("t2LDRSHpci", "R_ARM_THM_PC12")
        .Case("t2LDRSBpci", "R_ARM_THM_PC12")
        .Case("t2PLDpci", "R_ARM_THM_PC12")
        .Case("ADR", "R_ARM_ALU_PC_G0")
        .Case("ADDri", "R_ARM_ALU_PC_G0")
        .Case("SUBri", "R_ARM_ALU_PC_G0")
        .Case("LDRi12", "R_ARM_LDR_PC_G0")
        .Case("LDRBi12", "R_ARM_LDR_PC_G0")
        .Case("PLDi12", "R_ARM_LDR_PC_G0")
        .Case("LDRD", "R_ARM_LDRS_PC_G0")
        .Case("LDRH", "R_ARM_LDRS_PC_G0")
        .Case("LDRSH", "R_ARM_LDRS_PC_G0")
        .Case("LDRSB", "R_ARM_LDRS_PC_G0")
        .Case("VLDRD", "R_ARM_LDC_PC_G0")
        .Case("VLDRS", "R_ARM_LDC_PC_G0")
        .Default("");
  if (Machine == ELF::EM_MIPS)
    return StringSwitch<StringRef>(Name)
        .Case("ADDIUPC", "R_MIPS_PC19_S2")
        .Case("LWPC", "R_MIPS_PC19_S2")
        .Case("LWUPC", "R_MIPS_PC19_S2")
        .Case("LDPC", "R_MIPS_PC18_S3")
        .Default("");
  return "";
}

static bool usesCounter(const MCInst &Inst, const MCRegisterInfo &Registers) {
  for (const MCOperand &O : Inst)
    if (O.isReg() && O.getReg() && O.getReg() == Registers.getProgramCounter())
      return true;
  return false;
}

std::optional<uint64_t>
InstructionDecoder::operandAddress(const MCInst &Inst, ArrayRef<uint8_t> Bytes,
                                   uint64_t Address, uint64_t Size) const {
  StringRef Name = T->Instructions->getName(Inst.getOpcode());
  if (Machine == ELF::EM_ARM || Machine == ELF::EM_MIPS) {
    const RelocationReach *Field = findRelocationReach(fieldOf(Machine, Name));
    bool HasBase =
        Field && Machine == ELF::EM_ARM && Name[0] != 't' && Name != "ADR";
    if (!Field || (HasBase && !usesCounter(Inst, *T->Registers)))
      return std::nullopt;
    // vldr is the same in Thumb, where the counter is 4 ahead and aligned.
    bool IsThumb = T->Subtarget->getTargetTriple().isThumb();
    uint64_t Counter = HasBase && IsThumb ? (Address & ~uint64_t(3)) + 4
                                          : countedPlace(*Field, Address) -
                                                counterBias(*Field);
    ArrayRef<uint8_t> Taken = Bytes.take_front(Size);
    SmallVector<uint8_t, 4> Ordered(Taken.begin(), Taken.end());
    if (HasBase && IsThumb && Ordered.size() == 4) { // Two halfwords.
      std::swap(Ordered[0], Ordered[2]);
      std::swap(Ordered[1], Ordered[3]);
    }
    std::optional<int64_t> X =
        implicitAddend(Field->Machine, Field->Type, Ordered, IsBigEndian);
    if (X && Field->Lowest == 0) // An addend of -4 wraps; a distance does not.
      X = *X & 0x3ff;
    return X ? std::optional<uint64_t>(uint32_t(Counter + *X)) : std::nullopt;
  }
  const MCInstrDesc &Description = T->Instructions->get(Inst.getOpcode());
  if (Machine == ELF::EM_X86_64) {
    if (auto Found = T->Analysis->evaluateMemoryOperandAddress(
            Inst, T->Subtarget.get(), Address, Size))
      return *Found;
    return std::nullopt;
  }
  std::optional<int64_t> Relative = relativeOperand(Description, Inst);
  if (Machine == ELF::EM_AARCH64) {
    bool IsPage = Name == "ADRP";
    if (IsPage && Relative)
      return (Address & ~uint64_t(0xfff)) + *Relative * 4096;
    if (Name == "ADR" && Inst.getNumOperands() > 1 &&
        Inst.getOperand(1).isImm())
      return Address + Inst.getOperand(1).getImm();
    return Relative ? std::optional<uint64_t>(Address + *Relative * 4)
                    : std::nullopt;
  }
  if (Machine == ELF::EM_S390 && Relative)
    return (AddsAddress ? 0 : Address) + *Relative;
  if (Machine == ELF::EM_LOONGARCH && Name == "PCADDI")
    return Address + SignExtend64<22>(Inst.getOperand(1).getImm() * 4);
  return std::nullopt;
}

/// The stack pointer, by machine; null where it is not known.
static const char *stackPointer(uint16_t Machine) {
  switch (Machine) {
  case ELF::EM_ARM:
  case ELF::EM_AARCH64:
    return "SP";
  case ELF::EM_RISCV:
    return "X2";
  case ELF::EM_386:
    return "ESP";
  case ELF::EM_X86_64:
    return "RSP";
  default:
    return nullptr;
  }
}

bool InstructionDecoder::mayLoad(const DecodedInstruction &I) const {
  return T->Instructions->get(I.Inst.getOpcode()).mayLoad();
}

bool InstructionDecoder::isTrap(const DecodedInstruction &I) const {
  return T->Instructions->get(I.Inst.getOpcode()).isTrap();
}

bool InstructionDecoder::usesStack(const DecodedInstruction &I) const {
  const char *Stack = stackPointer(Machine);
  return Stack && (uses(I.Inst, *T->Registers, Stack) || nameOf(I) == "tPOP");
}

DecodedInstruction InstructionDecoder::decode(ArrayRef<uint8_t> Bytes,
                                              uint64_t Address) const {
  DecodedInstruction I;
  uint64_t Size = 0;
  auto Status =
      T->Disassembler->getInstruction(I.Inst, Size, Bytes, Address, nulls());
  if (Status == MCDisassembler::Fail || !Size || Size > Bytes.size()) {
    Size = Size ? Size : T->Disassembler->suggestBytesToSkip(Bytes, Address);
    I.Size = std::min<uint64_t>(std::max<uint64_t>(Size, 1), Bytes.size());
    return I;
  }
  I.IsKnown = true;
  I.Size = Size;
  I.Flow = flowOf(I.Inst);
  if (I.Flow == ControlFlow::None || I.Flow == ControlFlow::Return) {
    I.Operand = operandAddress(I.Inst, Bytes, Address, Size);
    return I;
  }
  I.Target = branchTarget(I.Inst, Bytes, Address, Size);
  if (!I.Target)
    I.Operand = operandAddress(I.Inst, Bytes, Address, Size);
  return I;
}

/// The same instruction as \p A but for one number?
static bool differInOneNumber(const MCInst &A, const MCInst &B) {
  if (A.getOpcode() != B.getOpcode() ||
      A.getNumOperands() != B.getNumOperands())
    return false;
  unsigned Differences = 0;
  for (unsigned I = 0; I < A.getNumOperands(); ++I) {
    const MCOperand &OA = A.getOperand(I), &OB = B.getOperand(I);
    if (OA.isImm() && OB.isImm())
      Differences += OA.getImm() != OB.getImm();
    else if (!OA.isReg() || !OB.isReg() || OA.getReg() != OB.getReg())
      return false;
  }
  return Differences <= 1;
}

/// The lowest and the highest target that \p I could have with another
/// displacement: climbing bit by bit, until no bit leads further. That ends at
/// the extremes also where a bit counts as its difference to the sign (Thumb).
std::pair<uint64_t, uint64_t>
InstructionDecoder::extremes(const DecodedInstruction &I,
                             ArrayRef<uint8_t> Bytes, uint64_t Address) const {
  auto Climb = [&](bool Up) {
    ArrayRef<uint8_t> Taken = Bytes.take_front(I.Size);
    SmallVector<uint8_t, 16> Copy(Taken.begin(), Taken.end());
    int64_t Best = *I.Target - Address;
    for (bool Moved = true; Moved;) {
      Moved = false;
      for (unsigned Bit = 0; Bit < I.Size * 8; ++Bit) {
        Copy[Bit / 8] ^= 1u << Bit % 8;
        DecodedInstruction Other = decode(Copy, Address);
        int64_t Distance = Other.Target ? *Other.Target - Address : Best;
        if (Other.IsKnown && Other.Size == I.Size &&
            differInOneNumber(I.Inst, Other.Inst) &&
            (Up ? Distance > Best : Distance < Best)) {
          Best = Distance;
          Moved = true;
        } else {
          Copy[Bit / 8] ^= 1u << Bit % 8;
        }
      }
    }
    return Address + Best;
  };
  return {Climb(false), Climb(true)};
}

uint64_t placeInInstruction(const RelocationReach &R, unsigned Size) {
  switch (R.Machine) {
  case ELF::EM_386:
  case ELF::EM_X86_64:
    return Size + counterBias(R);
  case ELF::EM_S390:
    return 2;
  default:
    return 0;
  }
}

const RelocationReach *
InstructionDecoder::shortForm(const DecodedInstruction &I,
                              ArrayRef<uint8_t> Bytes) {
  if (!I.Target)
    return nullptr;
  auto [Known, IsNew] =
      ShortForms.try_emplace({I.Inst.getOpcode(), I.Size}, nullptr);
  if (!IsNew)
    return Known->second;
  // Where an address wraps, a distance would too: try it in the middle.
  uint64_t Middle = uint64_t(1) << 30;
  DecodedInstruction Moved = decode(Bytes, Middle);
  if (!Moved.Target)
    return nullptr;
  auto [Lowest, Highest] = extremes(Moved, Bytes, Middle);
  for (const RelocationReach &R : relocationReaches()) {
    if (R.Machine != Machine || !R.IsShort || !R.IsCall)
      continue;
    uint64_t Place = countedPlace(R, Middle + placeInInstruction(R, I.Size));
    int64_t Low = Lowest - Place + counterBias(R);
    int64_t High = Highest - Place + counterBias(R);
    if (Low == R.Lowest && High <= R.Highest && High > R.Highest - 8)
      return Known->second = &R;
  }
  return nullptr;
}

} // namespace section_placement
