//===- UncoveredCode.cpp - What no symbol of an image covers --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UncoveredCode.h"
#include "section-placement/Model/Program.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <limits>

using namespace llvm;

namespace section_placement {

/// What the code at \p Address is of; null for what stands behind the end of a
/// function: padding, whatever instruction its bytes look like. Of code that no
/// symbol has a size for it is the last label.
const ElfSymbol *UncoveredCode::functionAt(uint32_t Section,
                                           uint64_t Address) const {
  uint32_t Owner = Image.ownerOf(Section, Address);
  if (Owner == NoIndex)
    return nullptr;
  const ElfSymbol &S = Image.definitions()[Owner];
  if (S.Type == ELF::STT_OBJECT) // A constant that stands beside code.
    return nullptr;
  return S.Size && Address - S.Address >= S.Size ? nullptr : &S;
}

/// One byte again and again is what linkers fill with: lld's 0xd4 reads as a
/// branch of Thumb. The bytes beside them count where these are one only.
bool UncoveredCode::isFiller(uint32_t Section, uint64_t Address,
                             uint64_t Size) const {
  static constexpr uint64_t ShortestFill = 4;
  Expected<ArrayRef<uint8_t>> All = Image.contents(Section);
  if (!All) {
    consumeError(All.takeError());
    return true;
  }
  uint64_t Begin = Address - Image.sections()[Section].Address;
  uint64_t End = Begin + Size;
  if (End > All->size())
    return false;
  uint8_t Byte = (*All)[Begin];
  if (!all_of(All->slice(Begin, Size), [&](uint8_t B) { return B == Byte; }))
    return false;
  while (Begin && End - Begin < ShortestFill && (*All)[Begin - 1] == Byte)
    --Begin;
  while (End < All->size() && End - Begin < ShortestFill && (*All)[End] == Byte)
    ++End;
  return End - Begin >= ShortestFill || Size > 1;
}

/// Does a constant stand at \p Address, also one whose label is the compiler's
/// own (`.L.str`, which RISC-V keeps)?
bool UncoveredCode::isConstant(uint32_t Section, uint64_t Address) {
  if (!Constants) {
    Constants.emplace();
    for (const ElfSymbol &S : Image.symbols())
      if (S.Type == ELF::STT_OBJECT && S.Size)
        Constants->emplace_back(S.Section, S.Address, S.Address + S.Size);
    llvm::sort(*Constants);
  }
  auto Behind = std::upper_bound(
      Constants->begin(), Constants->end(),
      std::tuple(Section, Address, std::numeric_limits<uint64_t>::max()));
  if (Behind == Constants->begin())
    return false;
  auto [Home, Begin, End] = *std::prev(Behind);
  return Home == Section && Address < End;
}

/// Does the function that ends at \p End of \p Section go on behind its end?
bool UncoveredCode::goesOn(uint32_t Section, uint64_t End) const {
  uint32_t Owner = End == Image.sections()[Section].Address
                       ? NoIndex
                       : Image.ownerOf(Section, End - 1);
  if (Owner == NoIndex || Image.definitions()[Owner].Type == ELF::STT_OBJECT)
    return false;
  bool Result = false;
  Transfers.decoder()->forEachInstruction(
      Section, Image.definitions()[Owner].Address, End,
      [&](const CodeReference &C) {
        // A call there does not return.
        Result = C.Address + C.Size == End && !C.IsTrap &&
                 (C.Flow == ControlFlow::None || C.Flow == ControlFlow::Branch);
        return true;
      });
  return Result;
}

/// Is what stands from \p Begin to \p End code for certain? Where marks tell
/// code from data, they say it; else a function goes there.
bool UncoveredCode::isReached(uint32_t Section, uint64_t Begin, uint64_t End) {
  ArrayRef<ElfSymbol> Marks = Image.mappingSymbols();
  auto Behind = llvm::partition_point(Marks, [&](const ElfSymbol &M) {
    return std::tie(M.Section, M.Address) <= std::tie(Section, Begin);
  });
  if (Behind != Marks.begin() && std::prev(Behind)->Section == Section)
    return true;
  if (!Targets) {
    Targets.emplace();
    for (uint32_t S = 0; S < Image.sections().size(); ++S)
      if (Image.sections()[S].isCode())
        for (const Transfer &T : Transfers.in(S))
          if (T.Where == Transfer::Kind::Address && functionAt(S, T.Address))
            Targets->emplace_back(T.TargetSection, T.Target);
    llvm::sort(*Targets);
  }
  auto First = llvm::lower_bound(*Targets, std::pair(Section, Begin));
  return (First != Targets->end() && *First < std::pair(Section, End)) ||
         goesOn(Section, Begin);
}

/// Counts what no symbol covers from \p Begin to \p End. Bytes that are no
/// instructions may be data, which may look like branches, or code that this
/// LLVM cannot read.
void UncoveredCode::addGap(uint32_t Section, uint64_t Begin, uint64_t End) {
  uint64_t NotDecoded = 0;
  ArrayRef<UndecodedBytes> All = Transfers.undecodedIn(Section);
  auto First = llvm::partition_point(
      All, [&](const UndecodedBytes &U) { return U.Address < Begin; });
  for (auto U = First; U != All.end() && U->Address < End; ++U)
    if (!isData(Section, U->Address, U->Size))
      NotDecoded += U->Size;
  bool HasTransfers = false, HasShort = false;
  for (const Transfer &T : Transfers.in(Section, Begin, End))
    if (!isData(Section, T.Address, T.Size)) {
      HasTransfers = true;
      HasShort |= T.Form && T.Where == Transfer::Kind::Address;
    }
  if (!NotDecoded && !HasShort)
    return;
  UncoveredBytes &Into = !NotDecoded ? Code
                         : HasTransfers && isReached(Section, Begin, End)
                             ? Mixed
                             : Data;
  if (!Into.Bytes)
    Into.First = Begin;
  Into.Bytes += End - Begin;
  Into.NotDecoded += NotDecoded;
}

/// Of a section: what stands before its first symbol, and behind the end of
/// one. A label without a size covers what is up to the next.
void UncoveredCode::addSection(uint32_t Section) {
  const ElfSection &S = Image.sections()[Section];
  uint64_t Covered = S.Address;
  auto AddUpTo = [&](uint64_t Address) {
    if (Covered >= Address)
      return;
    uint32_t Owner = Image.ownerOf(Section, Covered);
    if (Owner == NoIndex || Image.definitions()[Owner].Size)
      addGap(Section, Covered, Address);
  };
  for (const ElfSymbol &Symbol : Image.definitionsIn(Section)) {
    AddUpTo(Symbol.Address);
    Covered = std::max(Covered, Symbol.Address + Symbol.Size);
  }
  AddUpTo(S.Address + S.Size);
}

} // namespace section_placement
