//===- PrintPlan.h - The plan as text ---------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_PRINTPLAN_H
#define SECTION_PLACEMENT_EXPLAIN_PRINTPLAN_H

#include "section-placement/Explain/Explain.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace section_placement {

/// One line for each claimed function, each refusal and each of \p Told, in the
/// order of the program.
void printPlan(llvm::raw_ostream &OS, const Planned &What,
               llvm::ArrayRef<std::string> Told);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_PRINTPLAN_H
