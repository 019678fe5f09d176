//===- MarkOptedOut.cpp - The compile-time half of lto: opt-out -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Set at the end of the compile, after its inliner: the file itself is compiled
// as ever.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Isolate/OptOutMark.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Debug.h"
#include "llvm/Support/MD5.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

std::string optOutUnitOf(const Module &M, StringRef Source) {
  MD5 Hash;
  Hash.update(Source);
  // One source may be compiled into several objects of a link. Their strong
  // symbols differ; an object without any has nothing that others could refer
  // to but what is merged by name.
  Hash.update(getUniqueModuleId(const_cast<Module *>(&M)));
  MD5::MD5Result Digest;
  Hash.final(Digest);
  return utohexstr(Digest.low(), /*LowerCase=*/true, /*Width=*/16);
}

namespace {
class Marker {
public:
  Marker(Module &M, StringRef Unit) : M(M), Unit(Unit) {}
  void mark();

private:
  void markFunction(Function &F);
  void markVariable(GlobalVariable &V);
  void keepApart(GlobalObject &Declaration);
  GlobalObject *twinOf(GlobalObject &Declaration, const Twine &Name);
  bool mayBeNamedApart(const GlobalValue &Declaration) const;

  Module &M;
  StringRef Unit;
  uint32_t Ordinal = 0;
  SmallPtrSet<GlobalValue *, 16> Used;         ///< Before us.
  SmallPtrSet<const Value *, 4> Personalities; ///< Known to LLVM by name.
  SmallVector<GlobalValue *, 64> Kept;
};
} // namespace

/// CFI takes an entry of `llvm.compiler.used` for a use of the address: it
/// would make a local function global, with an entry in the jump table. A local
/// whose address nobody takes is called by its own file's functions only, and
/// those are held, so that nothing brings the thin link to promote it.
static bool needsNoKeeping(Function &F) {
  if (!F.hasLocalLinkage() || !F.hasMetadata(LLVMContext::MD_type))
    return false;
  F.removeDeadConstantUsers();
  return !F.hasAddressTaken();
}

void Marker::markFunction(Function &F) {
  OptOutMark Mark;
  Mark.Unit = Unit;
  Mark.Ordinal = Ordinal++;
  if (!F.hasAvailableExternallyLinkage()) {
    if (!needsNoKeeping(F)) {
      Mark.IsKept = !Used.count(&F);
      Kept.push_back(&F);
    }
    Mark.WasAlwaysInline = F.hasFnAttribute(Attribute::AlwaysInline);
    Mark.IsHeld = !F.hasFnAttribute(Attribute::NoInline);
    F.removeFnAttr(Attribute::AlwaysInline);
    F.addFnAttr(Attribute::NoInline);
  }
  LLVM_DEBUG(dbgs() << "isolate: marks '" << F.getName() << "' of '" << Unit
                    << "'" << (Mark.IsKept ? ", kept" : "")
                    << (Mark.IsHeld ? ", not inlined" : "") << '\n');
  setOptOutMark(F, Mark);
  if (F.hasPersonalityFn())
    Personalities.insert(F.getPersonalityFn()->stripPointerCasts());
}

void Marker::markVariable(GlobalVariable &V) {
  // Nothing of ours that could be imported refers to a private one.
  if (V.hasPrivateLinkage() || V.hasAvailableExternallyLinkage())
    return;
  OptOutMark Mark;
  Mark.Unit = Unit;
  Mark.IsKept = !Used.count(&V);
  Kept.push_back(&V);
  setOptOutMark(V, Mark);
}

/// May a full-LTO link merge this module? Only in a module that is not merged
/// can nothing bring the two spellings of a symbol together, whoever links it.
static bool mayBeMerged(const Module &M) {
  return M.getModuleFlag("ThinLTO") || M.getModuleFlag("UnifiedLTO");
}

bool Marker::mayBeNamedApart(const GlobalValue &Declaration) const {
  StringRef Name = Declaration.getName();
  if (Name.empty() || Name.front() == '\1' || Name.take_front(5) == "llvm." ||
      Declaration.use_empty())
    return false;
  // LLVM knows a personality by its exact name, and the thin link what has a
  // type for CFI.
  bool IsListed =
      cast<GlobalObject>(Declaration).hasMetadata(LLVMContext::MD_type) &&
      !(isa<Function>(Declaration) && mayBeMerged(M));
  if (Personalities.count(&Declaration) || IsListed)
    return false;
  return !M.getNamedValue(("\1" + Name).str());
}

GlobalObject *Marker::twinOf(GlobalObject &Declaration, const Twine &Name) {
  if (auto *F = dyn_cast<Function>(&Declaration)) {
    auto *Twin = Function::Create(F->getFunctionType(), F->getLinkage(),
                                  F->getAddressSpace(), Name, &M);
    Twin->copyAttributesFrom(F);
    return Twin;
  }
  auto &V = cast<GlobalVariable>(Declaration);
  auto *Twin = new GlobalVariable(M, V.getValueType(), V.isConstant(),
                                  V.getLinkage(), nullptr, Name, nullptr,
                                  V.getThreadLocalMode(), V.getAddressSpace());
  Twin->copyAttributesFrom(&V);
  return Twin;
}

/// In a module that may be merged, the code keeps the plain name: a linker that
/// does not load us would fold a comparison of the two. The backend finds the
/// other declaration there, with the attributes that the source gave it.
void Marker::keepApart(GlobalObject &Declaration) {
  if (!mayBeNamedApart(Declaration))
    return;
  std::string Name = ("\1" + Declaration.getName()).str();
  LLVM_DEBUG(dbgs() << "isolate: '" << Declaration.getName()
                    << "' is named apart\n");
  if (mayBeMerged(M)) {
    Kept.push_back(twinOf(Declaration, Name));
    return;
  }
  Declaration.setName(Name);
  Kept.push_back(&Declaration);
}

void Marker::mark() {
  SmallVector<GlobalValue *, 16> List;
  collectUsedGlobalVariables(M, List, /*CompilerUsed=*/false);
  collectUsedGlobalVariables(M, List, /*CompilerUsed=*/true);
  Used.insert(List.begin(), List.end());
  for (Function &F : M)
    if (!F.isDeclaration())
      markFunction(F);
  for (GlobalVariable &V : M.globals())
    if (!V.isDeclaration() && V.getName().take_front(5) != "llvm.")
      markVariable(V);
  for (GlobalAlias &A : M.aliases())
    Kept.push_back(&A);
  // No ifunc: a summary has none, and LLVM ends in a crash where one is in the
  // list. Its resolver is a function like any other.
  SmallVector<GlobalObject *, 64> Declarations;
  for (Function &F : M)
    if (F.isDeclaration())
      Declarations.push_back(&F);
  for (GlobalVariable &V : M.globals())
    if (V.isDeclaration())
      Declarations.push_back(&V);
  for (GlobalObject *Declaration : Declarations)
    keepApart(*Declaration);
  appendToCompilerUsed(M, Kept);
}

void markOptedOut(Module &M, StringRef Unit) { Marker(M, Unit).mark(); }

} // namespace section_placement
