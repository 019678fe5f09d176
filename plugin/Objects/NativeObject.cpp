//===- NativeObject.cpp - Symbols and references of native code -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Through LLVM's ELFFile, which checks each access against the buffer and gives
// an Expected, and not through ObjectFile's iterators, which end the process
// where a file is damaged.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Objects/SectionExtents.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include <algorithm>

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

Symbol symbolOf(const NativeSymbol &N) {
  Symbol S;
  S.Name = S.Canonical = N.Name;
  S.Section = N.Section;
  S.Object = N.Object;
  S.Address = N.Address;
  S.Rank = N.Rank;
  S.IsLocal = N.IsLocal;
  S.IsNative = true;
  return S;
}

/// SHT_CREL, which LLVM knows from 19 on.
static constexpr uint32_t CompressedRelocations = 0x40000014;
/// SHT_LLVM_LTO, which LLVM knows from 17 on.
static constexpr uint32_t FatBitcode = 0x6fff4c0c;

namespace {
template <class ELFT> class ObjectReader {
  using Shdr = typename ELFT::Shdr;
  using Sym = typename ELFT::Sym;

public:
  ObjectReader(const ELFFile<ELFT> &File, StringRef Object, NativeFacts &Facts,
               uint32_t &NextRank)
      : File(File), Object(Object), Facts(Facts), NextRank(NextRank) {}

  Error read() {
    if (File.getHeader().e_type != ELF::ET_REL)
      return plainError("is linked already (no relocatable object); its "
                        "branches are fixed");
    Expected<ArrayRef<Shdr>> Headers = File.sections();
    if (!Headers)
      return Headers.takeError();
    Sections = *Headers;
    FirstRank = NextRank;
    NextRank += Sections.size();
    Extents.resize(Sections.size());
    Names.resize(Sections.size());
    if (Error E = readSectionNames())
      return E;
    if (Error E = readSymbols())
      return E;
    for (const Shdr &Section : Sections)
      if (Error E = readRelocations(Section))
        return E;
    return Error::success();
  }

private:
  Error readSectionNames() {
    for (size_t I = 0; I < Sections.size(); ++I) {
      Expected<StringRef> Name = File.getSectionName(Sections[I]);
      if (!Name)
        return Name.takeError();
      Names[I] = Facts.save(*Name);
      if (Sections[I].sh_flags & ELF::SHF_ALLOC)
        Facts.Sections.push_back(
            {Names[I], Sections[I].sh_flags, Sections[I].sh_type});
    }
    return Error::success();
  }

  Error readSymbols() {
    for (const Shdr &Section : Sections) {
      if (Section.sh_type != ELF::SHT_SYMTAB)
        continue;
      if (SymtabIndex)
        return damage("two symbol tables");
      SymtabIndex = &Section - Sections.data();
      Expected<typename ELFT::SymRange> Symbols = File.symbols(&Section);
      if (!Symbols)
        return Symbols.takeError();
      SymbolTable = *Symbols;
      Expected<StringRef> Strings = File.getStringTableForSymtab(Section);
      if (!Strings)
        return Strings.takeError();
      StringTable = *Strings;
    }
    if (Error E = findExtendedIndices())
      return E;
    for (const Sym &Symbol : SymbolTable)
      if (Error E = readSymbol(Symbol))
        return E;
    for (SectionExtents &E : Extents)
      E.finish();
    return Error::success();
  }

  Error findExtendedIndices() {
    for (const Shdr &Section : Sections) {
      if (Section.sh_type != ELF::SHT_SYMTAB_SHNDX)
        continue;
      auto Table = File.getSHNDXTable(Section);
      if (!Table)
        return Table.takeError();
      ExtendedIndices = *Table;
    }
    return Error::success();
  }

  /// The index of the section that defines \p Symbol; 0 where none does.
  Expected<uint32_t> definedIn(const Sym &Symbol) {
    Expected<uint32_t> Index = File.getSectionIndex(
        Symbol, SymbolTable, DataRegion<typename ELFT::Word>(ExtendedIndices));
    if (Index && *Index >= Sections.size())
      return damage("a symbol stands in section " + Twine(*Index) +
                    ", which is not there");
    return Index;
  }

  Error readSymbol(const Sym &Symbol) {
    unsigned char Type = Symbol.getType();
    if (Type == ELF::STT_SECTION || Type == ELF::STT_FILE ||
        Type == ELF::STT_TLS || Type == ELF::STT_OBJECT)
      return Error::success();
    Expected<uint32_t> Index = definedIn(Symbol);
    if (!Index)
      return Index.takeError();
    if (!*Index || !(Sections[*Index].sh_flags & ELF::SHF_EXECINSTR))
      return Error::success();
    Expected<StringRef> Name = Symbol.getName(StringTable);
    if (!Name)
      return Name.takeError();
    if (Name->empty() || isMappingSymbol(*Name))
      return Error::success();
    uint64_t Address = Symbol.st_value;
    if (isThumb(Symbol))
      Address &= ~uint64_t(1);
    uint64_t Size = Symbol.st_size;
    uint64_t End = Address + Size < Address ? UINT64_MAX : Address + Size;
    Extents[*Index].add({Address, End, uint32_t(Facts.Symbols.size())});
    Facts.Symbols.push_back({Facts.save(*Name), Names[*Index], Object, Address,
                             FirstRank + *Index,
                             Symbol.getBinding() == ELF::STB_LOCAL});
    return Error::success();
  }

  /// `$x`, `$d`, `$t.1`: AAELF's mapping symbols mark code and data (AAELF64
  /// 5.4), and so do RISC-V's.
  static bool isMappingSymbol(StringRef Name) {
    return Name[0] == '$' && Name.size() > 1 &&
           StringRef("adtxc").find(Name[1]) != StringRef::npos &&
           (Name.size() == 2 || Name[2] == '.' || Name[1] == 'x');
  }

  bool isThumb(const Sym &Symbol) {
    return File.getHeader().e_machine == ELF::EM_ARM &&
           Symbol.getType() == ELF::STT_FUNC;
  }

  Error readRelocations(const Shdr &Section) {
    if (Section.sh_type == CompressedRelocations)
      return plainError("has compressed relocations (SHT_CREL), which are not "
                        "read; assemble it without --crel");
    bool HasAddends = Section.sh_type == ELF::SHT_RELA;
    if (!HasAddends && Section.sh_type != ELF::SHT_REL)
      return Error::success();
    uint32_t Applied = Section.sh_info;
    if (Applied == 0 || Applied >= Sections.size())
      return damage("a relocation section is for section " + Twine(Applied) +
                    ", which is not there");
    if (!(Sections[Applied].sh_flags & ELF::SHF_EXECINSTR))
      return Error::success();
    if (!SymtabIndex || Section.sh_link != SymtabIndex)
      return damage("a relocation section refers to symbols in section " +
                    Twine(Section.sh_link) + ", which are not there");
    if (HasAddends) {
      auto Relocations = File.relas(Section);
      if (!Relocations)
        return Relocations.takeError();
      return readEach(*Relocations, Applied);
    }
    auto Relocations = File.rels(Section);
    if (!Relocations)
      return Relocations.takeError();
    return readEach(*Relocations, Applied);
  }

  template <typename Range>
  Error readEach(Range Relocations, uint32_t Applied) {
    for (const auto &Relocation : Relocations) {
      // A MIPS64 relocation packs three types; the first is the instruction's.
      uint32_t Type = Relocation.getType(File.isMips64EL());
      if (File.getHeader().e_machine == ELF::EM_MIPS)
        Type &= 0xff;
      const RelocationReach *Reach =
          findRelocationReach(File.getHeader().e_machine, Type);
      if (!Reach)
        continue;
      uint32_t Target = Relocation.getSymbol(File.isMips64EL());
      if (Error E = readReference(*Reach, Target, Relocation.r_offset, Applied))
        return E;
    }
    return Error::success();
  }

  Error readReference(const RelocationReach &Reach, uint32_t Target,
                      uint64_t Offset, uint32_t Applied) {
    if (Target >= SymbolTable.size())
      return damage("a relocation refers to symbol " + Twine(Target) +
                    ", which is not there");
    if (Offset >= Sections[Applied].sh_size)
      return damage("a relocation is for byte " + Twine(Offset) +
                    " of a section of " +
                    Twine(uint64_t(Sections[Applied].sh_size)));
    const Sym &Symbol = SymbolTable[Target];
    if (Symbol.st_shndx != ELF::SHN_UNDEF) {
      Facts.ShortInside += Reach.IsShort;
      // A weak definition may yield to another; all others are this object's.
      if (Symbol.getBinding() != ELF::STB_WEAK)
        return Error::success();
    }
    Expected<StringRef> Name = Symbol.getName(StringTable);
    if (!Name)
      return Name.takeError();
    if (Name->empty())
      return Error::success();
    SmallVector<uint32_t, 4> Owners;
    Extents[Applied].ownersOf(Offset, Owners);
    if (Owners.empty())
      Owners.push_back(nameless(Applied));
    ExtraOwners += Owners.size() - 1;
    if (ExtraOwners > MaxExtraOwners)
      return damage("too many symbols that lie over one another");
    for (uint32_t Owner : Owners)
      Facts.References.push_back({Owner, Facts.save(*Name), &Reach, Offset});
    return Error::success();
  }

  /// Code before any symbol of its section: it has no name, and still a place.
  uint32_t nameless(uint32_t Section) {
    auto [Known, IsNew] = Nameless.try_emplace(Section, Facts.Symbols.size());
    if (IsNew)
      Facts.Symbols.push_back({Names[Section], Names[Section], Object, 0,
                               FirstRank + Section, true});
    return Known->second;
  }

  /// A place that many symbols cover counts for each: what a damaged file may
  /// cost is bounded.
  static constexpr uint64_t MaxExtraOwners = 1 << 20;

  const ELFFile<ELFT> &File;
  StringRef Object;
  NativeFacts &Facts;
  uint32_t &NextRank;
  uint32_t FirstRank = 0;
  ArrayRef<Shdr> Sections;
  std::vector<StringRef> Names;
  uint32_t SymtabIndex = 0; ///< 0 where there is none.
  ArrayRef<Sym> SymbolTable;
  StringRef StringTable;
  ArrayRef<typename ELFT::Word> ExtendedIndices;
  std::vector<SectionExtents> Extents;
  DenseMap<uint32_t, uint32_t> Nameless; ///< By section.
  uint64_t ExtraOwners = 0;
};
} // namespace

template <class ELFT, typename Fn>
static Error visitElfOf(StringRef Bytes, Fn Visit) {
  Expected<ELFFile<ELFT>> File = ELFFile<ELFT>::create(Bytes);
  if (!File)
    return File.takeError();
  return Visit(*File);
}

/// Calls \p Visit with the ELFFile of the class and byte order of \p Bytes.
template <typename Fn> static Error visitElf(StringRef Bytes, Fn Visit) {
  auto [Class, Data] = getElfArchType(Bytes);
  if (Class == ELF::ELFCLASS64 && Data == ELF::ELFDATA2LSB)
    return visitElfOf<ELF64LE>(Bytes, Visit);
  if (Class == ELF::ELFCLASS64 && Data == ELF::ELFDATA2MSB)
    return visitElfOf<ELF64BE>(Bytes, Visit);
  if (Class == ELF::ELFCLASS32 && Data == ELF::ELFDATA2LSB)
    return visitElfOf<ELF32LE>(Bytes, Visit);
  if (Class == ELF::ELFCLASS32 && Data == ELF::ELFDATA2MSB)
    return visitElfOf<ELF32BE>(Bytes, Visit);
  return plainError("is no ELF of a known class and byte order");
}

Error NativeFacts::add(MemoryBufferRef Buffer, StringRef Name) {
  size_t SymbolCount = Symbols.size(), ReferenceCount = References.size();
  size_t SectionCount = Sections.size();
  uint64_t Inside = ShortInside;
  StringRef Object = save(Name);
  Error E = visitElf(Buffer.getBuffer(), [&](const auto &File) {
    return ObjectReader(File, Object, *this, NextRank).read();
  });
  if (!E)
    return E;
  Symbols.resize(SymbolCount);
  References.resize(ReferenceCount);
  Sections.resize(SectionCount);
  ShortInside = Inside;
  return E;
}

void NativeFacts::finish() {
  FromBegin.assign(Symbols.size() + 1, 0);
  for (const NativeReference &R : References)
    ++FromBegin[R.From + 1];
  for (size_t I = 0; I < Symbols.size(); ++I)
    FromBegin[I + 1] += FromBegin[I];
  FromIndex.resize(References.size());
  std::vector<uint32_t> Next(FromBegin.begin(), FromBegin.end() - 1);
  for (uint32_t I = 0; I < References.size(); ++I)
    FromIndex[Next[References[I].From]++] = I;
  for (uint32_t I = 0; I < References.size(); ++I) {
    SmallVector<uint32_t, 1> &Named = ByTarget[References[I].Target];
    if (Named.empty())
      Targets.push_back(References[I].Target);
    Named.push_back(I);
  }
  for (bool IsLocal : {false, true})
    for (uint32_t I = 0; I < Symbols.size(); ++I)
      if (Symbols[I].IsLocal == IsLocal)
        ByName[Symbols[I].Name].push_back(I);
}

static ArrayRef<uint32_t>
find(const DenseMap<StringRef, SmallVector<uint32_t, 1>> &Map, StringRef Name) {
  auto Found = Map.find(Name);
  return Found == Map.end() ? ArrayRef<uint32_t>()
                            : ArrayRef<uint32_t>(Found->second);
}

ArrayRef<uint32_t> NativeFacts::referencesTo(StringRef Name) const {
  return find(ByTarget, Name);
}

ArrayRef<uint32_t> NativeFacts::referencesFrom(uint32_t Symbol) const {
  return ArrayRef<uint32_t>(FromIndex).slice(
      FromBegin[Symbol], FromBegin[Symbol + 1] - FromBegin[Symbol]);
}

ArrayRef<uint32_t> NativeFacts::symbolsNamed(StringRef Name) const {
  return find(ByName, Name);
}

bool holdsFatBitcode(MemoryBufferRef Buffer) {
  bool Found = false;
  Error E = visitElf(Buffer.getBuffer(), [&](const auto &File) -> Error {
    auto Sections = File.sections();
    if (!Sections)
      return Sections.takeError();
    for (const auto &Section : *Sections)
      Found |= Section.sh_type == FatBitcode;
    return Error::success();
  });
  consumeError(std::move(E));
  return Found;
}

Expected<uint16_t> elfMachine(MemoryBufferRef Buffer) {
  StringRef Bytes = Buffer.getBuffer();
  // e_ident, e_type, e_machine: gABI, "ELF Header".
  if (Bytes.size() < 20 || identify_magic(Bytes) == file_magic::unknown ||
      Bytes.take_front(4) != StringRef("\x7f"
                                       "ELF"))
    return plainError("is no ELF object");
  uint8_t Low = Bytes[18], High = Bytes[19];
  return Bytes[5] == ELF::ELFDATA2MSB ? Low << 8 | High : High << 8 | Low;
}

} // namespace section_placement
