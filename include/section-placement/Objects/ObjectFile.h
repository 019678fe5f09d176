//===- ObjectFile.h - The short references of an object ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plugin reads objects for what they want of others (NativeFacts). To
// measure an image one must know more: references of an object to itself, since
// in a vmlinux.o everything is inside; addends; and enough of the symbols to
// find each section again in the image.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_OBJECTFILE_H
#define SECTION_PLACEMENT_OBJECTS_OBJECTFILE_H

#include "section-placement/Objects/RelocationReach.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <memory>
#include <string>
#include <vector>

namespace section_placement {

struct ObjectSection {
  llvm::StringRef Name;
  uint64_t Size;                     ///< Bytes.
  uint32_t SymbolsBegin, SymbolsEnd; ///< Its range of ObjectFile::Symbols.
};

/// A symbol with a name that a linker keeps, in a section that is loaded.
struct ObjectSymbol {
  llvm::StringRef Name;
  llvm::StringRef File; ///< Of a local one: the STT_FILE above it.
  uint64_t Offset;      ///< Bytes from its section's start.
  uint64_t Size;        ///< Bytes; 0 where the symbol table does not say.
  uint32_t Section;
  bool IsLocal;
  bool IsFunction;
};

/// A reference by a relocation that is short.
struct ObjectReference {
  const RelocationReach *Relocation;
  uint32_t Section; ///< Of the place.
  uint64_t Offset;  ///< Of the place: bytes from its section's start.
  /// The psABIs' A, also where it stands in the instruction (SHT_REL).
  int64_t Addend;
  /// What it refers to. A section symbol has no name; the offset of one that
  /// the object does not define is 0, and its section too.
  llvm::StringRef Target;
  uint32_t TargetSection;
  uint64_t TargetOffset;
  bool TargetIsLocal;
  bool TargetIsWeak;
  /// Index of the symbol that the place belongs to; NoIndex for code before any
  /// symbol.
  uint32_t Owner;

  bool isDefinedInside() const { return TargetSection != 0; }
};

/// What verify reads of one relocatable object. Its strings are views of the
/// buffer.
class ObjectFile {
public:
  /// Reads the ELF object in \p Buffer, called \p Name. Everything is checked
  /// against the buffer's bounds.
  static llvm::Expected<ObjectFile> read(llvm::MemoryBufferRef Buffer,
                                         llvm::StringRef Name);

  std::string Name;
  uint16_t Machine = 0;
  std::vector<ObjectSection> Sections;
  /// Sorted by section and offset.
  std::vector<ObjectSymbol> Symbols;
  /// In the order of the file.
  std::vector<ObjectReference> References;
  /// Short references whose place and target belong to one function and that
  /// reach: no layout changes them, so they are counted only.
  uint64_t InsideFunctions = 0;

  llvm::ArrayRef<ObjectSymbol> symbolsOf(uint32_t Section) const {
    const ObjectSection &S = Sections[Section];
    return llvm::ArrayRef<ObjectSymbol>(Symbols).slice(
        S.SymbolsBegin, S.SymbolsEnd - S.SymbolsBegin);
  }

  /// The index of the symbol that \p Offset of \p Section belongs to: the one
  /// whose extent covers it, a function before a label and a global one before
  /// a local one; else the last before it. NoIndex where there is none.
  uint32_t ownerOf(uint32_t Section, uint64_t Offset) const;

  /// Sorts the symbols and indexes them by section; call once, after the last
  /// was added.
  void finish();

  /// How many symbols at most lie over one place, aliases counted once.
  size_t depth() const { return Depth; }

  ObjectFile();
  ObjectFile(ObjectFile &&);
  ObjectFile &operator=(ObjectFile &&);
  ~ObjectFile();

private:
  struct Extents;
  void indexExtents(uint32_t Section);

  std::unique_ptr<Extents> BySection;
  size_t Depth = 0;
};

/// Where the target of \p R is in its section, the program counter's bias taken
/// off: bytes from the start, to name what stands there. Only for one that the
/// object defines.
uint64_t targetOffset(const ObjectReference &R);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_OBJECTFILE_H
