//===- BuildFlags.cpp - The flags of a build under a policy ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/BuildFlags.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"
#include <vector>

using namespace llvm;

namespace section_placement {

static std::vector<std::string> linkerWords(const BuildFlags &Flags) {
  std::vector<std::string> Words;
  if (!Flags.Plugin.empty())
    Words.push_back("--load-pass-plugin=" + Flags.Plugin);
  if (!Flags.CacheFolder.empty())
    Words.push_back("--thinlto-cache-dir=" + Flags.CacheFolder);
  // What was inlined away after the plan is no fault of the link.
  if (!Flags.OrderFile.empty())
    Words.insert(Words.end(), {"--symbol-ordering-file=" + Flags.OrderFile,
                               "--no-warn-symbol-ordering"});
  std::vector<std::string> More =
      linkerWords(Flags.Training, !Flags.OrderFile.empty());
  Words.insert(Words.end(), More.begin(), More.end());
  return Words;
}

static std::vector<std::string> compilerWords(const BuildFlags &Flags) {
  if (Flags.Plugin.empty())
    return {};
  return {"-fpass-plugin=" + Flags.Plugin};
}

/// For a shell's `eval`. The two variables are split at blanks where they are
/// used, so a path with a blank cannot be in them.
static void printShell(raw_ostream &OS, const BuildFlags &Flags,
                       bool IsDriver) {
  if (!Flags.Policy.empty())
    OS << "export SECTION_PLACEMENT_POLICY=" << shellWord(Flags.Policy) << '\n';
  if (!Flags.ReportFolder.empty())
    OS << "export SECTION_PLACEMENT_REPORT=" << shellWord(Flags.ReportFolder)
       << '\n';
  OS << "PLACEMENT_CFLAGS=" << shellWord(join(compilerWords(Flags), " "))
     << '\n';
  std::string Words = IsDriver ? "-fuse-ld=lld" : "";
  for (const std::string &Word : linkerWords(Flags))
    Words += (Words.empty() ? "" : " ") + (IsDriver ? "-Wl," + Word : Word);
  for (const std::string &Word : driverWords(Flags.Training))
    Words += ' ' + Word;
  OS << "PLACEMENT_LDFLAGS=" << shellWord(Words) << '\n';
}

/// What the kernel keeps out of LTO (vDSO, EFI stub, pi/) takes the words of
/// CC_FLAGS_LTO out of its flags. Ours go with them: in a compile without LTO
/// the plugin would place. make knows no policy, but rebuilds what has
/// another command: the macro is there for that.
static void printKbuild(raw_ostream &OS, const BuildFlags &Flags) {
  // checkFlags() has seen to it that make can hold them.
  auto Escaped = [](StringRef Text) { return makeText(Text).value_or(""); };
  OS << "export SECTION_PLACEMENT_POLICY := " << Escaped(Flags.Policy) << '\n';
  if (!Flags.ReportFolder.empty())
    OS << "export SECTION_PLACEMENT_REPORT := " << Escaped(Flags.ReportFolder)
       << '\n';
  if (Flags.ActsInCompiles)
    OS << "section-placement-policy := $(firstword $(shell cksum < "
       << Escaped(shellWord(Flags.Policy)) << "))\n";
  for (StringRef Variable : {"KBUILD_CFLAGS", "CC_FLAGS_LTO"}) {
    OS << Variable << " += -fpass-plugin=" << Escaped(Flags.Plugin);
    if (Flags.ActsInCompiles)
      OS << " -D__SECTION_PLACEMENT__=$(section-placement-policy)";
    OS << '\n';
  }
  OS << "KBUILD_LDFLAGS +=";
  for (const std::string &Word : linkerWords(Flags))
    OS << ' ' << Escaped(Word);
  OS << '\n';
}

/// What runs the compiler and the linker, since they get no environment of a
/// configuration. No build knows that the link reads a policy, an order or a
/// profile, but each links again when its command has changed: ld.lld takes
/// --rpath-link, and does nothing with it.
static void printCMake(raw_ostream &OS, const BuildFlags &Flags) {
  for (const std::string &Word : compilerWords(Flags))
    OS << "add_compile_options(" << cmakeArgument(Word) << ")\n";
  OS << "add_link_options(-fuse-ld=lld";
  for (const std::string &Word : linkerWords(Flags))
    OS << ' ' << cmakeArgument("LINKER:" + Word);
  for (const std::string &Word : driverWords(Flags.Training))
    OS << ' ' << cmakeArgument(Word);
  OS << ' '
     << cmakeArgument("LINKER:--rpath-link=section-placement-" +
                      Flags.LinkDigest)
     << ")\n";
  if (Flags.Policy.empty())
    return;
  for (StringRef Language : {"C", "CXX"})
    for (StringRef Step : {"COMPILER", "LINKER"}) {
      OS << "set(CMAKE_" << Language << "_" << Step << "_LAUNCHER "
         << "${CMAKE_COMMAND} -E env "
         << cmakeArgument("SECTION_PLACEMENT_POLICY=" + Flags.Policy);
      if (!Flags.ReportFolder.empty())
        OS << ' '
           << cmakeArgument("SECTION_PLACEMENT_REPORT=" + Flags.ReportFolder);
      OS << ")\n";
    }
}

/// Who can count, or use counts.
static Error checkTrainingFor(const BuildFlags &Flags, FlagsFor Who) {
  if (Flags.Training.Step == TrainingLink::StepKind::None)
    return Error::success();
  if (Who == FlagsFor::Kbuild)
    return plainError("--for=kbuild knows no --profile-generate and no "
                      "--profile-use: the kernel links no run-time that could "
                      "write counts");
  if (Who == FlagsFor::Lld &&
      Flags.Training.Step == TrainingLink::StepKind::Generate)
    return plainError("--for=lld knows no --profile-generate: the driver links "
                      "the run-time that writes the counts; use --for=clang");
  return Error::success();
}

Error checkFlags(const BuildFlags &Flags, FlagsFor Who) {
  if (Error E = checkTrainingFor(Flags, Who))
    return E;
  for (StringRef Path :
       {StringRef(Flags.Plugin), StringRef(Flags.Policy),
        StringRef(Flags.CacheFolder), StringRef(Flags.OrderFile),
        StringRef(Flags.Training.Folder), StringRef(Flags.Training.Profile)}) {
    bool IsWord = Path != Flags.Policy;
    StringRef Bad = Who == FlagsFor::CMake ? "" : " \t\n\r*?[\\'\"`;&|<>()";
    if (Who == FlagsFor::Kbuild && !makeText(Path))
      return plainError(inQuotes(Path) +
                        " cannot stand in a Makefile: move it");
    if (IsWord && Path.find_first_of(Bad) != StringRef::npos)
      return plainError(inQuotes(Path) +
                        " has a character that a shell takes apart where the "
                        "flags are used: move it, or use --for=cmake");
    if (IsWord && Who == FlagsFor::Clang && Path.contains(','))
      return plainError(inQuotes(Path) +
                        " has a ',', at which -Wl, takes it apart: move it, or "
                        "use --for=lld");
  }
  return Error::success();
}

void printFlags(raw_ostream &OS, const BuildFlags &Flags, FlagsFor Who) {
  switch (Who) {
  case FlagsFor::Clang:
  case FlagsFor::Lld:
    return printShell(OS, Flags, Who == FlagsFor::Clang);
  case FlagsFor::Kbuild:
    return printKbuild(OS, Flags);
  case FlagsFor::CMake:
    return printCMake(OS, Flags);
  }
}

void printRefusalOfFlags(raw_ostream &OS, FlagsFor Who) {
  static constexpr StringLiteral Refused =
      "section-placement flags failed, see its message";
  switch (Who) {
  case FlagsFor::Clang:
  case FlagsFor::Lld:
    for (StringRef Variable : {"PLACEMENT_CFLAGS", "PLACEMENT_LDFLAGS"})
      OS << Variable << "=--section-placement-flags-failed\n";
    OS << "false # " << Refused << '\n';
    return;
  case FlagsFor::Kbuild:
    OS << "$(error " << Refused << ")\n";
    return;
  case FlagsFor::CMake:
    OS << "message(FATAL_ERROR \"" << Refused << "\")\n";
    return;
  }
}

void writeJsonFlags(json::OStream &J, const BuildFlags &Flags) {
  writeTextIfAny(J, "policy", Flags.Policy);
  writeTextIfAny(J, "plugin", Flags.Plugin);
  writeTexts(J, "compilerFlags", compilerWords(Flags));
  writeTexts(J, "linkerFlags", linkerWords(Flags));
  if (Flags.Training.Step == TrainingLink::StepKind::Generate)
    writeTexts(J, "driverFlags", driverWords(Flags.Training));
  writeTextIfAny(J, "thinltoCache", Flags.CacheFolder);
  writeTextIfAny(J, "reports", Flags.ReportFolder);
}

} // namespace section_placement
