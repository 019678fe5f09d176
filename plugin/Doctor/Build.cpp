//===- Build.cpp - What a build says to its tools -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunProgram.h"
#include "section-placement/Doctor/Doctor.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <map>

using namespace llvm;

namespace section_placement {

namespace {
using Step = BuildCommand::StepKind;

/// Symptoms about many commands, each said once, with a count and an example.
class BuildExaminer {
public:
  BuildExaminer(const DoctorInputs &In, Diagnosis &To) : In(In), To(To) {}

  void examine() {
    for (const BuildCommand &C : In.Commands) {
      if (C.Step == Step::Compile)
        compile(C);
      else if (C.Step == Step::Link)
        link(C);
    }
    flush();
    if (!Links)
      add(Health::NotKnown,
          "no command that links was found, so the linker's options are not "
          "known",
          "give the folder of a build by Ninja or make");
    flush();
    To.Symptoms.push_back({Health::Good, "build",
                           counted(Compiles, "compile") + " and " +
                               counted(Links, "link") + " were read",
                           ""});
  }

private:
  void add(Health Is, StringRef Text, StringRef Remedy, StringRef Example = "",
           bool Counts = true) {
    for (Entry &E : Entries)
      if (E.What.Text == Text) {
        ++E.Count;
        return;
      }
    Entries.push_back(
        {{Is, "build", Text.str(), Remedy.str(), Counts}, 1, Example.str()});
  }

  void flush() {
    for (Entry &E : Entries) {
      if (!E.Example.empty())
        E.What.Text =
            inQuotes(E.Example) +
            (E.Count > 1
                 ? " and " + inThousands(int64_t(E.Count) - 1) + " more: "
                 : std::string(": ")) +
            E.What.Text;
      To.Symptoms.push_back(std::move(E.What));
    }
    Entries.clear();
  }

  void compile(const BuildCommand &C) {
    ++Compiles;
    IsAnyLTO |= C.LTO != LTOKind::None || C.Kind == ProgramKind::Rustc;
    if (C.IsDistributed && !In.CompilesPlace)
      return distributed(C);
    if (!In.P)
      return;
    CompileFault Fault = faultOf(C, *In.P);
    // What is native may be meant to be so; the plugin's absence is not.
    if (Fault != CompileFault::None)
      add(Health::Bad, textOf(Fault), "", C.About, isMissed(Fault));
  }

  void distributed(const BuildCommand &C) {
    add(Health::Bad,
        "is a step of distributed ThinLTO, whose backends run no plugin up to "
        "LLVM 22",
        "load the plugin into the compiles with "
        "SECTION_PLACEMENT_STAGE=compile, "
        "or link with ThinLTO in ld.lld",
        C.About);
  }

  void link(const BuildCommand &C) {
    ++Links;
    if (C.IsDistributed && !In.CompilesPlace)
      return distributed(C);
    StringRef Linker = sys::path::filename(C.Linker);
    bool IsLLD =
        programKind(Linker) == ProgramKind::LLD || C.Kind == ProgramKind::LLD;
    bool IsLTO = C.LTO != LTOKind::None || IsAnyLTO;
    if (!IsLTO)
      return;
    if (C.Kind == ProgramKind::GCC)
      return add(Health::Bad,
                 "is linked by gcc, whose LTO has no plugins of LLVM",
                 "compile and link with clang and -fuse-ld=lld", C.About);
    if (!IsLLD)
      return add(Health::Bad,
                 "is linked by " +
                     (Linker.empty() ? std::string("the driver's own linker")
                                     : Linker.str()) +
                     ", whose LTO (LLVMgold.so) cannot load the plugin",
                 "add -fuse-ld=lld to the link", C.About);
    if (C.HasLTOLevel0)
      add(C.LTO == LTOKind::Full ? Health::Good : Health::Bad,
          C.LTO == LTOKind::Full
              ? "has --lto-O0, at which full LTO places"
              : "has --lto-O0, at which ThinLTO runs no pass of a plugin",
          C.LTO == LTOKind::Full ? "" : "take --lto-O0 out, or use -flto=full",
          C.About);
    if (!C.LoadsPlugin)
      add(Health::Bad, "does not load the plugin into the linker",
          "add -Wl,--load-pass-plugin=SectionPlacement.so, as "
          "'section-placement flags' prints it",
          C.About);
    if (!C.CacheFolder.empty() &&
        C.CacheFolder.find("section-placement-") == std::string::npos)
      add(Health::Bad,
          "has a ThinLTO cache whose key does not contain the policy, so it "
          "gives back objects that were made without it",
          "take the folder from 'section-placement flags --thinlto-cache-dir'",
          C.About);
    if (!C.HasPolicy && !In.IsPolicyInEnvironment)
      add(Health::NotKnown,
          "is given no policy by its command, and SECTION_PLACEMENT_POLICY is "
          "not set here",
          "export SECTION_PLACEMENT_POLICY where the build runs, and here",
          C.About);
  }

  struct Entry {
    Symptom What;
    uint64_t Count;
    std::string Example;
  };
  const DoctorInputs &In;
  Diagnosis &To;
  std::vector<Entry> Entries;
  uint64_t Compiles = 0, Links = 0;
  bool IsAnyLTO = false;
};
} // namespace

void examineBuild(const DoctorInputs &In, Diagnosis &To) {
  BuildExaminer(In, To).examine();
}

/// Appends the commands that \p Words print. Fails where they fail.
static Error appendPrinted(std::vector<std::string> Words, StringRef Folder,
                           std::vector<BuildCommand> &To) {
  ErrorOr<std::string> Program = sys::findProgramByName(Words.front());
  if (!Program)
    return errorIn(Folder, "is a build of '" + Words.front() +
                               "', which is not installed; install it");
  Words.front() = *Program;
  ProgramRun Run = runProgram(Words);
  if (Run.Status != 0)
    return errorIn(Folder, "is not understood by " +
                               sys::path::filename(*Program) + ": " +
                               firstLine(Run.Output));
  // `cmake -E cmake_link_script FILE` is how CMake's Makefiles link.
  std::string Text;
  StringRef Rest = Run.Output, Line;
  while (!Rest.empty()) {
    std::tie(Line, Rest) = Rest.split('\n');
    StringRef In = Folder, Behind = Line;
    if (Behind.consume_front("cd "))
      In = Behind.take_front(Behind.find(" &&"));
    size_t Where = Line.find("cmake_link_script ");
    if (Where != StringRef::npos) {
      StringRef Script =
          Line.drop_front(Where).split(' ').second.split(' ').first;
      SmallString<256> Path(In);
      sys::path::append(Path, Script);
      if (auto Read = MemoryBuffer::getFile(Path))
        Text += (*Read)->getBuffer().str() + "\n";
    }
    Text += Line.str() + "\n";
  }
  for (BuildCommand &C : readBuildLines(Text))
    To.push_back(std::move(C));
  return Error::success();
}

Expected<std::vector<BuildCommand>> commandsOfBuild(StringRef Folder) {
  auto Has = [&](StringRef Name) {
    return sys::fs::exists(Folder + "/" + Name);
  };
  std::vector<BuildCommand> Result;
  bool IsNinja = Has("build.ninja");
  bool IsMake = !IsNinja && (Has("Makefile") || Has("makefile"));
  // Both print the compiles too, but make follows no recipe that runs a shell.
  if (Has("compile_commands.json")) {
    auto Read = readCompileCommands((Folder + "/compile_commands.json").str());
    if (!Read)
      return Read.takeError();
    Result = std::move(*Read);
  } else if (!IsNinja && !IsMake) {
    return errorIn(Folder, "has no compile_commands.json, build.ninja or "
                           "Makefile; give the folder that the build runs in");
  }
  std::vector<BuildCommand> Printed;
  if (IsNinja)
    if (Error E = appendPrinted({"ninja", "-C", Folder.str(), "-t", "commands"},
                                Folder, Printed))
      return E;
  if (IsMake)
    if (Error E = appendPrinted(
            {"make", "-C", Folder.str(), "--no-print-directory", "-n", "-B"},
            Folder, Printed))
      return E;
  bool HasCompiles = !Result.empty();
  for (BuildCommand &C : Printed)
    if (!HasCompiles || C.Step == Step::Link)
      Result.push_back(std::move(C));
  return Result;
}

} // namespace section_placement
