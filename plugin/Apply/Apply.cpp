//===- Apply.cpp - The plan into the IR -----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Apply/Apply.h"
#include "llvm/IR/Module.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

/// Moves the functions of \p Group, which keep the places that they have among
/// the module's functions, into their order. Code is emitted in that order.
static void reorder(Module &M, const ReadModule &Read,
                    const OrderedGroup &Group) {
  std::vector<uint32_t> Places(Group.Symbols);
  std::sort(Places.begin(), Places.end());
  // What stands behind the last of them stays where it is; from there backwards
  // each goes before the one that follows it.
  std::vector<Function *> Wanted(Read.Functions.begin(), Read.Functions.end());
  for (size_t I = 0; I < Places.size(); ++I)
    Wanted[Places[I]] = Read.Functions[Group.Symbols[I]];
  Module::FunctionListType &List = M.getFunctionList();
  for (size_t I = Places.front(); I < Wanted.size() && I <= Places.back(); ++I)
    Wanted[I]->removeFromParent();
  auto Before = Places.back() + 1 < Wanted.size()
                    ? Wanted[Places.back() + 1]->getIterator()
                    : List.end();
  for (size_t I = Places.front(); I <= Places.back(); ++I)
    List.insert(Before, Wanted[I]);
}

unsigned applyPlan(Module &M, const ReadModule &Read, const Plan &ThePlan) {
  unsigned Changed = 0;
  for (size_t I = 0; I < Read.Functions.size(); ++I) {
    StringRef Section = ThePlan.Placements[I].Section;
    Function &F = *Read.Functions[I];
    if (Section.empty() || F.getSection() == Section)
      continue;
    F.setSection(Section);
    ++Changed;
  }
  for (const OrderedGroup &Group : ThePlan.Orders)
    reorder(M, Read, Group);
  return Changed;
}

} // namespace section_placement
