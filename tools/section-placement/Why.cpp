//===- Why.cpp - section-placement why ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After a link: why is this function where it is?
//
//===----------------------------------------------------------------------===//

#include "JsonOption.h"
#include "NamesOption.h"
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Report/ReportText.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

using namespace llvm;
using namespace section_placement;

static cl::SubCommand WhyCommand("why", "Tell why a function is where it is");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement why hyp_panic --report reports
  section-placement why '__guest_*' --report reports --image vmlinux

  The link that wrote the reports: SECTION_PLACEMENT_REPORT=reports ld.lld ...

EXIT CODES:

  0  a report mentions the function
  1  none does
  2  bad input or usage
)";
static cl::opt<std::string> FunctionName(cl::Positional, cl::Required,
                                         cl::desc("FUNCTION|GLOB"),
                                         cl::sub(WhyCommand));
static cl::opt<std::string>
    Folder("report", cl::Required, cl::value_desc("DIR"), cl::sub(WhyCommand),
           cl::desc("The folder that SECTION_PLACEMENT_REPORT named"));
static cl::opt<std::string>
    OutputName("output", cl::value_desc("NAME"), cl::sub(WhyCommand),
               cl::desc("Only the link with this output"));

static cl::opt<std::string>
    ImageFile("image", cl::value_desc("FILE"), cl::sub(WhyCommand),
              cl::desc("The linked image: what came of the rule"));
static cl::opt<std::string>
    BeforeFile("before", cl::value_desc("FILE"), cl::sub(WhyCommand),
               cl::desc("The image as it was without the policy"));

static JsonOption TheJson(WhyCommand);
static NamesOption TheNames(WhyCommand);

static Expected<int> why();
static RegisterSubcommand Registration(WhyCommand, why, Example);

/// Prints that no report mentions the function. Gives the name that may have
/// been meant.
static std::string tellUnknown(ArrayRef<LinkReport> Links) {
  raw_ostream &OS = TheJson.text();
  printWrapped(OS,
               "no report mentions '" + FunctionName +
                   "': it was inlined away before it was placed, is native "
                   "code without a short reference, or is spelled otherwise",
               0, 2);
  std::string Nearest = nearestName(Links, FunctionName);
  if (!Nearest.empty())
    OS << "did you mean '" << Nearest << "'?\n";
  return Nearest;
}

/// What \p Image says of the link, for the rules that answers mention.
struct Outcome {
  const LinkReport *Link = nullptr;
  ImageSummary Image;
  std::vector<uint32_t> Rules; ///< In the order of the answers.
};

static Expected<Outcome> outcomes(ArrayRef<LinkReport> Links,
                                  ArrayRef<WhyAnswer> Answers) {
  Outcome Result;
  if (ImageFile.empty() && BeforeFile.empty())
    return Result;
  if (ImageFile.empty())
    return plainError("--before is compared with an image: give --image too");
  if (Links.size() > 1)
    return plainError("the folder has the reports of several links; choose the "
                      "one that made the image with --output");
  Expected<ElfFile> Image = ElfFile::openImage(ImageFile);
  if (!Image)
    return Image.takeError();
  std::optional<ElfFile> Before;
  if (!BeforeFile.empty()) {
    Expected<ElfFile> Opened = ElfFile::openImage(BeforeFile);
    if (!Opened)
      return Opened.takeError();
    Before = std::move(*Opened);
  }
  Result.Link = &Links.front();
  if (std::string Why = whyOfAnotherLink(*Result.Link, ImageFile); !Why.empty())
    printNote(Why);
  Result.Image = summaryOf(*Result.Link, *Image, Before ? &*Before : nullptr);
  for (const WhyAnswer &A : Answers)
    for (uint32_t R = 0; A.Rule && R < Result.Link->rules().size(); ++R)
      if (Result.Link->rules()[R].Name == A.Rule->Name &&
          !is_contained(Result.Rules, R))
        Result.Rules.push_back(R);
  return Result;
}

/// How many rules of \p Found do not hold in the image.
static size_t brokenIn(const Outcome &Found) {
  return count_if(Found.Rules, [&](uint32_t R) {
    return Found.Image.Extents[R].obeyed() == RuleExtent::Obeyed::No;
  });
}

/// How many of \p Answers are about functions that were placed, refused, or
/// neither, which were split; and \p Broken, how many of their rules the image
/// breaks.
static std::string verdictOf(ArrayRef<WhyAnswer> Answers, size_t Broken) {
  if (Answers.empty())
    return "no report mentions '" + FunctionName + "'";
  auto Count = [&](StringRef State) {
    return count_if(Answers,
                    [&](const WhyAnswer &A) { return A.State == State; });
  };
  size_t Placed = Count("placed"), Refused = Count("refused");
  size_t Native = Count("refers"), Split = Count("split");
  size_t Whole = Count("whole");
  size_t Others = Answers.size() - Placed - Refused - Native - Split - Whole;
  std::string Text;
  for (auto [Number, What] :
       {std::pair(Placed, " placed"), std::pair(Refused, " refused"),
        std::pair(Native, " native"), std::pair(Others, " not moved"),
        std::pair(Split, " split"), std::pair(Whole, " not split")}) {
    if (Number)
      Text += (Text.empty() ? "" : ", ") + inThousands(Number) + What;
  }
  if (Broken)
    Text += "; " + counted(Broken, "rule") + (Broken == 1 ? " does" : " do") +
            " not hold in the image";
  return Text;
}

static Expected<int> why() {
  Progress Reading;
  Expected<ReportFolder> Read = readReports(Folder, Reading);
  Reading.clear();
  if (!Read)
    return Read.takeError();
  Expected<std::vector<LinkReport>> Links = linksOf(*Read, OutputName);
  if (!Links)
    return Links.takeError();
  std::vector<WhyAnswer> Answers = answerWhy(*Links, FunctionName);
  Expected<Outcome> Found = outcomes(*Links, Answers);
  if (!Found)
    return Found.takeError();
  std::string Nearest;
  if (Answers.empty())
    Nearest = tellUnknown(*Links);
  printWhy(TheJson.text(), Answers, TheNames.style());
  for (uint32_t R : Found->Rules)
    printWrapped(TheJson.text(), outcomeOf(*Found->Link, R, Found->Image), 0,
                 2);
  int Code = Answers.empty() ? NotMet : AllWell;
  size_t Broken = brokenIn(*Found);
  TheJson.printVerdict(TheJson.text(), Broken ? NotMet : Code,
                       verdictOf(Answers, Broken));
  return TheJson.finish(Code, [&](json::OStream &J) {
    writeText(J, "asked", FunctionName);
    writeTextIfAny(J, "nearest", Nearest);
    writeJsonWhy(J, Answers);
    if (!Found->Link)
      return;
    J.attributeArray("outcomes", [&] {
      for (uint32_t R : Found->Rules)
        J.object([&] {
          writeText(J, "rule", Found->Link->rules()[R].Name);
          writeJsonOutcome(J, R, Found->Image);
        });
    });
  });
}
