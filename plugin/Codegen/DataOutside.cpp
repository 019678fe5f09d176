//===- DataOutside.cpp - What code generation puts outside ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Codegen/DataOutside.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

/// Arm's jump tables and pools of constants stand among its instructions.
static bool keepsDataInCode(const Module &M) {
  Triple T = compat::targetTriple(M);
  return T.isARM() || T.isThumb();
}

/// May code generation take it from a pool?
static bool isPooled(const Value &V) {
  auto *C = dyn_cast<Constant>(&V);
  Type *T = V.getType();
  return C && (T->isFloatingPointTy() || isa<FixedVectorType>(T)) &&
         !isa<UndefValue>(C) && !isa<ConstantExpr>(C) && !C->isNullValue() &&
         !(isa<FixedVectorType>(T) &&
           cast<FixedVectorType>(T)->getElementType()->isPointerTy());
}

static bool mayBeLoaded(const Use &U) {
  auto *I = cast<Instruction>(U.getUser());
  if (!isPooled(*U.get()) || isa<GetElementPtrInst>(I) || I->isEHPad())
    return false;
  auto *Call = dyn_cast<CallBase>(I);
  return !Call ||
         (!Call->isInlineAsm() && Call->isArgOperand(&U) &&
          !Call->paramHasAttr(Call->getArgOperandNo(&U), Attribute::ImmArg));
}

static IntrinsicInst *asCountOfZeros(Instruction &I) {
  auto *Count = dyn_cast<IntrinsicInst>(&I);
  return Count && Count->getIntrinsicID() == Intrinsic::cttz ? Count : nullptr;
}

static bool mayNeedPool(Function &F) {
  return any_of(instructions(F), [](Instruction &I) {
    return asCountOfZeros(I) ||
           any_of(I.operands(), [](const Use &U) { return mayBeLoaded(U); });
  });
}

namespace {
/// Makes the constants of a function's pool variables, and loads them.
class PoolLowering {
public:
  PoolLowering(Function &F, StringRef Section) : F(F), Section(Section) {}

  bool run();

private:
  bool expandCounts();
  GlobalVariable *variableFor(Constant *C);
  void load(Use &U);

  Function &F;
  StringRef Section;
  DenseMap<Constant *, GlobalVariable *> Made;
  DenseMap<std::pair<BasicBlock *, Constant *>, Value *> Incoming; ///< Of PHIs.
};
} // namespace

/// `cttz(x)` is `ctpop(~x & (x - 1))`: some targets read a table for it.
bool PoolLowering::expandCounts() {
  SmallVector<IntrinsicInst *, 4> Counts;
  for (Instruction &I : instructions(F))
    if (IntrinsicInst *Count = asCountOfZeros(I))
      Counts.push_back(Count);
  for (IntrinsicInst *Count : Counts) {
    IRBuilder<> B(Count);
    Value *X = Count->getArgOperand(0);
    Value *Below = B.CreateSub(X, ConstantInt::get(X->getType(), 1));
    Count->replaceAllUsesWith(B.CreateUnaryIntrinsic(
        Intrinsic::ctpop, B.CreateAnd(B.CreateNot(X), Below)));
    Count->eraseFromParent();
  }
  return !Counts.empty();
}

/// Marked as initialised elsewhere, so that nothing folds it back.
GlobalVariable *PoolLowering::variableFor(Constant *C) {
  GlobalVariable *&V = Made[C];
  if (V)
    return V;
  V = new GlobalVariable(*F.getParent(), C->getType(), /*isConstant=*/true,
                         GlobalValue::InternalLinkage, C, F.getName() + ".pool",
                         nullptr, GlobalValue::NotThreadLocal, 0,
                         /*isExternallyInitialized=*/true);
  V->setDSOLocal(true);
  V->setSection(Section);
  return V;
}

void PoolLowering::load(Use &U) {
  auto *C = cast<Constant>(U.get());
  auto *Merge = dyn_cast<PHINode>(U.getUser());
  if (!Merge) {
    IRBuilder<> B(cast<Instruction>(U.getUser()));
    U.set(B.CreateLoad(C->getType(), variableFor(C)));
    return;
  }
  BasicBlock *From = Merge->getIncomingBlock(U);
  Value *&Loaded = Incoming[{From, C}];
  if (!Loaded) {
    IRBuilder<> B(From->getTerminator());
    Loaded = B.CreateLoad(C->getType(), variableFor(C));
  }
  U.set(Loaded);
}

bool PoolLowering::run() {
  bool Changed = expandCounts();
  if (Section.empty())
    return Changed;
  SmallVector<Use *, 16> Uses;
  for (Instruction &I : instructions(F))
    for (Use &U : I.operands())
      if (mayBeLoaded(U))
        Uses.push_back(&U);
  for (Use *U : Uses)
    load(*U);
  return Changed || !Uses.empty();
}

static bool hasDataOutside(const CompiledCode &Code,
                           const CompiledFunction &F) {
  return any_of(F.References, [&](const CompiledReference &R) {
    const CompiledTarget &Target = Code.Targets[R.Target];
    return Target.IsMadeByCodegen &&
           Target.Kind == CompiledTargetKind::Constant;
  });
}

/// Those of \p Asked that have data outside. One that cannot be compiled is
/// reported by whoever compiles it next, and takes no other with it.
static void findDataOutside(Module &M, ArrayRef<Function *> Asked,
                            const CodegenSettings &Settings,
                            SmallVectorImpl<Function *> &Found) {
  Expected<CompiledCode> Code = compileFunctions(M, Asked, Settings);
  if (Code) {
    for (const CompiledFunction &Compiled : Code->Functions)
      if (hasDataOutside(*Code, Compiled))
        Found.push_back(Compiled.F);
    return;
  }
  consumeError(Code.takeError());
  if (Asked.size() < 2)
    return;
  findDataOutside(M, Asked.take_front(Asked.size() / 2), Settings, Found);
  findDataOutside(M, Asked.drop_front(Asked.size() / 2), Settings, Found);
}

bool keepDataInside(Module &M, ArrayRef<Function *> Functions,
                    const CodegenSettings &Settings,
                    function_ref<std::string(const Function &)> SectionFor) {
  SmallVector<Function *, 16> Asked;
  for (Function *F : Functions) {
    if (!keepsDataInCode(M))
      F->addFnAttr("no-jump-tables", "true");
    if (mayNeedPool(*F))
      Asked.push_back(F);
  }
  SmallVector<Function *, 16> Found;
  findDataOutside(M, Asked, Settings, Found);
  bool Changed = false;
  for (Function *F : Found)
    Changed |= PoolLowering(*F, SectionFor(*F)).run();
  return Changed;
}

} // namespace section_placement
