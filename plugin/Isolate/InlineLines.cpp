//===- InlineLines.cpp - Lines that inlining does not cross ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Isolate/InlineLines.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Debug.h"

using namespace llvm;

#define DEBUG_TYPE "section-placement"

namespace section_placement {

using Lines = SmallVector<StringRef, 4>;

static StringRef textOfLines(const Function &F) {
  return F.getFnAttribute(InlineLineAttribute).getValueAsString();
}

static Lines linesOf(StringRef Text) {
  Lines Result;
  Text.split(Result, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return Result;
}

static bool endsWith(StringRef Line, StringRef Word) {
  return Line.take_back(Word.size()) == Word;
}
static bool forbidsOut(StringRef Line) { return !endsWith(Line, ":never-in"); }
static bool forbidsIn(StringRef Line) { return !endsWith(Line, ":never-out"); }

bool crossesInlineLine(const Function &Caller, const Function &Callee) {
  StringRef Into = textOfLines(Caller), From = textOfLines(Callee);
  if (Into == From)
    return false;
  Lines OfCaller = linesOf(Into), OfCallee = linesOf(From);
  return any_of(OfCallee,
                [&](StringRef Line) {
                  return forbidsOut(Line) && !is_contained(OfCaller, Line);
                }) ||
         any_of(OfCaller, [&](StringRef Line) {
           return forbidsIn(Line) && !is_contained(OfCallee, Line);
         });
}

static std::string lineOf(const Rule &R) {
  return R.Name + ":" + InlineWords[unsigned(R.Inline)].str();
}

bool isInsideLine(const Function &F, const Rule &R) {
  return is_contained(linesOf(textOfLines(F)), StringRef(lineOf(R)));
}

bool keepsCodeInside(const Rule &R) { return forbidsOut(lineOf(R)); }

void setInlineLines(ArrayRef<Function *> Functions,
                    ArrayRef<ConstrainedGroup> Groups, const RuleIndex &Rules) {
  std::vector<std::string> Texts(Functions.size());
  for (const ConstrainedGroup &Group : Groups) {
    const Rule &R = *Rules.rule(Group.Rule).R;
    if (R.Inline == InlineLine::Free)
      continue;
    std::string Line = lineOf(R);
    for (uint32_t I : Group.Symbols)
      if (I < Functions.size())
        Texts[I] += (Texts[I].empty() ? "" : ",") + Line;
  }
  for (size_t I = 0; I < Functions.size(); ++I) {
    Functions[I]->removeFnAttr(InlineLineAttribute);
    if (Texts[I].empty())
      continue;
    LLVM_DEBUG(dbgs() << "isolate: '" << Functions[I]->getName()
                      << "' is inside " << Texts[I] << '\n');
    Functions[I]->addFnAttr(InlineLineAttribute, Texts[I]);
  }
}

/// Calls \p Action with each call of \p M that crosses a line, or may cross one
/// once its callee is known.
static void
forEachCrossingCall(Module &M,
                    function_ref<void(CallBase &, bool IsIndirect)> Action) {
  SetVector<StringRef> Guarded; // What code may not leave.
  for (const Function &F : M)
    for (StringRef Line : linesOf(textOfLines(F)))
      if (forbidsOut(Line))
        Guarded.insert(Line);
  for (Function &F : M) {
    Lines Inside = linesOf(textOfLines(F));
    bool MayCross =
        any_of(Inside, forbidsIn) || any_of(Guarded, [&](StringRef Line) {
          return !is_contained(Inside, Line);
        });
    if (!MayCross)
      continue;
    for (Instruction &I : instructions(F)) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call || Call->isInlineAsm())
        continue;
      const Function *Callee = Call->getCalledFunction();
      if (!Callee || (!Callee->isIntrinsic() && crossesInlineLine(F, *Callee)))
        Action(*Call, /*IsIndirect=*/!Callee);
    }
  }
}

void holdCallsBack(Module &M, bool IndirectToo) {
  forEachCrossingCall(M, [&](CallBase &Call, bool IsIndirect) {
    if (IsIndirect && !IndirectToo)
      return;
    LLVM_DEBUG(dbgs() << "isolate: a call in '" << Call.getFunction()->getName()
                      << "' crosses a line of 'inline'\n");
    Call.addFnAttr(Attribute::NoInline);
  });
}

/// A call keeps it when it is made direct.
static constexpr StringLiteral HeldMark = "section-placement-held";

void holdIndirectCallsBack(Module &M) {
  forEachCrossingCall(M, [](CallBase &Call, bool IsIndirect) {
    if (!IsIndirect || Call.isNoInline())
      return;
    Call.addFnAttr(Attribute::NoInline);
    Call.addFnAttr(Attribute::get(Call.getContext(), HeldMark));
  });
}

void releaseIndirectCalls(Module &M) {
  for (Function &F : M)
    for (Instruction &I : instructions(F)) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call || !Call->hasFnAttr(HeldMark))
        continue;
      Call->setAttributes(
          Call->getAttributes().removeFnAttribute(M.getContext(), HeldMark));
      const Function *Callee = Call->getCalledFunction();
      if (!Callee || !crossesInlineLine(F, *Callee))
        Call->removeFnAttr(Attribute::NoInline);
    }
}

std::vector<std::string> explainAlwaysInline(ArrayRef<Function *> Functions) {
  SetVector<std::pair<const Function *, const Function *>> Crossing;
  for (const Function *F : Functions) {
    bool HasLines = !textOfLines(*F).empty();
    if (HasLines && F->hasFnAttribute(Attribute::AlwaysInline))
      for (const User *U : F->users())
        if (auto *Call = dyn_cast<CallBase>(U))
          if (Call->getCalledFunction() == F &&
              crossesInlineLine(*Call->getFunction(), *F))
            Crossing.insert({Call->getFunction(), F});
    if (!HasLines)
      continue;
    for (const Instruction &I : instructions(F)) {
      auto *Call = dyn_cast<CallBase>(&I);
      const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
      if (Callee && Callee->hasFnAttribute(Attribute::AlwaysInline) &&
          crossesInlineLine(*F, *Callee))
        Crossing.insert({F, Callee});
    }
  }
  std::vector<std::string> Told;
  for (auto [Caller, Callee] : Crossing)
    Told.push_back(("'" + Callee->getName() +
                    "' is always_inline and is called by '" +
                    Caller->getName() +
                    "', not inlined: a line of 'inline' is between them")
                       .str());
  return Told;
}

} // namespace section_placement
