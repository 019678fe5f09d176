//===- CallReader.cpp - Who calls whom, and how often ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallReader.h"
#include "section-placement/IR/IndirectCalls.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

CallReader::CallReader(ModuleReading &Reading)
    : Reading(Reading), P(Reading.P) {}

void CallReader::enter(uint32_t Symbol) {
  From = Symbol;
  F = Reading.Out.Functions[Symbol];
  const ModuleInput &In = Reading.In;
  Frequencies =
      In.Wanted.Weights && In.Frequencies ? &In.Frequencies(*F) : nullptr;
  Edges.clear();
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

void CallReader::add(uint32_t To, uint64_t Weight, Binding Bound, uint32_t By) {
  auto [Known, IsNew] = Edges.try_emplace(To, P.Edges.size());
  if (!IsNew) {
    P.Edges[Known->second].Weight += Weight;
    return;
  }
  if (By == NoIndex) {
    if (CallEvidence == NoIndex) {
      CallEvidence = P.Evidences.size();
      P.Evidences.push_back({"call", "", 0, 0});
    }
    By = CallEvidence;
  }
  P.Edges.push_back({From, To, EdgeKind::Call, By, Weight, Bound});
}

/// A call of the symbol \p Name, wherever the link makes it go.
void CallReader::addNamed(StringRef Name, uint64_t Weight) {
  BoundName Bound = Reading.bind(Name);
  const GlobalValue *V = Reading.definition(Bound.Name);
  uint32_t By = NoIndex;
  if (!Bound.By.empty()) {
    By = P.Evidences.size();
    P.Evidences.push_back({"call", "", 0, 0});
    Reading.setBound(P.Evidences.back(), Name, Bound);
  }
  Binding How =
      V && !V->isDSOLocal() ? Reading.bindingOf(*V) : Binding::Definition;
  add(Reading.named(Bound.Name.empty() ? Name : Bound.Name), Weight,
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
  if (isIFunc(Callee))
    add(Reading.undefined(objectName(*Callee)), weightOf(Call));
  else if (To != NoIndex && Callee->hasLocalLinkage())
    add(To, weightOf(Call));
  else
    addNamed(objectName(*Callee), weightOf(Call));
}

void CallReader::read(Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  if (Call && !isa<IntrinsicInst>(Call) && !Call->isInlineAsm())
    readCall(*Call);
}

} // namespace section_placement
