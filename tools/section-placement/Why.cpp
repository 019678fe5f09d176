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
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Report/ReportText.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand WhyCommand("why", "Tell why a function is where it is");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement why hyp_panic --report reports
  section-placement why '__guest_*' --report reports

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

static JsonOption TheJson(WhyCommand);

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
  std::string Nearest;
  if (Answers.empty())
    Nearest = tellUnknown(*Links);
  printWhy(TheJson.text(), Answers);
  return TheJson.finish(Answers.empty() ? NotMet : AllWell,
                        [&](json::OStream &J) {
                          writeText(J, "asked", FunctionName);
                          writeTextIfAny(J, "nearest", Nearest);
                          writeJsonWhy(J, Answers);
                        });
}
