//===- LiveCode.cpp - What a link keeps of its bitcode --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Whole/LiveCode.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include "llvm/Object/IRObjectFile.h"

using namespace llvm;

namespace section_placement {

Expected<LiveCode> LiveCode::create(const LinkFacts &Link) {
  if (Link.HasMoreInputs)
    return plainError("the compiler driver adds start-up files and libraries "
                      "that its command does not name; give the linker's own "
                      "command, which the driver prints for -###");
  Expected<LinkedFiles> Linked = LinkedFiles::read(Link);
  if (!Linked)
    return Linked.takeError();
  return LiveCode(Link, std::move(*Linked));
}

/// `__start_NAME` makes the section kept.
static bool isNamedLikeAnIdentifier(StringRef Section) {
  return !Section.empty() && !isDigit(Section.front()) &&
         all_of(Section, [](char C) { return isAlnum(C) || C == '_'; });
}

/// As LTO's addModuleToGlobalRes and lld's BitcodeCompiler::add.
Error LiveCode::addInput(MemoryBufferRef Bytes) {
  Expected<object::IRSymtabFile> File = object::readIRSymtab(Bytes);
  if (!File)
    return File.takeError();
  for (const irsymtab::Reader::SymbolRef &S : File->TheReader.symbols()) {
    if (S.isUndefined() || S.getIRName().empty())
      continue;
    StringRef Name = S.getName();
    GlobalDefinition D{Name, S.isExecutable(), S.isWeak(),
                       S.getVisibility() == GlobalValue::DefaultVisibility &&
                           !S.canBeOmittedFromSymbolTable()};
    if (S.isUsed() || Linked.nativeReferences().count(Name) || Link.keeps(D) ||
        isNamedLikeAnIdentifier(S.getSectionName()))
      keep(compat::guidOfGlobal(
          GlobalValue::dropLLVMManglingEscape(S.getIRName())));
  }
  return Error::success();
}

void LiveCode::addSummary(const Module &M, const ModuleSummaryIndex &Index) {
  for (const auto &Entry : Index) {
    ValueInfo Info = Index.getValueInfo(Entry);
    for (const auto &Summary : Info.getSummaryList()) {
      if (Summary->isLive()) // Of llvm.used, llvm.global_ctors and the like.
        keep(Info.getGUID());
      for (const ValueInfo &To : Summary->refs())
        if (To)
          refer(Info.getGUID(), To.getGUID());
      if (const auto *F = dyn_cast<FunctionSummary>(Summary.get()))
        for (const auto &Call : F->calls())
          if (Call.first)
            refer(Info.getGUID(), Call.first.getGUID());
      if (const auto *A = dyn_cast<AliasSummary>(Summary.get()))
        if (A->hasAliasee())
          refer(Info.getGUID(), A->getAliaseeGUID());
    }
  }
  for (const GlobalIFunc &I : M.ifuncs()) // No summary has them.
    if (const Function *Resolver = I.getResolverFunction())
      keep(compat::guidOf(*Resolver));
}

/// The symbols that \p V refers to, through constants of any depth.
void LiveCode::addCode(const GlobalValue &V) {
  uint64_t From = compat::guidOf(V);
  SmallVector<const Constant *, 16> Stack;
  DenseSet<const Constant *> Seen;
  auto Push = [&](const Value *Operand) {
    if (const auto *C = dyn_cast_or_null<Constant>(Operand))
      if (Seen.insert(C).second)
        Stack.push_back(C);
  };
  for (const Use &Operand : V.operands())
    Push(Operand);
  if (const auto *F = dyn_cast<Function>(&V))
    for (const Instruction &I : instructions(F))
      for (const Use &Operand : I.operands())
        Push(Operand);
  while (!Stack.empty()) {
    const Constant *C = Stack.pop_back_val();
    if (const auto *Target = dyn_cast<GlobalValue>(C)) {
      refer(From, compat::guidOf(*Target));
      continue;
    }
    for (const Use &Operand : C->operands())
      Push(Operand);
  }
}

void LiveCode::addBodies(const Module &M) {
  for (const GlobalValue &V : M.global_values()) {
    if (V.isDeclaration())
      continue;
    addCode(V);
    // llvm.used, llvm.global_ctors.
    if (V.hasAppendingLinkage() || isa<GlobalIFunc>(V) ||
        V.getName() == "llvm.used" || V.getName() == "llvm.compiler.used")
      keep(compat::guidOf(V));
  }
}

void LiveCode::finish() {
  while (!Roots.empty()) {
    uint64_t Guid = Roots.back();
    Roots.pop_back();
    if (!Live.insert(Guid).second)
      continue;
    auto Found = References.find(Guid);
    if (Found != References.end())
      append_range(Roots, Found->second);
  }
  References.clear();
}

} // namespace section_placement
