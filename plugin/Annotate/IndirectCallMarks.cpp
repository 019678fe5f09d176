//===- IndirectCallMarks.cpp - In whose source a call stands --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Annotate/IndirectCallMarks.h"
#include "section-placement/IR/IndirectCalls.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

static bool isVouchedFor(StringRef Name, ArrayRef<const Pattern *> Globs) {
  auto Demangled = demangledNames(Name);
  return any_of(Globs, [&](const Pattern *Glob) {
    return Glob->Compiled.match(Name) ||
           any_of(Demangled, [&](const std::string &Other) {
             return Glob->Compiled.match(Other);
           });
  });
}

void markIndirectCalls(Module &M, const Policy &P) {
  SmallVector<const Pattern *, 4> Globs;
  for (const Rule &R : P.Rules)
    if (R.Closed)
      for (const Pattern &Glob : R.Closed->Indirect)
        Globs.push_back(&Glob);
  if (Globs.empty())
    return;
  for (Function &F : M) {
    if (F.isDeclaration())
      continue;
    StringRef Name = GlobalValue::dropLLVMManglingEscape(F.getName());
    if (!isVouchedFor(Name, Globs))
      continue;
    for (Instruction &I : instructions(F))
      if (auto *Call = dyn_cast<CallBase>(&I); Call && isIndirectCall(*Call))
        Call->addFnAttr(Attribute::get(M.getContext(), IndirectCallMark, Name));
  }
}

} // namespace section_placement
