//===- Remarks.cpp - The plan as optimisation remarks ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/Remarks.h"
#include "section-placement/IR/IRReader.h"
#include "section-placement/Plan/Classify.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LLVMRemarkStreamer.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

using namespace llvm;

#define PASS_NAME "section-placement"

namespace section_placement {

using ore::NV;

static Function *firstBody(Module &M) {
  for (Function &F : M)
    if (!F.isDeclaration())
      return &F;
  return nullptr;
}

bool isListenedTo(const Module &M) {
  LLVMContext &Context = M.getContext();
  const DiagnosticHandler *Handler = Context.getDiagHandlerPtr();
  return Context.getLLVMRemarkStreamer() ||
         (Handler && Handler->isAnyRemarkEnabled(PASS_NAME));
}

template <typename RemarkT>
static void emit(Function &F, StringRef Name, StringRef Text,
                 ArrayRef<NV> Values = {}) {
  RemarkT R(PASS_NAME, Name, DiagnosticLocation(F.getSubprogram()), &F.front());
  R << Text;
  // For readers of the remark file; the text above has said it all.
  R << ore::setExtraArgs();
  for (const NV &Value : Values)
    R << Value;
  OptimizationRemarkEmitter(&F).emit(R);
}

/// `policy.yaml:5: function: hyp_*`, of each key one.
static std::string patternsIn(const Planned &What, Classifier &C, uint32_t I) {
  std::string Text;
  for (const MatchedPattern &Pattern :
       C.patternsOf(What.ThePlan.Placements[I].Rule, I)) {
    Text += Text.empty() ? "" : ", ";
    Text += (sys::path::filename(Pattern.Where.File) + ":" +
             Twine(Pattern.Where.Line) + ": " + infoOf(Pattern.Key).Name +
             ": " + Pattern.Text)
                .str();
  }
  return Text;
}

static void emitPlacement(Function &F, const Planned &What, Classifier &C,
                          uint32_t I) {
  const Placement &P = What.ThePlan.Placements[I];
  if (P.Reason == PlacementReason::Unclaimed)
    return;
  std::string Text = explainPlacement(What, I);
  SmallVector<NV, 4> Values = {NV("Rule", What.Index.rule(P.Rule).R->Name),
                               NV("Reason", nameOf(P.Reason)),
                               NV("Section", P.Section)};
  if (std::string Patterns = patternsIn(What, C, I); !Patterns.empty())
    Values.push_back(NV("Pattern", Patterns));
  if (P.Section.empty())
    emit<OptimizationRemarkAnalysis>(F, "Claimed", Text, Values);
  else
    emit<OptimizationRemark>(F, "Placed", Text, Values);
}

/// The function that a refusal is about; native code has none, so there the one
/// at the other end of the edge, else the first.
static Function *functionOf(const Planned &What, const Refusal &R,
                            ArrayRef<Function *> Functions) {
  if (R.Symbol < Functions.size())
    return Functions[R.Symbol];
  if (R.Edge != NoIndex && What.P.Edges[R.Edge].From < Functions.size())
    return Functions[What.P.Edges[R.Edge].From];
  return Functions.empty() ? nullptr : Functions.front();
}

static void emitRefusal(Function &F, const Planned &What, const Refusal &R) {
  NV Values[] = {NV("Rule", What.Index.rule(R.Rule).R->Name),
                 NV("Reason", nameOf(R.Reason))};
  std::string Text = explainRefusal(What, R);
  emit<OptimizationRemarkMissed>(F, "NotPlaced", Text, Values);
}

void emitRemarks(Module &M, const Planned &What, const ReadModule &Read,
                 ArrayRef<std::string> Told) {
  if (!isListenedTo(M))
    return;
  Classifier C(What.P, What.Index);
  ArrayRef<Function *> Functions = Read.Functions;
  // LLVM has no remarks that are of no function.
  if (Function *F = firstBody(M))
    for (uint32_t I = 0; I < Read.Variables.size(); ++I)
      emitPlacement(*F, What, C, Functions.size() + I);
  for (uint32_t I = 0; I < Functions.size(); ++I)
    emitPlacement(*Functions[I], What, C, I);
  for (const Refusal &R : What.ThePlan.Refusals)
    if (Function *F = functionOf(What, R, Functions))
      emitRefusal(*F, What, R);
  for (const std::string &Line : Told)
    emitTold(M, Line);
}

void emitTold(Module &M, StringRef Text) {
  if (!isListenedTo(M))
    return;
  if (Function *F = firstBody(M))
    emit<OptimizationRemarkAnalysis>(*F, "Told", Text);
}

} // namespace section_placement
