//===- JsonReport.cpp - The plan of one module as a JSON file -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/JsonReport.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Plan/Classify.h"
#include "section-placement/Plan/Escapes.h"
#include "section-placement/Report/PartsReport.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

/// \p Sentence without the folders of this machine: a path that begins at the
/// root is written as seen from the current folder, or by its last name. A glob
/// is the user's own words.
static std::string portable(StringRef Sentence) {
  std::string Result;
  while (!Sentence.empty()) {
    bool IsStart =
        Result.empty() || StringRef(" '\"(=").contains(Result.back());
    size_t Size =
        std::min(Sentence.find_first_of(" '\"():,;"), Sentence.size());
    StringRef Word = Sentence.take_front(Size);
    if (IsStart && Word.count('/') > 1 && Word.front() == '/' &&
        Word.find_first_of("*?[{") == StringRef::npos) {
      std::string Path = relativeToCurrentFolder(Word);
      Result +=
          sys::path::is_absolute(Path) ? sys::path::filename(Path).str() : Path;
    } else {
      Result += Word;
    }
    Sentence = Sentence.drop_front(Size);
    Result += Sentence.take_front(1);
    Sentence = Sentence.drop_front(!Sentence.empty());
  }
  return Result;
}

static void writeRules(json::OStream &J, const ReportHead &Head,
                       const Planned &What) {
  J.attributeArray("rules", [&] {
    for (uint32_t R = 0; R < What.Index.size(); ++R)
      J.object([&] {
        const RuleTotals &T = What.ThePlan.Totals[R];
        const Rule &TheRule = *What.Index.rule(R).R;
        writeText(J, "name", TheRule.Name);
        J.attribute("line", TheRule.Where.Line);
        if (TheRule.Optional)
          J.attribute("optional", true);
        if (TheRule.Inline != InlineLine::Free)
          J.attribute("inline", InlineWords[unsigned(TheRule.Inline)]);
        if (auto Why = Head.NotHeld.find(TheRule.Name);
            Why != Head.NotHeld.end())
          writeText(J, "notHeld", Why->second);
        J.attribute("seeds", T.Seeds);
        J.attribute("claimed", T.Claimed + T.Variables);
        J.attribute("moved", Head.Failed.empty() ? T.Moved : 0);
      });
  });
}

/// What an edge was read from. `fromOffset` is `offset` as seen from the symbol
/// that refers: in a linked image that symbol is found again, the object's
/// section is not.
static void writeEdge(json::OStream &J, const Planned &What, const Edge &E) {
  const Evidence &By = What.P.Evidences[E.Evidence];
  const Symbol &From = What.P.Symbols[E.From];
  J.attribute("kind", E.Kind == EdgeKind::Branch    ? "branch"
                      : E.Kind == EdgeKind::Call    ? "call"
                      : E.Kind == EdgeKind::Address ? "address"
                                                    : "runtime-call");
  writeText(J, "from", From.Name);
  if (By.Relocation.empty())
    return;
  writeText(J, "object", By.Object);
  writeText(J, "relocation", By.Relocation);
  J.attribute("offset", By.Offset);
  J.attribute("fromOffset",
              By.Offset >= From.Address ? By.Offset - From.Address : 0);
  if (E.Kind == EdgeKind::Branch)
    J.attribute("reach", By.Reach);
}

static void writeVia(json::OStream &J, const Planned &What, uint32_t Index) {
  J.attributeObject("via", [&] { writeEdge(J, What, What.P.Edges[Index]); });
}

/// The edge from \p Caller, which was met by its callee.
static void writeViaOfCaller(json::OStream &J, const Planned &What,
                             uint32_t Index) {
  J.attributeObject("via", [&] {
    const Edge &E = What.P.Edges[Index];
    writeEdge(J, What, E);
    writeText(J, "to", What.P.Symbols[E.To].Name);
  });
}

/// Every short reference that was seen, whether it moved something or not.
static void writeReferences(json::OStream &J, const Planned &What) {
  J.attributeArray("references", [&] {
    for (const Edge &E : What.P.Edges)
      if (E.Kind == EdgeKind::Branch)
        J.object([&] {
          writeEdge(J, What, E);
          writeText(J, "to", What.P.Symbols[E.To].Name);
        });
  });
}

/// Does the rule that matched symbol \p I name it, without a wildcard?
static bool isNamed(const Planned &What, uint32_t I) {
  const Placement &P = What.ThePlan.Placements[I];
  const Symbol &S = What.P.Symbols[I];
  if (P.Rank == UINT64_MAX)
    return false;
  SmallVector<std::string, 6> Names{S.Name.str(), S.Canonical.str()};
  for (const Alias &A : What.P.aliasesOf(I))
    Names.push_back(A.Name.str());
  append_range(Names, demangledNames(S.Canonical));
  return any_of(What.Index.rule(P.Rule).Match, [&](const IndexedMap *Map) {
    return any_of(Names, [&](StringRef Name) {
      return Map->Literals.count(Name) || Map->Listed.count(Name);
    });
  });
}

/// The rules after the one that has it whose match holds too: who wonders why a
/// later rule does nothing finds it here.
static void writeAlsoMatched(json::OStream &J, const Planned &What,
                             Classifier &C, uint32_t I) {
  uint32_t Rule = What.ThePlan.Placements[I].Rule;
  std::optional<RuleMatch> Match = C.firstMatch(I, Rule + 1);
  if (!Match)
    return;
  J.attributeArray("alsoMatched", [&] {
    for (; Match; Match = C.firstMatch(I, Match->Rule + 1))
      J.value(jsonText(What.Index.rule(Match->Rule).R->Name));
  });
}

/// `git check-ignore -v` of a match: where the pattern stands, which key it is
/// of, and the pattern.
static void writePatterns(json::OStream &J, ArrayRef<MatchedPattern> Patterns) {
  if (Patterns.empty())
    return;
  J.attributeArray("patterns", [&] {
    for (const MatchedPattern &Pattern : Patterns)
      J.object([&] {
        writeText(J, "file", sys::path::filename(Pattern.Where.File));
        J.attribute("line", Pattern.Where.Line);
        J.attribute("key", infoOf(Pattern.Key).Name);
        writeText(J, "glob", Pattern.Text);
      });
  });
}

static void writeFunction(json::OStream &J, const Planned &What, Classifier &C,
                          uint32_t I) {
  const Symbol &S = What.P.Symbols[I];
  const Placement &P = What.ThePlan.Placements[I];
  writeText(J, "symbol", S.Name);
  if (S.Canonical != S.Name)
    writeText(J, "name", S.Canonical);
  writeTextIfAny(J, "source", S.Source);
  if (S.isVariable())
    J.attribute("variable", true);
  writeText(J, "rule", What.Index.rule(P.Rule).R->Name);
  J.attribute("reason", nameOf(P.Reason));
  writeTextIfAny(J, "section", P.Section);
  if (S.Size)
    J.attribute(S.IsCompiled ? "compiledBytes" : "estimatedBytes", S.Size);
  writeTextIfAny(J, "sourceSection", S.Section);
  if (S.IsComdat)
    J.attribute("comdat", true);
  if (isNamed(What, I))
    J.attribute("named", true);
  if (P.Reason == PlacementReason::FollowsCode)
    writeText(J, "reader", What.P.Symbols[P.Via].Name);
  else if (P.Reason == PlacementReason::SplitFromParent)
    writeText(J, "parent", What.P.Symbols[P.Via].Name);
  else if (P.Reason == PlacementReason::GrownToCaller)
    writeViaOfCaller(J, What, P.Via);
  else if (P.Via != NoIndex)
    writeVia(J, What, P.Via);
  writePatterns(J, C.patternsOf(P.Rule, I));
  writeAlsoMatched(J, What, C, I);
  writeText(J, "because", portable(explainPlacement(What, I)));
}

/// What the object has of a constant that others read, too.
static void writeCopy(json::OStream &J, const Planned &What,
                      const DataCopy &Copy) {
  const Symbol &S = What.P.Symbols[Copy.Symbol];
  writeText(J, "symbol", (S.Name + ".copy").str());
  writeText(J, "name", S.Canonical);
  J.attribute("variable", true);
  writeText(J, "rule", What.Index.rule(Copy.Rule).R->Name);
  J.attribute("reason", nameOf(PlacementReason::FollowsCode));
  writeText(J, "section", Copy.Section);
  writeText(J, "reader", What.P.Symbols[Copy.Reader].Name);
  writeText(J, "because", explainCopy(What, Copy));
}

/// The claimed functions at length, and of the others the names, so that "no
/// rule claims it" is not taken for "it is not in this program".
static void writeFunctions(json::OStream &J, const Planned &What) {
  Classifier C(What.P, What.Index);
  auto IsClaimed = [&](uint32_t I) {
    return What.ThePlan.Placements[I].Reason != PlacementReason::Unclaimed;
  };
  J.attributeArray("functions", [&] {
    for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
      if (IsClaimed(I))
        J.object([&] { writeFunction(J, What, C, I); });
    for (const DataCopy &Copy : What.ThePlan.Copies)
      J.object([&] { writeCopy(J, What, Copy); });
  });
  J.attributeArray("unclaimed", [&] {
    for (uint32_t I = 0; I < What.P.Symbols.size(); ++I)
      if (!IsClaimed(I) && !What.P.Symbols[I].IsNative &&
          !What.P.Symbols[I].IsUndefined && !What.P.Symbols[I].isVariable())
        J.value(jsonText(What.P.Symbols[I].Name));
  });
}

/// Native code that rules grow from: it is no function that a link moves, but
/// whoever asks why one was grown to ends at it.
static void writeNativeSeeds(json::OStream &J, const Planned &What) {
  Classifier C(What.P, What.Index);
  J.attributeArray("nativeSeeds", [&] {
    for (uint32_t I = 0; I < What.P.Symbols.size(); ++I) {
      if (!What.P.Symbols[I].IsNative || !What.ThePlan.IsBranchSeed[I])
        continue;
      if (std::optional<RuleMatch> Match = C.firstMatch(I, 0))
        J.object([&] {
          writeText(J, "symbol", What.P.Symbols[I].Name);
          writeText(J, "object", What.P.Symbols[I].Object);
          writePatterns(J, C.patternsOf(Match->Rule, I));
        });
    }
  });
}

static void writeRefusals(json::OStream &J, const Planned &What) {
  Classifier C(What.P, What.Index);
  J.attributeArray("refusals", [&] {
    for (const Refusal &R : What.ThePlan.Refusals)
      J.object([&] {
        writeText(J, "symbol", What.P.Symbols[R.Symbol].Name);
        writeText(J, "rule", What.Index.rule(R.Rule).R->Name);
        J.attribute("reason", nameOf(R.Reason));
        if (R.Edge != NoIndex)
          writeVia(J, What, R.Edge);
        else
          writePatterns(J, C.patternsOf(R.Rule, R.Symbol));
        writeText(J, "because", portable(explainRefusal(What, R)));
      });
  });
}

static void writeHoles(json::OStream &J, const Planned &What) {
  J.attributeArray("holes", [&] {
    for (const Hole &H : What.ThePlan.Holes)
      J.object([&] {
        writeText(J, "rule", What.Index.rule(H.Rule).R->Name);
        J.attribute("hole", nameOf(H.Kind));
        writeText(J, "function", What.P.Symbols[H.Symbol].Name);
        if (H.Callee != NoIndex)
          writeText(J, "callee", What.P.Symbols[H.Callee].Name);
        J.attribute("count", H.Count);
        writeText(J, "because", portable(explainHole(What, H)));
      });
  });
}

static void writeUnanswered(json::OStream &J, const ReportHead &Head,
                            const Planned &What) {
  J.attributeArray("unanswered", [&] {
    for (const UnansweredName &N : unansweredNames(What.P, What.Index))
      J.object([&] {
        writeText(J, "name", N.Name);
        writeText(J, "rule", What.Index.rule(N.Rule).R->Name);
        writeText(J, "file", sys::path::filename(N.Where.File));
        J.attribute("line", N.Where.Line);
        if (std::binary_search(Head.NamesOfSource.begin(),
                               Head.NamesOfSource.end(), N.Name))
          J.attribute("inSource", true);
        if (N.IsOtherKind)
          writeText(J, "because", explainOtherKind(N.Name, N.IsOfVariable));
      });
  });
}

static void writeOrphans(json::OStream &J, const ReportHead &Head,
                         const Planned &What) {
  std::vector<OrphanSection> Orphans;
  if (Head.Link)
    Orphans = findOrphans(What, *Head.Link);
  J.attributeArray("orphans", [&] {
    for (const OrphanSection &O : Orphans)
      J.object([&] {
        StringRef Rule = What.Index.rule(O.Rule).R->Name;
        writeText(J, "section", O.Section);
        writeText(J, "rule", Rule);
        writeText(J, "because", explainOrphan(Rule, O.Section, *Head.Link));
      });
  });
}

/// What `verify` holds an image's order against.
static void writeOrders(json::OStream &J, const Planned &What) {
  if (What.ThePlan.Orders.empty())
    return;
  J.attributeArray("orders", [&] {
    for (const OrderedGroup &Group : What.ThePlan.Orders)
      J.object([&] {
        writeText(J, "rule", What.Index.rule(Group.Rule).R->Name);
        J.attributeArray("functions", [&] {
          for (uint32_t I : Group.Symbols)
            J.value(jsonText(What.P.Symbols[I].Name));
        });
      });
  });
}

/// What `plan --after` takes up.
static void writeEscapes(json::OStream &J, const ReportHead &Head,
                         const Planned &What) {
  std::vector<Escape> Escapes;
  if (Head.Code)
    Escapes = findEscapes(What.P, *Head.Code, What.Index, What.ThePlan);
  J.attributeArray("escapes", [&] {
    for (const Escape &E : Escapes)
      J.object([&] {
        writeText(J, "rule", What.Index.rule(E.Rule).R->Name);
        J.attribute("kind", nameOf(E.What));
        writeText(J, "function", What.P.Symbols[E.Symbol].Name);
        if (E.Callee != NoIndex) {
          const Symbol &Callee = What.P.Symbols[E.Callee];
          writeText(J, "callee", Callee.Name);
          if (Callee.Canonical != Callee.Name)
            writeText(J, "calleeName", Callee.Canonical);
          writeTextIfAny(J, "calleeSource", Callee.Source);
        }
        if (E.What != Escape::Kind::NotCompiled)
          writeTextIfAny(J, "data", E.Data);
        if (E.What == Escape::Kind::IndirectCalls)
          J.attribute("count", E.Count);
        writeText(J, "because", portable(explainEscape(What, E)));
      });
  });
}

static void writeBody(json::OStream &J, const ReportHead &Head,
                      const Planned &What, ArrayRef<std::string> Told) {
  J.attribute("format", "section-placement-report");
  J.attribute("version", 1);
  writeText(J, "policy", sys::path::filename(What.Index.policy().File));
  writeTextIfAny(J, "output", Head.Output);
  if (Head.Link && Head.Link->IsKindKnown)
    J.attribute("outputKind", nameOf(Head.Link->Kind));
  writeText(J, "module", Head.Module);
  J.attribute("phase", Head.Phase);
  writeRules(J, Head, What);
  writeFunctions(J, What);
  writeNativeSeeds(J, What);
  writeRefusals(J, What);
  writeHoles(J, What);
  writeReferences(J, What);
  writeUnanswered(J, Head, What);
  writeOrphans(J, Head, What);
  writeOrders(J, What);
  writeEscapes(J, Head, What);
  if (!Head.Failed.empty())
    J.attributeArray("failed", [&] {
      for (const std::string &Line : Head.Failed)
        J.value(jsonText(portable(Line)));
    });
  J.attributeArray("told", [&] {
    for (const std::string &Line : Told)
      J.value(jsonText(portable(Line)));
  });
}

Error writeJsonReport(StringRef Folder, const ReportHead &Head,
                      const Planned &What, ArrayRef<std::string> Told) {
  SmallString<256> Path(Folder);
  auto Fail = [&](Error Why) {
    return errorIn(Path, "the report " +
                             toString(withoutPlace(std::move(Why))) +
                             "; SECTION_PLACEMENT_REPORT must name a folder "
                             "that can be written to");
  };
  if (std::error_code EC = sys::fs::create_directories(Folder))
    return Fail(plainError("cannot be written: " + EC.message()));
  if (std::error_code EC = dropPartsReport(Folder, Head.Output, Head.Module))
    return Fail(plainError("cannot be written: " + EC.message()));
  sys::path::append(Path, reportFileName(Head.Output, Head.Module, ".json"));
  if (Error E = writeOutputFile(Path, [&](raw_ostream &OS) {
        json::OStream J(OS, /*IndentSize=*/1);
        J.object([&] { writeBody(J, Head, What, Told); });
        OS << '\n';
      }))
    return Fail(std::move(E));
  return Error::success();
}

} // namespace section_placement
