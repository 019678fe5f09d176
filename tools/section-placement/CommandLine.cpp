//===- CommandLine.cpp - The words that the tool is given -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's parser expands response files, too, but it does not say where a word
// of one stands, and takes the name of one that cannot be read for a word.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Subcommand.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

std::optional<std::vector<CommandWord>> &behindDashes() {
  static std::optional<std::vector<CommandWord>> Words;
  return Words;
}

raw_string_ostream &faultsOfValues() {
  static std::string Faults;
  static raw_string_ostream OS(Faults);
  return OS;
}

static StringMap<CommandWord> &wordsByFile() {
  static StringMap<CommandWord> Words;
  return Words;
}

void rememberWord(StringRef File, const CommandWord &Word) {
  if (Word.File && !File.empty())
    wordsByFile().try_emplace(File, Word);
}

Diagnostic atItsWord(const Diagnostic &D) {
  auto Found =
      D.Where.Line ? wordsByFile().end() : wordsByFile().find(D.Where.File);
  if (Found == wordsByFile().end()) // `lib.a(member.o)`
    Found = wordsByFile().find(StringRef(D.Where.File).split('(').first);
  if (D.Where.Line || Found == wordsByFile().end())
    return D;
  return {Found->second.place(), prefixOf(D.Where) + D.Text};
}

Expected<CommandLine> CommandLine::read(ArrayRef<char *> Arguments) {
  std::vector<CommandWord> Given(Arguments.begin(), Arguments.end());
  auto IsDashes = [](const CommandWord &Word) { return Word.Text == "--"; };
  auto Dashes = find_if(Given, IsDashes);
  // Those of the link are quoted as it says.
  std::vector<CommandWord> OfLink(Dashes, Given.end());
  Given.erase(Dashes, Given.end());
  CommandLine Line;
  Expected<std::vector<CommandWord>> Words = expandResponseFiles(Given);
  if (!Words)
    return Words.takeError();
  Line.Words = std::move(*Words);
  append_range(Line.Words, OfLink);
  Dashes = find_if(Line.Words, IsDashes);
  if (Dashes != Line.Words.end())
    behindDashes().emplace(Dashes + 1, Line.Words.end());
  Line.Words.erase(Dashes, Line.Words.end());
  for (const CommandWord &Word : Line.Words) {
    StringRef Text = Word.Text;
    rememberWord(Text.take_front(1) == "-" ? Text.split('=').second : Text,
                 Word);
  }
  Line.takeHelp();
  Line.joinJsonDash();
  return Line;
}

/// Makes `help` `--help` and `help NAME` `NAME --help`.
void CommandLine::takeHelp() {
  if (Words.size() < 2 || Words.size() > 3 || Words[1].Text != "help")
    return;
  std::string Name = Words.size() == 3 ? Words[2].Text : "";
  bool IsKnown =
      Name.empty() || any_of(registeredSubcommands(), [&](const Subcommand &S) {
        return Name == S.Command->getName();
      });
  if (!Name.empty())
    Words.erase(Words.begin() + 1);
  if (!IsKnown) // Without --help the parser reports that there is no such one.
    return;
  if (Name.empty())
    Words.pop_back();
  Words.emplace_back("--help");
}

/// Makes `--json -` `--json=-`: an option whose value may be missing takes it
/// only behind a `=`.
void CommandLine::joinJsonDash() {
  for (size_t I = 0; I + 1 < Words.size(); ++I)
    if ((Words[I].Text == "--json" || Words[I].Text == "-json") &&
        Words[I + 1].Text == "-") {
      Words[I].Text = "--json=-";
      Words.erase(Words.begin() + I + 1);
    }
}

bool CommandLine::hasEmptyWord() const {
  for (size_t I = 1; I < Words.size(); ++I) {
    StringRef Word = Words[I].Text, Before = Words[I - 1].Text;
    bool IsOption = Word.take_front(1) == "-";
    if (!Word.empty() && !(IsOption && Word.find('=') == Word.size() - 1))
      continue;
    bool IsValue =
        I > 1 && Before.take_front(2) == "--" && !Before.contains('=');
    std::string Fault = IsOption
                            ? (Word.drop_back() + " has an empty value").str()
                        : IsValue ? (Before + " has an empty value").str()
                                  : "an argument is empty";
    tell(errs(), {Words[I].place(), Fault}, SourceMgr::DK_Error);
    return true;
  }
  return false;
}

/// Says \p Fault, a line of LLVM's parser, at the word of a response file that
/// it is about.
void CommandLine::report(StringRef Fault) const {
  auto IsMeant = [&](const CommandWord &Word) {
    // LLVM writes `-o` and `--log`, however many dashes the word has.
    StringRef Option = StringRef(Word.Text).split('=').first;
    std::string Name = ("-" + Option.ltrim('-') + " option").str();
    return Word.File && (Fault.contains("'" + Word.Text + "'") ||
                         (Option.take_front(1) == "-" &&
                          (Fault.contains("for the " + Name) ||
                           Fault.contains("for the -" + Name))));
  };
  StringRef Text = Fault;
  auto Word = find_if(Words, IsMeant);
  if (Word == Words.end() || !Text.consume_front("section-placement: "))
    errs() << Fault << '\n';
  else
    tell(errs(), {Word->place(), Text.str()}, SourceMgr::DK_Error);
}

/// Of several values LLVM's parser takes the last, and what was written before
/// would be left out. Returns false where an option has several and takes one.
static bool haveOneValueEach(raw_ostream &Faults) {
  bool AnyFault = false;
  for (const Subcommand &S : registeredSubcommands()) {
    if (!*S.Command)
      continue;
    for (const auto &Entry : cl::getRegisteredOptions(*S.Command)) {
      cl::Option &O = *Entry.second;
      if (O.getNumOccurrencesFlag() == cl::Optional && !O.ValueStr.empty() &&
          O.getNumOccurrences() > 1)
        AnyFault = O.error("may be given once, and has several values",
                           StringRef(), Faults);
    }
  }
  return !AnyFault;
}

bool CommandLine::parse() {
  std::vector<const char *> Arguments;
  for (const CommandWord &Word : Words)
    Arguments.push_back(Word.Text.c_str());
  std::string Faults;
  raw_string_ostream OS(Faults);
  bool IsRight = cl::ParseCommandLineOptions(
      Arguments.size(), Arguments.data(),
      "section-placement: where functions go under LTO\n", &OS);
  OS << faultsOfValues().str();
  IsRight = haveOneValueEach(OS) && IsRight;
  for (StringRef Rest = StringRef(OS.str()).rtrim('\n'); !Rest.empty();) {
    auto [Fault, Behind] = Rest.split('\n');
    report(Fault);
    Rest = Behind;
  }
  return IsRight;
}

} // namespace section_placement
