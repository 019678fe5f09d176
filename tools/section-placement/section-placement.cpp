//===- section-placement.cpp - The tool around the plugin -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Subcommand.h"
#include "section-placement/Support/Error.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

using Runner = Expected<int> (*)();

static std::vector<std::pair<cl::SubCommand *, Runner>> &subcommands() {
  static std::vector<std::pair<cl::SubCommand *, Runner>> All;
  return All;
}

RegisterSubcommand::RegisterSubcommand(cl::SubCommand &Command, Runner Run) {
  subcommands().emplace_back(&Command, Run);
}

std::optional<Expected<int>> runChosenSubcommand() {
  for (auto &[Command, Run] : subcommands())
    if (*Command)
      return Run();
  return std::nullopt;
}

} // namespace section_placement

static void printVersion(raw_ostream &OS) {
  OS << "section-placement " SECTION_PLACEMENT_VERSION " (LLVM "
     << LLVM_VERSION_STRING << ")\n";
}

/// cl::ParseCommandLineOptions exits with 1 at a wrong word; ours is 2.
static bool parseCommandLine(int ArgCount, char **Arguments) {
  return cl::ParseCommandLineOptions(
      ArgCount, Arguments,
      "section-placement: where functions go under LTO\n\n"
      "  Example: section-placement check policy.yaml vmlinux.a entry.o\n",
      &errs());
}

int main(int ArgCount, char **Arguments) {
  InitLLVM Init(ArgCount, Arguments);
  InitializeAllTargetInfos();
  InitializeAllTargetMCs();
  InitializeAllAsmParsers();
  cl::SetVersionPrinter(printVersion);
  // LLVM's libraries bring some hundred options of their own, none of which
  // this tool is about.
  static cl::OptionCategory OurOptions("section-placement options");
  cl::HideUnrelatedOptions(OurOptions);
  if (!parseCommandLine(ArgCount, Arguments))
    return section_placement::BadInput;
  auto Result = section_placement::runChosenSubcommand();
  if (!Result) {
    cl::PrintHelpMessage(false, true);
    return section_placement::BadInput;
  }
  if (*Result)
    return **Result;
  for (const std::string &Message :
       section_placement::messagesOf(Result->takeError()))
    WithColor::error(errs(), "section-placement") << Message << '\n';
  return section_placement::BadInput;
}
