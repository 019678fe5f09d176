//===- CodeSize.cpp - How large a function's code will be -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Why no TargetTransformInfo: its costs are steps for comparing one version of
// a code with another, in no unit of bytes, and differ between LLVM versions;
// counts of the IR do not, and one measurement turns them into bytes.
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/CodeSize.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include <cmath>

using namespace llvm;

namespace section_placement {

StringRef nameOf(CodeFeature Feature) {
  static const StringRef Names[] = {
      "function",      "caller",        "argument",      "return",
      "return-caller", "jump",          "branch",        "backwards",
      "switch",        "case",          "phi",           "int-op",
      "multiply",      "divide",        "compare",       "select",
      "cast",          "index",         "offset",        "load",
      "store",         "float",         "vector",        "extra-part",
      "direct-call",   "indirect-call", "call-arg",      "constant",
      "large-const",   "global",        "stack-object",  "memory-call",
      "memory-bytes",  "intrinsic",     "atomic",        "asm-statement",
      "unaligned",     "phi-constant",  "bit-intrinsic",
  };
  static_assert(std::size(Names) == CodeFeatureCount, "each has a name");
  return Names[unsigned(Feature)];
}

namespace {
class FeatureCounter {
public:
  explicit FeatureCounter(const Function &F)
      : F(F), Layout(F.getParent()->getDataLayout()),
        WordBits(Layout.getPointerSizeInBits()) {}

  CodeFeatures count();

private:
  void add(CodeFeature Feature, uint64_t N = 1) {
    Counts[unsigned(Feature)] += uint32_t(std::min<uint64_t>(N, 1 << 20));
  }
  uint64_t parts(const Type &T) const;
  void countOperands(const Instruction &I);
  void countBlockEnd(const Instruction &I, unsigned Block);
  void countCall(const CallBase &Call);
  void countIntrinsic(const IntrinsicInst &I);
  void countBinary(const Instruction &I);
  void countOther(const Instruction &I);
  void countPhi(const PHINode &Phi);
  void countPieces(const Type &T, Align A);

  const Function &F;
  const DataLayout &Layout;
  unsigned WordBits;
  CodeFeatures Counts{};
  DenseMap<const BasicBlock *, unsigned> Position;
  bool IsCaller = false;
};
} // namespace

/// How many registers hold a value.
uint64_t FeatureCounter::parts(const Type &T) const {
  if (!T.isSized() || T.isVoidTy())
    return 1;
  uint64_t Bits =
      Layout.getTypeSizeInBits(const_cast<Type *>(&T)).getKnownMinValue();
  unsigned Register = T.isVectorTy() ? 128 : WordBits;
  return std::max<uint64_t>(1, (Bits + Register - 1) / Register);
}

void FeatureCounter::countOperands(const Instruction &I) {
  for (const Use &Operand : I.operands()) {
    if (const auto *C = dyn_cast<ConstantInt>(Operand)) {
      bool IsLarge = !C->getValue().isSignedIntN(12);
      add(IsLarge ? CodeFeature::LargeConstant : CodeFeature::Constant);
    } else if (isa<ConstantFP>(Operand)) {
      add(CodeFeature::LargeConstant);
    } else if (isa<GlobalValue, ConstantExpr>(Operand)) {
      add(CodeFeature::Global);
    }
  }
}

void FeatureCounter::countBlockEnd(const Instruction &I, unsigned Block) {
  unsigned Successors = I.getNumSuccessors();
  bool GoesBack = false;
  for (unsigned S = 0; S < Successors; ++S)
    GoesBack |= Position.lookup(I.getSuccessor(S)) <= Block;
  if (GoesBack)
    add(CodeFeature::Backwards);
  if (isa<ReturnInst>(I)) {
    add(CodeFeature::Return);
  } else if (const auto *Switch = dyn_cast<SwitchInst>(&I)) {
    add(CodeFeature::Switch);
    add(CodeFeature::Case, Switch->getNumCases());
  } else if (Successors == 1) {
    // One that falls through costs nothing; which, the layout decides.
    add(CodeFeature::Jump);
  } else if (Successors > 1) {
    add(CodeFeature::Branch);
  }
}

static bool isBitIntrinsic(Intrinsic::ID I) {
  switch (I) {
  case Intrinsic::fshl:
  case Intrinsic::fshr:
  case Intrinsic::bswap:
  case Intrinsic::bitreverse:
  case Intrinsic::ctlz:
  case Intrinsic::cttz:
  case Intrinsic::ctpop:
    return true;
  default:
    return false;
  }
}

void FeatureCounter::countIntrinsic(const IntrinsicInst &I) {
  if (I.isAssumeLikeIntrinsic() || isa<DbgInfoIntrinsic>(I))
    return;
  if (const auto *Memory = dyn_cast<MemIntrinsic>(&I)) {
    const auto *Length = dyn_cast<ConstantInt>(Memory->getLength());
    if (Length && Length->getValue().ule(128)) {
      uint64_t Piece = std::min<uint64_t>(
          Memory->getDestAlign().valueOrOne().value(), WordBits / 8);
      if (const auto *Copy = dyn_cast<MemTransferInst>(&I))
        Piece = std::min(Piece, Copy->getSourceAlign().valueOrOne().value());
      add(CodeFeature::MemoryBytes, Length->getZExtValue());
      add(CodeFeature::Unaligned, Length->getZExtValue() / Piece -
                                      Length->getZExtValue() * 8 / WordBits);
    } else
      add(CodeFeature::MemoryCall);
    return;
  }
  add(I.getType()->isVectorTy()            ? CodeFeature::Vector
      : isBitIntrinsic(I.getIntrinsicID()) ? CodeFeature::BitIntrinsic
                                           : CodeFeature::Intrinsic,
      parts(*I.getType()));
}

/// Lines and `;` end statements; that a comment may have them too is no matter
/// for an estimate.
static unsigned statementsOf(const InlineAsm &Asm) {
  StringRef Text = Asm.getAsmString();
  return Text.empty() ? 0 : 1 + Text.count('\n') + Text.count(';');
}

void FeatureCounter::countCall(const CallBase &Call) {
  if (const auto *Intrinsic = dyn_cast<IntrinsicInst>(&Call))
    return countIntrinsic(*Intrinsic);
  if (Call.isInlineAsm())
    return add(CodeFeature::AsmStatement,
               statementsOf(*cast<InlineAsm>(Call.getCalledOperand())));
  const auto *AsCall = dyn_cast<CallInst>(&Call);
  IsCaller |= !AsCall || !AsCall->isTailCall();
  add(Call.getCalledFunction() ? CodeFeature::DirectCall
                               : CodeFeature::IndirectCall);
  for (const Use &Argument : Call.args())
    add(CodeFeature::CallArgument, parts(*Argument->getType()));
}

void FeatureCounter::countBinary(const Instruction &I) {
  const Type &T = *I.getType();
  if (T.isVectorTy())
    return add(CodeFeature::Vector, parts(T));
  add(CodeFeature::ExtraPart, parts(T) - 1);
  switch (I.getOpcode()) {
  case Instruction::Mul:
    return add(CodeFeature::Multiply);
  case Instruction::SDiv:
  case Instruction::UDiv:
  case Instruction::SRem:
  case Instruction::URem:
    return add(CodeFeature::Divide);
  default:
    return add(T.isFloatingPointTy() ? CodeFeature::Float : CodeFeature::IntOp);
  }
}

/// Values that are in registers already are mostly the same register.
void FeatureCounter::countPhi(const PHINode &Phi) {
  add(CodeFeature::Phi, parts(*Phi.getType()));
  for (const Use &Value : Phi.incoming_values())
    if (isa<Constant>(Value))
      add(CodeFeature::PhiConstant);
}

/// Where the processor wants its loads aligned, one that is not comes in
/// pieces.
void FeatureCounter::countPieces(const Type &T, Align A) {
  uint64_t Bytes =
      Layout.getTypeStoreSize(const_cast<Type *>(&T)).getKnownMinValue();
  uint64_t Piece = std::max<uint64_t>(1, std::min<uint64_t>(A.value(), Bytes));
  add(CodeFeature::Unaligned, (Bytes + Piece - 1) / Piece - 1);
}

void FeatureCounter::countOther(const Instruction &I) {
  const Type &T = *I.getType();
  if (I.isAtomic())
    return add(CodeFeature::Atomic);
  if (const auto *Phi = dyn_cast<PHINode>(&I))
    return countPhi(*Phi);
  if (const auto *Address = dyn_cast<GetElementPtrInst>(&I))
    return add(Address->hasAllConstantIndices() ? CodeFeature::Offset
                                                : CodeFeature::Index);
  if (const auto *Load = dyn_cast<LoadInst>(&I)) {
    countPieces(T, Load->getAlign());
    return add(CodeFeature::Load, parts(T));
  }
  if (const auto *Store = dyn_cast<StoreInst>(&I)) {
    const Type &Stored = *I.getOperand(0)->getType();
    countPieces(Stored, Store->getAlign());
    return add(CodeFeature::Store, parts(Stored));
  }
  if (isa<CmpInst>(I))
    return add(I.getOperand(0)->getType()->isVectorTy() ? CodeFeature::Vector
                                                        : CodeFeature::Compare,
               parts(*I.getOperand(0)->getType()));
  if (isa<AllocaInst>(I))
    return add(CodeFeature::StackObject);
  if (T.isVectorTy())
    return add(CodeFeature::Vector, parts(T));
  if (isa<SelectInst>(I))
    return add(CodeFeature::Select, parts(T));
  if (isa<BitCastInst, IntToPtrInst, PtrToIntInst, TruncInst, FreezeInst>(I))
    return; // Mostly no code.
  add(CodeFeature::Cast);
}

CodeFeatures FeatureCounter::count() {
  unsigned Block = 0;
  for (const BasicBlock &B : F)
    Position[&B] = Block++;
  Block = 0;
  for (const BasicBlock &B : F) {
    for (const Instruction &I : B) {
      if (I.isTerminator())
        countBlockEnd(I, Block);
      if (!isa<IntrinsicInst, PHINode, GetElementPtrInst, SwitchInst>(I))
        countOperands(I);
      if (const auto *Call = dyn_cast<CallBase>(&I))
        countCall(*Call);
      else if (I.isBinaryOp() || I.isUnaryOp())
        countBinary(I);
      else if (!I.isTerminator())
        countOther(I);
    }
    ++Block;
  }
  add(CodeFeature::Function);
  add(CodeFeature::Argument, F.arg_size());
  if (IsCaller) {
    add(CodeFeature::Caller);
    add(CodeFeature::ReturnOfCaller, Counts[unsigned(CodeFeature::Return)]);
  }
  return Counts;
}

CodeFeatures codeFeaturesOf(const Function &F) {
  return FeatureCounter(F).count();
}

static const CodeSizeModel Models[] = {
#include "CodeSizeModels.inc"
};

static const CodeSizeModel *findModel(StringRef Target, bool ForSize) {
  for (const CodeSizeModel &M : Models)
    if (M.Target == Target && M.ForSize == ForSize)
      return &M;
  return &Models[0];
}

ChosenModel codeSizeModelFor(const Triple &T, bool ForSize) {
  switch (T.getArch()) {
  case Triple::aarch64:
  case Triple::aarch64_be:
    return {findModel("aarch64", ForSize), true};
  case Triple::x86_64:
    return {findModel("x86-64", ForSize), true};
  case Triple::riscv32:
  case Triple::riscv64:
    // What an access that is not aligned becomes differs too much.
    return {findModel("riscv", ForSize), false};
  case Triple::thumb:
  case Triple::thumbeb:
    return {findModel("thumb", ForSize), true};
  case Triple::x86:
    return {findModel("x86-64", ForSize), false};
  default:
    return {findModel("aarch64", ForSize), false};
  }
}

uint64_t estimateCodeSize(const Function &F) {
  bool ForSize = F.hasOptSize() || F.hasMinSize();
  const CodeSizeModel &M =
      *codeSizeModelFor(compat::targetTriple(*F.getParent()), ForSize).Model;
  CodeFeatures Counts = codeFeaturesOf(F);
  double Bytes = 0;
  for (unsigned I = 0; I < CodeFeatureCount; ++I)
    Bytes += double(M.Bytes[I]) * Counts[I];
  return uint64_t(std::max(1.0, std::round(Bytes)));
}

} // namespace section_placement
