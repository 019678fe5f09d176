//===- NamesOfSource.cpp - Named functions before the inliner -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Annotate/NamesOfSource.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
class NameRecorder {
public:
  NameRecorder(Module &M, const RuleIndex &Index) : M(M), Index(Index) {
    for (const std::string &Name : recordedNames(M))
      Known.insert(Name);
  }

  void add(const GlobalValue &V) {
    StringRef Symbol = GlobalValue::dropLLVMManglingEscape(V.getName());
    StringRef Canonical = canonicalName(Symbol, /*Merged=*/false);
    record(Symbol);
    record(Canonical);
    if (Index.mayNameDemangled(Canonical))
      for (const std::string &Demangled : demangledNames(Canonical))
        record(Demangled);
  }

private:
  void record(StringRef Name) {
    if (Index.rulesNaming(Name).empty() || !Known.insert(Name).second)
      return;
    LLVMContext &Context = M.getContext();
    M.getOrInsertNamedMetadata(NameTable)->addOperand(
        MDNode::get(Context, MDString::get(Context, Name)));
  }

  Module &M;
  const RuleIndex &Index;
  StringSet<> Known;
};
} // namespace

void recordNames(Module &M, const RuleIndex &Index) {
  NameRecorder Recorder(M, Index);
  for (const Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      Recorder.add(F);
  for (const GlobalAlias &A : M.aliases())
    if (isa_and_nonnull<Function>(A.getAliaseeObject()))
      Recorder.add(A);
  for (const GlobalIFunc &I : M.ifuncs())
    Recorder.add(I);
}

std::vector<std::string> recordedNames(const Module &M) {
  std::vector<std::string> Names;
  if (const NamedMDNode *Table = M.getNamedMetadata(NameTable))
    for (const MDNode *Entry : Table->operands())
      if (Entry->getNumOperands() == 1)
        if (const auto *Name =
                dyn_cast_or_null<MDString>(Entry->getOperand(0).get()))
          Names.push_back(Name->getString().str());
  llvm::sort(Names);
  Names.erase(std::unique(Names.begin(), Names.end()), Names.end());
  return Names;
}

static constexpr StringLiteral MatchTable = "section-placement.matches";

void recordMatches(Module &M, ArrayRef<EarlyMatch> Matches) {
  LLVMContext &Context = M.getContext();
  if (NamedMDNode *Old = M.getNamedMetadata(MatchTable))
    Old->eraseFromParent();
  for (const EarlyMatch &Match : Matches)
    M.getOrInsertNamedMetadata(MatchTable)
        ->addOperand(
            MDNode::get(Context, {MDString::get(Context, Match.Rule),
                                  MDString::get(Context, Match.Function)}));
}

std::vector<EarlyMatch> matchesGone(const Module &M) {
  std::vector<EarlyMatch> Gone;
  const NamedMDNode *Table = M.getNamedMetadata(MatchTable);
  if (!Table)
    return Gone;
  for (const MDNode *Entry : Table->operands()) {
    if (Entry->getNumOperands() != 2)
      continue;
    auto *Rule = dyn_cast_or_null<MDString>(Entry->getOperand(0).get());
    auto *Name = dyn_cast_or_null<MDString>(Entry->getOperand(1).get());
    const Function *F = Name ? M.getFunction(Name->getString()) : nullptr;
    bool IsThere =
        F && !F->isDeclaration() && !F->hasAvailableExternallyLinkage();
    if (Rule && Name && !IsThere)
      Gone.push_back({Rule->getString().str(), Name->getString().str()});
  }
  llvm::sort(Gone, [](const EarlyMatch &A, const EarlyMatch &B) {
    return std::tie(A.Rule, A.Function) < std::tie(B.Rule, B.Function);
  });
  return Gone;
}

} // namespace section_placement
