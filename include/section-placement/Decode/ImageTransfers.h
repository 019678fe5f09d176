//===- ImageTransfers.h - Every branch of an image --------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Several questions about an image (which short branches leave a function, who
// calls whom, what leaves a group) need all its control transfers. To decode
// 32 MB takes seconds, so each section is decoded once, when it is first asked
// for, and its transfers are kept: 32 bytes for each, about 60 MB for 32 MB of
// x86-64 code.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_DECODE_IMAGETRANSFERS_H
#define SECTION_PLACEMENT_DECODE_IMAGETRANSFERS_H

#include "section-placement/Decode/ImageDecoder.h"

namespace section_placement {

/// A call, jump or branch. Returns are left out.
struct Transfer {
  enum class Kind : uint8_t {
    Address,   ///< Target is an address, or an offset of TargetSection.
    Undefined, ///< In a relocatable object: Target is a symbol's index.
    NotKnown,  ///< Through a register or memory.
  };
  uint64_t Address; ///< Of the instruction, or of its relocation.
  uint64_t Target;
  /// Of a short form, the relocation that it would have; else null.
  const RelocationReach *Form;
  uint32_t TargetSection; ///< NoIndex where the image has none there.
  Kind Where;
  uint8_t Size; ///< Bytes; 0 where Address is a relocation's.
};

/// Bytes that are no instructions and not marked as data.
struct UndecodedBytes {
  uint64_t Address;
  unsigned Size;
};

class ImageTransfers {
public:
  /// \p Image and \p Decoder must outlive the result. Without a decoder only
  /// the calls that have relocations are known.
  ImageTransfers(const ElfFile &Image, const ImageDecoder *Decoder)
      : Image(Image), Decoder(Decoder), Sections(Image.sections().size()) {}

  const ImageDecoder *decoder() const { return Decoder; }

  /// Those in \p Section, ascending. In a relocatable object the targets of
  /// calls are those of their relocations.
  llvm::ArrayRef<Transfer> in(uint32_t Section) {
    return read(Section).Transfers;
  }
  /// Those from \p Begin up to \p End.
  llvm::ArrayRef<Transfer> in(uint32_t Section, uint64_t Begin, uint64_t End);

  llvm::ArrayRef<UndecodedBytes> undecodedIn(uint32_t Section) {
    return read(Section).Undecoded;
  }

private:
  struct Code {
    bool IsRead = false;
    std::vector<Transfer> Transfers;
    std::vector<UndecodedBytes> Undecoded;
  };
  const Code &read(uint32_t Section);
  void addRelocations(uint32_t Section, Code &Into,
                      std::vector<uint64_t> &Places) const;

  const ElfFile &Image;
  const ImageDecoder *Decoder;
  std::vector<Code> Sections;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_DECODE_IMAGETRANSFERS_H
