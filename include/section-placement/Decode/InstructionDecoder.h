//===- InstructionDecoder.h - Where one instruction goes --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's disassembler, asked one question: does this instruction transfer
// control or form an address, and which address is encoded in it? What MC
// answers wrongly or not at all (PC-relative loads of Arm, SystemZ, AVR) is
// read from the fields.
//
// How far an instruction could reach is asked of the disassembler too: flipping
// a bit of a displacement changes the target and nothing else. So there is no
// table of opcodes, and a new LLVM may rename them.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_DECODE_INSTRUCTIONDECODER_H
#define SECTION_PLACEMENT_DECODE_INSTRUCTIONDECODER_H

#include "section-placement/Objects/RelocationReach.h"
#include "llvm/MC/MCInst.h"
#include <map>
#include <memory>
#include <optional>

namespace llvm {
class MCDisassembler;
class MCInstrAnalysis;
class MCInstrInfo;
class Triple;
} // namespace llvm

namespace section_placement {

enum class ControlFlow : uint8_t {
  None,   ///< Goes on to the next instruction.
  Jump,   ///< Always leaves.
  Branch, ///< Leaves or goes on.
  Call,
  Return,
};

struct DecodedInstruction {
  /// False where the bytes are no instruction; Size then says what to skip.
  bool IsKnown = false;
  unsigned Size = 0; ///< Bytes; never 0 where there were some to decode.
  ControlFlow Flow = ControlFlow::None;
  /// Where control goes, if that is encoded in this instruction alone.
  std::optional<uint64_t> Target;
  /// The address that it forms, or loads from or through, likewise.
  std::optional<uint64_t> Operand;
  llvm::MCInst Inst;

  bool transfersControl() const { return Flow != ControlFlow::None; }
};

/// Decodes the instructions of one instruction set. Not for use by several
/// threads at once.
class InstructionDecoder {
public:
  /// Returns null where this LLVM cannot decode \p Triple, or where what it
  /// answers has not been tested (see isTested).
  static std::unique_ptr<InstructionDecoder> create(const llvm::Triple &Triple,
                                                    llvm::StringRef Features,
                                                    bool IsBigEndian);
  ~InstructionDecoder();

  /// Decodes the instruction at the start of \p Bytes, which stands at
  /// \p Address.
  DecodedInstruction decode(llvm::ArrayRef<uint8_t> Bytes,
                            uint64_t Address) const;

  /// The short form of branch that \p I is, by the relocation that it would
  /// have; null for one that linkers extend, that reaches far, or that is no
  /// direct branch. \p I was decoded from \p Bytes.
  const RelocationReach *shortForm(const DecodedInstruction &I,
                                   llvm::ArrayRef<uint8_t> Bytes);

  /// The name of the instruction, as LLVM's tables have it, for messages.
  llvm::StringRef nameOf(const DecodedInstruction &I) const;

  /// May \p I read memory?
  bool mayLoad(const DecodedInstruction &I) const;
  /// Does \p I stop the program?
  bool isTrap(const DecodedInstruction &I) const;
  /// Has \p I the stack pointer among its operands? False for a machine whose
  /// stack pointer is not known.
  bool usesStack(const DecodedInstruction &I) const;

  const llvm::MCInstrInfo &instructions() const;
  const llvm::MCRegisterInfo &registers() const;
  uint16_t machine() const { return Machine; }

private:
  struct Target;
  InstructionDecoder();

  std::optional<uint64_t> branchTarget(const llvm::MCInst &Inst,
                                       llvm::ArrayRef<uint8_t> Bytes,
                                       uint64_t Address, uint64_t Size) const;
  std::optional<uint64_t> operandAddress(const llvm::MCInst &Inst,
                                         llvm::ArrayRef<uint8_t> Bytes,
                                         uint64_t Address, uint64_t Size) const;
  ControlFlow flowOf(const llvm::MCInst &Inst) const;
  std::pair<uint64_t, uint64_t> extremes(const DecodedInstruction &I,
                                         llvm::ArrayRef<uint8_t> Bytes,
                                         uint64_t Address) const;

  std::unique_ptr<Target> T;
  uint16_t Machine = 0;
  bool IsBigEndian = false;
  /// A relative operand of SystemZ has the instruction's address in it.
  bool AddsAddress = false;
  /// By opcode and size: what shortForm found.
  std::map<std::pair<unsigned, unsigned>, const RelocationReach *> ShortForms;
};

/// Where a relocation of the form \p R is, in bytes from the start of an
/// instruction of \p Size bytes.
uint64_t placeInInstruction(const RelocationReach &R, unsigned Size);

} // namespace section_placement

#endif // SECTION_PLACEMENT_DECODE_INSTRUCTIONDECODER_H
