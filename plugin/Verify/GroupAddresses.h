//===- GroupAddresses.h - What is of a closed group -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_GROUPADDRESSES_H
#define SECTION_PLACEMENT_VERIFY_GROUPADDRESSES_H

#include "section-placement/Verify/Expectation.h"
#include "section-placement/Verify/Measure.h"
#include "llvm/ADT/DenseSet.h"
#include <set>
#include <string>
#include <vector>

namespace section_placement {

/// A relocation that the linker applied to a place of the image.
struct ImageRelocation {
  uint32_t Type;
  uint32_t Section; ///< Of the place.
  uint64_t Address;
  int64_t Addend;
  const RelocationReach *Reach; ///< As ElfRelocation has it.
  ElfSymbol Target;             ///< Where it is in the image.
};

/// What an address of the image is to a closed group.
struct Spot {
  enum class Kind : uint8_t {
    Nowhere,  ///< No section is there: a device, or an undefined weak symbol.
    Inside,   ///< Of the group.
    Variable, ///< In memory that the program writes.
    Code,
    Constant,
  };
  Kind What = Kind::Nowhere;
  uint32_t Section = NoIndex;
  uint64_t Address = 0;
  uint32_t Owner = NoIndex; ///< The definition that covers it.
  llvm::StringRef Name;     ///< Of an absolute symbol.

  bool isOutside() const {
    return What == Kind::Code || What == Kind::Constant;
  }
};

/// \p Address without the bit that says Thumb.
uint64_t withoutMode(const ElfFile &Image, uint64_t Address);

/// Which sections and definitions of an image are of one closed group.
class GroupAddresses {
public:
  /// \p Placed are the functions and variables of the group's rules. \p Image
  /// and \p Decoder must live as long.
  GroupAddresses(const ElfFile &Image, const ImageDecoder &Decoder,
                 llvm::ArrayRef<const ExpectedFunction *> Placed);

  /// All that stands in \p Section is of the group.
  bool isOwn(uint32_t Section) const { return OwnSections.count(Section); }
  /// A member of the group covers the place.
  bool isMember(uint32_t Section, uint64_t Address) const;
  bool contains(uint32_t Section, uint64_t Address) const {
    return isOwn(Section) || isMember(Section, Address);
  }
  /// Has \p Section a member, among code of others perhaps?
  bool hasMember(uint32_t Section) const { return Homes.count(Section); }
  /// Is the definition with that index a member?
  bool hasDefinition(uint32_t Index) const { return Members.contains(Index); }

  /// The definition whose extent covers the place, else NoIndex; one without a
  /// size covers what is up to the next.
  uint32_t coveringOwner(uint32_t Section, uint64_t Address) const;
  /// What stands at \p Address.
  Spot spotAt(uint64_t Address) const;
  /// Where \p R refers to; \p At is the instruction that it is in, null for a
  /// word of data.
  Spot spotOf(const ImageRelocation &R, const CodeReference *At) const;
  /// Its name, or a constant's text.
  std::string describe(const Spot &S) const;

  /// The names of the sections that are the group's own.
  std::vector<std::string> sectionNames() const;
  /// How many functions the rules name, without those that they grow to.
  size_t functions() const { return Functions; }

private:
  const ElfFile &Image;
  const ImageDecoder &Decoder;
  std::set<uint32_t> OwnSections, Homes;
  llvm::DenseSet<uint32_t> Members;
  size_t Functions = 0;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_GROUPADDRESSES_H
