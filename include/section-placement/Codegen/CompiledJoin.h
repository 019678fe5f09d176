//===- CompiledJoin.h - Compiled facts in a Program -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_CODEGEN_COMPILEDJOIN_H
#define SECTION_PLACEMENT_CODEGEN_COMPILEDJOIN_H

#include "section-placement/Codegen/CompiledCode.h"
#include "section-placement/IR/IRReader.h"
#include "section-placement/Model/CompiledFacts.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace section_placement {

/// Adds to a module's Program what its functions become.
class CodeJoiner {
public:
  /// \p M was read into \p Read; both, and \p Facts, outlive this. \p Natives,
  /// where it is not null, tells a native callee from a missing one.
  CodeJoiner(llvm::Module &M, ReadModule &Read, CompiledFacts &Facts,
             const NativeFacts *Natives, const CodegenSettings &Settings);

  /// Compiles the functions \p Symbols and finishes the Program again. Their
  /// sizes, outlets and indirect calls are then those of the code, and the
  /// run-time calls that were expected of them are those that there are. One
  /// that cannot be compiled says why.
  void join(llvm::ArrayRef<uint32_t> Symbols);

private:
  void compile(llvm::ArrayRef<uint32_t> Symbols);
  void add(const CompiledCode &Code, llvm::ArrayRef<uint32_t> Symbols);
  void addReference(uint32_t From, const CompiledTarget &Target, bool IsCall);
  void addConstant(uint32_t From, const CompiledTarget &Target);
  void addRuntimeCall(uint32_t From, uint32_t To);
  void readIndirectCalls(uint32_t From);
  uint32_t symbolOf(const llvm::GlobalValue &V);
  uint32_t named(llvm::StringRef Name);

  llvm::Module &M;
  ReadModule &Read;
  Program &P;
  CompiledFacts &Facts;
  const NativeFacts *Natives;
  CodegenSettings Settings;
  llvm::DenseMap<const llvm::GlobalValue *, uint32_t> Indices;
  llvm::StringMap<uint32_t> Undefined;
  uint32_t Evidence = NoIndex;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_CODEGEN_COMPILEDJOIN_H
