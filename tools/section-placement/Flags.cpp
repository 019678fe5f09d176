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

#include "JsonOption.h"
#include "LinkOption.h"
#include "PluginOption.h"
#include "Subcommand.h"
#include "section-placement/Flags/BuildCommands.h"
#include "section-placement/Flags/BuildFlags.h"
#include "section-placement/Flags/CacheDigest.h"
#include "section-placement/Support/Error.h"
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

EXIT CODES:

  0  all well
  1  with --check: a compile lacks what the policy needs
  2  bad input or usage
)~";
static cl::opt<std::string> PolicyFile("policy", cl::Required,
                                       cl::value_desc("FILE"),
                                       cl::sub(FlagsCommand),
                                       cl::desc("The policy"));
static cl::list<std::string>
    Objects("objects", cl::value_desc("FILE..."), cl::sub(FlagsCommand),
            cl::desc("Files of the link, for wildcards of 'native'"));
static cl::list<std::string> MoreObjects(cl::Positional, cl::ZeroOrMore,
                                         cl::sub(FlagsCommand));
static cl::opt<FlagsFor> Who(
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

static LinkOption TheLink(FlagsCommand);
static JsonOption TheJson(FlagsCommand);

static Expected<int> flags();
static RegisterSubcommand Registration(FlagsCommand, flags, Example);

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
  TheJson.text() << counted(Compiles, "compile") << ", "
                 << (IsMissed ? "some without what the policy needs"
                              : "each with what the policy needs")
                 << '\n';
  return TheJson.finish(IsMissed ? NotMet : AllWell, [&](json::OStream &J) {
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

static Expected<int> flags() {
  std::string Root =
      sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or("");
  Expected<Policy> P = readPolicy(PolicyFile, Root);
  if (!P)
    return P.takeError();
  if (Objects.empty() && !MoreObjects.empty())
    return plainError("unexpected argument '" + MoreObjects.front() +
                      "'; the files of the link come "
                      "after --objects");
  if (!CheckFile.empty())
    return checkCompiles(*P);
  Expected<std::string> Plugin = ThePlugin.find();
  if (!Plugin)
    return Plugin.takeError();
  BuildFlags Flags;
  Flags.Plugin = *Plugin;
  Flags.Policy = absolutePath(PolicyFile);
  Flags.ActsInCompiles = P->isolates();
  if (!OrderFile.empty())
    Flags.OrderFile = absolutePath(OrderFile);
  std::vector<std::string> Files(Objects.begin(), Objects.end());
  Files.insert(Files.end(), MoreObjects.begin(), MoreObjects.end());
  Expected<GivenLink> Link = TheLink.read(Files);
  if (!Link)
    return Link.takeError();
  auto Variable = [](StringRef Name) {
    return sys::Process::GetEnv(Name).value_or("");
  };
  std::string Output = OutputName.empty() && Link->Facts
                           ? Link->Facts->Output
                           : std::string(OutputName);
  Expected<std::string> Digest = cacheDigest(
      {*Plugin, &*P, Link->Files, Output, Variable("SECTION_PLACEMENT_STAGE"),
       Variable("SECTION_PLACEMENT_MISMATCH"), Link->facts()});
  if (!Digest)
    return Digest.takeError();
  if (!CacheFolder.empty()) {
    Flags.CacheFolder =
        absolutePath(CacheFolder) + "/section-placement-" + *Digest;
    Flags.ReportFolder = Flags.CacheFolder + "/reports";
  }
  if (Error E = checkFlags(Flags, Who))
    return E;
  printFlags(TheJson.takesOutput() ? errs() : outs(), Flags, Who);
  return TheJson.finish(AllWell, [&](json::OStream &J) {
    writeJsonFlags(J, Flags);
    writeText(J, "digest", *Digest);
  });
}
