//===- PolicyText.h - How a policy spells a name ----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_POLICYTEXT_H
#define SECTION_PLACEMENT_POLICY_POLICYTEXT_H

#include "section-placement/Policy/MatchKeys.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace section_placement {

/// The glob that \p Name alone answers to.
std::string literalGlob(llvm::StringRef Name);

/// `function: [a, b]`: the key \p Key of a match in flow style, with values
/// that mean \p Texts and nothing else.
std::string matchEntry(MatchKey Key, llvm::ArrayRef<llvm::StringRef> Texts);

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_POLICYTEXT_H
