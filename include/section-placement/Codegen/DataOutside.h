//===- DataOutside.h - What code generation puts outside --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Jump tables and pools of constants are made in code generation, after every
// pass of ours, in sections that no IR names. So a function whose data is to be
// where its code is must need none: no jump tables where the target keeps them
// outside of the code, and constants of the pools as variables of the module.
// Which functions need that is known by compiling them.
//
// What it cannot do: masks that a target makes itself (x86's for `fabs`).
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_CODEGEN_DATAOUTSIDE_H
#define SECTION_PLACEMENT_CODEGEN_DATAOUTSIDE_H

#include "section-placement/Codegen/CompiledCode.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace section_placement {

/// Changes those of \p Functions, which are of \p M, that would have data of
/// code generation outside of themselves so that they have less of it.
/// \p SectionFor says where the constants of a function go, or nothing: then
/// they stay. Returns true if an instruction was changed.
bool keepDataInside(
    llvm::Module &M, llvm::ArrayRef<llvm::Function *> Functions,
    const CodegenSettings &Settings,
    llvm::function_ref<std::string(const llvm::Function &)> SectionFor);

} // namespace section_placement

#endif // SECTION_PLACEMENT_CODEGEN_DATAOUTSIDE_H
