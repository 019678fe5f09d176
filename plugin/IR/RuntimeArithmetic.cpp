//===- RuntimeArithmetic.cpp - Arithmetic that becomes a call -------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Divisions that the processor lacks, integers wider than its registers, floats
// that it computes in software.
//
//===----------------------------------------------------------------------===//

#include "RuntimeCalls.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace section_placement {

std::string ofPrecision(StringRef Function, const Type &T) {
  const Type &Scalar = *T.getScalarType();
  return (Function + (Scalar.isFloatTy() || Scalar.isHalfTy() ? "f"
                      : Scalar.isDoubleTy()                   ? ""
                                                              : "l"))
      .str();
}

/// Does the processor compute with \p Ty in software?
bool RuntimeCalls::isSoft(const Type &Ty) const {
  const Type &Scalar = *Ty.getScalarType();
  if (!Scalar.isFloatingPointTy())
    return false;
  if (Scalar.isFP128Ty())
    return true;
  if (has("+soft-float"))
    return true;
  if (T.isARM() || T.isThumb())
    return Scalar.isDoubleTy() ? !has("+fp64") : !has("+vfp2sp");
  if (T.isRISCV())
    return Scalar.isDoubleTy() ? !has("+d") : !has("+f");
  return false;
}

/// `sf`, `df` or `tf`, as libgcc's functions spell a type.
static StringRef floatMode(const Type &T) {
  const Type &Scalar = *T.getScalarType();
  return Scalar.isDoubleTy() ? "df" : Scalar.isFP128Ty() ? "tf" : "sf";
}

static StringRef intMode(unsigned Bits) {
  return Bits > 64 ? "ti" : Bits > 32 ? "di" : "si";
}

static StringRef floatOperation(unsigned Opcode) {
  switch (Opcode) {
  case Instruction::FAdd:
    return "add";
  case Instruction::FSub:
    return "sub";
  case Instruction::FMul:
    return "mul";
  case Instruction::FDiv:
    return "div";
  default:
    return "";
  }
}

void RuntimeCalls::visitFloat(const Instruction &I, Visitor Visit) {
  const Type &To = *I.getType();
  const Type &From = *I.getOperand(0)->getType();
  bool IsEabi = T.isARM() || T.isThumb();
  if (StringRef Name = floatOperation(I.getOpcode()); !Name.empty()) {
    if (isSoft(To))
      Visit(IsEabi
                ? ("__aeabi_" + Twine(To.isDoubleTy() ? "d" : "f") + Name).str()
                : ("__" + Name + floatMode(To) + "3").str());
    return;
  }
  switch (I.getOpcode()) {
  case Instruction::FRem:
    return Visit(ofPrecision("fmod", To));
  case Instruction::FCmp:
    if (isSoft(From))
      Visit(IsEabi ? (From.isDoubleTy() ? "__aeabi_dcmp*" : "__aeabi_fcmp*")
                   : ("__*" + floatMode(From) + "2").str());
    return;
  case Instruction::FPExt:
  case Instruction::FPTrunc:
    if (isSoft(From) || isSoft(To))
      Visit(IsEabi ? (To.isDoubleTy() ? "__aeabi_f2d" : "__aeabi_d2f")
                   : ((I.getOpcode() == Instruction::FPExt ? "__extend"
                                                           : "__trunc") +
                      floatMode(From) + floatMode(To) + "2")
                         .str());
    return;
  case Instruction::FPToSI:
  case Instruction::FPToUI:
    if (isSoft(From) || To.getScalarSizeInBits() > WordBits)
      Visit(IsEabi ? "__aeabi_*2*"
                   : ("__fix*" + floatMode(From) +
                      intMode(To.getScalarSizeInBits()))
                         .str());
    return;
  case Instruction::SIToFP:
  case Instruction::UIToFP:
    if (isSoft(To) || From.getScalarSizeInBits() > WordBits)
      Visit(IsEabi ? "__aeabi_*2*"
                   : ("__float*" + intMode(From.getScalarSizeInBits()) +
                      floatMode(To))
                         .str());
    return;
  default:
    return;
  }
}

static StringRef divisionOf(unsigned Opcode) {
  switch (Opcode) {
  case Instruction::SDiv:
    return "div";
  case Instruction::UDiv:
    return "udiv";
  case Instruction::SRem:
    return "mod";
  default:
    return "umod";
  }
}

static std::string eabiDivision(unsigned Opcode, bool IsWide) {
  bool IsUnsigned = Opcode == Instruction::UDiv || Opcode == Instruction::URem;
  bool IsRemainder = Opcode == Instruction::SRem || Opcode == Instruction::URem;
  return std::string("__aeabi_") +
         (IsUnsigned ? "u"
          : IsWide   ? ""
                     : "i") +
         (IsWide       ? "ldivmod"
          : IsUnsigned ? "idiv"
                       : "div") +
         (IsRemainder && !IsWide ? "mod" : "");
}

void RuntimeCalls::visitArithmetic(const Instruction &I, Visitor Visit) {
  const Type &Ty = *I.getType();
  if (!Ty.isIntegerTy())
    return;
  unsigned Bits = Ty.getIntegerBitWidth();
  bool IsEabi = T.isARM() || T.isThumb();
  bool LacksMultiply = T.isRISCV() && !has("+m") && !has("+zmmul");
  switch (I.getOpcode()) {
  case Instruction::Mul:
    if (LacksMultiply && !isa<ConstantInt>(I.getOperand(1)))
      Visit(("__mul" + intMode(Bits) + "3").str());
    else if (IsEabi && Bits > 32 && has("+armv6-m"))
      Visit("__aeabi_lmul");
    return;
  case Instruction::SDiv:
  case Instruction::UDiv:
  case Instruction::SRem:
  case Instruction::URem: {
    const auto *By = dyn_cast<ConstantInt>(I.getOperand(1));
    if (By && By->getValue().isPowerOf2())
      return;
    bool LacksDivide = IsEabi ? !has("+hwdiv") : T.isRISCV() && !has("+m");
    if (Bits <= WordBits && !LacksDivide)
      return;
    return Visit(
        IsEabi
            ? eabiDivision(I.getOpcode(), Bits > 32)
            : ("__" + divisionOf(I.getOpcode()) + intMode(Bits) + "3").str());
  }
  default:
    return;
  }
}

} // namespace section_placement
