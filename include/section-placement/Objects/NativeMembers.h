//===- NativeMembers.h - Native code that a link takes in -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled code calls routines of the C library, of libgcc and of compiler-rt
// by the names that are linked. Who follows such a call needs the object or
// archive member that defines the name: what it calls itself, and how large it
// is. A linker takes a member whole, so that is the unit.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_NATIVEMEMBERS_H
#define SECTION_PLACEMENT_OBJECTS_NATIVEMEMBERS_H

#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Objects/InputFiles.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

/// What an object refers to by a relocation that is no call's.
struct AddressedCode {
  std::string Name;
  std::string Relocation; ///< The type of the first such relocation.
  uint64_t Offset;        ///< Of its place: bytes from its section's start.
};

/// An object, or a member of an archive.
struct NativeMember {
  std::string Name;       ///< `a.o`, `lib.a(b.o)`.
  uint64_t CodeBytes = 0; ///< Of its sections of code.
  /// The symbols of other objects that it calls or jumps to, each once, sorted.
  std::vector<std::string> Callees;
  /// The further symbols of other objects that its code, or a constant beside
  /// it, has the address of, each once, sorted: it may jump there through a
  /// register. What a native input defines as data is not among them; what none
  /// defines is.
  std::vector<AddressedCode> Addressed;
  /// Callees lacks some: its relocations are damaged, or which of them are
  /// calls is not known on this machine.
  bool HasUnknownCallees = false;
};

/// Finds members by the global symbols that they define. May be asked by
/// several threads.
class NativeMembers {
public:
  /// Of the files \p Inputs of a link, in its order, those for \p Machine. They
  /// are read at the first question; one that cannot be read is in unread().
  NativeMembers(std::vector<std::string> Inputs, uint16_t Machine);
  ~NativeMembers();

  /// The first object or member that defines \p Name; null where none does. It
  /// lives as long as this.
  const NativeMember *defining(llvm::StringRef Name);

  /// Likewise, where what it defines by that name is code.
  const NativeMember *definingCode(llvm::StringRef Name);

  /// `a.o: why`, of each input that could not be read, in order: it may define
  /// anything. Empty before the first question.
  std::vector<std::string> unread();

private:
  struct Definer;
  void readInputs();
  void readReferences(Definer &Of) const;
  bool isData(llvm::StringRef Name) const;

  std::vector<std::string> Inputs;
  uint16_t Machine;
  std::mutex Lock;
  std::vector<std::string> Unread;
  std::optional<InputWalker> Files; ///< Nothing before the first question.
  std::vector<std::unique_ptr<Definer>> Definers;
  llvm::StringMap<Definer *> ByName;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_NATIVEMEMBERS_H
