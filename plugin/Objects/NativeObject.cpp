//===- NativeObject.cpp - Symbols and references of native code -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//

#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

Symbol symbolOf(const NativeSymbol &N) {
  Symbol S;
  S.Name = S.Canonical = N.Name;
  S.Section = N.Section;
  S.Object = N.Object;
  S.Address = N.Address;
  S.Rank = N.Rank;
  S.IsLocal = N.IsLocal;
  S.IsNative = true;
  return S;
}

namespace {
/// Adds one object to the facts.
class ObjectJoiner {
public:
  ObjectJoiner(const ElfFile &File, StringRef Object, uint32_t FirstRank,
               NativeFacts &Facts)
      : File(File), Object(Object), FirstRank(FirstRank), Facts(Facts),
        FactOf(File.definitions().size(), NoIndex) {}

  Error join() {
    for (uint32_t I = 0; I < File.sections().size(); ++I)
      addSection(I);
    for (uint32_t I = 0; I < File.sections().size(); ++I) {
      if (!File.sections()[I].isCode())
        continue;
      Error E = File.forEachRelocation(I, [&](const ElfRelocation &R) {
        return R.Reach ? addReference(R) : Error::success();
      });
      if (E)
        return E;
    }
    return Error::success();
  }

private:
  void addSection(uint32_t Index) {
    const ElfSection &S = File.sections()[Index];
    if (!S.isLoaded())
      return;
    StringRef Name = Facts.save(S.Name);
    Facts.Sections.push_back({Name, S.Flags, S.Type});
    if (!S.isCode())
      return;
    for (uint32_t I = S.SymbolsBegin; I < S.SymbolsEnd; ++I) {
      const ElfSymbol &Symbol = File.symbols()[I];
      if (Symbol.Type == ELF::STT_OBJECT)
        continue;
      FactOf[I] = Facts.Symbols.size();
      Facts.Symbols.push_back({Facts.save(Symbol.Name), Name, Object,
                               Symbol.Address, FirstRank + Index,
                               Symbol.IsLocal});
    }
  }

  Error addReference(const ElfRelocation &R) {
    const ElfSymbol &Target = File.symbols()[R.Symbol];
    if (!Target.isUndefined()) {
      Facts.ShortInside += R.Reach->IsShort;
      // A weak definition may yield to another; all others are this object's.
      if (!Target.isWeak())
        return Error::success();
    }
    if (Target.Name.empty())
      return Error::success();
    SmallVector<uint32_t, 4> Owners;
    File.ownersOf(R.Section, R.Address, Owners);
    for (uint32_t &Owner : Owners)
      Owner = FactOf[Owner];
    erase_if(Owners, [](uint32_t Owner) { return Owner == NoIndex; });
    if (Owners.empty())
      Owners.push_back(nameless(R.Section));
    ExtraOwners += Owners.size() - 1;
    if (ExtraOwners > MaxExtraOwners)
      return damage("too many symbols that lie over one another");
    StringRef Name = Facts.save(Target.Name);
    for (uint32_t Owner : Owners)
      Facts.References.push_back({Owner, Name, R.Reach, R.Address});
    return Error::success();
  }

  /// Code before any symbol of its section: it has no name, and still a place.
  uint32_t nameless(uint32_t Section) {
    auto [Known, IsNew] = Nameless.try_emplace(Section, Facts.Symbols.size());
    if (IsNew) {
      StringRef Name = Facts.save(File.sections()[Section].Name);
      Facts.Symbols.push_back(
          {Name, Name, Object, 0, FirstRank + Section, true});
    }
    return Known->second;
  }

  /// A place that many symbols cover counts for each: what a damaged file may
  /// cost is bounded.
  static constexpr uint64_t MaxExtraOwners = 1 << 20;

  const ElfFile &File;
  StringRef Object;
  uint32_t FirstRank;
  NativeFacts &Facts;
  std::vector<uint32_t> FactOf;          ///< By definition.
  DenseMap<uint32_t, uint32_t> Nameless; ///< By section.
  uint64_t ExtraOwners = 0;
};
} // namespace

Error NativeFacts::add(MemoryBufferRef Buffer, StringRef Name) {
  Expected<ElfFile> File = ElfFile::read(Buffer);
  if (!File)
    return File.takeError();
  if (!File->isRelocatable())
    return plainError("is linked already (no relocatable object); its "
                      "branches are fixed");
  size_t SymbolCount = Symbols.size(), ReferenceCount = References.size();
  size_t SectionCount = Sections.size();
  uint64_t Inside = ShortInside;
  Error E = ObjectJoiner(*File, save(Name), NextRank, *this).join();
  NextRank += File->sections().size();
  if (!E) {
    if (!File->areReachesKnown())
      UnknownMachine = File->machine();
    return E;
  }
  Symbols.resize(SymbolCount);
  References.resize(ReferenceCount);
  Sections.resize(SectionCount);
  ShortInside = Inside;
  return E;
}

void NativeFacts::finish() {
  FromBegin.assign(Symbols.size() + 1, 0);
  for (const NativeReference &R : References)
    ++FromBegin[R.From + 1];
  for (size_t I = 0; I < Symbols.size(); ++I)
    FromBegin[I + 1] += FromBegin[I];
  FromIndex.resize(References.size());
  std::vector<uint32_t> Next(FromBegin.begin(), FromBegin.end() - 1);
  for (uint32_t I = 0; I < References.size(); ++I)
    FromIndex[Next[References[I].From]++] = I;
  for (uint32_t I = 0; I < References.size(); ++I) {
    SmallVector<uint32_t, 1> &Named = ByTarget[References[I].Target];
    if (Named.empty())
      Targets.push_back(References[I].Target);
    Named.push_back(I);
  }
  for (bool IsLocal : {false, true})
    for (uint32_t I = 0; I < Symbols.size(); ++I)
      if (Symbols[I].IsLocal == IsLocal)
        ByName[Symbols[I].Name].push_back(I);
}

static ArrayRef<uint32_t>
find(const DenseMap<StringRef, SmallVector<uint32_t, 1>> &Map, StringRef Name) {
  auto Found = Map.find(Name);
  return Found == Map.end() ? ArrayRef<uint32_t>()
                            : ArrayRef<uint32_t>(Found->second);
}

ArrayRef<uint32_t> NativeFacts::referencesTo(StringRef Name) const {
  return find(ByTarget, Name);
}

ArrayRef<uint32_t> NativeFacts::referencesFrom(uint32_t Symbol) const {
  return ArrayRef<uint32_t>(FromIndex).slice(
      FromBegin[Symbol], FromBegin[Symbol + 1] - FromBegin[Symbol]);
}

ArrayRef<uint32_t> NativeFacts::symbolsNamed(StringRef Name) const {
  return find(ByName, Name);
}

} // namespace section_placement
