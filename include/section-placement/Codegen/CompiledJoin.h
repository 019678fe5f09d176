//===- CompiledJoin.h - Compiled facts in a Program -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_CODEGEN_COMPILEDJOIN_H
#define SECTION_PLACEMENT_CODEGEN_COMPILEDJOIN_H

#include "section-placement/Asm/InlineAsmReader.h"
#include "section-placement/Codegen/CompiledCode.h"
#include "section-placement/IR/IRReader.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Model/CompiledFacts.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <functional>

namespace section_placement {

class NativeMembers;

/// Adds to a module's Program what its functions become.
class CodeJoiner {
public:
  /// \p M was read into \p Read; both, and \p Facts, outlive this. \p Natives,
  /// where it is not null, tells a native callee from a missing one,
  /// \p Link where the link makes a call go, and \p Members what native code
  /// calls in turn: that is followed, and has edges of its own.
  CodeJoiner(llvm::Module &M, ReadModule &Read, CompiledFacts &Facts,
             const NativeFacts *Natives, const CodegenSettings &Settings,
             const LinkFacts *Link = nullptr, NativeMembers *Members = nullptr);

  /// \p Of says from which source file a name was compiled that this module
  /// does not define, relative to the root, or nothing. It is asked where rules
  /// ask for sources.
  void setSources(std::function<std::string(llvm::StringRef Name)> Of) {
    SourceOf = std::move(Of);
  }

  /// Compiles the functions \p Symbols and finishes the Program again. Their
  /// sizes, outlets and indirect calls are then those of the code, and the
  /// calls that code generation makes are edges. One that cannot be compiled
  /// has Symbol::HasUnknownCode, and Facts say why.
  void join(llvm::ArrayRef<uint32_t> Symbols);

private:
  void compile(llvm::ArrayRef<uint32_t> Symbols);
  void add(const CompiledCode &Code, llvm::ArrayRef<uint32_t> Symbols);
  void addReference(uint32_t From, const CompiledTarget &Target, bool IsCall);
  void addConstant(uint32_t From, const CompiledTarget &Target);
  BoundName bind(llvm::StringRef Name) const;
  void followNatives();
  bool isCode(llvm::StringRef Name) const;
  void addNativeEdge(uint32_t From, llvm::StringRef Called, EdgeKind Kind,
                     Evidence By);
  uint32_t addCall(uint32_t From, const CompiledTarget &Target);
  void readIndirectCalls(uint32_t From, const CompiledFunction &Code);
  uint32_t registerJumps(llvm::CallBase &Call);
  uint32_t symbolOf(const llvm::GlobalValue &V);
  uint32_t named(llvm::StringRef Name);
  void describe(Symbol &S) const;

  llvm::Module &M;
  ReadModule &Read;
  Program &P;
  CompiledFacts &Facts;
  const NativeFacts *Natives;
  CodegenSettings Settings;
  const LinkFacts *Link;
  NativeMembers *Members;
  std::function<std::string(llvm::StringRef Name)> SourceOf;
  llvm::DenseMap<const llvm::GlobalValue *, uint32_t> Indices;
  llvm::StringMap<uint32_t> Undefined;
  /// Undefined symbols that were asked of Members, and those to be asked.
  llvm::DenseSet<uint32_t> Followed;
  std::vector<uint32_t> ToFollow;
  InlineAsmReader Asms;
  llvm::DenseSet<uint32_t> Callees; ///< Of the function at hand.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_CODEGEN_COMPILEDJOIN_H
