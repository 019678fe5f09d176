//===- GroupAddresses.cpp - What is of a closed group ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GroupAddresses.h"
#include "Grouping.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;

namespace section_placement {

uint64_t withoutMode(const ElfFile &Image, uint64_t Address) {
  return Image.machine() == ELF::EM_ARM ? Address & ~uint64_t(1) : Address;
}

/// The word of 32 bits at \p Address of \p Section, 0 where it has none.
static uint32_t wordAt(const ElfFile &Image, uint32_t Section,
                       uint64_t Address) {
  Expected<ArrayRef<uint8_t>> Bytes = Image.contents(Section);
  if (!Bytes) {
    consumeError(Bytes.takeError());
    return 0;
  }
  uint64_t Offset = Address - Image.sections()[Section].Address;
  return compat::extractorOf(toStringRef(*Bytes), !Image.isBigEndian())
      .getU32(&Offset);
}

GroupAddresses::GroupAddresses(const ElfFile &Image,
                               const ImageDecoder &Decoder,
                               ArrayRef<const ExpectedFunction *> Placed)
    : Image(Image), Decoder(Decoder) {
  for (const ExpectedFunction *F : Placed)
    if (!F->IsGrownByCall)
      Members.insert(F->ImageSymbols.begin(), F->ImageSymbols.end());
  uint64_t Entry = withoutMode(Image, Image.entry());
  for (uint32_t M : Members) {
    const ElfSymbol &S = Image.definitions()[M];
    Homes.insert(S.Section);
    Functions +=
        Image.sections()[S.Section].isCode() && S.Type != ELF::STT_OBJECT;
    const ElfSection &Home = Image.sections()[S.Section];
    bool HasEntry = Entry >= Home.Address && Entry - Home.Address < Home.Size &&
                    !isMember(S.Section, Entry);
    // What may be written is in RAM as a whole, whatever it is called.
    if (!HasEntry &&
        (!isFilledUnasked(Home.Name) || Home.Flags & ELF::SHF_WRITE))
      OwnSections.insert(S.Section);
  }
  // What the rules grow to belongs to the group where it stands in it.
  for (const ExpectedFunction *F : Placed)
    for (uint32_t I : F->ImageSymbols)
      if (F->IsGrownByCall && Homes.count(Image.definitions()[I].Section))
        Members.insert(I);
}

uint32_t GroupAddresses::coveringOwner(uint32_t Section,
                                       uint64_t Address) const {
  uint32_t Owner = Image.ownerOf(Section, Address);
  if (Owner == NoIndex)
    return NoIndex;
  const ElfSymbol &S = Image.definitions()[Owner];
  return S.Size && Address - S.Address >= S.Size ? NoIndex : Owner;
}

bool GroupAddresses::isMember(uint32_t Section, uint64_t Address) const {
  SmallVector<uint32_t, 4> Owners; // Two names may be of one function.
  Image.ownersOf(Section, Address, Owners);
  return any_of(Owners, [&](uint32_t O) {
    const ElfSymbol &S = Image.definitions()[O];
    return Members.contains(O) && (!S.Size || Address - S.Address < S.Size);
  });
}

Spot GroupAddresses::spotAt(uint64_t Address) const {
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
  if (contains(S.Section, Address))
    S.What = Spot::Kind::Inside;
  else if (IsCode)
    S.What = Spot::Kind::Code;
  else
    S.What = Home.Flags & ELF::SHF_WRITE ? Spot::Kind::Variable
                                         : Spot::Kind::Constant;
  return S;
}

Spot GroupAddresses::spotOf(const ImageRelocation &R,
                            const CodeReference *At) const {
  const ElfSymbol &S = R.Target;
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

std::string GroupAddresses::describe(const Spot &S) const {
  if (S.What == Spot::Kind::Constant && S.Owner == NoIndex) {
    std::string Text = textAt(Image, S.Section, S.Address);
    if (!Text.empty())
      return Text;
  }
  return S.Name.empty() ? nameOfTarget(Image, &Decoder, S.Address)
                        : S.Name.str();
}

std::vector<std::string> GroupAddresses::sectionNames() const {
  std::vector<std::string> Names;
  for (uint32_t S : OwnSections)
    Names.push_back(Image.sections()[S].Name.str());
  return Names;
}

} // namespace section_placement
