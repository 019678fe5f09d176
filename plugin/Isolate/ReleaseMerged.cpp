//===- ReleaseMerged.cpp - lto: opt-out in a full-LTO link ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both sides of a line sit in one module here. What a function refers to on the
// other side is given to it as a declaration of the same symbol, `\\01name`, of
// which the optimiser knows nothing. For what the opted-out files declare, the
// compile has left such a declaration beside the plain one; for what refers to
// those files, and for what the merge itself united (a comdat of which another
// file's copy was kept), it is made here.
//
// Whole functions are remapped, and not calls only: each of them sees one
// spelling of a symbol, as do all that may be inlined into it.
//
//===----------------------------------------------------------------------===//

#include "ReleaseMarks.h"
#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Isolate/OptOutMark.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "llvm/Transforms/Utils/ValueMapper.h"
#include <functional>

using namespace llvm;

namespace section_placement {

namespace {
class Splitter {
public:
  Splitter(Module &M, const StringSet<> &Units);
  void split();
  void order();

private:
  void addPrivateVariables();
  /// The rank of the unit that \p V belongs to; 0 for all else.
  uint32_t unitOf(const GlobalValue &V) const;
  void add(const GlobalObject &User, GlobalValue &Used);
  void findUsersOf(GlobalValue &V);
  void findUsedBy(const GlobalObject &User);
  GlobalValue *twinOf(GlobalValue &V);
  void remap(GlobalObject &User, ArrayRef<GlobalValue *> Used);

  Module &M;
  DenseMap<const GlobalValue *, uint32_t> Units; ///< From 1 on.
  struct Place {
    uint32_t Unit, Ordinal;
  };
  DenseMap<const Function *, Place> Places;
  /// What crosses the line, by who refers to it.
  MapVector<GlobalObject *, SetVector<GlobalValue *>> Crossing;
};
} // namespace

Splitter::Splitter(Module &M, const StringSet<> &Wanted) : M(M) {
  StringMap<uint32_t> Ranks; // In the order of the link.
  for (GlobalObject &O : M.global_objects()) {
    std::optional<OptOutMark> Mark = optOutMarkOf(O);
    if (!Mark || O.isDeclaration() || !Wanted.count(Mark->Unit))
      continue;
    uint32_t Rank =
        Ranks.try_emplace(Mark->Unit, Ranks.size() + 1).first->second;
    Units[&O] = Rank;
    if (auto *F = dyn_cast<Function>(&O))
      Places[F] = {Rank, Mark->Ordinal};
  }
  addPrivateVariables();
}

/// Visits each global that \p User refers to, through constants too; each once
/// for one \p Seen.
static void visitGlobals(const llvm::User &User,
                         SmallPtrSetImpl<const Value *> &Seen,
                         function_ref<void(GlobalValue &)> Visit) {
  for (const Use &Part : User.operands()) {
    Value *Operand = Part.get();
    if (!isa<Constant>(Operand) || isa<ConstantData>(Operand) ||
        !Seen.insert(Operand).second)
      continue;
    if (auto *V = dyn_cast<GlobalValue>(Operand))
      Visit(*V);
    else
      visitGlobals(*cast<Constant>(Operand), Seen, Visit);
  }
}

/// Those of its initialiser or its whole code.
static void visitGlobals(const GlobalObject &O,
                         function_ref<void(GlobalValue &)> Visit) {
  SmallPtrSet<const Value *, 32> Seen;
  visitGlobals(O, Seen, Visit);
  if (auto *F = dyn_cast<Function>(&O))
    for (const Instruction &I : instructions(F))
      visitGlobals(I, Seen, Visit);
}

/// A private variable bears no mark. It is of the file whose code refers to it,
/// since no other can: nothing has been inlined across files yet.
void Splitter::addPrivateVariables() {
  std::vector<GlobalObject *> Work;
  for (GlobalObject &O : M.global_objects())
    if (Units.count(&O))
      Work.push_back(&O);
  while (!Work.empty()) {
    GlobalObject &O = *Work.back();
    Work.pop_back();
    uint32_t Unit = Units.lookup(&O);
    visitGlobals(O, [&](GlobalValue &Used) {
      auto *V = dyn_cast<GlobalVariable>(&Used);
      if (V && V->hasPrivateLinkage() && Units.try_emplace(V, Unit).second)
        Work.push_back(V);
    });
  }
}

uint32_t Splitter::unitOf(const GlobalValue &V) const {
  const GlobalValue *Object = V.getAliaseeObject();
  return Object ? Units.lookup(Object) : 0;
}

void Splitter::add(const GlobalObject &User, GlobalValue &Used) {
  if (unitOf(User) != unitOf(Used))
    Crossing[const_cast<GlobalObject *>(&User)].insert(&Used);
}

/// The functions and initialisers that refer to \p V, through constants too.
void Splitter::findUsersOf(GlobalValue &V) {
  SmallVector<const llvm::User *, 16> Work(V.users());
  SmallPtrSet<const llvm::User *, 16> Seen;
  while (!Work.empty()) {
    const llvm::User *U = Work.pop_back_val();
    if (!Seen.insert(U).second)
      continue;
    if (auto *I = dyn_cast<Instruction>(U)) {
      add(*I->getFunction(), V);
    } else if (auto *G = dyn_cast<GlobalVariable>(U)) {
      if (G->getName().take_front(5) != "llvm.")
        add(*G, V);
    } else if (!isa<GlobalValue>(U)) {
      Work.append(U->user_begin(), U->user_end());
    }
  }
}

void Splitter::findUsedBy(const GlobalObject &User) {
  visitGlobals(User, [&](GlobalValue &V) {
    // What is local is the file's own; of what is nowhere defined the file's
    // own declaration knows best.
    bool IsForeign =
        V.isDeclaration()
            ? M.getNamedValue(("\1" + V.getName()).str()) != nullptr
            : !V.hasLocalLinkage();
    if (IsForeign)
      add(User, V);
  });
}

/// What a caller must know of the callee beside its type.
static AttributeList abiAttributes(const Function &F) {
  static const Attribute::AttrKind OfValues[] = {
      Attribute::ZExt,      Attribute::SExt,           Attribute::InReg,
      Attribute::StructRet, Attribute::ByVal,          Attribute::ByRef,
      Attribute::InAlloca,  Attribute::Nest,           Attribute::Preallocated,
      Attribute::SwiftSelf, Attribute::SwiftError,     Attribute::SwiftAsync,
      Attribute::Alignment, Attribute::StackAlignment, Attribute::ElementType};
  static const Attribute::AttrKind OfFunctions[] = {
      Attribute::NoReturn, Attribute::ReturnsTwice, Attribute::NoCfCheck};
  LLVMContext &C = F.getContext();
  auto Choose = [&](AttributeSet From, ArrayRef<Attribute::AttrKind> Kinds) {
    AttrBuilder Chosen(C);
    for (Attribute::AttrKind Kind : Kinds)
      if (From.hasAttribute(Kind))
        Chosen.addAttribute(From.getAttribute(Kind));
    return AttributeSet::get(C, Chosen);
  };
  AttributeList All = F.getAttributes();
  SmallVector<AttributeSet, 8> OfParameters;
  for (unsigned I = 0; I < F.arg_size(); ++I)
    OfParameters.push_back(Choose(All.getParamAttrs(I), OfValues));
  return AttributeList::get(C, Choose(All.getFnAttrs(), OfFunctions),
                            Choose(All.getRetAttrs(), OfValues), OfParameters);
}

/// Does the plain name of \p F stand for its entry of CFI's jump table in the
/// object, so that both spellings have the address that a check wants? Where
/// the function itself keeps the name, only LLVM's own reference is the
/// entry's.
static bool hasNameOfEntry(const Function &F) {
  if (F.isDeclaration())
    return false;
  auto *Flag = mdconst::extract_or_null<ConstantInt>(
      F.getParent()->getModuleFlag("CFI Canonical Jump Tables"));
  return !Flag || !Flag->isZero() ||
         F.hasFnAttribute("cfi-canonical-jump-table");
}

/// The declaration of the symbol of \p V that knows nothing of its definition;
/// null where the symbol has no second spelling.
GlobalValue *Splitter::twinOf(GlobalValue &V) {
  if (V.getName().take_front(1) == "\1")
    return nullptr;
  if (auto *F = dyn_cast<Function>(&V);
      F && F->hasMetadata(LLVMContext::MD_type) && !hasNameOfEntry(*F))
    return nullptr;
  std::string Name = ("\1" + V.getName()).str();
  if (GlobalValue *Known = M.getNamedValue(Name))
    return Known;
  GlobalValue *Twin = nullptr;
  if (auto *Type = dyn_cast<FunctionType>(V.getValueType())) {
    auto *F = Function::Create(Type, GlobalValue::ExternalLinkage,
                               V.getAddressSpace(), Name, &M);
    if (auto *Of = dyn_cast<Function>(V.getAliaseeObject());
        Of && !isa<GlobalIFunc>(V)) {
      F->setCallingConv(Of->getCallingConv());
      F->setAttributes(abiAttributes(*Of));
    }
    Twin = F;
  } else {
    auto *Of = dyn_cast<GlobalVariable>(&V);
    auto *G =
        new GlobalVariable(M, V.getValueType(), Of && Of->isConstant(),
                           GlobalValue::ExternalLinkage, nullptr, Name, nullptr,
                           V.getThreadLocalMode(), V.getAddressSpace());
    if (Of)
      G->setAlignment(Of->getAlign());
    Twin = G;
  }
  Twin->setVisibility(V.getVisibility());
  Twin->setDSOLocal(V.isDSOLocal());
  return Twin;
}

void Splitter::remap(GlobalObject &User, ArrayRef<GlobalValue *> Used) {
  ValueToValueMapTy Map;
  for (GlobalValue *V : Used)
    if (GlobalValue *Twin = twinOf(*V))
      Map[V] = Twin;
  RemapFlags Flags = RF_NoModuleLevelChanges | RF_IgnoreMissingLocals;
  if (auto *F = dyn_cast<Function>(&User))
    RemapFunction(*F, Map, Flags);
  else if (auto *G = dyn_cast<GlobalVariable>(&User))
    G->setInitializer(MapValue(G->getInitializer(), Map, Flags));
}

void Splitter::split() {
  for (GlobalObject &O : M.global_objects()) {
    if (!Units.count(&O))
      continue;
    findUsersOf(O);
    findUsedBy(O);
  }
  for (GlobalAlias &A : M.aliases())
    if (unitOf(A))
      findUsersOf(A);
  for (auto &[User, Used] : Crossing)
    remap(*User, Used.getArrayRef());
}

/// Code is emitted in the order of the module's functions, which the merge has
/// made that of first reference.
void Splitter::order() {
  std::vector<Function *> Wanted, Members;
  std::vector<size_t> Slots;
  for (Function &F : M) {
    if (Places.count(&F)) {
      Slots.push_back(Wanted.size());
      Members.push_back(&F);
    }
    Wanted.push_back(&F);
  }
  llvm::sort(Members, [&](const Function *A, const Function *B) {
    Place PA = Places.lookup(A), PB = Places.lookup(B);
    return std::tie(PA.Unit, PA.Ordinal) < std::tie(PB.Unit, PB.Ordinal);
  });
  for (size_t I = 0; I < Slots.size(); ++I)
    Wanted[Slots[I]] = Members[I];
  // From the last place backwards, each before the one that follows it.
  Module::FunctionListType &List = M.getFunctionList();
  for (size_t Place : reverse(Slots))
    List.splice(Place + 1 < Wanted.size() ? Wanted[Place + 1]->getIterator()
                                          : List.end(),
                List, Wanted[Place]->getIterator());
}

/// CFI gives a function an entry in its jump table where it sees its address
/// taken, and of a twin's it does not know whose it is.
static void keepEntriesOfCFI(Module &M) {
  SmallVector<GlobalValue *, 16> Taken;
  for (Function &F : M) {
    if (F.isDeclaration() || !F.hasMetadata(LLVMContext::MD_type))
      continue;
    Function *Twin = M.getFunction(("\1" + F.getName()).str());
    if (Twin && Twin->hasAddressTaken() && !F.hasAddressTaken())
      Taken.push_back(&F);
  }
  if (!Taken.empty())
    appendToCompilerUsed(M, Taken);
}

void releaseMerged(Module &M, const StringSet<> &Units) {
  Splitter S(M, Units);
  S.split();
  S.order();
  releaseMarks(M, /*Reunites=*/Units.empty());
  keepEntriesOfCFI(M);
}

} // namespace section_placement
