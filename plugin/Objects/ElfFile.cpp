//===- ElfFile.cpp - What is in an ELF file -------------------------------===//
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

#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include <algorithm>
#include <numeric>
#include <tuple>

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

/// SHT_CREL, which LLVM knows from 19 on.
static constexpr uint32_t CompressedRelocations = 0x40000014;
/// SHT_LLVM_LTO, which LLVM knows from 17 on.
static constexpr uint32_t FatBitcode = 0x6fff4c0c;

/// Calls \p Visit with the ELFFile of the class and byte order of \p Bytes.
template <typename Fn> static Error visitElf(StringRef Bytes, Fn Visit) {
  auto [Class, Data] = getElfArchType(Bytes);
  auto As = [&](auto ELFT) -> Error {
    auto File = ELFFile<decltype(ELFT)>::create(Bytes);
    return File ? Visit(*File) : File.takeError();
  };
  if (Class == ELF::ELFCLASS64 && Data == ELF::ELFDATA2LSB)
    return As(ELF64LE());
  if (Class == ELF::ELFCLASS64 && Data == ELF::ELFDATA2MSB)
    return As(ELF64BE());
  if (Class == ELF::ELFCLASS32 && Data == ELF::ELFDATA2LSB)
    return As(ELF32LE());
  if (Class == ELF::ELFCLASS32 && Data == ELF::ELFDATA2MSB)
    return As(ELF32BE());
  return plainError("is no ELF of a known class and byte order");
}

/// The part of reading that depends on class and byte order.
template <class ELFT> class ElfFile::Reader {
  using Shdr = typename ELFT::Shdr;
  using Sym = typename ELFT::Sym;

public:
  Reader(const ELFFile<ELFT> &File, ElfFile &Out) : File(File), Out(Out) {}

  Error read() {
    Out.Machine = File.getHeader().e_machine;
    Out.Entry = File.getHeader().e_entry;
    Out.IsRelocatable = File.getHeader().e_type == ELF::ET_REL;
    Out.Is64Bit = ELFT::Is64Bits;
    Out.IsBigEndian =
        File.getHeader().e_ident[ELF::EI_DATA] == ELF::ELFDATA2MSB;
    Expected<ArrayRef<Shdr>> Found = File.sections();
    if (!Found)
      return Found.takeError();
    Headers = *Found;
    if (Error E = readSections())
      return E;
    if (Error E = readSymbols())
      return E;
    Out.index();
    readSlots();
    return findRelocations();
  }

private:
  Error readSections() {
    for (const Shdr &Header : Headers) {
      Expected<StringRef> Name = File.getSectionName(Header);
      if (!Name)
        return Name.takeError();
      Out.Sections.push_back({*Name,
                              Out.IsRelocatable ? 0 : uint64_t(Header.sh_addr),
                              Header.sh_size, Header.sh_offset, Header.sh_flags,
                              Header.sh_type, 0, 0, Header.sh_entsize});
      if (Header.sh_type == ELF::SHT_SYMTAB_SHNDX) {
        auto Table = File.getSHNDXTable(Header);
        if (!Table)
          return Table.takeError();
        ExtendedIndices = *Table;
      }
      if (Header.sh_type != ELF::SHT_SYMTAB)
        continue;
      if (SymtabIndex)
        return damage("two symbol tables");
      SymtabIndex = &Header - Headers.data();
    }
    return Error::success();
  }

  Error readSymbols() {
    if (!SymtabIndex)
      return Error::success();
    Expected<typename ELFT::SymRange> Found =
        File.symbols(&Headers[SymtabIndex]);
    if (!Found)
      return Found.takeError();
    SymbolTable = *Found;
    Expected<StringRef> Strings =
        File.getStringTableForSymtab(Headers[SymtabIndex]);
    if (!Strings)
      return Strings.takeError();
    StringRef SourceFile;
    for (const Sym &Symbol : SymbolTable) {
      Expected<StringRef> Name = Symbol.getName(*Strings);
      if (!Name)
        return Name.takeError();
      if (Symbol.getType() == ELF::STT_FILE)
        SourceFile = *Name;
      if (Error E = readSymbol(Symbol, *Name, SourceFile))
        return E;
    }
    return Error::success();
  }

  Error readSymbol(const Sym &Symbol, StringRef Name, StringRef SourceFile) {
    // Leaves the reserved indices to st_shndx.
    Expected<uint32_t> Index = File.getSectionIndex(
        Symbol, SymbolTable, DataRegion<typename ELFT::Word>(ExtendedIndices));
    if (!Index)
      return Index.takeError();
    if (*Index >= Headers.size())
      return damage("a symbol stands in section " + Twine(*Index) +
                    ", which is not there");
    ElfSymbol S{};
    S.Name = Name;
    S.Address = Symbol.st_value;
    S.Size = Symbol.st_size;
    S.Section = *Index;
    S.Home = *Index                               ? ElfHome::Section
             : Symbol.st_shndx == ELF::SHN_UNDEF  ? ElfHome::Undefined
             : Symbol.st_shndx == ELF::SHN_COMMON ? ElfHome::Common
                                                  : ElfHome::Absolute;
    S.Type = Symbol.getType();
    S.Binding = Symbol.getBinding();
    S.Visibility = Symbol.getVisibility();
    S.IsLocal = S.Binding == ELF::STB_LOCAL;
    S.IsFunction = S.Type == ELF::STT_FUNC || S.Type == ELF::STT_GNU_IFUNC;
    S.File = S.IsLocal ? SourceFile : "";
    bool HasBit = Out.Machine == ELF::EM_ARM || Out.Machine == ELF::EM_MIPS;
    S.IsCompressed = HasBit && S.IsFunction && (S.Address & 1);
    S.Address -= S.IsCompressed;
    Out.Symbols.push_back(S);
    return Error::success();
  }

  /// Names for people; where the dynamic linker's tables are damaged there are
  /// none.
  void readSlots() {
    std::vector<const ElfSection *> Words;
    for (const ElfSection &S : Out.Sections)
      if (S.Name.take_front(4) == ".got" || S.Name.take_front(4) == ".plt")
        Words.push_back(&S);
    for (const Shdr &Header : Headers) {
      if (Out.IsRelocatable || Header.sh_link >= Headers.size() ||
          Headers[Header.sh_link].sh_type != ELF::SHT_DYNSYM)
        continue;
      if (Header.sh_type == ELF::SHT_RELA)
        addSlots(File.relas(Header), Headers[Header.sh_link], Words);
      else if (Header.sh_type == ELF::SHT_REL)
        addSlots(File.rels(Header), Headers[Header.sh_link], Words);
    }
    llvm::sort(Out.Slots);
  }

  template <class Range>
  void addSlots(Expected<Range> Relocations, const Shdr &Table,
                ArrayRef<const ElfSection *> Words) {
    auto Symbols = File.symbols(&Table);
    Expected<StringRef> Strings = File.getStringTableForSymtab(Table);
    if (Relocations && Symbols && Strings) {
      for (const auto &R : *Relocations) {
        uint32_t Symbol = R.getSymbol(File.isMips64EL());
        if (!Symbol || Symbol >= Symbols->size() || !isIn(Words, R.r_offset))
          continue;
        if (Expected<StringRef> Name = (*Symbols)[Symbol].getName(*Strings))
          Out.Slots.emplace_back(R.r_offset, *Name);
        else
          consumeError(Name.takeError());
      }
    }
    consumeError(Relocations.takeError());
    consumeError(Symbols.takeError());
    consumeError(Strings.takeError());
  }

  static bool isIn(ArrayRef<const ElfSection *> Words, uint64_t Address) {
    return any_of(Words, [&](const ElfSection *S) {
      return Address >= S->Address && Address - S->Address < S->Size;
    });
  }

  Error findRelocations() {
    for (const Shdr &Header : Headers) {
      uint32_t Type = Header.sh_type, Applied = Header.sh_info;
      if (Type != ELF::SHT_REL && Type != ELF::SHT_RELA &&
          Type != CompressedRelocations)
        continue;
      bool HasSymbols = SymtabIndex && Header.sh_link == SymtabIndex;
      // The dynamic linker's are for no section, or have its symbols.
      if (!Out.IsRelocatable && (!Applied || !HasSymbols))
        continue;
      if (Applied == 0 || Applied >= Headers.size())
        return damage("a relocation section is for section " + Twine(Applied) +
                      ", which is not there");
      Out.Tables.push_back(
          {uint32_t(&Header - Headers.data()), Applied, HasSymbols});
    }
    llvm::sort(
        Out.Tables, [](const RelocationTable &A, const RelocationTable &B) {
          return std::tie(A.Applied, A.Header) < std::tie(B.Applied, B.Header);
        });
    return Error::success();
  }

  const ELFFile<ELFT> &File;
  ElfFile &Out;
  ArrayRef<Shdr> Headers;
  uint32_t SymtabIndex = 0; ///< 0 where there is none.
  ArrayRef<Sym> SymbolTable;
  ArrayRef<typename ELFT::Word> ExtendedIndices;
};

Expected<ElfFile> ElfFile::read(MemoryBufferRef Buffer) {
  ElfFile Result;
  Result.Bytes = Buffer.getBuffer();
  Error E = visitElf(Result.Bytes, [&](const auto &File) {
    return Reader(File, Result).read();
  });
  if (E)
    return E;
  return Result;
}

Expected<ElfFile> ElfFile::openImage(StringRef Path) {
  Expected<std::unique_ptr<MemoryBuffer>> Opened = readInputFile(Path);
  if (!Opened)
    return Opened.takeError();
  auto [Class, Data] = getElfArchType((*Opened)->getBuffer());
  if (Class == ELF::ELFCLASSNONE)
    return errorIn(Path, "is no ELF file; give the link's output");
  Expected<ElfFile> Result = read((*Opened)->getMemBufferRef());
  if (!Result)
    return errorReading(Path, Result.takeError());
  if (!Result->hasSymbolTable())
    return errorIn(Path, "has no symbol table; give the image from before it "
                         "is stripped");
  Result->Owned = std::move(*Opened);
  return Result;
}

Expected<ArrayRef<uint8_t>> ElfFile::contents(uint32_t Section) const {
  const ElfSection &S = Sections[Section];
  if (S.Type == ELF::SHT_NOBITS)
    return ArrayRef<uint8_t>();
  if (S.Offset > Bytes.size() || S.Size > Bytes.size() - S.Offset)
    return damage("section " + S.Name + " goes past the end of the file");
  return arrayRefFromStringRef(Bytes.substr(S.Offset, S.Size));
}

/// The addend of SHT_RELA; nothing of SHT_REL, which has it in the place.
template <class ELFT, bool IsRela>
static std::optional<int64_t>
explicitAddend(const Elf_Rel_Impl<ELFT, IsRela> &R) {
  if constexpr (IsRela)
    return int64_t(R.r_addend);
  else
    return std::nullopt;
}

StringRef ElfFile::symbolOfSlot(uint64_t Address) const {
  auto Found = llvm::partition_point(
      Slots, [&](const auto &Slot) { return Slot.first < Address; });
  return Found != Slots.end() && Found->first == Address ? Found->second : "";
}

Error ElfFile::forEachRelocation(
    uint32_t Section, function_ref<Error(const ElfRelocation &)> Visit) const {
  const uint64_t Start = Sections[Section].Address;
  ArrayRef<uint8_t> Contents;
  bool IsMips64EL = Machine == ELF::EM_MIPS && Is64Bit && !IsBigEndian;
  auto VisitOne = [&](const auto &R) -> Error {
    // A MIPS64 relocation packs three types; the first is the instruction's.
    // That of SPARC V9 packs an addend beside its type.
    uint32_t Type = R.getType(IsMips64EL);
    if (Machine == ELF::EM_MIPS || Machine == ELF::EM_SPARCV9)
      Type &= 0xff;
    ElfRelocation Found{Type,    Section, R.r_offset,
                        NoIndex, 0,       findRelocationReach(Machine, Type)};
    uint32_t Symbol = R.getSymbol(IsMips64EL);
    if (Symbol >= FromTable.size())
      return damage("a relocation refers to symbol " + Twine(Symbol) +
                    ", which is not there");
    Found.Symbol = FromTable[Symbol];
    uint64_t Offset = Found.Address - Start;
    // Types that only hint at something may stand behind the last byte.
    bool IsInside = Offset < Contents.size();
    if (Found.Reach && !IsInside)
      return damage("a relocation is for byte " + Twine(Offset) +
                    " of a section of " + Twine(Contents.size()));
    std::optional<int64_t> Addend = explicitAddend(R);
    if (!Addend && IsInside)
      Addend = implicitAddend(Machine, Type, Contents.drop_front(Offset),
                              IsBigEndian);
    if (!Addend && Found.Reach)
      return damage("a relocation lies over the end of its section");
    Found.Addend = Addend.value_or(0);
    return Visit(Found);
  };
  auto VisitTable = [&](const auto &File, uint32_t Index) -> Error {
    auto Headers = File.sections();
    if (!Headers)
      return Headers.takeError();
    const auto &Header = (*Headers)[Index];
    auto VisitEach = [&](auto Relocations) -> Error {
      if (!Relocations)
        return Relocations.takeError();
      for (const auto &R : *Relocations)
        if (Error E = VisitOne(R))
          return E;
      return Error::success();
    };
    if (Header.sh_type == CompressedRelocations)
      return plainError("has compressed relocations (SHT_CREL), which are not "
                        "read; assemble it without --crel");
    return Header.sh_type == ELF::SHT_RELA ? VisitEach(File.relas(Header))
                                           : VisitEach(File.rels(Header));
  };
  auto Begin = llvm::partition_point(
      Tables, [&](const RelocationTable &T) { return T.Applied < Section; });
  for (const RelocationTable &Table : make_range(Begin, Tables.end())) {
    if (Table.Applied != Section)
      break;
    if (!Table.HasSymbols)
      return damage("the relocations of section " + Sections[Section].Name +
                    " refer to symbols that are not there");
    Expected<ArrayRef<uint8_t>> Bytes = contents(Section);
    if (!Bytes)
      return Bytes.takeError();
    Contents = *Bytes;
    if (Error E = visitElf(this->Bytes, [&](const auto &File) {
          return VisitTable(File, Table.Header);
        }))
      return E;
  }
  return Error::success();
}

/// GCC's LTO stands in sections `.gnu.lto_…`. Without native code beside it
/// there is a common symbol that says so (GCC's lto-streamer.h).
template <class ELFT>
static Expected<bool> isSlimGCC(const ELFFile<ELFT> &File) {
  auto Sections = File.sections();
  if (!Sections)
    return Sections.takeError();
  const typename ELFT::Shdr *Table = nullptr;
  bool HasLTO = false;
  for (const auto &Section : *Sections) {
    if (Section.sh_type == ELF::SHT_SYMTAB)
      Table = &Section;
    if (HasLTO || Section.sh_type != ELF::SHT_PROGBITS ||
        Section.sh_flags & ELF::SHF_ALLOC)
      continue;
    Expected<StringRef> Name = File.getSectionName(Section);
    if (!Name)
      return Name.takeError();
    HasLTO = Name->take_front(9) == ".gnu.lto_";
  }
  if (!HasLTO || !Table)
    return false;
  auto Names = File.getStringTableForSymtab(*Table);
  if (!Names)
    return Names.takeError();
  auto Symbols = File.symbols(Table);
  if (!Symbols)
    return Symbols.takeError();
  for (const auto &Symbol : *Symbols) {
    Expected<StringRef> Name = Symbol.getName(*Names);
    if (!Name)
      return Name.takeError();
    if (*Name == "__gnu_lto_slim")
      return true;
  }
  return false;
}

EmbeddedLTO embeddedLTO(MemoryBufferRef Buffer) {
  EmbeddedLTO Found = EmbeddedLTO::None;
  Error E = visitElf(Buffer.getBuffer(), [&](const auto &File) -> Error {
    auto Sections = File.sections();
    if (!Sections)
      return Sections.takeError();
    for (const auto &Section : *Sections)
      if (Section.sh_type == FatBitcode)
        Found = EmbeddedLTO::FatBitcode;
    if (Found != EmbeddedLTO::None)
      return Error::success();
    Expected<bool> IsSlim = isSlimGCC(File);
    if (!IsSlim)
      return IsSlim.takeError();
    if (*IsSlim)
      Found = EmbeddedLTO::SlimGCC;
    return Error::success();
  });
  consumeError(std::move(E));
  return Found;
}

Expected<uint16_t> elfMachine(MemoryBufferRef Buffer) {
  StringRef Bytes = Buffer.getBuffer();
  // e_ident, e_type, e_machine: gABI, "ELF Header".
  if (Bytes.size() < 20 || Bytes.take_front(4) != StringRef("\x7f"
                                                            "ELF"))
    return plainError("is no ELF object");
  uint8_t Low = Bytes[18], High = Bytes[19];
  return Bytes[5] == ELF::ELFDATA2MSB ? Low << 8 | High : High << 8 | Low;
}

} // namespace section_placement
