//===- Locator.h - Where an object's sections are in an image ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An image does not say which object a byte came from. But an input section is
// laid out as a whole, so the symbols of one that are found again by name must
// all stand at the same distance from their offsets: a static `init` that
// twenty files have is told apart by its neighbours. Where code shrinks in the
// link (RISC-V, LoongArch, AVR) that does not hold, and places are counted from
// the nearest symbol.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_LOCATOR_H
#define SECTION_PLACEMENT_VERIFY_LOCATOR_H

#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Objects/ObjectFile.h"
#include <optional>

namespace section_placement {

/// Why a place of an object has no address in the image.
enum class LocateFault : uint8_t {
  None,
  NotInImage,      ///< No symbol of its section is there: dropped by the link.
  Ambiguous,       ///< Several places would do: statics of one name.
  OtherDefinition, ///< The names are there, but not with this code.
  NoSymbol,        ///< Nothing with a name stands in its section.
  UndefinedWeak,   ///< A weak reference that nothing answered to.
};

/// In words, and in one word for a report.
llvm::StringRef describe(LocateFault Fault);
llvm::StringRef nameOf(LocateFault Fault);

struct ImagePlace {
  uint32_t Section; ///< Index into ElfFile::sections().
  uint64_t Address; ///< As ElfSymbol::Address counts it.
  /// By how many bytes the address may lie too high, since the link took bytes
  /// out of the code before it.
  uint64_t Slack = 0;
};

/// The symbol of \p Image that is called \p Name and stands at \p Place; null
/// where there is none.
const ElfSymbol *symbolAt(const ElfFile &Image, const ImagePlace &Place,
                          llvm::StringRef Name);

/// Where one section of an object went.
class LocatedSection {
public:
  LocatedSection() = default;
  explicit LocatedSection(LocateFault Fault) : Fault(Fault) {}
  explicit LocatedSection(ImagePlace Start)
      : Fault(LocateFault::None), Start(Start) {}

  LocateFault fault() const { return Fault; }
  /// Where \p Offset of the section is; nothing where it is not known.
  std::optional<ImagePlace> place(uint64_t Offset) const;
  /// Of an Ambiguous one, each address at which it may start; empty where they
  /// are too many to list, or where the link took bytes out of it.
  llvm::ArrayRef<ImagePlace> possibleStarts() const { return Possible; }

private:
  /// A symbol of a section that shrank.
  struct Point {
    uint64_t Offset, Size; ///< In the object.
    ImagePlace Place;
    uint64_t ImageSize;
  };
  friend LocatedSection locateSection(const ElfFile &Image,
                                      llvm::ArrayRef<ElfSymbol> Symbols);
  LocateFault Fault = LocateFault::NoSymbol;
  std::optional<ImagePlace> Start;
  std::vector<Point> Points; ///< By offset.
  std::vector<ImagePlace> Possible;
};

/// Finds the section of an object that \p Symbols are those of.
LocatedSection locateSection(const ElfFile &Image,
                             llvm::ArrayRef<ElfSymbol> Symbols);

/// Finds the sections of one object as they are asked for.
class Locator {
public:
  /// \p IsImage: the object is the image itself.
  Locator(const ElfFile &Image, const ObjectFile &Object, bool IsImage)
      : Image(Image), Object(Object), IsImage(IsImage),
        Sections(Object.File.sections().size()) {}

  const LocatedSection &section(uint32_t Section);

  /// Where the target of \p R is, its addend left out: as the linker binds it,
  /// a global symbol by name. Gives the fault where that is not known.
  LocateFault target(const ObjectReference &R, ImagePlace &Place);

private:
  LocateFault globalTarget(llvm::StringRef Name, ImagePlace &Place) const;

  const ElfFile &Image;
  const ObjectFile &Object;
  bool IsImage;
  std::vector<std::optional<LocatedSection>> Sections;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_LOCATOR_H
