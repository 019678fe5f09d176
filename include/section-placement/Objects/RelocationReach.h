//===- RelocationReach.h - How far each relocation reaches ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function must stand near whatever refers to it by a relocation that is
// short and that no linker extends with a thunk. Which relocations those are
// is a property of each target's psABI and of the linkers in use; this table
// is the one place that knows.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_RELOCATIONREACH_H
#define SECTION_PLACEMENT_OBJECTS_RELOCATIONREACH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace section_placement {

/// A relocation type that affinity is read from.
struct RelocationReach {
  uint16_t Machine;     ///< e_machine (EM_AARCH64, ...).
  uint32_t Type;        ///< The relocation type of that machine.
  llvm::StringRef Name; ///< As the psABI spells it: R_AARCH64_CONDBR19.
  /// The farthest targets below and above the place of the relocation that
  /// still fit, in bytes. 0 and 0 where IsShort is false.
  int64_t Lowest;
  int64_t Highest;
  /// No linker in use extends it with a thunk or relaxes it, and it reaches at
  /// most 4 MiB: what it refers to must be placed near.
  bool IsShort;
  /// A direct call or tail call.
  bool IsCall;

  /// The distance that is in reach in the direction that reaches farther, in
  /// bytes: what is called its reach.
  uint64_t reach() const;
};

/// Looks up \p Type of \p Machine; null for a relocation that is neither short
/// nor a call, and where isKnownMachine() is false: then nothing is known of
/// it, which whoever asks must report. \p Type is one ELF relocation type; of
/// the three that a MIPS64 relocation packs, the first.
const RelocationReach *findRelocationReach(uint16_t Machine, uint32_t Type);

/// Looks up the type that the psABI spells \p Name, of any machine; null as
/// above.
const RelocationReach *findRelocationReach(llvm::StringRef Name);

/// The whole table, sorted by machine and type.
llvm::ArrayRef<RelocationReach> relocationReaches();

/// Returns false for a machine that the table does not have: which of its
/// relocations are short is not known.
bool isKnownMachine(uint16_t Machine);

/// The same of the machine whose psABI spells a relocation \p Name.
bool isOfKnownMachine(llvm::StringRef Name);

/// `short references of xtensa (e_machine 94) are not known`, for messages.
std::string reachesUnknown(uint16_t Machine);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_RELOCATIONREACH_H
