//===- LinkedImage.cpp - Where a linked image has its code ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/LinkedImage.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFTypes.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>
#include <tuple>

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

LinkedImage::LinkedImage() = default;
LinkedImage::LinkedImage(LinkedImage &&) = default;
LinkedImage &LinkedImage::operator=(LinkedImage &&) = default;
LinkedImage::~LinkedImage() = default;

ArrayRef<uint32_t> LinkedImage::symbolsNamed(StringRef Name) const {
  auto Found = ByName.find(Name);
  return Found == ByName.end() ? ArrayRef<uint32_t>()
                               : ArrayRef<uint32_t>(Found->second);
}

/// The section that \p Symbol stands in; 0 for one that stands in none.
template <class ELFT>
static Expected<uint32_t>
sectionOf(const ELFFile<ELFT> &File, const typename ELFT::Sym &Symbol,
          typename ELFT::SymRange Symbols,
          ArrayRef<typename ELFT::Word> ExtendedIndices, size_t SectionCount) {
  Expected<uint32_t> Index = File.getSectionIndex(
      Symbol, Symbols, DataRegion<typename ELFT::Word>(ExtendedIndices));
  if (Index && *Index >= SectionCount)
    return damage("a symbol stands in section " + Twine(*Index) +
                  ", which is not there");
  return Index;
}

template <class ELFT>
static Error
readSymbols(const ELFFile<ELFT> &File, const typename ELFT::Shdr &Table,
            ArrayRef<typename ELFT::Word> ExtendedIndices, size_t SectionCount,
            std::vector<ImageSymbol> &Symbols) {
  auto All = File.symbols(&Table);
  if (!All)
    return All.takeError();
  Expected<StringRef> Strings = File.getStringTableForSymtab(Table);
  if (!Strings)
    return Strings.takeError();
  StringRef SourceFile;
  for (const typename ELFT::Sym &Symbol : *All) {
    unsigned char Type = Symbol.getType();
    if (Type == ELF::STT_SECTION || Type == ELF::STT_TLS)
      continue;
    if (Type == ELF::STT_FILE) {
      Expected<StringRef> SourceName = Symbol.getName(*Strings);
      if (!SourceName)
        return SourceName.takeError();
      SourceFile = *SourceName;
      continue;
    }
    Expected<uint32_t> Index =
        sectionOf<ELFT>(File, Symbol, *All, ExtendedIndices, SectionCount);
    if (!Index)
      return Index.takeError();
    if (!*Index)
      continue;
    Expected<StringRef> Name = Symbol.getName(*Strings);
    if (!Name)
      return Name.takeError();
    if (Name->empty() || Name->front() == '$')
      continue;
    uint64_t Address = Symbol.st_value;
    bool IsFunction = Type == ELF::STT_FUNC || Type == ELF::STT_GNU_IFUNC;
    uint16_t Machine = File.getHeader().e_machine;
    if ((Machine == ELF::EM_ARM || Machine == ELF::EM_MIPS) && IsFunction)
      Address &= ~uint64_t(1); // Thumb, MIPS16, microMIPS.
    bool IsLocal = Symbol.getBinding() == ELF::STB_LOCAL;
    Symbols.push_back({*Name, IsLocal ? SourceFile : "", Address,
                       Symbol.st_size, *Index, IsLocal, IsFunction});
  }
  return Error::success();
}

template <class ELFT> Error LinkedImage::readAs() {
  Expected<ELFFile<ELFT>> File = ELFFile<ELFT>::create(Buffer->getBuffer());
  if (!File)
    return File.takeError();
  Machine = File->getHeader().e_machine;
  IsRelocatable = File->getHeader().e_type == ELF::ET_REL;
  auto Headers = File->sections();
  if (!Headers)
    return Headers.takeError();
  const typename ELFT::Shdr *Table = nullptr;
  ArrayRef<typename ELFT::Word> ExtendedIndices;
  for (const typename ELFT::Shdr &Header : *Headers) {
    Expected<StringRef> Name = File->getSectionName(Header);
    if (!Name)
      return Name.takeError();
    bool IsCode = (Header.sh_flags & ELF::SHF_ALLOC) &&
                  (Header.sh_flags & ELF::SHF_EXECINSTR);
    Sections.push_back({*Name, Header.sh_addr, Header.sh_size, IsCode});
    if (Header.sh_type == ELF::SHT_SYMTAB)
      Table = &Header;
    if (Header.sh_type == ELF::SHT_SYMTAB_SHNDX) {
      auto Indices = File->getSHNDXTable(Header);
      if (!Indices)
        return Indices.takeError();
      ExtendedIndices = *Indices;
    }
  }
  if (!Table)
    return plainError("has no symbol table; give the image from before it is "
                      "stripped");
  return readSymbols<ELFT>(*File, *Table, ExtendedIndices, Sections.size(),
                           Symbols);
}

Expected<LinkedImage> LinkedImage::read(StringRef Path) {
  LinkedImage Image;
  Expected<std::unique_ptr<MemoryBuffer>> Opened = readInputFile(Path);
  if (!Opened)
    return Opened.takeError();
  Image.Buffer = std::move(*Opened);
  auto [Class, Data] = getElfArchType(Image.Buffer->getBuffer());
  bool IsLittle = Data == ELF::ELFDATA2LSB;
  Error E = Class == ELF::ELFCLASS64
                ? IsLittle ? Image.readAs<ELF64LE>() : Image.readAs<ELF64BE>()
            : Class == ELF::ELFCLASS32
                ? IsLittle ? Image.readAs<ELF32LE>() : Image.readAs<ELF32BE>()
                : plainError("is no ELF file; give the link's output");
  if (E)
    return errorReading(Path, std::move(E));
  std::sort(Image.Symbols.begin(), Image.Symbols.end(),
            [](const ImageSymbol &A, const ImageSymbol &B) {
              return std::tuple(A.Section, A.Address, A.Name) <
                     std::tuple(B.Section, B.Address, B.Name);
            });
  for (bool IsLocal : {false, true})
    for (uint32_t I = 0; I < Image.Symbols.size(); ++I)
      if (Image.Symbols[I].IsLocal == IsLocal)
        Image.ByName[Image.Symbols[I].Name].push_back(I);
  return Image;
}

} // namespace section_placement
