//===- IndirectCalls.h - Calls through pointers -----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An author vouches for the indirect calls of one function. After inlining the
// call stands in another, so its origin is written down at the compile, in an
// attribute of the call that every copy keeps, or debug info says it.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_INDIRECTCALLS_H
#define SECTION_PLACEMENT_IR_INDIRECTCALLS_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class CallBase;
class GlobalValue;
} // namespace llvm

namespace section_placement {

/// The string attribute of a marked call: the name of the function in whose
/// source it stands.
constexpr llvm::StringLiteral IndirectCallMark = "sp-indirect";

/// Does nothing say whom \p Call calls? Inline asm and intrinsics are not such.
bool isIndirectCall(const llvm::CallBase &Call);

/// Is \p V an ifunc, or another name of one, so that the program chooses whom a
/// call of it reaches? Null is not.
bool isIFunc(const llvm::GlobalValue *V);

/// The function in whose source \p Call stands, by its mark or by debug info;
/// empty where neither says it.
llvm::StringRef originOfCall(const llvm::CallBase &Call);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_INDIRECTCALLS_H
