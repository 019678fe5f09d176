//===- IRFrontend.cpp - A module as a Program -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over the module's symbols, and over its instructions only where a
// rule grows along calls or branches. Native code is joined by name.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Frontend/IRFrontend.h"
#include "InlineAsmReader.h"
#include "ModuleReading.h"
#include "section-placement/Frontend/SourceStamp.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// Collects each inline asm once.
class InlineAsmList {
public:
  explicit InlineAsmList(ReadModule &Out) : Out(Out) {}

  void add(Function &F, const CallBase &Call) {
    auto *Asm = cast<InlineAsm>(Call.getCalledOperand());
    if (Known.insert(Asm).second)
      Out.InlineAsms->push_back({&F, Asm});
  }

private:
  ReadModule &Out;
  SmallPtrSet<const InlineAsm *, 16> Known;
};

class ModuleReader {
public:
  ModuleReader(const ModuleInput &Input, ReadModule &Out)
      : Reading(Input, Out), In(Input), Out(Out), P(Out.P),
        Stamps(Input.M, Input.Root),
        IsMerged(Input.IsMerged || Input.M.getSourceFileName() == MergedName) {}

  void read() {
    readFunctions();
    readAliases();
    findParents();
    if (In.Natives)
      joinNatives(Reading, *In.Natives, In.NamedNatives, /*SeesLocals=*/false);
    joinModuleAsm(Reading);
    if (In.Wanted.Branches || In.Wanted.Calls)
      readInstructions();
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
  void readInstructions();
  void readCall(uint32_t From, CallBase &Call);
  void readInlineAsm(uint32_t From, CallBase &Call);
  void tellUngrown(uint32_t From, const AsmReference &R);

  /// What a full-LTO link calls the module that it merges.
  static constexpr StringLiteral MergedName = "ld-temp.o";

  ModuleReading Reading;
  const ModuleInput &In;
  ReadModule &Out;
  Program &P;
  SourceStamps Stamps;
  bool IsMerged;
  DenseMap<const DICompileUnit *, StringRef> Units;
  DenseMap<const char *, StringRef> Stamped; ///< By the string of Stamps.
  std::optional<StringRef> ModuleSource;
  InlineAsmReader AsmReader{In.M};
  std::vector<AsmReference> AsmReferences; ///< Of the call at hand.
  InlineAsmList Asms{Out};
  /// The attributes that are wanted; None for a string one.
  SmallVector<std::pair<StringRef, Attribute::AttrKind>, 4> Attributes;
};
} // namespace

void ModuleReader::readFunctions() {
  for (StringRef Name : In.Wanted.Attributes)
    Attributes.emplace_back(Name, Attribute::getAttrKindFromName(Name));
  P.Symbols.reserve(In.M.size());
  Out.Functions.reserve(In.M.size());
  Reading.Indices.reserve(In.M.size());
  for (Function &F : In.M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      readFunction(F);
}

void ModuleReader::readFunction(Function &F) {
  Symbol S;
  S.Name = objectName(F);
  S.Canonical = canonicalName(S.Name, IsMerged);
  S.Section = F.getSection();
  if (In.Wanted.Sources)
    S.Source = sourceOf(F);
  S.IsUnrecorded = S.Source.empty() && isUnrecordedOrigin(F);
  S.IsLocal = F.hasLocalLinkage();
  S.IsComdat = F.hasComdat();
  S.IsJumpTable = S.Name == ".cfi.jumptable";
  readAttributes(F, S);
  readTemperature(F, S);
  Reading.Indices[&F] = P.Symbols.size();
  P.Symbols.push_back(S);
  Out.Functions.push_back(&F);
}

void ModuleReader::readAttributes(const Function &F, Symbol &S) {
  S.AttributesBegin = P.Attributes.size();
  for (auto [Name, Kind] : Attributes) {
    if (Kind != Attribute::None ? F.hasFnAttribute(Kind)
                                : F.hasFnAttribute(Name))
      P.Attributes.push_back(Name);
  }
  S.AttributesEnd = P.Attributes.size();
}

/// As CodeGenPrepare chooses the section prefix: hot by the attribute or by the
/// profile stands above cold by either.
void ModuleReader::readTemperature(Function &F, Symbol &S) {
  S.IsHot = F.hasFnAttribute(Attribute::Hot);
  S.IsCold = !S.IsHot && F.hasFnAttribute(Attribute::Cold);
  if (S.IsHot || !In.Wanted.Temperatures || !In.Profile)
    return;
  Temperature T = In.Profile(F);
  S.IsHot = T == Temperature::Hot;
  S.IsCold = !S.IsHot && (S.IsCold || T == Temperature::Cold);
}

StringRef ModuleReader::unitSource(const DICompileUnit *Unit) {
  auto [Known, IsNew] = Units.try_emplace(Unit);
  if (IsNew)
    Known->second =
        P.save(In.Root.relative(Unit->getFilename(), Unit->getDirectory()));
  return Known->second;
}

StringRef ModuleReader::sourceOf(const Function &F) {
  if (std::optional<StringRef> Path = Stamps.of(F)) {
    auto [Known, IsNew] = Stamped.try_emplace(Path->data());
    if (IsNew)
      Known->second = P.save(*Path);
    return Known->second;
  }
  if (const DISubprogram *Subprogram = F.getSubprogram())
    if (const DICompileUnit *Unit = Subprogram->getUnit())
      return unitSource(Unit);
  if (IsMerged)
    return "";
  if (!ModuleSource)
    ModuleSource = P.save(In.Root.relative(In.M.getSourceFileName(), ""));
  return *ModuleSource;
}

uint32_t ModuleReading::symbolFor(const GlobalValue *V) const {
  if (auto *A = dyn_cast<GlobalAlias>(V))
    V = A->getAliaseeObject();
  else if (auto *I = dyn_cast<GlobalIFunc>(V))
    V = I->getResolverFunction();
  auto Found = Indices.find(V);
  return Found == Indices.end() ? NoIndex : Found->second;
}

void ModuleReader::readAliases() {
  auto Add = [&](const GlobalValue &V) {
    uint32_t Symbol = Reading.symbolFor(&V);
    if (Symbol == NoIndex)
      return;
    P.Aliases.push_back({objectName(V), Symbol});
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
      uint32_t Index = Reading.symbolFor(F);
      if (Index != I)
        S.Parent = Index;
    }
  }
}

void ModuleReading::addEdge(uint32_t From, uint32_t To,
                            const RelocationReach &R, StringRef Object,
                            uint64_t Offset) {
  uint32_t Index = P.Evidences.size();
  P.Evidences.push_back({Object, R.Name, Offset, R.reach()});
  if (R.IsShort && In.Wanted.Branches)
    P.Edges.push_back({From, To, EdgeKind::Branch, Index});
  if (R.IsCall && In.Wanted.Calls)
    P.Edges.push_back({From, To, EdgeKind::Call, Index});
}

void ModuleReader::readInstructions() {
  Out.InlineAsms.emplace();
  for (uint32_t From = 0; From < Out.Functions.size(); ++From)
    for (Instruction &I : instructions(*Out.Functions[From])) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call)
        continue;
      if (Call->isInlineAsm())
        readInlineAsm(From, *Call);
      else if (In.Wanted.Calls)
        readCall(From, *Call);
    }
}

/// The definition that the linker binds \p V to, where this module has it: a
/// declaration `\01name` is another spelling of the symbol `name`.
static GlobalValue *boundTo(Module &M, GlobalValue *V) {
  if (!V || !V->isDeclaration() || V->getName().take_front(1) != "\1")
    return V;
  GlobalValue *Other = M.getNamedValue(V->getName().drop_front());
  return Other && !Other->hasLocalLinkage() ? Other : V;
}

void ModuleReader::readCall(uint32_t From, CallBase &Call) {
  auto *Callee = boundTo(
      In.M,
      dyn_cast<GlobalValue>(Call.getCalledOperand()->stripPointerCasts()));
  uint32_t To =
      Callee && !Callee->isDeclaration() ? Reading.symbolFor(Callee) : NoIndex;
  if (To == NoIndex) {
    // The other module's backend does not know of this call. In a merged module
    // nobody else could have grown along it.
    auto *F = dyn_cast_or_null<Function>(Callee);
    if (F && !F->isIntrinsic() && !IsMerged)
      P.Notes.push_back({Note::Kind::CallOutside, From, objectName(*F)});
    return;
  }
  P.Edges.push_back({From, To, EdgeKind::Call, uint32_t(P.Evidences.size())});
  P.Evidences.push_back({"call", "", 0, 0});
}

/// What inline asm refers to and cannot be grown to is told of the function.
void ModuleReader::readInlineAsm(uint32_t From, CallBase &Call) {
  Asms.add(*Out.Functions[From], Call);
  AsmReferences.clear();
  AsmReader.read(Call, AsmReferences);
  for (const AsmReference &R : AsmReferences) {
    StringRef Target = objectName(*R.Target);
    if (!R.Relocation) {
      Reading.note(Note::Kind::UnreadableAsm, From,
                   "inline asm in '" + P.Symbols[From].Name + "' names '" +
                       Target +
                       "' in a statement that cannot be read for its reach: " +
                       R.Statement);
      continue;
    }
    uint32_t To = Reading.symbolFor(R.Target);
    if (To != NoIndex && R.Section.empty()) {
      Reading.addEdge(From, To, *R.Relocation, "inline asm", 0);
      continue;
    }
    if (R.Relocation->IsShort)
      tellUngrown(From, R);
  }
}

void ModuleReader::tellUngrown(uint32_t From, const AsmReference &R) {
  bool IsData = isa<GlobalVariable>(R.Target);
  std::string Why;
  if (!R.Section.empty())
    Why =
        " from section '" + R.Section + "', whose place is the linker script's";
  else if (!IsData)
    Why = ", which another object defines: it cannot be placed from here";
  Reading.note(IsData ? Note::Kind::DataReference : Note::Kind::OutOfHand, From,
               "inline asm in '" + P.Symbols[From].Name +
                   "': " + R.Relocation->Name + " refers to " +
                   (IsData ? "data '" : "'") + objectName(*R.Target) + "'" +
                   Why);
}

void readInlineAsms(ReadModule &Read) {
  Read.InlineAsms.emplace();
  InlineAsmList Asms(Read);
  for (Function *F : Read.Functions)
    for (Instruction &I : instructions(*F))
      if (auto *Call = dyn_cast<CallBase>(&I); Call && Call->isInlineAsm())
        Asms.add(*F, *Call);
}

void readModule(const ModuleInput &Input, ReadModule &Result) {
  ModuleReader(Input, Result).read();
}

} // namespace section_placement
