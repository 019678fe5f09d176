//===- RuntimeCalls.h - Calls that the compiler makes itself ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_RUNTIMECALLS_H
#define SECTION_PLACEMENT_IR_RUNTIMECALLS_H

#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class AtomicRMWInst;
class CallBase;
class Function;
class Instruction;
class IntrinsicInst;
class Type;
} // namespace llvm

namespace section_placement {

/// Tells which functions of the run-time library code generation may call for
/// what stands in the IR: no call instruction is there yet. Where a name
/// depends on what only code generation knows, it ends in `*`.
class RuntimeCalls {
public:
  using Visitor = llvm::function_ref<void(llvm::StringRef Name)>;

  explicit RuntimeCalls(const llvm::Module &M);

  /// To be called before the instructions of \p F are asked about.
  void enter(const llvm::Function &F);
  /// Calls \p Visit for each function that \p I of the entered one may become a
  /// call of.
  void visit(const llvm::Instruction &I, Visitor Visit);
  /// Likewise for the entered function as a whole, after its instructions.
  void leave(const llvm::Function &F, bool HasIndirectCall, Visitor Visit);

private:
  bool has(llvm::StringRef Feature) const { return Features.contains(Feature); }
  bool isSoft(const llvm::Type &T) const;
  bool mayCallForMemory(const llvm::Instruction &I) const;
  void visitIntrinsic(const llvm::IntrinsicInst &I, Visitor Visit);
  void visitArithmetic(const llvm::Instruction &I, Visitor Visit);
  void visitFloat(const llvm::Instruction &I, Visitor Visit);
  void visitAtomic(const llvm::Instruction &I, Visitor Visit);
  void visitThunks(Visitor Visit) const;

  llvm::Triple T;
  unsigned WordBits;
  bool IsPIC;
  llvm::StringRef Features; ///< Of the entered function.
  bool HasAlloca = false;
};

/// \p Function of the C library for \p T: `sinf`, `sin`, `sinl`.
std::string ofPrecision(llvm::StringRef Function, const llvm::Type &T);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_RUNTIMECALLS_H
