//===- IRFrontend.cpp - A module as a Program -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over the module's symbols, and over its instructions only where a
// rule grows along calls or branches. Native code is joined by name, from the
// side of the module: a backend with ten functions asks ten questions of the
// native objects, however many those are.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Frontend/IRFrontend.h"
#include "InlineAsmReader.h"
#include "section-placement/Frontend/Assembler.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
class ModuleReader {
public:
  ModuleReader(const ModuleInput &In, ReadModule &Out)
      : In(In), Out(Out), P(Out.P) {}

  void read() {
    readFunctions();
    readAliases();
    findParents();
    if (In.Natives)
      joinNatives(*In.Natives, In.NamedNatives);
    readModuleAsm();
    if (In.Wanted.Branches)
      readInlineAsm();
    if (In.Wanted.Calls)
      readCalls();
    P.finish();
  }

private:
  void readFunctions();
  void readFunction(Function &F);
  StringRef sourceOf(const Function &F);
  StringRef unitSource(const DICompileUnit *Unit);
  void readAttributes(const Function &F, Symbol &S);
  void readTemperature(Function &F, Symbol &S);
  void readAliases();
  void findParents();
  void readModuleAsm();
  void readInlineAsm();
  void readCalls();
  void joinNatives(const NativeFacts &Facts, ArrayRef<uint32_t> Named);
  void joinReference(const NativeFacts &Facts, uint32_t Reference, uint32_t To);
  uint32_t addNative(const NativeFacts &Facts, uint32_t Native);
  void addReferencesFrom(const NativeFacts &Facts, uint32_t Native);
  bool isWanted(const RelocationReach &R) const {
    return (R.IsShort && In.Wanted.Branches) || (R.IsCall && In.Wanted.Calls);
  }
  void addEdge(uint32_t From, uint32_t To, const RelocationReach &R,
               StringRef Object, uint64_t Offset);
  uint32_t symbolFor(const GlobalValue *V) const;
  void note(Note::Kind What, uint32_t Symbol, const Twine &Text) {
    P.Notes.push_back({What, Symbol, P.save(Text)});
  }

  const ModuleInput &In;
  ReadModule &Out;
  Program &P;
  DenseMap<const GlobalValue *, uint32_t> Indices;
  DenseMap<const DICompileUnit *, StringRef> Units;
  StringMap<StringRef> Stamps;
  std::optional<StringRef> ModuleSource;
  /// Of the facts that are being joined: their symbols in P.
  DenseMap<uint32_t, uint32_t> Natives;
  std::optional<Assembler> Asm;
};
} // namespace

void ModuleReader::readFunctions() {
  for (Function &F : In.M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      readFunction(F);
}

void ModuleReader::readFunction(Function &F) {
  Symbol S;
  S.Name = F.getName();
  S.Canonical = canonicalName(S.Name, In.IsMerged);
  S.Section = F.getSection();
  if (In.Wanted.Sources)
    S.Source = sourceOf(F);
  S.IsLocal = F.hasLocalLinkage();
  S.IsComdat = F.hasComdat();
  S.IsJumpTable = S.Name == ".cfi.jumptable";
  readAttributes(F, S);
  readTemperature(F, S);
  Indices[&F] = P.Symbols.size();
  P.Symbols.push_back(S);
  Out.Functions.push_back(&F);
}

void ModuleReader::readAttributes(const Function &F, Symbol &S) {
  S.AttributesBegin = P.Attributes.size();
  for (StringRef Name : In.Wanted.Attributes) {
    Attribute::AttrKind Kind = Attribute::getAttrKindFromName(Name);
    if (Kind != Attribute::None ? F.hasFnAttribute(Kind)
                                : F.hasFnAttribute(Name))
      P.Attributes.push_back(Name);
  }
  S.AttributesEnd = P.Attributes.size();
}

/// As CodeGenPrepare chooses the section prefix: the attribute, else the
/// profile.
void ModuleReader::readTemperature(Function &F, Symbol &S) {
  S.IsHot = F.hasFnAttribute(Attribute::Hot);
  S.IsCold = !S.IsHot && F.hasFnAttribute(Attribute::Cold);
  if (S.IsHot || S.IsCold || !In.Wanted.Temperatures || !In.Profile)
    return;
  Temperature T = In.Profile(F);
  S.IsHot = T == Temperature::Hot;
  S.IsCold = T == Temperature::Cold;
}

StringRef ModuleReader::unitSource(const DICompileUnit *Unit) {
  auto [Known, IsNew] = Units.try_emplace(Unit);
  if (IsNew)
    Known->second =
        P.save(In.Root.relative(Unit->getFilename(), Unit->getDirectory()));
  return Known->second;
}

StringRef ModuleReader::sourceOf(const Function &F) {
  Attribute Stamp = F.getFnAttribute(SourceStamp);
  if (Stamp.isStringAttribute()) {
    auto [Known, IsNew] = Stamps.try_emplace(Stamp.getValueAsString());
    if (IsNew)
      Known->second = P.save(In.Root.relative(Known->getKey(), ""));
    return Known->second;
  }
  if (const DISubprogram *Subprogram = F.getSubprogram())
    if (const DICompileUnit *Unit = Subprogram->getUnit())
      return unitSource(Unit);
  if (In.IsMerged)
    return "";
  if (!ModuleSource)
    ModuleSource = P.save(In.Root.relative(In.M.getSourceFileName(), ""));
  return *ModuleSource;
}

/// The definition that a symbol stands for: of an alias its target (a jump
/// table's entry is an alias into the table), of an ifunc its resolver.
uint32_t ModuleReader::symbolFor(const GlobalValue *V) const {
  if (auto *A = dyn_cast<GlobalAlias>(V))
    V = A->getAliaseeObject();
  else if (auto *I = dyn_cast<GlobalIFunc>(V))
    V = I->getResolverFunction();
  auto Found = Indices.find(V);
  return Found == Indices.end() ? NoIndex : Found->second;
}

void ModuleReader::readAliases() {
  auto Add = [&](const GlobalValue &V) {
    uint32_t Symbol = symbolFor(&V);
    if (Symbol == NoIndex)
      return;
    P.Aliases.push_back({V.getName(), Symbol});
  };
  for (const GlobalAlias &A : In.M.aliases())
    Add(A);
  for (const GlobalIFunc &I : In.M.ifuncs())
    Add(I);
}

void ModuleReader::findParents() {
  for (uint32_t I = 0; I < P.Symbols.size(); ++I) {
    Symbol &S = P.Symbols[I];
    if (S.Name.find('.') == StringRef::npos)
      continue;
    StringRef Parent = parentName(S.Name);
    if (Parent.empty())
      continue;
    if (const Function *F = In.M.getFunction(Parent)) {
      uint32_t Index = symbolFor(F);
      if (Index != I)
        S.Parent = Index;
    }
  }
}

void ModuleReader::addEdge(uint32_t From, uint32_t To, const RelocationReach &R,
                           StringRef Object, uint64_t Offset) {
  uint32_t Index = P.Evidences.size();
  P.Evidences.push_back({Object, R.Name, Offset, R.IsShort ? R.reach() : 0});
  if (R.IsShort && In.Wanted.Branches)
    P.Edges.push_back({From, To, EdgeKind::Branch, Index});
  if (R.IsCall && In.Wanted.Calls)
    P.Edges.push_back({From, To, EdgeKind::Call, Index});
}

uint32_t ModuleReader::addNative(const NativeFacts &Facts, uint32_t Native) {
  auto [Known, IsNew] = Natives.try_emplace(Native, P.Symbols.size());
  if (!IsNew)
    return Known->second;
  const NativeSymbol &N = Facts.Symbols[Native];
  Symbol S;
  S.Name = S.Canonical = N.Name;
  S.Section = N.Section;
  S.Object = N.Object;
  S.Address = N.Address;
  S.Rank = N.Rank;
  S.IsLocal = N.IsLocal;
  S.IsNative = true;
  P.Symbols.push_back(S);
  return Known->second;
}

/// Short references from a native symbol to another object's native code, which
/// no pass can mend and which is told.
void ModuleReader::addReferencesFrom(const NativeFacts &Facts,
                                     uint32_t Native) {
  for (uint32_t I : Facts.referencesFrom(Native)) {
    const NativeReference &R = Facts.References[I];
    if (!R.Relocation->IsShort || !In.Wanted.Branches)
      continue;
    ArrayRef<uint32_t> Targets = Facts.symbolsNamed(R.Target);
    if (!Targets.empty() && !Facts.Symbols[Targets[0]].IsLocal &&
        Facts.Symbols[Targets[0]].Object != Facts.Symbols[Native].Object)
      addEdge(addNative(Facts, Native), addNative(Facts, Targets[0]),
              *R.Relocation, Facts.Symbols[Native].Object, R.Offset);
  }
}

void ModuleReader::joinReference(const NativeFacts &Facts, uint32_t Reference,
                                 uint32_t To) {
  const NativeReference &R = Facts.References[Reference];
  const NativeSymbol &From = Facts.Symbols[R.From];
  if (To != NoIndex)
    addEdge(addNative(Facts, R.From), To, *R.Relocation, From.Object, R.Offset);
  else if (R.Relocation->IsShort)
    note(Note::Kind::DataReference, addNative(Facts, R.From),
         From.Object + ": " + R.Relocation->Name + " in " + From.Name +
             " refers to data '" + R.Target + "'");
}

/// Binds as the linker does: by the exact name, to what other objects can see.
/// \p Facts of the module's own asm see its locals too.
void ModuleReader::joinNatives(const NativeFacts &Facts,
                               ArrayRef<uint32_t> Named) {
  bool SeesLocals = &Facts != In.Natives;
  std::vector<std::pair<uint32_t, uint32_t>> Found; // Reference and symbol.
  auto Ask = [&](const GlobalValue &V, StringRef Name) {
    if (V.hasLocalLinkage() && !SeesLocals)
      return;
    for (uint32_t Reference : Facts.referencesTo(Name))
      if (isWanted(*Facts.References[Reference].Relocation))
        Found.emplace_back(Reference, symbolFor(&V));
  };
  if (!Facts.References.empty()) {
    for (Function *F : Out.Functions) {
      StringRef Name = F->getName();
      Ask(*F, Name);
      // Under cfi-icall the name is a jump table's entry, and the function
      // itself is called directly by `name.cfi`: both come along.
      if (Name.consume_back(".cfi"))
        Ask(*F, Name);
    }
    for (const GlobalAlias &A : In.M.aliases())
      Ask(A, A.getName());
    for (const GlobalIFunc &I : In.M.ifuncs())
      Ask(I, I.getName());
    for (const GlobalVariable &G : In.M.globals())
      if (!G.isDeclaration() && !G.hasAvailableExternallyLinkage())
        Ask(G, G.getName());
  }
  std::sort(Found.begin(), Found.end());
  Natives.clear();
  for (uint32_t Native : Named)
    addNative(Facts, Native);
  for (auto [Reference, To] : Found)
    joinReference(Facts, Reference, To);
  std::vector<uint32_t> Joined;
  for (auto [Native, Symbol] : Natives)
    Joined.push_back(Native);
  std::sort(Joined.begin(), Joined.end());
  for (uint32_t Native : Joined)
    addReferencesFrom(Facts, Native);
}

/// Module asm has no features of its own: those of the first function that has
/// any, which in one compile are all alike.
static std::string moduleFeatures(const Module &M) {
  for (const Function &F : M)
    if (F.hasFnAttribute("target-features"))
      return F.getFnAttribute("target-features").getValueAsString().str();
  return "";
}

void ModuleReader::readModuleAsm() {
  StringRef Text = In.M.getModuleInlineAsm();
  if (Text.empty())
    return;
  Asm.emplace(compat::targetTriple(In.M));
  Expected<SmallVector<char, 0>> Object =
      Asm->assemble(Text, moduleFeatures(In.M));
  NativeFacts Facts;
  Error E =
      Object ? Facts.add(MemoryBufferRef(
                             StringRef(Object->data(), Object->size()), "asm"),
                         "module asm")
             : Object.takeError();
  if (E) {
    std::string Why = toString(std::move(E));
    if (In.Wanted.Branches || In.Wanted.Calls)
      note(Note::Kind::UnreadableAsm, NoIndex,
           "module asm cannot be read for its branches: " + Why);
    return;
  }
  Facts.finish();
  for (const NativeSection &S : Facts.Sections)
    Out.AsmSections.push_back({P.save(S.Name), S.Flags, S.Type});
  std::vector<uint32_t> All;
  for (uint32_t I = 0; I < Facts.Symbols.size(); ++I)
    All.push_back(I);
  size_t FirstSymbol = P.Symbols.size(), FirstEvidence = P.Evidences.size();
  joinNatives(Facts, All);
  // The facts end here; what the Program keeps of them is copied.
  for (size_t I = FirstSymbol; I < P.Symbols.size(); ++I) {
    Symbol &S = P.Symbols[I];
    S.Name = S.Canonical = P.save(S.Name);
    S.Section = P.save(S.Section);
    S.Object = "module asm";
  }
  for (size_t I = FirstEvidence; I < P.Evidences.size(); ++I)
    P.Evidences[I].Object = "module asm";
}

void ModuleReader::readInlineAsm() {
  if (!Asm)
    Asm.emplace(compat::targetTriple(In.M));
  InlineAsmReader Reader(In.M, *Asm);
  std::vector<AsmReference> References;
  for (uint32_t From = 0; From < Out.Functions.size(); ++From) {
    References.clear();
    Reader.read(*Out.Functions[From], References);
    for (const AsmReference &R : References) {
      uint32_t To = symbolFor(R.Target);
      if (!R.Relocation)
        note(Note::Kind::UnreadableAsm, From,
             "inline asm names '" + R.Target->getName() +
                 "' in a statement that cannot be read for its reach: " +
                 R.Statement);
      else if (To != NoIndex)
        addEdge(From, To, *R.Relocation, "inline asm", 0);
      else if (R.Relocation->IsShort && isa<GlobalVariable>(R.Target))
        note(Note::Kind::DataReference, From,
             "inline asm: " + R.Relocation->Name + " refers to data '" +
                 R.Target->getName() + "'");
    }
  }
}

void ModuleReader::readCalls() {
  for (uint32_t From = 0; From < Out.Functions.size(); ++From) {
    for (Instruction &I : instructions(*Out.Functions[From])) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call)
        continue;
      auto *Callee =
          dyn_cast<GlobalValue>(Call->getCalledOperand()->stripPointerCasts());
      uint32_t To = Callee ? symbolFor(Callee) : NoIndex;
      if (To == NoIndex)
        continue;
      P.Edges.push_back(
          {From, To, EdgeKind::Call, uint32_t(P.Evidences.size())});
      P.Evidences.push_back({"call", "", 0, 0});
    }
  }
}

void readModule(const ModuleInput &Input, ReadModule &Result) {
  ModuleReader(Input, Result).read();
}

} // namespace section_placement
