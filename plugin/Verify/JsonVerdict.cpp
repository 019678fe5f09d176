//===- JsonVerdict.cpp - A verdict for programs ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerdictText.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Verify/Verify.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

static void text(json::OStream &J, StringRef Key, StringRef Value) {
  J.attribute(Key, jsonText(Value));
}

static void texts(json::OStream &J, StringRef Key,
                  ArrayRef<std::string> Values) {
  J.attributeArray(Key, [&] {
    for (const std::string &Value : Values)
      J.value(jsonText(Value));
  });
}

/// Tenths as a number with one digit after the point.
static void tenths(json::OStream &J, StringRef Key, int64_t Tenths) {
  J.attributeBegin(Key);
  uint64_t Size = Tenths < 0 ? -Tenths : Tenths;
  J.rawValue((Tenths < 0 ? "-" : "") + utostr(Size / 10) + "." +
             utostr(Size % 10));
  J.attributeEnd();
}

static StringRef statusOf(const Verdict &V, const MeasuredReference &M) {
  switch (M.Status) {
  case ReferenceStatus::Measured:
    return M.isOutOfReach()     ? "out-of-reach"
           : V.isBelowMargin(M) ? "below-margin"
                                : "in-reach";
  case ReferenceStatus::NotDecided:
    return "not-decided";
  case ReferenceStatus::NotDecoded:
    return "not-decoded";
  case ReferenceStatus::NotLocated:
    return "not-located";
  }
  return "";
}

static void writeDistance(json::OStream &J, const MeasuredReference &M) {
  J.attribute("distance", M.Distance);
  if (M.Slack)
    J.attribute("slack", int64_t(M.Slack));
  J.attribute("reach", M.Left.Reach);
  J.attribute("marginBytes", M.Left.Left);
  if (M.Left.Reach)
    tenths(J, "marginPercent", M.Left.tenths());
  else
    J.attribute("marginPercent", nullptr);
}

static void writeReference(json::OStream &J, const Verdict &V,
                           const MeasuredReference &M) {
  const ObjectFile &Object = V.objectOf(M);
  const ObjectReference &R = V.referenceOf(M);
  J.object([&] {
    J.attribute("status", statusOf(V, M));
    text(J, "object", Object.Name);
    text(J, "section", Object.File.sections()[R.Section].Name);
    J.attribute("offset", int64_t(R.Offset));
    J.attribute("relocation", R.Relocation->Name);
    text(J, "from", placeName(Object, R));
    text(J, "to", targetName(Object, R));
    J.attribute("lowest", R.Relocation->Lowest);
    J.attribute("highest", R.Relocation->Highest);
    if (M.Status == ReferenceStatus::Measured)
      writeDistance(J, M);
    if (M.Way != Route::Straight) {
      J.attribute("route", nameOf(M.Way));
      text(J, "goesTo", nameOfAddress(V.Image, M.LinkedTo));
    }
    if (M.Status != ReferenceStatus::NotLocated)
      return;
    J.attribute("because", nameOf(M.Fault));
    J.attribute("missing", M.IsTargetAtFault ? "target" : "place");
  });
}

static void writeGroup(json::OStream &J, const Verdict &V,
                       const GroupVerdict &G) {
  J.object([&] {
    text(J, "rule", G.Rule);
    text(J, "section", G.Group);
    J.attribute("obeyed", G.isObeyed());
    J.attribute("planned", int64_t(G.Planned));
    J.attribute("found", int64_t(G.Found));
    J.attribute("sectionsKnown", G.AreSectionsKnown);
    J.attribute("shared", G.IsShared);
    J.attribute("contiguous", G.isContiguous());
    J.attribute("pieces", int64_t(G.Pieces));
    J.attribute("span", int64_t(G.Span));
    J.attribute("code", int64_t(G.Code));
    J.attribute("functionsBetween", int64_t(G.Between));
    J.attribute("bytesBetween", int64_t(G.BytesBetween));
    texts(J, "firstBetween", G.FirstBetween);
    J.attributeArray("elsewhere", [&] {
      for (const Misplaced &M : G.Elsewhere)
        J.object([&] {
          text(J, "function", M.Function);
          text(J, "planned", M.Planned);
          text(J, "actual", M.Actual);
        });
    });
    texts(J, "gone", G.Gone);
    texts(J, "ambiguous", G.Ambiguous);
    texts(J, "faults", faultsOf(G));
    texts(J, "facts", factsOf(G, V.Image.isRelocatable()));
  });
}

static void writeSize(json::OStream &J, const SizeVerdict &S) {
  J.object([&] {
    text(J, "rule", S.Rule);
    J.attribute("maxSize", int64_t(S.Limit));
    J.attribute("kept", S.isKept());
    J.attribute("functions", int64_t(S.Functions));
    J.attribute("bytes", int64_t(S.Bytes));
    J.attribute("bytesAtMost", int64_t(S.BytesAtMost));
    J.attributeArray("largest", [&] {
      for (const auto &[Function, Bytes] : S.Largest)
        J.object([&, Name = StringRef(Function), Size = Bytes] {
          text(J, "function", Name);
          J.attribute("bytes", int64_t(Size));
        });
    });
    texts(J, "ambiguous", S.Ambiguous);
  });
}

static void writePolicy(json::OStream &J, const Verdict &V,
                        const PolicyVerdict &P) {
  text(J, "file", V.PolicyFile);
  J.attribute("obeyed", P.isObeyed());
  J.attribute("byReports", P.IsByReports);
  J.attributeArray("groups", [&] {
    for (const GroupVerdict &G : P.Groups)
      writeGroup(J, V, G);
  });
  J.attributeArray("sizes", [&] {
    for (const SizeVerdict &S : P.Sizes)
      writeSize(J, S);
  });
  J.attributeArray("missing", [&] {
    for (const MissingFunction &M : P.Missing)
      J.object([&] {
        text(J, "function", M.Name);
        text(J, "rule", M.Rule);
        text(J, "file", M.Where.File);
        J.attribute("line", int64_t(M.Where.Line));
        text(J, "because", M.Why);
      });
  });
  texts(J, "notSeen", P.NotSeen);
  texts(J, "notChecked", P.Told);
}

static void writeSummary(json::OStream &J, const Verdict &V) {
  const Measurements &M = V.References;
  J.attribute("measured", int64_t(M.Measured));
  J.attribute("outOfReach", int64_t(M.OutOfReach));
  J.attribute("belowMargin", int64_t(V.BelowMargin));
  J.attribute("notDecided", int64_t(M.NotDecided));
  J.attribute("notDecoded", int64_t(M.NotDecoded));
  J.attribute("notLocated", int64_t(M.NotLocated));
  J.attribute("insideFunctions", int64_t(M.InsideFunctions));
  J.attribute("doubles", int64_t(M.Doubles));
  J.attribute("bytesNotDecoded", int64_t(M.BytesNotDecoded));
  J.attribute("bitcodeFiles", int64_t(V.Objects.Bitcode.size()));
}

void writeJsonVerdict(raw_ostream &OS, const Verdict &V) {
  json::OStream J(OS, /*IndentSize=*/1);
  J.object([&] {
    J.attribute("format", "section-placement-verify");
    J.attribute("version", 1);
    text(J, "image", V.ImagePath);
    J.attribute("machine", V.Image.machine());
    J.attribute("relocatable", V.Image.isRelocatable());
    J.attribute("met", V.isMet());
    J.attribute("complete", V.isComplete());
    if (V.MinMargin)
      tenths(J, "minMarginPercent", *V.MinMargin);
    texts(J, "notJudged", V.NotJudged);
    J.attributeObject("summary", [&] { writeSummary(J, V); });
    J.attributeArray("references", [&] {
      for (const MeasuredReference &M : V.References.References)
        writeReference(J, V, M);
    });
    if (V.Obeyed)
      J.attributeObject("policy", [&] { writePolicy(J, V, *V.Obeyed); });
  });
  OS << '\n';
}

} // namespace section_placement
