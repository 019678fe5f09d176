//===- Apply.cpp - The plan into the IR -----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Apply/Apply.h"
#include "CodeAlignment.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Debug.h"
#include <functional>

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

/// Moves the functions of each group, which keep the places that they have
/// among the module's functions, into their order. Code is emitted in that
/// order.
static void reorder(Module &M, const ReadModule &Read,
                    ArrayRef<OrderedGroup> Groups) {
  if (Groups.empty())
    return;
  std::vector<Function *> Wanted(Read.Functions.begin(), Read.Functions.end());
  std::vector<uint32_t> Moved;
  for (const OrderedGroup &Group : Groups) {
    std::vector<uint32_t> Places(Group.Symbols);
    llvm::sort(Places);
    for (size_t I = 0; I < Places.size(); ++I)
      Wanted[Places[I]] = Read.Functions[Group.Symbols[I]];
    Moved.insert(Moved.end(), Places.begin(), Places.end());
  }
  // From the last place backwards each goes before the one that follows it,
  // which is where it shall be by then. What is in no group is not touched.
  llvm::sort(Moved, std::greater<>());
  Module::FunctionListType &List = M.getFunctionList();
  for (size_t Place : Moved)
    List.splice(Place + 1 < Wanted.size() ? Wanted[Place + 1]->getIterator()
                                          : List.end(),
                List, Wanted[Place]->getIterator());
}

unsigned applyPlan(Module &M, const ReadModule &Read, const Plan &ThePlan) {
  unsigned Changed = 0;
  CodeAlignment Alignment;
  for (size_t I = 0; I < Read.Functions.size(); ++I) {
    StringRef Section = ThePlan.Placements[I].Section;
    Function &F = *Read.Functions[I];
    if (Section.empty() || F.getSection() == Section)
      continue;
    // One with a section of its source's has the alignment of its source.
    if (!F.hasSection())
      Alignment.keep(F);
    LLVM_DEBUG(dbgs() << "apply: '" << F.getName() << "' into '" << Section
                      << "'\n");
    F.setSection(Section);
    ++Changed;
  }
  reorder(M, Read, ThePlan.Orders);
  return Changed;
}

} // namespace section_placement
