//===- UncoveredCode.h - What no symbol of an image covers ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A branch in code without a symbol is in no function and in no object, and
// nobody measures it. Whether such bytes are code, an image does not say: it
// may be data that reads like instructions, or what the linker fills with.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_UNCOVEREDCODE_H
#define SECTION_PLACEMENT_VERIFY_UNCOVEREDCODE_H

#include "section-placement/Decode/ImageTransfers.h"
#include "section-placement/Verify/Measure.h"
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace section_placement {

/// Of a linked image that can be decoded.
class UncoveredCode {
public:
  UncoveredCode(const ElfFile &Image, ImageTransfers &Transfers)
      : Image(Image), Transfers(Transfers) {}

  /// The function that the code at \p Address is of; null where there is none.
  const ElfSymbol *functionAt(uint32_t Section, uint64_t Address) const;
  /// Are the \p Size bytes at \p Address data, or what the linker fills with?
  bool isData(uint32_t Section, uint64_t Address, uint64_t Size) {
    return isConstant(Section, Address) || isFiller(Section, Address, Size);
  }
  /// Counts what no symbol covers in \p Section.
  void addSection(uint32_t Section);

  UncoveredBytes Code; ///< All instructions, short branches among them.
  /// A function goes there, and not all of it can be decoded.
  UncoveredBytes Mixed;
  UncoveredBytes Data; ///< The same where no function goes.

private:
  bool isFiller(uint32_t Section, uint64_t Address, uint64_t Size) const;
  bool isConstant(uint32_t Section, uint64_t Address);
  bool goesOn(uint32_t Section, uint64_t End) const;
  bool isReached(uint32_t Section, uint64_t Begin, uint64_t End);
  void addGap(uint32_t Section, uint64_t Begin, uint64_t End);

  const ElfFile &Image;
  ImageTransfers &Transfers;
  /// Section, begin and end of each constant; made when first asked for.
  std::optional<std::vector<std::tuple<uint32_t, uint64_t, uint64_t>>>
      Constants;
  /// Section and address of what functions go to; made when first asked for.
  std::optional<std::vector<std::pair<uint32_t, uint64_t>>> Targets;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_UNCOVEREDCODE_H
