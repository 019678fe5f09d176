//===- WholeProgram.cpp - The modules of a link as one Program ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Whole/WholeProgram.h"
#include "ModuleJoiner.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Whole/LiveCode.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/ModuleSummaryIndex.h"

using namespace llvm;

namespace section_placement {

Error WholeProgram::addBitcode(MemoryBufferRef Bytes, StringRef Name) {
  Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(Bytes);
  if (!Parts)
    return errorReading(Name, Parts.takeError());
  Input = Name.str();
  for (BitcodeModule &Part : *Parts)
    if (Error E = addPart(Part))
      return errorReading(Name, std::move(E));
  if (Live)
    if (Error E = Live->addInput(Bytes))
      return errorReading(Name, std::move(E));
  ++ModuleCount;
  return Error::success();
}

/// The index of a module without a summary has its names, and nothing of them.
static bool hasSummary(const ModuleSummaryIndex &Index) {
  return any_of(Index, [&](const auto &Entry) {
    return !Index.getValueInfo(Entry).getSummaryList().empty();
  });
}

Error WholeProgram::addPart(BitcodeModule &Part) {
  uint32_t Begin = P.Symbols.size();
  if (Error E = readPart(Part))
    return E;
  Parts.push_back({Part, Begin, uint32_t(P.Symbols.size())});
  return Error::success();
}

Error WholeProgram::readPart(BitcodeModule &Part) {
  if (ReadsBodies)
    return addBodies(Part);
  // A module without functions is read by its bodies as well, which costs
  // nothing; to ask first whether there is a summary reads it once more.
  Expected<std::unique_ptr<ModuleSummaryIndex>> Index = Part.getSummary();
  if (!Index)
    return Index.takeError();
  return hasSummary(**Index) ? addSummary(Part, **Index) : addBodies(Part);
}

namespace {
/// The analyses that a pass would be given.
struct Analyses {
  LoopAnalysisManager Loops;
  FunctionAnalysisManager Functions;
  CGSCCAnalysisManager SCCs;
  ModuleAnalysisManager Modules;
  Analyses() {
    PassBuilder PB;
    PB.registerModuleAnalyses(Modules);
    PB.registerCGSCCAnalyses(SCCs);
    PB.registerFunctionAnalyses(Functions);
    PB.registerLoopAnalyses(Loops);
    PB.crossRegisterProxies(Loops, Functions, SCCs, Modules);
  }
};
} // namespace

ModuleInput WholeProgram::inputOf(Module &M) const {
  ModuleInput In{M, Wanted, Root};
  In.Link = Link;
  In.IsPartOfWhole = true;
  In.IsLastLink = !Link || Link->Kind != OutputKind::Relocatable;
  return In;
}

Error WholeProgram::addBodies(BitcodeModule &Part) {
  LLVMContext Context;
  Expected<std::unique_ptr<Module>> M = Part.parseModule(Context);
  if (!M)
    return M.takeError();
  Analyses All;
  auto Frequencies = [&](Function &F) -> BlockFrequencyInfo & {
    return All.Functions.getResult<BlockFrequencyAnalysis>(F);
  };
  // Without a machine for the target: costs that all targets share.
  auto Costs = [&](Function &F) -> const TargetTransformInfo & {
    return All.Functions.getResult<TargetIRAnalysis>(F);
  };
  ModuleInput In = inputOf(**M);
  In.Input = Input;
  In.Frequencies = Frequencies;
  In.Costs = Costs;
  In.Profile = &All.Modules.getResult<ProfileSummaryAnalysis>(**M);
  ReadModule Read;
  readModule(In, Read);
  ModuleJoiner(*this, Read).join();
  if (Live)
    Live->addBodies(**M);
  return Error::success();
}

/// How often a call is made, of what a summary says: the frequency relative to
/// the function's entry, or, with a profile, one of five words. Their steps are
/// tens: what is hot is called a hundred times as often as what is cold.
static uint64_t weightOf(const CalleeInfo &Call) {
  static_assert(CalleeInfo::ScaleShift == 8 && WeightOfOne == 256,
                "one unit for both");
  if (Call.RelBlockFreq)
    return Call.RelBlockFreq;
  switch (Call.getHotness()) {
  case CalleeInfo::HotnessType::Cold:
    return WeightOfOne / 10;
  case CalleeInfo::HotnessType::Hot:
    return WeightOfOne * 10;
  case CalleeInfo::HotnessType::Critical:
    return WeightOfOne * 100;
  default:
    return WeightOfOne;
  }
}

/// Bytes that an instruction of IR becomes, over all targets: a summary has
/// their number only.
static constexpr uint64_t BytesOfInstruction = 5;

namespace {
/// The calls of one module's summary, as edges of its Program.
class SummaryReader {
public:
  SummaryReader(const Module &M, const ModuleSummaryIndex &Index,
                ReadModule &Read, const Interest &Wanted, const LinkFacts *Link)
      : Index(Index), Read(Read), P(Read.P), Wanted(Wanted), Link(Link) {
    // A GUID is the MD5 of a name: it is computed once for each.
    for (const Function *F : Read.Functions) {
      Ids.push_back(compat::guidOf(*F));
      Symbols.try_emplace(Ids.back(), Ids.size() - 1);
      Names.try_emplace(Ids.back(), F);
    }
    for (const GlobalValue &V : M.global_values())
      if (!isa<Function>(V) || V.isDeclaration() ||
          V.hasAvailableExternallyLinkage())
        Names.try_emplace(compat::guidOf(V), &V);
  }

  void read();
  /// Has the module been compiled with a profile?
  bool hasProfile() const { return HasProfile; }

private:
  void readFunction(uint32_t I, const FunctionSummary &Summary);
  Binding bindingOf(uint32_t Callee) const;
  uint32_t calleeOf(GlobalValue::GUID Id);

  const ModuleSummaryIndex &Index;
  ReadModule &Read;
  Program &P;
  const Interest &Wanted;
  const LinkFacts *Link;
  bool HasProfile = false;
  std::vector<GlobalValue::GUID> Ids; ///< By function of Read.
  DenseMap<GlobalValue::GUID, uint32_t> Symbols;
  DenseMap<GlobalValue::GUID, const GlobalValue *> Names;
};
} // namespace

/// NoIndex for one that the module does not name (a profile's target).
uint32_t SummaryReader::calleeOf(GlobalValue::GUID Id) {
  auto [Known, IsNew] = Symbols.try_emplace(Id, NoIndex);
  if (!IsNew)
    return Known->second;
  const GlobalValue *V = Names.lookup(Id);
  if (!V)
    return NoIndex;
  if (Link && !V->hasLocalLinkage()) {
    StringRef Name = GlobalValue::dropLLVMManglingEscape(V->getName());
    BoundName Bound = Link->bind(Name, [](StringRef) { return true; });
    if (!Bound.By.empty() && !Bound.Name.empty()) {
      for (uint32_t I = 0; I < P.Symbols.size(); ++I)
        if (P.Symbols[I].Name == Bound.Name && !P.Symbols[I].IsLocal)
          return Symbols[Id] = I;
      Symbol S;
      S.Name = S.Canonical = Bound.Name;
      S.IsUndefined = true;
      P.Symbols.push_back(S);
      return Symbols[Id] = P.Symbols.size() - 1;
    }
  }
  // Of an alias, what it stands for: another definition of this module.
  if (const auto *A = dyn_cast<GlobalAlias>(V))
    if (const GlobalObject *Target = A->getAliaseeObject())
      if (auto Found = Symbols.find(compat::guidOf(*Target));
          Found != Symbols.end() && Found->first != Id) {
        uint32_t Symbol = Found->second;
        Symbols[Id] = Symbol;
        return Symbol;
      }
  Symbol S;
  S.Name = S.Canonical = GlobalValue::dropLLVMManglingEscape(V->getName());
  S.IsUndefined = true;
  P.Symbols.push_back(S);
  return Symbols[Id] = P.Symbols.size() - 1;
}

/// Whether a call may go to another module's definition.
Binding SummaryReader::bindingOf(uint32_t Callee) const {
  if (!Link || Callee >= Read.Functions.size())
    return Binding::Definition;
  const Function &F = *Read.Functions[Callee];
  return F.isDSOLocal() ? Binding::Definition : bindingOfDefinition(*Link, F);
}

void SummaryReader::readFunction(uint32_t I, const FunctionSummary &Summary) {
  P.Symbols[I].HasUnreadBody = true;
  if (Wanted.Sizes)
    P.Symbols[I].Size = Summary.instCount() * BytesOfInstruction;
  if (!Wanted.Calls)
    return;
  if (Summary.fflags().HasUnknownCall) {
    P.Symbols[I].IndirectCalls = 1;
    P.Symbols[I].HasMoreIndirectCalls = true;
  }
  for (const auto &Call : Summary.calls()) {
    if (!Call.first)
      continue; // Damaged: LLVM does not check what a summary refers to.
    HasProfile |= Call.second.getHotness() != CalleeInfo::HotnessType::Unknown;
    uint32_t To = calleeOf(Call.first.getGUID());
    if (To != NoIndex)
      P.Edges.push_back(
          {I, To, EdgeKind::Call, 0, weightOf(Call.second), bindingOf(To)});
  }
}

void SummaryReader::read() {
  // The edges of module asm, where there are any, keep theirs.
  uint32_t By = P.Evidences.size();
  P.Evidences.push_back({"call", "", 0, 0});
  size_t First = P.Edges.size();
  for (uint32_t I = 0; I < Read.Functions.size(); ++I) {
    ValueInfo Info = Index.getValueInfo(Ids[I]);
    if (!Info)
      continue;
    for (const auto &Summary : Info.getSummaryList())
      if (const auto *OfFunction =
              dyn_cast<FunctionSummary>(Summary->getBaseObject()))
        readFunction(I, *OfFunction);
  }
  for (size_t I = First; I < P.Edges.size(); ++I)
    P.Edges[I].Evidence = By;
}

Error WholeProgram::addSummary(BitcodeModule &Part,
                               const ModuleSummaryIndex &Index) {
  LLVMContext Context;
  // As for an import: nodes stay where they are, and named ones, by which a
  // compile records source files, are read.
  Expected<std::unique_ptr<Module>> M = Part.getLazyModule(
      Context, /*ShouldLazyLoadMetadata=*/true, /*IsImporting=*/true);
  if (!M)
    return M.takeError();
  if (Wanted.Sources)
    if (Error E = (*M)->materializeMetadata())
      return E;
  ModuleInput In = inputOf(**M);
  In.Input = Input;
  In.HasBodies = false;
  ReadModule Read;
  readModule(In, Read);
  SummaryReader Summary(**M, Index, Read, Wanted, Link);
  Summary.read();
  HasProfiledSummary |= Summary.hasProfile();
  ModuleJoiner(*this, Read).join();
  if (Live)
    Live->addSummary(**M, Index);
  return Error::success();
}

uint32_t WholeProgram::promise(StringRef Name) {
  auto [Known, IsNew] = Promises.try_emplace(Name, Promised.size());
  if (IsNew)
    Promised.push_back(Known->getKey());
  return Known->second;
}

void WholeProgram::addNatives(const NativeFacts &Facts,
                              const NativeFacts &All) {
  AllNatives = &All;
  uint32_t First = P.Symbols.size();
  for (const NativeSymbol &N : Facts.Symbols) {
    P.Symbols.push_back(symbolOf(N));
    if (!N.IsLocal)
      Globals.try_emplace(N.Name, Definition{uint32_t(P.Symbols.size() - 1),
                                             /*IsWeak=*/false});
  }
  for (const NativeReference &R : Facts.References) {
    bool IsShort = R.Relocation->IsShort && Wanted.Branches;
    bool IsCall = R.Relocation->IsCall && Wanted.Calls;
    BoundName Bound{Binding::Definition, R.Target, ""};
    if (Link)
      Bound = Link->bind(
          R.Target, [&](StringRef Other) { return Globals.count(Other) != 0; });
    auto Target = Globals.find(Bound.Name);
    // What is no function of this program is data, or nobody's.
    if ((!IsShort && !IsCall) || Target == Globals.end())
      continue;
    uint32_t By = P.Evidences.size();
    P.Evidences.push_back({Facts.Symbols[R.From].Object, R.Relocation->Name,
                           R.Offset, R.Relocation->reach()});
    if (!Bound.By.empty()) {
      P.Evidences.back().Name = R.Target;
      P.Evidences.back().BoundBy = keep(Bound.By);
    }
    Binding How = Target->second.Bound;
    if (How == Binding::Definition)
      How = Bound.How;
    uint32_t From = First + R.From, To = Target->second.Symbol;
    if (IsShort)
      P.Edges.push_back({From, To, EdgeKind::Branch, By, 0, How});
    if (IsCall)
      P.Edges.push_back({From, To, EdgeKind::Call, By, WeightOfOne, How});
  }
}

void WholeProgram::addLeftOut(const Program &Other) {
  for (const Symbol &From : Other.Symbols) {
    if (From.IsUndefined || (!From.IsLocal && Globals.count(From.Name)))
      continue;
    Symbol S;
    S.Name = keep(From.Name);
    S.Canonical = keep(From.Canonical);
    S.Source = keep(From.Source);
    S.Holds = From.Holds;
    S.IsLocal = From.IsLocal;
    S.IsUndefined = S.IsDropped = true;
    P.Symbols.push_back(S);
  }
}

uint32_t WholeProgram::resolve(uint32_t Symbol) const {
  if (Symbol & PromiseBit)
    return Bound[Symbol & ~PromiseBit].Symbol;
  for (auto Found = Replaced.find(Symbol); Found != Replaced.end();
       Found = Replaced.find(Symbol))
    Symbol = Found->second;
  return Symbol;
}

/// What the modules bound already, they bound by all but PROVIDE, which counts
/// where no input of the whole link defines the name.
WholeProgram::BoundPromise WholeProgram::bindPromise(StringRef Name) {
  Symbol S;
  S.Name = S.Canonical = Name;
  S.IsUndefined = true;
  if (AllNatives)
    for (uint32_t Native : AllNatives->symbolsNamed(Name).take_front(1))
      if (!AllNatives->Symbols[Native].IsLocal)
        S.Object = AllNatives->Symbols[Native].Object;
  auto Found = Globals.find(Name);
  BoundName Made;
  if (Found == Globals.end() && S.Object.empty() && Link) {
    Made = Link->bind(
        Name, [&](StringRef Other) { return Globals.count(Other) != 0; });
    if (Made.How == Binding::Provided)
      Found = Globals.find(Made.Name);
  }
  if (Found != Globals.end()) {
    Binding How = Found->second.Bound;
    return {resolve(Found->second.Symbol),
            How == Binding::Definition ? Made.How : How, keep(Made.By)};
  }
  P.Symbols.push_back(S);
  return {uint32_t(P.Symbols.size() - 1), Binding::Definition, ""};
}

uint32_t WholeProgram::boundSymbol(StringRef Name) {
  if (auto Found = Globals.find(Name); Found != Globals.end())
    return resolve(Found->second.Symbol);
  uint32_t Promise = promise(Name);
  for (size_t I = Bound.size(); I < Promised.size(); ++I)
    Bound.push_back(bindPromise(Promised[I]));
  return Bound[Promise].Symbol;
}

void WholeProgram::bindPromises() {
  for (StringRef Name : Promised)
    Bound.push_back(bindPromise(Name));
}

/// What a definition that was replaced refers to is not in the program.
void WholeProgram::bindEdges() {
  erase_if(P.Edges, [&](const Edge &E) { return Replaced.count(E.From); });
  for (Edge &E : P.Edges) {
    if (E.To & PromiseBit) {
      const BoundPromise &B = Bound[E.To & ~PromiseBit];
      if (E.Bound == Binding::Definition || B.How == Binding::Interposable)
        E.Bound = B.How;
      if (!B.By.empty()) {
        Evidence By = P.Evidences[E.Evidence];
        By.Name = Promised[E.To & ~PromiseBit];
        By.BoundBy = B.By;
        E.Evidence = P.Evidences.size();
        P.Evidences.push_back(By);
      }
    }
    E.To = resolve(E.To);
  }
  for (Alias &A : P.Aliases)
    A.Symbol = resolve(A.Symbol);
  for (Symbol &S : P.Symbols)
    if (S.Parent != NoIndex)
      S.Parent = resolve(S.Parent);
  for (auto [Old, New] : Replaced) {
    P.Symbols[Old] = Symbol();
    P.Symbols[Old].IsUndefined = true;
  }
}

/// Nothing that is left refers to what is dropped.
void WholeProgram::dropDead() {
  Live->finish();
  for (Symbol &S : P.Symbols)
    if (S.Guid && !S.IsUndefined && !Live->isKept(S.Guid))
      S.IsUndefined = S.IsDropped = true;
  erase_if(P.Edges, [&](const Edge &E) { return P.Symbols[E.From].IsDropped; });
  erase_if(P.Aliases,
           [&](const Alias &A) { return P.Symbols[A.Symbol].IsDropped; });
  if (P.Reads)
    erase_if(*P.Reads,
             [&](const Read &R) { return P.Symbols[R.From].IsDropped; });
}

Program &WholeProgram::finish() {
  bindPromises();
  bindEdges();
  if (Live)
    dropDead();
  P.finish();
  return P;
}

} // namespace section_placement
