//===- ModuleSession.cpp - A module under the policy in force -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/ModuleSession.h"
#include "section-placement/Explain/ExplainNatives.h"
#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

bool isMerged(const Module &M, Phase P) {
  return P == Phase::FullLTO || M.getModuleIdentifier() == "ld-temp.o";
}

const Place &placeOfRule(const RuleIndex &Rules, uint32_t Rule) {
  return Rules.rule(Rule).R->Where;
}

static constexpr StringLiteral NotesName = "section-placement.told";

void noteTold(Module &M, StringRef Text) {
  LLVMContext &C = M.getContext();
  M.getOrInsertNamedMetadata(NotesName)->addOperand(
      MDNode::get(C, MDString::get(C, Text)));
}

std::vector<std::string> notesTold(const Module &M) {
  std::vector<std::string> Result;
  StringSet<> Said;
  if (const NamedMDNode *Notes = M.getNamedMetadata(NotesName))
    for (const MDNode *Note : Notes->operands())
      if (Note->getNumOperands() == 1)
        if (auto *Text = dyn_cast_or_null<MDString>(Note->getOperand(0).get()))
          if (Said.insert(Text->getString()).second)
            Result.push_back(Text->getString().str());
  return Result;
}

static constexpr StringLiteral NotHeldName = "section-placement.not-held";

void noteNotHeld(Module &M, StringRef Rule, StringRef Why) {
  LLVMContext &C = M.getContext();
  M.getOrInsertNamedMetadata(NotHeldName)
      ->addOperand(
          MDNode::get(C, {MDString::get(C, Rule), MDString::get(C, Why)}));
}

std::map<std::string, std::string> notesNotHeld(const Module &M) {
  std::map<std::string, std::string> Result;
  const NamedMDNode *Notes = M.getNamedMetadata(NotHeldName);
  if (!Notes)
    return Result;
  for (const MDNode *Note : Notes->operands()) {
    if (Note->getNumOperands() != 2)
      continue;
    auto *Rule = dyn_cast_or_null<MDString>(Note->getOperand(0).get());
    auto *Why = dyn_cast_or_null<MDString>(Note->getOperand(1).get());
    if (Rule && Why)
      Result.try_emplace(Rule->getString().str(), Why->getString().str());
  }
  return Result;
}

bool readForPlan(Module &M, ModuleAnalysisManager &Analyses, Session &S,
                 Phase P, ReadModule &Read, std::vector<std::string> &Told) {
  ModuleInput In{M, S.interest(), S.root()};
  In.IsMerged = isMerged(M, P);
  In.KeepsCommon = P == Phase::Compile;
  In.Profile = &Analyses.getResult<ProfileSummaryAnalysis>(M);
  auto Frequencies = [&](Function &F) -> BlockFrequencyInfo & {
    return Analyses.getResult<FunctionAnalysisManagerModuleProxy>(M)
        .getManager()
        .getResult<BlockFrequencyAnalysis>(F);
  };
  In.Frequencies = Frequencies;
  auto Costs = [&](Function &F) -> const TargetTransformInfo & {
    return Analyses.getResult<FunctionAnalysisManagerModuleProxy>(M)
        .getManager()
        .getResult<TargetIRAnalysis>(F);
  };
  In.Costs = Costs;
  if (P == Phase::ThinLTOBackend || P == Phase::FullLTO)
    In.Link = S.link();
  In.IsLastLink = In.Link && In.Link->Kind != OutputKind::Relocatable;
  if (S.interest().Archives && In.Link)
    In.Inputs = S.bitcodeInputs();
  // A compile knows its file, and not the archive that this will be in.
  std::string Input = In.Inputs ? In.Inputs->memberOf(M.getModuleIdentifier())
                                : memberOfModule(M.getModuleIdentifier());
  In.Input = Input;
  if (P != Phase::Compile && P != Phase::PreLink &&
      !S.rules().policy().Natives.empty()) {
    const Session::Natives &N =
        S.natives(elfMachineOf(compat::targetTriple(M)));
    if (!N.Faults.empty()) {
      if (S.claimFaults())
        diagnoseAll(M.getContext(), N.Faults);
      for (const Diagnostic &Fault : N.Faults)
        Told.push_back(Fault.str());
      return false;
    }
    In.Natives = &N.Inputs->Facts;
    In.NamedNatives = N.Named;
    Told = explainNatives(N.Inputs->Notes);
  }
  readModule(In, Read);
  return true;
}

} // namespace section_placement
