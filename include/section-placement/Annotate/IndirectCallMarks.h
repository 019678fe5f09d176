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

struct Policy;

/// Marks each call through a pointer in a function that `allow: indirect` of a
/// closed rule names, before it can be inlined into another.
void markIndirectCalls(llvm::Module &M, const Policy &P);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ANNOTATE_INDIRECTCALLMARKS_H
