//===- Verify.cpp - section-placement verify ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After a link: what is left of each short reference's reach, and does the
// image obey its policy?
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Verify.h"
#include "JsonOption.h"
#include "LinkCommandOption.h"
#include "NamesOption.h"
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/OutputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand
    VerifyCommand("verify",
                  "Measure an image's short references, hold it to a policy");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement verify vmlinux --objects vmlinux.o --min-margin 20%

  Prints how far each short reference of vmlinux.o reaches in vmlinux, the
  nearest to its limit first, and fails where less than 20% of a reach is left.

  With --policy, also: is each function where its rule says, is each group
  whole, is each function there that the policy names?

  With --symbol-ordering-file, also: does the code stand in that order?

EXIT CODES:

  0  all well
  1  a reference out of reach or below the margin, or the policy not obeyed
  2  bad input, or it could not be judged: a machine or an instruction that
     cannot be decoded, reports that do not cover the link
)";
static cl::opt<std::string> ImageFile(cl::Positional, cl::Required,
                                      cl::desc("IMAGE"),
                                      cl::sub(VerifyCommand));
static cl::list<std::string>
    MoreObjects(cl::Positional, cl::desc("[OBJECT|ARCHIVE|BITCODE...]"),
                cl::sub(VerifyCommand));
static cl::list<std::string>
    Objects("objects", cl::desc("What IMAGE was linked from, here or after it"),
            cl::value_desc("FILE..."), cl::sub(VerifyCommand));
static cl::opt<std::string>
    MinMargin("min-margin",
              cl::desc("Exit 1 where less of a reach is left: 20%"),
              cl::value_desc("PERCENT"), cl::sub(VerifyCommand));
static cl::opt<std::string> PolicyFile("policy",
                                       cl::desc("The policy to hold it to"),
                                       cl::value_desc("FILE"),
                                       cl::sub(VerifyCommand));
static cl::opt<std::string>
    ReportFolder("report", cl::desc("The reports of the link, for --policy"),
                 cl::value_desc("DIR"), cl::sub(VerifyCommand));
static cl::opt<std::string>
    OrderFile("symbol-ordering-file",
              cl::desc("The link's order file: does IMAGE follow it?"),
              cl::value_desc("FILE"), cl::sub(VerifyCommand));
static JsonOption TheJson(VerifyCommand);
static NamesOption TheNames(VerifyCommand);
static cl::opt<std::string> JUnitFile("junit",
                                      cl::desc("Write a JUnit file for CI"),
                                      cl::value_desc("FILE"),
                                      cl::sub(VerifyCommand));
static cl::opt<bool> ListAll("all",
                             cl::desc("List all, not the first of each kind"),
                             cl::sub(VerifyCommand));

static cl::list<std::string>
    Memory("memory", cl::value_desc("NAME=RANGE"), cl::sub(VerifyCommand),
           cl::desc("What a region is: ram=0x20000000+256KiB"));

static LinkCommandOption TheLink(VerifyCommand);

static Expected<int> verifyCommand();
static RegisterSubcommand Registration(VerifyCommand, verifyCommand, Example);

/// The link, where it is given, is put into \p Link, which the request refers
/// to.
static Expected<VerifyRequest> request(std::optional<LinkFacts> &Link) {
  VerifyRequest Request;
  Request.Asked.ImagePath = ImageFile;
  append_range(Request.Asked.ObjectPaths, Objects);
  append_range(Request.Asked.ObjectPaths, MoreObjects);
  if (TheJson.takesOutput() && JUnitFile == "-")
    return plainError("--json and --junit cannot both go to standard output; "
                      "give one of them a file: --json=FILE");
  Expected<GivenLink> Given = TheLink.read(Request.Asked.ObjectPaths);
  if (!Given)
    return Given.takeError();
  Request.Asked.ObjectPaths = std::move(Given->Files);
  Link = std::move(Given->Facts);
  if (Link)
    Request.Asked.Link = &*Link;
  Request.Asked.OrderFile = OrderFile;
  if (Link && OrderFile.empty())
    Request.Asked.OrderFile = Link->SymbolOrderFile;
  Request.Asked.PolicyFile = PolicyFile;
  Request.Asked.ReportFolder = ReportFolder;
  Request.Asked.Root =
      sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or("");
  for (StringRef Given : Memory) {
    auto [Name, Text] = Given.split('=');
    Expected<MemoryRange> Range = parseMemoryRange(Name.trim(), Text);
    if (!Range)
      return plainError("--memory: " + toString(Range.takeError()));
    Request.Asked.Memory.push_back(std::move(*Range));
  }
  if (PolicyFile.empty() && !Memory.empty())
    return plainError("--memory says what the regions of a policy's rules are; "
                      "give that, too: --policy FILE");
  if (PolicyFile.empty() && !ReportFolder.empty())
    return plainError("--report is what was planned for a policy; give that, "
                      "too: --policy FILE");
  if (MinMargin.empty())
    return Request;
  Expected<unsigned> Tenths = parsePercentage(MinMargin);
  if (!Tenths)
    return plainError("--min-margin: " + toString(Tenths.takeError()));
  Request.MinMargin = *Tenths;
  return Request;
}

static Expected<int> verifyCommand() {
  std::optional<LinkFacts> Link;
  Expected<VerifyRequest> Request = request(Link);
  if (!Request)
    return Request.takeError();
  Progress Reading;
  Request->OnFile = Reading;
  Expected<Verdict> V = verify(*Request);
  Reading.clear();
  if (!V)
    return V.takeError();
  raw_ostream &Text = JUnitFile == "-" ? textErrors() : TheJson.text();
  writeTextVerdict(Text, *V, {wantsColours(Text), ListAll, TheNames.style()});
  if (!JUnitFile.empty())
    if (Error E = writeOutputFile(
            JUnitFile, [&](raw_ostream &OS) { writeJUnitVerdict(OS, *V); }))
      return E;
  int Code = !V->isComplete() ? BadInput : V->isMet() ? AllWell : NotMet;
  return TheJson.finish(Code,
                        [&](json::OStream &J) { writeJsonVerdict(J, *V); });
}
