//===- ReleaseMarks.h - Takes the compile's marks off -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ISOLATE_RELEASEMARKS_H
#define SECTION_PLACEMENT_ISOLATE_RELEASEMARKS_H

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// Takes every mark of \p M off, and what it says is ours: `noinline`, entries
/// of `llvm.compiler.used`, and the `\\01` of a declaration's name where no
/// other symbol has the plain one. Where one has and \p Reunites, it takes the
/// declaration's place. Where it does not, files stay apart in one module, and
/// their local constants remain in `llvm.compiler.used`.
void releaseMarks(llvm::Module &M, bool Reunites);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ISOLATE_RELEASEMARKS_H
