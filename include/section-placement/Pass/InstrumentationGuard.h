//===- InstrumentationGuard.h - Code after the check ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_INSTRUMENTATIONGUARD_H
#define SECTION_PLACEMENT_PASS_INSTRUMENTATIONGUARD_H

#include "section-placement/Link/Phase.h"

namespace section_placement {

/// In a compile without LTO passes run after every extension point of a plugin
/// (sanitizers, their coverage), so that code calls more and is larger than it
/// was when `closed` and `max-size` were checked. Checks both once more after
/// each pass in a pipeline of \p PB that changes the module then, and reports
/// what is new.
void guardInstrumentation(llvm::PassBuilder &PB,
                          const std::shared_ptr<PipelineState> &State,
                          const std::string &PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_INSTRUMENTATIONGUARD_H
