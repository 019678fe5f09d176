//===- ModuleJoiner.cpp - One module into the whole program ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleJoiner.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace section_placement {

void ModuleJoiner::join() {
  const Program &From = Read.P;
  for (uint32_t I = 0; I < From.Symbols.size(); ++I)
    Of[I] = From.Symbols[I].IsUndefined
                ? PromiseBit | Whole.promise(From.Symbols[I].Name)
                : define(I);
  for (uint32_t I = 0; I < From.Symbols.size(); ++I) {
    uint32_t Parent = From.Symbols[I].Parent;
    if (Parent != NoIndex && Of[I] != NoIndex && !(Of[I] & PromiseBit) &&
        Of[Parent] != NoIndex)
      Whole.P.Symbols[Of[I]].Parent = Of[Parent];
  }
  for (const Alias &A : From.Aliases)
    if (uint32_t To = Of[A.Symbol]; To != NoIndex) {
      Whole.P.Aliases.push_back(
          {Whole.keep(A.Name), To, A.IsLocal, A.IsWeak, A.Bound});
      if (!A.IsLocal)
        Whole.Globals.try_emplace(
            A.Name, WholeProgram::Definition{To, A.IsWeak, A.Bound, true});
    }
  for (const Note &N : From.Notes) {
    uint32_t Symbol = N.Symbol == NoIndex ? NoIndex : Of[N.Symbol];
    if (N.Symbol != NoIndex && Symbol == NoIndex)
      continue;
    uint32_t By = N.Evidence == NoIndex ? NoIndex : copyEvidence(N.Evidence);
    Whole.P.Notes.push_back(
        {N.What, Symbol, By, Whole.P.save(N.Target), Whole.P.save(N.Detail)});
  }
  copyEdges();
}

/// As the linker resolves: a strong definition, else the first.
uint32_t ModuleJoiner::define(uint32_t I) {
  const Symbol &S = Read.P.Symbols[I];
  if (S.IsLocal)
    return copySymbol(I);
  bool IsWeak =
      I < Read.Functions.size() && Read.Functions[I]->isWeakForLinker();
  Binding Bound = Whole.Link && I < Read.Functions.size()
                      ? bindingOfDefinition(*Whole.Link, *Read.Functions[I])
                      : Binding::Definition;
  auto [Known, IsNew] = Whole.Globals.try_emplace(
      S.Name, WholeProgram::Definition{NoIndex, IsWeak, Bound});
  if (!IsNew && (!Known->second.IsWeak || IsWeak))
    return NoIndex;
  uint32_t Symbol = copySymbol(I);
  if (!IsNew && !Known->second.IsAlias)
    Whole.Replaced[Known->second.Symbol] = Symbol;
  Known->second = {Symbol, IsWeak, Bound};
  return Symbol;
}

uint32_t ModuleJoiner::copySymbol(uint32_t I) {
  Program &To = Whole.P;
  const Program &From = Read.P;
  Symbol S = From.Symbols[I];
  size_t At = S.Canonical.data() - S.Name.data();
  bool IsPart = S.Canonical.data() >= S.Name.data() &&
                At + S.Canonical.size() <= S.Name.size();
  S.Name = Whole.keep(S.Name);
  S.Canonical =
      IsPart ? S.Name.substr(At, S.Canonical.size()) : Whole.keep(S.Canonical);
  S.Source = Whole.keep(S.Source);
  S.Archive = Whole.keep(S.Archive);
  S.Section = Whole.keep(S.Section);
  S.Object = Whole.keep(S.Object);
  S.Parent = NoIndex;
  S.AttributesBegin = To.Attributes.size();
  append_range(To.Attributes, From.attributesOf(From.Symbols[I]));
  S.AttributesEnd = To.Attributes.size();
  S.AnnotationsBegin = To.Annotations.size();
  for (StringRef Text : From.annotationsOf(From.Symbols[I]))
    To.Annotations.push_back(Whole.keep(Text));
  S.AnnotationsEnd = To.Annotations.size();
  To.Symbols.push_back(S);
  return To.Symbols.size() - 1;
}

/// Calls in IR share one; a relocation has its own.
uint32_t ModuleJoiner::copyEvidence(uint32_t I) {
  Evidence E = Read.P.Evidences[I];
  bool IsShared = E.Relocation.empty() && E.BoundBy.empty();
  if (IsShared) {
    auto [Known, IsNew] =
        Whole.EvidenceOf.try_emplace(E.Object, Whole.P.Evidences.size());
    if (!IsNew)
      return Known->second;
  }
  E.Object = Whole.keep(E.Object);
  E.Name = Whole.keep(E.Name);
  E.BoundBy = Whole.keep(E.BoundBy);
  Whole.P.Evidences.push_back(E);
  return Whole.P.Evidences.size() - 1;
}

void ModuleJoiner::copyEdges() {
  DenseMap<uint32_t, uint32_t> Copied;
  for (const Edge &E : Read.P.Edges) {
    if (Of[E.From] == NoIndex)
      continue;
    uint32_t To = Of[E.To];
    if (To == NoIndex)
      To = PromiseBit | Whole.promise(Read.P.Symbols[E.To].Name);
    auto [Known, IsNew] = Copied.try_emplace(E.Evidence, 0);
    if (IsNew)
      Known->second = copyEvidence(E.Evidence);
    Whole.P.Edges.push_back(
        {Of[E.From], To, E.Kind, Known->second, E.Weight, E.Bound});
  }
}

} // namespace section_placement
