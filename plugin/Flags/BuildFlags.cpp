//===- BuildFlags.cpp - The flags of a build under a policy ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/BuildFlags.h"
#include <vector>

using namespace llvm;

namespace section_placement {

static std::string replaced(StringRef Text, char What, StringRef By) {
  std::string Result;
  for (char C : Text)
    Result += C == What ? By.str() : std::string(1, C);
  return Result;
}

/// In single quotes, which take everything but themselves.
static std::string shellQuoted(StringRef Text) {
  return "'" + replaced(Text, '\'', "'\\''") + "'";
}

/// A bracket argument takes everything but its own end.
static std::string cmakeQuoted(const std::string &Text) {
  std::string Fence;
  while (Text.find("]" + Fence + "]") != std::string::npos)
    Fence += "=";
  return "[" + Fence + "[" + Text + "]" + Fence + "]";
}

static std::vector<std::string> linkerWords(const BuildFlags &Flags) {
  std::vector<std::string> Words = {"--load-pass-plugin=" + Flags.Plugin};
  if (!Flags.CacheFolder.empty())
    Words.push_back("--thinlto-cache-dir=" + Flags.CacheFolder);
  return Words;
}

/// For a shell's `eval`. The two variables are split at blanks where they are
/// used, so a path with a blank cannot be in them.
static void printShell(raw_ostream &OS, const BuildFlags &Flags,
                       bool IsDriver) {
  OS << "export SECTION_PLACEMENT_POLICY=" << shellQuoted(Flags.Policy) << '\n';
  if (!Flags.ReportFolder.empty())
    OS << "export SECTION_PLACEMENT_REPORT=" << shellQuoted(Flags.ReportFolder)
       << '\n';
  OS << "PLACEMENT_CFLAGS=" << shellQuoted("-fpass-plugin=" + Flags.Plugin)
     << '\n';
  std::string Words = IsDriver ? "-fuse-ld=lld" : "";
  for (const std::string &Word : linkerWords(Flags))
    Words += (Words.empty() ? "" : " ") + (IsDriver ? "-Wl," + Word : Word);
  OS << "PLACEMENT_LDFLAGS=" << shellQuoted(Words) << '\n';
}

/// What the kernel keeps out of LTO (vDSO, EFI stub, pi/) takes the words of
/// CC_FLAGS_LTO out of its flags. Ours go with them: in a compile without LTO
/// the plugin would place. make knows no policy, but compiles anew what has
/// another command: the macro is there for that.
static void printKbuild(raw_ostream &OS, const BuildFlags &Flags) {
  auto Escaped = [](StringRef Text) { return replaced(Text, '$', "$$"); };
  OS << "export SECTION_PLACEMENT_POLICY := " << Escaped(Flags.Policy) << '\n';
  if (!Flags.ReportFolder.empty())
    OS << "export SECTION_PLACEMENT_REPORT := " << Escaped(Flags.ReportFolder)
       << '\n';
  if (Flags.ActsInCompiles)
    OS << "section-placement-policy := $(firstword $(shell cksum < "
       << Escaped(shellQuoted(Flags.Policy)) << "))\n";
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
/// configuration.
static void printCMake(raw_ostream &OS, const BuildFlags &Flags) {
  OS << "add_compile_options(" << cmakeQuoted("-fpass-plugin=" + Flags.Plugin)
     << ")\n"
     << "add_link_options(-fuse-ld=lld";
  for (const std::string &Word : linkerWords(Flags))
    OS << ' ' << cmakeQuoted("LINKER:" + Word);
  OS << ")\n";
  for (StringRef Language : {"C", "CXX"})
    for (StringRef Step : {"COMPILER", "LINKER"}) {
      OS << "set(CMAKE_" << Language << "_" << Step << "_LAUNCHER "
         << "${CMAKE_COMMAND} -E env "
         << cmakeQuoted("SECTION_PLACEMENT_POLICY=" + Flags.Policy);
      if (!Flags.ReportFolder.empty())
        OS << ' '
           << cmakeQuoted("SECTION_PLACEMENT_REPORT=" + Flags.ReportFolder);
      OS << ")\n";
    }
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

} // namespace section_placement
