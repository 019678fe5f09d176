//===- Leaving.cpp - The branches that leave a group ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Short references are measured one by one. A long call that leaves a group is
// always in reach, and still something to know: whoever copies the group
// elsewhere, or runs it while the rest is unmapped, must have none. So all
// branches of the members are counted, by the code of the image.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Measure.h"
#include "section-placement/Verify/Obedience.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <map>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
class Departures {
public:
  Departures(const ElfFile &Image, ImageTransfers &Transfers)
      : Image(Image), Transfers(Transfers) {}

  void judge(GroupVerdict &V, const DenseSet<uint32_t> &OfRule);

private:
  uint64_t endOf(const ElfSymbol &S) const;
  /// Where control ends up; a Trail of nothing where it is there already.
  const Trail &trailOf(uint64_t Address);
  bool isInside(const Transfer &T, const DenseSet<uint32_t> &OfRule) const;
  void add(const Transfer &T, const DenseSet<uint32_t> &OfRule,
           GroupVerdict &V);

  const ElfFile &Image;
  ImageTransfers &Transfers;
  std::map<uint64_t, Trail> Trails;        ///< By address of a thunk.
  std::map<std::string, uint64_t> Targets; ///< Of the group at hand.
};
} // namespace

/// Of code that no symbol has a size for, up to the next symbol.
uint64_t Departures::endOf(const ElfSymbol &S) const {
  if (S.Size)
    return S.Address + S.Size;
  ArrayRef<ElfSymbol> All = Image.definitionsIn(S.Section);
  auto Next = llvm::partition_point(
      All, [&](const ElfSymbol &Other) { return Other.Address <= S.Address; });
  if (Next != All.end())
    return Next->Address;
  const ElfSection &Home = Image.sections()[S.Section];
  return Home.Address + Home.Size;
}

const Trail &Departures::trailOf(uint64_t Address) {
  auto [Known, IsNew] = Trails.try_emplace(Address, Trail());
  if (IsNew && Transfers.decoder() && !Image.isRelocatable())
    Known->second = Transfers.decoder()->follow(Address);
  return Known->second;
}

static bool isOf(const ElfFile &Image, uint32_t Section, uint64_t Address,
                 const DenseSet<uint32_t> &OfRule) {
  SmallVector<uint32_t, 4> Owners; // Two names may be of one function.
  Image.ownersOf(Section, Address, Owners);
  return any_of(Owners, [&](uint32_t O) { return OfRule.contains(O); });
}

bool Departures::isInside(const Transfer &T,
                          const DenseSet<uint32_t> &OfRule) const {
  return T.Where == Transfer::Kind::Address && T.TargetSection != NoIndex &&
         isOf(Image, T.TargetSection, T.Target, OfRule);
}

void Departures::add(const Transfer &T, const DenseSet<uint32_t> &OfRule,
                     GroupVerdict &V) {
  if (T.Where == Transfer::Kind::NotKnown) {
    ++V.ThroughRegisters;
    return;
  }
  if (isInside(T, OfRule))
    return;
  ++V.Leaving;
  std::string Name;
  if (T.Where == Transfer::Kind::Undefined) {
    Name = Image.symbols()[T.Target].Name.str();
  } else if (Image.isRelocatable()) {
    uint32_t Owner = Image.ownerOf(T.TargetSection, T.Target);
    Name = Owner == NoIndex ? Image.sections()[T.TargetSection].Name.str()
                            : Image.definitions()[Owner].Name.str();
  } else {
    const Trail &Way = trailOf(T.Target);
    bool IsByThunk = isThunk(Image, T.Target, Way);
    V.ThroughThunks += IsByThunk;
    // A thunk outside of the group is outside, wherever it leads.
    Name = nameOfTarget(Image, Transfers.decoder(),
                        IsByThunk ? *Way.End : T.Target);
  }
  ++Targets[Name];
}

void Departures::judge(GroupVerdict &V, const DenseSet<uint32_t> &OfRule) {
  Targets.clear();
  DenseSet<std::pair<uint32_t, uint64_t>> Seen; // Two names of one function.
  for (uint32_t Member : V.Members) {
    const ElfSymbol &S = Image.definitions()[Member];
    if (!Image.sections()[S.Section].isCode() ||
        S.Type == ELF::STT_OBJECT || // A constant that stands beside code.
        !Seen.insert({S.Section, S.Address}).second)
      continue;
    uint64_t End = endOf(S);
    for (const Transfer &T : Transfers.in(S.Section, S.Address, End))
      add(T, OfRule, V);
    for (const UndecodedBytes &U : Transfers.undecodedIn(S.Section))
      if (U.Address >= S.Address && U.Address < End)
        V.BytesNotDecoded += U.Size;
  }
  V.LeavingTo.assign(Targets.begin(), Targets.end());
  llvm::sort(V.LeavingTo, [](const auto &A, const auto &B) {
    return std::tie(B.second, A.first) < std::tie(A.second, B.first);
  });
}

void judgeLeaving(const ElfFile &Image, ImageTransfers &Transfers,
                  std::vector<GroupVerdict> &Groups) {
  std::map<StringRef, DenseSet<uint32_t>> ByRule;
  for (const GroupVerdict &G : Groups)
    ByRule[G.Rule].insert(G.Members.begin(), G.Members.end());
  Departures Of(Image, Transfers);
  for (GroupVerdict &G : Groups)
    Of.judge(G, ByRule[G.Rule]);
}

} // namespace section_placement
