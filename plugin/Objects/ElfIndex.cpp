//===- ElfIndex.cpp - The symbols of an ELF file by name and place --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/Program.h"
#include "section-placement/Objects/ElfFile.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>
#include <tuple>

using namespace llvm;

namespace section_placement {

/// `$x`, `$d`, `$t.1`: AAELF's mapping symbols mark code and data (AAELF64
/// 5.4), and so do RISC-V's (`$xrv64i`).
static bool isMappingSymbol(const ElfSymbol &S) {
  StringRef Name = S.Name;
  return S.IsLocal && S.Type == ELF::STT_NOTYPE && Name.size() > 1 &&
         Name[0] == '$' &&
         StringRef("adtxc").find(Name[1]) != StringRef::npos &&
         (Name.size() == 2 || Name[2] == '.' || Name[1] == 'x');
}

ElfFile::Kind ElfFile::kindOf(const ElfSymbol &S) const {
  if (S.Name.empty() || S.Type == ELF::STT_SECTION || S.Type == ELF::STT_FILE)
    return Kind::Other;
  if (S.isUndefined())
    return Kind::Undefined;
  if (S.Home != ElfHome::Section || S.Type == ELF::STT_TLS ||
      !Sections[S.Section].isLoaded())
    return Kind::Other;
  // Linkers relax RISC-V by labels that assemblers drop elsewhere.
  bool IsTemporary = S.Name.take_front(2) == ".L" ||
                     (Machine == ELF::EM_MIPS && S.Name.front() == '$');
  if (S.IsLocal && IsTemporary)
    return Kind::Other;
  return isMappingSymbol(S) ? Kind::Mapping : Kind::Definition;
}

/// Sorts the symbols, and indexes them by name and by address.
void ElfFile::index() {
  std::vector<Kind> Kinds;
  for (const ElfSymbol &S : Symbols)
    Kinds.push_back(kindOf(S));
  std::vector<uint32_t> Order(Symbols.size());
  std::iota(Order.begin(), Order.end(), 0);
  auto Key = [&](uint32_t I) {
    const ElfSymbol &S = Symbols[I];
    bool IsSorted = Kinds[I] != Kind::Other;
    return IsSorted ? std::tuple(Kinds[I], S.Section, S.Address, S.Name, I)
                    : std::tuple(Kinds[I], 0u, uint64_t(0), StringRef(), I);
  };
  std::sort(Order.begin(), Order.end(),
            [&](uint32_t A, uint32_t B) { return Key(A) < Key(B); });
  std::vector<ElfSymbol> Sorted;
  FromTable.resize(Symbols.size());
  for (uint32_t I : Order) {
    FromTable[I] = Sorted.size();
    Sorted.push_back(Symbols[I]);
    for (size_t Later = size_t(Kinds[I]) + 1; Later < std::size(First); ++Later)
      ++First[Later];
  }
  Symbols = std::move(Sorted);

  Functions.resize(Sections.size());
  Labels.resize(Sections.size());
  ArrayRef<ElfSymbol> All = definitions();
  for (bool IsLocal : {false, true})
    for (uint32_t I = 0; I < All.size(); ++I) {
      const ElfSymbol &S = All[I];
      if (S.IsLocal != IsLocal)
        continue;
      ByName[S.Name].push_back(I);
      uint64_t End = S.Address + std::min(S.Size, UINT64_MAX - S.Address);
      (S.IsFunction ? Functions : Labels)[S.Section].add(S.Address, End, I);
    }
  uint32_t Next = 0;
  for (uint32_t I = 0; I < Sections.size(); ++I) {
    Sections[I].SymbolsBegin = Next;
    while (Next < All.size() && All[Next].Section == I)
      ++Next;
    Sections[I].SymbolsEnd = Next;
    Functions[I].finish();
    Labels[I].finish();
  }
}

uint32_t ElfFile::sectionAt(uint64_t Address) const {
  for (uint32_t I = 0; I < Sections.size(); ++I) {
    const ElfSection &S = Sections[I];
    // A thread-local section without contents takes no addresses.
    bool IsPlaced =
        S.isLoaded() && !(S.Type == ELF::SHT_NOBITS && S.Flags & ELF::SHF_TLS);
    if (IsPlaced && Address >= S.Address && Address - S.Address < S.Size)
      return I;
  }
  return NoIndex;
}

ArrayRef<uint32_t> ElfFile::symbolsNamed(StringRef Name) const {
  auto Found = ByName.find(Name);
  return Found == ByName.end() ? ArrayRef<uint32_t>()
                               : ArrayRef<uint32_t>(Found->second);
}

uint32_t ElfFile::splitParent(uint32_t Part) const {
  const ElfSymbol &S = symbols()[Part];
  StringRef Name = S.Name;
  if (S.IsFunction || !S.IsLocal || !Name.consume_back(".cold") ||
      !sections()[S.Section].isCode())
    return NoIndex;
  SmallVector<uint32_t, 2> All, Global, OfFile;
  for (uint32_t I : symbolsNamed(Name)) {
    const ElfSymbol &Parent = symbols()[I];
    if (!Parent.IsFunction || !sections()[Parent.Section].isCode())
      continue;
    All.push_back(I);
    if (!Parent.IsLocal)
      Global.push_back(I);
    else if (!S.File.empty() && Parent.File == S.File)
      OfFile.push_back(I);
  }
  // Global ones are of no file symbol.
  const auto &Meant = All.size() == 1 ? All : OfFile.empty() ? Global : OfFile;
  bool IsKnown = All.size() == 1 || !S.File.empty();
  return IsKnown && Meant.size() == 1 ? Meant.front() : NoIndex;
}

uint32_t ElfFile::ownerOf(uint32_t Section, uint64_t Address) const {
  for (const auto *Index : {&Functions, &Labels})
    if (const Extent *E = (*Index)[Section].innermost(Address))
      return E->Symbol;
  const Extent *F = Functions[Section].lastBefore(Address);
  const Extent *L = Labels[Section].lastBefore(Address);
  if (F && (!L || F->Begin >= L->Begin))
    return F->Symbol;
  return L ? L->Symbol : NoIndex;
}

void ElfFile::ownersOf(uint32_t Section, uint64_t Address,
                       SmallVectorImpl<uint32_t> &Owners) const {
  size_t Before = Owners.size();
  for (const auto *Index : {&Functions, &Labels})
    (*Index)[Section].covering(Address, Owners);
  if (Owners.size() == Before) {
    uint32_t Last = ownerOf(Section, Address);
    if (Last == NoIndex)
      return;
    for (const auto *Index : {&Functions, &Labels})
      (*Index)[Section].beginningAt(Symbols[Last].Address, Owners);
  }
  std::sort(Owners.begin() + Before, Owners.end());
}

} // namespace section_placement
