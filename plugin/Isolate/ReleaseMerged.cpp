//===- ReleaseMerged.cpp - lto: opt-out in a full-LTO link ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both sides of a line sit in one module here. Two steps: who owns each global,
// and then one walk over all that refer to globals, in which each reference
// from one owner to another is rewritten to a declaration of the same symbol,
// `\\01name`, of which the optimiser knows nothing.
//
// Guaranteed, for each opted-out file: no function or initialiser of another
// file refers to a definition of it, nor any of it to a definition of another;
// so no pass that follows references carries a fact or code across. It holds
// because
//  - each definition of the file that was there at the end of its compile bears
//    its mark, and what was made later, or is private and cannot bear one, is
//    local: nothing but its own file can refer to it or be what it, being
//    local, is reached from. Ownership follows from that alone (Owners),
//    whatever made the global: a sanitizer, a profile, a constant that a pass
//    outlined;
//  - so a reference that crosses is to a symbol that the object file shows, and
//    a declaration of it binds to the definition again when code is made. One
//    that could be dropped or has become internal meanwhile is kept for it.
//
// For what the opted-out files declare, the compile has left such a declaration
// beside the plain one, with the attributes of the source; for what refers to
// those files, and for what the merge itself united (a comdat of which another
// file's copy was kept), it is made here. Whole functions are remapped, and not
// calls only: each of them sees one spelling of a symbol, as do all that may be
// inlined into it.
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

/// Those of its initialiser or its whole code, or what it stands for; each
/// once.
static void visitGlobals(const GlobalValue &V,
                         function_ref<void(GlobalValue &)> Visit) {
  SmallPtrSet<const Value *, 32> Seen;
  visitGlobals(cast<llvm::User>(V), Seen, Visit);
  if (auto *F = dyn_cast<Function>(&V))
    for (const Instruction &I : instructions(F))
      visitGlobals(I, Seen, Visit);
}

/// Lists of LLVM's own, to which each file adds: they are of none.
static bool isListOfLLVM(const GlobalValue &V) {
  return V.getName().take_front(5) == "llvm.";
}

namespace {
/// Which unit each global is of.
class Owners {
public:
  Owners(Module &M, const StringSet<> &Wanted);
  /// The rank of the unit that \p V belongs to, in the order of the link and
  /// from 1 on; 0 for all else.
  uint32_t of(const GlobalValue &V) const { return Ranks.lookup(&V); }

private:
  using Edge = std::pair<GlobalValue *, GlobalValue *>;
  void readMarks(Module &M, const StringSet<> &Wanted);
  SmallVector<Edge, 0> edgesInsideFiles(Module &M) const;

  DenseMap<const GlobalValue *, uint32_t> Ranks;
};

class Splitter {
public:
  Splitter(Module &M, const StringSet<> &Wanted) : M(M), Of(M, Wanted) {}
  void split();
  void order();
  /// After the compile's entries of `llvm.compiler.used` have gone.
  void keepWhatTwinsNeed() {
    if (!Kept.empty())
      appendToCompilerUsed(M, Kept.getArrayRef());
  }

private:
  bool crosses(const GlobalValue &User, const GlobalValue &Used) const;
  GlobalValue *twinOf(GlobalValue &V);
  void remap(GlobalObject &User, ArrayRef<GlobalValue *> Used);

  Module &M;
  Owners Of;
  SetVector<GlobalValue *> Kept; ///< Definitions that only twins refer to.
};
} // namespace

void Owners::readMarks(Module &M, const StringSet<> &Wanted) {
  StringMap<uint32_t> Known;
  for (GlobalObject &O : M.global_objects()) {
    std::optional<OptOutMark> Mark = optOutMarkOf(O);
    if (Mark && !O.isDeclaration() && Wanted.count(Mark->Unit))
      Ranks[&O] = Known.try_emplace(Mark->Unit, Known.size() + 1).first->second;
  }
}

/// Visits the variables whose initialisers \p Part, a constant, stands in.
static void forEachVariableOf(llvm::User &Part,
                              function_ref<void(GlobalVariable &)> Visit) {
  for (llvm::User *U : Part.users())
    if (auto *V = dyn_cast<GlobalVariable>(U))
      Visit(*V);
    else if (isa<Constant>(U) && !isa<GlobalValue>(U))
      forEachVariableOf(*U, Visit);
}

/// Pairs of globals that are of one file: a reference to what is local or to a
/// block, an alias or ifunc and what it stands for, what is associated, members
/// of one comdat (all of the one copy that the link has taken). What the marked
/// files refer to has not been made internal by the link, since the compile
/// holds it in `llvm.compiler.used`.
SmallVector<Owners::Edge, 0> Owners::edgesInsideFiles(Module &M) const {
  SmallVector<Edge, 0> Edges;
  auto Read = [&](GlobalValue &User) {
    if (isListOfLLVM(User))
      return;
    bool StandsFor = isa<GlobalAlias>(User) || isa<GlobalIFunc>(User);
    visitGlobals(User, [&](GlobalValue &Used) {
      if (StandsFor || (Used.hasLocalLinkage() && !Used.isDeclaration()))
        Edges.emplace_back(&User, &Used);
    });
    auto *O = dyn_cast<GlobalObject>(&User);
    MDNode *Associated =
        O ? O->getMetadata(LLVMContext::MD_associated) : nullptr;
    if (Associated && Associated->getNumOperands() == 1)
      if (auto *With = dyn_cast_or_null<ValueAsMetadata>(
              Associated->getOperand(0).get()))
        if (auto *Used =
                dyn_cast<GlobalValue>(With->getValue()->stripPointerCasts()))
          Edges.emplace_back(&User, Used);
  };
  DenseMap<const Comdat *, GlobalValue *> FirstOf;
  for (GlobalValue &V : M.global_values())
    Read(V);
  for (GlobalObject &O : M.global_objects()) {
    if (const Comdat *C = O.getComdat())
      if (auto [First, IsNew] = FirstOf.try_emplace(C, &O); !IsNew)
        Edges.emplace_back(&O, First->second);
    for (llvm::User *U : O.users())
      if (isa<BlockAddress>(U))
        forEachVariableOf(
            *U, [&](GlobalVariable &Table) { Edges.emplace_back(&Table, &O); });
  }
  return Edges;
}

Owners::Owners(Module &M, const StringSet<> &Wanted) {
  readMarks(M, Wanted);
  if (Ranks.empty())
    return;
  DenseMap<GlobalValue *, SmallVector<GlobalValue *, 2>> Neighbours;
  for (auto [User, Used] : edgesInsideFiles(M)) {
    Neighbours[User].push_back(Used);
    Neighbours[Used].push_back(User);
  }
  SmallVector<GlobalValue *, 0> Work;
  for (GlobalValue &V : M.global_values())
    if (Ranks.count(&V))
      Work.push_back(&V);
  while (!Work.empty()) {
    GlobalValue *V = Work.pop_back_val();
    uint32_t Rank = Ranks.lookup(V);
    for (GlobalValue *Other : Neighbours.lookup(V))
      if (Ranks.try_emplace(Other, Rank).second)
        Work.push_back(Other);
  }
}

/// Of what is nowhere defined the file's own declaration knows best. What is
/// private has no symbol, and is of the file that refers to it.
bool Splitter::crosses(const GlobalValue &User, const GlobalValue &Used) const {
  if (Of.of(User) == Of.of(Used) || Used.hasPrivateLinkage())
    return false;
  return !Used.isDeclaration() ||
         M.getNamedValue(("\1" + Used.getName()).str());
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
    if (GlobalValue *Twin = twinOf(*V)) {
      Map[V] = Twin;
      if (!V->isDeclaration() && V->isDiscardableIfUnused())
        Kept.insert(V);
    }
  RemapFlags Flags = RF_NoModuleLevelChanges | RF_IgnoreMissingLocals;
  if (auto *F = dyn_cast<Function>(&User))
    RemapFunction(*F, Map, Flags);
  else if (auto *G = dyn_cast<GlobalVariable>(&User))
    G->setInitializer(MapValue(G->getInitializer(), Map, Flags));
}

void Splitter::split() {
  // References are found before any is rewritten: a twin is nobody's.
  MapVector<GlobalObject *, SetVector<GlobalValue *>> Crossing;
  for (GlobalObject &User : M.global_objects())
    if (!isListOfLLVM(User))
      visitGlobals(User, [&](GlobalValue &Used) {
        if (crosses(User, Used))
          Crossing[&User].insert(&Used);
      });
  for (auto &[User, Used] : Crossing)
    remap(*User, Used.getArrayRef());
}

/// Code is emitted in the order of the module's functions, which the merge has
/// made that of first reference.
void Splitter::order() {
  std::vector<Function *> Wanted, Members;
  std::vector<size_t> Slots;
  DenseMap<const Function *, std::pair<uint32_t, uint32_t>> Places;
  for (Function &F : M) {
    std::optional<OptOutMark> Mark = optOutMarkOf(F);
    if (Mark && !Mark->Unit.empty() && !F.isDeclaration() && Of.of(F)) {
      Places[&F] = {Of.of(F), Mark->Ordinal};
      Slots.push_back(Wanted.size());
      Members.push_back(&F);
    }
    Wanted.push_back(&F);
  }
  llvm::sort(Members, [&](const Function *A, const Function *B) {
    return Places.lookup(A) < Places.lookup(B);
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
  S.keepWhatTwinsNeed();
  keepEntriesOfCFI(M);
}

} // namespace section_placement
