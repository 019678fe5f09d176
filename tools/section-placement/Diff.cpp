//===- Diff.cpp - section-placement diff ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between two links: which functions came, went, grew and moved, and what that
// is by directory and by rule.
//
//===----------------------------------------------------------------------===//

#include "JsonOption.h"
#include "NamesOption.h"
#include "Subcommand.h"
#include "section-placement/Diff/ImageDiff.h"
#include "section-placement/Support/OutputFile.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand
    DiffCommand("diff", "Compare the functions of two images, also under LTO");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement diff vmlinux.before vmlinux --report reports

  Prints which functions came, went, grew and moved, and the sizes by directory
  and by rule. The source files are known from the reports of the link, or from
  debug info.

EXIT CODES:

  0  compared, whatever changed
  2  bad input or usage
)";
static cl::opt<std::string> OldImage(cl::Positional, cl::Required,
                                     cl::desc("OLD"), cl::sub(DiffCommand));
static cl::opt<std::string> NewImage(cl::Positional, cl::Required,
                                     cl::desc("NEW"), cl::sub(DiffCommand));
static cl::opt<std::string> ReportFolder("report",
                                         cl::desc("The reports of NEW's link"),
                                         cl::value_desc("DIR"),
                                         cl::sub(DiffCommand));
static cl::opt<std::string>
    OldReportFolder("old-report", cl::desc("The reports of OLD's link"),
                    cl::value_desc("DIR"), cl::sub(DiffCommand));
static cl::opt<bool> ListAll("all",
                             cl::desc("List all, not the first of each kind"),
                             cl::sub(DiffCommand));
static JsonOption TheJson(DiffCommand);
static NamesOption TheNames(DiffCommand);

static Expected<int> diffCommand();
static RegisterSubcommand Registration(DiffCommand, diffCommand, Example);

static Expected<int> diffCommand() {
  Expected<std::unique_ptr<ImageDiff>> D =
      diff({OldImage, NewImage, OldReportFolder, ReportFolder});
  if (!D)
    return D.takeError();
  printDiff(TheJson.text(), **D, ListAll, TheNames.style());
  TheJson.printVerdict(TheJson.text(), AllWell, verdictOf(**D));
  return TheJson.finish(AllWell,
                        [&](json::OStream &J) { writeJsonDiff(J, **D); });
}
