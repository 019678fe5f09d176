//===- Suggest.cpp - section-placement suggest ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From what one has, the errors of a failed link or the objects of one to come,
// to a policy that mends it.
//
//===----------------------------------------------------------------------===//

#include "JsonOption.h"
#include "LinkCommandOption.h"
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Suggest/Trial.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand SuggestCommand("suggest",
                                     "Print a policy that mends a failed link");
static constexpr char Example[] = R"(
EXAMPLE:

  A link has failed:

  ld.lld ... 2> link.log
  section-placement suggest --log link.log entry.o > policy.yaml

  No link has failed yet:

  section-placement suggest entry.o lib.a -o policy.yaml

  Objects are those that the link reads: they tell which of them a branch is
  in. Without any, and without --log, the log is standard input.

EXIT CODES:

  0  a policy was printed
  1  there is nothing to suggest
  2  bad input or usage
)";
static cl::opt<std::string>
    LogFile("log", cl::desc("What the linker printed; - is standard input"),
            cl::value_desc("FILE"), cl::sub(SuggestCommand));
static cl::opt<std::string>
    OutputFile("o", cl::init("-"),
               cl::desc("Write the policy there, whole or not at all"),
               cl::value_desc("FILE"), cl::sub(SuggestCommand));
static cl::list<std::string> ObjectFiles(cl::Positional,
                                         cl::desc("[OBJECT|ARCHIVE...]"),
                                         cl::sub(SuggestCommand));

static LinkCommandOption TheLink(SuggestCommand);
static JsonOption TheJson(SuggestCommand);

static Expected<int> suggest();
static RegisterSubcommand Registration(SuggestCommand, suggest, Example);

/// No findings and no notes where the log holds none of the errors.
static Expected<Findings> fromLog(StringRef File, const ObjectScan &Scan,
                                  const LinkFacts *Link) {
  StringRef Name = File == "-" ? "<stdin>" : File;
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readFileOrStandardInput(File, MaximumTextSize);
  if (!Buffer)
    return Buffer.takeError();
  LinkLog Log = readLinkLog((*Buffer)->getBuffer());
  if (Log.References.empty() && Log.Others.empty())
    printNote(Name +
              ": no error of a reference that does not reach. Looked for "
              "'relocation R_... out of range' (ld.lld, mold), 'relocation "
              "truncated to fit: R_...' (GNU ld) and 'relocation overflow' "
              "(gold), in English: a linker that speaks another language needs "
              "LC_ALL=C");
  return findingsOf(Log, Name, Scan, Link);
}

static Expected<Findings> fromObjects(const ObjectScan &Scan,
                                      const LinkFacts *Link) {
  if (std::optional<uint16_t> Unknown = Scan.natives().UnknownMachine)
    return plainError(reachesUnknown(*Unknown) +
                      ": no policy can be suggested from objects");
  Expected<Findings> Found = findingsOf(Scan, Link);
  if (Found && Found->All.empty())
    printNote("no short reference from native code to a function that it does "
              "not define, in " +
              Twine(Scan.nativeCount()) + " native objects (" +
              Twine(Scan.natives().ShortInside) +
              " short references inside them) and beside " +
              Twine(Scan.bitcodeCount()) + " of bitcode");
  return Found;
}

static Expected<int> suggest() {
  std::string Log = LogFile;
  Expected<GivenLink> Link = TheLink.read(ObjectFiles);
  if (!Link)
    return Link.takeError();
  ArrayRef<std::string> Files = Link->Files;
  const LinkFacts *Facts = Link->facts();
  if (Log.empty() && Files.empty()) {
    if (sys::Process::StandardInIsUserInput())
      return plainError("suggest needs a log (--log FILE, or on standard "
                        "input) or objects; see suggest --help");
    Log = "-";
  }
  ObjectScan Scan;
  Progress Reading;
  if (Error E = Scan.read(Files, Reading))
    return E;
  Reading.clear();
  Expected<Findings> Found =
      Log.empty() ? fromObjects(Scan, Facts) : fromLog(Log, Scan, Facts);
  if (!Found)
    return Found.takeError();
  if (Found->AtCompile == Findings::CompileReason::None) {
    if (Scan.bitcodeCount()) { // It is compiled in memory.
      InitializeAllTargets();
      InitializeAllAsmPrinters();
    }
    if (Error E = tryPolicy(*Found, Scan, Files, Facts, Reading))
      return E;
    Reading.clear();
  }
  for (const auto &[Text, More] : Found->Notes)
    printNote(More ? Text + " (and " + std::to_string(More) + " more like it)"
                   : Text);
  if (Found->All.empty()) {
    TheJson.printVerdict(textErrors(), NotMet, "nothing to suggest");
    return TheJson.finish(
        NotMet, [&](json::OStream &J) { writeJsonFindings(J, *Found); });
  }
  SuggestedPolicy Suggested = rulesFor(*Found);
  std::string Policy = writePolicy(Suggested);
  // JSON holds the policy, too.
  if (!TheJson.takesOutput() || OutputFile != "-")
    if (Error E = writeOutputFile(OutputFile, Policy))
      return E;
  TheJson.printVerdict(textErrors(), AllWell,
                       counted(Suggested.Rules.size(), "rule") + " for " +
                           counted(Found->All.size(), "short reference"));
  return TheJson.finish(AllWell, [&](json::OStream &J) {
    writeJsonFindings(J, *Found);
    writeText(J, "policy", Policy);
  });
}
