//===- Remarks.h - The plan as optimisation remarks -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_EXPLAIN_REMARKS_H
#define SECTION_PLACEMENT_EXPLAIN_REMARKS_H

#include "section-placement/Explain/Explain.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace section_placement {

struct ReadModule;

/// Does anybody listen to remarks of pass `section-placement`? Else not even a
/// sentence is made.
bool isListenedTo(const llvm::Module &M);

/// Emits a remark for each placement (passed), each refusal (missed) and each
/// thing that is reported (analysis), all of pass `section-placement`. \p Read
/// is what was planned; \p Told are further lines. Those on variables are of
/// the first function that has a body.
void emitRemarks(llvm::Module &M, const Planned &What, const ReadModule &Read,
                 llvm::ArrayRef<std::string> Told);

/// One analysis remark of pass `section-placement` on the first function of
/// \p M that has a body.
void emitTold(llvm::Module &M, llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_EXPLAIN_REMARKS_H
