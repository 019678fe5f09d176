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
struct Registered {
  cl::SubCommand *Command;
  Runner Run;
  StringRef Example;
};
} // namespace

static std::vector<Registered> &subcommands() {
  static std::vector<Registered> All;
  return All;
}

RegisterSubcommand::RegisterSubcommand(cl::SubCommand &Command, Runner Run,
                                       StringRef Example) {
  subcommands().push_back({&Command, Run, Example});
}

StringRef exampleOf(StringRef Name) {
  for (const Registered &R : subcommands())
    if (R.Command->getName() == Name)
      return R.Example;
  return "";
}

std::optional<Expected<int>> runChosenSubcommand() {
  for (const Registered &R : subcommands())
    if (*R.Command)
      return R.Run();
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

/// --help of a subcommand ends with its example, that of the tool with one of
/// `check`.
static std::string helpOf(ArrayRef<char *> Arguments) {
  StringRef Name = Arguments.size() > 1 ? Arguments[1] : "";
  StringRef Example = section_placement::exampleOf(Name);
  if (Example.empty())
    return "";
  return ("\nEXAMPLE:\n\n  " + Example +
          "\n\nEXIT CODES:\n\n"
          "  0 all is well, 1 what was asked for is not so, 2 bad input or "
          "usage\n")
      .str();
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
  WithColor::setAutoDetectFunction(wantsColours);
  static std::string Help = helpOf(ArrayRef<char *>(Arguments, ArgCount));
  static cl::extrahelp ExtraHelp(Help);
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
