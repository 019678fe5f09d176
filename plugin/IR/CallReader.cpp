//===- CallReader.cpp - Who calls whom, and how often ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallReader.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

CallReader::CallReader(ModuleReading &Reading)
    : Reading(Reading), P(Reading.P), Runtime(Reading.In.M) {}

void CallReader::enter(uint32_t Symbol) {
  From = Symbol;
  F = Reading.Out.Functions[Symbol];
  const ModuleInput &In = Reading.In;
  Frequencies =
      In.Wanted.Weights && In.Frequencies ? &In.Frequencies(*F) : nullptr;
  Edges.clear();
  Runtime.enter(*F);
}

/// The profile's count where there is one, else the estimate for one run of the
/// function.
uint64_t CallReader::weightOf(const Instruction &I) {
  if (!Frequencies)
    return Reading.In.Wanted.Weights ? WeightOfOne : 0;
  if (auto Count = Frequencies->getBlockProfileCount(I.getParent()))
    return *Count * WeightOfOne;
  double Share = compat::relativeFrequency(*Frequencies, *I.getParent());
  return std::min(Share, 1e9) * WeightOfOne;
}

static uint32_t evidence(Program &P, uint32_t &Known, StringRef Object) {
  if (Known == NoIndex) {
    Known = P.Evidences.size();
    P.Evidences.push_back({Object, "", 0, 0});
  }
  return Known;
}

void CallReader::add(uint32_t To, EdgeKind Kind, uint64_t Weight, Binding Bound,
                     uint32_t By) {
  auto [Known, IsNew] = Edges.try_emplace({To, uint32_t(Kind)}, P.Edges.size());
  if (!IsNew) {
    P.Edges[Known->second].Weight += Weight;
    return;
  }
  if (By == NoIndex)
    By = Kind == EdgeKind::RuntimeCall
             ? evidence(P, RuntimeEvidence, "run-time library")
             : evidence(P, CallEvidence, "call");
  P.Edges.push_back({From, To, Kind, By, Weight, Bound});
}

/// A call of the symbol \p Name, wherever the link makes it go.
void CallReader::addNamed(StringRef Name, EdgeKind Kind, uint64_t Weight) {
  BoundName Bound = Reading.bind(Name);
  const GlobalValue *V = Reading.definition(Bound.Name);
  uint32_t By = NoIndex;
  if (!Bound.By.empty()) {
    By = P.Evidences.size();
    bool IsRuntime = Kind == EdgeKind::RuntimeCall;
    P.Evidences.push_back({IsRuntime ? "run-time library" : "call", "", 0, 0});
    Reading.setBound(P.Evidences.back(), Name, Bound);
  }
  Binding How =
      V && !V->isDSOLocal() ? Reading.bindingOf(*V) : Binding::Definition;
  add(Reading.named(Bound.Name.empty() ? Name : Bound.Name), Kind, Weight,
      How != Binding::Definition ? How : Bound.How, By);
}

/// The definition that the linker binds \p V to, where this module has it: a
/// declaration `\01name` is another spelling of the symbol `name`.
static GlobalValue *boundTo(Module &M, GlobalValue *V) {
  if (!V || !V->isDeclaration() || V->getName().take_front(1) != "\1")
    return V;
  GlobalValue *Other = M.getNamedValue(V->getName().drop_front());
  return Other && !Other->hasLocalLinkage() ? Other : V;
}

void CallReader::readCall(CallBase &Call) {
  auto *Callee = boundTo(
      Reading.In.M,
      dyn_cast<GlobalValue>(Call.getCalledOperand()->stripPointerCasts()));
  if (!Callee) {
    ++P.Symbols[From].IndirectCalls;
    return;
  }
  uint32_t To = Callee->isDeclaration() ? NoIndex : Reading.symbolFor(Callee);
  if (To != NoIndex && Callee->hasLocalLinkage())
    add(To, EdgeKind::Call, weightOf(Call));
  else
    addNamed(objectName(*Callee), EdgeKind::Call, weightOf(Call));
}

void CallReader::readRuntimeCalls(Instruction &I) {
  Runtime.visit(I, [&](StringRef Name) {
    addNamed(Name, EdgeKind::RuntimeCall, weightOf(I));
  });
}

void CallReader::read(Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  if (Call && !isa<IntrinsicInst>(Call) && !Call->isInlineAsm())
    readCall(*Call);
  readRuntimeCalls(I);
}

void CallReader::leave() {
  bool HasIndirectCall = P.Symbols[From].IndirectCalls != 0;
  Runtime.leave(*F, HasIndirectCall, [&](StringRef Name) {
    addNamed(Name, EdgeKind::RuntimeCall,
             Reading.In.Wanted.Weights ? WeightOfOne : 0);
  });
}

} // namespace section_placement
