//===- ModuleSession.h - A module under the policy in force -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every pass that plans does first: what is in the module, as the planner
// wants it under the policy in force.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_MODULESESSION_H
#define SECTION_PLACEMENT_PASS_MODULESESSION_H

#include "section-placement/IR/IRReader.h"
#include "section-placement/Pass/OpenSession.h"
#include "llvm/IR/PassManager.h"

namespace section_placement {

/// What LTO merged has no source file of its own.
bool isMerged(const llvm::Module &M, Phase P);

/// `policy.yaml:4:5: `, for a message about \p Rule.
const Place &placeOfRule(const RuleIndex &Rules, uint32_t Rule);

/// Keeps \p Text in the module for the pass that reports, the last of the
/// pipeline, or of the backend that the module goes to.
void noteTold(llvm::Module &M, llvm::StringRef Text);
/// What was kept so, each once, in order.
std::vector<std::string> notesTold(const llvm::Module &M);

/// Leaves in \p M for the pass that reports why it is not known whether code of
/// the rule called \p Rule is in \p M alone where the rule places it.
void noteNotHeld(llvm::Module &M, llvm::StringRef Rule, llvm::StringRef Why);
/// By rule, the first reason.
std::map<std::string, std::string> notesNotHeld(const llvm::Module &M);

/// Reads \p M into the empty \p Read, and the native objects of the policy
/// where \p P is no compile; what these have to tell goes to \p Told. False
/// where a fault was reported, which is in \p Told then.
bool readForPlan(llvm::Module &M, llvm::ModuleAnalysisManager &Analyses,
                 Session &S, Phase P, ReadModule &Read,
                 std::vector<std::string> &Told);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_MODULESESSION_H
