//===- ExplainNatives.h - Native inputs in words ----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_EXPLAINNATIVES_H
#define SECTION_PLACEMENT_EXPLAIN_EXPLAINNATIVES_H

#include "section-placement/Link/NativeInputs.h"

namespace section_placement {

/// One line for each of \p Notes, in their order.
std::vector<std::string> explainNatives(llvm::ArrayRef<NativeNote> Notes);

/// Rule \p R names \p Name, native code of \p Object.
std::string explainNativeName(const Rule &R, llvm::StringRef Name,
                              llvm::StringRef Object);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_EXPLAINNATIVES_H
