//===- ReadsReader.cpp - Who reads which constant -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReadsReader.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

/// Does the instruction of \p First do more with the address than load from it?
static bool needsAddress(const Use &First) {
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<const Use *, 8> Open = {&First};
  while (!Open.empty()) {
    const Use &U = *Open.pop_back_val();
    const auto *I = dyn_cast<Instruction>(U.getUser());
    if (!I)
      return true;
    if (isa<LoadInst>(I))
      continue;
    if (const auto *Copy = dyn_cast<MemTransferInst>(I)) {
      if (Copy->getRawDest() == U.get())
        return true;
      continue;
    }
    if (!isa<GetElementPtrInst, CastInst, PHINode, SelectInst>(I) ||
        isa<PtrToIntInst>(I))
      return true;
    if (Seen.insert(I).second)
      for (const Use &Next : I->uses())
        Open.push_back(&Next);
  }
  return false;
}

void ReadsReader::addUses(const Value &Of, uint32_t Symbol, bool HasAddress,
                          bool IsPart) {
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<const Value *, 8> Open = {&Of};
  while (!Open.empty())
    for (const Use &U : Open.pop_back_val()->uses()) {
      const User *By = U.getUser();
      if (const auto *I = dyn_cast<Instruction>(By)) {
        uint32_t From = SymbolOf(*I->getFunction());
        if (From != NoIndex)
          Reads.push_back(
              {From, Symbol, HasAddress && (IsPart || needsAddress(U))});
      } else if (const auto *V = dyn_cast<GlobalVariable>(By)) {
        if (V->getName().take_front(5) != "llvm.")
          Reads.push_back({SymbolOf(*V), Symbol, HasAddress});
      } else if (const auto *A = dyn_cast<GlobalAlias>(By)) {
        // What reads another name of all of it can read a copy as well.
        Reads.push_back({NoIndex, Symbol, HasAddress});
        bool IsWhole = A->getAliasee()->stripPointerCasts() == &Of;
        if (!A->isInterposable())
          addUses(*A, Symbol, HasAddress || !IsWhole, !IsWhole);
      } else if (isa<GlobalValue>(By)) {
        Reads.push_back({NoIndex, Symbol, HasAddress});
      } else if (isa<Constant>(By) && Seen.insert(By).second) {
        Open.push_back(By);
      }
    }
}

void ReadsReader::add(const GlobalVariable &Of, uint32_t Symbol) {
  addUses(Of, Symbol, /*HasAddress=*/!Of.hasAtLeastLocalUnnamedAddr());
}

std::vector<Read> ReadsReader::take() {
  // Of one pair, one that needs the address comes first.
  llvm::sort(Reads, [](const Read &A, const Read &B) {
    return std::tuple(A.To, A.From, !A.NeedsAddress) <
           std::tuple(B.To, B.From, !B.NeedsAddress);
  });
  Reads.erase(std::unique(Reads.begin(), Reads.end(),
                          [](const Read &A, const Read &B) {
                            return A.To == B.To && A.From == B.From;
                          }),
              Reads.end());
  return std::move(Reads);
}

} // namespace section_placement
