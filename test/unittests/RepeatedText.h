//===- RepeatedText.h - A text many times over ------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TEST_REPEATEDTEXT_H
#define SECTION_PLACEMENT_TEST_REPEATEDTEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace section_placement {

/// \p Text, \p Times times.
inline std::string repeat(llvm::StringRef Text, size_t Times) {
  std::string Result;
  while (Times--)
    Result += Text.str();
  return Result;
}

} // namespace section_placement

#endif // SECTION_PLACEMENT_TEST_REPEATEDTEXT_H
