//===- OptionTable.cpp - What the command line may say --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OptionTable.h"
#include "Subcommand.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Policy/Policy.h"
#include "section-placement/Report/ReportReader.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"
#include <set>

using namespace llvm;

namespace section_placement {

/// The options of \p Command that --help shows, by their names.
static std::vector<const cl::Option *> optionsOf(cl::SubCommand &Command) {
  std::vector<const cl::Option *> Result;
  for (const auto &Entry : Command.OptionsMap)
    if (Entry.second->getOptionHiddenFlag() == cl::NotHidden)
      Result.push_back(Entry.second);
  llvm::sort(Result, [](const cl::Option *A, const cl::Option *B) {
    return A->ArgStr < B->ArgStr;
  });
  return Result;
}

static bool takesValue(const cl::Option &O) { return !O.ValueStr.empty(); }

static bool isRequired(const cl::Option &O) {
  return O.getNumOccurrencesFlag() == cl::Required;
}

static void writeOption(json::OStream &J, const cl::Option &O) {
  J.object([&] {
    J.attribute("name", O.ArgStr);
    J.attribute("value", O.ValueStr);
    J.attribute("mayLackValue", O.getValueExpectedFlag() == cl::ValueOptional);
    J.attribute("isRequired", isRequired(O));
    J.attribute("text", O.HelpStr);
  });
}

void printOptionTable(raw_ostream &OS) {
  json::OStream J(OS, /*IndentSize=*/1);
  J.array([&] {
    for (const Subcommand &S : registeredSubcommands())
      J.object([&] {
        J.attribute("name", S.Command->getName());
        J.attribute("text", S.Command->getDescription());
        J.attribute("example", S.Example);
        J.attributeArray("arguments", [&] {
          for (const cl::Option *O : S.Command->PositionalOpts)
            if (!O->HelpStr.empty())
              J.value(O->HelpStr);
        });
        J.attributeArray("options", [&] {
          for (const cl::Option *O : optionsOf(*S.Command))
            writeOption(J, *O);
        });
      });
  });
  OS << '\n';
}

namespace {
/// What is known of a command line whose word number Current is not finished.
class Completer {
public:
  Completer(raw_ostream &OS, ArrayRef<const char *> Words, size_t Current);

  void print();

private:
  void printSubcommands();
  void printOptions();
  void printValues(StringRef What, StringRef Begin, bool IsArgument);
  void printNames(const std::set<std::string> &Names, StringRef Begin);
  void printWord(StringRef Word, StringRef Meaning, StringRef Begin);
  const cl::Option *optionIn(StringRef Word) const;
  std::set<std::string> rules() const;
  std::set<std::string> functions(bool WithUnplaced) const;
  Expected<ReportFolder> reports() const;
  Expected<Policy> policy() const;
  std::string valueOf(StringRef Option, StringRef Argument,
                      const char *Variable) const;

  raw_ostream &OS;
  std::vector<std::string> Words; ///< `--option = value` joined.
  size_t Current = 0;
  cl::SubCommand *Command = nullptr;
  /// The words that are neither the subcommand nor an option or its value,
  /// without the current one; and how many of them stand before it.
  std::vector<std::string> Arguments;
  size_t ArgumentsBefore = 0;
};
} // namespace

Completer::Completer(raw_ostream &OS, ArrayRef<const char *> Given,
                     size_t Place)
    : OS(OS) {
  // bash divides `--for=kbuild` at the '=', which is a word of its own.
  bool IsValue = false;
  for (size_t I = 0; I < Given.size(); ++I) {
    StringRef Word = Given[I];
    bool IsSign = Word == "=" && !Words.empty() &&
                  compat::startsWith(StringRef(Words.back()), "-");
    if (IsSign || IsValue)
      Words.back() += Word.str();
    else
      Words.push_back(Word.str());
    IsValue = IsSign;
    if (I == Place)
      Current = Words.size() - 1;
  }
  if (Place >= Given.size()) {
    Current = Words.size();
    Words.emplace_back();
  }
  for (const Subcommand &S : registeredSubcommands())
    if (Current > 0 && Words.front() == S.Command->getName())
      Command = S.Command;
  for (size_t I = 1; Command && I < Words.size(); ++I) {
    const cl::Option *O = optionIn(Words[I]);
    bool IsOption = Words[I].size() > 1 && Words[I][0] == '-';
    if (!IsOption && I != Current)
      Arguments.push_back(Words[I]);
    if (I < Current)
      ArgumentsBefore = Arguments.size();
    bool ValueFollows = O && takesValue(*O) &&
                        O->getValueExpectedFlag() != cl::ValueOptional &&
                        !StringRef(Words[I]).contains('=');
    if (ValueFollows && I + 1 != Current)
      ++I;
  }
}

/// The option that \p Word names, with a value behind it or not; null where it
/// is none.
const cl::Option *Completer::optionIn(StringRef Word) const {
  StringRef Name = Word.split('=').first;
  if (!Name.consume_front("-"))
    return nullptr;
  Name.consume_front("-");
  auto Found = Command->OptionsMap.find(Name);
  return Found == Command->OptionsMap.end() ? nullptr : Found->second;
}

void Completer::print() {
  StringRef Word = Words[Current];
  if (Current == 0 || (Current == 1 && Words[0] == "help"))
    return printSubcommands();
  if (!Command)
    return void(OS << "files\n");
  if (is_contained(ArrayRef<std::string>(Words).take_front(Current), "--"))
    return void(OS << "files\n"); // The command line of the link.
  const cl::Option *Before = optionIn(Words[Current - 1]);
  bool IsValue = Before && takesValue(*Before) &&
                 Before->getValueExpectedFlag() != cl::ValueOptional &&
                 !StringRef(Words[Current - 1]).contains('=');
  if (IsValue)
    return printValues(Before->ValueStr, Word, /*IsArgument=*/false);
  if (!compat::startsWith(Word, "-")) {
    const auto &Positions = Command->PositionalOpts;
    StringRef What = "FILE";
    if (ArgumentsBefore < Positions.size())
      What = Positions[ArgumentsBefore]->HelpStr;
    return printValues(What, Word, /*IsArgument=*/true);
  }
  if (!Word.contains('='))
    return printOptions();
  const cl::Option *O = optionIn(Word);
  printValues(O ? O->ValueStr : "", Word.split('=').second,
              /*IsArgument=*/false);
}

void Completer::printWord(StringRef Word, StringRef Meaning, StringRef Begin) {
  if (compat::startsWith(Word, Begin) &&
      Word.find_first_of("\n\t") == StringRef::npos)
    OS << Word << '\t' << Meaning << '\n';
}

void Completer::printSubcommands() {
  OS << "words\n";
  StringRef Begin = Words[Current];
  for (const Subcommand &S : registeredSubcommands())
    printWord(S.Command->getName(), S.Command->getDescription(), Begin);
  if (Current != 0)
    return;
  printWord("help", "Print the help of a subcommand", Begin);
  if (compat::startsWith(Begin, "-")) {
    printWord("--help", "Print the subcommands and an example", Begin);
    printWord("--version", "Print the version, and that of LLVM", Begin);
  }
}

void Completer::printOptions() {
  OS << "words\n";
  for (const cl::Option *O : optionsOf(*Command))
    printWord(((O->ArgStr.size() == 1 ? "-" : "--") + O->ArgStr).str(),
              O->HelpStr, Words[Current]);
  printWord("--help", "Print the options and an example", Words[Current]);
}

void Completer::printValues(StringRef What, StringRef Begin, bool IsArgument) {
  // `why` answers for each function, and a list has those that were placed.
  if (compat::startsWith(What, "FUNCTION"))
    return printNames(functions(/*WithUnplaced=*/IsArgument), Begin);
  if (compat::startsWith(What, "RULE"))
    return printNames(rules(), Begin);
  if (compat::startsWith(What, "DIR"))
    return void(OS << "folders\n");
  bool IsChoice = What.contains('|') && toLower(What.front()) == What.front();
  if (!compat::startsWith(What, "NAME") && What != "PERCENT" &&
      What != "NUMBER" && !IsChoice)
    return void(OS << "files\n");
  OS << "words\n";
  SmallVector<StringRef, 8> Choices;
  if (IsChoice)
    What.split(Choices, '|');
  for (StringRef Choice : Choices)
    printWord(Choice, "", Begin);
}

void Completer::printNames(const std::set<std::string> &Names,
                           StringRef Begin) {
  OS << "words\n";
  for (const std::string &Name : Names)
    printWord(Name, "", Begin);
}

/// The value of \p Option on the command line; else of its argument where that
/// is named \p Argument; else of the environment's \p Variable; else nothing.
std::string Completer::valueOf(StringRef Option, StringRef Argument,
                               const char *Variable) const {
  for (size_t I = 1; I < Words.size(); ++I) {
    StringRef Word = Words[I];
    if (Word == ("--" + Option).str() && I + 1 < Words.size())
      return Words[I + 1];
    if (Word.consume_front(("--" + Option + "=").str()))
      return Word.str();
  }
  for (size_t I = 0; I < Command->PositionalOpts.size(); ++I)
    if (Command->PositionalOpts[I]->HelpStr == Argument && I < Arguments.size())
      return Arguments[I];
  return sys::Process::GetEnv(Variable).value_or("");
}

Expected<ReportFolder> Completer::reports() const {
  return readReports(valueOf("report", "DIR", "SECTION_PLACEMENT_REPORT"));
}

/// The spellings of the function \p Name that completions offer: a mangled name
/// as it is, and as the source has it, with and without its parameters.
static void addSpellings(std::set<std::string> &To, const std::string &Name) {
  To.insert(Name);
  for (std::string &Demangled : demangledNames(Name))
    To.insert(std::move(Demangled));
}

/// The functions that the reports mention as placed and, \p WithUnplaced, all
/// others that they mention, and those that the policy names.
std::set<std::string> Completer::functions(bool WithUnplaced) const {
  std::set<std::string> Result;
  if (Expected<ReportFolder> Read = reports()) {
    for (const ModuleReport &M : Read->Reports) {
      for (const ReportedFunction &F : M.Functions)
        addSpellings(Result, F.Name);
      if (!WithUnplaced)
        continue;
      for (const std::string &Symbol : M.Unclaimed)
        addSpellings(Result, canonicalName(Symbol, /*Merged=*/false).str());
      for (const ReportedRefusal &R : M.Refusals)
        addSpellings(Result, R.Symbol);
      for (const ReportedEdge &E : M.References)
        Result.insert(E.From);
    }
  } else {
    consumeError(Read.takeError()); // Nothing to complete from.
  }
  if (!WithUnplaced)
    return Result;
  if (Expected<Policy> P = policy()) {
    Interest Asked = P->interest(); // Its names live as long as the policy.
    for (StringRef Name : Asked.Names)
      Result.insert(Name.str());
  } else {
    consumeError(P.takeError());
  }
  return Result;
}

Expected<Policy> Completer::policy() const {
  return readPolicy(valueOf("policy", "POLICY", "SECTION_PLACEMENT_POLICY"));
}

std::set<std::string> Completer::rules() const {
  std::set<std::string> Result;
  if (Expected<ReportFolder> Read = reports()) {
    for (const ModuleReport &M : Read->Reports)
      for (const ReportedRule &R : M.Rules)
        Result.insert(R.Name);
  } else {
    consumeError(Read.takeError());
  }
  if (Expected<Policy> P = policy()) {
    for (const Rule &R : P->Rules)
      Result.insert(R.Name);
  } else {
    consumeError(P.takeError());
  }
  return Result;
}

void printCompletions(raw_ostream &OS, ArrayRef<const char *> Arguments) {
  size_t Place = 0;
  if (Arguments.empty() || StringRef(Arguments.front()).getAsInteger(10, Place))
    return;
  Completer(OS, Arguments.drop_front(), Place).print();
}

} // namespace section_placement
