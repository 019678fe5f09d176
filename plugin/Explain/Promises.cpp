//===- Promises.cpp - What a rule promises of its functions ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/Promises.h"
#include "section-placement/Plan/Escapes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <cmath>

using namespace llvm;

namespace section_placement {
/// A backend sees one module; who sees the program is the tool.
static std::string remedyOfOneModule(const Planned &What) {
  StringRef File = sys::path::filename(What.Index.policy().File);
  return "section-placement plan --policy " + File.str() +
         " BITCODE... -o PLAN.yaml makes a policy of the whole program, which "
         "places it in every module";
}

/// `its 3 functions are estimated at 5000 bytes (give or take 750, 15 %)`.
static std::string estimateOf(const SizeSum &Sum, Sight Seen) {
  double Percent = marginPercent(Seen.Sizes, Sum.Functions);
  return "its " + utostr(Sum.Functions) + " function" +
         (Sum.Functions == 1 ? " is" : "s are") +
         (Seen.IsWholeProgram ? "" : " in this module") +
         (Seen.Sizes == SizePrecision::Compiled ? " compiled to "
                                                : " estimated at ") +
         utostr(Sum.Bytes) + " bytes, give or take " + utostr(Sum.Margin) +
         " (" + utostr(uint64_t(std::round(Percent))) + " %)";
}

static std::string largestOf(const Planned &What, const SizeSum &Sum) {
  std::string Text = "the largest: ";
  for (size_t I = 0; I < Sum.Largest.size(); ++I) {
    const Symbol &S = What.P.Symbols[Sum.Largest[I]];
    Text += (I ? ", '" : "'") + S.Name.str() + "' (" + utostr(S.Size) + ")";
  }
  return Text;
}

static std::string limitOf(const Planned &What, const SizeSum &Sum) {
  const Rule &R = *What.Index.rule(Sum.Rule).R;
  return "'max-size' of rule '" + R.Name + "' is " + utostr(*R.MaxSize) +
         " bytes, and ";
}

static std::vector<Diagnostic> escapesTold(const Planned &What, Sight Seen,
                                           bool OnlyReported) {
  std::vector<Diagnostic> Lines;
  if (!Seen.Code)
    return Lines;
  for (const Escape &E :
       findEscapes(What.P, *Seen.Code, What.Index, What.ThePlan)) {
    const Rule &R = *What.Index.rule(E.Rule).R;
    if ((!R.Closed || R.Closed->IsReportOnly) != OnlyReported)
      continue;
    std::string Line = explainEscape(What, E);
    // A plan moves what another module defines, and no native code.
    if (!Seen.IsWholeProgram && E.Callee != NoIndex &&
        What.P.Symbols[E.Callee].IsUndefined &&
        What.P.Symbols[E.Callee].Object.empty())
      Line += "; or " + remedyOfOneModule(What);
    Lines.push_back({R.Closed ? R.Closed->Where : R.Where, std::move(Line)});
  }
  return Lines;
}

std::vector<Diagnostic> brokenPromises(const Planned &What, Sight Seen) {
  std::vector<Diagnostic> Broken =
      escapesTold(What, Seen, /*OnlyReported=*/false);
  for (const SizeSum &Sum :
       addUpSizes(What.P, What.Index, What.ThePlan, Seen.Sizes)) {
    const Rule &R = *What.Index.rule(Sum.Rule).R;
    if (Sum.isOver(*R.MaxSize))
      Broken.push_back(
          {R.MaxSizeAt, limitOf(What, Sum) + estimateOf(Sum, Seen) +
                            ", which is more; " + largestOf(What, Sum)});
  }
  return Broken;
}

std::vector<std::string> tellPromises(const Planned &What, Sight Seen) {
  std::vector<std::string> Told;
  for (Diagnostic &D : escapesTold(What, Seen, /*OnlyReported=*/true))
    Told.push_back(std::move(D.Text));
  if (Seen.Code)
    for (const std::string &Input : Seen.Code->UnreadNatives)
      Told.push_back("native input " + Input +
                     "; what it defines, calls and how large it is, is not "
                     "known");
  if (!Seen.IsWholeProgram)
    for (uint32_t R = 0; R < What.Index.size(); ++R)
      if (leftModule(What.ThePlan, R))
        Told.push_back("growth of rule '" + What.Index.rule(R).R->Name +
                       "' left this module: " + remedyOfOneModule(What));
  for (const SizeSum &Sum :
       addUpSizes(What.P, What.Index, What.ThePlan, Seen.Sizes)) {
    uint64_t Limit = *What.Index.rule(Sum.Rule).R->MaxSize;
    if (!Sum.Functions || Sum.isOver(Limit))
      continue;
    std::string Text = limitOf(What, Sum) + estimateOf(Sum, Seen);
    if (Sum.mayBeOver(Limit))
      Text += ", so it may be more; " + largestOf(What, Sum);
    Told.push_back(Text + "; 'section-placement verify' measures the image");
  }
  return Told;
}

} // namespace section_placement
