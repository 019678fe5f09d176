//===- LinkedImage.h - Where a linked image has its code --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only the image says where a function ended up: a later pass may have inlined
// it, the linker dropped or folded it, a script moved its section.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_LINKEDIMAGE_H
#define SECTION_PLACEMENT_OBJECTS_LINKEDIMAGE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace section_placement {

struct ImageSection {
  llvm::StringRef Name;
  uint64_t Address; ///< In a relocatable object, bytes from nothing: 0.
  uint64_t Size;    ///< Bytes.
  bool IsCode;
  bool IsLoaded; ///< In memory when the program runs.
  bool IsWritable;
};

constexpr uint32_t NoSection = UINT32_MAX;

/// `$x`, `$d`, `$t`, `$a`: what stands from there on.
struct MappingSymbol {
  uint32_t Section;
  uint64_t Address;
  char Letter;
};

/// A symbol of the image that stands in a section.
struct ImageSymbol {
  llvm::StringRef Name;
  llvm::StringRef File; ///< Of a local one: the STT_FILE above it.
  uint64_t
      Address;   ///< In a relocatable object, bytes from its section's start.
  uint64_t Size; ///< Bytes; 0 where the symbol table does not say.
  uint32_t Section; ///< Index into sections().
  bool IsLocal;
  bool IsFunction;
};

/// An ELF file with its symbol table: an executable, a shared object, or a
/// relocatable object such as vmlinux.o. Any class and byte order.
class LinkedImage {
public:
  /// Reads \p Path. Fails where it cannot be read, is no ELF, is damaged, or
  /// has no symbol table.
  static llvm::Expected<LinkedImage> read(llvm::StringRef Path);

  uint16_t machine() const { return Machine; }
  bool isRelocatable() const { return IsRelocatable; }
  bool is64Bit() const { return Is64Bit; }
  bool isBigEndian() const { return IsBigEndian; }
  /// Of a big-endian image: are instructions little-endian all the same? They
  /// are in AArch64 and in Arm's BE8.
  bool hasLittleEndianCode() const { return HasLittleEndianCode; }
  llvm::MemoryBufferRef buffer() const;

  /// The bytes of \p Section in the file; none of SHT_NOBITS, and none where
  /// they lie outside the file.
  llvm::ArrayRef<uint8_t> contents(uint32_t Section) const {
    return Contents[Section];
  }
  /// The loaded section that covers \p Address of an image; NoSection where
  /// there is none.
  uint32_t sectionAt(uint64_t Address) const;
  /// By section and address.
  llvm::ArrayRef<MappingSymbol> mappingSymbols() const { return Marks; }
  /// What r2 of PowerPC64 holds, where the image says so.
  std::optional<uint64_t> tocBase() const;
  llvm::ArrayRef<ImageSection> sections() const { return Sections; }

  /// All symbols of sections, mapping symbols left out, sorted by section,
  /// address and name.
  llvm::ArrayRef<ImageSymbol> symbols() const { return Symbols; }

  /// Indices into symbols() of those of that name, global ones first.
  llvm::ArrayRef<uint32_t> symbolsNamed(llvm::StringRef Name) const;

  LinkedImage(LinkedImage &&);
  LinkedImage &operator=(LinkedImage &&);
  ~LinkedImage();

private:
  LinkedImage();
  template <class ELFT> llvm::Error readAs();

  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  uint16_t Machine = 0;
  bool IsRelocatable = false, Is64Bit = false, IsBigEndian = false,
       HasLittleEndianCode = false;
  std::vector<llvm::ArrayRef<uint8_t>> Contents;
  std::vector<MappingSymbol> Marks;
  std::vector<uint32_t> ByAddress; ///< Loaded sections of an image.
  std::vector<ImageSection> Sections;
  std::vector<ImageSymbol> Symbols;
  llvm::DenseMap<llvm::StringRef, llvm::SmallVector<uint32_t, 1>> ByName;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_LINKEDIMAGE_H
