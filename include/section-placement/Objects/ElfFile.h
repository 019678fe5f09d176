//===- ElfFile.h - What is in an ELF file -----------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one reader of ELF files: relocatable objects, executables and shared
// objects of any class and byte order, from disk or from memory. It gives
// sections, symbols and relocations, and which symbol a place belongs to.
//
// Every access is checked against the buffer, and nothing is allocated by a
// number from the file that the file does not back with as many bytes. Reading
// costs n log n in the symbols; looking up a place costs log n however symbols
// lie over one another.
//
// It does not decode instructions, follow dynamic relocations or read debug
// information.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_ELFFILE_H
#define SECTION_PLACEMENT_OBJECTS_ELFFILE_H

#include "section-placement/Objects/RelocationReach.h"
#include "section-placement/Objects/SectionExtents.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <vector>

namespace section_placement {

struct ElfSection {
  llvm::StringRef Name;
  uint64_t Address; ///< 0 in a relocatable object.
  uint64_t Size;    ///< Bytes.
  uint64_t Offset;  ///< Of its contents in the file.
  uint64_t Flags;   ///< SHF_*.
  uint32_t Type;    ///< SHT_*.
  /// The range of its symbols in ElfFile::definitions().
  uint32_t SymbolsBegin = 0, SymbolsEnd = 0;
  uint64_t EntrySize = 0; ///< Bytes of each entry; 0 where it has none.

  /// Returns true if it is in memory when the program runs.
  bool isLoaded() const { return Flags & llvm::ELF::SHF_ALLOC; }
  bool isCode() const { return isLoaded() && Flags & llvm::ELF::SHF_EXECINSTR; }
};

/// Where a symbol gets its value from.
enum class ElfHome : uint8_t { Section, Undefined, Absolute, Common };

struct ElfSymbol {
  llvm::StringRef Name;
  llvm::StringRef File; ///< Of a local symbol: the STT_FILE above it.
  /// In a relocatable object, bytes from the start of its section; else the
  /// address. Without the bit that marks Thumb, MIPS16 and microMIPS functions.
  uint64_t Address;
  uint64_t Size;    ///< Bytes; 0 where the symbol table does not say.
  uint32_t Section; ///< 0 unless Home is Section.
  ElfHome Home;
  uint8_t Type;       ///< STT_*.
  uint8_t Binding;    ///< STB_*.
  uint8_t Visibility; ///< STV_*.
  bool IsLocal;       ///< STB_LOCAL.
  bool IsFunction;    ///< STT_FUNC or STT_GNU_IFUNC.
  bool IsCompressed;  ///< A function of Thumb, MIPS16 or microMIPS code.

  bool isUndefined() const { return Home == ElfHome::Undefined; }
  bool isWeak() const { return Binding == llvm::ELF::STB_WEAK; }
};

struct ElfRelocation {
  uint32_t Type;    ///< Of three that a MIPS64 relocation packs, the first.
  uint32_t Section; ///< That it is applied to.
  uint64_t Address; ///< Of the place, counted like ElfSymbol::Address.
  uint32_t Symbol;  ///< Index into ElfFile::symbols().
  /// The psABIs' A, also where it stands in the place itself (SHT_REL). There
  /// only types of the reach table and plain words are read; others have 0.
  int64_t Addend;
  /// Null for a type that is neither short nor a call, and for all types of a
  /// machine whose reaches are not known (ElfFile::areReachesKnown()).
  const RelocationReach *Reach;
};

/// An ELF file in memory. Immutable once read, and then read by any number of
/// threads. Its strings are views of the buffer.
class ElfFile {
public:
  /// Reads \p Bytes, which must outlive the result. Fails, without a file name,
  /// where they are not ELF or are damaged. Relocations are checked when they
  /// are visited.
  static llvm::Expected<ElfFile> read(llvm::MemoryBufferRef Bytes);

  /// Reads and owns the file \p Path. Fails, with its name, where it cannot be
  /// read, is not ELF, is damaged, or has no symbol table.
  static llvm::Expected<ElfFile> openImage(llvm::StringRef Path);

  uint16_t machine() const { return Machine; } ///< EM_*.
  uint64_t entry() const { return Entry; }     ///< e_entry, as it is written.
  bool isRelocatable() const { return IsRelocatable; }
  llvm::StringRef bytes() const { return Bytes; }
  bool is64Bit() const { return Is64Bit; }
  bool isBigEndian() const { return IsBigEndian; }
  bool hasSymbolTable() const { return !FromTable.empty(); }

  /// Returns false if the reach table does not have this machine: whether a
  /// relocation is short is then not known.
  bool areReachesKnown() const { return isKnownMachine(Machine); }

  llvm::ArrayRef<ElfSection> sections() const { return Sections; }

  /// The bytes of \p Section in the file; none of SHT_NOBITS. Fails where they
  /// lie outside the file.
  llvm::Expected<llvm::ArrayRef<uint8_t>> contents(uint32_t Section) const;

  /// The loaded section that covers \p Address of an image; NoIndex where there
  /// is none.
  uint32_t sectionAt(uint64_t Address) const;

  /// All symbols: definitions(), mappingSymbols(), undefinedSymbols(), then all
  /// others (sections, files, thread-local, absolute and common symbols, the
  /// assembler's temporary labels).
  llvm::ArrayRef<ElfSymbol> symbols() const { return Symbols; }

  /// Symbols with a name in a loaded section, by section, address and name. A
  /// prefix of symbols(), so that indices are the same.
  llvm::ArrayRef<ElfSymbol> definitions() const { return first(Kind::Mapping); }
  llvm::ArrayRef<ElfSymbol> definitionsIn(uint32_t Section) const {
    const ElfSection &S = Sections[Section];
    return symbols().slice(S.SymbolsBegin, S.SymbolsEnd - S.SymbolsBegin);
  }

  /// `$x`, `$d`, `$t` and the like, which mark code and data, by section and
  /// address.
  llvm::ArrayRef<ElfSymbol> mappingSymbols() const {
    return first(Kind::Undefined).drop_front(First[size_t(Kind::Mapping)]);
  }

  /// What other files must define, by name.
  llvm::ArrayRef<ElfSymbol> undefinedSymbols() const {
    return first(Kind::Other).drop_front(First[size_t(Kind::Undefined)]);
  }

  /// Indices of the definitions of that name, global ones first.
  llvm::ArrayRef<uint32_t> symbolsNamed(llvm::StringRef Name) const;

  /// The index of the function that code generation split the definition \p
  /// Part off, by the name that LLVM gives the part: `f.cold`. Such a part is
  /// no function for the symbol table. NoIndex where it is none, and where
  /// nothing says which of several functions is meant.
  uint32_t splitParent(uint32_t Part) const;

  /// The index of the definition that the place at \p Address of \p Section
  /// belongs to: the innermost whose extent covers it, a function before a
  /// label and a global one before a local one; else the last that begins
  /// before it. NoIndex where there is none.
  uint32_t ownerOf(uint32_t Section, uint64_t Address) const;

  /// Appends to \p Owners, ascending, all definitions whose extent covers the
  /// place; else all that begin at the last start at or before it.
  void ownersOf(uint32_t Section, uint64_t Address,
                llvm::SmallVectorImpl<uint32_t> &Owners) const;

  /// Calls \p Visit with each relocation that is applied to \p Section, in the
  /// order of the file, and stops at its first error. Of a linked file these
  /// are those that --emit-relocs keeps. Fails where they are damaged.
  llvm::Error forEachRelocation(
      uint32_t Section,
      llvm::function_ref<llvm::Error(const ElfRelocation &)> Visit) const;

  /// The symbol whose address the dynamic linker writes into the word at \p
  /// Address, of `.got` or the table of a PLT; empty where it writes none.
  llvm::StringRef symbolOfSlot(uint64_t Address) const;

private:
  enum class Kind : uint8_t { Definition, Mapping, Undefined, Other };
  struct RelocationTable {
    uint32_t Header, Applied; ///< Indices of sections.
    bool HasSymbols;          ///< It refers to the file's symbol table.
  };
  template <class ELFT> class Reader;

  ElfFile() = default;
  llvm::ArrayRef<ElfSymbol> first(Kind End) const {
    return symbols().take_front(First[size_t(End)]);
  }
  Kind kindOf(const ElfSymbol &S) const;
  void index();

  std::unique_ptr<llvm::MemoryBuffer> Owned;
  llvm::StringRef Bytes;
  uint16_t Machine = 0;
  uint64_t Entry = 0;
  bool IsRelocatable = false, Is64Bit = false, IsBigEndian = false;
  std::vector<ElfSection> Sections;
  std::vector<ElfSymbol> Symbols;
  size_t First[4] = {};            ///< By Kind: where it begins in Symbols.
  std::vector<uint32_t> FromTable; ///< By index in the file's symbol table.
  llvm::DenseMap<llvm::StringRef, llvm::SmallVector<uint32_t, 1>> ByName;
  std::vector<SectionExtents> Functions, Labels; ///< By section.
  std::vector<RelocationTable> Tables;           ///< By the section applied to.
  /// By address.
  std::vector<std::pair<uint64_t, llvm::StringRef>> Slots;
};

/// The e_machine of the ELF file in \p Bytes; fails where it is none.
llvm::Expected<uint16_t> elfMachine(llvm::MemoryBufferRef Bytes);

enum class EmbeddedLTO : uint8_t {
  None,
  FatBitcode, ///< LLVM's, which --fat-lto-objects takes before the native code.
  SlimGCC,    ///< GCC's, without native code beside it.
};

/// What the ELF object in \p Bytes holds for LTO. None for what is damaged.
EmbeddedLTO embeddedLTO(llvm::MemoryBufferRef Bytes);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_ELFFILE_H
