//===- InlinedFunctions.cpp - What debug info says was inlined ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/InlinedFunctions.h"
#include "section-placement/IR/SourceStamp.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

InlinedFunctions::InlinedFunctions(const Module &M, const SourceRoot &Root,
                                   bool IsMerged)
    : Root(Root), IsMerged(IsMerged) {
  for (const Function &F : M)
    if (const DISubprogram *Of = F.getSubprogram())
      if (!F.isDeclaration())
        Described.try_emplace(Of, &F);
}

uint32_t InlinedFunctions::symbolOf(const DISubprogram &Of) {
  auto [At, IsNew] = Known.try_emplace(&Of, P.Symbols.size());
  if (!IsNew)
    return At->second;
  const Function *F = Described.lookup(&Of);
  Symbol S;
  S.Name = F                             ? F->getName()
           : Of.getLinkageName().empty() ? Of.getName()
                                         : Of.getLinkageName();
  S.Canonical = canonicalName(S.Name, IsMerged);
  if (const DIFile *File = debugSourceOf(Of))
    S.Source = P.save(Root.relative(File->getFilename(), File->getDirectory()));
  P.Symbols.push_back(S);
  Definitions.push_back(F);
  return At->second;
}

std::vector<uint32_t> InlinedFunctions::in(const Function &F) {
  SetVector<const DISubprogram *> Found;
  if (F.getSubprogram())
    for (const Instruction &I : instructions(F))
      for (const DILocation *L = I.getDebugLoc(); L && L->getInlinedAt();
           L = L->getInlinedAt())
        if (const DISubprogram *Of = L->getScope()->getSubprogram())
          Found.insert(Of);
  std::vector<uint32_t> Symbols;
  for (const DISubprogram *Of : Found)
    Symbols.push_back(symbolOf(*Of));
  return Symbols;
}

} // namespace section_placement
