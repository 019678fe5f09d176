//===- Promises.h - What a rule promises of its functions -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `complete` and `max-size` do not say where functions go but what must be true
// of them then. One that is broken is an error, in the linker and in the tool.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_PROMISES_H
#define SECTION_PLACEMENT_EXPLAIN_PROMISES_H

#include "section-placement/Explain/Explain.h"
#include "section-placement/Plan/SizeCheck.h"

namespace section_placement {

/// How much who planned could see.
struct CompiledFacts;

struct Sight {
  bool IsWholeProgram; ///< Else one module, and the remedy may be the plan.
  SizePrecision Sizes;
  /// What is known of the code; null where nothing was compiled.
  const CompiledFacts *Code = nullptr;
};

/// One message for each rule whose promise is broken, with its place in the
/// policy.
std::vector<Diagnostic> brokenPromises(const Planned &What, Sight Seen);

/// What is reported of the promises that may hold: each size is an estimate,
/// and a growth that left the module goes on elsewhere.
std::vector<std::string> tellPromises(const Planned &What, Sight Seen);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_PROMISES_H
