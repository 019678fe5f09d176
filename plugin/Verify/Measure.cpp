//===- Measure.cpp - The distances of short references --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Measure.h"
#include "UncoveredCode.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

using namespace llvm;

namespace section_placement {

static std::string withOffset(StringRef Name, int64_t Offset) {
  if (!Offset)
    return Name.str();
  uint64_t Size = Offset < 0 ? -uint64_t(Offset) : Offset;
  return (Name + (Offset < 0 ? "-0x" : "+0x") +
          utohexstr(Size, /*LowerCase=*/true))
      .str();
}

static std::string nameAt(const ObjectFile &Object, uint32_t Section,
                          uint64_t Offset, uint32_t Owner) {
  if (Owner == NoIndex) {
    const ElfSection &S = Object.File.sections()[Section];
    return withOffset(S.Name, Offset - S.Address); // 0 in an object.
  }
  const ElfSymbol &S = Object.File.definitions()[Owner];
  return withOffset(S.Name, Offset - S.Address);
}

std::string placeName(const ObjectFile &Object, const ObjectReference &R) {
  return nameAt(Object, R.Section, R.Offset, R.Owner);
}

std::string targetName(const ObjectFile &Object, const ObjectReference &R) {
  if (!R.isDefinedInside() && R.Target.empty())
    return "0x" + utohexstr(R.TargetOffset, /*LowerCase=*/true);
  if (!R.isDefinedInside() || (!R.Target.empty() && !R.TargetIsLocal))
    return withOffset(R.Target, R.Addend - counterBias(*R.Relocation));
  uint64_t Offset = targetOffset(R);
  return nameAt(Object, R.TargetSection, Offset,
                Object.File.ownerOf(R.TargetSection, Offset));
}

bool isNamedAsThunk(StringRef Name) {
  return Name.contains("Thunk_") || // PowerPC64's are of names of their own.
         Name.take_front(14) == "__long_branch_" ||
         Name.contains(".long_branch.") ||
         (Name.take_front(2) == "__" &&
          (Name.take_back(7) == "_veneer" || Name.contains("_from_thumb") ||
           Name.contains("_from_arm")));
}

bool isThunk(const ElfFile &Image, uint64_t Address, const Trail &Way) {
  // The branches of x86 reach everywhere.
  uint32_t Section = Image.sectionAt(Address);
  if (!Way.End || Section == NoIndex || Image.machine() == ELF::EM_X86_64 ||
      Image.machine() == ELF::EM_386)
    return false;
  uint32_t Owner = Image.ownerOf(Section, Address);
  if (Owner == NoIndex)
    return true;
  const ElfSymbol &S = Image.definitions()[Owner];
  bool IsCovered = !S.Size || Address - S.Address < S.Size;
  return !IsCovered || isNamedAsThunk(S.Name);
}

std::string nameOfAddress(const ElfFile &Image, uint64_t Address) {
  uint32_t Section = Image.sectionAt(Address);
  if (Section == NoIndex)
    return "0x" + utohexstr(Address, /*LowerCase=*/true);
  uint32_t Owner = Image.ownerOf(Section, Address);
  if (Owner != NoIndex) {
    // Behind the end of the last symbol there is code without a name.
    const ElfSymbol &S = Image.definitions()[Owner];
    if (!S.Size || Address - S.Address < S.Size)
      return withOffset(S.Name, Address - S.Address);
  }
  const ElfSection &S = Image.sections()[Section];
  return withOffset(S.Name, Address - S.Address);
}

static StringRef importAt(const ElfFile &Image, const ImageDecoder &Decoder,
                          uint64_t Address) {
  std::optional<uint64_t> Slot = Decoder.follow(Address).Slot;
  return Slot ? Image.symbolOfSlot(*Slot) : StringRef();
}

std::string nameOfTarget(const ElfFile &Image, const ImageDecoder *Decoder,
                         uint64_t Address) {
  StringRef Import = Decoder ? importAt(Image, *Decoder, Address) : StringRef();
  return Import.empty() ? nameOfAddress(Image, Address)
                        : (Import + " (through the PLT)").str();
}

StringRef nameOf(Route R) {
  switch (R) {
  case Route::Straight:
    return "straight";
  case Route::Table:
    return "table";
  case Route::Thunk:
    return "thunk";
  case Route::Elsewhere:
    return "elsewhere";
  }
  return "";
}

namespace {
class Measurer {
public:
  Measurer(const ElfFile &Image, ObjectFiles &Objects,
           ImageTransfers &Transfers, ArrayRef<uint32_t> Members);

  Measurements run();

private:
  using PlaceInImage = std::pair<uint32_t, uint64_t>; // Section and address.
  bool isMember(const ElfSymbol *S) const {
    return S && Members.contains({S->Section, S->Address});
  }
  void addBranches(ObjectFile &Object, bool OfMembers);
  void addSection(uint32_t S, ObjectFile &Object, bool OfMembers);
  void measure(const ObjectReference &R, Locator &Where, MeasuredReference &M);
  std::optional<ImagePlace> worstOf(ArrayRef<ImagePlace> Starts,
                                    const ObjectReference &R,
                                    std::optional<uint64_t> Expected) const;
  void decide(const ObjectReference &R, const ImagePlace &To,
              MeasuredReference &M);
  void decode(const ObjectReference &R, std::optional<uint64_t> Expected,
              MeasuredReference &M);
  std::optional<uint64_t> findShifted(const ObjectReference &R,
                                      std::optional<uint64_t> Expected,
                                      MeasuredReference &M);
  bool isKnownAddress(uint64_t Address) const;
  Route routeOf(uint64_t Target, std::optional<uint64_t> Expected) const;
  bool isMaybeStripped(const MeasuredReference &M,
                       const ObjectFile &Object) const;
  void sort();

  const ElfFile &Image;
  ObjectFiles &Objects;
  ImageTransfers &Transfers;
  const ImageDecoder *Decoder;
  DenseSet<PlaceInImage> Members; ///< Where functions of groups begin.
  bool HasLocals;                 ///< The image has symbols of local functions.
  std::set<uint64_t> Absolute;    ///< Addresses that have a name alone.
  UncoveredCode Uncovered;
  Measurements Result;
};
} // namespace

Measurer::Measurer(const ElfFile &Image, ObjectFiles &Objects,
                   ImageTransfers &Transfers, ArrayRef<uint32_t> Members)
    : Image(Image), Objects(Objects), Transfers(Transfers),
      Decoder(Transfers.decoder()),
      HasLocals(
          any_of(Image.definitions(),
                 [](const ElfSymbol &S) { return S.IsLocal && S.IsFunction; })),
      Uncovered(Image, Transfers) {
  for (const ElfSymbol &S : Image.symbols())
    if (S.Home == ElfHome::Absolute && S.Type != ELF::STT_FILE)
      Absolute.insert(S.Address);
  for (uint32_t I : Members)
    this->Members.insert(
        {Image.definitions()[I].Section, Image.definitions()[I].Address});
}

/// The psABIs' S + A - P of an instruction with a relocation like \p R at
/// \p Place that refers to \p Target.
static int64_t distanceOf(const RelocationReach &R, uint64_t Place,
                          uint64_t Target) {
  return Target - countedPlace(R, Place) + counterBias(R);
}

/// In a relocatable image: \p M.From is where it is, \p To where its target is.
void Measurer::decide(const ObjectReference &R, const ImagePlace &To,
                      MeasuredReference &M) {
  if (M.From.Section != To.Section) {
    M.Status = ReferenceStatus::NotDecided;
    return;
  }
  M.Status = ReferenceStatus::Measured;
  uint64_t Place = countedPlace(*R.Relocation, M.From.Address);
  M.Distance = To.Address + R.Addend - Place;
  M.Left = marginOf(*R.Relocation, M.Distance);
  M.Slack = M.From.Slack + To.Slack;
  if (!M.Slack)
    return;
  // The two may stand nearer to the start of the image, each for itself.
  for (int64_t Other :
       {M.Distance - int64_t(To.Slack), M.Distance + int64_t(M.From.Slack)}) {
    Margin Left = marginOf(*R.Relocation, Other);
    if (Left < M.Left) {
      M.Left = Left;
      M.Distance = Other;
    }
  }
}

/// What \p Target, which is not \p Expected, leads to.
Route Measurer::routeOf(uint64_t Target,
                        std::optional<uint64_t> Expected) const {
  if (Expected == Target)
    return Route::Straight;
  Trail Way = Decoder->follow(Target);
  // The lowest bit says which instruction set is there.
  if (Way.End && Expected && (*Way.End & ~uint64_t(1)) == *Expected)
    return Route::Thunk;
  return Way.Slot ? Route::Table : Route::Elsewhere;
}

/// Of a reference whose place is known but for the bytes that the linker took
/// out before it: where the instructions lead that it may be. Sets the place.
/// Among several it is the one that leads to \p Expected, else that with the
/// least of its reach left.
std::optional<uint64_t> Measurer::findShifted(const ObjectReference &R,
                                              std::optional<uint64_t> Expected,
                                              MeasuredReference &M) {
  const RelocationReach &Form = *R.Relocation;
  uint64_t First = M.From.Address - M.From.Slack;
  uint32_t Owner = Image.ownerOf(M.From.Section, First);
  uint64_t Begin = Owner == NoIndex ? Image.sections()[M.From.Section].Address
                                    : Image.definitions()[Owner].Address;
  std::optional<std::pair<uint64_t, uint64_t>> Best; // Place, target.
  auto Left = [&](uint64_t Place, uint64_t Target) {
    return marginOf(Form, distanceOf(Form, Place, Target));
  };
  Decoder->forEach(
      M.From.Section, Begin, M.From.Address + 1, [&](const CodeReference &C) {
        if (C.Address < First || C.Form != &Form || !C.Target)
          return;
        bool IsMeant = Expected == C.Target;
        bool WasMeant = Best && Expected == Best->second;
        if (!Best || IsMeant > WasMeant ||
            (IsMeant == WasMeant &&
             Left(C.Address, *C.Target) < Left(Best->first, Best->second)))
          Best = {C.Address, *C.Target};
      });
  if (!Best)
    return std::nullopt;
  M.From.Address = Best->first;
  M.From.Slack = 0;
  return Best->second;
}

/// Does the instruction at \p Place go to \p Target because \p Expected did not
/// fit into its field? Some linkers write what fits, and only warn.
static bool isCutOff(const RelocationReach &R, uint64_t Place, uint64_t Target,
                     uint64_t Expected) {
  if (marginOf(R, distanceOf(R, Place, Expected)).Left >= 0)
    return false;
  uint64_t Span = uint64_t(R.Highest) - R.Lowest + 1;
  return !isPowerOf2_64(Span) ||
         ((Target ^ Expected) & (Span - 1) & ~uint64_t(7)) == 0;
}

/// In a linked image: \p Expected is where the object's target stands, where
/// that is known.
void Measurer::decode(const ObjectReference &R,
                      std::optional<uint64_t> Expected, MeasuredReference &M) {
  M.Status = ReferenceStatus::NotDecoded;
  if (!Decoder)
    return;
  std::optional<uint64_t> Target =
      M.From.Slack
          ? findShifted(R, Expected, M)
          : Decoder->targetOf(*R.Relocation, M.From.Section, M.From.Address);
  if (!Target)
    return;
  M.Status = ReferenceStatus::Measured;
  M.LinkedTo = *Target;
  M.Way = routeOf(*Target, Expected);
  if (M.Way == Route::Table)
    M.Import = importAt(Image, *Decoder, *Target);
  if (M.Way == Route::Elsewhere && Expected &&
      isCutOff(*R.Relocation, M.From.Address, *Target, *Expected)) {
    M.Way = Route::Straight;
    Target = Expected;
  }
  M.GoesNowhere = M.Way == Route::Elsewhere && !isKnownAddress(*Target);
  M.Distance = distanceOf(*R.Relocation, M.From.Address, *Target);
  M.Left = marginOf(*R.Relocation, M.Distance);
}

/// Does the image hold what is at \p Address, or has a name for it, as for a
/// routine of a ROM?
bool Measurer::isKnownAddress(uint64_t Address) const {
  return Image.sectionAt(Address) != NoIndex || Absolute.count(Address);
}

/// The place of \p R in a section that begins at one of \p Starts: where an
/// instruction of its form leads to \p Expected, else anywhere, with the least
/// of its reach left.
std::optional<ImagePlace>
Measurer::worstOf(ArrayRef<ImagePlace> Starts, const ObjectReference &R,
                  std::optional<uint64_t> Expected) const {
  std::optional<ImagePlace> Worst;
  std::pair<bool, Margin> WorstRank;
  for (const ImagePlace &Start : Starts) {
    ImagePlace Place{Start.Section, Start.Address + R.Offset};
    std::optional<uint64_t> Target =
        Decoder->targetOf(*R.Relocation, Place.Section, Place.Address);
    if (!Target)
      continue;
    std::pair<bool, Margin> Rank(
        Target != Expected,
        marginOf(*R.Relocation,
                 distanceOf(*R.Relocation, Place.Address, *Target)));
    if (Worst && !(Rank < WorstRank))
      continue;
    Worst = Place;
    WorstRank = Rank;
  }
  return Worst;
}

void Measurer::measure(const ObjectReference &R, Locator &Where,
                       MeasuredReference &M) {
  M.Status = ReferenceStatus::NotLocated;
  ImagePlace To{0, 0};
  LocateFault OfTarget = Where.target(R, To);
  bool IsDecoded = !Image.isRelocatable();
  std::optional<uint64_t> Expected;
  if (IsDecoded && OfTarget == LocateFault::None)
    Expected = To.Address + R.Addend - counterBias(*R.Relocation);
  const LocatedSection &Home = Where.section(R.Section);
  std::optional<ImagePlace> From = Home.place(R.Offset);
  if (!From && IsDecoded && Decoder) {
    From = worstOf(Home.possibleStarts(), R, Expected);
    M.IsOneOfSeveral = From.has_value();
  }
  if (!From) {
    M.Fault = Home.fault() == LocateFault::None ? LocateFault::NoSymbol
                                                : Home.fault();
    return;
  }
  M.From = *From;
  M.Fault = OfTarget;
  M.IsTargetAtFault = M.Fault != LocateFault::None;
  if (IsDecoded) {
    if (M.Fault != LocateFault::UndefinedWeak)
      decode(R, Expected, M);
    return;
  }
  if (!M.IsTargetAtFault)
    decide(R, To, M);
  else if (M.Fault == LocateFault::NotInImage && !R.isDefinedInside())
    M.Status = ReferenceStatus::NotDecided; // Another object has it.
}

/// A place that is not found was dropped by the link, or the image has lost its
/// local symbols, and nobody can say.
bool Measurer::isMaybeStripped(const MeasuredReference &M,
                               const ObjectFile &Object) const {
  if (M.Status != ReferenceStatus::NotLocated || M.IsTargetAtFault || HasLocals)
    return false;
  uint32_t Section = Object.References[M.Reference].Section;
  ArrayRef<ElfSymbol> Symbols = Object.File.definitionsIn(Section);
  return all_of(Symbols, [](const ElfSymbol &S) { return S.IsLocal; });
}

/// Adds to \p Object, which is the linked image, each short branch that leaves
/// a function and has no relocation; \p OfMembers: each that leaves the groups.
void Measurer::addBranches(ObjectFile &Object, bool OfMembers) {
  if (OfMembers) { // The other objects have the rest.
    Object.References.clear();
    Object.InsideFunctions = 0;
  }
  for (uint32_t S = 0; S < Image.sections().size(); ++S)
    if (Image.sections()[S].isCode())
      addSection(S, Object, OfMembers);
}

void Measurer::addSection(uint32_t S, ObjectFile &Object, bool OfMembers) {
  DenseSet<uint64_t> Known;
  for (const ObjectReference &R : Object.References)
    if (R.Section == S)
      Known.insert(R.Offset);
  const ElfSymbol *From = nullptr;
  uint64_t FromEnd = 0;
  if (!OfMembers)
    Uncovered.addSection(S);
  auto Find = [&](uint64_t Address) {
    if (From && Address >= From->Address && Address < FromEnd)
      return;
    From = Uncovered.functionAt(S, Address);
    FromEnd = From ? From->Address + From->Size : 0;
  };
  for (const Transfer &C : Transfers.in(S)) {
    if (!C.Form || C.Where != Transfer::Kind::Address)
      continue;
    Find(C.Address);
    if (!From || (OfMembers && !isMember(From)))
      continue;
    uint32_t To = C.TargetSection;
    const ElfSymbol *Target =
        To == NoIndex ? nullptr : Uncovered.functionAt(To, C.Target);
    if (OfMembers && isMember(Target))
      continue;
    if (From == Target) {
      ++Object.InsideFunctions;
      continue;
    }
    ObjectReference R{};
    R.Relocation = C.Form;
    R.Section = S;
    R.Offset = C.Address + placeInInstruction(*C.Form, C.Size);
    if (Known.contains(R.Offset))
      continue;
    R.Addend = counterBias(*C.Form);
    R.TargetSection = To == NoIndex ? 0 : To;
    R.TargetOffset = C.Target;
    R.TargetIsLocal = true;
    R.Owner = From - Image.definitions().data();
    Object.References.push_back(R);
  }
  for (const UndecodedBytes &U : Transfers.undecodedIn(S)) {
    Find(U.Address);
    // Behind a function without a size there may be data, too.
    if (From && From->IsFunction && (!OfMembers || isMember(From)) &&
        (From->Size || !Uncovered.isData(S, U.Address, U.Size)))
      Result.BytesNotDecoded += U.Size;
  }
}

void Measurer::sort() {
  auto Key = [&](const MeasuredReference &M) {
    const ObjectReference &R =
        Objects.Objects[M.Object].References[M.Reference];
    return std::tuple(M.From.Section, M.From.Address, R.Relocation->Type,
                      M.Object, M.Reference);
  };
  std::sort(Result.References.begin(), Result.References.end(),
            [&](const MeasuredReference &A, const MeasuredReference &B) {
              if (A.Status != B.Status)
                return A.Status < B.Status;
              if (A.Left < B.Left || B.Left < A.Left)
                return A.Left < B.Left;
              return Key(A) < Key(B);
            });
}

Measurements Measurer::run() {
  DenseSet<
      std::pair<std::pair<uint32_t, uint64_t>, std::pair<uint32_t, int64_t>>>
      Seen; // Place, type and distance.
  for (uint32_t O = 0; O < Objects.Objects.size(); ++O) {
    bool OfMembers = O != 0 && Objects.IsImage[O] && !Image.isRelocatable();
    if (Objects.IsImage[O] && !Image.isRelocatable() && Decoder)
      addBranches(Objects.Objects[O], OfMembers);
    const ObjectFile &Object = Objects.Objects[O];
    Locator Where(Image, Object, Objects.IsImage[O]);
    Result.InsideFunctions += Object.InsideFunctions;
    for (uint32_t I = 0; I < Object.References.size(); ++I) {
      const ObjectReference &R = Object.References[I];
      MeasuredReference M{O, I, ReferenceStatus::NotLocated};
      measure(R, Where, M);
      if (M.Status != ReferenceStatus::NotLocated && !M.IsOneOfSeveral &&
          !Seen.insert({{M.From.Section, M.From.Address},
                        {R.Relocation->Type, M.Distance}})
               .second) {
        Result.Doubles += !OfMembers;
        continue;
      }
      Result.Measured += M.Status == ReferenceStatus::Measured;
      Result.NotDecided += M.Status == ReferenceStatus::NotDecided;
      Result.NotDecoded += M.Status == ReferenceStatus::NotDecoded;
      Result.NotLocated += M.Status == ReferenceStatus::NotLocated;
      Result.OutOfReach += M.isOutOfReach();
      Result.GoingNowhere += M.GoesNowhere;
      bool IsMaybeStripped = isMaybeStripped(M, Object);
      Result.MaybeStripped += IsMaybeStripped;
      Result.OfUnknownPlace += M.Status == ReferenceStatus::NotLocated &&
                               !IsMaybeStripped && !M.IsTargetAtFault &&
                               (M.Fault == LocateFault::Ambiguous ||
                                M.Fault == LocateFault::NoSymbol);
      Result.References.push_back(M);
    }
  }
  Result.UncoveredCode = Uncovered.Code;
  Result.UncoveredMixed = Uncovered.Mixed;
  Result.UncoveredData = Uncovered.Data;
  sort();
  return std::move(Result);
}

Measurements measure(const ElfFile &Image, ObjectFiles &Objects,
                     ImageTransfers &Transfers, ArrayRef<uint32_t> Members) {
  return Measurer(Image, Objects, Transfers, Members).run();
}

} // namespace section_placement
