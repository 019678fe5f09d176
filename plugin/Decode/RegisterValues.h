//===- RegisterValues.h - Addresses formed by two instructions --*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What registers hold in straight-line code, as far as it follows from the
// instructions: LLVM's MCInstrAnalysis::updateState does part of this, for one
// target at a time and not in 15 and 16.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_DECODE_REGISTERVALUES_H
#define SECTION_PLACEMENT_DECODE_REGISTERVALUES_H

#include "section-placement/Decode/InstructionDecoder.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace section_placement {

/// What an instruction does to an address in a register.
enum class AddressStep : uint8_t {
  None,
  Upper,       ///< rd = upper part.
  UpperOfPC,   ///< rd = pc + upper part.
  PageOfPC,    ///< rd = page of pc + upper part.
  Add,         ///< rd = rs + number.
  MoveLow,     ///< rd = number.
  MoveHigh,    ///< rd = rd, its upper half replaced.
  AddPC,       ///< rd = rs + pc.
  Load,        ///< rd = memory at rs + number.
  LoadLiteral, ///< rd = memory at the address that is encoded.
  Copy,        ///< rd = rs.
  Go,          ///< Control goes to rs, or to rs + number.
  Move,        ///< rd = rs, of general registers.
  KeepOnStack, ///< Memory at sp + number = rd.
  GoFromStack, ///< Pops registers, the program counter last.
  LoadAndGo,   ///< Control goes to what is in memory at rs + number.
};

/// By opcode: the step, and the bits that its number is shifted by.
class AddressSteps {
public:
  explicit AddressSteps(const InstructionDecoder &Decoder);

  struct Step {
    AddressStep Kind = AddressStep::None;
    uint8_t Shift = 0, Bits = 0; ///< Bits of a number that has a sign; or 0.
  };
  Step of(const llvm::MCInst &Inst) const { return Steps[Inst.getOpcode()]; }

private:
  std::vector<Step> Steps;
};

class RegisterValues {
public:
  /// Reads \p Size bytes of memory that do not change; \p IsLiteral: of a
  /// literal pool, which code does not write, whatever its section allows.
  using Memory = llvm::function_ref<std::optional<uint64_t>(
      uint64_t At, unsigned Size, bool IsLiteral)>;

  RegisterValues(const InstructionDecoder &Decoder, const AddressSteps &Steps,
                 bool Is64)
      : Decoder(Decoder), Steps(Steps), Is64(Is64) {}

  struct Outcome {
    std::optional<uint64_t> Target;  ///< Of a jump through registers.
    std::optional<uint64_t> Operand; ///< An address that was completed.
    std::optional<uint64_t> Slot;    ///< Where a jump's target was loaded from.
  };
  /// Takes the step of \p I at \p Address.
  Outcome step(const DecodedInstruction &I, uint64_t Address, Memory Read);
  void clear() {
    Values.clear();
    OnStack.reset();
  }
  /// \p Register holds \p Number from the start.
  void start(unsigned Register, uint64_t Number) {
    set({Register, Number, true, std::nullopt});
  }

private:
  struct Value {
    unsigned Register;
    uint64_t Number;
    bool IsKnown; ///< False for one that is only known to come from Slot.
    std::optional<uint64_t> Slot;
  };
  const Value *find(unsigned Register) const;
  void set(Value V);
  uint64_t wrapped(uint64_t Address) const {
    return Is64 ? Address : uint32_t(Address);
  }
  Outcome load(unsigned Into, uint64_t From, bool Goes, Memory Read,
               bool IsLiteral = false);

  const InstructionDecoder &Decoder;
  const AddressSteps &Steps;
  bool Is64;
  llvm::SmallVector<Value, 8> Values;
  /// The word that the last instruction stored: bytes above sp, and what.
  std::optional<std::pair<uint64_t, uint64_t>> OnStack;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_DECODE_REGISTERVALUES_H
