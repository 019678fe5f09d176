//===- ExplainRule.h - What a rule did, and could not, in words -*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sentences that are about a rule or a module rather than about one symbol,
// for the driver and the tool alike.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_EXPLAINRULE_H
#define SECTION_PLACEMENT_EXPLAIN_EXPLAINRULE_H

#include "section-placement/Plan/Plan.h"

namespace section_placement {

/// `rule 'hyp' claims 2 functions, moves 2`.
std::string explainTotals(const Rule &R, const RuleTotals &Totals);

/// The rule claims nothing and constrains nothing of what was given, and is not
/// optional: with its place.
Diagnostic explainClaimsNothing(const Rule &R);

/// The rule grows from native objects, which a compile does not read.
std::string explainUnreadNatives(const Rule &R);

/// The rule asks for archives, which a compile does not know.
std::string explainUnknownArchive(const Rule &R);

/// The rule splits functions, and this compile for LTO generates no code.
std::string explainUnsplit(const Rule &R);

/// The rule splits functions, and this LLVM lets no plugin do so; with its
/// place.
Diagnostic explainNoSplitting(const Rule &R);

/// Of the placed functions, \p Count are optimised for size (-Oz): an explicit
/// section keeps LLVM's machine outliner out of them.
std::string explainOutlining(unsigned Count);

/// The match of rule \p Rule held for \p Functions, and they were not there any
/// more when the others were placed.
std::string explainGone(llvm::StringRef Rule,
                        llvm::ArrayRef<llvm::StringRef> Functions);

/// The rule cannot put code, or variables, into \p Section, because of \p Why;
/// with its place in the policy.
Diagnostic explainConflict(const Rule &R, llvm::StringRef Section,
                           bool IsOfVariables, llvm::StringRef Why);

/// \p Source was compiled under a policy that says otherwise of `lto` and
/// `inline` than \p P.
std::string explainCompiledOtherwise(const Policy &P, llvm::StringRef Source);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_EXPLAINRULE_H
