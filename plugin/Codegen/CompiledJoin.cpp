//===- CompiledJoin.cpp - Compiled facts in a Program ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Codegen/CompiledJoin.h"
#include "section-placement/IR/IndirectCalls.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Objects/NativeMembers.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

CodeJoiner::CodeJoiner(Module &M, ReadModule &Read, CompiledFacts &Facts,
                       const NativeFacts *Natives,
                       const CodegenSettings &Settings, const LinkFacts *Link,
                       NativeMembers *Members)
    : M(M), Read(Read), P(Read.P), Facts(Facts), Natives(Natives),
      Settings(Settings), Link(Link), Members(Members), Asms(M) {
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    Indices[Read.Functions[I]] = I;
  for (uint32_t I = 0; I < Read.Variables.size(); ++I)
    Indices[Read.Variables[I]] = Read.Functions.size() + I;
  for (auto [Copy, Of] : Read.Imported)
    Indices[Of] = Indices.lookup(Copy);
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
  if (!IsNew) {
    describe(P.Symbols[Known->second]);
    return Known->second;
  }
  Symbol S;
  S.Name = S.Canonical = P.save(Name);
  S.IsUndefined = true;
  S.IsIFunc = isIFunc(V);
  if (Natives)
    for (uint32_t Native : Natives->symbolsNamed(Name).take_front(1))
      if (!Natives->Symbols[Native].IsLocal)
        S.Object = Natives->Symbols[Native].Object;
  describe(S);
  P.Symbols.push_back(S);
  return Known->second;
}

/// What another module's local function is called in its source, and which that
/// is: a rule may mean one of several of that name.
void CodeJoiner::describe(Symbol &S) const {
  if (!SourceOf || !S.IsUndefined || !S.Object.empty() || !S.Source.empty())
    return;
  S.Canonical = canonicalName(S.Name, /*Merged=*/false);
  if (std::string Source = SourceOf(S.Name); !Source.empty())
    S.Source = P.save(Source);
}

uint32_t CodeJoiner::symbolOf(const GlobalValue &V) {
  if (const GlobalObject *Object = V.getAliaseeObject())
    if (auto Found = Indices.find(Object); Found != Indices.end())
      return Found->second;
  return named(GlobalValue::dropLLVMManglingEscape(V.getName()));
}

BoundName CodeJoiner::bind(StringRef Called) const {
  if (!Link)
    return {Binding::Definition, Called, ""};
  return Link->bind(Called, [&](StringRef Name) {
    const GlobalValue *V = M.getNamedValue(Name);
    if (V && !V->isDeclarationForLinker())
      return true;
    return (Members && Members->defining(Name)) ||
           (Natives && any_of(Natives->symbolsNamed(Name), [&](uint32_t I) {
              return !Natives->Symbols[I].IsLocal;
            }));
  });
}

/// Native code cannot be moved or compiled, but what it calls stands in its
/// relocations. Its size is that of the member, which a link takes whole.
void CodeJoiner::followNatives() {
  while (Members && !ToFollow.empty()) {
    uint32_t From = ToFollow.back();
    ToFollow.pop_back();
    if (!P.Symbols[From].IsUndefined || !Followed.insert(From).second)
      continue;
    const NativeMember *Member = Members->defining(P.Symbols[From].Name);
    if (!Member)
      continue;
    Symbol &S = P.Symbols[From];
    if (S.Object.empty())
      S.Object = P.save(Member->Name);
    S.Size = Member->CodeBytes;
    S.IsCompiled = true;
    S.HasUnknownCode = Member->HasUnknownCallees;
    Evidence By{P.Symbols[From].Object, "", 0, 0};
    for (StringRef Callee : Member->Callees)
      addNativeEdge(From, Callee, EdgeKind::Call, By);
    for (const AddressedCode &Code : Member->Addressed) {
      By.Relocation = P.save(Code.Relocation);
      By.Offset = Code.Offset;
      if (isCode(Code.Name))
        addNativeEdge(From, Code.Name, EdgeKind::Address, By);
    }
  }
}

/// What no native input defines may still be data.
bool CodeJoiner::isCode(StringRef Name) const {
  const GlobalValue *V = M.getNamedValue(Name);
  return V ? isa<FunctionType>(V->getValueType())
           : Members->defining(Name) != nullptr;
}

void CodeJoiner::addNativeEdge(uint32_t From, StringRef Called, EdgeKind Kind,
                               Evidence By) {
  BoundName Bound = bind(Called);
  uint32_t To = named(Bound.Name.empty() ? Called : Bound.Name);
  if (!Bound.By.empty()) {
    By.Name = Called;
    By.BoundBy = P.save(Bound.By);
  }
  P.Evidences.push_back(By);
  P.Edges.push_back({From, To, Kind, uint32_t(P.Evidences.size() - 1),
                     WeightOfOne, Bound.How});
  ToFollow.push_back(To);
}

/// The symbol that a call of \p Target reaches, wherever the link makes it go.
/// It is an edge for growth to follow: once, and not beside a call of the IR.
uint32_t CodeJoiner::addCall(uint32_t From, const CompiledTarget &Target) {
  const GlobalValue *V = Target.Value;
  bool IsLocal = V && V->hasLocalLinkage();
  BoundName Bound{Binding::Definition, Target.Name, ""};
  if (!IsLocal)
    Bound = bind(Target.Name);
  bool IsRebound = !Bound.By.empty() && !Bound.Name.empty();
  uint32_t To = IsRebound ? named(Bound.Name)
                : V       ? symbolOf(*V)
                          : named(Target.Name);
  ToFollow.push_back(To);
  if (!Callees.insert(To).second)
    return To;
  Evidence By{"code generation", "", 0, 0};
  if (IsRebound) {
    By.Name = P.save(Target.Name);
    By.BoundBy = P.save(Bound.By);
  }
  if (Link && To < Read.Functions.size() && !Read.Functions[To]->isDSOLocal() &&
      Bound.How == Binding::Definition)
    Bound.How = bindingOfDefinition(*Link, *Read.Functions[To]);
  P.Evidences.push_back(By);
  P.Edges.push_back({From, To, EdgeKind::RuntimeCall,
                     uint32_t(P.Evidences.size() - 1), WeightOfOne, Bound.How});
  return To;
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
    uint32_t To = IsCall         ? addCall(From, Target)
                  : Target.Value ? symbolOf(*Target.Value)
                                 : named(Target.Name);
    Facts.Outlets.push_back(
        {From, IsCall ? Outlet::Kind::Call : Outlet::Kind::Address, To, "",
         ""});
  }
}

/// Of inline asm; one whose text cannot be read by itself counts as a jump.
uint32_t CodeJoiner::registerJumps(CallBase &Call) {
  return Call.isInlineAsm() ? Asms.registerJumps(Call).value_or(1) : 0;
}

void CodeJoiner::readIndirectCalls(uint32_t From,
                                   const CompiledFunction &Code) {
  MapVector<StringRef, uint32_t> ByOrigin;
  // Whose source has the variable is not known any more.
  if (auto Calls = count_if(Code.References, [](const CompiledReference &R) {
        return R.IsDescriptorCall;
      }))
    ByOrigin[P.Symbols[From].Canonical] += Calls;
  for (Instruction &I : instructions(*Read.Functions[From]))
    if (auto *Call = dyn_cast<CallBase>(&I)) {
      if (isIndirectCall(*Call))
        ++ByOrigin[originOfCall(*Call)];
      else if (uint32_t Jumps = registerJumps(*Call))
        ByOrigin[originOfCall(*Call)] += Jumps;
    }
  for (auto [Origin, Count] : ByOrigin)
    Facts.IndirectCalls.push_back({From, Origin, Count});
}

void CodeJoiner::add(const CompiledCode &Code, ArrayRef<uint32_t> Symbols) {
  for (size_t I = 0; I < Symbols.size(); ++I) {
    Facts.Compiled.insert(Symbols[I]);
    Symbol &S = P.Symbols[Symbols[I]];
    S.Size = alignTo(Code.Functions[I].Size, Code.Functions[I].Alignment);
    S.IsCompiled = true;
    S.HasUnknownCode = false;
  }
  for (size_t I = 0; I < Symbols.size(); ++I) {
    Callees.clear();
    for (const Edge &E : P.edgesFrom(Symbols[I]))
      if (isCall(E.Kind))
        Callees.insert(E.To);
    DenseSet<std::pair<uint32_t, unsigned>> Seen;
    for (const CompiledReference &R : Code.Functions[I].References)
      if (Seen.insert({R.Target, R.IsCall}).second)
        addReference(Symbols[I], Code.Targets[R.Target], R.IsCall);
    readIndirectCalls(Symbols[I], Code.Functions[I]);
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
  P.Symbols[Symbols.front()].HasUnknownCode = true;
}

void CodeJoiner::join(ArrayRef<uint32_t> Symbols) {
  compile(Symbols);
  followNatives();
  if (Members)
    Facts.UnreadNatives = Members->unread();
  P.finish();
}

} // namespace section_placement
