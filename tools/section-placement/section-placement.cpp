//===- section-placement.cpp - The tool around the plugin -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "JsonOption.h"
#include "OptionTable.h"
#include "Subcommand.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace llvm;

namespace section_placement {

static std::vector<Subcommand> &subcommands() {
  static std::vector<Subcommand> All;
  return All;
}

RegisterSubcommand::RegisterSubcommand(cl::SubCommand &Command,
                                       Expected<int> (*Run)(),
                                       StringRef Example,
                                       void (*PrintRefusal)()) {
  subcommands().push_back({&Command, Run, Example, PrintRefusal});
}

std::vector<Subcommand> registeredSubcommands() {
  std::vector<Subcommand> Sorted = subcommands();
  llvm::sort(Sorted, [](const Subcommand &A, const Subcommand &B) {
    return A.Command->getName() < B.Command->getName();
  });
  return Sorted;
}

static constexpr char FirstExample[] = R"(
EXAMPLE:

  My link failed, and says that a relocation is out of range:

  ld.lld ... 2> link.log
  section-placement suggest --log link.log entry.o > policy.yaml
  SECTION_PLACEMENT_POLICY=policy.yaml \
    ld.lld --load-pass-plugin=SectionPlacement.so ...

  The help of a subcommand: section-placement help suggest
)";

/// The example of the subcommand \p Name; that of the tool where it is none.
static StringRef exampleOf(StringRef Name) {
  for (const Subcommand &S : subcommands())
    if (S.Command->getName() == Name)
      return S.Example;
  return FirstExample;
}

std::optional<Expected<int>> runChosenSubcommand() {
  for (const Subcommand &S : subcommands())
    if (*S.Command)
      return S.Run();
  return std::nullopt;
}

/// LLVM's parser says what is wrong, and not how the subcommand \p Name is
/// used.
static void printWhereHelpIs(StringRef Name) {
  for (const Subcommand &S : subcommands())
    if (S.Command->getName() == Name)
      errs() << "section-placement: an example: section-placement " << Name
             << " --help\n";
}

/// Ends the subcommand \p Name after a failure. A script that runs its output
/// would take an empty one for success.
static int refuse(StringRef Name) {
  for (const Subcommand &S : subcommands())
    if (S.Command->getName() == Name && S.PrintRefusal)
      S.PrintRefusal();
  return BadInput;
}

namespace {
/// Passes lines on, printable, and colours as they are.
class PrintableStream final : public raw_ostream {
public:
  explicit PrintableStream(raw_ostream &Inner)
      : raw_ostream(/*unbuffered=*/true), Inner(Inner) {}

  bool is_displayed() const override { return Inner.is_displayed(); }
  bool has_colors() const override { return Inner.has_colors(); }
  raw_ostream &changeColor(Colors Colour, bool Bold, bool BG) override {
    Inner.changeColor(Colour, Bold, BG);
    return *this;
  }
  raw_ostream &resetColor() override {
    Inner.resetColor();
    return *this;
  }

private:
  void write_impl(const char *Bytes, size_t Size) override {
    Line.append(Bytes, Size);
    // A character may come in pieces, which are ASCII at its end.
    if (!Line.empty() && uint8_t(Line.back()) < 0x80) {
      Inner << printableLines(Line);
      Line.clear();
    }
    Position += Size;
  }
  uint64_t current_pos() const override { return Position; }

  raw_ostream &Inner;
  std::string Line;
  uint64_t Position = 0;
};
} // namespace

raw_ostream &textOutput() {
  static PrintableStream Stream(outs());
  return Stream;
}

raw_ostream &textErrors() {
  static PrintableStream Stream(errs());
  return Stream;
}

static std::vector<PrintedMessage> &messages() {
  static std::vector<PrintedMessage> All;
  return All;
}

ArrayRef<PrintedMessage> printedMessages() { return messages(); }

void tell(raw_ostream &OS, const Diagnostic &D, SourceMgr::DiagKind Kind) {
  messages().push_back({Kind, Kind == SourceMgr::DK_Error ? atItsWord(D) : D});
  printDiagnostic(OS, messages().back().What, Kind);
}

void printNote(const Twine &Text) {
  tell(errs(), {{}, Text.str()}, SourceMgr::DK_Note);
}

void printError(const Twine &Text) {
  tell(errs(), {{}, Text.str()}, SourceMgr::DK_Error);
}

void printErrors(Error Why) {
  for (const Diagnostic &D : diagnosticsOf(std::move(Why)))
    tell(errs(), D, SourceMgr::DK_Error);
}

bool wantsColours(const raw_ostream &OS) {
  return sys::Process::GetEnv("NO_COLOR").value_or("").empty() &&
         WithColor::defaultAutoDetectFunction()(OS);
}

} // namespace section_placement

static void printVersion(raw_ostream &OS) {
  OS << "section-placement " SECTION_PLACEMENT_VERSION " (LLVM "
     << LLVM_VERSION_STRING << ")\n";
}

/// Answers the two questions that are asked of the tool by completions and by
/// its own build, not by people. Was it one of them?
static bool answerScripts(int ArgCount, char **Arguments) {
  StringRef Word = ArgCount > 1 ? Arguments[1] : "";
  if (Word == "print-completions")
    section_placement::printCompletions(
        outs(), ArrayRef<const char *>(Arguments + 2, Arguments + ArgCount));
  else if (Word == "print-option-table" && ArgCount == 2)
    section_placement::printOptionTable(outs());
  else
    return false;
  return true;
}

/// Standard output may be a file on a full disk. LLVM would end the process
/// with an error of its own and the exit code 1, which says that something is
/// not met. Called at the exit, also at that of --help.
static void checkStandardStreams() {
  Error E = section_placement::flushStandardOutput();
  bool IsWritten = !E;
  if (E)
    section_placement::printError(toString(std::move(E)));
  errs().clear_error(); // Nobody is left to hear of it.
  if (!IsWritten)
    std::_Exit(section_placement::BadInput);
}

int main(int ArgCount, char **Arguments) {
  InitLLVM Init(ArgCount, Arguments);
  outs(), errs(); // What is made before is taken down after.
  std::atexit(checkStandardStreams);
  if (answerScripts(ArgCount, Arguments))
    return section_placement::AllWell;
  auto Words = section_placement::CommandLine::read(
      ArrayRef<char *>(Arguments, ArgCount));
  if (!Words) {
    section_placement::printErrors(Words.takeError());
    return section_placement::BadInput;
  }
  std::string Chosen = Words->subcommand().str();
  if (Words->hasEmptyWord()) {
    section_placement::printWhereHelpIs(Chosen);
    return section_placement::refuse(Chosen);
  }
  InitializeAllTargetInfos();
  InitializeAllTargetMCs();
  InitializeAllAsmParsers();
  InitializeAllDisassemblers();
  cl::SetVersionPrinter(printVersion);
  // LLVM's libraries bring some hundred options of their own, none of which
  // this tool is about.
  static cl::OptionCategory OurOptions("section-placement options");
  cl::HideUnrelatedOptions(OurOptions);
  // What stands below the options of a --help is the same for all subcommands.
  static cl::extrahelp Example(section_placement::exampleOf(Chosen));
  WithColor::setAutoDetectFunction(section_placement::wantsColours);
  if (!Words->parse()) {
    section_placement::printWhereHelpIs(Chosen);
    return section_placement::refuse(Chosen);
  }
  auto Result = section_placement::runChosenSubcommand();
  if (!Result) {
    cl::PrintHelpMessage(false, true);
    return section_placement::BadInput;
  }
  if (*Result)
    return **Result;
  section_placement::printErrors(Result->takeError());
  if (Error E = section_placement::JsonOption::finishFailed())
    section_placement::printErrors(std::move(E));
  return section_placement::refuse(Chosen);
}
