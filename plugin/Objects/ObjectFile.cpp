//===- ObjectFile.cpp - The short references of an object -----------------===//
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

#include "section-placement/Objects/ObjectFile.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Objects/SectionExtents.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include <algorithm>
#include <array>
#include <tuple>

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

/// SHT_CREL, which LLVM knows from 19 on.
static constexpr uint32_t CompressedRelocations = 0x40000014;

struct ObjectFile::Extents {
  std::vector<SectionExtents> Of; ///< By section.
};

ObjectFile::ObjectFile() = default;
ObjectFile::ObjectFile(ObjectFile &&) = default;
ObjectFile &ObjectFile::operator=(ObjectFile &&) = default;
ObjectFile::~ObjectFile() = default;

void ObjectFile::finish() {
  // Of those that cover the same, the best owner comes first.
  auto Key = [](const ObjectSymbol &S) {
    return std::tuple(S.Section, S.Offset, S.Size, !S.IsFunction, S.IsLocal,
                      S.Name);
  };
  std::sort(Symbols.begin(), Symbols.end(),
            [&](const ObjectSymbol &A, const ObjectSymbol &B) {
              return Key(A) < Key(B);
            });
  BySection = std::make_unique<Extents>();
  BySection->Of.resize(Sections.size());
  uint32_t Next = 0;
  for (uint32_t I = 0; I < Sections.size(); ++I) {
    Sections[I].SymbolsBegin = Next;
    while (Next < Symbols.size() && Symbols[Next].Section == I)
      ++Next;
    Sections[I].SymbolsEnd = Next;
    indexExtents(I);
  }
}

void ObjectFile::indexExtents(uint32_t Section) {
  SectionExtents &Index = BySection->Of[Section];
  SmallVector<uint64_t, 16> Open; // Ends of those that the next may lie in.
  const ObjectSymbol *Last = nullptr;
  for (const ObjectSymbol &S : symbolsOf(Section)) {
    if (Last && Last->Offset == S.Offset && Last->Size == S.Size)
      continue; // An alias.
    Last = &S;
    uint64_t End = S.Offset + std::min(S.Size, UINT64_MAX - S.Offset);
    Index.add({S.Offset, End, uint32_t(&S - Symbols.data())});
    while (!Open.empty() && Open.back() <= S.Offset)
      Open.pop_back();
    Open.push_back(End);
    Depth = std::max(Depth, Open.size());
  }
  Index.finish();
}

uint32_t ObjectFile::ownerOf(uint32_t Section, uint64_t Offset) const {
  SmallVector<uint32_t, 4> Owners;
  BySection->Of[Section].ownersOf(Offset, Owners);
  auto IsLess = [&](uint32_t A, uint32_t B) {
    const ObjectSymbol &SA = Symbols[A], &SB = Symbols[B];
    return std::tuple(SA.IsFunction, SA.Offset, !SA.IsLocal) <
           std::tuple(SB.IsFunction, SB.Offset, !SB.IsLocal);
  };
  auto Best = std::max_element(Owners.begin(), Owners.end(), IsLess);
  return Best == Owners.end() ? NoIndex : *Best;
}

uint64_t targetOffset(const ObjectReference &R) {
  return R.TargetOffset + R.Addend - counterBias(*R.Relocation);
}

namespace {
template <class ELFT> class Reader {
  using Shdr = typename ELFT::Shdr;
  using Sym = typename ELFT::Sym;

public:
  Reader(const ELFFile<ELFT> &File, ObjectFile &Object)
      : File(File), Object(Object) {}

  Error read() {
    if (File.getHeader().e_type != ELF::ET_REL)
      return plainError("is linked already; give the objects that it was "
                        "linked from");
    Object.Machine = File.getHeader().e_machine;
    Expected<ArrayRef<Shdr>> Found = File.sections();
    if (!Found)
      return Found.takeError();
    Headers = *Found;
    for (const Shdr &Header : Headers) {
      Expected<StringRef> Name = File.getSectionName(Header);
      if (!Name)
        return Name.takeError();
      Object.Sections.push_back({*Name, Header.sh_size, 0, 0});
    }
    if (Error E = readSymbols())
      return E;
    for (const Shdr &Header : Headers)
      if (Error E = readRelocations(Header))
        return E;
    return Error::success();
  }

private:
  Error findTables() {
    for (const Shdr &Header : Headers) {
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
      Expected<typename ELFT::SymRange> Symbols = File.symbols(&Header);
      if (!Symbols)
        return Symbols.takeError();
      SymbolTable = *Symbols;
      Expected<StringRef> Strings = File.getStringTableForSymtab(Header);
      if (!Strings)
        return Strings.takeError();
      StringTable = *Strings;
    }
    return Error::success();
  }

  Error readSymbols() {
    if (Error E = findTables())
      return E;
    StringRef SourceFile;
    for (const Sym &Symbol : SymbolTable)
      if (Error E = readSymbol(Symbol, SourceFile))
        return E;
    Object.finish();
    // Else each reference would be looked up among all of them.
    if (Object.depth() > MaxDepth)
      return damage("too many symbols that lie over one another");
    return Error::success();
  }

  /// The index of the section that defines \p Symbol; 0 where none does.
  Expected<uint32_t> definedIn(const Sym &Symbol) {
    Expected<uint32_t> Index = File.getSectionIndex(
        Symbol, SymbolTable, DataRegion<typename ELFT::Word>(ExtendedIndices));
    if (Index && *Index >= Headers.size())
      return damage("a symbol stands in section " + Twine(*Index) +
                    ", which is not there");
    return Index;
  }

  Error readSymbol(const Sym &Symbol, StringRef &SourceFile) {
    unsigned char Type = Symbol.getType();
    if (Type == ELF::STT_SECTION || Type == ELF::STT_TLS)
      return Error::success();
    Expected<StringRef> Name = Symbol.getName(StringTable);
    if (!Name)
      return Name.takeError();
    if (Type == ELF::STT_FILE) {
      SourceFile = *Name;
      return Error::success();
    }
    Expected<uint32_t> Index = definedIn(Symbol);
    if (!Index)
      return Index.takeError();
    if (!*Index || !(Headers[*Index].sh_flags & ELF::SHF_ALLOC) ||
        isDroppedName(*Name))
      return Error::success();
    bool IsLocal = Symbol.getBinding() == ELF::STB_LOCAL;
    Object.Symbols.push_back({*Name, IsLocal ? SourceFile : "", valueOf(Symbol),
                              Symbol.st_size, *Index, IsLocal,
                              isFunction(Symbol)});
    return Error::success();
  }

  /// Names that stand for no symbol of the source: mapping symbols and MIPS'
  /// local labels (`$x`, `$BB0_1`), and local labels (`.LBB0_1`).
  static bool isDroppedName(StringRef Name) {
    return Name.empty() || Name.front() == '$' || Name.take_front(2) == ".L";
  }

  static bool isFunction(const Sym &Symbol) {
    return Symbol.getType() == ELF::STT_FUNC ||
           Symbol.getType() == ELF::STT_GNU_IFUNC;
  }

  /// Without the bit that says which instruction set a function is of.
  uint64_t valueOf(const Sym &Symbol) const {
    uint64_t Value = Symbol.st_value;
    if (isFunction(Symbol) &&
        (Object.Machine == ELF::EM_ARM || Object.Machine == ELF::EM_MIPS))
      Value &= ~uint64_t(1);
    return Value;
  }

  Error readRelocations(const Shdr &Header) {
    if (Header.sh_type == CompressedRelocations)
      return plainError("has compressed relocations (SHT_CREL), which are not "
                        "read; assemble it without --crel");
    bool HasAddends = Header.sh_type == ELF::SHT_RELA;
    if (!HasAddends && Header.sh_type != ELF::SHT_REL)
      return Error::success();
    uint32_t Applied = Header.sh_info;
    if (Applied == 0 || Applied >= Headers.size())
      return damage("a relocation section is for section " + Twine(Applied) +
                    ", which is not there");
    if (!(Headers[Applied].sh_flags & ELF::SHF_ALLOC) ||
        Headers[Applied].sh_type == ELF::SHT_NOBITS)
      return Error::success();
    if (!SymtabIndex || Header.sh_link != SymtabIndex)
      return damage("a relocation section refers to symbols in section " +
                    Twine(Header.sh_link) + ", which are not there");
    auto Contents = File.getSectionContents(Headers[Applied]);
    if (!Contents)
      return Contents.takeError();
    if (HasAddends) {
      auto Relocations = File.relas(Header);
      return Relocations ? readEach(*Relocations, Applied, *Contents)
                         : Relocations.takeError();
    }
    auto Relocations = File.rels(Header);
    return Relocations ? readEach(*Relocations, Applied, *Contents)
                       : Relocations.takeError();
  }

  template <typename Range>
  Error readEach(Range Relocations, uint32_t Applied,
                 ArrayRef<uint8_t> Contents) {
    bool IsMips64EL = File.isMips64EL();
    for (const auto &Relocation : Relocations) {
      // A MIPS64 relocation packs three types; the first is the instruction's.
      uint32_t Type = Relocation.getType(IsMips64EL);
      if (Object.Machine == ELF::EM_MIPS)
        Type &= 0xff;
      const RelocationReach *Reach = find(Type);
      if (!Reach || !Reach->IsShort)
        continue;
      if (Relocation.r_offset >= Contents.size())
        return damage("a relocation is for byte " +
                      Twine(uint64_t(Relocation.r_offset)) +
                      " of a section of " + Twine(Contents.size()));
      Expected<int64_t> Addend = addendOf(Relocation, *Reach, Contents);
      if (!Addend)
        return Addend.takeError();
      ObjectReference R{};
      R.Relocation = Reach;
      R.Section = Applied;
      R.Offset = Relocation.r_offset;
      R.Addend = *Addend;
      if (Error E = readTarget(Relocation.getSymbol(IsMips64EL), R))
        return E;
      keep(R);
    }
    return Error::success();
  }

  /// Most relocations of an object are of few types, and none of the table's.
  const RelocationReach *find(uint32_t Type) {
    if (Type >= Known.size())
      return findRelocationReach(Object.Machine, Type);
    if (!IsKnown[Type]) {
      Known[Type] = findRelocationReach(Object.Machine, Type);
      IsKnown[Type] = true;
    }
    return Known[Type];
  }

  Expected<int64_t> addendOf(const typename ELFT::Rela &R,
                             const RelocationReach &, ArrayRef<uint8_t>) {
    return int64_t(R.r_addend);
  }
  Expected<int64_t> addendOf(const typename ELFT::Rel &R,
                             const RelocationReach &Reach,
                             ArrayRef<uint8_t> Contents) {
    std::optional<int64_t> Addend = implicitAddend(
        Reach, Contents.drop_front(R.r_offset),
        File.getHeader().e_ident[ELF::EI_DATA] == ELF::ELFDATA2MSB);
    if (!Addend)
      return damage("a relocation lies over the end of its section");
    return *Addend;
  }

  Error readTarget(uint32_t Index, ObjectReference &R) {
    if (Index >= SymbolTable.size())
      return damage("a relocation refers to symbol " + Twine(Index) +
                    ", which is not there");
    const Sym &Symbol = SymbolTable[Index];
    Expected<uint32_t> Section = definedIn(Symbol);
    if (!Section)
      return Section.takeError();
    R.TargetSection = *Section;
    R.TargetOffset = *Section ? valueOf(Symbol) : 0;
    R.TargetIsLocal = Symbol.getBinding() == ELF::STB_LOCAL;
    R.TargetIsWeak = Symbol.getBinding() == ELF::STB_WEAK;
    if (Symbol.getType() == ELF::STT_SECTION)
      return Error::success();
    Expected<StringRef> Name = Symbol.getName(StringTable);
    if (!Name)
      return Name.takeError();
    R.Target = *Name;
    return Error::success();
  }

  void keep(ObjectReference &R) {
    R.Owner = Object.ownerOf(R.Section, R.Offset);
    if (R.TargetSection == R.Section && R.Owner != NoIndex &&
        Object.ownerOf(R.Section, targetOffset(R)) == R.Owner) {
      int64_t Distance =
          R.TargetOffset + R.Addend - countedPlace(*R.Relocation, R.Offset);
      if (Distance >= R.Relocation->Lowest &&
          Distance <= R.Relocation->Highest) {
        ++Object.InsideFunctions;
        return;
      }
    }
    Object.References.push_back(R);
  }

  static constexpr size_t MaxDepth = 1000;

  const ELFFile<ELFT> &File;
  ObjectFile &Object;
  ArrayRef<Shdr> Headers;
  uint32_t SymtabIndex = 0;
  ArrayRef<Sym> SymbolTable;
  StringRef StringTable;
  ArrayRef<typename ELFT::Word> ExtendedIndices;
  std::array<const RelocationReach *, 2048> Known{};
  std::array<bool, 2048> IsKnown{};
};
} // namespace

template <class ELFT> static Error readAs(StringRef Bytes, ObjectFile &Object) {
  Expected<ELFFile<ELFT>> File = ELFFile<ELFT>::create(Bytes);
  if (!File)
    return File.takeError();
  return Reader<ELFT>(*File, Object).read();
}

Expected<ObjectFile> ObjectFile::read(MemoryBufferRef Buffer, StringRef Name) {
  ObjectFile Object;
  Object.Name = Name.str();
  StringRef Bytes = Buffer.getBuffer();
  auto [Class, Data] = getElfArchType(Bytes);
  bool IsLittle = Data == ELF::ELFDATA2LSB;
  Error E = Class == ELF::ELFCLASS64 ? IsLittle ? readAs<ELF64LE>(Bytes, Object)
                                                : readAs<ELF64BE>(Bytes, Object)
            : Class == ELF::ELFCLASS32
                ? IsLittle ? readAs<ELF32LE>(Bytes, Object)
                           : readAs<ELF32BE>(Bytes, Object)
                : plainError("is no ELF file; give the link's inputs");
  if (E)
    return errorReading(Name, std::move(E));
  return Object;
}

} // namespace section_placement
