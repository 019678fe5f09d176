//===- JsonPlan.cpp - A plan for programs
//-------------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/JsonPlan.h"
#include "section-placement/Plan/Classify.h"

using namespace llvm;

namespace section_placement {

static void writePatterns(json::OStream &J, ArrayRef<MatchedPattern> Patterns) {
  J.attributeArray("patterns", [&] {
    for (const MatchedPattern &Pattern : Patterns)
      J.object([&] {
        writePlace(J, Pattern.Where);
        J.attribute("key", infoOf(Pattern.Key).Name);
        writeText(J, "glob", Pattern.Text);
      });
  });
}

static void writeFunction(json::OStream &J, const Planned &What, Classifier &C,
                          uint32_t I) {
  const Symbol &S = What.P.Symbols[I];
  const Placement &P = What.ThePlan.Placements[I];
  writeText(J, "function", S.Name);
  writeTextIfAny(J, "source", S.Source);
  writeText(J, "rule", What.Index.rule(P.Rule).R->Name);
  J.attribute("reason", nameOf(P.Reason));
  writeTextIfAny(J, "section", P.Section);
  if (S.Size)
    J.attribute(S.IsCompiled ? "compiledBytes" : "estimatedBytes", S.Size);
  writePatterns(J, C.patternsOf(P.Rule, I));
  writeText(J, "because", explainPlacement(What, I));
}

void writeJsonPlan(json::OStream &J, const Planned &What) {
  Classifier C(What.P, What.Index);
  J.attributeArray("functions", [&] {
    for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
      if (What.ThePlan.Placements[I].Reason != PlacementReason::Unclaimed)
        J.object([&] { writeFunction(J, What, C, I); });
  });
  J.attributeArray("refusals", [&] {
    for (const Refusal &R : What.ThePlan.Refusals)
      J.object([&] {
        writeText(J, "function", What.P.Symbols[R.Symbol].Name);
        writeText(J, "rule", What.Index.rule(R.Rule).R->Name);
        J.attribute("reason", nameOf(R.Reason));
        writeText(J, "because", explainRefusal(What, R));
      });
  });
}

void writeJsonRules(json::OStream &J, const Policy &P,
                    ArrayRef<RuleTotals> Totals) {
  J.attributeArray("rules", [&] {
    for (uint32_t R = 0; R < Totals.size(); ++R)
      J.object([&] {
        writeText(J, "rule", P.Rules[R].Name);
        writePlace(J, P.Rules[R].Where);
        J.attribute("optional", P.Rules[R].Optional);
        J.attribute("matched", Totals[R].Seeds);
        J.attribute("claimed", Totals[R].Claimed + Totals[R].Variables);
        J.attribute("moved", Totals[R].Moved);
        J.attribute("constrained", Totals[R].Inside);
      });
  });
}

void writeJsonUnanswered(json::OStream &J, const RuleIndex &Index,
                         ArrayRef<UnansweredName> Names) {
  J.attributeArray("unanswered", [&] {
    for (const UnansweredName &N : Names)
      J.object([&] {
        writeText(J, "name", N.Name);
        writeText(J, "rule", Index.rule(N.Rule).R->Name);
        writePlace(J, N.Where);
        writeTextIfAny(J, "nearest", N.Nearest);
      });
  });
}

} // namespace section_placement
