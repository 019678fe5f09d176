//===- Measure.h - The distances of short references ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_MEASURE_H
#define SECTION_PLACEMENT_VERIFY_MEASURE_H

#include "section-placement/Decode/ImageTransfers.h"
#include "section-placement/Objects/ObjectFiles.h"
#include "section-placement/Verify/Locator.h"
#include "section-placement/Verify/Margin.h"

namespace section_placement {

enum class ReferenceStatus : uint8_t {
  Measured,   ///< It has a distance.
  NotDecided, ///< The image is relocatable, and the two stand in two sections.
  NotDecoded, ///< The image's instruction there does not say where it goes.
  NotLocated, ///< Its place or its target cannot be found in the image.
};

/// How the instruction in the image gets to the target that the object names.
enum class Route : uint8_t {
  Straight,
  Table,     ///< Through a PLT entry, or another that loads an address.
  Thunk,     ///< Through a thunk or veneer, which goes on to the target.
  Elsewhere, ///< It goes to something else: --wrap, --defsym, a script's name.
};
llvm::StringRef nameOf(Route R);

/// A short reference of an object, in the image.
struct MeasuredReference {
  uint32_t Object;    ///< Index into ObjectFiles::Objects.
  uint32_t Reference; ///< Index into its References.
  ReferenceStatus Status;
  /// Of one that is not located: why, and is it the target that is missing?
  LocateFault Fault = LocateFault::None;
  bool IsTargetAtFault = false;
  ImagePlace From = {0, 0, 0}; ///< Of one that is located.
  /// From is one of several places that cannot be distinguished: that with the
  /// least of its reach left.
  bool IsOneOfSeveral = false;
  /// Of a decoded one: how it gets to its target, and the address in the image
  /// that the instruction itself goes to.
  Route Way = Route::Straight;
  uint64_t LinkedTo = 0;
  /// Of a PLT entry there: whose it is, where that is known.
  llvm::StringRef Import = {};
  /// Of a measured one, the psABIs' S + A - P in bytes; where code shrank
  /// between the two, the worst that it may be.
  int64_t Distance = 0;
  uint64_t Slack = 0; ///< By how many bytes it may be better.
  Margin Left = {0, 0};
  /// It goes to an address that the image has neither code nor a name for.
  bool GoesNowhere = false;

  bool isOutOfReach() const {
    return Status == ReferenceStatus::Measured && Left.Left < 0;
  }
};

/// What stands in a code section and is no symbol's.
struct UncoveredBytes {
  uint64_t Bytes = 0;
  uint64_t First = 0;      ///< Address of the first.
  uint64_t NotDecoded = 0; ///< Of Bytes: those that are no instructions.
};

struct Measurements {
  /// Measured ones first, smallest margin first; then the others. One place
  /// that several objects mention (an archive and the vmlinux.o made of it)
  /// stands here once.
  std::vector<MeasuredReference> References;
  uint64_t Measured = 0, OutOfReach = 0, NotDecided = 0, NotDecoded = 0,
           NotLocated = 0;
  uint64_t InsideFunctions = 0; ///< In reach; no layout changes them.
  uint64_t Doubles = 0;         ///< Left out, since they stand here already.
  uint64_t GoingNowhere = 0;    ///< Of Measured.
  /// Of NotLocated: those of local code, in an image without local symbols.
  uint64_t MaybeStripped = 0;
  /// Of NotLocated: those whose place is one of several, or has no symbol.
  uint64_t OfUnknownPlace = 0;
  /// Bytes of decoded functions that are no instructions of the machine: what
  /// branches are there is not known.
  uint64_t BytesNotDecoded = 0;
  /// Instructions alone, with short branches, which are not measured.
  UncoveredBytes UncoveredCode;
  /// Instructions among bytes that are none, where code goes: what branches are
  /// there is not known.
  UncoveredBytes UncoveredMixed;
  /// The same where no code goes: taken for data.
  UncoveredBytes UncoveredData;
};

/// Finds and measures each short reference of \p Objects in \p Image. In a
/// linked image the distance is that of the instruction, as the decoder of \p
/// Transfers finds it; without one none is measured there. An object that is
/// the linked image itself gets a reference for each short branch that leaves a
/// function; where other objects stand before it, for each that leaves the
/// group of \p Members, which are indices of the image's symbols.
Measurements measure(const ElfFile &Image, ObjectFiles &Objects,
                     ImageTransfers &Transfers,
                     llvm::ArrayRef<uint32_t> Members = {});

/// What linkers call the code by which a branch reaches farther: lld's thunks,
/// GNU ld's veneers; gold's have no name.
bool isNamedAsThunk(llvm::StringRef Name);

/// Returns true if control that goes to \p Address of \p Image, whose decoder
/// finds the way \p Way there, arrives at a thunk or veneer of the linker: code
/// of no name, or of a name that linkers give. A function that does nothing but
/// jump is none.
bool isThunk(const ElfFile &Image, uint64_t Address, const Trail &Way);

/// `__wrap_f`, `.plt+0x20`: what stands at \p Address of \p Image.
std::string nameOfAddress(const ElfFile &Image, uint64_t Address);

/// The same of where control goes: `printf (through the PLT)` where an entry
/// stands there of which \p Decoder finds out whose it is.
std::string nameOfTarget(const ElfFile &Image, const ImageDecoder *Decoder,
                         uint64_t Address);

/// `__guest_enter+0x14`: what stands at the place of \p R; the section and an
/// offset where that has no name.
std::string placeName(const ObjectFile &Object, const ObjectReference &R);
/// The same for its target.
std::string targetName(const ObjectFile &Object, const ObjectReference &R);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_MEASURE_H
