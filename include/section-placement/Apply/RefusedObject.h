//===- RefusedObject.h - What a refused link leaves behind ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An error that is reported in a ThinLTO backend fails the link, but the module
// goes on to code generation, unplaced, and lld puts the object into its cache.
// The next link of the same files takes it from there, runs no backend and no
// plugin, and ends well. No hook of ours runs between code generation and the
// cache, and the cache's key was computed before. So the object itself must be
// one that no link accepts.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_APPLY_REFUSEDOBJECT_H
#define SECTION_PLACEMENT_APPLY_REFUSEDOBJECT_H

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// Makes the object of \p M, whose link has been refused, one that ld.lld
/// refuses by name, in a partial link as well: two sections of one name and of
/// types that do not go together.
void refuseObject(llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_APPLY_REFUSEDOBJECT_H
