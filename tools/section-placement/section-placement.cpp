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
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

using Runner = Expected<int> (*)();

namespace {
struct Subcommand {
  cl::SubCommand *Command;
  Runner Run;
  StringRef Example;
};
} // namespace

static std::vector<Subcommand> &subcommands() {
  static std::vector<Subcommand> All;
  return All;
}

RegisterSubcommand::RegisterSubcommand(cl::SubCommand &Command, Runner Run,
                                       StringRef Example) {
  subcommands().push_back({&Command, Run, Example});
}

/// The example of the subcommand \p Name; empty where there is none.
static StringRef exampleOf(StringRef Name) {
  for (const Subcommand &S : subcommands())
    if (S.Command->getName() == Name)
      return S.Example;
  return "";
}

std::optional<Expected<int>> runChosenSubcommand() {
  for (const Subcommand &S : subcommands())
    if (*S.Command)
      return S.Run();
  return std::nullopt;
}

} // namespace section_placement

static void printVersion(raw_ostream &OS) {
  OS << "section-placement " SECTION_PLACEMENT_VERSION " (LLVM "
     << LLVM_VERSION_STRING << ")\n";
}

/// Colours on a terminal, unless the user wants none (https://no-color.org).
static bool wantsColours(const raw_ostream &OS) {
  return sys::Process::GetEnv("NO_COLOR").value_or("").empty() &&
         WithColor::defaultAutoDetectFunction()(OS);
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
  // What stands below the options of a --help is the same for all subcommands.
  static cl::extrahelp Example(
      ArgCount > 1 ? section_placement::exampleOf(Arguments[1]) : StringRef());
  WithColor::setAutoDetectFunction(wantsColours);
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
