//===- IndirectCallMarks.h - In whose source a call stands ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ANNOTATE_INDIRECTCALLMARKS_H
#define SECTION_PLACEMENT_ANNOTATE_INDIRECTCALLMARKS_H

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// Marks each call through a pointer with the function in whose source it
/// stands, before it can be inlined into another.
void markIndirectCalls(llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ANNOTATE_INDIRECTCALLMARKS_H
