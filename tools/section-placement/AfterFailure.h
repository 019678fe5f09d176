//===- AfterFailure.h - What a failed link met outside ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_AFTERFAILURE_H
#define SECTION_PLACEMENT_TOOLS_AFTERFAILURE_H

#include "section-placement/Model/Program.h"
#include "section-placement/Policy/Policy.h"
#include "section-placement/Report/ReportReader.h"

namespace section_placement {

/// Changes the closed rules of \p P by what \p Reports say that their code met
/// outside. A function of \p Prog, which a plan can move, becomes one that the
/// rule names; other code and constants are added to its `allow`. Nobody but
/// the author can vouch for an indirect call, so that is left. Returns a
/// sentence for each. Fails where a report names a rule that \p P lacks.
llvm::Expected<std::vector<std::string>>
takeEscapes(Policy &P, const Program &Prog,
            llvm::ArrayRef<ModuleReport> Reports);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_AFTERFAILURE_H
