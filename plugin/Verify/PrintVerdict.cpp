//===- PrintVerdict.cpp - A verdict for people ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is wrong comes first: whoever reads this has a link that failed or a
// gate that closed.
//
//===----------------------------------------------------------------------===//

#include "VerdictText.h"
#include "section-placement/Support/TextTable.h"
#include "section-placement/Support/TextWriter.h"
#include "section-placement/Verify/Verify.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <set>

using namespace llvm;

namespace section_placement {

namespace {
class Printer {
public:
  Printer(raw_ostream &OS, const Verdict &V, TextStyle Style)
      : OS(OS), Text(OS, Style.IsColoured), V(V), Style(Style) {}

  void print();

private:
  static constexpr size_t MaxMeasured = 20, MaxOthers = 10;

  void summary();
  void measured();
  void measuredOne(const MeasuredReference &M);
  void others(ReferenceStatus Status, uint64_t Count, StringRef Title);
  void otherOne(const MeasuredReference &M);
  void asides();
  void policy(const PolicyVerdict &P);
  void group(const GroupVerdict &G);
  bool isSeenByTheImageAlone(const GroupVerdict &G) const;
  void size(const SizeVerdict &S);
  void proof(const GroupProof &G);
  void order(const OrderVerdict &O);
  void list(StringRef What, ArrayRef<std::string> Names);
  void fault(StringRef What);
  void end();
  std::string named(StringRef Line) const { return shown(Line, Style.Names); }
  size_t limit(size_t Usual) const { return Style.ListsAll ? SIZE_MAX : Usual; }

  raw_ostream &OS;
  TextWriter Text;
  const Verdict &V;
  TextStyle Style;
};
} // namespace

/// A short reach overrun by far has a margin of more digits than a column.
static std::string shortPercentage(const Margin &M) {
  return M.Reach && M.tenths() < -9999 ? "<-999%" : percentage(M);
}

void Printer::summary() {
  const Measurements &M = V.References;
  std::string Line = V.ImagePath + ": " +
                     counted(M.References.size(), "short reference") + ", " +
                     inThousands(M.Measured) + " measured";
  if (M.OutOfReach)
    Line += ", " + inThousands(M.OutOfReach) + " out of reach";
  if (V.MinMargin)
    Line += ", " + inThousands(V.BelowMargin) + " in reach with less than " +
            percentage({int64_t(*V.MinMargin), 1000}) + " left";
  if (M.Measured)
    Line += ", smallest margin " + shortPercentage(M.References[0].Left);
  Text.paragraph("", Line);
}

void Printer::measuredOne(const MeasuredReference &M) {
  const ObjectReference &R = V.referenceOf(M);
  std::string Reach =
      M.Left.Reach ? inThousands(M.Distance < 0 ? -M.Left.Reach : M.Left.Reach,
                                 /*IsSigned=*/true)
                   : "none";
  bool IsBad = M.isOutOfReach() || V.isBelowMargin(M);
  OS << formatv("{0,9} {1,13} {2,12}  ", shortPercentage(M.Left),
                (M.Slack ? "~" : "") + inThousands(M.Distance, true), Reach);
  if (IsBad) {
    OS << left_justify(R.Relocation->Name, 28);
    Text.bad(M.isOutOfReach() ? "OUT OF REACH" : "BELOW MARGIN");
  } else {
    OS << R.Relocation->Name;
  }
  OS << '\n';
  Text.paragraph("          from ", named(placeName(V.objectOf(M), R)) +
                                        " in " + V.objectOf(M).Name);
  Text.paragraph("          to   ", named(targetName(V.objectOf(M), R)));
  std::string Way = routeText(V, M);
  if (!Way.empty())
    Text.paragraph("          ", named(Way));
  if (M.IsOneOfSeveral)
    Text.paragraph("          ",
                   "several local symbols have that name: this is the place "
                   "with the least of its reach left");
}

void Printer::measured() {
  ArrayRef<MeasuredReference> All(V.References.References);
  All = All.take_front(V.References.Measured);
  if (All.empty())
    return;
  OS << "\n   margin      distance        reach  relocation\n";
  for (const MeasuredReference &M : All.take_front(limit(MaxMeasured)))
    measuredOne(M);
  if (All.size() > limit(MaxMeasured))
    OS << "          ... and " << inThousands(All.size() - MaxMeasured)
       << " with larger margins (--all lists them)\n";
}

void Printer::otherOne(const MeasuredReference &M) {
  const ObjectFile &Object = V.objectOf(M);
  const ObjectReference &R = V.referenceOf(M);
  Text.paragraph("          from ", named(placeName(Object, R)) + " in " +
                                        Object.Name + ", " +
                                        R.Relocation->Name.str());
  Text.paragraph("          to   ", named(targetName(Object, R)));
  if (M.Status == ReferenceStatus::NotLocated)
    Text.paragraph(
        "          ",
        std::string(M.IsTargetAtFault ? "the target: " : "the place: ") +
            describe(M.Fault).str());
}

void Printer::others(ReferenceStatus Status, uint64_t Count, StringRef Title) {
  if (!Count)
    return;
  OS << '\n';
  Text.paragraph("", counted(Count, "reference") + " " + Title.str());
  uint64_t Shown = 0;
  for (const MeasuredReference &M : V.References.References)
    if (M.Status == Status && Shown++ < limit(MaxOthers))
      otherOne(M);
  if (Shown > limit(MaxOthers))
    OS << "          ... and " << inThousands(Shown - MaxOthers)
       << " more (--all lists them)\n";
}

/// What was counted and is not listed.
void Printer::asides() {
  std::vector<std::string> Lines;
  if (uint64_t Count = V.References.InsideFunctions)
    Lines.push_back(counted(Count, "reference") +
                    " inside one function, in reach whatever the layout");
  if (uint64_t Count = V.References.Doubles)
    Lines.push_back(counted(Count, "reference") +
                    " that another of the objects has as well");
  if (const UncoveredBytes &U = V.References.UncoveredData; U.Bytes)
    Lines.push_back(counted(U.Bytes, "byte") +
                    " that no symbol covers, the first at " +
                    named(nameOfAddress(V.Image, U.First)) + ", of which " +
                    inThousands(U.NotDecoded) +
                    " cannot be decoded: no function goes there, so they are "
                    "taken for data");
  if (uint64_t Count = V.Objects.Bitcode.size())
    Lines.push_back(counted(Count, "bitcode file") +
                    ", whose code has relocations only after the link: give a "
                    "vmlinux.o for those");
  if (uint64_t Count = V.Objects.PassedOver)
    Lines.push_back(counted(Count, "member") + " of archives without code");
  if (Lines.empty())
    return;
  OS << "\nnot listed:\n";
  for (const std::string &Line : Lines)
    Text.paragraph("  ", Line);
}

void Printer::fault(StringRef What) {
  OS << "    ";
  Text.bad("FAILED");
  OS << '\n';
  Text.paragraph("      ", What);
}

/// A few names, and how many more there are.
void Printer::list(StringRef What, ArrayRef<std::string> Names) {
  if (Names.empty())
    return;
  std::string Line = What.str();
  for (const std::string &Name : Names.take_front(limit(MaxOthers)))
    Line += " " + named(Name);
  if (Names.size() > limit(MaxOthers))
    Line += " ... and " + inThousands(Names.size() - MaxOthers) + " more";
  Text.paragraph("    ", Line);
}

bool Printer::isSeenByTheImageAlone(const GroupVerdict &G) const {
  return !G.AreSectionsKnown && !V.Obeyed->IsByReports;
}

void Printer::group(const GroupVerdict &G) {
  Text.paragraph("  ", "rule '" + G.Rule + "', section " + G.Group + ": " +
                           foundIn(G) +
                           (!G.isObeyed()               ? ", not as planned"
                            : !isSeenByTheImageAlone(G) ? ", as planned"
                            : G.IsShared                ? ", in the image"
                                                        : ", together"));
  for (const std::string &Line : faultsOf(G))
    fault(named(Line));
  for (const std::string &Line : factsOf(G, V.Image.isRelocatable()))
    Text.paragraph("    ", named(Line));
  list("planned, and gone since (inlined or dropped):", G.Gone);
  list("several of that name, and which one is meant is not known:",
       G.Ambiguous);
}

void Printer::size(const SizeVerdict &S) {
  Text.paragraph("  ", "rule '" + S.Rule +
                           "', code: " + counted(S.Bytes, "byte") +
                           " of at most " + inThousands(S.Limit) + ", " +
                           counted(S.Functions, "function"));
  if (!S.isKept())
    fault(named(faultOf(S)));
  list("the smallest counted, since several have that name:", S.Ambiguous);
}

void Printer::proof(const GroupProof &G) {
  std::string WaysOut =
      G.Functions ? counted(G.Escapes.size(), "way") + " out" : "not judged";
  Text.paragraph("  ", rulesOf(G) + ", closed: " + WaysOut +
                           (G.IsReportOnly ? ", reported only" : ""));
  if (G.Functions)
    for (const std::string &Line : extentOf(G))
      Text.paragraph("    ", Line);
  for (const std::string &Line : gapsOf(G))
    Text.paragraph("    not judged: ", named(Line));
  ArrayRef<ImageEscape> Escapes(G.Escapes);
  if (!Escapes.empty() && !G.IsReportOnly) {
    OS << "    ";
    Text.bad("FAILED");
    OS << '\n';
  }
  for (const ImageEscape &E : Escapes.take_front(limit(MaxMeasured)))
    Text.paragraph("      ", named(describe(E)));
  if (Escapes.size() > limit(MaxMeasured))
    OS << "      ... and " << inThousands(Escapes.size() - MaxMeasured)
       << " more (--all lists them)\n";
  std::set<ImageEscape::Kind> Kinds;
  for (const ImageEscape &E : Escapes)
    if (Kinds.insert(E.What).second)
      Text.paragraph("    remedy: ", remedyOf(E.What));
  if (!G.Unproven.empty() && Style.ListsAll)
    for (const UnprovenCode &U : G.Unproven)
      Text.paragraph("    not proven in " + named(U.Function) + ": ",
                     counted(U.Jumps, "jump") + ", " +
                         counted(U.Loads, "load"));
}

void Printer::order(const OrderVerdict &O) {
  Text.paragraph("  ", outcomeOf(O));
  if (!O.isKept())
    fault(named(faultOf(O)));
  list("several of that name, and which one is the module's is not known:",
       O.Ambiguous);
  if (O.Functions.empty() || !Style.ListsAll)
    return;
  constexpr auto ToRight = TextTable::Align::Right;
  TextTable Table({{"address", ToRight},
                   {"bytes", ToRight},
                   {"place", ToRight},
                   {"function"}});
  for (const OrderVerdict::Function &F : O.Functions) {
    const ElfSymbol &S = V.Image.definitions()[F.Symbol];
    Table.add({"0x" + utohexstr(S.Address, /*LowerCase=*/true), utostr(S.Size),
               F.Rank ? utostr(F.Rank) : "-",
               named(S.Name) + (S.File.empty() ? "" : " in " + S.File.str())});
  }
  OS << '\n';
  Table.print(OS);
}

void Printer::policy(const PolicyVerdict &P) {
  OS << '\n';
  Text.paragraph("",
                 V.PolicyFile + (P.IsByReports
                                     ? ": by the plugin's reports"
                                     : ": by names and native references (with "
                                       "--report DIR: by what was planned)"));
  for (const GroupVerdict &G : P.Groups)
    group(G);
  if (P.Groups.empty())
    OS << "  no rule places a function of this image\n";
  for (const SizeVerdict &S : P.Sizes)
    size(S);
  for (const GroupProof &G : P.Proofs)
    proof(G);
  for (const OrderVerdict &O : P.Orders)
    order(O);
  for (const MissingFunction &M : P.Missing)
    fault(describeMissing(M));
  list("no report, not seen:", P.NotSeen);
  for (const std::string &Line : P.Told)
    Text.paragraph("  not checked: ", Line);
}

void Printer::end() {
  OS << '\n';
  if (V.isMet() && V.isComplete()) {
    Text.good("verify: all well");
    if (V.Obeyed && any_of(V.Obeyed->Groups, [&](const GroupVerdict &G) {
          return isSeenByTheImageAlone(G);
        }))
      OS << ", as far as the image alone shows";
    if (V.Obeyed && !V.Obeyed->Told.empty())
      OS << "; see 'not checked'";
    OS << '\n';
    return;
  }
  Text.bad(!V.isComplete() ? "verify: could not be judged" : "verify: not met");
  OS << '\n';
  for (const std::string &Line : failuresOf(V))
    Text.paragraph("  ", named(Line));
}

void Printer::print() {
  summary();
  measured();
  others(ReferenceStatus::NotDecided, V.References.NotDecided,
         "across sections, which only the final link decides:");
  others(ReferenceStatus::NotDecoded, V.References.NotDecoded,
         "whose instruction in the image cannot be decoded, so not measured:");
  others(ReferenceStatus::NotLocated, V.References.NotLocated,
         "cannot be located in the image:");
  asides();
  if (V.Obeyed)
    policy(*V.Obeyed);
  if (V.FileOrder) {
    OS << '\n';
    order(*V.FileOrder);
  }
  end();
}

void writeTextVerdict(raw_ostream &OS, const Verdict &V, TextStyle Style) {
  Printer(OS, V, Style).print();
}

} // namespace section_placement
