//===- CopyConstants.h - Constants that a rule reads copies of --*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_APPLY_COPYCONSTANTS_H
#define SECTION_PLACEMENT_APPLY_COPYCONSTANTS_H

#include "section-placement/IR/IRReader.h"
#include "section-placement/Plan/Plan.h"

namespace section_placement {

/// Makes the copies of \p ThePlan, and has the code and the constants of each
/// rule refer to them. In \p Written data is written. Returns how many it made.
unsigned copyConstants(llvm::Module &M, const ReadModule &Read,
                       const Plan &ThePlan, const llvm::StringSet<> &Written);

} // namespace section_placement

#endif // SECTION_PLACEMENT_APPLY_COPYCONSTANTS_H
