//===- RuleReader.h - One rule of a policy ----------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_RULEREADER_H
#define SECTION_PLACEMENT_POLICY_RULEREADER_H

#include "FieldReader.h"

namespace section_placement {

/// Reads and checks the rule \p Node. \p HasNatives: the policy names native
/// objects, so that a `native` match can hold.
Rule readRule(const DocumentNode &Node, llvm::StringRef Folder, bool HasNatives,
              Faults &F);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_RULEREADER_H
