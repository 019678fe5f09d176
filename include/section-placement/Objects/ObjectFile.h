//===- ObjectFile.h - The short references of an object ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To measure an image one must know, of each object, its references to itself
// as well, since in a vmlinux.o everything is inside; and enough of the symbols
// to find each section again in the image.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_OBJECTFILE_H
#define SECTION_PLACEMENT_OBJECTS_OBJECTFILE_H

#include "section-placement/Objects/ElfFile.h"
#include <string>
#include <vector>

namespace section_placement {

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
  /// Index of the definition that the place belongs to; NoIndex for code before
  /// any symbol.
  uint32_t Owner;

  bool isDefinedInside() const { return TargetSection != 0; }
};

/// A relocatable object and its short references.
class ObjectFile {
public:
  /// Reads the ELF object in \p Buffer, called \p Name. Fails, with the cause
  /// alone, where it is linked already or damaged.
  static llvm::Expected<ObjectFile> read(llvm::MemoryBufferRef Buffer,
                                         llvm::StringRef Name);

  /// The image \p File, called \p Name, as its own object. Its references are
  /// those that --emit-relocs kept; there may be none.
  static llvm::Expected<ObjectFile> ofImage(ElfFile File, llvm::StringRef Name);

  std::string Name;
  ElfFile File;
  /// In the order of sections and of the file.
  std::vector<ObjectReference> References;
  /// Short references whose place and target belong to one function and that
  /// reach: no layout changes them, so they are counted only.
  uint64_t InsideFunctions = 0;

private:
  ObjectFile(llvm::StringRef Name, ElfFile File)
      : Name(Name.str()), File(std::move(File)) {}
  llvm::Error addAll();
  void add(const ElfRelocation &R);
};

/// Where the target of \p R is in its section, the program counter's bias taken
/// off: bytes from the start, to name what stands there. Only for one that the
/// object defines.
uint64_t targetOffset(const ObjectReference &R);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_OBJECTFILE_H
