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

  0  a report speaks of the function
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

static Expected<int> why();
static RegisterSubcommand Registration(WhyCommand, why, Example);

static Expected<int> why() {
  Progress Reading;
  Expected<ReportFolder> Read = readReports(Folder, Reading);
  Reading.clear();
  if (!Read)
    return Read.takeError();
  Expected<std::vector<LinkReport>> Links = linksOf(*Read, OutputName);
  if (!Links)
    return Links.takeError();
  return printWhy(textOutput(), *Links, FunctionName) == Knowledge::Known
             ? AllWell
             : NotMet;
}
