//===- Locator.cpp - Where an object's sections are in an image -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Locator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

StringRef describe(LocateFault Fault) {
  switch (Fault) {
  case LocateFault::None:
    return "";
  case LocateFault::NotInImage:
    return "not in the image: dropped by the link, or another image";
  case LocateFault::Ambiguous:
    return "several local symbols of that name are in the image";
  case LocateFault::OtherDefinition:
    return "the image has another definition of that name";
  case LocateFault::NoSymbol:
    return "no symbol of its section is left in the image";
  case LocateFault::UndefinedWeak:
    return "weak, and nothing defines it";
  }
  return "";
}

StringRef nameOf(LocateFault Fault) {
  switch (Fault) {
  case LocateFault::None:
    return "";
  case LocateFault::NotInImage:
    return "not-in-image";
  case LocateFault::Ambiguous:
    return "ambiguous";
  case LocateFault::OtherDefinition:
    return "other-definition";
  case LocateFault::NoSymbol:
    return "no-symbol";
  case LocateFault::UndefinedWeak:
    return "undefined-weak";
  }
  return "";
}

const ElfSymbol *symbolAt(const ElfFile &Image, const ImagePlace &Place,
                          StringRef Name) {
  std::tuple Wanted(Place.Section, Place.Address, Name);
  auto Key = [](const ElfSymbol &I) {
    return std::tuple(I.Section, I.Address, I.Name);
  };
  ArrayRef<ElfSymbol> All = Image.definitions();
  auto Found = llvm::partition_point(
      All, [&](const ElfSymbol &I) { return Key(I) < Wanted; });
  return Found != All.end() && Key(*Found) == Wanted ? &*Found : nullptr;
}

/// Targets whose linkers take bytes out of code.
static bool shrinksCode(uint16_t Machine) {
  return Machine == ELF::EM_RISCV || Machine == ELF::EM_LOONGARCH ||
         Machine == ELF::EM_AVR;
}

/// What may be \p Symbol in the image: a local one stays local; a global one is
/// global, or was hidden and became local.
static ArrayRef<uint32_t> candidates(const ElfFile &Image,
                                     const ElfSymbol &Symbol) {
  ArrayRef<uint32_t> Named = Image.symbolsNamed(Symbol.Name);
  auto FirstLocal = llvm::partition_point(
      Named, [&](uint32_t I) { return !Image.definitions()[I].IsLocal; });
  size_t Globals = FirstLocal - Named.begin();
  return !Symbol.IsLocal && Globals ? Named.take_front(Globals)
                                    : Named.drop_front(Globals);
}

static bool sizesAgree(uint64_t A, uint64_t B) { return !A || !B || A == B; }

/// A crafted file must not make us try each symbol with each.
static constexpr size_t MaxHypotheses = 64, MaxVoters = 8;

namespace {
/// A start of the section that some symbols speak for.
struct Hypothesis {
  ImagePlace Start;
  size_t Matches = 0; ///< Symbols that stand where they should.
  size_t Files = 0;   ///< Those of them whose source file agrees.

  auto rank() const { return std::tuple(Matches, Files); }
};

class Search {
public:
  Search(const ElfFile &Image, ArrayRef<ElfSymbol> Symbols)
      : Image(Image), Symbols(Symbols) {}

  LocateFault run(Hypothesis &Best);
  /// After run() found it Ambiguous: the starts that cannot be distinguished.
  std::vector<ImagePlace> possibleStarts(const Hypothesis &Best) const;

private:
  void collect();
  void test(Hypothesis &H) const;

  const ElfFile &Image;
  ArrayRef<ElfSymbol> Symbols;
  std::vector<uint32_t> Present; ///< Symbols whose name is in the image.
  std::vector<Hypothesis> Hypotheses;
  bool IsCutShort = false;
};
} // namespace

/// The starts that the symbols of the rarest names speak for.
void Search::collect() {
  std::vector<std::pair<size_t, uint32_t>> ByRarity;
  for (uint32_t I = 0; I < Symbols.size(); ++I)
    if (size_t Count = candidates(Image, Symbols[I]).size()) {
      Present.push_back(I);
      ByRarity.emplace_back(Count, I);
    }
  size_t Voters = std::min(ByRarity.size(), MaxVoters);
  std::partial_sort(ByRarity.begin(), ByRarity.begin() + Voters,
                    ByRarity.end());
  for (size_t V = 0; V < Voters; ++V) {
    const ElfSymbol &S = Symbols[ByRarity[V].second];
    for (uint32_t Candidate : candidates(Image, S)) {
      const ElfSymbol &Found = Image.definitions()[Candidate];
      ImagePlace Start{Found.Section, Found.Address - S.Address};
      if (any_of(Hypotheses, [&](const Hypothesis &H) {
            return H.Start.Section == Start.Section &&
                   H.Start.Address == Start.Address;
          }))
        continue;
      if (Hypotheses.size() == MaxHypotheses) {
        IsCutShort = true;
        return;
      }
      Hypotheses.push_back({Start});
    }
  }
}

void Search::test(Hypothesis &H) const {
  for (uint32_t I : Present) {
    const ElfSymbol &S = Symbols[I];
    ImagePlace Place{H.Start.Section, H.Start.Address + S.Address};
    const ElfSymbol *Found = symbolAt(Image, Place, S.Name);
    if (!Found || !sizesAgree(Found->Size, S.Size))
      continue;
    ++H.Matches;
    H.Files += S.IsLocal && Found->File == S.File;
  }
}

LocateFault Search::run(Hypothesis &Best) {
  if (Symbols.empty())
    return LocateFault::NoSymbol;
  collect();
  if (Present.empty())
    return LocateFault::NotInImage;
  bool IsShared = false;
  for (Hypothesis &H : Hypotheses) {
    test(H);
    if (H.rank() < Best.rank())
      continue;
    IsShared = H.rank() == Best.rank();
    Best = H;
  }
  // Weak definitions yield to others', so not all need agree; but a linker that
  // takes code out leaves nothing in its place.
  bool Agrees = shrinksCode(Image.machine())
                    ? Best.Matches == Present.size()
                    : 2 * Best.Matches > Present.size();
  if (!Agrees)
    return IsCutShort ? LocateFault::Ambiguous : LocateFault::OtherDefinition;
  return IsShared || IsCutShort ? LocateFault::Ambiguous : LocateFault::None;
}

std::vector<ImagePlace> Search::possibleStarts(const Hypothesis &Best) const {
  std::vector<ImagePlace> Starts;
  for (const Hypothesis &H : Hypotheses)
    if (!IsCutShort && H.rank() == Best.rank())
      Starts.push_back(H.Start);
  return Starts;
}

/// The one symbol of the image that \p S must be; null where there are several
/// or none.
static const ElfSymbol *onlyCandidate(const ElfFile &Image,
                                      const ElfSymbol &S) {
  ArrayRef<uint32_t> Named = candidates(Image, S);
  if (Named.size() == 1)
    return &Image.definitions()[Named[0]];
  const ElfSymbol *Only = nullptr;
  if (S.IsLocal && !S.File.empty() && Named.size() <= MaxHypotheses)
    for (uint32_t I : Named)
      if (Image.definitions()[I].File == S.File) {
        if (Only)
          return nullptr;
        Only = &Image.definitions()[I];
      }
  return Only;
}

LocatedSection locateSection(const ElfFile &Image,
                             ArrayRef<ElfSymbol> Symbols) {
  Hypothesis Best;
  Search TheSearch(Image, Symbols);
  LocateFault Fault = TheSearch.run(Best);
  if (Fault == LocateFault::None)
    return LocatedSection(Best.Start);
  LocatedSection Result(Fault);
  if (!shrinksCode(Image.machine())) {
    if (Fault == LocateFault::Ambiguous)
      Result.Possible = TheSearch.possibleStarts(Best);
    return Result;
  }
  for (const ElfSymbol &S : Symbols)
    if (const ElfSymbol *Found = onlyCandidate(Image, S))
      Result.Points.push_back(
          {S.Address, S.Size, {Found->Section, Found->Address}, Found->Size});
  if (!Result.Points.empty())
    Result.Fault = LocateFault::None;
  return Result;
}

std::optional<ImagePlace> LocatedSection::place(uint64_t Offset) const {
  if (Start)
    return ImagePlace{Start->Section, Start->Address + Offset};
  auto Next = llvm::partition_point(
      Points, [&](const Point &P) { return P.Offset <= Offset; });
  if (Next == Points.begin())
    return std::nullopt;
  const Point &At = *std::prev(Next);
  uint64_t Inside = Offset - At.Offset;
  // How much was taken out between the symbol and the place: at most what its
  // size lost, else what the way to the next symbol lost.
  uint64_t Lost = Inside;
  if (Inside < At.Size && At.ImageSize && At.ImageSize <= At.Size)
    Lost = std::min(Lost, At.Size - At.ImageSize);
  else if (Next != Points.end() && Next->Place.Section == At.Place.Section)
    Lost = std::min(Lost, (Next->Offset - At.Offset) -
                              (Next->Place.Address - At.Place.Address));
  return ImagePlace{At.Place.Section, At.Place.Address + Inside, Lost};
}

const LocatedSection &Locator::section(uint32_t Section) {
  std::optional<LocatedSection> &Known = Sections[Section];
  if (!Known)
    Known = IsImage ? LocatedSection(ImagePlace{Section, 0})
                    : locateSection(Image, Object.File.definitionsIn(Section));
  return *Known;
}

LocateFault Locator::globalTarget(StringRef Name, ImagePlace &Place) const {
  ArrayRef<uint32_t> Named = Image.symbolsNamed(Name);
  if (Named.empty())
    return LocateFault::NotInImage;
  const ElfSymbol &First = Image.definitions()[Named[0]];
  if (First.IsLocal && Named.size() > 1)
    return LocateFault::Ambiguous;
  Place = {First.Section, First.Address};
  return LocateFault::None;
}

LocateFault Locator::target(const ObjectReference &R, ImagePlace &Place) {
  bool IsBoundByName = !R.Target.empty() && !R.TargetIsLocal && !IsImage;
  LocateFault ByName = LocateFault::NotInImage;
  if (IsBoundByName || !R.isDefinedInside())
    ByName = globalTarget(R.Target, Place);
  if (ByName == LocateFault::None)
    return ByName;
  if (!R.isDefinedInside())
    return R.TargetIsWeak ? LocateFault::UndefinedWeak : ByName;
  const LocatedSection &Home = section(R.TargetSection);
  if (Home.fault() != LocateFault::None)
    return Home.fault();
  // Of a section and an addend it is the sum that stands somewhere.
  uint64_t Shift = R.Target.empty() ? targetOffset(R) - R.TargetOffset : 0;
  std::optional<ImagePlace> Found = Home.place(R.TargetOffset + Shift);
  if (!Found)
    return LocateFault::NoSymbol;
  Place = *Found;
  Place.Address -= Shift;
  return LocateFault::None;
}

} // namespace section_placement
