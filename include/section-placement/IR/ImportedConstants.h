//===- ImportedConstants.h - Constants of other modules ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A ThinLTO backend has the bytes of constants that it imported only until its
// optimizer is through: the pass that places sees declarations. So each is
// copied at the start, and the copy is held until a rule's code has taken it or
// nobody has.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_IMPORTEDCONSTANTS_H
#define SECTION_PLACEMENT_IR_IMPORTEDCONSTANTS_H

#include "llvm/ADT/SmallVector.h"
#include <utility>

namespace llvm {
class GlobalVariable;
class Module;
} // namespace llvm

namespace section_placement {

/// Copies each constant of \p M that is defined elsewhere and whose bytes are
/// here, and holds the copies. Returns how many there are.
unsigned holdImportedConstants(llvm::Module &M);

/// Is \p V one of those copies?
bool isImportedCopy(const llvm::GlobalVariable &V);

/// The copies that \p M holds, each with what it is a copy of.
llvm::SmallVector<std::pair<llvm::GlobalVariable *, llvm::GlobalVariable *>, 0>
importedConstants(llvm::Module &M);

/// Removes the copies that \p M holds and that nothing refers to.
void dropImportedConstants(llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_IMPORTEDCONSTANTS_H
