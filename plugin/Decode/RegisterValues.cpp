//===- RegisterValues.cpp - Addresses formed by two instructions ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RegisterValues.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace section_placement {

/// PowerPC's count register, whose number a general one has too.
static constexpr unsigned CountRegister = 0x1000;

static AddressSteps::Step stepNamed(uint16_t Machine, StringRef Name) {
  using Step = AddressSteps::Step;
  using Switch = StringSwitch<Step>;
  switch (Machine) {
  case ELF::EM_AARCH64:
    return Switch(Name)
        .Case("ADRP", {AddressStep::LoadLiteral})
        .Case("ADR", {AddressStep::LoadLiteral})
        .Case("LDRXl", {AddressStep::LoadLiteral})
        .Case("ADDXri", {AddressStep::Add})
        .Case("LDRXui", {AddressStep::Load, 3})
        .Case("BR", {AddressStep::Go})
        .Case("BLR", {AddressStep::Go})
        .Default({});
  case ELF::EM_ARM:
    return Switch(Name)
        .Case("MOVi16", {AddressStep::MoveLow})
        .Case("t2MOVi16", {AddressStep::MoveLow})
        .Case("MOVTi16", {AddressStep::MoveHigh})
        .Case("t2MOVTi16", {AddressStep::MoveHigh})
        .Case("ADDrr", {AddressStep::AddPC})
        .Case("tADDhirr", {AddressStep::AddPC})
        .Case("LDRi12", {AddressStep::LoadLiteral})
        .Case("t2LDRpci", {AddressStep::LoadLiteral})
        .Case("tLDRpci", {AddressStep::LoadLiteral})
        .Case("ADR", {AddressStep::LoadLiteral})
        .Case("t2ADR", {AddressStep::LoadLiteral})
        .Case("BX", {AddressStep::Go})
        .Case("tBX", {AddressStep::Go})
        .Case("tMOVr", {AddressStep::Move})
        .Case("tSTRspi", {AddressStep::KeepOnStack, 2})
        .Case("tPOP", {AddressStep::GoFromStack})
        .Case("BLX", {AddressStep::Go})
        .Case("tBLXr", {AddressStep::Go})
        .Default({});
  case ELF::EM_RISCV:
    return Switch(Name)
        .Case("AUIPC", {AddressStep::UpperOfPC, 12, 20})
        .Case("LUI", {AddressStep::Upper, 12, 20})
        .Case("C_LUI", {AddressStep::Upper, 12, 20})
        .Case("ADDI", {AddressStep::Add})
        .Case("C_ADDI", {AddressStep::Add})
        .Case("ADDIW", {AddressStep::Add})
        .Case("LD", {AddressStep::Load})
        .Case("LW", {AddressStep::Load})
        .Case("C_LD", {AddressStep::Load})
        .Case("C_LW", {AddressStep::Load})
        .Case("JALR", {AddressStep::Go})
        .Case("C_JR", {AddressStep::Go})
        .Case("C_JALR", {AddressStep::Go})
        .Default({});
  case ELF::EM_LOONGARCH:
    return Switch(Name)
        .Case("PCADDU18I", {AddressStep::UpperOfPC, 18, 20})
        .Case("PCADDU12I", {AddressStep::UpperOfPC, 12, 20})
        .Case("PCALAU12I", {AddressStep::PageOfPC, 12, 20})
        .Case("LU12I_W", {AddressStep::Upper, 12, 20})
        .Case("ADDI_D", {AddressStep::Add})
        .Case("ADDI_W", {AddressStep::Add})
        .Case("LD_D", {AddressStep::Load})
        .Case("LD_W", {AddressStep::Load})
        .Case("JIRL", {AddressStep::Go})
        .Default({});
  case ELF::EM_MIPS:
    return Switch(Name)
        .Case("LUi", {AddressStep::Upper, 16, 16})
        .Case("LUi64", {AddressStep::Upper, 16, 16})
        .Case("ADDiu", {AddressStep::Add})
        .Case("DADDiu", {AddressStep::Add})
        .Case("LW", {AddressStep::Load})
        .Case("LD", {AddressStep::Load})
        .Case("JR", {AddressStep::Go})
        .Case("JALR", {AddressStep::Go})
        .Case("JALR64", {AddressStep::Go})
        .Case("JR64", {AddressStep::Go})
        .Default({});
  case ELF::EM_PPC:
  case ELF::EM_PPC64:
    return Switch(Name)
        .Case("LIS", {AddressStep::Upper, 16, 16})
        .Case("LIS8", {AddressStep::Upper, 16, 16})
        .Case("ADDIS", {AddressStep::Add, 16})
        .Case("ADDIS8", {AddressStep::Add, 16})
        .Case("ADDI", {AddressStep::Add})
        .Case("ADDI8", {AddressStep::Add})
        .Case("LD", {AddressStep::Load})
        .Case("LWZ", {AddressStep::Load})
        .Case("MTSPR8", {AddressStep::Copy})
        .Case("MTCTR", {AddressStep::Copy})
        .Case("MTCTR8", {AddressStep::Copy})
        .Case("MTSPR", {AddressStep::Copy})
        .Case("BCTR", {AddressStep::Go})
        .Case("BCTR8", {AddressStep::Go})
        .Case("BCTRL", {AddressStep::Go})
        .Case("BCTRL8", {AddressStep::Go})
        .Default({});
  case ELF::EM_386:
  case ELF::EM_X86_64:
    return Switch(Name)
        .Case("JMP64m", {AddressStep::LoadAndGo})
        .Case("JMP32m", {AddressStep::LoadAndGo})
        .Case("CALL64m", {AddressStep::LoadAndGo})
        .Case("CALL32m", {AddressStep::LoadAndGo})
        .Default({});
  default:
    return {};
  }
}

AddressSteps::AddressSteps(const InstructionDecoder &Decoder) {
  const MCInstrInfo &Instructions = Decoder.instructions();
  Steps.resize(Instructions.getNumOpcodes());
  for (unsigned Opcode = 0; Opcode < Steps.size(); ++Opcode)
    Steps[Opcode] = stepNamed(Decoder.machine(), Instructions.getName(Opcode));
}

const RegisterValues::Value *RegisterValues::find(unsigned Register) const {
  auto Found =
      find_if(Values, [&](const Value &V) { return V.Register == Register; });
  return Found == Values.end() ? nullptr : Found;
}

void RegisterValues::set(Value V) {
  V.Number = wrapped(V.Number);
  for (Value &Old : Values)
    if (Old.Register == V.Register) {
      Old = V;
      return;
    }
  Values.push_back(V);
}

/// Loads an address. One that the dynamic linker fills in is known by its slot.
RegisterValues::Outcome RegisterValues::load(unsigned Into, uint64_t From,
                                             bool Goes, Memory Read,
                                             bool IsLiteral) {
  Outcome Result;
  From = wrapped(From);
  std::optional<uint64_t> Loaded = Read(From, Is64 ? 8 : 4, IsLiteral);
  if (Goes) {
    Result.Target = Loaded;
    Result.Slot = From;
  } else {
    set({Into, Loaded.value_or(0), Loaded.has_value(), From});
    Result.Operand = From;
  }
  return Result;
}

RegisterValues::Outcome RegisterValues::step(const DecodedInstruction &I,
                                             uint64_t Address, Memory Read) {
  Outcome Result;
  AddressSteps::Step Step = Steps.of(I.Inst);
  const MCInstrDesc &Description =
      Decoder.instructions().get(I.Inst.getOpcode());
  auto RegisterAt = [&](unsigned Index) -> unsigned {
    if (Index >= I.Inst.getNumOperands() || !I.Inst.getOperand(Index).isReg() ||
        !I.Inst.getOperand(Index).getReg())
      return ~0u;
    return Decoder.registers().getEncodingValue(
        I.Inst.getOperand(Index).getReg());
  };
  int64_t Number = 0;
  for (const MCOperand &O : I.Inst)
    if (O.isImm()) { // The first; what is after it is a shift or a predicate.
      Number = O.getImm();
      break;
    }
  unsigned Into = RegisterAt(0);
  bool IsPPC =
      Decoder.machine() == ELF::EM_PPC64 || Decoder.machine() == ELF::EM_PPC;
  // PowerPC's loads have the number before the register.
  unsigned FromIndex =
      IsPPC && Step.Kind == AddressStep::Load ? 2
      : Step.Kind == AddressStep::Go && I.Inst.getNumOperands() > 1 &&
              RegisterAt(1) != ~0u && Decoder.machine() != ELF::EM_ARM
          ? 1
      : Step.Kind == AddressStep::Go ? 0
                                     : 1;
  const Value *From = find(RegisterAt(FromIndex));
  bool HasFrom = From && From->IsKnown;
  uint64_t Base = HasFrom ? From->Number : 0;
  int64_t Shifted = Step.Bits ? SignExtend64(uint64_t(Number) << Step.Shift,
                                             Step.Bits + Step.Shift)
                              : int64_t(uint64_t(Number) << Step.Shift);
  std::optional<std::pair<uint64_t, uint64_t>> Stored = std::move(OnStack);
  OnStack.reset();
  switch (Step.Kind) {
  case AddressStep::None:
    for (unsigned D = 0; D < Description.getNumDefs(); ++D)
      erase_if(Values,
               [&](const Value &V) { return V.Register == RegisterAt(D); });
    break;
  case AddressStep::Upper:
    set({Into, uint64_t(Shifted), true, std::nullopt});
    return Result;
  case AddressStep::UpperOfPC:
    set({Into, Address + Shifted, true, std::nullopt});
    return Result;
  case AddressStep::PageOfPC:
    set({Into, (Address + Shifted) & ~uint64_t(0xfff), true, std::nullopt});
    return Result;
  case AddressStep::MoveLow:
    set({Into, uint64_t(Number), true, std::nullopt});
    return Result;
  case AddressStep::MoveHigh:
    if (const Value *Old = find(Into); Old && Old->IsKnown) {
      Result.Operand = (Old->Number & 0xffff) | uint64_t(Number) << 16;
      set({Into, *Result.Operand, true, std::nullopt});
    }
    return Result;
  case AddressStep::Add:
    if (HasFrom) {
      // AArch64 has a shift of its own for the upper part.
      if (Decoder.machine() == ELF::EM_AARCH64 && I.Inst.getNumOperands() > 3 &&
          I.Inst.getOperand(3).isImm())
        Shifted <<= I.Inst.getOperand(3).getImm() & 63;
      Result.Operand = wrapped(Base + Shifted);
      set({Into, *Result.Operand, true, std::nullopt});
      return Result;
    }
    break;
  case AddressStep::AddPC: {
    unsigned Counter = Decoder.registers().getEncodingValue(
        Decoder.registers().getProgramCounter());
    bool IsThumb = I.Size == 2;
    const Value *Other = nullptr;
    bool UsesCounter = false;
    for (unsigned O = 1; O < 3; ++O) {
      UsesCounter |= RegisterAt(O) == Counter;
      if (RegisterAt(O) != Counter)
        Other = find(RegisterAt(O));
    }
    if (UsesCounter && Other && Other->IsKnown) {
      uint64_t Sum = wrapped(Address + (IsThumb ? 4 : 8) + Other->Number);
      if (Into == Counter)
        Result.Target = Sum;
      else
        set({Into, Sum, true, std::nullopt});
      Result.Operand = Sum;
      return Result;
    }
    break;
  }
  case AddressStep::Load:
    if (HasFrom)
      return load(Into, Base + Shifted, false, Read);
    break;
  case AddressStep::LoadLiteral: {
    if (!I.Operand)
      break;
    StringRef Name = Decoder.instructions().getName(I.Inst.getOpcode());
    if (Name.take_front(2) == "AD" || Name == "t2ADR") {
      set({Into, *I.Operand, true, std::nullopt});
      return Result;
    }
    bool Goes = Decoder.machine() == ELF::EM_ARM && Into == 15;
    return load(Into, *I.Operand, Goes, Read, /*IsLiteral=*/true);
  }
  case AddressStep::Move:
    if (HasFrom) {
      uint64_t Moved = Base;
      if (Into == Decoder.registers().getEncodingValue(
                      Decoder.registers().getProgramCounter()))
        Result.Target = wrapped(Moved);
      else
        set({Into, Moved, true, std::nullopt});
      return Result;
    }
    break;
  case AddressStep::KeepOnStack:
    if (const Value *Kept = find(Into); Kept && Kept->IsKnown)
      OnStack = {uint64_t(Shifted), Kept->Number};
    return Result;
  case AddressStep::GoFromStack: {
    // v6-M's veneers store the target where pop takes it into the counter.
    unsigned Popped = 0;
    bool Goes = false;
    for (const MCOperand &O : llvm::drop_begin(I.Inst, 2))
      if (O.isReg() && O.getReg()) {
        ++Popped;
        Goes |= O.getReg() == Decoder.registers().getProgramCounter();
        erase_if(Values, [&](const Value &V) {
          return V.Register == Decoder.registers().getEncodingValue(O.getReg());
        });
      }
    if (Goes && Stored && Stored->first == 4 * (Popped - 1))
      Result.Target = wrapped(Stored->second);
    if (Goes)
      clear();
    return Result;
  }
  case AddressStep::Copy:
    if (I.Inst.getNumOperands() == 2 && I.Inst.getOperand(0).isImm() &&
        Number != 9)
      return Result; // To another special register.
    From = find(RegisterAt(I.Inst.getNumOperands() - 1));
    if (From) {
      Value V = *From;
      V.Register = CountRegister;
      set(V);
    }
    return Result;
  case AddressStep::Go:
    if (IsPPC)
      From = find(CountRegister);
    if (From && From->IsKnown)
      Result.Target = wrapped(From->Number +
                              (Decoder.machine() == ELF::EM_LOONGARCH ? Number
                               : Decoder.machine() == ELF::EM_RISCV   ? Number
                                                                      : 0));
    if (From)
      Result.Slot = From->Slot;
    break;
  case AddressStep::LoadAndGo:
    if (I.Operand)
      return load(~0u, *I.Operand, true, Read);
    break;
  }
  for (unsigned D = 0;
       Step.Kind != AddressStep::None && D < Description.getNumDefs(); ++D)
    erase_if(Values,
             [&](const Value &V) { return V.Register == RegisterAt(D); });
  if (I.Flow == ControlFlow::Call || I.Flow == ControlFlow::Jump ||
      I.Flow == ControlFlow::Return)
    clear();
  return Result;
}

} // namespace section_placement
