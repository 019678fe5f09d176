//===- ReleaseMarks.cpp - Takes the compile's marks off -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReleaseMarks.h"
#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Isolate/OptOutMark.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace section_placement {

bool hasOptOutMarks(const Module &M) {
  return any_of(
      M, [](const Function &F) { return F.hasFnAttribute(OptOutAttribute); });
}

/// The declarations whose names the compile-time half keeps apart: it put them
/// into `llvm.compiler.used`, which has no declaration else.
static SetVector<GlobalValue *> declarationsApart(const Module &M) {
  SmallVector<GlobalValue *, 64> Used;
  collectUsedGlobalVariables(M, Used, /*CompilerUsed=*/true);
  SetVector<GlobalValue *> Result;
  for (GlobalValue *V : Used)
    if (V->isDeclaration() && V->getName().take_front(1) == "\1")
      Result.insert(V);
  return Result;
}

static bool isKeptByUs(const GlobalValue &V) {
  if (V.isDeclaration())
    return true;
  auto *O = dyn_cast<GlobalObject>(&V);
  std::optional<OptOutMark> Mark = O ? optOutMarkOf(*O) : std::nullopt;
  return Mark && Mark->IsKept;
}

/// ConstantMerge makes one of two files' equal constants, unless they are used
/// in a way that it cannot see.
static bool isLocalConstant(const GlobalValue &V) {
  auto *Variable = dyn_cast<GlobalVariable>(&V);
  return Variable && Variable->isConstant() && Variable->hasLocalLinkage();
}

static void releaseUsed(Module &M, bool KeepsConstants) {
  SmallVector<GlobalValue *, 64> Used, Left;
  GlobalVariable *List =
      collectUsedGlobalVariables(M, Used, /*CompilerUsed=*/true);
  if (!List)
    return;
  copy_if(Used, std::back_inserter(Left), [=](const GlobalValue *V) {
    return !isKeptByUs(*V) || (KeepsConstants && isLocalConstant(*V));
  });
  if (Left.size() == Used.size())
    return;
  List->eraseFromParent();
  appendToCompilerUsed(M, Left);
  // The list that is gone is a constant still, and to IPSCCP a use of the
  // address: of a local function it would learn nothing from its calls.
  for (GlobalValue *V : Used)
    V->removeDeadConstantUsers();
}

static void releaseObject(GlobalObject &O) {
  std::optional<OptOutMark> Mark = optOutMarkOf(O);
  if (!Mark)
    return;
  if (auto *F = dyn_cast<Function>(&O)) {
    if (Mark->IsHeld)
      F->removeFnAttr(Attribute::NoInline);
    if (Mark->WasAlwaysInline)
      F->addFnAttr(Attribute::AlwaysInline);
  }
  removeOptOutMark(O);
}

/// Gives \p Apart its plain name, if it can have it.
static void giveName(Module &M, GlobalValue &Apart, bool Reunites) {
  std::string Plain = Apart.getName().drop_front().str();
  GlobalValue *Other = M.getNamedValue(Plain);
  if (!Other) {
    Apart.setName(Plain);
    return;
  }
  if (Apart.use_empty()) {
    Apart.eraseFromParent();
    return;
  }
  if (Other->isDeclaration() && Other->use_empty()) {
    Other->eraseFromParent();
    Apart.setName(Plain);
    return;
  }
  if (!Reunites || Other->getType() != Apart.getType())
    return;
  // A declaration that the file itself made says no less than an imported one.
  if (Other->isDeclaration() && isa<Function>(Other) == isa<Function>(Apart)) {
    Other->replaceAllUsesWith(&Apart);
    Other->eraseFromParent();
    Apart.setName(Plain);
    return;
  }
  Apart.replaceAllUsesWith(Other);
  Apart.eraseFromParent();
}

void releaseMarks(Module &M, bool Reunites) {
  SetVector<GlobalValue *> Apart = declarationsApart(M);
  releaseUsed(M, /*KeepsConstants=*/!Reunites);
  for (GlobalObject &O : M.global_objects())
    releaseObject(O);
  for (GlobalValue *V : Apart)
    giveName(M, *V, Reunites);
}

} // namespace section_placement
