//===- FunctionExtract.h - Some functions as a module -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_CODEGEN_FUNCTIONEXTRACT_H
#define SECTION_PLACEMENT_CODEGEN_FUNCTIONEXTRACT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <memory>

namespace llvm {
class Function;
class GlobalValue;
class Module;
} // namespace llvm

namespace section_placement {

constexpr llvm::StringLiteral MayBeAligned = "sp-may-be-aligned";

/// A module of the same context with the bodies of \p Wanted and declarations
/// of what they refer to, so that its cost grows with them and not with
/// \p From. Every function has a section of its own and every symbol is
/// visible, so that each reference leaves a relocation; debug info is left out.
///
/// The variables whose definitions are strong, so that code generation may
/// align them better, have the attribute MayBeAligned. What has no name gets
/// one, by which \p Unnamed has what it is in \p From.
std::unique_ptr<llvm::Module>
extractFunctions(llvm::Module &From, llvm::ArrayRef<llvm::Function *> Wanted,
                 llvm::StringMap<const llvm::GlobalValue *> &Unnamed);

} // namespace section_placement

#endif // SECTION_PLACEMENT_CODEGEN_FUNCTIONEXTRACT_H
