//===- Flags.cpp - section-placement flags --------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a build must say to compiler and linker, with a folder for the ThinLTO
// cache that no stale object can come out of.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Inputs.h"
#include "JsonOption.h"
#include "LinkCommandOption.h"
#include "PluginOption.h"
#include "Subcommand.h"
#include "section-placement/Flags/BuildCommands.h"
#include "section-placement/Flags/BuildFlags.h"
#include "section-placement/Flags/CacheDigest.h"
#include "section-placement/Flags/TrainingLink.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand FlagsCommand("flags",
                                   "Print the flags of a build under a policy");
static constexpr char Example[] = R"~(
EXAMPLE:

  eval "$(section-placement flags --policy policy.yaml \
            --objects entry.o --thinlto-cache-dir cache)"
  clang -flto=thin $PLACEMENT_CFLAGS -c a.c
  clang -flto=thin $PLACEMENT_LDFLAGS a.o entry.o -o program

  The cache gets a folder below --thinlto-cache-dir, named after a digest of the
  plugin, the policy, its lists and its native objects, with the reports of what
  is in it: ask again before each link. --output tells links apart that share
  modules, where the policy names outputs.

  eval "$(section-placement flags --profile-generate training)"
  clang -flto=thin $PLACEMENT_LDFLAGS a.o -o counting && ./counting
  llvm-profdata merge training/*.profraw -o training/profile
  eval "$(section-placement flags --profile-use training/profile)"
  clang -flto=thin $PLACEMENT_LDFLAGS a.o -o program

  Two links of the same objects: the first counts what runs, the second moves
  what never ran out of its functions. With --policy, both have the plugin too;
  functions of a rule with 'split' are split by it, and LLVM's splitter is off.

EXIT CODES:

  0  all well
  1  with --check: a compile lacks what the policy needs
  2  bad input or usage
)~";
static cl::opt<std::string> PolicyFile("policy", cl::value_desc("FILE"),
                                       cl::sub(FlagsCommand),
                                       cl::desc("The policy"));
static cl::list<std::string>
    Objects("objects", cl::value_desc("FILE..."), cl::sub(FlagsCommand),
            cl::desc("Files of the link, for wildcards of 'native'"));
static cl::list<std::string> MoreObjects(cl::Positional, cl::ZeroOrMore,
                                         cl::sub(FlagsCommand));
static cl::opt<FlagsFor, false, ValueParser<FlagsFor>> Who(
    "for", cl::sub(FlagsCommand), cl::init(FlagsFor::Clang),
    cl::desc("Who reads them"), cl::value_desc("clang|lld|kbuild|cmake"),
    cl::values(clEnumValN(FlagsFor::Clang, "clang", "a shell, for the driver"),
               clEnumValN(FlagsFor::Lld, "lld", "a shell, for ld.lld"),
               clEnumValN(FlagsFor::Kbuild, "kbuild", "the kernel's Makefile"),
               clEnumValN(FlagsFor::CMake, "cmake", "a CMakeLists.txt")));
static cl::opt<std::string>
    CacheFolder("thinlto-cache-dir", cl::value_desc("DIR"),
                cl::sub(FlagsCommand),
                cl::desc("Where the ThinLTO cache shall be"));
static cl::opt<std::string>
    OutputName("output", cl::value_desc("NAME"), cl::sub(FlagsCommand),
               cl::desc("The link's output, for 'outputs'"));
static cl::opt<std::string>
    OrderFile("symbol-ordering-file", cl::value_desc("FILE"),
              cl::sub(FlagsCommand),
              cl::desc("The order of 'plan', for a direct link"));
static PluginOption ThePlugin(FlagsCommand);
static cl::opt<std::string>
    CheckFile("check", cl::value_desc("FILE"), cl::sub(FlagsCommand),
              cl::desc("Say which compiles of a build lack it"));

static cl::opt<std::string>
    TrainingFolder("profile-generate", cl::value_desc("DIR"),
                   cl::sub(FlagsCommand),
                   cl::desc("Let the link count what runs, into DIR"));
static cl::opt<std::string>
    ProfileFile("profile-use", cl::value_desc("FILE"), cl::sub(FlagsCommand),
                cl::desc("Split functions by what was counted"));

static LinkCommandOption TheLink(FlagsCommand);
static JsonOption TheJson(FlagsCommand);

static Expected<int> flags();
static void printRefusal();
static RegisterSubcommand Registration(FlagsCommand, flags, Example,
                                       printRefusal);

/// Which compiles of CheckFile the policy \p P does not act on.
static Expected<int> checkCompiles(const Policy &P) {
  Expected<std::vector<BuildCommand>> Commands = readCompileCommands(CheckFile);
  if (!Commands)
    return Commands.takeError();
  std::vector<std::pair<const BuildCommand *, CompileFault>> Faults;
  uint64_t Compiles = 0;
  bool IsMissed = false;
  for (const BuildCommand &C : *Commands) {
    Compiles += C.Step == BuildCommand::StepKind::Compile;
    CompileFault Fault = faultOf(C, P);
    if (Fault == CompileFault::None)
      continue;
    Faults.push_back({&C, Fault});
    // What is native may be meant to be native.
    IsMissed |= isMissed(Fault);
    TheJson.text() << C.About << (isMissed(Fault) ? ": " : ": note: ")
                   << textOf(Fault) << '\n';
  }
  int Code = IsMissed ? NotMet : AllWell;
  TheJson.printVerdict(TheJson.text(), Code,
                       counted(Compiles, "compile") +
                           (IsMissed ? ", some without what the policy needs"
                                     : ", each with what the policy needs"));
  return TheJson.finish(Code, [&](json::OStream &J) {
    J.attribute("compiles", int64_t(Compiles));
    J.attributeArray("faults", [&] {
      for (const auto &Entry : Faults)
        J.object([&] {
          writeText(J, "file", Entry.first->About);
          writeText(J, "fault", nameOf(Entry.second));
          J.attribute("isMissed", isMissed(Entry.second));
        });
    });
  });
}

/// A link of native code alone counts nothing, and splits nothing. LLVM's
/// splitter works for few targets, and asks nobody. Those of \p Files that hold
/// bitcode say which it is.
static Error checkFiles(ArrayRef<std::string> Files, bool Splits) {
  Expected<ToolInputs> Inputs = ToolInputs::open(Files);
  if (!Inputs)
    return Inputs.takeError();
  if (!Files.empty() && Inputs->bitcode().empty())
    return plainError(
        "none of the inputs has bitcode in it: a link without LTO "
        "counts nothing; compile with -flto=thin");
  if (!Splits)
    return Error::success();
  for (const ToolInputs::Bitcode &Module : Inputs->bitcode())
    if (!Module.Triple.empty())
      if (std::string Why = whyNotSplit(Triple(Module.Triple)); !Why.empty())
        return errorIn(Module.Name.str(), Why);
  return Error::success();
}

/// What --profile-generate and --profile-use ask for, of a link of \p Files.
static Expected<TrainingLink> readTraining(ArrayRef<std::string> Files) {
  TrainingLink Training;
  if (!TrainingFolder.empty() && !ProfileFile.empty())
    return plainError("--profile-generate and --profile-use are two links: the "
                      "first counts, the second uses the counts; give one");
  if (!TrainingFolder.empty()) {
    Training.Step = TrainingLink::StepKind::Generate;
    Training.Folder = absolutePath(TrainingFolder);
  }
  if (!ProfileFile.empty()) {
    Training.Step = TrainingLink::StepKind::Use;
    Training.Profile = absolutePath(ProfileFile);
  }
  if (Training.Step != TrainingLink::StepKind::None)
    if (Error E =
            checkFiles(Files, Training.Step == TrainingLink::StepKind::Use))
      return E;
  return Training;
}

static bool placesCode(const Rule &R) {
  bool Places = R.Does == Effect::Place || R.Does == Effect::PlaceByNatives;
  return Places && any_of(R.Match, [](const MatchMap &Map) {
           return !Map.isOfVariables();
         });
}

/// After all else was found right: nothing is written for flags that are not
/// printed.
static Error carryOut(const TrainingLink &Training, const Policy *P) {
  if (Training.Step == TrainingLink::StepKind::Generate) {
    Expected<std::vector<std::string>> Old =
        prepareTraining(Training.Folder, P);
    if (!Old)
      return Old.takeError();
    if (!Old->empty())
      printNote(Old->front() + " was counted before, with " +
                inThousands(Old->size() - 1) +
                " more: remove what is of a program that has changed since");
  }
  if (Training.Step == TrainingLink::StepKind::Use) {
    if (P && !Training.IsSplitByPolicy && any_of(P->Rules, placesCode))
      printNote("LLVM's splitter leaves whole what a rule of " + P->File +
                " gives a section; to split it, order it by 'plan "
                "--symbol-ordering-file' and link without --policy");
    Expected<std::unique_ptr<MemoryBuffer>> Profile =
        readInputFile(Training.Profile);
    if (!Profile)
      return Profile.takeError();
    Expected<bool> IsRecorded = checkTraining(std::move(*Profile), P);
    if (!IsRecorded)
      return IsRecorded.takeError();
    if (!*IsRecorded)
      printNote(Training.Profile +
                " is not in the folder of --profile-generate: whether its link "
                "was made like this one was not checked");
  }
  return Error::success();
}

/// `eval "$(…)"` ignores the exit code, and a build reads an empty file of
/// flags as one without flags.
static void printRefusal() {
  if (CheckFile.empty() && !TheJson.takesOutput())
    printRefusalOfFlags(outs(), Who);
}

static Expected<int> flags() {
  bool IsOfProfile = !TrainingFolder.empty() || !ProfileFile.empty();
  if (PolicyFile.empty() && !(IsOfProfile && CheckFile.empty()))
    return plainError("--policy is missing: name the policy whose flags these "
                      "are");
  std::optional<Policy> P;
  if (!PolicyFile.empty()) {
    Expected<Policy> Read =
        readPolicy(PolicyFile,
                   sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or(""));
    if (!Read)
      return Read.takeError();
    P = std::move(*Read);
  }
  if (Objects.empty() && !MoreObjects.empty())
    return plainError("unexpected argument '" + MoreObjects.front() +
                      "'; the files of the link come "
                      "after --objects");
  if (!CheckFile.empty())
    return checkCompiles(*P);
  BuildFlags Flags;
  if (P) {
    Expected<std::string> Plugin = ThePlugin.find();
    if (!Plugin)
      return Plugin.takeError();
    Flags.Plugin = *Plugin;
    Flags.Policy = absolutePath(PolicyFile);
    Flags.ActsInCompiles = P->isolates();
  }
  if (!OrderFile.empty())
    Flags.OrderFile = absolutePath(OrderFile);
  std::vector<std::string> Files(Objects.begin(), Objects.end());
  Files.insert(Files.end(), MoreObjects.begin(), MoreObjects.end());
  Expected<GivenLink> Link = TheLink.read(Files);
  if (!Link)
    return Link.takeError();
  const Policy *ThePolicy = P ? &*P : nullptr;
  Expected<TrainingLink> Training = readTraining(Link->Files);
  if (!Training)
    return Training.takeError();
  Training->IsSplitByPolicy = P && P->firstThatSplits();
  Flags.Training = *Training;
  auto Variable = [](StringRef Name) {
    return sys::Process::GetEnv(Name).value_or("");
  };
  std::string Output = OutputName.empty() && Link->Facts
                           ? Link->Facts->Output
                           : std::string(OutputName);
  Expected<std::string> Digest = cacheDigest(
      {Flags.Plugin, ThePolicy, Link->Files, Output,
       Variable("SECTION_PLACEMENT_STAGE"),
       Variable("SECTION_PLACEMENT_MISMATCH"), Link->facts(), *Training});
  if (!Digest)
    return Digest.takeError();
  Expected<std::string> LinkDigest = linkDigest(*Digest, Flags.OrderFile);
  if (!LinkDigest)
    return LinkDigest.takeError();
  Flags.LinkDigest = *LinkDigest;
  if (!CacheFolder.empty()) {
    Flags.CacheFolder =
        absolutePath(CacheFolder) + "/section-placement-" + *Digest;
    if (P)
      Flags.ReportFolder = Flags.CacheFolder + "/reports";
  }
  if (Error E = checkFlags(Flags, Who))
    return E;
  if (Error E = carryOut(*Training, ThePolicy))
    return E;
  // A shell or a Makefile reads them, at each build: no verdict beside them.
  printFlags(TheJson.takesOutput() ? errs() : outs(), Flags, Who);
  return TheJson.finish(AllWell, [&](json::OStream &J) {
    writeJsonFlags(J, Flags);
    writeText(J, "digest", *Digest);
  });
}
