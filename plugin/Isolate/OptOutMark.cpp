//===- OptOutMark.cpp - What the compile says of a file's symbols ---------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Isolate/OptOutMark.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"

using namespace llvm;

namespace section_placement {

static StringRef textOf(const GlobalObject &O) {
  if (auto *F = dyn_cast<Function>(&O))
    return F->getFnAttribute(OptOutAttribute).getValueAsString();
  if (auto *V = dyn_cast<GlobalVariable>(&O))
    return V->getAttribute(OptOutAttribute).getValueAsString();
  return "";
}

std::optional<OptOutMark> optOutMarkOf(const GlobalObject &O) {
  SmallVector<StringRef, 4> Parts;
  textOf(O).split(Parts, ':');
  OptOutMark Mark;
  if (Parts.size() < 2 || Parts[0].empty() ||
      Parts[1].getAsInteger(10, Mark.Ordinal))
    return std::nullopt;
  Mark.Unit = Parts[0];
  for (StringRef Word : ArrayRef<StringRef>(Parts).drop_front(2)) {
    Mark.IsHeld |= Word == "held";
    Mark.WasAlwaysInline |= Word == "always";
    Mark.IsKept |= Word == "kept";
  }
  return Mark;
}

void setOptOutMark(GlobalObject &O, const OptOutMark &Mark) {
  std::string Text =
      (Mark.Unit + ":" + Twine(Mark.Ordinal) + (Mark.IsHeld ? ":held" : "") +
       (Mark.WasAlwaysInline ? ":always" : "") + (Mark.IsKept ? ":kept" : ""))
          .str();
  if (auto *F = dyn_cast<Function>(&O))
    F->addFnAttr(OptOutAttribute, Text);
  else if (auto *V = dyn_cast<GlobalVariable>(&O))
    V->addAttribute(OptOutAttribute, Text);
}

void removeOptOutMark(GlobalObject &O) {
  if (auto *F = dyn_cast<Function>(&O)) {
    F->removeFnAttr(OptOutAttribute);
  } else if (auto *V = dyn_cast<GlobalVariable>(&O)) {
    AttributeSet Attributes = V->getAttributes();
    V->setAttributes(
        Attributes.removeAttribute(V->getContext(), OptOutAttribute));
  }
}

} // namespace section_placement
