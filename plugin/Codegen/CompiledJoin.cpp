//===- CompiledJoin.cpp - Compiled facts in a Program ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Codegen/CompiledJoin.h"
#include "section-placement/IR/IndirectCalls.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

CodeJoiner::CodeJoiner(Module &M, ReadModule &Read, CompiledFacts &Facts,
                       const NativeFacts *Natives,
                       const CodegenSettings &Settings)
    : M(M), Read(Read), P(Read.P), Facts(Facts), Natives(Natives),
      Settings(Settings) {
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    Indices[Read.Functions[I]] = I;
  for (uint32_t I = 0; I < Read.Variables.size(); ++I)
    Indices[Read.Variables[I]] = Read.Functions.size() + I;
  for (uint32_t I = 0; I < P.Symbols.size(); ++I)
    if (P.Symbols[I].IsUndefined)
      Undefined.try_emplace(P.Symbols[I].Name, I);
}

uint32_t CodeJoiner::named(StringRef Name) {
  const GlobalValue *V = M.getNamedValue(Name);
  if (V && !V->hasLocalLinkage())
    if (auto *Object = V->getAliaseeObject())
      if (auto Found = Indices.find(Object); Found != Indices.end())
        return Found->second;
  auto [Known, IsNew] = Undefined.try_emplace(Name, P.Symbols.size());
  if (!IsNew)
    return Known->second;
  Symbol S;
  S.Name = S.Canonical = P.save(Name);
  S.IsUndefined = true;
  if (Natives)
    for (uint32_t Native : Natives->symbolsNamed(Name).take_front(1))
      if (!Natives->Symbols[Native].IsLocal)
        S.Object = Natives->Symbols[Native].Object;
  P.Symbols.push_back(S);
  return Known->second;
}

uint32_t CodeJoiner::symbolOf(const GlobalValue &V) {
  if (const GlobalObject *Object = V.getAliaseeObject())
    if (auto Found = Indices.find(Object); Found != Indices.end())
      return Found->second;
  return named(GlobalValue::dropLLVMManglingEscape(V.getName()));
}

/// What growth along calls shall follow: once, and not beside a call of the IR.
void CodeJoiner::addRuntimeCall(uint32_t From, uint32_t To) {
  for (const Edge &E : P.Edges)
    if (E.From == From && E.To == To && isCall(E.Kind))
      return;
  if (Evidence == NoIndex) {
    Evidence = P.Evidences.size();
    P.Evidences.push_back({"code generation", "", 0, 0});
  }
  P.Edges.push_back({From, To, EdgeKind::RuntimeCall, Evidence, WeightOfOne});
}

void CodeJoiner::addConstant(uint32_t From, const CompiledTarget &Target) {
  StringRef Name = P.save(Target.Name);
  auto *Variable = dyn_cast_or_null<GlobalVariable>(Target.Value);
  auto Found = Variable ? Indices.find(Variable) : Indices.end();
  Facts.Outlets.push_back({From, Outlet::Kind::Constant,
                           Found != Indices.end() ? Found->second : NoIndex,
                           Name,
                           Variable ? Variable->getSection() : StringRef()});
  if (!Variable)
    return;
  for (const GlobalValue *Code : codePointersIn(*Variable))
    Facts.Outlets.push_back(
        {From, Outlet::Kind::Pointer, symbolOf(*Code), Name, ""});
}

void CodeJoiner::addReference(uint32_t From, const CompiledTarget &Target,
                              bool IsCall) {
  switch (Target.Kind) {
  case CompiledTargetKind::Variable:
    return;
  case CompiledTargetKind::Constant:
    return addConstant(From, Target);
  case CompiledTargetKind::Code:
    uint32_t To = Target.Value ? symbolOf(*Target.Value) : named(Target.Name);
    Facts.Outlets.push_back(
        {From, IsCall ? Outlet::Kind::Call : Outlet::Kind::Address, To, "",
         ""});
    if (IsCall)
      addRuntimeCall(From, To);
  }
}

void CodeJoiner::readIndirectCalls(uint32_t From) {
  MapVector<StringRef, uint32_t> ByOrigin;
  for (const Instruction &I : instructions(*Read.Functions[From]))
    if (auto *Call = dyn_cast<CallBase>(&I); Call && isIndirectCall(*Call))
      ++ByOrigin[originOfCall(*Call)];
  for (auto [Origin, Count] : ByOrigin)
    Facts.IndirectCalls.push_back({From, Origin, Count});
}

void CodeJoiner::add(const CompiledCode &Code, ArrayRef<uint32_t> Symbols) {
  for (size_t I = 0; I < Symbols.size(); ++I) {
    Facts.Compiled.insert(Symbols[I]);
    P.Symbols[Symbols[I]].Size =
        alignTo(Code.Functions[I].Size, Code.Functions[I].Alignment);
  }
  // What was expected to be called is known now.
  erase_if(P.Edges, [&](const Edge &E) {
    return E.Kind == EdgeKind::RuntimeCall && is_contained(Symbols, E.From);
  });
  for (size_t I = 0; I < Symbols.size(); ++I) {
    DenseSet<std::pair<uint32_t, unsigned>> Seen;
    for (const CompiledReference &R : Code.Functions[I].References)
      if (Seen.insert({R.Target, R.IsCall}).second)
        addReference(Symbols[I], Code.Targets[R.Target], R.IsCall);
    readIndirectCalls(Symbols[I]);
  }
}

/// One that fails takes no other with it.
void CodeJoiner::compile(ArrayRef<uint32_t> Symbols) {
  SmallVector<Function *, 16> Functions;
  for (uint32_t I : Symbols)
    Functions.push_back(Read.Functions[I]);
  Expected<CompiledCode> Code = compileFunctions(M, Functions, Settings);
  if (Code)
    return add(*Code, Symbols);
  std::string Why = toString(Code.takeError());
  if (Symbols.size() > 1) {
    compile(Symbols.take_front(Symbols.size() / 2));
    compile(Symbols.drop_front(Symbols.size() / 2));
    return;
  }
  Facts.Failed[Symbols.front()] = P.save(Why);
}

void CodeJoiner::join(ArrayRef<uint32_t> Symbols) {
  compile(Symbols);
  P.finish();
}

} // namespace section_placement
