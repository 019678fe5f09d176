//===- NativeJoin.cpp - Native code and module asm in a Program -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleReading.h"
#include "section-placement/Asm/Assembler.h"
#include "llvm/IR/Module.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

/// Behind those of all native objects: the order of files is theirs.
static constexpr uint32_t FirstAsmRank = UINT32_C(1) << 31;

namespace {
class NativeJoiner {
public:
  NativeJoiner(ModuleReading &Reading, const NativeFacts &Facts,
               bool SeesLocals)
      : Reading(Reading), P(Reading.P), Facts(Facts), SeesLocals(SeesLocals) {}

  void join(ArrayRef<uint32_t> Named);

private:
  void findReferences();
  void findReferencesTo(StringRef Name);
  void ask(const GlobalValue &V, StringRef Name);
  void joinReference(uint32_t Reference, uint32_t To, Binding Bound);
  void tellReferencesFrom(uint32_t Native);
  void tellDeclared();
  uint32_t addNative(uint32_t Native);

  ModuleReading &Reading;
  Program &P;
  const NativeFacts &Facts;
  bool SeesLocals;
  /// References, the symbols of P that they reach, and whether for certain.
  std::vector<std::tuple<uint32_t, uint32_t, Binding>> Found;
  DenseMap<uint32_t, uint32_t> Natives; ///< Symbols of Facts in P.
};
} // namespace

uint32_t NativeJoiner::addNative(uint32_t Native) {
  auto [Known, IsNew] = Natives.try_emplace(Native, P.Symbols.size());
  if (!IsNew)
    return Known->second;
  P.Symbols.push_back(symbolOf(Facts.Symbols[Native]));
  return Known->second;
}

/// Binds as the linker does: by the exact name, to what other objects can see.
void NativeJoiner::ask(const GlobalValue &V, StringRef Name) {
  if (V.isDeclaration() || V.hasAvailableExternallyLinkage() ||
      (V.hasLocalLinkage() && !SeesLocals))
    return;
  for (uint32_t Reference : Facts.referencesTo(Name))
    if (Reading.isWanted(*Facts.References[Reference].Relocation))
      Found.emplace_back(Reference, Reading.symbolFor(&V),
                         Reading.bindingOf(V));
}

/// The function itself is `NAME.cfi` under cfi-icall, and is called directly by
/// that; NAME, which native code refers to, is a jump table's entry. Both come
/// along.
static constexpr StringLiteral BehindJumpTable = ".cfi";

void NativeJoiner::findReferencesTo(StringRef Name) {
  std::string Bound = Reading.bind(Name).Name.str();
  if (Bound.empty())
    return;
  auto Ask = [&](const Twine &Spelling) {
    SmallString<64> Text;
    if (const GlobalValue *V =
            Reading.In.M.getNamedValue(Spelling.toStringRef(Text)))
      ask(*V, Name);
  };
  Ask(Bound);
  Ask("\01" + Bound);
  Ask(Bound + BehindJumpTable);
}

void NativeJoiner::findReferences() {
  const Module &M = Reading.In.M;
  if (Facts.References.empty())
    return;
  // From the side that has fewer names.
  if (Facts.targets().size() < Reading.Out.Functions.size()) {
    for (StringRef Name : Facts.targets())
      findReferencesTo(Name);
    return;
  }
  for (const GlobalValue &V : M.global_values()) {
    StringRef Name = objectName(V);
    for (StringRef Spelling : Reading.spellingsOf(Name))
      ask(V, Spelling);
    if (Name.consume_back(BehindJumpTable) && isa<Function>(V))
      for (StringRef Spelling : Reading.spellingsOf(Name))
        ask(V, Spelling);
  }
}

void NativeJoiner::joinReference(uint32_t Reference, uint32_t To,
                                 Binding Bound) {
  const NativeReference &R = Facts.References[Reference];
  const NativeSymbol &From = Facts.Symbols[R.From];
  if (To != NoIndex) {
    BoundName Name = Reading.bind(R.Target);
    Evidence By{From.Object, R.Relocation->Name, R.Offset,
                R.Relocation->reach()};
    Reading.setBound(By, R.Target, Name);
    Reading.addEdge(addNative(R.From), To, *R.Relocation, By,
                    Bound != Binding::Definition ? Bound : Name.How);
  } else if (R.Relocation->IsShort)
    Reading.note(Note::Kind::DataReference, addNative(R.From), R.Target,
                 *R.Relocation, From.Object, R.Offset);
}

/// Short references from a native symbol to another object's native code, which
/// no pass can mend and which is reported.
void NativeJoiner::tellReferencesFrom(uint32_t Native) {
  for (uint32_t I : Facts.referencesFrom(Native)) {
    const NativeReference &R = Facts.References[I];
    if (!R.Relocation->IsShort || !Reading.In.Wanted.Branches)
      continue;
    BoundName Bound = Reading.bind(R.Target);
    if (Bound.Name.empty()) {
      Reading.note(Note::Kind::MadeByLink, addNative(Native), R.Target,
                   *R.Relocation, Facts.Symbols[Native].Object, R.Offset,
                   Bound.By);
      continue;
    }
    ArrayRef<uint32_t> Targets = Facts.symbolsNamed(Bound.Name);
    if (!Targets.empty() && !Facts.Symbols[Targets[0]].IsLocal &&
        Facts.Symbols[Targets[0]].Object != Facts.Symbols[Native].Object) {
      Evidence By{Facts.Symbols[Native].Object, R.Relocation->Name, R.Offset,
                  R.Relocation->reach()};
      Reading.setBound(By, R.Target, Bound);
      Reading.addEdge(addNative(Native), addNative(Targets[0]), *R.Relocation,
                      By, Bound.How);
    }
  }
}

/// A short branch of module asm to another module's function: that module's
/// ThinLTO backend does not know of it, and this one cannot move the function.
void NativeJoiner::tellDeclared() {
  for (const NativeReference &R : Facts.References) {
    const Function *F = Reading.In.M.getFunction(R.Target);
    if (!F || !F->isDeclaration() || !R.Relocation->IsShort)
      continue;
    Reading.note(Note::Kind::OutOfHand, addNative(R.From), R.Target,
                 *R.Relocation, "module asm", R.Offset);
  }
}

void NativeJoiner::join(ArrayRef<uint32_t> Named) {
  findReferences();
  std::sort(Found.begin(), Found.end());
  Found.erase(std::unique(Found.begin(), Found.end()), Found.end());
  for (uint32_t Native : Named)
    addNative(Native);
  for (auto [Reference, To, Bound] : Found)
    joinReference(Reference, To, Bound);
  if (SeesLocals && Reading.In.Wanted.Branches)
    tellDeclared();
  std::vector<uint32_t> Joined;
  for (auto [Native, Symbol] : Natives)
    Joined.push_back(Native);
  std::sort(Joined.begin(), Joined.end());
  for (uint32_t Native : Joined)
    tellReferencesFrom(Native);
}

void joinNatives(ModuleReading &Module, const NativeFacts &Facts,
                 ArrayRef<uint32_t> Named, bool SeesLocals) {
  NativeJoiner(Module, Facts, SeesLocals).join(Named);
}

/// The facts end with their reader; what the Program keeps of them is copied.
static void keepAsm(Program &P, size_t FirstSymbol, size_t FirstEvidence) {
  for (size_t I = FirstSymbol; I < P.Symbols.size(); ++I) {
    Symbol &S = P.Symbols[I];
    S.Name = S.Canonical = P.save(S.Name);
    S.Section = P.save(S.Section);
    S.Object = "module asm";
    S.Rank += FirstAsmRank;
  }
  for (size_t I = FirstEvidence; I < P.Evidences.size(); ++I)
    P.Evidences[I].Object = "module asm";
}

void joinModuleAsm(ModuleReading &Module) {
  const Interest &Wanted = Module.In.Wanted;
  if (Module.In.M.getModuleInlineAsm().empty() ||
      !(Wanted.Branches || Wanted.Calls))
    return;
  Expected<SmallVector<char, 0>> Object = assembleModuleAsm(Module.In.M);
  NativeFacts Facts;
  Error E =
      Object ? Facts.add(MemoryBufferRef(
                             StringRef(Object->data(), Object->size()), "asm"),
                         "module asm")
             : Object.takeError();
  if (E) {
    std::string Why = toString(std::move(E));
    Module.P.Notes.push_back({Note::Kind::UnreadableModuleAsm, NoIndex, NoIndex,
                              "", Module.P.save(Why)});
    return;
  }
  if (Facts.UnknownMachine)
    Module.P.Notes.push_back(
        {Note::Kind::UnreadableModuleAsm, NoIndex, NoIndex, "",
         Module.P.save(reachesUnknown(*Facts.UnknownMachine))});
  Facts.finish();
  Program &P = Module.P;
  std::vector<uint32_t> All;
  for (uint32_t I = 0; I < Facts.Symbols.size(); ++I)
    All.push_back(I);
  size_t FirstSymbol = P.Symbols.size(), FirstEvidence = P.Evidences.size();
  joinNatives(Module, Facts, All, /*SeesLocals=*/true);
  keepAsm(P, FirstSymbol, FirstEvidence);
}

} // namespace section_placement
