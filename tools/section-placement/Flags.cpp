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
#include "Subcommand.h"
#include "section-placement/Flags/BuildFlags.h"
#include "section-placement/Flags/CacheDigest.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
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
  2  bad input or usage
)~";
static cl::opt<std::string> PolicyFile("policy", cl::Required,
                                       cl::value_desc("FILE"),
                                       cl::sub(FlagsCommand),
                                       cl::desc("The policy"));
static cl::list<std::string>
    Objects("objects", cl::value_desc("FILE..."), cl::sub(FlagsCommand),
            cl::desc("The files of the link, for wildcards of 'native'"));
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
static cl::opt<std::string> PluginFile("plugin", cl::value_desc("FILE"),
                                       cl::sub(FlagsCommand),
                                       cl::desc("SectionPlacement.so, else "
                                                "sought beside the tool"));

static LinkOption TheLink(FlagsCommand);
static JsonOption TheJson(FlagsCommand);

static Expected<int> flags();
static RegisterSubcommand Registration(FlagsCommand, flags, Example);

static std::string absolute(StringRef Path) {
  SmallString<256> Result(Path);
  if (!sys::fs::make_absolute(Result))
    sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

/// Where an installed tool has the plugin, or one in its build folder.
static Expected<std::string> findPlugin() {
  if (!PluginFile.empty())
    return absolute(PluginFile);
  static char Anchor; // Of this executable.
  std::string Tool = sys::fs::getMainExecutable(nullptr, &Anchor);
  StringRef Folder = sys::path::parent_path(Tool);
  for (StringRef Place : {SECTION_PLACEMENT_PLUGIN_OF_INSTALL,
                          SECTION_PLACEMENT_PLUGIN_OF_BUILD}) {
    SmallString<256> Path(Folder);
    sys::path::append(Path, Place);
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    if (sys::fs::exists(Path))
      return Path.str().str();
  }
  return plainError("SectionPlacement.so is not beside this tool (" + Tool +
                    "); name it with --plugin");
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
  Expected<std::string> Plugin = findPlugin();
  if (!Plugin)
    return Plugin.takeError();
  BuildFlags Flags{*Plugin, absolute(PolicyFile), "", "", P->isolates()};
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
    Flags.CacheFolder = absolute(CacheFolder) + "/section-placement-" + *Digest;
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
