//===- SplitOutcome.cpp - What became of a split function -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/SplitOutcome.h"
#include "section-placement/Support/Error.h"

namespace section_placement {

std::string SplitOutcome::sentence() const {
  std::string Name = inQuotes(Function);
  if (!isSplit())
    return Name + " is not split: " + WhyWhole;
  return Name + " is split: " + std::to_string(Blocks) + " of its " +
         std::to_string(Of) + " blocks never run, and are " + inQuotes(part()) +
         " in section " + inQuotes(Section);
}

} // namespace section_placement
