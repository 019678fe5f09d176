//===- InlinedFunctions.h - What debug info says was inlined ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_INLINEDFUNCTIONS_H
#define SECTION_PLACEMENT_IR_INLINEDFUNCTIONS_H

#include "section-placement/IR/IRReader.h"
#include "section-placement/Model/Program.h"
#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace llvm {
class DISubprogram;
class Function;
class Module;
} // namespace llvm

namespace section_placement {

/// The functions whose code stands in another one after inlining, by the
/// locations of its instructions: those that the module no longer defines as
/// well. A module without debug info has none.
class InlinedFunctions {
public:
  /// \p M and \p Root must outlive this. \p IsMerged: a full-LTO link merged
  /// \p M.
  InlinedFunctions(const llvm::Module &M, const SourceRoot &Root,
                   bool IsMerged);

  /// Those that are inlined into \p F, as symbols of program().
  std::vector<uint32_t> in(const llvm::Function &F);

  /// The definition of \p Symbol in the module; null where it is gone.
  const llvm::Function *definitionOf(uint32_t Symbol) const {
    return Definitions[Symbol];
  }

  /// A symbol for each function that in() met: names and source alone.
  const Program &program() const { return P; }

private:
  uint32_t symbolOf(const llvm::DISubprogram &Of);

  const SourceRoot &Root;
  bool IsMerged;
  Program P;
  llvm::DenseMap<const llvm::DISubprogram *, const llvm::Function *> Described;
  llvm::DenseMap<const llvm::DISubprogram *, uint32_t> Known;
  std::vector<const llvm::Function *> Definitions; ///< By symbol.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_INLINEDFUNCTIONS_H
