//===- LiveCode.h - What a link keeps of its bitcode ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: a link drops what nothing reaches from what it must keep, and a plan
// that counts it moves, and limits, code that no image has.
//
// Method: that of LLVM's computeDeadSymbols, which decides it for the thin
// link, over the same facts. Kept are what the linker keeps for others than
// bitcode (LinkFacts::keeps, what native inputs refer to) and what the modules
// say themselves (llvm.used, constructors, names that module asm or code
// generation refers to). From there references, calls and aliases are followed,
// by GUID: of each copy of a symbol, as LLVM does. Full LTO drops the same by
// GlobalDCE.
//
// Limits: what full LTO drops because it was inlined everywhere is kept here,
// and what --gc-sections drops of native code, whose references are taken for
// used. Which members of archives are linked, LinkedFiles says.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_WHOLE_LIVECODE_H
#define SECTION_PLACEMENT_WHOLE_LIVECODE_H

#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Link/LinkedFiles.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBuffer.h"
#include <vector>

namespace llvm {
class GlobalValue;
class Module;
class ModuleSummaryIndex;
} // namespace llvm

namespace section_placement {

class LiveCode {
public:
  /// Reads which files \p Link takes in, and what the native ones refer to; it
  /// must outlive this. Fails where that is not known, with the reason.
  static llvm::Expected<LiveCode> create(const LinkFacts &Link);

  const LinkedFiles &linked() const { return Linked; }

  /// Takes up the symbol table of a bitcode file. Fails where it is damaged.
  llvm::Error addInput(llvm::MemoryBufferRef Bytes);
  /// Takes up what the definitions of \p M refer to: of their summary, or of
  /// their code.
  void addSummary(const llvm::Module &M, const llvm::ModuleSummaryIndex &Index);
  void addBodies(const llvm::Module &M);

  /// To be called once, after the last of them.
  void finish();

  /// After finish(): does the link keep the definitions of \p Guid?
  bool isKept(uint64_t Guid) const { return Live.count(Guid); }

private:
  LiveCode(const LinkFacts &Link, LinkedFiles Linked)
      : Link(Link), Linked(std::move(Linked)) {}
  void keep(uint64_t Guid) { Roots.push_back(Guid); }
  void refer(uint64_t From, uint64_t To) { References[From].push_back(To); }
  void addCode(const llvm::GlobalValue &V);

  const LinkFacts &Link;
  LinkedFiles Linked;
  std::vector<uint64_t> Roots;
  llvm::DenseMap<uint64_t, llvm::SmallVector<uint64_t, 2>> References;
  llvm::DenseSet<uint64_t> Live;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_WHOLE_LIVECODE_H
