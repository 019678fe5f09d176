//===- IndirectCalls.cpp - Calls through pointers -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/IndirectCalls.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/GlobalIFunc.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace section_placement {

bool isIndirectCall(const CallBase &Call) {
  return !Call.isInlineAsm() && !isa<IntrinsicInst>(Call) &&
         !isa<GlobalValue>(Call.getCalledOperand()->stripPointerCasts());
}

bool isIFunc(const GlobalValue *V) {
  return V && isa_and_nonnull<GlobalIFunc>(V->getAliaseeObject());
}

StringRef originOfCall(const CallBase &Call) {
  Attribute Mark = Call.getFnAttr(IndirectCallMark);
  if (Mark.isStringAttribute())
    return Mark.getValueAsString();
  const DILocation *Where = Call.getDebugLoc();
  const DISubprogram *Of = Where ? Where->getScope()->getSubprogram() : nullptr;
  if (!Of)
    return "";
  StringRef Linked = Of->getLinkageName();
  return Linked.empty() ? Of->getName() : Linked;
}

} // namespace section_placement
