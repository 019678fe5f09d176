//===- JsonSummary.cpp - The reports of a link for programs
//--------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/ReportText.h"
#include "section-placement/Support/Json.h"

using namespace llvm;

namespace section_placement {

void writeJsonOutcome(json::OStream &J, uint32_t R, const ImageSummary &Image) {
  const RuleExtent &Extent = Image.Extents[R];
  J.attribute("bytes", Image.Totals.Rules[R].Bytes);
  J.attribute("found", Image.Totals.Rules[R].Found);
  J.attribute("span", Extent.Span);
  J.attribute("pieces", Extent.Pieces);
  J.attribute("groups", Extent.Groups);
  J.attribute("obeyed", Extent.word());
  if (Image.Before.empty())
    return;
  J.attribute("spanBefore", Image.Before[R].Span);
  J.attribute("piecesBefore", Image.Before[R].Pieces);
}

static void writeRule(json::OStream &J, const LinkReport &Link, uint32_t R,
                      const ImageSummary *Image) {
  const ReportedRule &Rule = Link.rules()[R];
  writeText(J, "rule", Rule.Name);
  writePlace(J, {Link.policy().str(), unsigned(Rule.Line)});
  J.attribute("optional", Rule.IsOptional);
  J.attribute("matched", Link.Rules[R].Seeds);
  J.attribute("claimed", Link.Rules[R].Claimed);
  J.attribute("moved", Link.Rules[R].Moved);
  J.attribute("refused", Link.Rules[R].Refused);
  writeTextIfAny(J, "inline", Rule.Inline);
  if (Link.Rules[R].Bytes)
    J.attribute(Link.Rules[R].IsCompiled && *Link.Rules[R].Bytes
                    ? "compiledBytes"
                    : "estimatedBytes",
                *Link.Rules[R].Bytes);
  if (Image)
    J.attributeObject("image", [&] { writeJsonOutcome(J, R, *Image); });
}

static void writeSaid(json::OStream &J, const Said &S) {
  writeText(J, "text", S.Text);
  J.attribute("modules", S.Modules);
}

static void writeRefusals(json::OStream &J, const LinkReport &Link) {
  J.attributeArray("refusals", [&] {
    for (const RefusalGroup &Group : Link.Refusals)
      for (const Said &S : Group.Texts)
        J.object([&] {
          writeText(J, "rule", Link.rules()[Group.Rule].Name);
          writeText(J, "reason", Group.Reason);
          writeSaid(J, S);
        });
  });
}

void writeJsonSummary(json::OStream &J, const LinkReport &Link,
                      const ImageSummary *Image) {
  writeText(J, "output", Link.output());
  writeText(J, "policy", Link.policy());
  J.attributeArray("modules", [&] {
    for (const ModuleReport *M : Link.modules())
      J.object([&] {
        writeText(J, "module", M->Module);
        writeText(J, "phase", M->Phase);
      });
  });
  J.attributeArray("rules", [&] {
    for (uint32_t R = 0; R < Link.Rules.size(); ++R)
      J.object([&] { writeRule(J, Link, R, Image); });
  });
  writeRefusals(J, Link);
  auto WriteAll = [&](StringRef Key, ArrayRef<Said> All) {
    J.attributeArray(Key, [&] {
      for (const Said &S : All)
        J.object([&] { writeSaid(J, S); });
    });
  };
  WriteAll("told", Link.Told);
  if (!Link.Failed.empty())
    WriteAll("failed", Link.Failed);
  J.attributeArray("unanswered", [&] {
    for (const ReportedName &N : Link.Unanswered)
      J.object([&] {
        writeText(J, "name", N.Name);
        writeText(J, "rule", Link.rules()[N.Rule].Name);
        writePlace(J, {N.File, unsigned(N.Line)});
      });
  });
  if (!Image)
    return;
  J.attributeArray("missing", [&] {
    for (ReportedAt At : Image->Totals.Missing)
      J.object([&] {
        const ReportedFunction &F = Link.function(At);
        writeText(J, "function", F.Symbol);
        writeText(J, "rule", Link.rules()[F.Rule].Name);
      });
  });
}

} // namespace section_placement
