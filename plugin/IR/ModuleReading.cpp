//===- ModuleReading.cpp - What the readers of one module share -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleReading.h"
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
  if (In.Natives)
    for (uint32_t Native : In.Natives->symbolsNamed(Name).take_front(1))
      if (!In.Natives->Symbols[Native].IsLocal)
        S.Object = In.Natives->Symbols[Native].Object;
  P.Symbols.push_back(S);
  return Known->second;
}

uint32_t ModuleReading::named(StringRef Name) {
  const GlobalValue *V = In.M.getNamedValue(Name);
  bool IsDefined = V && !V->isDeclaration() && !V->hasLocalLinkage() &&
                   !V->hasAvailableExternallyLinkage();
  uint32_t Symbol = IsDefined ? symbolFor(V) : NoIndex;
  return Symbol != NoIndex ? Symbol : undefined(Name);
}

} // namespace section_placement
