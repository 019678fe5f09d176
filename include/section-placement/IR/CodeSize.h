//===- CodeSize.h - How large a function's code will be ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A group of functions shall fit into a memory of 32 KiB, and a pass must say
// so before there is any code. It counts what the optimised IR is made of, and
// multiplies by what each of that became, on average, in real programs: a
// linear model for each target, fitted by `bench/size.sh`, which also prints
// how far it is off.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_CODESIZE_H
#define SECTION_PLACEMENT_IR_CODESIZE_H

#include "llvm/ADT/StringRef.h"
#include <array>
#include <cstdint>

namespace llvm {
class Function;
class Triple;
} // namespace llvm

namespace section_placement {

/// What is counted in a function. The names of them are in CodeSize.cpp.
enum class CodeFeature : unsigned {
  Function,
  Caller,
  Argument,
  Return,
  ReturnOfCaller,
  Jump,
  Branch,
  Backwards,
  Switch,
  Case,
  Phi,
  IntOp,
  Multiply,
  Divide,
  Compare,
  Select,
  Cast,
  Index,
  Offset,
  Load,
  Store,
  Float,
  Vector,
  ExtraPart,
  DirectCall,
  IndirectCall,
  CallArgument,
  Constant,
  LargeConstant,
  Global,
  StackObject,
  MemoryCall,
  MemoryBytes,
  Intrinsic,
  Atomic,
  AsmStatement,
  Unaligned,
  PhiConstant,
  BitIntrinsic,
  Count,
};

constexpr unsigned CodeFeatureCount = unsigned(CodeFeature::Count);
using CodeFeatures = std::array<uint32_t, CodeFeatureCount>;

/// What \p F is made of.
CodeFeatures codeFeaturesOf(const llvm::Function &F);

llvm::StringRef nameOf(CodeFeature Feature);

/// What the features become on one target.
struct CodeSizeModel {
  llvm::StringRef Target; ///< `aarch64`, `x86-64`, `riscv`, `thumb`.
  bool ForSize;           ///< Of functions that are optimised for size.
  std::array<float, CodeFeatureCount> Bytes; ///< Of one of each feature.
};

/// The model of \p T, and whether it was fitted for that target and is within
/// the margin of a calibrated one there; else it is the nearest target's, or
/// one that fits less well (RISC-V's).
struct ChosenModel {
  const CodeSizeModel *Model;
  bool IsCalibrated;
};
ChosenModel codeSizeModelFor(const llvm::Triple &T, bool ForSize);

/// The estimated code of \p F, its alignment included, in bytes; at least 1.
uint64_t estimateCodeSize(const llvm::Function &F);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_CODESIZE_H
