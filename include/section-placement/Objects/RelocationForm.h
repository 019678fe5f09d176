//===- RelocationForm.h - How a relocation counts its distance --*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linker computes S + A - P. Where A is, and what a program counter does to A
// and P, differs from type to type; RelocationReach says only how far the sum
// may go.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_RELOCATIONFORM_H
#define SECTION_PLACEMENT_OBJECTS_RELOCATIONFORM_H

#include "section-placement/Objects/RelocationReach.h"
#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <optional>

namespace section_placement {

/// The addend that stands in the instruction or word at the start of \p Bytes,
/// as SHT_REL has it; nothing where \p Bytes end too early. 0 for types that
/// are not in the reach table, other than plain words, and for machines that
/// have no such sections.
std::optional<int64_t> implicitAddend(uint16_t Machine, uint32_t Type,
                                      llvm::ArrayRef<uint8_t> Bytes,
                                      bool IsBigEndian);

/// P as the type \p R counts it: some loads take the program counter down to
/// the next multiple of 4 or 8.
uint64_t countedPlace(const RelocationReach &R, uint64_t Place);

/// What assemblers put into A beside what the source says, since the program
/// counter is not at the place: -8 on Arm, -4 on Thumb, 2 on SystemZ.
int64_t counterBias(const RelocationReach &R);

/// Is \p Type the mark of a call whose target the descriptor of a thread-local
/// variable holds, or a call of the routine that finds one, which names the
/// variable in place of the routine?
bool isThreadLocalCall(uint16_t Machine, uint32_t Type);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_RELOCATIONFORM_H
