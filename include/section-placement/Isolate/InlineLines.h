//===- InlineLines.h - Lines that inlining does not cross -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `inline: never-out` and its like. Each call that crosses a line is made
// `noinline` before any inliner runs: every inliner of LLVM honours that, the
// one of the sample-profile loader (AutoFDO) too, on every version. The mark
// stays: it says nothing else, and what a compile for LTO leaves must hold in
// the passes of a backend that run before ours.
//
// A call may appear later: one that was indirect is resolved, or one comes with
// the code of a third function. For those each function says in an attribute,
// which clones and imported copies keep, inside which lines it is, and the
// inliner's advisor asks. Where no advisor can be had (LLVM 15, and `opt` with
// a policy as the pass's parameter), indirect calls near a line are marked,
// too; the loader of sample profiles asks none, and they are marked while it
// runs.
//
// The attribute also keeps MergeFunctions from making one of two equal
// functions where one is inside a line and the other is not: the code of one
// would stand for the other's, across the line.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ISOLATE_INLINELINES_H
#define SECTION_PLACEMENT_ISOLATE_INLINELINES_H

#include "section-placement/Plan/Plan.h"
#include <string>
#include <vector>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace section_placement {

/// The string attribute of a function inside lines: `RULE:never-out`, several
/// with commas between, in the order of the policy.
constexpr llvm::StringLiteral InlineLineAttribute = "section-placement-inline";

/// Would inlining \p Callee into \p Caller cross a line the wrong way?
bool crossesInlineLine(const llvm::Function &Caller,
                       const llvm::Function &Callee);

/// Gives each of \p Functions its attribute, and takes it off the others.
void setInlineLines(llvm::ArrayRef<llvm::Function *> Functions,
                    llvm::ArrayRef<ConstrainedGroup> Groups,
                    const RuleIndex &Rules);

/// Did an earlier step of this build give \p F the line of \p R?
bool isInsideLine(const llvm::Function &F, const Rule &R);

/// Does the line of \p R forbid that its code goes elsewhere?
bool keepsCodeInside(const Rule &R);

/// Makes each call of \p M that crosses a line `noinline`; \p IndirectToo: also
/// each that may cross one once its callee is known.
void holdCallsBack(llvm::Module &M, bool IndirectToo);

/// Makes the indirect calls of \p M that may cross a line `noinline` until
/// releaseIndirectCalls(), which leaves those that do: around an inliner that
/// finds their callees and asks no advisor.
void holdIndirectCallsBack(llvm::Module &M);
void releaseIndirectCalls(llvm::Module &M);

/// Sentences: the `always_inline` functions that a line holds back.
std::vector<std::string>
explainAlwaysInline(llvm::ArrayRef<llvm::Function *> Functions);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ISOLATE_INLINELINES_H
