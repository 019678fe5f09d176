//===- ObjectRelocations.h - Relocations, by the objects --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which words and fields of an image are addresses is in its relocations, which
// a link drops unless it has --emit-relocs. The objects have them, too. Here a
// section of an object is found again in the image:
//
// 1. Names say where it may be: the image's symbols that are called like its
//    own.
// 2. Bytes say whether it is: all of them must be there, but for the bits that
//    its relocations are for. RISC-V's calls that the link shortened, and
//    padding that it took out, are allowed for.
// 3. Each relocated field must hold what the relocation says, its symbol taken
//    to where the image has it. Where no name says that (a section of strings,
//    a table for a switch), the field does, and the bytes of what it refers to
//    must be there, too.
//
// So nothing rests on a name alone: two objects that both fit a place say the
// same of it. What fits no object is not judged.
//
// A section costs its size and n log n of its relocations, for each place that
// its names stand for, 64 at most.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_OBJECTRELOCATIONS_H
#define SECTION_PLACEMENT_VERIFY_OBJECTRELOCATIONS_H

#include "GroupAddresses.h"
#include "section-placement/Verify/Proof.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <vector>

namespace section_placement {

class ObjectRelocations {
public:
  /// Of what is of \p Group in \p Image, which both must live as long.
  ObjectRelocations(const ElfFile &Image, const GroupAddresses &Group);

  /// Looks for the sections of \p Object in the image.
  void add(const ElfFile &Object);
  /// To be called after the last object, before the questions below.
  void finish();

  llvm::ArrayRef<ImageRelocation> relocations() const { return Relocations; }
  /// Why the objects do not say what stands from \p Begin up to \p End, which
  /// is one instruction, word or variable, refers to; None where they do.
  ReadsFault faultOf(uint64_t Begin, uint64_t End) const;
  /// Where what is known of the bytes from \p Address on ends; \p Address
  /// itself where no object has them.
  uint64_t endOfMatch(uint64_t Address) const;

private:
  /// A section that fits at Start, but for Faults.
  struct Match {
    uint64_t Start = 0, End = 0;
    std::vector<ImageRelocation> Relocations;
    std::vector<std::pair<uint64_t, uint64_t>> Pieces;   ///< Strings elsewhere.
    std::vector<std::pair<uint64_t, ReadsFault>> Faults; ///< By address.
  };
  class OneObject;
  void take(Match M);
  uint32_t ownerOf(uint64_t Address) const;
  const ElfSymbol *symbolElsewhere(llvm::StringRef Name) const;
  llvm::ArrayRef<uint8_t> bytesAt(uint64_t Address) const;
  bool isWanted(uint32_t Definition) const;

  const ElfFile &Image;
  const GroupAddresses &Group;
  std::vector<llvm::ArrayRef<uint8_t>> Contents; ///< By section of the image.
  llvm::StringMap<uint32_t> Elsewhere;           ///< Absolute symbols, by name.
  std::vector<ImageRelocation> Relocations;
  std::vector<std::pair<uint64_t, uint64_t>> Covered; ///< By address.
  std::vector<Match> Faulty;      ///< Until a better one is found.
  llvm::DenseSet<uint64_t> Taken; ///< Starts of what was found.
  /// By definition of the image: why none of the objects' fits; what in the one
  /// that fits is not known.
  llvm::DenseMap<uint32_t, ReadsFault> Misfits, FaultyOwners;
  std::map<uint64_t, ReadsFault> FaultyPlaces; ///< Of no definition's.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_OBJECTRELOCATIONS_H
