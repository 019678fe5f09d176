//===- report.cpp - Any text as a report of the plugin -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Report/HtmlPage.h"
#include "section-placement/Report/LinkReport.h"
#include "section-placement/Report/ReportReader.h"
#include "section-placement/Report/ReportText.h"

using namespace llvm;
using namespace section_placement;

/// The data of a page is JSON in a script; nothing in it may end the script.
static void checkPage(StringRef Page) {
  require(Page.count("<script") == Page.count("</script"),
          "nothing from a report opens or ends a script");
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Expected<ModuleReport> Report =
      parseReport(textOf(Data, Size), "report.json");
  if (!isGiven(Report))
    return 0;
  Expected<LinkReport> Link = LinkReport::create({&*Report});
  if (!isGiven(Link))
    return 0;
  printSummary(nulls(), *Link, nullptr);
  requireJson([&](json::OStream &J) { writeJsonSummary(J, *Link, nullptr); });
  (void)judge(*Link, {}, nullptr);
  std::string Page;
  raw_string_ostream OS(Page);
  writeHtmlPage(OS, *Link, {});
  checkPage(OS.str());
  std::vector<LinkReport> Links;
  Links.push_back(std::move(*Link));
  std::vector<std::string> Names = {"*", "f"};
  if (!Report->Functions.empty())
    Names.push_back(Report->Functions.front().Symbol);
  for (const std::string &Name : Names) {
    std::vector<WhyAnswer> Answers = answerWhy(Links, Name);
    printWhy(nulls(), Answers);
    requireJson([&](json::OStream &J) { writeJsonWhy(J, Answers); });
    (void)nearestName(Links, Name);
  }
  return 0;
}
