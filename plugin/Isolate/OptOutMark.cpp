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
#include "llvm/IR/Metadata.h"

using namespace llvm;

namespace section_placement {

/// The metadata of \p F; empty where it has none, or what we did not make.
static StringRef metadataOf(const Function &F) {
  const MDNode *Node = F.getMetadata(OptOutAttribute);
  const auto *Text = Node && Node->getNumOperands() == 1
                         ? dyn_cast_or_null<MDString>(Node->getOperand(0).get())
                         : nullptr;
  return Text ? Text->getString() : "";
}

static void readWords(StringRef Text, OptOutMark &Mark) {
  SmallVector<StringRef, 4> Words;
  Text.split(Words, ':');
  Mark.IsHeld |= is_contained(Words, "held");
  Mark.WasAlwaysInline |= is_contained(Words, "always");
  Mark.IsKept |= is_contained(Words, "kept");
}

/// `UNIT:ORDINAL[:WORD]...`; false where it is not that.
static bool readPlace(StringRef Text, OptOutMark &Mark) {
  auto [Unit, Rest] = Text.split(':');
  auto [Ordinal, Words] = Rest.split(':');
  if (Unit.empty() || Ordinal.getAsInteger(10, Mark.Ordinal))
    return false;
  Mark.Unit = Unit;
  readWords(Words, Mark);
  return true;
}

std::optional<OptOutMark> optOutMarkOf(const GlobalObject &O) {
  OptOutMark Mark;
  if (auto *V = dyn_cast<GlobalVariable>(&O))
    return readPlace(V->getAttribute(OptOutAttribute).getValueAsString(), Mark)
               ? std::optional(Mark)
               : std::nullopt;
  auto *F = dyn_cast<Function>(&O);
  if (!F || !F->hasFnAttribute(OptOutAttribute))
    return std::nullopt;
  readWords(F->getFnAttribute(OptOutAttribute).getValueAsString(), Mark);
  readPlace(metadataOf(*F), Mark);
  return Mark;
}

void setOptOutMark(GlobalObject &O, const OptOutMark &Mark) {
  std::string Place =
      (Mark.Unit + ":" + Twine(Mark.Ordinal) + (Mark.IsKept ? ":kept" : ""))
          .str();
  if (auto *V = dyn_cast<GlobalVariable>(&O)) {
    V->addAttribute(OptOutAttribute, Place);
    return;
  }
  auto &F = cast<Function>(O);
  F.addFnAttr(OptOutAttribute, Mark.WasAlwaysInline ? "held:always"
                               : Mark.IsHeld        ? "held"
                                                    : "");
  LLVMContext &C = F.getContext();
  F.setMetadata(OptOutAttribute, MDNode::get(C, MDString::get(C, Place)));
}

void removeOptOutMark(GlobalObject &O) {
  if (auto *F = dyn_cast<Function>(&O)) {
    F->removeFnAttr(OptOutAttribute);
    F->setMetadata(OptOutAttribute, nullptr);
  } else if (auto *V = dyn_cast<GlobalVariable>(&O)) {
    AttributeSet Attributes = V->getAttributes();
    V->setAttributes(
        Attributes.removeAttribute(V->getContext(), OptOutAttribute));
  }
}

} // namespace section_placement
