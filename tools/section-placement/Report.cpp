//===- Report.cpp - section-placement report ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After a link: what did the rules do in all its modules together? On the
// terminal, as a page, or as a gate (--strict).
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "JsonOption.h"
#include "NamesOption.h"
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Diff/ImageDiff.h"
#include "section-placement/Report/HtmlPage.h"
#include "section-placement/Report/LinkReport.h"
#include "section-placement/Report/ReportText.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/OutputFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand ReportCommand("report",
                                    "Tell what the rules did in a whole link");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement report reports
  section-placement report reports --image vmlinux --before old -o r.html
  section-placement report reports --strict --inputs *.o
  section-placement report reports --functions --sort=size --top=20

  The link that wrote the reports: SECTION_PLACEMENT_REPORT=reports ld.lld ...

EXIT CODES:

  0  all well
  1  --strict: nothing in the whole link answered to a rule or a name
  2  bad input or usage; --strict: a module of the inputs has no report
)";
static cl::opt<std::string> Folder(cl::Positional, cl::Optional,
                                   cl::desc("DIR"), cl::sub(ReportCommand));
static cl::list<std::string> MoreInputs(cl::Positional, cl::ZeroOrMore,
                                        cl::sub(ReportCommand));
static cl::opt<std::string>
    ImageFile("image", cl::value_desc("FILE"), cl::sub(ReportCommand),
              cl::desc("The linked image: true bytes, and what was dropped"));
static cl::opt<std::string>
    BeforeFile("before", cl::value_desc("FILE"), cl::sub(ReportCommand),
               cl::desc("The image as it was without the policy"));
static cl::opt<std::string> PageFile("o", cl::value_desc("FILE"),
                                     cl::sub(ReportCommand),
                                     cl::desc("Write an HTML page instead"));
static cl::opt<std::string>
    OutputName("output", cl::value_desc("NAME"), cl::sub(ReportCommand),
               cl::desc("Only the link with this output"));
static cl::opt<bool>
    Strict("strict", cl::sub(ReportCommand),
           cl::desc("Exit 1 where nothing answered to a rule or a name"));
static cl::list<std::string>
    Inputs("inputs", cl::value_desc("FILE..."), cl::sub(ReportCommand),
           cl::desc("For --strict: the files that the link was given"));

static cl::opt<bool>
    ListFunctions("functions", cl::sub(ReportCommand),
                  cl::desc("List the functions, not the sums of rules"));
static cl::opt<std::string>
    OnlyFunctions("filter", cl::value_desc("FUNCTION|GLOB"),
                  cl::sub(ReportCommand),
                  cl::desc("For --functions: those with such a name"));
static cl::opt<std::string> OnlyRule("rule", cl::value_desc("RULE"),
                                     cl::sub(ReportCommand),
                                     cl::desc("For --functions: those of it"));
static cl::opt<FunctionListing::Order, false,
               ValueParser<FunctionListing::Order>>
    SortBy("sort", cl::value_desc("name|size|rule|section"),
           cl::sub(ReportCommand), cl::desc("For --functions: their order"),
           cl::values(clEnumValN(FunctionListing::Order::Name, "name",
                                 "by name"),
                      clEnumValN(FunctionListing::Order::Size, "size",
                                 "the largest first"),
                      clEnumValN(FunctionListing::Order::Rule, "rule",
                                 "by rule, as in the policy"),
                      clEnumValN(FunctionListing::Order::Section, "section",
                                 "by section")));
static cl::opt<unsigned, false, ValueParser<unsigned>>
    Top("top", cl::value_desc("NUMBER"), cl::sub(ReportCommand),
        cl::desc("For --functions: no more than these"));

static JsonOption TheJson(ReportCommand);
static NamesOption TheNames(ReportCommand);

static Expected<int> report();
static RegisterSubcommand Registration(ReportCommand, report, Example);

/// `--inputs a.o b.o`: the first belongs to the option, the shell's glob sets
/// the others after it.
static std::vector<std::string> inputs() {
  std::vector<std::string> All(Inputs.begin(), Inputs.end());
  All.insert(All.end(), MoreInputs.begin(), MoreInputs.end());
  return All;
}

static Error checkUsage(ArrayRef<LinkReport> Links) {
  if (Inputs.empty() && !MoreInputs.empty())
    return plainError("unexpected argument '" + MoreInputs.front() +
                      "'; the files of the link come "
                      "after --inputs");
  if (TheJson.takesOutput() && PageFile == "-")
    return plainError("-o and --json cannot both go to standard output; give "
                      "one of them a file: --json=FILE");
  if (!BeforeFile.empty() && ImageFile.empty())
    return plainError("--before is compared with an image: give --image too");
  if (Strict && Inputs.empty())
    return plainError("--strict needs --inputs FILE...: without the files of "
                      "the link nothing says that the reports cover it");
  bool SaysWhich = OnlyFunctions.getNumOccurrences() ||
                   OnlyRule.getNumOccurrences() || SortBy.getNumOccurrences() ||
                   Top.getNumOccurrences();
  if (SaysWhich && !ListFunctions)
    return plainError("--filter, --rule, --sort and --top are for a list: give "
                      "--functions too");
  if (ListFunctions && !PageFile.empty())
    return plainError("--functions is a list on the terminal and -o a page; "
                      "give one of them");
  bool NeedsOne = Strict || !ImageFile.empty() || !PageFile.empty();
  if (NeedsOne && Links.size() > 1) {
    std::string Outputs;
    for (const LinkReport &Link : Links)
      Outputs += (Outputs.empty() ? "'" : ", '") + Link.output().str() + "'";
    return plainError("the folder has the reports of several links (" +
                      Outputs + "); choose one with --output");
  }
  return Error::success();
}

static Error writePage(const LinkReport &Link, const ElfFile *Image,
                       const ElfFile *Before) {
  std::vector<PageImage> Images;
  if (Before)
    Images.push_back({"before", sys::path::filename(BeforeFile), Before});
  if (Image)
    Images.push_back(
        {Before ? "after" : "image", sys::path::filename(ImageFile), Image});
  std::unique_ptr<ImageDiff> Compared;
  if (Before) {
    Expected<std::unique_ptr<ImageDiff>> D =
        diff({BeforeFile, ImageFile, "", Folder});
    if (!D) // Two images that cannot be compared are drawn all the same.
      printNote(toString(D.takeError()));
    else
      Compared = std::move(*D);
    if (Compared) { // No folder of this machine stands in the page.
      Compared->Old.Path = sys::path::filename(BeforeFile).str();
      Compared->New.Path = sys::path::filename(ImageFile).str();
    }
  }
  static constexpr size_t MaxFunctions = 100;
  auto WriteDiff = [&](json::OStream &J) {
    for (auto [Key, List] : {std::pair("cameCount", &Compared->Came),
                             std::pair("wentCount", &Compared->Went),
                             std::pair("resizedCount", &Compared->Resized),
                             std::pair("movedCount", &Compared->Moved)})
      J.attribute(Key, int64_t(List->size()));
    writeJsonDiff(J, *Compared, MaxFunctions, TheNames.style());
  };
  return writeOutputFile(PageFile, [&](raw_ostream &OS) {
    if (Compared)
      writeHtmlPage(OS, Link, Images, WriteDiff, TheNames.style());
    else
      writeHtmlPage(OS, Link, Images, nullptr, TheNames.style());
  });
}

static Expected<FunctionListing> listing(ArrayRef<LinkReport> Links) {
  FunctionListing L;
  bool IsKnown = OnlyRule.empty();
  std::string Rules;
  for (const LinkReport &Link : Links)
    for (const ReportedRule &R : Link.rules()) {
      IsKnown |= R.Name == OnlyRule;
      Rules += (Rules.empty() ? "'" : ", '") + R.Name + "'";
    }
  if (!IsKnown)
    return plainError("--rule: no rule is called '" + OnlyRule +
                      "'; there are " + Rules);
  L.Rule = OnlyRule;
  if (SortBy.getNumOccurrences())
    L.By = SortBy;
  L.Top = Top;
  L.Names = TheNames.style();
  if (!OnlyFunctions.getNumOccurrences())
    return L;
  Expected<Glob> Compiled = Glob::compile(OnlyFunctions, Glob::Dialect::Name);
  if (!Compiled)
    return plainError("--filter: " + toString(Compiled.takeError()));
  L.Only = std::move(*Compiled);
  return L;
}

static Expected<int> judgeStrictly(const LinkReport &Link,
                                   const ImageTotals *Totals) {
  Expected<std::vector<std::string>> Uncovered = findUncovered(Link, inputs());
  if (!Uncovered)
    return Uncovered.takeError();
  StrictFindings Found = judge(Link, *Uncovered, Totals);
  for (const std::string &Line : Found.NotSeen)
    printError(Line);
  for (const std::string &Line : Found.Unmet)
    printError(Line);
  return !Found.NotSeen.empty() ? BadInput
         : !Found.Unmet.empty() ? NotMet
                                : AllWell;
}

static Expected<int> report() {
  if (Folder.empty())
    return plainError("report needs the folder that SECTION_PLACEMENT_REPORT "
                      "named in a link with the plugin; of a link without it "
                      "there are no reports, and 'verify' and 'diff' read the "
                      "image");
  Progress Reading;
  Expected<ReportFolder> Read = readReports(Folder, Reading);
  Reading.clear();
  if (!Read)
    return Read.takeError();
  for (const std::string &File : Read->Foreign)
    printNote(File + " in " + Folder + " is no report, and was passed over");
  Expected<std::vector<LinkReport>> Links = linksOf(*Read, OutputName);
  if (!Links)
    return Links.takeError();
  if (Error E = checkUsage(*Links))
    return E;
  std::optional<ElfFile> Image, Before;
  ImageSummary Summary;
  for (auto [File, Out] :
       {std::pair(&ImageFile, &Image), std::pair(&BeforeFile, &Before)}) {
    if (File->empty())
      continue;
    Expected<ElfFile> Opened = ElfFile::openImage(*File);
    if (!Opened)
      return Opened.takeError();
    *Out = std::move(*Opened);
  }
  if (Image)
    if (std::string Why = whyOfAnotherLink(Links->front(), ImageFile);
        !Why.empty())
      printNote(Why);
  if (Image)
    Summary = summaryOf(Links->front(), *Image, Before ? &*Before : nullptr);
  if (!PageFile.empty()) {
    if (Error E = writePage(Links->front(), Image ? &*Image : nullptr,
                            Before ? &*Before : nullptr))
      return E;
  } else {
    Expected<FunctionListing> Listing = listing(*Links);
    if (!Listing)
      return Listing.takeError();
    Listing->Image = Image ? &*Image : nullptr;
    for (const LinkReport &Link : *Links) {
      if (&Link != &Links->front())
        TheJson.text() << '\n';
      if (ListFunctions)
        printFunctions(TheJson.text(), Link, *Listing);
      else
        printSummary(TheJson.text(), Link, Image ? &Summary : nullptr,
                     TheNames.style());
    }
  }
  int Code = AllWell;
  if (Strict) {
    Expected<int> Judged =
        judgeStrictly(Links->front(), Image ? &Summary.Totals : nullptr);
    if (!Judged)
      return Judged;
    Code = *Judged;
    TheJson.printVerdict(TheJson.text(), Code);
  } else {
    LinkVerdict V = verdictOf(*Links, Image ? &Summary : nullptr);
    TheJson.printVerdict(PageFile == "-" ? textErrors() : TheJson.text(),
                         V.IsWell ? AllWell : NotMet, V.Text);
  }
  return TheJson.finish(Code, [&](json::OStream &J) {
    J.attributeArray("links", [&] {
      for (const LinkReport &Link : *Links)
        J.object(
            [&] { writeJsonSummary(J, Link, Image ? &Summary : nullptr); });
    });
  });
}
