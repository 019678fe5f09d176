//===- MergeGuard.h - Functions of two sections are not merged --*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_MERGEGUARD_H
#define SECTION_PLACEMENT_PASS_MERGEGUARD_H

#include "section-placement/Link/Phase.h"

namespace section_placement {

/// MergeFunctions leaves equal functions apart whose sections differ. In a
/// compile for LTO and in a full-LTO link it runs before the sections of the
/// policy are set: it would let a function that a rule claims become another
/// one's body, which stays where it is, and the other way round. So in the
/// pipelines of \p PB each function has its section of the plan as an attribute
/// while MergeFunctions runs, and at no other time.
void guardMerging(llvm::PassBuilder &PB,
                  const std::shared_ptr<PipelineState> &State,
                  const std::string &PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_MERGEGUARD_H
