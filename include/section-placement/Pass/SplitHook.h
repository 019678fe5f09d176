//===- SplitHook.h - Splitting in code generation ---------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_SPLITHOOK_H
#define SECTION_PLACEMENT_PASS_SPLITHOOK_H

#include <string>

namespace section_placement {

/// Splits what the plan has marked in all code generation of this process, and
/// reports under the policy \p PolicyFile of the plugin's option. Only the
/// first call does something.
void hookSplitting(const std::string &PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_SPLITHOOK_H
