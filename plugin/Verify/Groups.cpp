//===- Groups.cpp - Is each group where it should be, and whole? ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A relocatable image still has the sections' names, and a linked one has not:
// there the name is asked of the object that has the function, where one was
// given, and else only nearness can be judged.
//
//===----------------------------------------------------------------------===//

#include "Grouping.h"
#include "section-placement/Verify/Obedience.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/ELF.h"
#include <algorithm>
#include <map>

using namespace llvm;

namespace section_placement {

namespace {
/// Code that lies in one piece: a function and what is inside its extent, such
/// as other names, inner labels and the entries of a jump table.
struct Block {
  uint32_t Section;
  uint64_t Begin, End;
  uint32_t Symbol; ///< Of the image: the function that gives the extent.
};

class ImageBlocks {
public:
  explicit ImageBlocks(const ElfFile &Image);

  ArrayRef<Block> all() const { return Blocks; }
  /// The index of the block that \p Symbol of the image is in.
  uint32_t blockOf(uint32_t Symbol) const { return BySymbol[Symbol]; }

private:
  std::vector<Block> Blocks;
  std::vector<uint32_t> BySymbol;
};

/// The names of the sections that functions had before the link.
class InputSections {
public:
  InputSections(const ElfFile &Image, const ObjectFiles &Objects,
                ArrayRef<ExpectedFunction> Expected);

  /// Empty where nothing says.
  StringRef of(uint32_t ImageSymbol);

private:
  const ElfFile &Image;
  const ObjectFiles &Objects;
  std::vector<std::unique_ptr<Locator>> Locators; // By object.
  StringMap<std::vector<std::pair<uint32_t, uint32_t>>> Definitions;
};

class GroupJudge {
public:
  GroupJudge(const ElfFile &Image, const ObjectFiles &Objects,
             const NativeFacts &Natives, const Policy &P,
             ArrayRef<ExpectedFunction> Expected);
  std::vector<GroupVerdict> run();

private:
  using Members = std::vector<const ExpectedFunction *>;
  void add(const ExpectedFunction &F, GroupVerdict &V);
  void judgeSection(const ExpectedFunction &F, uint32_t Symbol,
                    GroupVerdict &V);
  bool isShared(uint32_t Rule, StringRef Group) const;
  void judgeSpan(GroupVerdict &V);

  const ElfFile &Image;
  const Policy &P;
  ArrayRef<ExpectedFunction> Expected;
  ImageBlocks Blocks;
  InputSections Inputs;
  StringSet<> NativeSections;
  StringMap<size_t> Planned; ///< By symbol: how many definitions are placed.
  std::map<std::pair<uint32_t, StringRef>, Members> Groups;
  StringMap<unsigned> RulesWith; ///< By group: of how many rules it is one.
  std::vector<uint32_t> Located; ///< Of the group at hand: image symbols.
  /// Likewise, of what it may grow to and of parts that were split off.
  std::vector<uint32_t> WelcomeSymbols;
};
} // namespace

ImageBlocks::ImageBlocks(const ElfFile &Image) {
  ArrayRef<ElfSymbol> Symbols = Image.definitions();
  BySymbol.assign(Symbols.size(), NoIndex);
  for (uint32_t I = 0; I < Symbols.size(); ++I) {
    const ElfSymbol &S = Symbols[I];
    uint64_t End = S.Address + std::min(S.Size, UINT64_MAX - S.Address);
    Block *Last = Blocks.empty() ? nullptr : &Blocks.back();
    bool IsInside = Last && Last->Section == S.Section &&
                    (S.Address < Last->End || S.Address == Last->Begin);
    if (IsInside) {
      Last->End = std::max(Last->End, End);
      if (S.IsFunction && !Symbols[Last->Symbol].IsFunction)
        Last->Symbol = I;
    } else {
      Blocks.push_back({S.Section, S.Address, End, I});
    }
    BySymbol[I] = Blocks.size() - 1;
  }
}

InputSections::InputSections(const ElfFile &Image, const ObjectFiles &Objects,
                             ArrayRef<ExpectedFunction> Expected)
    : Image(Image), Objects(Objects), Locators(Objects.Objects.size()) {
  for (const ExpectedFunction &F : Expected)
    Definitions.try_emplace(F.Name);
  for (uint32_t O = 0; O < Objects.Objects.size(); ++O) {
    if (!Objects.Objects[O].File.isRelocatable())
      continue; // The image itself: its sections are the link's.
    ArrayRef<ElfSymbol> Symbols = Objects.Objects[O].File.definitions();
    for (uint32_t I = 0; I < Symbols.size(); ++I) {
      auto Found = Definitions.find(Symbols[I].Name);
      if (Found != Definitions.end())
        Found->second.emplace_back(O, I);
    }
  }
}

StringRef InputSections::of(uint32_t Index) {
  const ElfSymbol &S = Image.definitions()[Index];
  if (Image.isRelocatable())
    return Image.sections()[S.Section].Name;
  for (auto [O, I] : Definitions.lookup(S.Name)) {
    const ObjectFile &Object = Objects.Objects[O];
    if (!Locators[O])
      Locators[O] =
          std::make_unique<Locator>(Image, Object, Objects.IsImage[O]);
    const ElfSymbol &Definition = Object.File.definitions()[I];
    std::optional<ImagePlace> Place =
        Locators[O]->section(Definition.Section).place(Definition.Address);
    if (Place && Place->Section == S.Section && Place->Address == S.Address)
      return Object.File.sections()[Definition.Section].Name;
  }
  return "";
}

GroupJudge::GroupJudge(const ElfFile &Image, const ObjectFiles &Objects,
                       const NativeFacts &Natives, const Policy &P,
                       ArrayRef<ExpectedFunction> Expected)
    : Image(Image), P(P), Expected(Expected), Blocks(Image),
      Inputs(Image, Objects, Expected) {
  for (const NativeSection &S : Natives.Sections)
    NativeSections.insert(S.Name);
  for (const ExpectedFunction &F : Expected) {
    Planned[F.Name] += !F.IsGrownByCall;
    Groups[{F.Rule, F.Group}].push_back(&F);
  }
  for (const auto &Group : Groups)
    ++RulesWith[Group.first.second];
}

bool isFilledUnasked(StringRef Group) {
  if (Group == ".text" || Group == ".text.*")
    return true;
  for (StringRef Family : {".data", ".rodata", ".bss"}) // Of variables.
    if (Group == Family || (Group.take_front(Family.size()) == Family &&
                            Group[Family.size()] == '.'))
      return true;
  if (!Group.consume_front(".text."))
    return false;
  for (StringRef Prefix :
       {"hot", "unlikely", "startup", "exit", "split", "unknown"})
    if (Group.take_front(Prefix.size()) == Prefix &&
        (Group.size() == Prefix.size() || Group[Prefix.size()] == '.'))
      return true;
  return false;
}

bool GroupJudge::isShared(uint32_t Rule, StringRef Group) const {
  if (isFilledUnasked(Group) || NativeSections.contains(Group) ||
      P.Rules[Rule].target().usesNative())
    return true;
  return RulesWith.lookup(Group) > 1;
}

/// Does \p Actual keep what `{unsplit}` promises? Whether a function is hot or
/// cold is known at the link only.
static bool isUnsplit(StringRef Actual) {
  return Actual == ".text" || Actual == ".text.unlikely." ||
         Actual == ".text.hot.";
}

void GroupJudge::judgeSection(const ExpectedFunction &F, uint32_t Symbol,
                              GroupVerdict &V) {
  StringRef Actual = Inputs.of(Symbol);
  const ElfSymbol &S = Image.definitions()[Symbol];
  if (Actual.empty()) {
    // An output section of that name is as good, where nothing else would have
    // brought the function there.
    V.AreSectionsKnown &= Image.sections()[S.Section].Name == F.Section &&
                          !isFilledUnasked(F.Section);
    return;
  }
  if (Actual == F.Section)
    return;
  bool MayBeUnsplit =
      F.Module.empty() &&
      P.Rules[F.Rule].target().uses(SectionTemplate::Word::Unsplit) &&
      isUnsplit(Actual);
  if (!MayBeUnsplit)
    V.Elsewhere.push_back({F.Name, F.Section, Actual.str()});
}

static bool isVariable(const ElfFile &Image, uint32_t Symbol) {
  const ElfSymbol &S = Image.definitions()[Symbol];
  return S.Type == ELF::STT_OBJECT ||
         (!S.IsFunction && S.Section < Image.sections().size() &&
          !Image.sections()[S.Section].isCode());
}

SmallVector<uint32_t, 1> partsOf(const ElfFile &Image, uint32_t Symbol) {
  std::string Name = (Image.definitions()[Symbol].Name + ".cold").str();
  SmallVector<uint32_t, 1> Parts;
  for (uint32_t I : Image.symbolsNamed(Name))
    if (Image.definitions()[I].IsLocal &&
        Image.sections()[Image.definitions()[I].Section].isCode())
      Parts.push_back(I);
  return Parts;
}

void GroupJudge::add(const ExpectedFunction &F, GroupVerdict &V) {
  if (F.IsGrownByCall) {
    WelcomeSymbols.insert(WelcomeSymbols.end(), F.ImageSymbols.begin(),
                          F.ImageSymbols.end());
    return;
  }
  ++V.Planned;
  if (F.ImageSymbols.empty()) {
    V.Gone.push_back(F.Name);
    return;
  }
  std::vector<uint32_t> Meant = F.ImageSymbols;
  // Of several statics of that name, those that are where they should be.
  if (Meant.size() > Planned.lookup(F.Name))
    erase_if(Meant, [&](uint32_t I) { return Inputs.of(I) != F.Section; });
  if (Meant.empty()) {
    V.Ambiguous.push_back(F.Name);
    return;
  }
  ++V.Found;
  V.Variables += isVariable(Image, Meant.front());
  for (uint32_t Symbol : Meant) {
    judgeSection(F, Symbol, V);
    Located.push_back(Symbol);
    if (P.firstThatSplits())
      append_range(WelcomeSymbols, partsOf(Image, Symbol));
  }
}

void GroupJudge::judgeSpan(GroupVerdict &V) {
  DenseSet<uint32_t> Ours;
  std::map<uint32_t, std::pair<uint32_t, uint32_t>> BySection; // First, last.
  // What the rule grew to, or split off, belongs to it, and need not be there.
  DenseSet<uint32_t> Welcome;
  for (uint32_t Symbol : WelcomeSymbols)
    Welcome.insert(Blocks.blockOf(Symbol));
  for (uint32_t Symbol : Located) {
    uint32_t B = Blocks.blockOf(Symbol);
    if (B == NoIndex)
      continue;
    Ours.insert(B);
    auto [Known, IsNew] =
        BySection.try_emplace(Image.definitions()[Symbol].Section, B, B);
    Known->second.first = std::min(Known->second.first, B);
    Known->second.second = std::max(Known->second.second, B);
  }
  V.Pieces = BySection.size();
  if (!Image.isRelocatable()) {
    std::vector<std::pair<uint64_t, uint64_t>> Parts;
    for (const auto &Piece : BySection)
      Parts.emplace_back(Blocks.all()[Piece.second.first].Begin,
                         Blocks.all()[Piece.second.second].End);
    llvm::sort(Parts);
    for (size_t I = 1; I < Parts.size(); ++I)
      V.BytesApart +=
          Parts[I].first - std::min(Parts[I].first, Parts[I - 1].second);
  }
  static constexpr size_t MaxNames = 3;
  for (const auto &Piece : BySection) {
    auto [First, Last] = Piece.second;
    ArrayRef<Block> All = Blocks.all();
    V.Span += All[Last].End - All[First].Begin;
    for (uint32_t B = First; B <= Last; ++B) {
      uint64_t Size = All[B].End - All[B].Begin;
      const ElfSymbol &S = Image.definitions()[All[B].Symbol];
      if (Ours.contains(B) || Welcome.contains(B)) {
        V.Code += Size;
      } else if (bool IsCounted = Image.sections()[Piece.first].isCode()
                                      ? S.Type != ELF::STT_OBJECT
                                      : S.Type == ELF::STT_OBJECT;
                 IsCounted && (S.IsFunction || Size)) {
        ++V.Between;
        V.BytesBetween += Size;
        if (V.FirstBetween.size() < MaxNames)
          V.FirstBetween.push_back(S.Name.str());
      }
    }
  }
}

std::vector<GroupVerdict> GroupJudge::run() {
  std::vector<GroupVerdict> Result;
  for (const auto &[Key, Functions] : Groups) {
    GroupVerdict &V = Result.emplace_back();
    V.Rule = P.Rules[Key.first].Name;
    V.Group = Key.second.str();
    V.IsShared = isShared(Key.first, Key.second);
    Located.clear();
    WelcomeSymbols.clear();
    for (const ExpectedFunction *F : Functions)
      add(*F, V);
    judgeSpan(V);
    V.Members = Located;
    append_range(V.Members, WelcomeSymbols);
  }
  return Result;
}

std::vector<GroupVerdict> judgeGroups(const ElfFile &Image,
                                      const ObjectFiles &Objects,
                                      const NativeFacts &Natives,
                                      const Policy &P,
                                      ArrayRef<ExpectedFunction> Expected) {
  return GroupJudge(Image, Objects, Natives, P, Expected).run();
}

} // namespace section_placement
