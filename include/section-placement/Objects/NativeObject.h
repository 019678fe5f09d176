//===- NativeObject.h - Symbols and references of native code ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an assembler made is read for two things: which symbols it defines, in
// which sections, and which of its relocations are short or are calls. The
// relocations are the truth about reach; no decoding of instructions, no guess
// from mnemonics.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_NATIVEOBJECT_H
#define SECTION_PLACEMENT_OBJECTS_NATIVEOBJECT_H

#include "section-placement/Model/Program.h"
#include "section-placement/Objects/ElfFile.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/StringSaver.h"
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

struct NativeSymbol {
  llvm::StringRef Name;
  llvm::StringRef Section;
  llvm::StringRef Object;
  uint64_t Address; ///< Bytes from the section's start.
  uint32_t Rank;    ///< Of object and section among all that were read.
  bool IsLocal;
};

/// What \p N is in a Program.
Symbol symbolOf(const NativeSymbol &N);

/// A short reference or a call from native code to a symbol by name.
struct NativeReference {
  uint32_t From; ///< Index of the NativeSymbol that it belongs to.
  llvm::StringRef Target;
  const RelocationReach *Relocation;
  uint64_t Offset; ///< Bytes from the start of the section.
};

/// A section of native code or data, for what else uses its name.
struct NativeSection {
  llvm::StringRef Name;
  uint64_t Flags;
  uint32_t Type;
};

/// What was read of any number of native objects. Immutable once filled, and
/// then read by any number of threads.
class NativeFacts {
public:
  NativeFacts() = default;
  NativeFacts(const NativeFacts &) = delete;

  std::vector<NativeSymbol> Symbols;
  std::vector<NativeReference> References;
  std::vector<NativeSection> Sections;
  /// References to symbols that the same object defines: how many are short.
  uint64_t ShortInside = 0;
  /// The e_machine of an object whose short references are not known: it has
  /// symbols here, and no References. Whoever uses those must report it.
  std::optional<uint16_t> UnknownMachine;

  /// Reads the relocatable ELF object in \p Buffer, called \p Name. Nothing is
  /// kept of the buffer, and nothing is added where it fails. A reference
  /// belongs to each symbol whose extent covers it, else to the last before it
  /// in its section.
  llvm::Error add(llvm::MemoryBufferRef Buffer, llvm::StringRef Name);

  /// Indexes symbols and references by name; call once, after the last add().
  void finish();

  /// The names that References refer to, each once, in order.
  llvm::ArrayRef<llvm::StringRef> targets() const { return Targets; }
  /// Indices into References, in the order of objects and offsets.
  llvm::ArrayRef<uint32_t> referencesTo(llvm::StringRef Name) const;
  /// The references that belong to \p Symbol, by index, in order.
  llvm::ArrayRef<uint32_t> referencesFrom(uint32_t Symbol) const;
  /// Indices into Symbols, global ones first.
  llvm::ArrayRef<uint32_t> symbolsNamed(llvm::StringRef Name) const;

  llvm::StringRef save(const llvm::Twine &Text) { return Strings.save(Text); }

private:
  llvm::BumpPtrAllocator Arena;
  llvm::UniqueStringSaver Strings{Arena};
  uint32_t NextRank = 0;
  std::vector<llvm::StringRef> Targets;
  std::vector<uint32_t> FromBegin, FromIndex;
  llvm::DenseMap<llvm::StringRef, llvm::SmallVector<uint32_t, 1>> ByTarget,
      ByName;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_NATIVEOBJECT_H
