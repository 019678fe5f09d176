//===- ReportText.cpp - The reports of a link on a terminal ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/ReportText.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Support/TextTable.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/WithColor.h"
#include <set>
#include <tuple>

using namespace llvm;

namespace section_placement {

/// Of a list that may be long, a terminal shows the beginning.
static constexpr size_t MostShown = 8;

void printWrapped(raw_ostream &OS, StringRef Text, unsigned Indent,
                  unsigned Hang) {
  TextWriter(OS, /*IsColoured=*/false).wrapped(Text, Indent, Hang);
}

static void printHeading(raw_ostream &OS, const Twine &Text) {
  WithColor(OS, raw_ostream::SAVEDCOLOR, /*Bold=*/true).get() << Text;
  OS << '\n';
}

static std::string phasesOf(const LinkReport &Link) {
  std::set<StringRef> Phases;
  for (const ModuleReport *M : Link.modules())
    Phases.insert(M->Phase);
  return join(Phases, ", ");
}

static void printHead(raw_ostream &OS, const LinkReport &Link) {
  StringRef Output =
      Link.output().empty() ? StringRef("(compiles, no link)") : Link.output();
  printHeading(OS, Output);
  printWrapped(OS,
               counted(Link.modules().size(), "module") + " seen (" +
                   phasesOf(Link) + "), policy " + Link.policy().str(),
               2, 4);
}

static constexpr TextTable::Align ToRight = TextTable::Align::Right;

static void printRules(raw_ostream &OS, const LinkReport &Link,
                       const ImageTotals *Totals) {
  TextTable Table({{"rule"},
                   {"functions", ToRight},
                   {"moved", ToRight},
                   {"refusals", ToRight},
                   {Totals ? "bytes" : "~bytes", ToRight}});
  for (uint32_t R = 0; R < Link.Rules.size(); ++R) {
    const RuleSummary &Rule = Link.Rules[R];
    std::optional<uint64_t> Bytes =
        Totals ? Totals->Rules[R].Bytes : Rule.Bytes;
    Table.add({Link.rules()[R].Name, utostr(Rule.Claimed), utostr(Rule.Moved),
               utostr(Rule.Refused), Bytes ? utostr(*Bytes) : "?"});
  }
  OS << '\n';
  Table.print(OS);
  if (!Totals)
    OS << "  (~bytes: compiled, or estimated; --image FILE has the true "
          "ones)\n";
}

static std::string wordOf(const RuleExtent &Extent) {
  switch (Extent.obeyed()) {
  case RuleExtent::Obeyed::No:
    return "no";
  case RuleExtent::Obeyed::Yes:
    return "yes";
  case RuleExtent::Obeyed::Unknown:
    return "?";
  case RuleExtent::Obeyed::Empty:
    break;
  }
  return "-";
}

ImageSummary summaryOf(const LinkReport &Link, const ElfFile &Image,
                       const ElfFile *Before) {
  ImageSummary Result;
  Result.Totals = totalsIn(Link, Image);
  Result.Extents = extentsIn(Link, Image);
  if (Before)
    Result.Before = extentsIn(Link, *Before);
  return Result;
}

std::string outcomeOf(const LinkReport &Link, uint32_t R,
                      const ImageSummary &Image) {
  const RuleExtent &Extent = Image.Extents[R];
  std::string Text = "rule '" + Link.rules()[R].Name + "' ";
  switch (Extent.obeyed()) {
  case RuleExtent::Obeyed::Empty:
    return Text + "has no function in the image";
  case RuleExtent::Obeyed::Yes:
    Text += "holds in the image";
    break;
  case RuleExtent::Obeyed::No:
    Text += "does not hold in the image, others stand between";
    break;
  case RuleExtent::Obeyed::Unknown:
    Text += Extent.isEachAlone()
                ? "has a section for each function, which an image does not "
                  "show ('verify' judges what it can)"
                : "shares its section, others' code may stand between";
    break;
  }
  Text += ": " + counted(Extent.Functions, "function") + " moved";
  if (Extent.Ambiguous)
    Text += " (without " + inThousands(int64_t(Extent.Ambiguous)) +
            " of names that several have)";
  Text += ", " + counted(Extent.Bytes, "byte") + " together; " +
          counted(Extent.Groups, "section") + ", ";
  if (Extent.Pieces != Extent.Groups)
    Text +=
        "in " + counted(Extent.Pieces, "piece") + " with others' code between";
  else
    Text += Extent.Groups == 1 ? "in one piece" : "each in one piece";
  Text += "; from first to last function " + counted(Extent.Span, "byte");
  if (!Image.Before.empty())
    Text += " (before " + inThousands(Image.Before[R].Span) + ")";
  return Text;
}

/// What came of each rule in the image: its functions' span and pieces.
static void printExtents(raw_ostream &OS, const LinkReport &Link,
                         const ImageSummary &Image) {
  bool HasBefore = !Image.Before.empty();
  std::vector<TextTable::Column> Columns{{"in the image"}};
  if (HasBefore)
    Columns.push_back({"span before", ToRight});
  Columns.insert(Columns.end(),
                 {{"span", ToRight}, {"pieces", ToRight}, {"obeyed", ToRight}});
  TextTable Table(Columns);
  bool AnyUnknown = false;
  for (uint32_t R = 0; R < Link.Rules.size(); ++R) {
    const RuleExtent &Extent = Image.Extents[R];
    std::vector<std::string> Cells{Link.rules()[R].Name};
    if (HasBefore)
      Cells.push_back(utostr(Image.Before[R].Span));
    Cells.insert(Cells.end(),
                 {utostr(Extent.Span), utostr(Extent.Pieces), wordOf(Extent)});
    Table.add(std::move(Cells));
    AnyUnknown |= Extent.obeyed() == RuleExtent::Obeyed::Unknown;
  }
  OS << '\n';
  Table.print(OS);
  OS << "  (span: bytes from the first to the last function of each section)\n";
  if (AnyUnknown)
    OS << "  (?: an image does not show it: others' code may stand in these "
          "sections, or\n   each function has its own; 'verify' judges more)\n";
}

/// A rule may constrain without placing; its row says 0 functions.
static void printInline(raw_ostream &OS, const LinkReport &Link) {
  for (uint32_t R = 0; R < Link.Rules.size(); ++R)
    if (!Link.rules()[R].Inline.empty())
      printWrapped(OS,
                   Link.rules()[R].Name + ": inline " + Link.rules()[R].Inline +
                       ", for " + counted(Link.Rules[R].Seeds, "function"),
                   2, 4);
}

static void printMore(raw_ostream &OS, size_t Count) {
  if (Count > MostShown)
    OS << "    and " << Count - MostShown
       << " more; 'report DIR -o report.html' and 'why' have them all\n";
}

static void printSaid(raw_ostream &OS, const Said &S, NameStyle Names) {
  std::string Text = shown(S.Text, Names);
  if (S.Modules > 1)
    Text += " (" + utostr(S.Modules) + " modules)";
  printWrapped(OS, Text, 4, 6);
}

static void printRefusals(raw_ostream &OS, const LinkReport &Link,
                          NameStyle Names) {
  for (const RefusalGroup &Group : Link.Refusals) {
    OS << '\n';
    printHeading(OS, "  refused by " + Link.rules()[Group.Rule].Name + ", " +
                         Group.Reason + ": " + utostr(Group.Texts.size()));
    for (const Said &S : ArrayRef<Said>(Group.Texts).take_front(MostShown))
      printSaid(OS, S, Names);
    printMore(OS, Group.Texts.size());
  }
}

/// Nothing of the plan was applied then, and what follows is the plan alone.
static void printFailed(raw_ostream &OS, const LinkReport &Link,
                        NameStyle Names) {
  if (Link.Failed.empty())
    return;
  OS << '\n';
  printHeading(OS, "  this link failed");
  for (const Said &S : ArrayRef<Said>(Link.Failed).take_front(MostShown))
    printSaid(OS, S, Names);
  printMore(OS, Link.Failed.size());
}

static void printTold(raw_ostream &OS, const LinkReport &Link,
                      NameStyle Names) {
  if (Link.Told.empty())
    return;
  OS << '\n';
  printHeading(OS, "  told");
  for (const Said &S : ArrayRef<Said>(Link.Told).take_front(MostShown))
    printSaid(OS, S, Names);
  printMore(OS, Link.Told.size());
}

static void printUnanswered(raw_ostream &OS, const LinkReport &Link) {
  if (Link.Unanswered.empty())
    return;
  OS << '\n';
  printHeading(OS, "  named in the policy, and in none of the modules seen");
  for (const ReportedName &N :
       ArrayRef<ReportedName>(Link.Unanswered).take_front(MostShown))
    printWrapped(OS,
                 "'" + N.Name + "' of rule '" + Link.rules()[N.Rule].Name +
                     "' (" + N.File + ":" + utostr(N.Line) + ")",
                 4, 6);
  printMore(OS, Link.Unanswered.size());
}

static void printMissing(raw_ostream &OS, const LinkReport &Link,
                         const ImageTotals *Totals, NameStyle Names) {
  if (!Totals || Totals->Missing.empty())
    return;
  OS << '\n';
  printHeading(OS, "  placed, and not in the image: inlined away or dropped");
  for (ReportedAt At :
       ArrayRef<ReportedAt>(Totals->Missing).take_front(MostShown)) {
    const ReportedFunction &F = Link.function(At);
    printWrapped(OS,
                 "'" + shown(F.Symbol, Names) + "' of rule '" +
                     Link.rules()[F.Rule].Name + "'",
                 4, 6);
  }
  printMore(OS, Totals->Missing.size());
}

void printSummary(raw_ostream &OS, const LinkReport &Link,
                  const ImageSummary *Image, NameStyle Names) {
  const ImageTotals *Totals = Image ? &Image->Totals : nullptr;
  printHead(OS, Link);
  printFailed(OS, Link, Names);
  printRules(OS, Link, Totals);
  printInline(OS, Link);
  if (Image)
    printExtents(OS, Link, *Image);
  printRefusals(OS, Link, Names);
  printTold(OS, Link, Names);
  printUnanswered(OS, Link);
  printMissing(OS, Link, Totals, Names);
}

std::string whyOfAnotherLink(const LinkReport &Link, StringRef File) {
  const ModuleReport &First = *Link.modules().front();
  bool IsLinkedAgain = First.OutputKind == nameOf(OutputKind::Relocatable);
  if (First.Output.empty() || IsLinkedAgain || isReportOn(First, File))
    return "";
  return ("the reports are on a link of '" + Link.output() +
          "': whether they are of this image, " + File + ", is not known")
      .str();
}

/// How many rules of \p Image are what \p State says.
static size_t countRules(const ImageSummary &Image, RuleExtent::Obeyed State) {
  return count_if(Image.Extents, [&](const RuleExtent &Extent) {
    return Extent.obeyed() == State;
  });
}

LinkVerdict verdictOf(ArrayRef<LinkReport> Links, const ImageSummary *Image) {
  uint64_t Functions = 0, Rules = 0, Refused = 0, Names = 0, Failed = 0;
  for (const LinkReport &Link : Links) {
    for (const RuleSummary &Rule : Link.Rules) {
      Functions += Rule.Moved;
      Rules += Rule.Moved != 0;
      Refused += Rule.Refused;
    }
    Names += Link.Unanswered.size();
    Failed += !Link.Failed.empty();
  }
  LinkVerdict V{"", !Failed && !Names};
  if (Failed)
    V.Text = Links.size() == 1 ? "the link failed; planned: "
                               : counted(Failed, "link") + " of " +
                                     inThousands(int64_t(Links.size())) +
                                     " failed; planned: ";
  V.Text +=
      counted(Functions, "function") + " moved by " + counted(Rules, "rule");
  if (Refused)
    V.Text += ", " + counted(Refused, "refusal");
  if (Names)
    V.Text += ", " + counted(Names, "name") + " not found";
  if (!Image)
    return V;
  size_t Holds = countRules(*Image, RuleExtent::Obeyed::Yes);
  size_t Broken = countRules(*Image, RuleExtent::Obeyed::No);
  size_t Unknown = countRules(*Image, RuleExtent::Obeyed::Unknown);
  V.IsWell &= !Broken;
  std::string Found;
  for (auto [Count, One, Many] :
       {std::tuple(Holds, " holds", " hold"),
        std::tuple(Broken, " does not", " do not"),
        std::tuple(Unknown, " is not known", " are not known")})
    if (Count)
      Found += (Found.empty() ? counted(Count, "rule")
                              : ", " + inThousands(int64_t(Count))) +
               (Count == 1 ? One : Many);
  V.Text += "; in the image " + (Found.empty() ? "0 rules hold" : Found);
  if (size_t Ordered = count_if(Links.front().Rules, [](const RuleSummary &R) {
        return R.IsOrdered;
      }))
    V.Text += "; " + counted(Ordered, "order") + " not judged ('verify' does)";
  return V;
}

namespace {
struct Listed {
  const ReportedFunction *F;
  uint64_t Bytes;   ///< 0: not known.
  std::string Name; ///< As it is shown; empty until it is needed.
};
} // namespace

/// Has \p F a name, in any spelling, that \p Wanted holds for?
static bool isCalled(const ReportedFunction &F, const Glob &Wanted) {
  auto IsWanted = [&](StringRef Name) { return Wanted.match(Name); };
  return IsWanted(F.Symbol) || holdsForAnySpelling(F.Name, IsWanted);
}

/// Of statics of one name an image does not tell which is meant.
static uint64_t bytesOf(const ReportedFunction &F, const ElfFile *Image) {
  if (!Image)
    return F.Bytes;
  ArrayRef<uint32_t> Found = Image->symbolsNamed(F.Symbol);
  return Found.size() == 1 ? Image->definitions()[Found.front()].Size : 0;
}

/// The functions that \p L lists, in its order; a comdat of several modules
/// once.
static std::vector<Listed> functionsOf(const LinkReport &Link,
                                       const FunctionListing &L) {
  std::vector<Listed> List;
  std::set<std::pair<StringRef, StringRef>> Comdats;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedFunction &F : M->Functions) {
      bool IsListed = (L.Rule.empty() || L.Rule == Link.rules()[F.Rule].Name) &&
                      (!L.Only || isCalled(F, *L.Only));
      if (IsListed &&
          (!F.IsComdat || Comdats.insert({F.Symbol, F.Section}).second))
        List.push_back({&F, bytesOf(F, L.Image), ""});
    }
  // To demangle costs more than the rest: only what is shown or compared.
  if (L.By == FunctionListing::Order::Name)
    for (Listed &F : List)
      F.Name = shown(F.F->Name, L.Names);
  llvm::sort(List, [&](const Listed &One, const Listed &Other) {
    const ReportedFunction *A = One.F, *B = Other.F;
    switch (L.By) {
    case FunctionListing::Order::Size:
      if (One.Bytes != Other.Bytes)
        return One.Bytes > Other.Bytes;
      break;
    case FunctionListing::Order::Rule:
      if (A->Rule != B->Rule)
        return A->Rule < B->Rule;
      break;
    case FunctionListing::Order::Section:
      if (A->Section != B->Section)
        return A->Section < B->Section;
      break;
    case FunctionListing::Order::Name:
      if (One.Name != Other.Name)
        return One.Name < Other.Name;
      break;
    }
    return A->Name < B->Name;
  });
  return List;
}

void printFunctions(raw_ostream &OS, const LinkReport &Link,
                    const FunctionListing &L) {
  std::vector<Listed> List = functionsOf(Link, L);
  size_t Count = L.Top ? std::min(L.Top, List.size()) : List.size();
  // A demangled name has any length: nothing stands behind it.
  TextTable Table({{L.Image ? "bytes" : "~bytes", ToRight},
                   {"rule"},
                   {"section"},
                   {"function"}});
  for (const Listed &Row : ArrayRef(List).take_front(Count)) {
    const ReportedFunction &F = *Row.F;
    Table.add({Row.Bytes ? utostr(Row.Bytes) : "?", Link.rules()[F.Rule].Name,
               F.Section.empty() ? "as it was" : F.Section,
               Row.Name.empty() ? shown(F.Name, L.Names) : Row.Name});
  }
  printHead(OS, Link);
  OS << '\n';
  if (Count)
    Table.print(OS);
  OS << "  " << counted(Count, "function");
  if (Count < List.size())
    OS << " of " << inThousands(int64_t(List.size()));
  OS << '\n';
}

} // namespace section_placement
