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
#include "LinkOption.h"
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
    JsonFile("json", cl::ValueOptional,
             cl::desc("Write JSON; the text goes to standard error"),
             cl::value_desc("FILE"), cl::sub(VerifyCommand));
static cl::opt<std::string> JUnitFile("junit",
                                      cl::desc("Write a JUnit file for CI"),
                                      cl::value_desc("FILE"),
                                      cl::sub(VerifyCommand));
static cl::opt<bool> ListAll("all",
                             cl::desc("List all, not the first of each kind"),
                             cl::sub(VerifyCommand));

static LinkOption TheLink(VerifyCommand);

static Expected<int> verifyCommand();
static RegisterSubcommand Registration(VerifyCommand, verifyCommand, Example);

/// Is a report for programs, with the name \p Path, for standard output?
static bool takesOutput(const cl::opt<std::string> &Path) {
  return Path.getNumOccurrences() && (Path.empty() || Path == "-");
}

/// The link, where it is given, is put into \p Link, which the request refers
/// to.
static Expected<VerifyRequest> request(std::optional<LinkFacts> &Link) {
  VerifyRequest Request;
  Request.Asked.ImagePath = ImageFile;
  append_range(Request.Asked.ObjectPaths, Objects);
  append_range(Request.Asked.ObjectPaths, MoreObjects);
  // `--json -`: the option takes a value only where a `=` stands before it.
  if (JsonFile.getNumOccurrences() && JsonFile.empty())
    erase_if(Request.Asked.ObjectPaths,
             [](const std::string &Path) { return Path == "-"; });
  if (takesOutput(JsonFile) && takesOutput(JUnitFile))
    return plainError("--json and --junit cannot both go to standard output; "
                      "give one of them a file: --json=FILE");
  Expected<GivenLink> Given = TheLink.read(Request.Asked.ObjectPaths);
  if (!Given)
    return Given.takeError();
  Request.Asked.ObjectPaths = std::move(Given->Files);
  Link = std::move(Given->Facts);
  if (Link)
    Request.Asked.Link = &*Link;
  Request.Asked.PolicyFile = PolicyFile;
  Request.Asked.ReportFolder = ReportFolder;
  Request.Asked.Root =
      sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or("");
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

/// Writes what \p Write writes into \p Path; into standard output where that is
/// `-` or empty.
static Error writeReport(StringRef Path,
                         function_ref<void(raw_ostream &)> Write) {
  return writeOutputFile(Path.empty() ? "-" : Path, Write);
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
  bool IsTaken = takesOutput(JsonFile) || takesOutput(JUnitFile);
  printVerdict(IsTaken ? errs() : textOutput(), *V,
               {wantsColours(IsTaken ? errs() : outs()), ListAll});
  if (JsonFile.getNumOccurrences())
    if (Error E = writeReport(
            JsonFile, [&](raw_ostream &OS) { writeJsonVerdict(OS, *V); }))
      return E;
  if (JUnitFile.getNumOccurrences())
    if (Error E = writeReport(
            JUnitFile, [&](raw_ostream &OS) { writeJUnitVerdict(OS, *V); }))
      return E;
  if (!V->isComplete())
    return BadInput;
  return V->isMet() ? AllWell : NotMet;
}
