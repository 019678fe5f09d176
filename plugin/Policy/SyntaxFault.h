//===- SyntaxFault.h - What LLVM's YAML reader means ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's reader says "Unexpected token. Expected Key or Block End" where a line
// is indented by one blank too many. It mentions its grammar; whoever reads
// the message thinks in lines, blanks and globs.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_SYNTAXFAULT_H
#define SECTION_PLACEMENT_POLICY_SYNTAXFAULT_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace section_placement {

/// What to report of the fault that LLVM's reader called \p Message and found
/// at byte \p Offset of \p Line: what is wrong and what would be right.
std::string explainSyntaxFault(llvm::StringRef Message, llvm::StringRef Line,
                               size_t Offset);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_SYNTAXFAULT_H
