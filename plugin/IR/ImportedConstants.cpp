//===- ImportedConstants.cpp - Constants of other modules -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/ImportedConstants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace section_placement {

/// An attribute of the copy: the name of what it is a copy of.
static constexpr StringLiteral CopyOf = "section-placement-copy-of";

unsigned holdImportedConstants(Module &M) {
  SmallVector<GlobalVariable *, 0> Imported;
  for (GlobalVariable &V : M.globals())
    if (V.hasAvailableExternallyLinkage() && V.isConstant() &&
        V.hasInitializer() && !V.isThreadLocal())
      Imported.push_back(&V);
  SmallVector<GlobalValue *, 0> Copies;
  for (GlobalVariable *V : Imported) {
    auto *Copy = new GlobalVariable(
        M, V->getValueType(), /*isConstant=*/true, GlobalValue::PrivateLinkage,
        V->getInitializer(), V->getName() + ".copy", nullptr,
        GlobalValue::NotThreadLocal, V->getAddressSpace());
    Copy->setAlignment(V->getAlign());
    Copy->setUnnamedAddr(V->getUnnamedAddr());
    Copy->addAttribute(CopyOf, V->getName());
    Copies.push_back(Copy);
  }
  appendToCompilerUsed(M, Copies);
  return Copies.size();
}

bool isImportedCopy(const GlobalVariable &V) { return V.hasAttribute(CopyOf); }

SmallVector<std::pair<GlobalVariable *, GlobalVariable *>, 0>
importedConstants(Module &M) {
  SmallVector<std::pair<GlobalVariable *, GlobalVariable *>, 0> Found;
  for (GlobalVariable &V : M.globals())
    if (V.hasAttribute(CopyOf))
      if (GlobalVariable *Of =
              M.getNamedGlobal(V.getAttribute(CopyOf).getValueAsString()))
        Found.push_back({&V, Of});
  return Found;
}

void dropImportedConstants(Module &M) {
  SmallVector<GlobalVariable *, 0> Held;
  for (GlobalVariable &V : M.globals())
    if (V.hasAttribute(CopyOf))
      Held.push_back(&V);
  if (Held.empty())
    return;
  SmallVector<GlobalValue *, 0> Kept;
  GlobalVariable *List =
      collectUsedGlobalVariables(M, Kept, /*CompilerUsed=*/true);
  if (List)
    List->eraseFromParent();
  erase_if(Kept, [](GlobalValue *V) {
    auto *Variable = dyn_cast<GlobalVariable>(V);
    return Variable && isImportedCopy(*Variable);
  });
  if (!Kept.empty())
    appendToCompilerUsed(M, Kept);
  for (GlobalVariable *V : Held) {
    V->removeDeadConstantUsers();
    if (V->use_empty())
      V->eraseFromParent();
  }
}

} // namespace section_placement
