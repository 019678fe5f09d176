//===- RelocatedField.h - What a linker writes into a field -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An object's code is in an image bit by bit, but for the fields that its
// relocations are for. This table says which bits those are, and what of a
// value S + A they hold, for the relocations of static images of Arm, AArch64,
// RISC-V, i386 and x86-64 in little-endian order. With it a field is read back:
// the bits of the image are what the program does, whatever the names say.
//
// A type that is not here (of the GOT, of thread-local variables, of a large
// code model) is one of which nothing is known.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_RELOCATEDFIELD_H
#define SECTION_PLACEMENT_OBJECTS_RELOCATEDFIELD_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <optional>

namespace section_placement {

/// What a field holds of S + A.
enum class FieldPart : uint8_t {
  Nothing,    ///< A mark for the linker, which changes no bit.
  Branch,     ///< The way of a branch, which may lead over a veneer.
  Whole,      ///< All of it.
  High,       ///< Its upper bits; a Low of the same S + A has the others.
  Low,        ///< Its lower bits.
  LowOfLabel, ///< RISC-V: those of the High at the label that is named.
  Difference, ///< A step of a computation of several values.
};

/// How the bits lie in the instruction.
enum class FieldLayout : uint8_t {
  Word,        ///< As a number of its own.
  ArmMove,     ///< movw, movt.
  ThumbMove,   ///< The same in two halfwords.
  AArch64Adr,  ///< 21 bits of adr and adrp.
  AArch64Load, ///< 19 bits of a literal load, in words.
  AArch64Add,  ///< 12 bits of add and of loads and stores, scaled.
  RiscvUpper,  ///< 20 bits of lui and auipc.
  RiscvI,      ///< 12 bits of addi and of loads.
  RiscvS,      ///< The same of stores.
};

struct RelocatedField {
  uint16_t Machine;
  uint32_t Type;
  FieldPart Part;
  FieldLayout Layout;
  uint8_t Size;    ///< Bytes of the place.
  uint8_t Scale;   ///< Of AArch64Add: the value's bits that are not held.
  bool IsRelative; ///< S + A - P.
  bool IsHalves;   ///< Of two halfwords, the more significant first: Thumb.
  uint64_t Mask;   ///< The bits that are the linker's.
};

/// Null for a type that is not known.
const RelocatedField *findRelocatedField(uint16_t Machine, uint32_t Type);

/// The linker's bits of byte \p Index of the place.
uint8_t maskOfByte(const RelocatedField &F, unsigned Index);

/// What the field at the start of \p Bytes holds; nothing where they end too
/// early, and for a Branch or Difference.
std::optional<uint64_t> valueIn(const RelocatedField &F,
                                llvm::ArrayRef<uint8_t> Bytes);

/// Is \p Held what the field at \p Place must hold for S + A = \p Value?
bool holds(const RelocatedField &F, uint64_t Held, uint64_t Place,
           uint64_t Value);

/// S + A, of what a Whole at \p Place holds.
uint64_t valueOfWhole(const RelocatedField &F, uint64_t Held, uint64_t Place);

/// S + A, of what a High at \p Place and its Low hold; nothing where they are
/// no pair.
std::optional<uint64_t> valueOfPair(const RelocatedField &High,
                                    uint64_t HeldHigh, uint64_t Place,
                                    const RelocatedField &Low,
                                    uint64_t HeldLow);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_RELOCATEDFIELD_H
