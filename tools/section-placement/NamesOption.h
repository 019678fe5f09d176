//===- NamesOption.h - How names are shown ----------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_NAMESOPTION_H
#define SECTION_PLACEMENT_TOOLS_NAMESOPTION_H

#include "section-placement/Model/NameStyle.h"
#include "llvm/Support/CommandLine.h"

namespace section_placement {

/// `--no-demangle`, as of nm and ld.lld.
class NamesOption {
public:
  explicit NamesOption(llvm::cl::SubCommand &Command)
      : AsLinked("no-demangle", llvm::cl::sub(Command),
                 llvm::cl::desc("Show C++ and Rust names as they are linked")) {
  }

  NameStyle style() const {
    return AsLinked ? NameStyle::Linked : NameStyle::Demangled;
  }

private:
  llvm::cl::opt<bool> AsLinked;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_NAMESOPTION_H
