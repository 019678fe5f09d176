//===- InlineLines.h - Lines that inlining does not cross -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `inline: never-out` and its like. A call that crosses a line today may have
// been indirect before, or have come by inlining a third function, so marks on
// call sites are not enough: each function says in an attribute, which clones
// and imported copies keep, inside which lines it is, and the inliner's advisor
// asks of each call that it looks at. Where no advisor can be had (LLVM 15, and
// `opt` with a policy as the pass's parameter), call sites are marked, indirect
// ones too where a line is near.
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

/// A function of a line that its code may not leave, whose attribute does not
/// say so: its compile knew nothing of the line.
struct LineWithoutCompile {
  uint32_t Rule;
  uint32_t Symbol;
};

/// Those of \p Functions, which are the functions of the first symbols of the
/// planned program.
std::vector<LineWithoutCompile>
linesWithoutCompile(llvm::ArrayRef<llvm::Function *> Functions,
                    llvm::ArrayRef<ConstrainedGroup> Groups,
                    const RuleIndex &Rules);

/// Gives each of \p Functions its attribute, and takes it off the others.
void setInlineLines(llvm::ArrayRef<llvm::Function *> Functions,
                    llvm::ArrayRef<ConstrainedGroup> Groups,
                    const RuleIndex &Rules);

/// Marks each call of \p M that crosses a line, or that may once its callee is
/// known, `noinline`.
void holdCallsBack(llvm::Module &M);

/// Sentences: the `always_inline` functions that cross a line nonetheless.
std::vector<std::string>
explainAlwaysInline(llvm::ArrayRef<llvm::Function *> Functions);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ISOLATE_INLINELINES_H
