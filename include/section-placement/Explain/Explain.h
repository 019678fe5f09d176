//===- Explain.h - Why each function is where it is, in words ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Remarks, the JSON report, the printing pass and the tool say the same thing
// of a function, so the sentence is made in one place.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_EXPLAIN_H
#define SECTION_PLACEMENT_EXPLAIN_EXPLAIN_H

#include "section-placement/Plan/Plan.h"
#include "section-placement/Plan/PlanFileNote.h"

namespace section_placement {

struct Escape;
class LinkFacts;

/// A planned program, for those who report it.
struct Planned {
  const Program &P;
  const RuleIndex &Index;
  const Plan &ThePlan;
};

/// `R_AARCH64_CONDBR19 in '__guest_enter' (entry.o+0xcec, reach 1048575
/// bytes)`: what edge \p Edge was read from.
std::string explainEdge(const Planned &What, uint32_t Edge);

/// What a literal policy of the plan cannot hold, and what to do.
std::string explainPlanFileNote(const Planned &What, const PlanFileNote &N);

/// Why symbol \p I is where it is: `'hyp_panic' goes to '.text' by rule
/// 'kvm-entry': …`. Empty for one that no rule claims.
std::string explainPlacement(const Planned &What, uint32_t I);

/// Why a symbol was refused, and what to do.
std::string explainRefusal(const Planned &What, const Refusal &R);

/// Why a branch to a function of a shared library does not go to it, and what
/// to do.
std::string explainInterposable();

/// One hole of a closure: `'isr' makes 2 indirect calls`.
std::string explainHole(const Planned &What, const Hole &H);

/// What growth along calls could not follow, rule by rule: a sentence for each
/// kind of hole.
std::vector<std::string> explainHoles(const Planned &What);

/// How the code of a closed rule leaves it, and the line that would admit it.
std::string explainEscape(const Planned &What, const Escape &E);

/// What a linker script takes the code of the native object \p Object by:
/// `*libc.a:memcpy.o(.text .text.*)` for `lib/libc.a(memcpy.o)`.
std::string scriptLineFor(llvm::StringRef Object);

/// Has rule \p Rule grown to a function that another module may define?
bool leftModule(const Plan &ThePlan, uint32_t Rule);

/// A literal name that means several functions.
std::string explainShared(const Planned &What, const SharedName &Shared);

/// A note of a frontend.
std::string explainNote(const Planned &What, const Note &N);

/// The notes of the frontends that matter to this plan, and what else is
/// reported of it beside placements and refusals.
std::vector<std::string> explainTold(const Planned &What);

/// A `source` rule in a module whose origins nobody recorded, or where two
/// files cannot be told apart, and what to do.
std::string explainMissingSources(const RuleIndex &Index,
                                  const MissingSources &Missing);

/// A section of the plan that no output section of the link's scripts gathers,
/// and the first rule that puts something there.
struct OrphanSection {
  llvm::StringRef Section;
  uint32_t Rule;
};

/// The orphans of the plan in the link \p Link, in the order of the symbols.
std::vector<OrphanSection> findOrphans(const Planned &What,
                                       const LinkFacts &Link);

/// What becomes of a section \p Section of the rule \p Rule that no script of
/// \p Link gathers, and what to do.
std::string explainOrphan(llvm::StringRef Rule, llvm::StringRef Section,
                          const LinkFacts &Link);

/// That a rule that needs its place (Rule::needsItsPlace) has nothing in the
/// link.
std::string explainEmptyPromise(const Rule &R);

/// That code of a rule reads a copy of a constant, and where that goes.
std::string explainCopy(const Planned &What, const DataCopy &Copy);

/// That \p Name stands under `function` and is a variable's, or, with
/// \p IsOfVariable, the other way round, and what to write.
std::string explainOtherKind(llvm::StringRef Name, bool IsOfVariable);

/// A literal name that nothing answers to.
Diagnostic explainUnanswered(const RuleIndex &Index, const UnansweredName &N);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_EXPLAIN_H
