//===- Doctor.cpp - section-placement doctor ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before a build: will a policy act, with these tools and these commands?
//
//===----------------------------------------------------------------------===//

#include "section-placement/Doctor/Doctor.h"
#include "JsonOption.h"
#include "PluginOption.h"
#include "Subcommand.h"
#include "llvm/Support/Process.h"

using namespace llvm;
using namespace section_placement;

static cl::SubCommand DoctorCommand("doctor",
                                    "Tell whether a policy will act here");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement doctor
  section-placement doctor --build build --policy policy.yaml
  section-placement doctor --clang clang-22 --lld ld.lld-22 --rustc rustc

  Each tool is asked for its LLVM and for what the plugin needs of it; then one
  function is compiled and linked by them, in a folder that is removed again.
  A build's commands are read from compile_commands.json, 'ninja -t commands'
  and 'make -n -B'; nothing is built.

EXIT CODES:

  0  a policy acts
  1  it does not; each finding says what to do
  2  not known, or bad input or usage
)";
static cl::opt<std::string> Clang("clang", cl::value_desc("PROGRAM"),
                                  cl::sub(DoctorCommand),
                                  cl::desc("The compiler"));
static cl::opt<std::string> Linker("lld", cl::value_desc("PROGRAM"),
                                   cl::sub(DoctorCommand),
                                   cl::desc("The linker, ld.lld"));
static cl::opt<std::string> Optimizer("opt", cl::value_desc("PROGRAM"),
                                      cl::sub(DoctorCommand),
                                      cl::desc("The optimiser, opt"));
static cl::opt<std::string> Rustc("rustc", cl::value_desc("PROGRAM"),
                                  cl::sub(DoctorCommand),
                                  cl::desc("The compiler of Rust"));
static cl::opt<std::string>
    BuildFolder("build", cl::value_desc("DIR"), cl::sub(DoctorCommand),
                cl::desc("Read the commands of the build there"));
static cl::opt<std::string> PolicyFile("policy", cl::value_desc("FILE"),
                                       cl::sub(DoctorCommand),
                                       cl::desc("The policy"));
static PluginOption ThePlugin(DoctorCommand);
static JsonOption TheJson(DoctorCommand);

static Expected<int> doctor();
static RegisterSubcommand Registration(DoctorCommand, doctor, Example);

/// The tools that the build calls, where the user named none.
static void nameToolsOfBuild(DoctorInputs &In) {
  auto Name = [&](ToolKind Kind, const std::string &Program) {
    std::string &Named = In.Named[size_t(Kind)];
    if (Named.empty())
      Named = Program;
  };
  for (const BuildCommand &C : In.Commands) {
    if (C.Kind == ProgramKind::Clang)
      Name(ToolKind::Clang, C.Program);
    if (C.Kind == ProgramKind::LLD)
      Name(ToolKind::Linker, C.Program);
    if (C.Kind == ProgramKind::Rustc)
      Name(ToolKind::Rustc, C.Program);
  }
}

static Expected<int> doctor() {
  DoctorInputs In;
  Expected<std::string> Plugin = ThePlugin.find();
  if (!Plugin)
    return Plugin.takeError();
  In.Plugin = *Plugin;
  In.Named[size_t(ToolKind::Clang)] = Clang;
  In.Named[size_t(ToolKind::Linker)] = Linker;
  In.Named[size_t(ToolKind::Optimizer)] = Optimizer;
  In.Named[size_t(ToolKind::Rustc)] = Rustc;
  auto Variable = [](StringRef Name) {
    return sys::Process::GetEnv(Name).value_or("");
  };
  std::string Named = PolicyFile.empty() ? Variable("SECTION_PLACEMENT_POLICY")
                                         : std::string(PolicyFile);
  In.IsPolicyInEnvironment = !Variable("SECTION_PLACEMENT_POLICY").empty();
  In.CompilesPlace = Variable("SECTION_PLACEMENT_STAGE") == "compile";
  std::optional<Policy> P;
  if (!Named.empty() && Named != "none") {
    Expected<Policy> Read =
        readPolicy(Named, Variable("SECTION_PLACEMENT_ROOT"));
    if (!Read)
      return Read.takeError();
    P = std::move(*Read);
    In.P = &*P;
  }
  if (!BuildFolder.empty()) {
    auto Commands = commandsOfBuild(BuildFolder);
    if (!Commands)
      return Commands.takeError();
    In.Commands = std::move(*Commands);
    nameToolsOfBuild(In);
  }
  Diagnosis D;
  D.Plugin = In.Plugin;
  examineTools(In, D);
  if (!BuildFolder.empty())
    examineBuild(In, D);
  if (Error E = tryTools(In, D))
    return E;
  printDiagnosis(TheJson.text(), D, wantsColours(outs()));
  Health Verdict = D.verdict();
  return TheJson.finish(Verdict == Health::Good  ? AllWell
                        : Verdict == Health::Bad ? NotMet
                                                 : BadInput,
                        [&](json::OStream &J) { writeJsonDiagnosis(J, D); });
}
