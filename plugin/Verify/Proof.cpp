//===- Proof.cpp - Does a closed group keep to itself? --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Proof.h"
#include "GroupAddresses.h"
#include "ObjectRelocations.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <map>
#include <set>
#include <tuple>

using namespace llvm;

namespace section_placement {

StringRef nameOf(ImageEscape::Kind Kind) {
  switch (Kind) {
  case ImageEscape::Kind::Transfer:
    return "transfer";
  case ImageEscape::Kind::Address:
    return "address";
  case ImageEscape::Kind::Pointer:
    return "pointer";
  case ImageEscape::Kind::Read:
    return "read";
  case ImageEscape::Kind::Unexplained:
    return "unexplained";
  }
  return "";
}

namespace {
class GroupProver {
public:
  GroupProver(const ElfFile &Image, const ImageDecoder &Decoder,
              std::vector<const Rule *> Rules,
              ArrayRef<const ExpectedFunction *> Members,
              const ObjectFiles &Objects);
  GroupProof run();

private:
  bool readRelocations();
  void takeRelocations(const ObjectFiles &Objects);
  void decodeAll();
  void decode(uint32_t Section, uint64_t Begin, uint64_t End, bool IsWhole);
  void want(uint64_t Address);
  void followOn(Spot &To, std::string &Through) const;
  bool isLedTo(uint64_t Target, uint64_t Named) const;
  void judgeTransfer(const CodeReference &C);
  void judgeRelocation(const ImageRelocation &R);
  void judgeOperand(const CodeReference &C);
  void countUnproven();
  void findNotRead();
  void addUnownedNotRead(uint32_t Section,
                         std::map<uint64_t, UnknownReads> &Found) const;

  bool isAllowed(std::vector<Pattern> Closure::*List, const Spot &S) const;
  const ImageRelocation *relocationOf(const CodeReference &C) const;
  const CodeReference *instructionAt(uint64_t Address) const;
  void add(ImageEscape::Kind What, uint64_t Address, const Spot &To,
           std::string Through = "");

  const ElfFile &Image;
  const ImageDecoder &Decoder;
  std::vector<const Rule *> Rules;
  GroupAddresses Group;
  /// Decoded, by address: where the first begins that is behind another, and
  /// its end.
  std::map<uint64_t, uint64_t> Decoded;
  std::vector<std::pair<uint32_t, uint64_t>> Wanted; ///< Section, address.
  std::map<uint64_t, CodeReference> Instructions;
  std::multimap<uint64_t, ImageRelocation> Relocations; ///< By address.
  /// Where the image has none of its own, what the objects have.
  std::optional<ObjectRelocations> ByObjects;
  DenseSet<uint64_t> Explained; ///< Relocations that a transfer answers to.
  DenseSet<uint64_t> Veneers;   ///< Reported where they are called from.
  /// What a function, by its definition, has been found to refer to.
  std::set<std::pair<uint32_t, uint64_t>> Known;
  GroupProof Result;
};
} // namespace

GroupProver::GroupProver(const ElfFile &Image, const ImageDecoder &Decoder,
                         std::vector<const Rule *> Rules,
                         ArrayRef<const ExpectedFunction *> Placed,
                         const ObjectFiles &Objects)
    : Image(Image), Decoder(Decoder), Rules(std::move(Rules)),
      Group(Image, Decoder, Placed) {
  bool HasNoReport = any_of(
      Placed, [](const ExpectedFunction *F) { return F->Module.empty(); });
  Result.MayBeInlined = any_of(this->Rules, [&](const Rule *R) {
    return R->Inline == InlineLine::Free || R->Inline == InlineLine::NeverIn ||
           (R->InlineIsImplied && (R->Grow || HasNoReport));
  });
  Result.LiesAnywhere =
      any_of(this->Rules, [](const Rule *R) { return R->Region.empty(); });
  Result.IsReportOnly = all_of(
      this->Rules, [](const Rule *R) { return R->Closed->IsReportOnly; });
  for (const Rule *R : this->Rules)
    Result.Rules.push_back(R->Name);
  Result.Functions = Group.functions();
  Result.Sections = Group.sectionNames();
  Result.AreReadsKnown = readRelocations();
  if (!Result.AreReadsKnown)
    takeRelocations(Objects);
}

bool GroupProver::isAllowed(std::vector<Pattern> Closure::*List,
                            const Spot &S) const {
  auto Matches = [&](StringRef Name) {
    return any_of(Rules, [&](const Rule *R) {
      return any_of((*R->Closed).*List, [&](const Pattern &Glob) {
        return Glob.Compiled.match(Name);
      });
    });
  };
  auto MatchesAny = [&](StringRef Name) {
    return holdsForAnySpelling(Name, Matches);
  };
  if (S.Section == NoIndex || !S.Name.empty())
    return !S.Name.empty() && MatchesAny(S.Name);
  SmallVector<uint32_t, 4> Owners;
  Image.ownersOf(S.Section, S.Address, Owners);
  if (Group.coveringOwner(S.Section, S.Address) == NoIndex)
    return Matches(""); // What has no symbol, `*` admits.
  return any_of(Owners, [&](uint32_t O) {
    return MatchesAny(Image.definitions()[O].Name);
  });
}

/// One line for what a function refers to, in however many instructions: an
/// address is formed by two on most machines.
void GroupProver::add(ImageEscape::Kind What, uint64_t Address, const Spot &To,
                      std::string Through) {
  if ((What == ImageEscape::Kind::Read || What == ImageEscape::Kind::Address) &&
      !Known.insert({Group.spotAt(Address).Owner, To.Address}).second)
    return;
  Result.Escapes.push_back(
      {What, Address, nameOfAddress(Image, Address), Group.describe(To),
       To.Section == NoIndex ? "" : Image.sections()[To.Section].Name.str(),
       std::move(Through)});
}

/// Reads those that the image has kept. Returns false where it has none.
bool GroupProver::readRelocations() {
  bool HasAny = false;
  for (uint32_t S = 0; S < Image.sections().size(); ++S) {
    bool IsOurs = Group.hasMember(S);
    bool IsCode = Image.sections()[S].isCode();
    Error E = Image.forEachRelocation(S, [&](const ElfRelocation &R) {
      HasAny |= IsCode;
      if (IsOurs && R.Symbol < Image.symbols().size() &&
          Group.contains(S, R.Address))
        Relocations.emplace(
            R.Address, ImageRelocation{R.Type, S, R.Address, R.Addend, R.Reach,
                                       Image.symbols()[R.Symbol]});
      return Error::success();
    });
    if (E) {
      consumeError(std::move(E));
      Relocations.clear();
      return false;
    }
  }
  return HasAny;
}

/// Takes those of the objects for its own.
void GroupProver::takeRelocations(const ObjectFiles &Objects) {
  for (size_t I = 0; I < Objects.Objects.size(); ++I) {
    if (Objects.IsImage[I])
      continue;
    if (!ByObjects)
      ByObjects.emplace(Image, Group);
    ByObjects->add(Objects.Objects[I].File);
  }
  if (!ByObjects)
    return;
  ByObjects->finish();
  Result.AreReadsKnown = Result.IsByObjects = true;
  for (const ImageRelocation &R : ByObjects->relocations())
    if (Group.contains(R.Section, R.Address))
      Relocations.emplace(R.Address, R);
}

/// Remembers to decode the code of the group at \p Address.
void GroupProver::want(uint64_t Address) {
  Address = withoutMode(Image, Address);
  uint32_t Section = Image.sectionAt(Address);
  if (Section != NoIndex && Image.sections()[Section].isCode() &&
      Group.contains(Section, Address))
    Wanted.emplace_back(Section, Address);
}

/// Decodes up to \p End, or where it is not whole, up to where control does not
/// go on.
void GroupProver::decode(uint32_t Section, uint64_t Begin, uint64_t End,
                         bool IsWhole) {
  auto Next = Decoded.upper_bound(Begin);
  if (Next != Decoded.begin() && std::prev(Next)->second > Begin)
    return;
  if (Next != Decoded.end())
    End = std::min(End, Next->first);
  uint64_t Last = Begin;
  Decoder.forEachInstruction(
      Section, Begin, End,
      [&](const CodeReference &C) {
        Last = C.Address + C.Size;
        Instructions.emplace(C.Address, C);
        if (C.transfersControl() && C.Target)
          want(*C.Target);
        return IsWhole || C.Flow == ControlFlow::None ||
               C.Flow == ControlFlow::Branch || C.Flow == ControlFlow::Call;
      },
      [&](uint64_t, unsigned Size) { Result.BytesNotDecoded += Size; });
  Decoded[Begin] = IsWhole ? End : std::max(Last, Begin + 1);
}

void GroupProver::decodeAll() {
  auto Each = [&](function_ref<void(const ElfSymbol &)> Visit) {
    for (uint32_t I = 0; I < Image.definitions().size(); ++I) {
      const ElfSymbol &S = Image.definitions()[I];
      bool IsOurs =
          Group.hasDefinition(I) || (Group.isOwn(S.Section) && S.IsFunction);
      if (IsOurs && Image.sections()[S.Section].isCode() &&
          S.Type != ELF::STT_OBJECT)
        Visit(S);
    }
  };
  Each([&](const ElfSymbol &S) {
    if (S.Size)
      decode(S.Section, S.Address, S.Address + S.Size, /*IsWhole=*/true);
  });
  Each([&](const ElfSymbol &S) { want(S.Address); });
  // Code whose address is in the group's tables: handlers, callbacks.
  for (const auto &[Place, R] : Relocations)
    if (R.Target.IsFunction)
      want(R.Target.Address);
  while (!Wanted.empty()) {
    auto [Section, Address] = Wanted.back();
    Wanted.pop_back();
    const ElfSection &S = Image.sections()[Section];
    uint32_t Owner = Image.ownerOf(Section, Address);
    const ElfSymbol *Function =
        Owner == NoIndex ? nullptr : &Image.definitions()[Owner];
    // Whatever the symbols say: control goes there.
    uint64_t End = S.Address + S.Size;
    if (Function && Function->Size &&
        Address - Function->Address < Function->Size)
      End = Function->Address + Function->Size;
    decode(Section, Address, End, /*IsWhole=*/false);
  }
}

/// The relocation that the linker resolved for the transfer \p C.
const ImageRelocation *GroupProver::relocationOf(const CodeReference &C) const {
  // auipc has that of auipc and jalr.
  uint64_t Begin = C.Address - (C.IsDirect ? 0 : 4);
  for (auto I = Relocations.lower_bound(Begin);
       I != Relocations.end() && I->first < C.Address + C.Size; ++I) {
    const ImageRelocation &R = I->second;
    if (I->first >= C.Address || (R.Reach && R.Reach->IsCall))
      return &R;
  }
  return nullptr;
}

const CodeReference *GroupProver::instructionAt(uint64_t Address) const {
  auto Next = Instructions.upper_bound(Address);
  if (Next == Instructions.begin())
    return nullptr;
  const CodeReference &C = std::prev(Next)->second;
  return Address - C.Address < C.Size ? &C : nullptr;
}

/// Where no relocation says where a branch to \p To goes in the end: to the
/// symbol of a PLT entry, or on through a veneer. A function that does nothing
/// but jump is no veneer.
void GroupProver::followOn(Spot &To, std::string &Through) const {
  Trail Way = Decoder.follow(To.Address);
  // A veneer's literal is an entry of no table.
  if (Way.Slot)
    To.Name = Image.symbolOfSlot(*Way.Slot);
  if (!To.Name.empty())
    return;
  bool IsThunk =
      To.Owner == NoIndex || isNamedAsThunk(Image.definitions()[To.Owner].Name);
  if (!Way.End || !IsThunk)
    return;
  Through = nameOfAddress(Image, To.Address);
  To = Group.spotAt(withoutMode(Image, *Way.End));
}

/// Does control that goes to \p Target arrive at \p Named, over a veneer
/// perhaps?
bool GroupProver::isLedTo(uint64_t Target, uint64_t Named) const {
  if (Target == Named)
    return true;
  Trail Way = Decoder.follow(Target);
  return Way.End && withoutMode(Image, *Way.End) == Named;
}

void GroupProver::judgeTransfer(const CodeReference &C) {
  if (!C.Target)
    return;
  uint64_t Target = withoutMode(Image, *C.Target);
  Spot To = Group.spotAt(Target);
  uint32_t Section = Image.sectionAt(C.Address);
  if (To.Owner == NoIndex ||
      To.Owner != Group.coveringOwner(Section, C.Address))
    ++Result.Transfers;
  const ImageRelocation *R = relocationOf(C);
  std::string Through;
  Spot Final = To;
  if (R) {
    const ElfSymbol &S = R->Target;
    bool IsAboutIt = C.IsDirect || (R->Reach && R->Reach->IsCall);
    if (IsAboutIt)
      Explained.insert(R->Address);
    // Arm's addend was in the place, where the distance is now; x86 counts from
    // the end of the instruction.
    uint64_t Named = withoutMode(Image, S.Address);
    if (Image.machine() == ELF::EM_386 || Image.machine() == ELF::EM_X86_64)
      Named += R->Addend + (C.Address + C.Size - R->Address);
    else if (Image.machine() != ELF::EM_ARM)
      Named += R->Addend;
    // Of an object, the name alone does not say that it goes there.
    if (IsAboutIt && S.Home == ElfHome::Absolute &&
        (!ByObjects || isLedTo(Target, Named)))
      Final.Name = To.Name = S.Name;
    if (IsAboutIt && S.Home == ElfHome::Section && S.Type != ELF::STT_SECTION &&
        Named != Target) {
      Trail Way = Decoder.follow(Target);
      if (Way.End && withoutMode(Image, *Way.End) == Named) {
        Through = nameOfAddress(Image, Target);
        Final = Group.spotAt(Named);
        if (To.What == Spot::Kind::Inside)
          Veneers.insert(Target);
      } else if (!ByObjects && S.IsFunction && R->Reach && R->Reach->IsCall) {
        add(ImageEscape::Kind::Unexplained, C.Address, Group.spotAt(Named),
            nameOfAddress(Image, Target));
        return;
      }
    }
  } else if (!To.isOutside() || Veneers.contains(C.Address)) {
    return;
  }
  if (Through.empty() && To.isOutside())
    followOn(Final, Through);
  bool IsOut = To.isOutside() || Final.isOutside();
  if (!IsOut && To.What == Spot::Kind::Inside)
    return;
  // Nothing is there, or data.
  if (!IsOut && To.What == Spot::Kind::Nowhere && !Target)
    return; // An undefined weak function.
  if (isAllowed(&Closure::Functions, Final))
    ++Result.AllowedTransfers;
  else if (!C.IsDirect &&
           isAllowed(&Closure::Indirect, Group.spotAt(C.Address)))
    ++Result.AllowedJumps;
  else
    add(ImageEscape::Kind::Transfer, C.Address, Final, std::move(Through));
}

void GroupProver::judgeRelocation(const ImageRelocation &R) {
  const CodeReference *At = instructionAt(R.Address);
  bool IsTransfer = At && At->transfersControl() && At->Target;
  if (Explained.contains(R.Address) || (IsTransfer && At->IsDirect))
    return;
  // A word: whose?
  uint32_t Owner = Group.coveringOwner(R.Section, R.Address);
  const ElfSymbol *Home =
      Owner == NoIndex ? nullptr : &Image.definitions()[Owner];
  bool IsOfCode = At || (Home && Home->IsFunction);
  if (!IsOfCode && Home && Home->Type == ELF::STT_OBJECT &&
      !Group.isMember(R.Section, R.Address) &&
      Image.sections()[R.Section].Flags & ELF::SHF_WRITE)
    return; // A variable beside the group.
  Spot To = Group.spotOf(R, At);
  if (To.What == Spot::Kind::Nowhere)
    return;
  ++Result.Reads;
  if (!To.isOutside())
    return;
  bool IsCode = To.What == Spot::Kind::Code;
  if (isAllowed(IsCode ? &Closure::Functions : &Closure::Data, To)) {
    ++(IsCode ? Result.AllowedTransfers : Result.AllowedReads);
    return;
  }
  add(!IsOfCode ? ImageEscape::Kind::Pointer
      : IsCode  ? ImageEscape::Kind::Address
                : ImageEscape::Kind::Read,
      R.Address, To);
}

/// An address outside that an instruction has encoded, without a relocation:
/// the linker did not put it there, so it is the code's own doing.
void GroupProver::judgeOperand(const CodeReference &C) {
  if (C.transfersControl() || !C.Target || C.IsPage ||
      !(C.IsDirect || C.Read == MemoryRead::Known))
    return;
  auto Place = Relocations.lower_bound(C.Address);
  if (Place != Relocations.end() && Place->first < C.Address + C.Size)
    return;
  if (ByObjects &&
      ByObjects->faultOf(C.Address, C.Address + C.Size) != ReadsFault::None)
    return; // Of what no object has, nothing is said.
  Spot To = Group.spotAt(*C.Target);
  if (To.isOutside() && !isAllowed(&Closure::Data, To))
    add(ImageEscape::Kind::Read, C.Address, To);
}

void GroupProver::countUnproven() {
  std::map<uint32_t, UnprovenCode> ByFunction;
  for (const auto &[Address, C] : Instructions) {
    bool IsJump =
        C.transfersControl() && !C.Target && C.Flow != ControlFlow::Return;
    bool IsLoad = !C.transfersControl() && C.Read == MemoryRead::NotKnown;
    if (!IsJump && !IsLoad)
      continue;
    Spot From = Group.spotAt(Address);
    if (IsJump && isAllowed(&Closure::Indirect, From)) {
      ++Result.AllowedJumps;
      continue;
    }
    UnprovenCode &U = ByFunction[From.Owner];
    if (U.Function.empty())
      U.Function = From.Owner == NoIndex
                       ? nameOfAddress(Image, Address)
                       : Image.definitions()[From.Owner].Name.str();
    U.Jumps += IsJump;
    U.Loads += IsLoad;
    Result.UnprovenJumps += IsJump;
    Result.UnprovenLoads += IsLoad;
  }
  for (auto &Function : ByFunction)
    Result.Unproven.push_back(std::move(Function.second));
}

/// A gap that the linker filled: one word, again and again.
static bool isFill(ArrayRef<uint8_t> Bytes) {
  for (size_t I = 0; I < Bytes.size(); ++I)
    if (Bytes[I] != Bytes[I % 4])
      return false;
  return true;
}

/// What stands in \p Section, of the group alone, without a symbol, and in no
/// object.
void GroupProver::addUnownedNotRead(
    uint32_t Section, std::map<uint64_t, UnknownReads> &Found) const {
  const ElfSection &S = Image.sections()[Section];
  ArrayRef<uint8_t> Bytes;
  if (Expected<ArrayRef<uint8_t>> Read = Image.contents(Section))
    Bytes = *Read;
  else
    consumeError(Read.takeError());
  uint64_t End = S.Address + Bytes.size();
  uint64_t GapBegin = S.Address;
  auto Close = [&](uint64_t At) {
    if (At > GapBegin &&
        !isFill(Bytes.slice(GapBegin - S.Address, At - GapBegin)))
      Found.emplace(GapBegin, UnknownReads{nameOfAddress(Image, GapBegin),
                                           ByObjects->faultOf(GapBegin, At)});
  };
  for (uint64_t At = S.Address; At < End;) {
    uint64_t Next = ByObjects->endOfMatch(At);
    auto Code = Decoded.upper_bound(At);
    if (Code != Decoded.begin())
      Next = std::max(Next, std::prev(Code)->second);
    if (uint32_t Owner = Group.coveringOwner(Section, At); Owner != NoIndex) {
      const ElfSymbol &Of = Image.definitions()[Owner];
      Next = std::max(Next, Of.Address + std::max<uint64_t>(Of.Size, 1));
    }
    if (Next <= At) {
      ++At;
      continue;
    }
    Close(At);
    GapBegin = At = std::min(Next, End);
  }
  Close(End);
}

/// Finds what the objects do not say the references of.
void GroupProver::findNotRead() {
  std::map<uint64_t, UnknownReads> Found; // By the address of its start.
  auto Look = [&](uint32_t Section, uint64_t Begin, uint64_t End) {
    ReadsFault Why = ByObjects->faultOf(Begin, End);
    if (Why == ReadsFault::None)
      return;
    uint32_t Owner = Group.coveringOwner(Section, Begin);
    if (Owner == NoIndex) {
      Found.try_emplace(Begin, UnknownReads{nameOfAddress(Image, Begin), Why});
      return;
    }
    const ElfSymbol &S = Image.definitions()[Owner];
    if (!isNamedAsThunk(S.Name))
      Found.try_emplace(S.Address, UnknownReads{S.Name.str(), Why});
  };
  for (const auto &[Address, C] : Instructions)
    if (!Veneers.contains(Address))
      Look(Image.sectionAt(Address), Address, Address + C.Size);
  for (uint32_t I = 0; I < Image.definitions().size(); ++I) {
    const ElfSymbol &S = Image.definitions()[I];
    const ElfSection &Home = Image.sections()[S.Section];
    bool IsOurs = Group.hasDefinition(I) ||
                  (Group.isOwn(S.Section) && !(Home.Flags & ELF::SHF_WRITE));
    bool IsData = S.Type == ELF::STT_OBJECT || !Home.isCode();
    if (IsOurs && IsData && S.Size && Home.Type != ELF::SHT_NOBITS)
      Look(S.Section, S.Address, S.Address + S.Size);
  }
  for (uint32_t S = 0; S < Image.sections().size(); ++S)
    if (Group.isOwn(S) && Image.sections()[S].Type != ELF::SHT_NOBITS)
      addUnownedNotRead(S, Found);
  for (auto &Each : Found)
    Result.NotRead.push_back(std::move(Each.second));
}

GroupProof GroupProver::run() {
  decodeAll();
  Result.Instructions = Instructions.size();
  for (const auto &[Address, C] : Instructions) // Calls, with relocations.
    if (C.transfersControl() && relocationOf(C))
      judgeTransfer(C);
  // A veneer that a call was followed through is reported there.
  DenseSet<uint64_t> OfVeneers;
  for (uint64_t Start : Veneers)
    for (auto I = Instructions.find(Start); I != Instructions.end(); ++I) {
      OfVeneers.insert(I->first);
      if (I->second.transfersControl())
        break;
    }
  Veneers.insert(OfVeneers.begin(), OfVeneers.end());
  for (const auto &[Address, C] : Instructions)
    if (C.transfersControl() && !relocationOf(C))
      judgeTransfer(C);
  if (Result.AreReadsKnown) {
    for (const auto &[Address, R] : Relocations)
      judgeRelocation(R);
    for (const auto &[Address, C] : Instructions)
      if (!Veneers.contains(Address))
        judgeOperand(C);
  }
  if (ByObjects)
    findNotRead();
  countUnproven();
  llvm::sort(Result.Escapes, [](const ImageEscape &A, const ImageEscape &B) {
    return std::tie(A.Address, A.What, A.To, A.Through) <
           std::tie(B.Address, B.What, B.To, B.Through);
  });
  return std::move(Result);
}

std::vector<GroupProof>
proveClosed(const ElfFile &Image, const ImageDecoder &Decoder, const Policy &P,
            ArrayRef<ExpectedFunction> Expected, const ObjectFiles &Objects) {
  // As in the plan: rules of one section are one group.
  std::vector<std::pair<StringRef, std::vector<uint32_t>>> Groups;
  for (uint32_t R = 0; R < P.Rules.size(); ++R) {
    if (!P.Rules[R].Closed)
      continue;
    StringRef Section = P.Rules[R].target().text();
    auto Known =
        find_if(Groups, [&](const auto &G) { return G.first == Section; });
    if (Known == Groups.end())
      Groups.push_back({Section, {R}});
    else
      Known->second.push_back(R);
  }
  std::vector<GroupProof> Proofs;
  for (const auto &Group : Groups) {
    std::vector<const Rule *> Rules;
    for (uint32_t R : Group.second)
      Rules.push_back(&P.Rules[R]);
    std::vector<const ExpectedFunction *> Members;
    for (const ExpectedFunction &F : Expected)
      if (is_contained(Group.second, F.Rule))
        Members.push_back(&F);
    Proofs.push_back(
        GroupProver(Image, Decoder, std::move(Rules), Members, Objects).run());
  }
  return Proofs;
}

} // namespace section_placement
