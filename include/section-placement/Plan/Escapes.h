//===- Escapes.h - How code leaves a closed rule ----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_ESCAPES_H
#define SECTION_PLACEMENT_PLAN_ESCAPES_H

#include "section-placement/Model/CompiledFacts.h"
#include "section-placement/Plan/Plan.h"

namespace section_placement {

/// How the code of a closed rule leaves it.
struct Escape {
  enum class Kind : uint8_t {
    Call,          ///< A call or jump.
    Address,       ///< The address of code outside.
    Pointer,       ///< A constant that it reads points to code outside.
    Constant,      ///< It reads a constant outside.
    IndirectCalls, ///< A call that nobody vouches for.
    NotCompiled,   ///< It could not be compiled, so nothing is known.
  };
  uint32_t Rule;
  Kind What;
  uint32_t Symbol;
  uint32_t Callee = NoIndex;
  llvm::StringRef Data; ///< The constant; whose the calls are; why not.
  uint32_t Count = 1;   ///< Indirect calls.
  uint32_t Others = 0;  ///< Further functions that leave it likewise.
};

/// As a report says it: `call`, `indirect-calls`.
llvm::StringRef nameOf(Escape::Kind Kind);

/// The escapes of each rule with `closed` from the functions of \p P that it
/// has and that were compiled, in the order of rules and symbols; one for each
/// callee or constant. Inside is what the rule has, what another closed rule of
/// the same `section` has, and a name of another module that one of them lists.
std::vector<Escape> findEscapes(const Program &P, const CompiledFacts &Facts,
                                const RuleIndex &Index, const Plan &ThePlan);

/// The functions, of the first \p Count symbols, that must be compiled for the
/// rules with `closed` or `max-size` and those that grow along calls, and were
/// not yet tried, in order.
std::vector<uint32_t> wantedCode(const CompiledFacts &Facts,
                                 const RuleIndex &Index, const Plan &ThePlan,
                                 size_t Count);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_ESCAPES_H
