//===- JsonVerdict.cpp - A verdict for programs ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerdictText.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Verify/Verify.h"

using namespace llvm;

namespace section_placement {

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
    writeTenths(J, "marginPercent", M.Left.tenths());
  else
    J.attribute("marginPercent", nullptr);
}

static void writeReference(json::OStream &J, const Verdict &V,
                           const MeasuredReference &M) {
  const ObjectFile &Object = V.objectOf(M);
  const ObjectReference &R = V.referenceOf(M);
  J.object([&] {
    J.attribute("status", statusOf(V, M));
    writeText(J, "object", Object.Name);
    writeText(J, "section", Object.File.sections()[R.Section].Name);
    J.attribute("offset", int64_t(R.Offset));
    J.attribute("relocation", R.Relocation->Name);
    writeText(J, "from", placeName(Object, R));
    writeText(J, "to", targetName(Object, R));
    J.attribute("lowest", R.Relocation->Lowest);
    J.attribute("highest", R.Relocation->Highest);
    if (M.Status == ReferenceStatus::Measured)
      writeDistance(J, M);
    if (M.Way != Route::Straight) {
      J.attribute("route", nameOf(M.Way));
      writeText(J, "goesTo",
                M.Import.empty() ? nameOfAddress(V.Image, M.LinkedTo)
                                 : M.Import.str());
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
    writeText(J, "rule", G.Rule);
    writeText(J, "section", G.Group);
    J.attribute("obeyed", G.isObeyed());
    J.attribute("planned", int64_t(G.Planned));
    J.attribute("found", int64_t(G.Found));
    J.attribute("variables", int64_t(G.Variables));
    J.attribute("sectionsKnown", G.AreSectionsKnown);
    J.attribute("shared", G.IsShared);
    J.attribute("contiguous", G.isContiguous());
    J.attribute("pieces", int64_t(G.Pieces));
    J.attribute("span", int64_t(G.Span));
    J.attribute("code", int64_t(G.Code));
    J.attribute("functionsBetween", int64_t(G.Between));
    J.attribute("bytesBetween", int64_t(G.BytesBetween));
    writeTexts(J, "firstBetween", G.FirstBetween);
    J.attributeArray("elsewhere", [&] {
      for (const Misplaced &M : G.Elsewhere)
        J.object([&] {
          writeText(J, "function", M.Function);
          writeText(J, "planned", M.Planned);
          writeText(J, "actual", M.Actual);
        });
    });
    J.attributeArray("leavingTo", [&] {
      for (const auto &[Name, Count] : G.LeavingTo)
        J.object([&, Name = StringRef(Name), Count = Count] {
          writeText(J, "name", Name);
          J.attribute("branches", int64_t(Count));
        });
    });
    J.attribute("leaving", int64_t(G.Leaving));
    J.attribute("leavingByThunk", int64_t(G.ThroughThunks));
    J.attribute("throughRegisters", int64_t(G.ThroughRegisters));
    writeTexts(J, "gone", G.Gone);
    writeTexts(J, "ambiguous", G.Ambiguous);
    writeTexts(J, "faults", faultsOf(G));
    writeTexts(J, "facts", factsOf(G, V.Image.isRelocatable()));
  });
}

static void writeSize(json::OStream &J, const SizeVerdict &S) {
  J.object([&] {
    writeText(J, "rule", S.Rule);
    J.attribute("maxSize", int64_t(S.Limit));
    J.attribute("kept", S.isKept());
    J.attribute("functions", int64_t(S.Functions));
    J.attribute("bytes", int64_t(S.Bytes));
    J.attribute("bytesAtMost", int64_t(S.BytesAtMost));
    J.attributeArray("largest", [&] {
      for (const auto &[Function, Bytes] : S.Largest)
        J.object([&, Name = StringRef(Function), Size = Bytes] {
          writeText(J, "function", Name);
          J.attribute("bytes", int64_t(Size));
        });
    });
    writeTexts(J, "ambiguous", S.Ambiguous);
  });
}

static void writeProof(json::OStream &J, const GroupProof &G) {
  J.object([&] {
    writeTexts(J, "rules", G.Rules);
    J.attribute("kept", G.isKept());
    J.attribute("reportOnly", G.IsReportOnly);
    writeTexts(J, "sections", G.Sections);
    J.attribute("functions", int64_t(G.Functions));
    J.attribute("instructions", int64_t(G.Instructions));
    J.attribute("transfers", int64_t(G.Transfers));
    J.attribute("reads", int64_t(G.Reads));
    J.attribute("readsKnown", G.AreReadsKnown && G.NotRead.empty());
    J.attribute("byObjects", G.IsByObjects);
    J.attributeArray("notRead", [&] {
      for (const UnknownReads &U : G.NotRead)
        J.object([&] {
          writeText(J, "name", U.Name);
          J.attribute("because", nameOf(U.Why));
        });
    });
    J.attribute("allowedTransfers", int64_t(G.AllowedTransfers));
    J.attribute("allowedReads", int64_t(G.AllowedReads));
    J.attribute("allowedJumps", int64_t(G.AllowedJumps));
    J.attribute("unprovenJumps", int64_t(G.UnprovenJumps));
    J.attribute("unprovenLoads", int64_t(G.UnprovenLoads));
    J.attribute("bytesNotDecoded", int64_t(G.BytesNotDecoded));
    J.attributeArray("unproven", [&] {
      for (const UnprovenCode &U : G.Unproven)
        J.object([&] {
          writeText(J, "function", U.Function);
          J.attribute("jumps", int64_t(U.Jumps));
          J.attribute("loads", int64_t(U.Loads));
        });
    });
    J.attributeArray("escapes", [&] {
      for (const ImageEscape &E : G.Escapes)
        J.object([&] {
          J.attribute("kind", nameOf(E.What));
          J.attribute("address", int64_t(E.Address));
          writeText(J, "from", E.From);
          writeText(J, "to", E.To);
          writeTextIfAny(J, "section", E.Section);
          writeTextIfAny(J, "through", E.Through);
          writeText(J, "text", describe(E));
        });
    });
  });
}

static void writeOrder(json::OStream &J, const ElfFile &Image,
                       const OrderVerdict &O) {
  if (O.Rule.empty())
    writeText(J, "file", O.Asked);
  else
    writeText(J, "rule", O.Rule);
  if (O.IsJudged)
    J.attribute("kept", O.isKept());
  J.attribute("listed", int64_t(O.Listed));
  J.attribute("found", int64_t(O.Found));
  writeTexts(J, "ambiguous", O.Ambiguous);
  J.attribute("displaced", int64_t(O.Displaced));
  writeText(J, "text", outcomeOf(O));
  writeTextIfAny(J, "fault", faultOf(O));
  if (O.Functions.empty())
    return;
  J.attributeArray("functions", [&] {
    for (const OrderVerdict::Function &F : O.Functions)
      J.object([&] {
        const ElfSymbol &S = Image.definitions()[F.Symbol];
        writeText(J, "symbol", S.Name);
        writeTextIfAny(J, "file", S.File);
        J.attribute("address", int64_t(S.Address));
        J.attribute("bytes", int64_t(S.Size));
        if (F.Rank)
          J.attribute("place", int64_t(F.Rank));
      });
  });
}

static void writePolicy(json::OStream &J, const Verdict &V,
                        const PolicyVerdict &P) {
  writeText(J, "file", V.PolicyFile);
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
  J.attributeArray("closed", [&] {
    for (const GroupProof &G : P.Proofs)
      writeProof(J, G);
  });
  J.attributeArray("orders", [&] {
    for (const OrderVerdict &O : P.Orders)
      J.object([&] { writeOrder(J, V.Image, O); });
  });
  J.attributeArray("missing", [&] {
    for (const MissingFunction &M : P.Missing)
      J.object([&] {
        writeText(J, "function", M.Name);
        writeText(J, "rule", M.Rule);
        writePlace(J, M.Where);
        writeText(J, "because", M.Why);
      });
  });
  writeTexts(J, "notSeen", P.NotSeen);
  writeTexts(J, "notChecked", P.Told);
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
  if (M.UncoveredData.Bytes)
    J.attribute("bytesTakenForData", int64_t(M.UncoveredData.Bytes));
  J.attribute("bitcodeFiles", int64_t(V.Objects.Bitcode.size()));
}

void writeJsonVerdict(json::OStream &J, const Verdict &V) {
  writeText(J, "image", V.ImagePath);
  J.attribute("machine", V.Image.machine());
  J.attribute("relocatable", V.Image.isRelocatable());
  J.attribute("met", V.isMet());
  J.attribute("complete", V.isComplete());
  if (V.MinMargin)
    writeTenths(J, "minMarginPercent", *V.MinMargin);
  writeTexts(J, "notJudged", V.NotJudged);
  J.attributeObject("summary", [&] { writeSummary(J, V); });
  J.attributeArray("references", [&] {
    for (const MeasuredReference &M : V.References.References)
      writeReference(J, V, M);
  });
  if (V.Obeyed)
    J.attributeObject("policy", [&] { writePolicy(J, V, *V.Obeyed); });
  if (V.FileOrder)
    J.attributeObject("order", [&] { writeOrder(J, V.Image, *V.FileOrder); });
}

} // namespace section_placement
