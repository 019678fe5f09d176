//===- FunctionExtract.cpp - Some functions as a module -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CloneModule copies every declaration and all debug info, which in a module of
// 10,000 functions costs more than compiling a few of them. This maps what the
// bodies reach and no more.
//
//===----------------------------------------------------------------------===//

#include "FunctionExtract.h"
#include "section-placement/Asm/InlineAsmText.h"
#include "section-placement/Split/Split.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

using namespace llvm;

namespace section_placement {

/// Code generation looks into small constants (it copies a short string by
/// immediates), so those are defined; a large one is declared.
static constexpr uint64_t MaximumConstant = 4096;

namespace {
class Extraction final : public ValueMaterializer {
public:
  Extraction(Module &From, StringMap<const GlobalValue *> &Unnamed)
      : From(From), To(std::make_unique<Module>(From.getModuleIdentifier(),
                                                From.getContext())),
        Unnamed(Unnamed) {}

  std::unique_ptr<Module> run(ArrayRef<Function *> InOrder);
  Value *materialize(Value *V) override;

private:
  template <typename T> T *map(T *V) {
    return cast<T>(MapValue(V, VMap, RF_None, nullptr, this));
  }
  void copyHead();
  Function *declare(const Function &F);
  GlobalVariable *declare(GlobalVariable &V);
  void settle(GlobalValue &Copy, const GlobalValue &Original);
  void defineFunction(const Function &F);
  void copyBlocks(const Function &F);
  void keepBlocks(const Function &F);
  void keepOrderOfUses(const Value &V);
  void keepOrderOfUsesIn(const Function &F);
  void definePending();

  Module &From;
  std::unique_ptr<Module> To;
  StringMap<const GlobalValue *> &Unnamed;
  ValueToValueMapTy VMap;
  /// Constants whose initialisers are still to be mapped.
  SmallVector<std::pair<const GlobalVariable *, GlobalVariable *>, 8> Pending;
};
} // namespace

/// A local symbol becomes a hidden one: it binds alike, and the assembler
/// leaves a relocation for it. One without a name is called as the assembler
/// calls it.
void Extraction::settle(GlobalValue &Copy, const GlobalValue &Original) {
  if (!Original.hasName()) {
    Copy.setName("__unnamed_" + Twine(Unnamed.size() + 1));
    Unnamed[Copy.getName()] = &Original;
  }
  bool IsWeak = Original.hasExternalWeakLinkage();
  Copy.setLinkage(IsWeak ? GlobalValue::ExternalWeakLinkage
                         : GlobalValue::ExternalLinkage);
  if (Original.hasLocalLinkage())
    Copy.setVisibility(GlobalValue::HiddenVisibility);
  Copy.setDSOLocal(Original.isDSOLocal() || Original.hasLocalLinkage());
}

Function *Extraction::declare(const Function &F) {
  auto *Copy =
      Function::Create(F.getFunctionType(), GlobalValue::ExternalLinkage,
                       F.getAddressSpace(), F.getName(), To.get());
  Copy->copyAttributesFrom(&F);
  unmarkSplit(*Copy); // What is asked is of the whole function.
  Copy->setPersonalityFn(nullptr);
  Copy->setPrefixData(nullptr);
  Copy->setPrologueData(nullptr);
  Copy->setSection("");
  settle(*Copy, F);
  return Copy;
}

static bool takesAddressOfBlock(const Constant &C,
                                SmallPtrSetImpl<const Constant *> &Seen) {
  if (isa<BlockAddress>(C))
    return true;
  if (isa<GlobalValue>(C) || !Seen.insert(&C).second)
    return false;
  return any_of(C.operands(), [&](const Use &U) {
    auto *Operand = dyn_cast<Constant>(U.get());
    return Operand && takesAddressOfBlock(*Operand, Seen);
  });
}

/// Is what \p V holds of use to code generation?
static bool isSmallConstant(const GlobalVariable &V) {
  SmallPtrSet<const Constant *, 16> Seen;
  return V.isConstant() && V.hasDefinitiveInitializer() && !V.isThreadLocal() &&
         !V.hasAvailableExternallyLinkage() &&
         V.getParent()->getDataLayout().getTypeAllocSize(V.getValueType()) <=
             MaximumConstant &&
         !takesAddressOfBlock(*V.getInitializer(), Seen);
}

GlobalVariable *Extraction::declare(GlobalVariable &V) {
  auto *Copy =
      new GlobalVariable(*To, V.getValueType(), V.isConstant(),
                         GlobalValue::ExternalLinkage, nullptr, V.getName(),
                         nullptr, V.getThreadLocalMode(), V.getAddressSpace());
  Copy->copyAttributesFrom(&V);
  settle(*Copy, V);
  if (V.canIncreaseAlignment())
    Copy->addAttribute(MayBeAligned);
  if (isSmallConstant(V))
    Pending.emplace_back(&V, Copy);
  else
    Copy->setSection("");
  return Copy;
}

Value *Extraction::materialize(Value *V) {
  if (auto *F = dyn_cast<Function>(V))
    return declare(*F);
  if (auto *Variable = dyn_cast<GlobalVariable>(V))
    return declare(*Variable);
  auto *Other = dyn_cast<GlobalValue>(V); // An alias or an ifunc.
  if (!Other)
    return nullptr;
  GlobalValue *Copy;
  if (auto *Type = dyn_cast<FunctionType>(Other->getValueType()))
    Copy =
        Function::Create(Type, GlobalValue::ExternalLinkage,
                         Other->getAddressSpace(), Other->getName(), To.get());
  else
    Copy = new GlobalVariable(
        *To, Other->getValueType(), /*isConstant=*/false,
        GlobalValue::ExternalLinkage, nullptr, Other->getName(), nullptr,
        Other->getThreadLocalMode(), Other->getAddressSpace());
  if (auto *Base = dyn_cast_or_null<Function>(Other->getAliaseeObject()))
    if (auto *F = dyn_cast<Function>(Copy))
      F->setCallingConv(Base->getCallingConv());
  Copy->setVisibility(Other->getVisibility());
  settle(*Copy, *Other);
  return Copy;
}

/// Flags of the module that refer to its symbols (the profile of calls) are no
/// business of a few functions.
void Extraction::copyHead() {
  To->setSourceFileName(From.getSourceFileName());
  To->setDataLayout(From.getDataLayout());
  To->setTargetTriple(From.getTargetTriple());
  To->setModuleInlineAsm(macrosOf(From.getModuleInlineAsm()));
  if (NamedMDNode *Flags = From.getModuleFlagsMetadata())
    for (MDNode *Flag : Flags->operands()) {
      const Metadata *Value =
          Flag->getNumOperands() > 2 ? Flag->getOperand(2).get() : nullptr;
      if (Value && (isa<MDString>(Value) || isa<ConstantAsMetadata>(Value)))
        To->getOrInsertModuleFlagsMetadata()->addOperand(Flag);
    }
}

/// What is said of the source and not of the code.
static void dropDebugInfo(BasicBlock &Block) {
  for (Instruction &I : make_early_inc_range(Block)) {
    if (isa<DbgInfoIntrinsic>(I)) {
      I.eraseFromParent();
      continue;
    }
    compat::dropDebugRecords(I);
    I.setDebugLoc(DebugLoc());
    if (I.getMetadata(LLVMContext::MD_loop))
      updateLoopMetadataDebugLocations(I, [](Metadata *Part) -> Metadata * {
        return isa<DILocation>(Part) ? nullptr : Part;
      });
  }
}

void Extraction::copyBlocks(const Function &F) {
  auto &Copy = *cast<Function>(VMap[&F]);
  for (const auto &[Old, New] : zip(F.args(), Copy.args()))
    VMap[&Old] = &New;
  for (const BasicBlock &Block : F) {
    BasicBlock *New = CloneBasicBlock(&Block, VMap, "", &Copy);
    VMap[&Block] = New;
    dropDebugInfo(*New);
  }
  keepBlocks(F);
}

/// The table of a computed goto may be declared only, and code generation drops
/// a block that nothing names.
void Extraction::keepBlocks(const Function &F) {
  auto &Copy = *cast<Function>(VMap[&F]);
  SmallVector<Constant *, 8> Addresses;
  for (const BasicBlock &Block : F)
    if (Block.hasAddressTaken()) {
      auto *Address = BlockAddress::get(&Copy, cast<BasicBlock>(VMap[&Block]));
      VMap[BlockAddress::get(const_cast<Function *>(&F),
                             const_cast<BasicBlock *>(&Block))] = Address;
      Addresses.push_back(Address);
    }
  if (Addresses.empty())
    return;
  auto *Type = ArrayType::get(Addresses.front()->getType(), Addresses.size());
  new GlobalVariable(*To, Type, /*isConstant=*/true,
                     GlobalValue::ExternalLinkage,
                     ConstantArray::get(Type, Addresses),
                     F.getName() + ".section-placement-blocks");
}

void Extraction::defineFunction(const Function &F) {
  auto *Copy = cast<Function>(VMap[&F]);
  if (F.isInterposable())
    Copy->setLinkage(F.getLinkage());
  Copy->setSection(
      (".text." + GlobalValue::dropLLVMManglingEscape(F.getName())).str());
  if (F.hasPersonalityFn())
    Copy->setPersonalityFn(map(F.getPersonalityFn()));
  if (F.hasPrefixData())
    Copy->setPrefixData(map(F.getPrefixData()));
  if (F.hasPrologueData())
    Copy->setPrologueData(map(F.getPrologueData()));
  SmallVector<std::pair<unsigned, MDNode *>, 2> Attached;
  F.getAllMetadata(Attached);
  for (auto [Kind, Node] : Attached)
    if (Kind != LLVMContext::MD_dbg && Kind != LLVMContext::MD_associated)
      Copy->addMetadata(Kind, *MapMetadata(Node, VMap, RF_None, nullptr, this));
  for (Instruction &I : instructions(*Copy))
    RemapInstruction(&I, VMap, RF_None, nullptr, this);
}

void Extraction::definePending() {
  while (!Pending.empty()) {
    auto [Original, Copy] = Pending.pop_back_val();
    Copy->setInitializer(
        map(const_cast<Constant *>(Original->getInitializer())));
  }
}

void Extraction::keepOrderOfUses(const Value &V) {
  if (!V.hasNUsesOrMore(2))
    return;
  DenseMap<std::pair<const Value *, unsigned>, size_t> Ranks;
  for (const Use &U : V.uses())
    Ranks.try_emplace({VMap.lookup(U.getUser()), U.getOperandNo()},
                      Ranks.size());
  auto RankOf = [&](const Use &U) {
    auto Found = Ranks.find({U.getUser(), U.getOperandNo()});
    return Found == Ranks.end() ? Ranks.size() : Found->second;
  };
  VMap.lookup(&V)->sortUseList(
      [&](const Use &A, const Use &B) { return RankOf(A) < RankOf(B); });
}

/// Code generation visits predecessors and users in the order of their uses,
/// and its layout of blocks depends on that.
void Extraction::keepOrderOfUsesIn(const Function &F) {
  for (const Argument &A : F.args())
    keepOrderOfUses(A);
  for (const BasicBlock &Block : F) {
    keepOrderOfUses(Block);
    for (const Instruction &I : Block)
      if (Value *Copy = VMap.lookup(&I); Copy && !isa<DbgInfoIntrinsic>(I))
        keepOrderOfUses(I);
  }
}

std::unique_ptr<Module> Extraction::run(ArrayRef<Function *> InOrder) {
  copyHead();
  for (Function *F : InOrder)
    VMap[F] = declare(*F);
  for (const Function *F : InOrder)
    copyBlocks(*F);
  for (const Function *F : InOrder)
    defineFunction(*F);
  for (const Function *F : InOrder)
    keepOrderOfUsesIn(*F);
  definePending();
  return std::move(To);
}

std::unique_ptr<Module>
extractFunctions(Module &From, ArrayRef<Function *> Wanted,
                 StringMap<const GlobalValue *> &Unnamed) {
  return Extraction(From, Unnamed).run(Wanted);
}

} // namespace section_placement
