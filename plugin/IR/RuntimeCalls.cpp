//===- RuntimeCalls.cpp - Calls that the compiler makes itself ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that runs while flash is off, or before memory is mapped, must not
// call what lies there, and `memcpy` is called by an assignment of a struct.
// The IR does not have these calls yet. What LLVM's legalizer makes of each
// instruction is the target's secret; what is told here is what it may make:
// too much rather than too little. The names are those of libgcc, compiler-rt
// and the Arm run-time ABI (RTABI32), as in LLVM's RuntimeLibcalls.def.
//
//===----------------------------------------------------------------------===//

#include "RuntimeCalls.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace section_placement {

RuntimeCalls::RuntimeCalls(const Module &M)
    : T(compat::targetTriple(M)),
      WordBits(M.getDataLayout().getPointerSizeInBits()),
      IsPIC(M.getPICLevel() != PICLevel::NotPIC &&
            M.getPIELevel() == PIELevel::Default) {}

void RuntimeCalls::enter(const Function &F) {
  Attribute A = F.getFnAttribute("target-features");
  Features = A.isStringAttribute() ? A.getValueAsString() : StringRef();
  HasAlloca = false;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Stores that every target of LLVM expands a copy into even for size
/// (TargetLoweringBase: MaxStoresPerMemcpyOptSize).
static constexpr uint64_t StoresInline = 4;

bool RuntimeCalls::mayCallForMemory(const Instruction &I) const {
  const auto &Memory = cast<MemIntrinsic>(I);
  const auto *Length = dyn_cast<ConstantInt>(Memory.getLength());
  if (!Length)
    return true;
  uint64_t Align = Memory.getDestAlign().valueOrOne().value();
  if (const auto *Copy = dyn_cast<MemTransferInst>(&I))
    Align = std::min(Align, Copy->getSourceAlign().valueOrOne().value());
  uint64_t Bytes = std::min<uint64_t>(Align, WordBits / 8);
  return Length->getValue().ugt(Bytes * StoresInline);
}

static StringRef memoryFunction(const MemIntrinsic &I) {
  switch (I.getIntrinsicID()) {
  case Intrinsic::memcpy:
    return "memcpy";
  case Intrinsic::memmove:
    return "memmove";
  case Intrinsic::memset:
    return "memset";
  default:
    return ""; // The inline ones.
  }
}

//===----------------------------------------------------------------------===//
// Intrinsics
//===----------------------------------------------------------------------===//

/// Functions of the C library that an intrinsic stands for.
static StringRef mathFunction(Intrinsic::ID I) {
  switch (I) {
  case Intrinsic::sin:
    return "sin";
  case Intrinsic::cos:
    return "cos";
  case Intrinsic::pow:
    return "pow";
  case Intrinsic::exp:
    return "exp";
  case Intrinsic::exp2:
    return "exp2";
  case Intrinsic::log:
    return "log";
  case Intrinsic::log2:
    return "log2";
  case Intrinsic::log10:
    return "log10";
  default:
    return "";
  }
}

/// Those that processors with the right instructions have in hardware.
static StringRef roundingFunction(Intrinsic::ID I) {
  switch (I) {
  case Intrinsic::fma:
    return "fma";
  case Intrinsic::floor:
    return "floor";
  case Intrinsic::ceil:
    return "ceil";
  case Intrinsic::trunc:
    return "trunc";
  case Intrinsic::rint:
    return "rint";
  case Intrinsic::nearbyint:
    return "nearbyint";
  case Intrinsic::round:
    return "round";
  case Intrinsic::sqrt:
    return "sqrt";
  default:
    return "";
  }
}

void RuntimeCalls::visitIntrinsic(const IntrinsicInst &I, Visitor Visit) {
  if (const auto *Memory = dyn_cast<MemIntrinsic>(&I)) {
    StringRef Name = memoryFunction(*Memory);
    if (!Name.empty() && mayCallForMemory(I))
      Visit(Name);
    return;
  }
  if (StringRef Name = mathFunction(I.getIntrinsicID()); !Name.empty())
    return Visit(ofPrecision(Name, *I.getType()));
  if (StringRef Name = roundingFunction(I.getIntrinsicID()); !Name.empty()) {
    bool IsSqrt = I.getIntrinsicID() == Intrinsic::sqrt;
    bool IsFma = I.getIntrinsicID() == Intrinsic::fma;
    bool InHardware =
        T.isAArch64() ||
        (T.isX86() && (IsSqrt || has(IsFma ? "+fma" : "+sse4.1")));
    if (!InHardware || isSoft(*I.getType()))
      Visit(ofPrecision(Name, *I.getType()));
    return;
  }
  switch (I.getIntrinsicID()) {
  case Intrinsic::powi:
    return Visit(I.getType()->isFloatTy() ? "__powisf2" : "__powidf2");
  case Intrinsic::clear_cache:
    return Visit("__clear_cache");
  case Intrinsic::smul_with_overflow:
    if (I.getArgOperand(0)->getType()->getScalarSizeInBits() > WordBits)
      Visit(WordBits == 64 ? "__muloti4" : "__mulodi4");
    return;
  case Intrinsic::trap:
  case Intrinsic::debugtrap:
    if (Attribute A = I.getFnAttr("trap-func-name"); A.isStringAttribute())
      Visit(A.getValueAsString());
    return;
  default:
    break;
  }
  if (!IsPIC || !compat::isThreadLocalAddress(I))
    return;
  const auto *V = dyn_cast<GlobalVariable>(I.getArgOperand(0));
  if (V && (V->getThreadLocalMode() == GlobalVariable::GeneralDynamicTLSModel ||
            V->getThreadLocalMode() == GlobalVariable::LocalDynamicTLSModel))
    Visit("__tls_get_addr");
}

//===----------------------------------------------------------------------===//
// Atomics
//===----------------------------------------------------------------------===//

/// AArch64's outlined ones are named by operation, size and order.
static std::string outlinedAtomic(const Instruction &I, uint64_t Bytes) {
  StringRef Operation = "cas";
  AtomicOrdering Order = AtomicOrdering::SequentiallyConsistent;
  if (const auto *RMW = dyn_cast<AtomicRMWInst>(&I)) {
    Order = RMW->getOrdering();
    switch (RMW->getOperation()) {
    case AtomicRMWInst::Xchg:
      Operation = "swp";
      break;
    case AtomicRMWInst::Add:
    case AtomicRMWInst::Sub:
      Operation = "ldadd";
      break;
    case AtomicRMWInst::And:
      Operation = "ldclr";
      break;
    case AtomicRMWInst::Or:
      Operation = "ldset";
      break;
    case AtomicRMWInst::Xor:
      Operation = "ldeor";
      break;
    default:
      break;
    }
  } else {
    Order = cast<AtomicCmpXchgInst>(I).getMergedOrdering();
  }
  StringRef Suffix = Order == AtomicOrdering::Monotonic ? "_relax"
                     : Order == AtomicOrdering::Acquire ? "_acq"
                     : Order == AtomicOrdering::Release ? "_rel"
                                                        : "_acq_rel";
  return ("__aarch64_" + Operation + Twine(Bytes) + Suffix).str();
}

void RuntimeCalls::visitAtomic(const Instruction &I, Visitor Visit) {
  bool IsUpdate = isa<AtomicRMWInst, AtomicCmpXchgInst>(I);
  const Type *Ty = isa<StoreInst>(I)           ? I.getOperand(0)->getType()
                   : isa<AtomicCmpXchgInst>(I) ? I.getOperand(1)->getType()
                                               : I.getType();
  TypeSize Size =
      I.getModule()->getDataLayout().getTypeStoreSize(const_cast<Type *>(Ty));
  uint64_t Bytes = Size.getKnownMinValue();
  bool IsOutlined = T.isAArch64() && has("+outline-atomics") && !has("+lse");
  if (IsUpdate && IsOutlined && Bytes <= 16)
    return Visit(outlinedAtomic(I, Bytes));
  uint64_t Native = WordBits / 8;
  bool HasPair = T.isAArch64() || has("+cx16") ||
                 ((T.isARM() || T.isThumb()) && !T.isThumb());
  if (Bytes > (HasPair ? 2 * Native : Native))
    return Visit("__atomic_*");
  bool LacksAtomics =
      T.isRISCV() ? !has("+a") && !has("+zalrsc")
                  : (T.isARM() || T.isThumb()) && has("+armv6-m") && IsUpdate;
  if (LacksAtomics)
    Visit("__atomic_*");
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void RuntimeCalls::visit(const Instruction &I, Visitor Visit) {
  if (I.isAtomic())
    return isa<FenceInst>(I) ? void() : visitAtomic(I, Visit);
  if (const auto *Intrinsic = dyn_cast<IntrinsicInst>(&I))
    return visitIntrinsic(*Intrinsic, Visit);
  if (const auto *Call = dyn_cast<CallBase>(&I)) {
    // What is passed by value is copied to the stack.
    for (unsigned A = 0; A < Call->arg_size(); ++A)
      if (Call->isByValArgument(A) &&
          I.getModule()
                  ->getDataLayout()
                  .getTypeAllocSize(Call->getParamByValType(A))
                  .getKnownMinValue() > StoresInline * WordBits / 8)
        Visit("memcpy");
    return;
  }
  if (isa<AllocaInst>(I))
    HasAlloca = true;
  else if (isa<ResumeInst>(I))
    Visit("_Unwind_Resume");
  else if (isa<FPMathOperator>(I) || isa<FCmpInst, FPToSIInst, FPToUIInst>(I) ||
           isa<SIToFPInst, UIToFPInst, FPExtInst, FPTruncInst>(I))
    visitFloat(I, Visit);
  else
    visitArithmetic(I, Visit);
}

/// Thunks against speculation stand between an indirect call and its target.
void RuntimeCalls::visitThunks(Visitor Visit) const {
  if (has("+retpoline-external-thunk"))
    Visit("__x86_indirect_thunk_*");
  else if (has("+retpoline"))
    Visit("__llvm_retpoline_*");
  if (has("+lvi-cfi"))
    Visit("__llvm_lvi_thunk_*");
  if (has("+harden-sls-blr"))
    Visit("__llvm_slsblr_thunk_*");
}

void RuntimeCalls::leave(const Function &F, bool HasIndirectCall,
                         Visitor Visit) {
  if (HasIndirectCall)
    visitThunks(Visit);
  if (F.hasFnAttribute(Attribute::FnRetThunkExtern))
    Visit("__x86_return_thunk");
  bool MayProtect = F.hasFnAttribute(Attribute::StackProtect) ||
                    F.hasFnAttribute(Attribute::StackProtectStrong);
  if (F.hasFnAttribute(Attribute::StackProtectReq) || (MayProtect && HasAlloca))
    Visit("__stack_chk_fail");
  if (F.getFnAttribute("fentry-call").getValueAsBool())
    Visit("__fentry__");
  for (StringRef Name : {"instrument-function-entry-inlined",
                         "instrument-function-exit-inlined", "probe-stack"})
    if (Attribute A = F.getFnAttribute(Name); A.isStringAttribute())
      if (A.getValueAsString() != "inline-asm")
        Visit(A.getValueAsString());
  if (F.hasFnAttribute("split-stack"))
    Visit("__morestack");
  // Elsewhere a function with a section of its own is not outlined from.
  if (T.isX86() && F.hasMinSize() && !F.hasFnAttribute("nooutline"))
    Visit("OUTLINED_FUNCTION_*");
}

} // namespace section_placement
