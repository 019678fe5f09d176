//===- Proof.cpp - Does a closed group keep to itself? --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Proof.h"
#include "Grouping.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Verify/Measure.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/DataExtractor.h"
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
/// What an address of the image is, for a group.
struct Spot {
  enum class Kind : uint8_t {
    Nowhere,  ///< No section is there: a device, or an undefined weak symbol.
    Inside,   ///< Of the group.
    Variable, ///< In memory that the program writes.
    Code,
    Constant,
  };
  Kind What = Kind::Nowhere;
  uint32_t Section = NoIndex;
  uint64_t Address = 0;
  uint32_t Owner = NoIndex; ///< The definition that covers it.
  StringRef Name;           ///< Of an absolute symbol.

  bool isOutside() const {
    return What == Kind::Code || What == Kind::Constant;
  }
};

class GroupProver {
public:
  GroupProver(const ElfFile &Image, const ImageDecoder &Decoder,
              std::vector<const Rule *> Rules,
              ArrayRef<const ExpectedFunction *> Members);
  GroupProof run();

private:
  void findSections(ArrayRef<const ExpectedFunction *> Members);
  void readRelocations();
  void decodeAll();
  void decode(uint32_t Section, uint64_t Begin, uint64_t End, bool IsWhole);
  void want(uint64_t Address);
  void judgeTransfer(const CodeReference &C);
  void judgeRelocation(const ElfRelocation &R);
  void judgeOperand(const CodeReference &C);
  void countUnproven();

  Spot spotAt(uint64_t Address) const;
  Spot spotOf(const ElfRelocation &R, const CodeReference *At) const;
  uint32_t coveringOwner(uint32_t Section, uint64_t Address) const;
  bool isMember(uint32_t Section, uint64_t Address) const;
  bool isOwn(uint32_t Section) const { return OwnSections.count(Section); }
  bool isAllowed(std::vector<Pattern> Closure::*List, const Spot &S) const;
  const ElfRelocation *relocationOf(const CodeReference &C) const;
  const CodeReference *instructionAt(uint64_t Address) const;
  std::string describe(const Spot &S) const;
  void add(ImageEscape::Kind What, uint64_t Address, const Spot &To,
           std::string Through = "");

  const ElfFile &Image;
  const ImageDecoder &Decoder;
  std::vector<const Rule *> Rules;
  std::set<uint32_t> OwnSections, Homes; ///< Homes: that a member is in.
  DenseSet<uint32_t> Members;            ///< Definitions.
  /// Decoded, by address: where the first begins that is behind another, and
  /// its end.
  std::map<uint64_t, uint64_t> Decoded;
  std::vector<std::pair<uint32_t, uint64_t>> Wanted; ///< Section, address.
  std::map<uint64_t, CodeReference> Instructions;
  std::multimap<uint64_t, ElfRelocation> Relocations; ///< By address.
  DenseSet<uint64_t> Explained; ///< Relocations that a transfer answers to.
  DenseSet<uint64_t> Veneers;   ///< Reported where they are called from.
  /// What a function, by its definition, has been found to refer to.
  std::set<std::pair<uint32_t, uint64_t>> Known;
  GroupProof Result;
};
} // namespace

/// The word of 32 bits at \p Address of \p Section, 0 where it has none.
static uint32_t wordAt(const ElfFile &Image, uint32_t Section,
                       uint64_t Address) {
  Expected<ArrayRef<uint8_t>> Bytes = Image.contents(Section);
  if (!Bytes) {
    consumeError(Bytes.takeError());
    return 0;
  }
  uint64_t Offset = Address - Image.sections()[Section].Address;
  return DataExtractor(toStringRef(*Bytes), !Image.isBigEndian(), 4)
      .getU32(&Offset);
}

/// Thumb addresses have a bit that says so.
static uint64_t withoutMode(const ElfFile &Image, uint64_t Address) {
  return Image.machine() == ELF::EM_ARM ? Address & ~uint64_t(1) : Address;
}

GroupProver::GroupProver(const ElfFile &Image, const ImageDecoder &Decoder,
                         std::vector<const Rule *> Rules,
                         ArrayRef<const ExpectedFunction *> Placed)
    : Image(Image), Decoder(Decoder), Rules(std::move(Rules)) {
  Result.IsReportOnly = all_of(
      this->Rules, [](const Rule *R) { return R->Closed->IsReportOnly; });
  for (const Rule *R : this->Rules)
    Result.Rules.push_back(R->Name);
  findSections(Placed);
}

void GroupProver::findSections(ArrayRef<const ExpectedFunction *> Placed) {
  for (const ExpectedFunction *F : Placed)
    if (!F->IsGrownByCall)
      Members.insert(F->ImageSymbols.begin(), F->ImageSymbols.end());
  uint64_t Entry = withoutMode(Image, Image.entry());
  for (uint32_t M : Members) {
    const ElfSymbol &S = Image.definitions()[M];
    Homes.insert(S.Section);
    Result.Functions +=
        Image.sections()[S.Section].isCode() && S.Type != ELF::STT_OBJECT;
    const ElfSection &Home = Image.sections()[S.Section];
    bool HasEntry = Entry >= Home.Address && Entry - Home.Address < Home.Size &&
                    !isMember(S.Section, Entry);
    // What may be written is in RAM as a whole, whatever it is called.
    if (!HasEntry &&
        (!isFilledUnasked(Home.Name) || Home.Flags & ELF::SHF_WRITE))
      OwnSections.insert(S.Section);
  }
  for (uint32_t S : OwnSections)
    Result.Sections.push_back(Image.sections()[S].Name.str());
  // What the rules grow to belongs to the group where it stands in it.
  for (const ExpectedFunction *F : Placed)
    for (uint32_t I : F->ImageSymbols)
      if (F->IsGrownByCall && Homes.count(Image.definitions()[I].Section))
        Members.insert(I);
}

/// The definition whose extent covers the place; one without a size covers
/// what is up to the next.
uint32_t GroupProver::coveringOwner(uint32_t Section, uint64_t Address) const {
  uint32_t Owner = Image.ownerOf(Section, Address);
  if (Owner == NoIndex)
    return NoIndex;
  const ElfSymbol &S = Image.definitions()[Owner];
  return S.Size && Address - S.Address >= S.Size ? NoIndex : Owner;
}

bool GroupProver::isMember(uint32_t Section, uint64_t Address) const {
  SmallVector<uint32_t, 4> Owners; // Two names may be of one function.
  Image.ownersOf(Section, Address, Owners);
  return any_of(Owners, [&](uint32_t O) {
    const ElfSymbol &S = Image.definitions()[O];
    return Members.contains(O) && (!S.Size || Address - S.Address < S.Size);
  });
}

Spot GroupProver::spotAt(uint64_t Address) const {
  Spot S;
  S.Address = Address;
  S.Section = Image.sectionAt(Address);
  if (S.Section == NoIndex)
    return S;
  const ElfSection &Home = Image.sections()[S.Section];
  S.Owner = coveringOwner(S.Section, Address);
  bool IsCode = S.Owner != NoIndex && Home.isCode() &&
                Image.definitions()[S.Owner].Type != ELF::STT_OBJECT &&
                Decoder.at(S.Section, Address).IsKnown;
  if (isOwn(S.Section) || isMember(S.Section, Address))
    S.What = Spot::Kind::Inside;
  else if (IsCode)
    S.What = Spot::Kind::Code;
  else
    S.What = Home.Flags & ELF::SHF_WRITE ? Spot::Kind::Variable
                                         : Spot::Kind::Constant;
  return S;
}

/// Where \p R refers to; \p At is the instruction that it is in, null for a
/// word of data.
Spot GroupProver::spotOf(const ElfRelocation &R,
                         const CodeReference *At) const {
  const ElfSymbol &S = Image.symbols()[R.Symbol];
  if (S.isUndefined() || S.Type == ELF::STT_TLS)
    return {};
  bool HasName = S.Type != ELF::STT_SECTION && !S.Name.empty();
  uint64_t Address = S.Address;
  // The linked bytes say it exactly; a symbol with a name says whose it is.
  if (!HasName || S.Home != ElfHome::Section) {
    Address += R.Addend;
    // x86 has instructions with an address in memory and a number, both
    // relocated; the number is as the relocation says.
    bool IsNumber = Image.machine() == ELF::EM_X86_64 &&
                    (R.Type == ELF::R_X86_64_32 ||
                     R.Type == ELF::R_X86_64_32S || R.Type == ELF::R_X86_64_64);
    if (At && At->Target && !At->transfersControl() && !At->IsPage && !IsNumber)
      Address = *At->Target;
    else if (!At && Image.machine() == ELF::EM_ARM)
      Address = wordAt(Image, R.Section, R.Address);
  }
  Spot To = spotAt(HasName ? Address : withoutMode(Image, Address));
  // The end of a section, which a script names, is in none or in the next.
  if (S.Home == ElfHome::Section && HasName && isOwn(S.Section))
    To.What = Spot::Kind::Inside;
  return To;
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
  if (S.Section == NoIndex || !S.Name.empty())
    return !S.Name.empty() && Matches(S.Name);
  SmallVector<uint32_t, 4> Owners;
  Image.ownersOf(S.Section, S.Address, Owners);
  if (coveringOwner(S.Section, S.Address) == NoIndex)
    return Matches(""); // What has no symbol, `*` admits.
  return any_of(Owners, [&](uint32_t O) {
    StringRef Name = Image.definitions()[O].Name;
    return Matches(Name) || Matches(canonicalName(Name, /*Merged=*/false)) ||
           Matches(demangle(Name.str()));
  });
}

/// Text, where the bytes at \p Address are text up to a null byte.
static std::string textAt(const ElfFile &Image, uint32_t Section,
                          uint64_t Address) {
  auto Bytes = Image.contents(Section);
  if (!Bytes) {
    consumeError(Bytes.takeError());
    return "";
  }
  static constexpr size_t MaxShown = 32;
  std::string Text;
  for (uint8_t C : Bytes->drop_front(std::min<uint64_t>(
           Address - Image.sections()[Section].Address, Bytes->size()))) {
    if (!C)
      return Text.size() < 2 ? "" : "\"" + Text + "\"";
    if (!isPrint(C) && C != '\n' && C != '\r' && C != '\t')
      return "";
    if (Text.size() == MaxShown)
      return "\"" + Text + "...\"";
    Text += isPrint(C) ? char(C) : ' ';
  }
  return "";
}

std::string GroupProver::describe(const Spot &S) const {
  if (S.What == Spot::Kind::Constant && S.Owner == NoIndex) {
    std::string Text = textAt(Image, S.Section, S.Address);
    if (!Text.empty())
      return Text;
  }
  return S.Name.empty() ? nameOfAddress(Image, S.Address) : S.Name.str();
}

/// One line for what a function refers to, in however many instructions: an
/// address is formed by two on most machines.
void GroupProver::add(ImageEscape::Kind What, uint64_t Address, const Spot &To,
                      std::string Through) {
  if ((What == ImageEscape::Kind::Read || What == ImageEscape::Kind::Address) &&
      !Known.insert({spotAt(Address).Owner, To.Address}).second)
    return;
  Result.Escapes.push_back(
      {What, Address, nameOfAddress(Image, Address), describe(To),
       To.Section == NoIndex ? "" : Image.sections()[To.Section].Name.str(),
       std::move(Through)});
}

void GroupProver::readRelocations() {
  for (uint32_t S = 0; S < Image.sections().size(); ++S) {
    bool IsOurs = Homes.count(S);
    bool IsCode = Image.sections()[S].isCode();
    Error E = Image.forEachRelocation(S, [&](const ElfRelocation &R) {
      Result.AreReadsKnown |= IsCode;
      if (IsOurs && R.Symbol && R.Symbol < Image.symbols().size() &&
          (isOwn(S) || isMember(S, R.Address)))
        Relocations.emplace(R.Address, R);
      return Error::success();
    });
    if (E) {
      consumeError(std::move(E));
      Result.AreReadsKnown = false;
      return;
    }
  }
}

/// Remembers to decode the code of the group at \p Address.
void GroupProver::want(uint64_t Address) {
  Address = withoutMode(Image, Address);
  uint32_t Section = Image.sectionAt(Address);
  if (Section != NoIndex && Image.sections()[Section].isCode() &&
      (isOwn(Section) || isMember(Section, Address)))
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
      bool IsOurs = Members.contains(I) || (isOwn(S.Section) && S.IsFunction);
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
    if (const ElfSymbol &S = Image.symbols()[R.Symbol]; S.IsFunction)
      want(S.Address);
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
const ElfRelocation *GroupProver::relocationOf(const CodeReference &C) const {
  // auipc has that of auipc and jalr.
  uint64_t Begin = C.Address - (C.IsDirect ? 0 : 4);
  for (auto I = Relocations.lower_bound(Begin);
       I != Relocations.end() && I->first < C.Address + C.Size; ++I) {
    const ElfRelocation &R = I->second;
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

void GroupProver::judgeTransfer(const CodeReference &C) {
  if (!C.Target)
    return;
  uint64_t Target = withoutMode(Image, *C.Target);
  Spot To = spotAt(Target);
  uint32_t Section = Image.sectionAt(C.Address);
  if (To.Owner == NoIndex || To.Owner != coveringOwner(Section, C.Address))
    ++Result.Transfers;
  const ElfRelocation *R = relocationOf(C);
  std::string Through;
  Spot Final = To;
  if (R) {
    const ElfSymbol &S = Image.symbols()[R->Symbol];
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
    if (IsAboutIt && S.Home == ElfHome::Absolute)
      Final.Name = To.Name = S.Name;
    if (IsAboutIt && S.Home == ElfHome::Section && S.Type != ELF::STT_SECTION &&
        Named != Target) {
      Trail Way = Decoder.follow(Target);
      if (Way.End && withoutMode(Image, *Way.End) == Named) {
        Through = nameOfAddress(Image, Target);
        Final = spotAt(Named);
        if (To.What == Spot::Kind::Inside)
          Veneers.insert(Target);
      } else if (S.IsFunction && R->Reach && R->Reach->IsCall) {
        add(ImageEscape::Kind::Unexplained, C.Address, spotAt(Named),
            nameOfAddress(Image, Target));
        return;
      }
    }
  } else if (!To.isOutside() || Veneers.contains(C.Address)) {
    return;
  }
  bool IsOut = To.isOutside() || Final.isOutside();
  if (!IsOut && To.What == Spot::Kind::Inside)
    return;
  // Nothing is there, or data.
  if (!IsOut && To.What == Spot::Kind::Nowhere && !Target)
    return; // An undefined weak function.
  if (isAllowed(&Closure::Functions, Final))
    ++Result.AllowedTransfers;
  else if (!C.IsDirect && isAllowed(&Closure::Indirect, spotAt(C.Address)))
    ++Result.AllowedJumps;
  else
    add(ImageEscape::Kind::Transfer, C.Address, Final, std::move(Through));
}

void GroupProver::judgeRelocation(const ElfRelocation &R) {
  const CodeReference *At = instructionAt(R.Address);
  bool IsTransfer = At && At->transfersControl() && At->Target;
  if (Explained.contains(R.Address) || (IsTransfer && At->IsDirect))
    return;
  // A word: whose?
  uint32_t Owner = coveringOwner(R.Section, R.Address);
  const ElfSymbol *Home =
      Owner == NoIndex ? nullptr : &Image.definitions()[Owner];
  bool IsOfCode = At || (Home && Home->IsFunction);
  if (!IsOfCode && Home && Home->Type == ELF::STT_OBJECT &&
      !isMember(R.Section, R.Address) &&
      Image.sections()[R.Section].Flags & ELF::SHF_WRITE)
    return; // A variable beside the group.
  Spot To = spotOf(R, At);
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
  Spot To = spotAt(*C.Target);
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
    Spot From = spotAt(Address);
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

GroupProof GroupProver::run() {
  readRelocations();
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
  countUnproven();
  llvm::sort(Result.Escapes, [](const ImageEscape &A, const ImageEscape &B) {
    return std::tie(A.Address, A.What, A.To, A.Through) <
           std::tie(B.Address, B.What, B.To, B.Through);
  });
  return std::move(Result);
}

std::vector<GroupProof> proveClosed(const ElfFile &Image,
                                    const ImageDecoder &Decoder,
                                    const Policy &P,
                                    ArrayRef<ExpectedFunction> Expected) {
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
        GroupProver(Image, Decoder, std::move(Rules), Members).run());
  }
  return Proofs;
}

} // namespace section_placement
