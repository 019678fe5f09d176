//===- ObjectRelocations.cpp - An image's relocations, by its objects -----===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ObjectRelocations.h"
#include "section-placement/Objects/RelocatedField.h"
#include "section-placement/Verify/Locator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

static uint32_t word32(ArrayRef<uint8_t> Bytes, uint64_t Offset) {
  return Offset <= Bytes.size() && Bytes.size() - Offset >= 4
             ? support::endian::read32le(Bytes.data() + Offset)
             : 0;
}

/// What linkers make of adrp and add where the target is near: nop and adr.
static bool isNopAndAdr(ArrayRef<uint8_t> Bytes, uint64_t Offset) {
  return word32(Bytes, Offset) == 0xd503201f &&
         (word32(Bytes, Offset + 4) & 0x9f000000) == 0x10000000;
}

/// The field that the image has where the object has \p F: at \p Offset of
/// \p Bytes.
static const RelocatedField *fieldInImage(const RelocatedField &F,
                                          ArrayRef<uint8_t> Bytes,
                                          uint64_t Offset) {
  if (F.Machine != ELF::EM_AARCH64)
    return &F;
  if (F.Type == ELF::R_AARCH64_ADR_PREL_PG_HI21 && isNopAndAdr(Bytes, Offset))
    return findRelocatedField(ELF::EM_AARCH64, ELF::R_AARCH64_NONE);
  if (F.Type == ELF::R_AARCH64_ADD_ABS_LO12_NC && Offset >= 4 &&
      isNopAndAdr(Bytes, Offset - 4))
    return findRelocatedField(ELF::EM_AARCH64, ELF::R_AARCH64_ADR_PREL_LO21);
  return &F;
}

/// One object's sections in the image.
class ObjectRelocations::OneObject {
public:
  OneObject(ObjectRelocations &All, const ElfFile &Object)
      : All(All), Image(All.Image), Object(Object) {}
  void run();

private:
  /// Where a section of an object is in the image.
  struct LaidSection {
    uint64_t Start = 0;
    /// Behind which offset of the section how many bytes are gone, in all.
    std::vector<std::pair<uint64_t, uint64_t>> Cuts;

    uint64_t addressOf(uint64_t Offset) const {
      auto Next = llvm::partition_point(
          Cuts, [&](const auto &Cut) { return Cut.first <= Offset; });
      uint64_t Gone = Next == Cuts.begin() ? 0 : std::prev(Next)->second;
      return Start + Offset - Gone;
    }
  };

  /// A relocation of the object, and what the image has in its field.
  struct AppliedField {
    ElfRelocation R;
    const RelocatedField *Field;
    uint64_t Place; ///< In the image.
    std::optional<uint64_t> Held;
  };
  using Key = std::pair<uint32_t, int64_t>; // Symbol and addend.
  /// Fields that hold one value.
  struct Holders {
    const AppliedField *Whole = nullptr, *High = nullptr, *Low = nullptr;
  };

  ArrayRef<uint8_t> contents(uint32_t Section) const;
  bool readRelocations(uint32_t Section);
  std::vector<uint64_t> startsOf(uint32_t Section) const;
  void find(uint32_t Section, ArrayRef<uint64_t> Starts);
  ReadsFault lay(uint32_t Section, LaidSection &P);
  bool differs(ArrayRef<uint8_t> Ours, ArrayRef<uint8_t> Theirs, uint64_t Begin,
               uint64_t End, uint64_t Gone) const;
  ReadsFault match(uint32_t Section, uint64_t Start, Match &M);
  void readFields(uint32_t Section, const LaidSection &P,
                  std::vector<AppliedField> &Fields, Match &M) const;
  const AppliedField *highOf(const AppliedField &A,
                             ArrayRef<AppliedField> Fields) const;
  std::optional<uint64_t> heldBy(const Holders &H) const;
  void place(uint32_t Section, const LaidSection &P);
  std::vector<std::pair<uint32_t, LaidSection>> takeBack();

  std::optional<uint64_t> addressOf(uint32_t Section, uint64_t Offset);
  bool isIn(const ElfSymbol &S, int64_t Addend, uint64_t Value, Match &M);
  void candidates(const ElfSymbol &S, SmallVectorImpl<ElfSymbol> &Into) const;
  ReadsFault resolve(const AppliedField &A, std::optional<uint64_t> Held,
                     uint64_t CountedFrom, ElfSymbol &Target, Match &M);

  ObjectRelocations &All;
  const ElfFile &Image;
  const ElfFile &Object;
  std::map<uint32_t, std::vector<ElfRelocation>> Relocations; ///< By section.
  std::map<uint32_t, LaidSection> Placements;
  /// What place() changed, and what was there before it: a trial's.
  std::vector<std::pair<uint32_t, std::optional<LaidSection>>> Changes;
  std::map<uint32_t, LocatedSection> ByNames;
  /// Found by what refers to them; to be looked at themselves.
  std::vector<std::pair<uint32_t, uint64_t>> Referred;
  DenseSet<uint32_t> Done;
};

ArrayRef<uint8_t>
ObjectRelocations::OneObject::contents(uint32_t Section) const {
  Expected<ArrayRef<uint8_t>> Bytes = Object.contents(Section);
  if (Bytes)
    return *Bytes;
  consumeError(Bytes.takeError());
  return {};
}

/// Returns false where they are damaged.
bool ObjectRelocations::OneObject::readRelocations(uint32_t Section) {
  auto [Known, IsNew] = Relocations.try_emplace(Section);
  std::vector<ElfRelocation> &Into = Known->second;
  if (!IsNew)
    return true;
  ArrayRef<uint8_t> Bytes = contents(Section);
  Error E = Object.forEachRelocation(Section, [&](const ElfRelocation &R) {
    Into.push_back(R);
    ElfRelocation &Added = Into.back();
    const RelocatedField *F = findRelocatedField(Object.machine(), R.Type);
    bool IsMove = F && (F->Layout == FieldLayout::ArmMove ||
                        F->Layout == FieldLayout::ThumbMove);
    if (IsMove && R.Address < Bytes.size()) // The addend is in the place.
      Added.Addend = SignExtend64<16>(
          valueIn(*F, Bytes.drop_front(R.Address)).value_or(0));
    return Error::success();
  });
  llvm::sort(Into, [](const ElfRelocation &A, const ElfRelocation &B) {
    return std::tie(A.Address, A.Type, A.Symbol) <
           std::tie(B.Address, B.Type, B.Symbol);
  });
  bool IsRead = !E;
  consumeError(std::move(E));
  return IsRead;
}

/// Where the image's symbols of the same names say that it may begin.
std::vector<uint64_t>
ObjectRelocations::OneObject::startsOf(uint32_t Section) const {
  static constexpr size_t MaxStarts = 64;
  std::vector<uint64_t> Starts;
  for (const ElfSymbol &S : Object.definitionsIn(Section))
    for (uint32_t I : Image.symbolsNamed(S.Name)) {
      uint64_t Start = Image.definitions()[I].Address - S.Address;
      if (All.isWanted(I) && Starts.size() < MaxStarts &&
          !is_contained(Starts, Start))
        Starts.push_back(Start);
    }
  return Starts;
}

/// Do \p Ours from \p Begin to \p End differ from the image's, before which
/// \p Gone bytes are missing?
bool ObjectRelocations::OneObject::differs(ArrayRef<uint8_t> Ours,
                                           ArrayRef<uint8_t> Theirs,
                                           uint64_t Begin, uint64_t End,
                                           uint64_t Gone) const {
  return End - Gone > Theirs.size() ||
         Ours.slice(Begin, End - Begin) !=
             Theirs.slice(Begin - Gone, End - Begin);
}

/// RISC-V: how many bytes the image has for the auipc and jalr at the start of
/// \p Ours; 0 where it has something else.
static uint64_t sizeOfCall(ArrayRef<uint8_t> Ours, ArrayRef<uint8_t> Theirs) {
  uint32_t Register = word32(Ours, 4) >> 7 & 31;
  if (Theirs.size() < 2)
    return 0;
  uint32_t Word = word32(Theirs, 0);
  uint32_t Half = support::endian::read16le(Theirs.data()); // The last perhaps.
  if ((Word & 0xfff) == (word32(Ours, 0) & 0xfff) &&
      (word32(Theirs, 4) & 0xfffff) == (word32(Ours, 4) & 0xfffff))
    return 8;
  if ((Word & 0xfff) == (0x6f | Register << 7)) // jal
    return 4;
  if ((Half & 0xe003) == 0xa001 && Register == 0) // c.j
    return 2;
  return (Half & 0xe003) == 0x2001 && Register == 1 ? 2 : 0; // c.jal
}

/// Compares \p Section with the image at P.Start, and fills in what is missing
/// there.
ReadsFault ObjectRelocations::OneObject::lay(uint32_t Section, LaidSection &P) {
  ArrayRef<uint8_t> Ours = contents(Section), Theirs = All.bytesAt(P.Start);
  if (!readRelocations(Section) || Ours.empty())
    return ReadsFault::OtherCode;
  const std::vector<ElfRelocation> &Fields = Relocations[Section];
  bool IsRelaxed = any_of(Fields, [&](const ElfRelocation &R) {
    return Object.machine() == ELF::EM_RISCV && R.Type == ELF::R_RISCV_RELAX;
  });
  ReadsFault Different =
      IsRelaxed ? ReadsFault::Shortened : ReadsFault::OtherCode;
  uint64_t At = 0, Gone = 0;
  for (size_t I = 0; I < Fields.size();) {
    uint64_t Place = Fields[I].Address;
    size_t Next = I;
    uint8_t Mask[8] = {};
    uint64_t Size = 0;
    uint64_t Padding = 0;
    bool IsCall = false, IsReplaced = false;
    for (; Next < Fields.size() && Fields[Next].Address == Place; ++Next) {
      const ElfRelocation &R = Fields[Next];
      const RelocatedField *F = findRelocatedField(Object.machine(), R.Type);
      if (!F) { // Its function is not known; that is no reason for others.
        Size = std::max<uint64_t>(
            Size, std::min<uint64_t>(
                      4, Ours.size() - std::min<uint64_t>(Ours.size(), Place)));
        std::fill(std::begin(Mask), std::begin(Mask) + 4, 0xff);
        continue;
      }
      for (unsigned Byte = 0; Byte < F->Size; ++Byte)
        Mask[Byte] |= maskOfByte(*F, Byte);
      Size = std::max<uint64_t>(Size, F->Size);
      if (Object.machine() == ELF::EM_RISCV) {
        IsCall |= F->Part == FieldPart::Branch && F->Size == 8;
        if (R.Type == ELF::R_RISCV_ALIGN)
          Padding = R.Addend;
      }
      IsReplaced |= fieldInImage(*F, Theirs, Place - Gone) != F;
    }
    I = Next;
    if (Place > Ours.size() || Size > Ours.size() - Place ||
        Padding > Ours.size() - Place || Place + Size < At)
      return ReadsFault::OtherCode;
    if (Place > At && differs(Ours, Theirs, At, Place, Gone))
      return Different;
    if (Place < At) // Over another: the bits of both are the linker's.
      continue;
    At = Place + Size;
    if (Padding) { // In whole instructions, up to the alignment.
      uint64_t Begin = P.Start + Place - Gone;
      uint64_t Left = alignTo(Begin, PowerOf2Ceil(Padding + 2)) - Begin;
      At = Place + Padding;
      if (Left > Padding)
        return Different;
      if (Left < Padding)
        P.Cuts.emplace_back(At, Gone += Padding - Left);
      continue;
    }
    if (Place - Gone > Theirs.size())
      return Different;
    if (IsCall) {
      uint64_t Left =
          sizeOfCall(Ours.drop_front(Place), Theirs.drop_front(Place - Gone));
      if (!Left)
        return Different;
      if (Left < 8)
        P.Cuts.emplace_back(At, Gone += 8 - Left);
      continue;
    }
    if (At - Gone > Theirs.size())
      return Different;
    for (unsigned Byte = 0; Byte < Size && !IsReplaced; ++Byte)
      if ((Ours[Place + Byte] ^ Theirs[Place - Gone + Byte]) & ~Mask[Byte])
        return Different;
    // The register must be the same: the low five bits of add and adr.
    if (IsReplaced && Place >= 4 && isNopAndAdr(Theirs, Place - 4) &&
        (word32(Ours, Place) ^ word32(Theirs, Place - Gone)) & 31)
      return Different;
  }
  return differs(Ours, Theirs, At, Ours.size(), Gone) ? Different
                                                      : ReadsFault::None;
}

void ObjectRelocations::OneObject::readFields(uint32_t Section,
                                              const LaidSection &P,
                                              std::vector<AppliedField> &Fields,
                                              Match &M) const {
  ArrayRef<uint8_t> Theirs = All.bytesAt(P.Start);
  for (const ElfRelocation &R : Relocations.find(Section)->second) {
    AppliedField A{R, findRelocatedField(Object.machine(), R.Type),
                   P.addressOf(R.Address), std::nullopt};
    uint64_t Offset = A.Place - P.Start;
    if (!A.Field) {
      M.Faults.emplace_back(A.Place, ReadsFault::UnknownType);
      continue;
    }
    bool IsMark = A.Field->Part == FieldPart::Nothing;
    A.Field = fieldInImage(*A.Field, Theirs, Offset);
    if (Offset < Theirs.size())
      A.Held = valueIn(*A.Field, Theirs.drop_front(Offset));
    if (!IsMark)
      Fields.push_back(A);
  }
}

/// The field that has the upper part of what \p A has the lower part of, by the
/// label that it names.
const ObjectRelocations::OneObject::AppliedField *
ObjectRelocations::OneObject::highOf(const AppliedField &A,
                                     ArrayRef<AppliedField> Fields) const {
  const ElfSymbol &Label = Object.symbols()[A.R.Symbol];
  if (Label.Section != A.R.Section)
    return nullptr;
  auto At = llvm::partition_point(Fields, [&](const AppliedField &Other) {
    return Other.R.Address < Label.Address;
  });
  for (; At != Fields.end() && At->R.Address == Label.Address; ++At)
    if (At->Field->Part == FieldPart::High)
      return At;
  return nullptr;
}

std::optional<uint64_t>
ObjectRelocations::OneObject::heldBy(const Holders &H) const {
  std::optional<uint64_t> Value;
  if (H.Whole && H.Whole->Held)
    Value = valueOfWhole(*H.Whole->Field, *H.Whole->Held, H.Whole->Place);
  else if (H.High && H.Low && H.High->Held && H.Low->Held)
    Value = valueOfPair(*H.High->Field, *H.High->Held, H.High->Place,
                        *H.Low->Field, *H.Low->Held);
  if (Value && !Image.is64Bit())
    *Value &= 0xffffffff;
  return Value;
}

/// Where \p Offset of a section of the object is, as far as names and bytes
/// have said so.
std::optional<uint64_t>
ObjectRelocations::OneObject::addressOf(uint32_t Section, uint64_t Offset) {
  auto Known = Placements.find(Section);
  if (Known != Placements.end())
    return Known->second.addressOf(Offset);
  // Its strings and numbers may each be elsewhere.
  if (Object.sections()[Section].Flags & ELF::SHF_MERGE)
    return std::nullopt;
  auto [Named, IsNew] = ByNames.try_emplace(Section);
  if (IsNew)
    Named->second = locateSection(Image, Object.definitionsIn(Section));
  if (Named->second.fault() != LocateFault::None)
    return std::nullopt;
  std::optional<ImagePlace> Place = Named->second.place(Offset);
  if (!Place || Place->Slack)
    return std::nullopt;
  return Place->Address;
}

/// Is what \p S and \p Addend refer to in the image, byte by byte, where a
/// field holds \p Value for it?
bool ObjectRelocations::OneObject::isIn(const ElfSymbol &S, int64_t Addend,
                                        uint64_t Value, Match &M) {
  if (S.Home != ElfHome::Section)
    return false;
  const ElfSection &Home = Object.sections()[S.Section];
  uint64_t Address = (Value & ~uint64_t(S.IsCompressed)) - Addend;
  if (Home.Flags & ELF::SHF_MERGE) {
    ArrayRef<uint8_t> Ours = contents(S.Section);
    bool IsOfSection = S.Type == ELF::STT_SECTION;
    uint64_t Offset = S.Address + (IsOfSection ? Addend : 0);
    uint64_t Begin = Address + (IsOfSection ? Addend : 0);
    if (Offset >= Ours.size())
      return false;
    Ours = Ours.drop_front(Offset);
    uint64_t Size = std::min<uint64_t>(Ours.size(), Home.EntrySize);
    if (Home.Flags & ELF::SHF_STRINGS) { // Up to the entry that is zero.
      auto IsZero = [](uint8_t Byte) { return !Byte; };
      while (Size && Size < Ours.size() &&
             !all_of(Ours.slice(Size - Home.EntrySize, Home.EntrySize), IsZero))
        Size = std::min<uint64_t>(Ours.size(), Size + Home.EntrySize);
    }
    ArrayRef<uint8_t> Theirs = All.bytesAt(Begin);
    if (!Size || Size > Theirs.size() ||
        Ours.take_front(Size) != Theirs.take_front(Size))
      return false;
    M.Pieces.emplace_back(Begin, Begin + Size);
    return true;
  }
  LaidSection P;
  P.Start = Address - S.Address;
  uint32_t Section = Image.sectionAt(P.Start);
  if (Home.Type == ELF::SHT_NOBITS) {
    if (Section == NoIndex ||
        !(Image.sections()[Section].Flags & ELF::SHF_WRITE))
      return false;
  } else if (lay(S.Section, P) != ReadsFault::None) {
    return false;
  }
  place(S.Section, P);
  if (Section != NoIndex && All.Group.contains(Section, P.Start))
    Referred.emplace_back(S.Section, P.Start);
  return true;
}

/// The symbols of the image that may be what the object calls \p S.
void ObjectRelocations::OneObject::candidates(
    const ElfSymbol &S, SmallVectorImpl<ElfSymbol> &Into) const {
  ArrayRef<uint32_t> Named = Image.symbolsNamed(S.Name);
  for (uint32_t I : Named)
    if (!Image.definitions()[I].IsLocal)
      Into.push_back(Image.definitions()[I]);
  if (const ElfSymbol *Found =
          Into.empty() ? All.symbolElsewhere(S.Name) : nullptr)
    Into.push_back(*Found);
  // Hidden ones are local in the image.
  if (Into.empty() && S.isUndefined())
    for (uint32_t I : Named)
      Into.push_back(Image.definitions()[I]);
  if (Into.empty() && S.isUndefined() && S.isWeak()) {
    Into.push_back(S);
    Into.back().Address = 0;
  }
}

/// Finds what \p A refers to in the image. \p Held is the value that its fields
/// have, where they say all of it; its own counts from \p CountedFrom.
ReadsFault ObjectRelocations::OneObject::resolve(const AppliedField &A,
                                                 std::optional<uint64_t> Held,
                                                 uint64_t CountedFrom,
                                                 ElfSymbol &Target, Match &M) {
  const ElfSymbol &S = Object.symbols()[A.R.Symbol];
  auto Agrees = [&](const ElfSymbol &Found) {
    uint64_t Value =
        (Found.Address + A.R.Addend) | uint64_t(Found.IsCompressed);
    if (!Image.is64Bit())
      Value &= 0xffffffff;
    return !A.Held || holds(*A.Field, *A.Held, CountedFrom, Value);
  };
  bool IsNamed = !S.IsLocal || S.Home == ElfHome::Absolute;
  SmallVector<ElfSymbol, 4> Known;
  if (S.Home == ElfHome::Absolute)
    Known.push_back(S);
  else if (IsNamed)
    candidates(S, Known);
  for (const ElfSymbol &Found : Known)
    if (Agrees(Found)) {
      Target = Found;
      return ReadsFault::None;
    }
  if (S.Home != ElfHome::Section)
    return Known.empty() ? ReadsFault::UnknownTarget : ReadsFault::OtherTarget;
  // A label of the assembler's is no name.
  Target = S;
  if (S.IsLocal && (S.Type == ELF::STT_SECTION || S.Name.take_front(2) == ".L"))
    Target.Name = "", Target.Type = ELF::STT_SECTION;
  bool IsPlaced = false;
  if (std::optional<uint64_t> Address = addressOf(S.Section, S.Address)) {
    Target.Address = *Address;
    IsPlaced = Agrees(Target);
  }
  if (!IsPlaced && Held && isIn(S, A.R.Addend, *Held, M)) {
    Target.Address = (*Held & ~uint64_t(S.IsCompressed)) - A.R.Addend;
    if (!Image.is64Bit())
      Target.Address &= 0xffffffff;
    IsPlaced = Agrees(Target);
  }
  if (!IsPlaced)
    return ReadsFault::UnknownTarget;
  Target.Section = Image.sectionAt(Target.Address);
  if (Target.Section == NoIndex) // The end of the last section.
    Target.Section = 0;
  return ReadsFault::None;
}

/// Does \p Section stand at \p Start?
ReadsFault ObjectRelocations::OneObject::match(uint32_t Section, uint64_t Start,
                                               Match &M) {
  LaidSection P;
  P.Start = Start;
  if (ReadsFault Fault = lay(Section, P); Fault != ReadsFault::None)
    return Fault;
  M.Start = Start;
  M.End = P.addressOf(Object.sections()[Section].Size);
  place(Section, P);
  std::vector<AppliedField> Fields;
  readFields(Section, P, Fields, M);
  std::map<Key, Holders> ByValue;
  auto KeyOf = [](const AppliedField &A) {
    return Key(A.R.Symbol, A.R.Addend);
  };
  for (const AppliedField &A : Fields) {
    if (A.Field->Part == FieldPart::Whole)
      ByValue[KeyOf(A)].Whole = &A;
    else if (A.Field->Part == FieldPart::High)
      ByValue[KeyOf(A)].High = &A;
    else if (A.Field->Part == FieldPart::Low)
      ByValue[KeyOf(A)].Low = &A;
  }
  for (const AppliedField &A : Fields)
    if (A.Field->Part == FieldPart::LowOfLabel)
      if (const AppliedField *High = highOf(A, Fields)) {
        Holders &H = ByValue[KeyOf(*High)];
        if (H.High == High)
          H.Low = &A;
      }
  uint32_t Home = Image.sectionAt(Start);
  auto Try = [&](const AppliedField &A) {
    // What the label stands for is what its High refers to.
    AppliedField Of = A;
    uint64_t CountedFrom = A.Place;
    if (A.Field->Part == FieldPart::LowOfLabel) {
      const AppliedField *High = highOf(A, Fields);
      if (!High)
        return ReadsFault::UnknownTarget;
      Of.R.Symbol = High->R.Symbol;
      Of.R.Addend = High->R.Addend;
      CountedFrom = High->Place;
    }
    ImageRelocation R{A.R.Type,    Home,      A.Place,
                      Of.R.Addend, A.R.Reach, ElfSymbol()};
    ReadsFault Fault =
        resolve(Of, heldBy(ByValue[KeyOf(Of)]), CountedFrom, R.Target, M);
    if (Fault == ReadsFault::None)
      M.Relocations.push_back(R);
    // Where a branch goes is in its instruction.
    return A.Field->Part == FieldPart::Branch ? ReadsFault::None : Fault;
  };
  std::vector<const AppliedField *> Later;
  for (const AppliedField &A : Fields)
    if (Try(A) != ReadsFault::None)
      Later.push_back(&A);
  // What the others have said of sections may be enough now.
  for (const AppliedField *A : Later)
    if (ReadsFault Fault = Try(*A); Fault != ReadsFault::None)
      M.Faults.emplace_back(A->Place, Fault);
  return ReadsFault::None;
}

void ObjectRelocations::OneObject::place(uint32_t Section,
                                         const LaidSection &P) {
  auto [Known, IsNew] = Placements.try_emplace(Section, P);
  Changes.emplace_back(Section,
                       IsNew ? std::nullopt : std::optional(Known->second));
  Known->second = P;
}

/// Gives what the trial placed, and takes it back.
std::vector<std::pair<uint32_t, ObjectRelocations::OneObject::LaidSection>>
ObjectRelocations::OneObject::takeBack() {
  std::vector<std::pair<uint32_t, LaidSection>> Placed;
  for (; !Changes.empty(); Changes.pop_back()) {
    auto &[Section, Before] = Changes.back();
    auto Known = Placements.find(Section);
    Placed.emplace_back(Section, Known->second);
    if (Before)
      Known->second = *Before;
    else
      Placements.erase(Known);
  }
  return Placed;
}

/// Takes the best of \p Starts.
void ObjectRelocations::OneObject::find(uint32_t Section,
                                        ArrayRef<uint64_t> Starts) {
  std::optional<Match> Best;
  std::vector<std::pair<uint32_t, LaidSection>> BestPlaced;
  std::vector<std::pair<uint32_t, uint64_t>> BestReferred, OldReferred;
  std::swap(Referred, OldReferred);
  ReadsFault Worst = ReadsFault::OtherCode;
  for (uint64_t Start : Starts) {
    if (Best && Best->Faults.empty())
      break;
    if (All.Taken.contains(Start))
      continue;
    Match M;
    ReadsFault Fault = match(Section, Start, M);
    std::vector<std::pair<uint32_t, LaidSection>> Placed = takeBack();
    if (Fault == ReadsFault::None &&
        (!Best || M.Faults.size() < Best->Faults.size())) {
      Best = std::move(M);
      BestPlaced = std::move(Placed);
      BestReferred = Referred;
    } else if (Fault != ReadsFault::None) {
      Worst = Fault;
    }
    Referred.clear();
  }
  std::swap(Referred, OldReferred);
  if (Best) {
    for (const auto &[Placed, P] : reverse(BestPlaced)) // The last one holds.
      Placements[Placed] = P;
    append_range(Referred, BestReferred);
    All.take(std::move(*Best));
    return;
  }
  for (const ElfSymbol &S : Object.definitionsIn(Section))
    for (uint32_t I : Image.symbolsNamed(S.Name))
      if (All.isWanted(I))
        All.Misfits.try_emplace(I, Worst);
}

void ObjectRelocations::OneObject::run() {
  for (uint32_t S = 0; S < Object.sections().size(); ++S) {
    const ElfSection &Section = Object.sections()[S];
    if (!Section.isLoaded() || Section.Type == ELF::SHT_NOBITS)
      continue;
    std::vector<uint64_t> Starts = startsOf(S);
    if (!Starts.empty() && Done.insert(S).second)
      find(S, Starts);
  }
  while (!Referred.empty()) {
    auto [Section, Start] = Referred.back();
    Referred.pop_back();
    if (Object.sections()[Section].Type != ELF::SHT_NOBITS &&
        Done.insert(Section).second)
      find(Section, Start);
  }
}

ObjectRelocations::ObjectRelocations(const ElfFile &Image,
                                     const GroupAddresses &Group)
    : Image(Image), Group(Group) {
  for (uint32_t S = 0; S < Image.sections().size(); ++S) {
    Contents.emplace_back();
    if (!Image.sections()[S].isLoaded())
      continue;
    if (Expected<ArrayRef<uint8_t>> Bytes = Image.contents(S))
      Contents.back() = *Bytes;
    else
      consumeError(Bytes.takeError());
  }
  for (uint32_t I = Image.definitions().size(); I < Image.symbols().size(); ++I)
    if (const ElfSymbol &S = Image.symbols()[I];
        S.Home == ElfHome::Absolute && !S.IsLocal && !S.Name.empty())
      Elsewhere.try_emplace(S.Name, I);
}

bool ObjectRelocations::isWanted(uint32_t Definition) const {
  return Group.hasDefinition(Definition) ||
         Group.isOwn(Image.definitions()[Definition].Section);
}

ArrayRef<uint8_t> ObjectRelocations::bytesAt(uint64_t Address) const {
  uint32_t Section = Image.sectionAt(Address);
  if (Section == NoIndex)
    return {};
  uint64_t Offset = Address - Image.sections()[Section].Address;
  return Offset < Contents[Section].size()
             ? Contents[Section].drop_front(Offset)
             : ArrayRef<uint8_t>();
}

const ElfSymbol *ObjectRelocations::symbolElsewhere(StringRef Name) const {
  auto Found = Elsewhere.find(Name);
  return Found == Elsewhere.end() ? nullptr : &Image.symbols()[Found->second];
}

void ObjectRelocations::add(const ElfFile &Object) {
  if (!Object.isBigEndian())
    OneObject(*this, Object).run();
}

void ObjectRelocations::take(Match M) {
  if (!M.Faults.empty()) {
    Faulty.push_back(std::move(M));
    return;
  }
  Taken.insert(M.Start);
  Covered.emplace_back(M.Start, M.End);
  append_range(Covered, M.Pieces);
  append_range(Relocations, M.Relocations);
}

uint32_t ObjectRelocations::ownerOf(uint64_t Address) const {
  uint32_t Section = Image.sectionAt(Address);
  return Section == NoIndex ? NoIndex : Group.coveringOwner(Section, Address);
}

void ObjectRelocations::finish() {
  for (const Match &M : Faulty) {
    if (!Taken.insert(M.Start).second)
      continue;
    for (const auto &[Address, Fault] : M.Faults) {
      uint32_t Owner = ownerOf(Address);
      if (Owner == NoIndex)
        FaultyPlaces.emplace(Address, Fault);
      else
        FaultyOwners.try_emplace(Owner, Fault);
    }
    Covered.emplace_back(M.Start, M.End);
    append_range(Covered, M.Pieces);
    append_range(Relocations, M.Relocations);
  }
  llvm::sort(Covered);
  std::vector<std::pair<uint64_t, uint64_t>> Joined;
  for (const auto &Range : Covered)
    if (!Joined.empty() && Range.first <= Joined.back().second)
      Joined.back().second = std::max(Joined.back().second, Range.second);
    else
      Joined.push_back(Range);
  Covered = std::move(Joined);
}

uint64_t ObjectRelocations::endOfMatch(uint64_t Address) const {
  auto Next = llvm::partition_point(
      Covered, [&](const auto &Range) { return Range.first <= Address; });
  return Next == Covered.begin() || std::prev(Next)->second <= Address
             ? Address
             : std::prev(Next)->second;
}

ReadsFault ObjectRelocations::faultOf(uint64_t Begin, uint64_t End) const {
  uint32_t Owner = ownerOf(Begin);
  if (endOfMatch(Begin) < End) {
    auto Misfit = Misfits.find(Owner);
    return Misfit == Misfits.end() ? ReadsFault::NoObject : Misfit->second;
  }
  auto Found = FaultyOwners.find(Owner);
  if (Found != FaultyOwners.end())
    return Found->second;
  auto Place = FaultyPlaces.lower_bound(Begin);
  return Place != FaultyPlaces.end() && Place->first < End ? Place->second
                                                           : ReadsFault::None;
}

} // namespace section_placement
