//===- CompileStage.h - Sections set before the thin link -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where no backend loads us (distributed ThinLTO up to LLVM 22, a linker that
// does LTO through LLVMgold.so), the compile can set the section instead. A
// link that does load us must not take such a section for one that the source
// gave: it plans again, with the native objects that the compile did not read.
// So the compile leaves a mark, and the link takes the section back first.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ANNOTATE_COMPILESTAGE_H
#define SECTION_PLACEMENT_ANNOTATE_COMPILESTAGE_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <utility>
#include <vector>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace section_placement {

/// The string attribute of a function whose section the compile set: the
/// section that it had before.
constexpr llvm::StringLiteral CompileStageStamp = "sp-placed";

/// Watches a compile set sections.
class CompileStage {
public:
  /// Before any section is set.
  explicit CompileStage(llvm::Module &M);
  /// Leaves the mark on each function of the module that has another section
  /// than then.
  void mark();

private:
  std::vector<std::pair<llvm::Function *, std::string>> Before;
};

/// Gives each function of \p M that has the mark its former section, and takes
/// the mark off.
void takeBackCompileStage(llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ANNOTATE_COMPILESTAGE_H
