//===- Apply.h - The plan into the IR ---------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place that changes IR.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_APPLY_APPLY_H
#define SECTION_PLACEMENT_APPLY_APPLY_H

#include "section-placement/IR/IRReader.h"
#include "section-placement/Plan/Plan.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace section_placement {

/// A section that the plan puts something into and that has another meaning.
struct SectionConflict {
  std::string Section;
  uint32_t Rule;
  bool IsOfVariables; ///< The plan puts variables there; else functions.
  std::string Why;    ///< `variable 'x' is data of that section`.
};

/// What else is asked for a plan's sections.
struct SectionSurroundings {
  const RuleIndex &Rules;
  /// The data sections of the link's native objects. Asked where the plan has
  /// any section.
  llvm::function_ref<const llvm::StringMap<std::string> &()> NativeData;
  /// The symbols of the object that the module becomes, those that code
  /// generation refers to included. Asked where a name may be one of those.
  llvm::function_ref<llvm::Expected<llvm::StringSet<>>()> SymbolsOfObject;
};

/// The conflicts of \p ThePlan with what the toolchain means by a name, and
/// with the symbols, the variables and the assembly of \p M; one for a section
/// at most. Data of \p M conflicts with each section that a rule writes, since
/// that rule may place functions of another module. Nothing may be applied
/// where there are any. Has the inline asm of \p Read read where it was not.
std::vector<SectionConflict>
findSectionConflicts(const llvm::Module &M, ReadModule &Read,
                     const Plan &ThePlan, const SectionSurroundings &Around);

/// Gives each placed function and variable its section, and listed functions
/// their order. Returns how many have another section than before.
unsigned applyPlan(llvm::Module &M, const ReadModule &Read,
                   const Plan &ThePlan);

} // namespace section_placement

#endif // SECTION_PLACEMENT_APPLY_APPLY_H
