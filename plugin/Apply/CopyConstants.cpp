//===- CopyConstants.cpp - Constants that a rule reads copies of ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CopyConstants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Debug.h"
#include "llvm/Transforms/Utils/ValueMapper.h"
#include <map>

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

static const RemapFlags CopyFlags =
    RF_IgnoreMissingLocals | RF_NoModuleLevelChanges;

static GlobalVariable *copyOf(GlobalVariable &V, StringRef Name,
                              StringRef Section, Module &M) {
  auto *Copy = new GlobalVariable(
      M, V.getValueType(), V.isConstant(), GlobalValue::InternalLinkage,
      V.getInitializer(), Name + ".copy", nullptr, GlobalValue::NotThreadLocal,
      V.getAddressSpace());
  Copy->setAlignment(V.getAlign());
  Copy->setDSOLocal(true);
  Copy->setSection(Section);
  return Copy;
}

unsigned copyConstants(Module &M, const ReadModule &Read, const Plan &ThePlan,
                       const StringSet<> &Written) {
  size_t First = Read.Functions.size();
  std::map<std::pair<uint32_t, StringRef>, GlobalVariable *> Made;
  std::map<uint32_t, ValueToValueMapTy> ByRule;
  for (const DataCopy &C : ThePlan.Copies) {
    GlobalVariable *V = Read.Variables[C.Symbol - First];
    GlobalVariable *&Copy = Made[{C.Symbol, C.Section}];
    if (!Copy) {
      LLVM_DEBUG(dbgs() << "apply: a copy of '" << V->getName() << "' into '"
                        << C.Section << "'\n");
      Copy = copyOf(*V, Read.P.Symbols[C.Symbol].Name, C.Section, M);
      // What is written beside it has the flags of what is written.
      if (Written.contains(C.Section) ||
          namedContent(C.Section) == NamedContent::Written)
        Copy->setConstant(false);
    }
    ValueToValueMapTy &Map = ByRule[C.Rule];
    Map[V] = Copy;
    for (GlobalAlias &A : M.aliases())
      if (A.getAliasee()->stripPointerCasts() == V && !A.isInterposable())
        Map[&A] = Copy;
    if (auto Of = Read.Imported.find(V); Of != Read.Imported.end())
      Map[Of->second] = Copy;
  }
  if (ByRule.empty())
    return 0;
  for (size_t I = 0; I < First; ++I)
    if (auto Map = ByRule.find(ThePlan.Placements[I].Rule); Map != ByRule.end())
      for (Instruction &Inst : instructions(*Read.Functions[I]))
        RemapInstruction(&Inst, Map->second, CopyFlags);
  auto Remap = [&](uint32_t Rule, GlobalVariable &V) {
    auto Map = ByRule.find(Rule);
    if (Map != ByRule.end())
      V.setInitializer(MapValue(V.getInitializer(), Map->second, CopyFlags));
  };
  for (size_t I = 0; I < Read.Variables.size(); ++I)
    if (!ThePlan.Placements[First + I].Section.empty())
      Remap(ThePlan.Placements[First + I].Rule, *Read.Variables[I]);
  for (const DataCopy &C : ThePlan.Copies)
    Remap(C.Rule, *Made.at({C.Symbol, C.Section}));
  return Made.size();
}

} // namespace section_placement
