//===- ModuleReading.cpp - What the readers of one module share -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleReading.h"
#include "section-placement/IR/IndirectCalls.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

uint32_t ModuleReading::symbolFor(const GlobalValue *V) const {
  if (auto *A = dyn_cast<GlobalAlias>(V))
    V = A->getAliaseeObject();
  else if (auto *I = dyn_cast<GlobalIFunc>(V))
    V = I->getResolverFunction();
  auto Found = Indices.find(V);
  return Found == Indices.end() ? NoIndex : Found->second;
}

const GlobalValue *ModuleReading::definition(StringRef Name) const {
  const GlobalValue *V = In.M.getNamedValue(Name);
  if (!V || V->isDeclaration())
    if (const GlobalValue *Escaped = In.M.getNamedValue(("\1" + Name).str()))
      V = Escaped;
  bool IsSeen = V && !V->isDeclaration() && !V->hasLocalLinkage() &&
                !V->hasAvailableExternallyLinkage();
  return IsSeen ? V : nullptr;
}

BoundName ModuleReading::bind(StringRef Name) const {
  if (!In.Link)
    return {Binding::Definition, Name, ""};
  return In.Link->bind(Name, [&](StringRef Asked) {
    if (In.IsPartOfWhole || definition(Asked))
      return true;
    return In.Natives &&
           any_of(In.Natives->symbolsNamed(Asked),
                  [&](uint32_t I) { return !In.Natives->Symbols[I].IsLocal; });
  });
}

SmallVector<StringRef, 1> ModuleReading::spellingsOf(StringRef Name) {
  if (!In.Link || In.Link->reboundNames().empty())
    return {Name};
  if (!Rebound) {
    Rebound.emplace();
    for (StringRef Other : In.Link->reboundNames())
      if (BoundName Bound = bind(Other); Bound.Name != Other)
        (*Rebound)[Bound.Name].push_back(Other);
  }
  SmallVector<StringRef, 1> Result = Rebound->lookup(Name);
  if (bind(Name).Name == Name)
    Result.push_back(Name);
  return Result;
}

Binding bindingOfDefinition(const LinkFacts &Link, const GlobalValue &V) {
  if (V.hasLocalLinkage())
    return Binding::Definition;
  return Link.bindingOf({objectName(V), V.getValueType()->isFunctionTy(),
                         V.isWeakForLinker(), V.hasDefaultVisibility()});
}

/// Asked at each call, and answered by patterns: once for each name.
Binding ModuleReading::bindingOf(const GlobalValue &V) {
  if (!In.Link || In.Link->Kind != OutputKind::Shared || V.hasLocalLinkage())
    return Binding::Definition;
  auto [Known, IsNew] = Bindings.try_emplace(&V, Binding::Definition);
  if (IsNew)
    Known->second = bindingOfDefinition(*In.Link, V);
  return Known->second;
}

void ModuleReading::addEdge(uint32_t From, uint32_t To,
                            const RelocationReach &R, const Evidence &By,
                            Binding Bound) {
  uint32_t Index = P.Evidences.size();
  P.Evidences.push_back(By);
  if (R.IsShort && In.Wanted.Branches)
    P.Edges.push_back({From, To, EdgeKind::Branch, Index, 0, Bound});
  if (R.IsCall && In.Wanted.Calls)
    P.Edges.push_back({From, To, EdgeKind::Call, Index, 0, Bound});
}

void ModuleReading::note(Note::Kind What, uint32_t Symbol, StringRef Target,
                         const RelocationReach &R, StringRef Object,
                         uint64_t Offset, StringRef Detail) {
  uint32_t Index = P.Evidences.size();
  P.Evidences.push_back({Object, R.Name, Offset, R.reach()});
  P.Notes.push_back({What, Symbol, Index, P.save(Target), P.save(Detail)});
}

uint32_t ModuleReading::undefined(StringRef Name) {
  auto [Known, IsNew] = Undefined.try_emplace(Name, P.Symbols.size());
  if (!IsNew)
    return Known->second;
  Symbol S;
  S.Name = S.Canonical = P.save(Name);
  S.IsUndefined = true;
  S.IsIFunc = isIFunc(In.M.getNamedValue(Name));
  if (In.Natives)
    for (uint32_t Native : In.Natives->symbolsNamed(Name).take_front(1))
      if (!In.Natives->Symbols[Native].IsLocal)
        S.Object = In.Natives->Symbols[Native].Object;
  P.Symbols.push_back(S);
  return Known->second;
}

uint32_t ModuleReading::named(StringRef Name) {
  const GlobalValue *V = definition(Name);
  uint32_t Symbol = V && !isIFunc(V) ? symbolFor(V) : NoIndex;
  return Symbol != NoIndex ? Symbol : undefined(Name);
}

} // namespace section_placement
