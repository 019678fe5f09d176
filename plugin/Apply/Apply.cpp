//===- Apply.cpp - The plan into the IR -----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Apply/Apply.h"
#include "CodeAlignment.h"
#include "CopyConstants.h"
#include "section-placement/IR/ImportedConstants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
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

/// Where anything of a section is written, all of it has the flags for that: a
/// constant among it is a variable to code generation.
static StringSet<> writtenSections(const ReadModule &Read,
                                   const Plan &ThePlan) {
  size_t First = Read.Functions.size();
  StringSet<> Written;
  auto SectionOf = [&](size_t I) {
    return ThePlan.Placements[First + I].Section;
  };
  for (size_t I = 0; I < Read.Variables.size(); ++I)
    if (Read.P.Symbols[First + I].Holds != Content::Constant)
      Written.insert(SectionOf(I));
  for (const DataCopy &C : ThePlan.Copies)
    if (Read.P.Symbols[C.Symbol].Holds != Content::Constant)
      Written.insert(C.Section);
  return Written;
}

/// A zero that its section's name has no bytes for becomes NOBITS by the
/// attribute of `#pragma clang section`, and by no section of its own.
static unsigned placeVariables(const ReadModule &Read, const Plan &ThePlan,
                               const StringSet<> &Written) {
  size_t First = Read.Functions.size();
  unsigned Changed = 0;
  for (size_t I = 0; I < Read.Variables.size(); ++I) {
    StringRef Section = ThePlan.Placements[First + I].Section;
    GlobalVariable &V = *Read.Variables[I];
    if (Section.empty() || V.getSection() == Section)
      continue;
    LLVM_DEBUG(dbgs() << "apply: '" << V.getName() << "' into '" << Section
                      << "'\n");
    if (V.hasCommonLinkage())
      V.setLinkage(GlobalValue::ExternalLinkage);
    NamedContent Named = namedContent(Section);
    if (Read.P.Symbols[First + I].Holds == Content::Zeros &&
        Named == NamedContent::Zeros) {
      V.setSection("");
      V.addAttribute("bss-section", Section);
    } else {
      V.setSection(Section);
    }
    if (Named == NamedContent::Written || Written.contains(Section))
      V.setConstant(false);
    // One section of the name, and not one more for what may be merged; and a
    // symbol, by which the image shows where it is.
    if (ThePlan.Placements[First + I].Reason == PlacementReason::FollowsCode) {
      V.setUnnamedAddr(GlobalValue::UnnamedAddr::None);
      if (V.hasPrivateLinkage())
        V.setLinkage(GlobalValue::InternalLinkage);
    }
    ++Changed;
  }
  return Changed;
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
  StringSet<> Written = writtenSections(Read, ThePlan);
  Changed += placeVariables(Read, ThePlan, Written);
  Changed += copyConstants(M, Read, ThePlan, Written);
  dropImportedConstants(M);
  return Changed;
}

} // namespace section_placement
