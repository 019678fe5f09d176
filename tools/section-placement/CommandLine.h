//===- CommandLine.h - The words that the tool is given ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_COMMANDLINE_H
#define SECTION_PLACEMENT_TOOLS_COMMANDLINE_H

#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Support/Error.h"
#include "llvm/Support/CommandLine.h"
#include <optional>
#include <type_traits>

namespace section_placement {

/// The tool's own words, those of response files among them.
class CommandLine {
public:
  /// Fails where a response file cannot be read.
  static llvm::Expected<CommandLine> read(llvm::ArrayRef<char *> Arguments);

  /// The first word behind the program's name; empty where there is none.
  llvm::StringRef subcommand() const {
    return Words.size() > 1 ? llvm::StringRef(Words[1].Text) : "";
  }

  /// Reports the first word or option that is empty, as a shell leaves it of
  /// `--policy=$POLICY` where that is not set: LLVM's parser takes it for an
  /// option that was not given, and what it asked for would be left out.
  bool hasEmptyWord() const;

  /// Gives the words to LLVM's options. Returns false where one is wrong, which
  /// it has reported: cl::ParseCommandLineOptions would exit with 1, and ours
  /// is 2.
  bool parse();

private:
  void takeHelp();
  void joinJsonDash();
  void report(llvm::StringRef Fault) const;

  std::vector<CommandWord> Words; ///< The program's name first.
};

/// Where the parser of an option's value says what is wrong, for
/// CommandLine::parse() to report at its word. (LLVM's own parsers of values
/// print to the terminal.)
llvm::raw_string_ostream &faultsOfValues();

/// Parses a value of an option that takes one of some words, or a number.
template <typename T> class ValueParser : public llvm::cl::parser<T> {
public:
  using llvm::cl::parser<T>::parser;
  bool parse(llvm::cl::Option &O, llvm::StringRef Name, llvm::StringRef Text,
             T &Value) {
    if constexpr (std::is_unsigned_v<T>) {
      if (!Text.getAsInteger(10, Value))
        return false;
      return O.error("'" + Text + "' is not a number", Name, faultsOfValues());
    } else {
      if (this->findOption(Text) < this->getNumOptions())
        return llvm::cl::parser<T>::parse(O, Name, Text, Value);
      std::string Words;
      for (unsigned I = 0; I < this->getNumOptions(); ++I)
        Words += (I ? ", " : "") + this->getOption(I).str();
      return O.error("'" + Text + "' is none of " + Words, Name,
                     faultsOfValues());
    }
  }
};

/// The words behind `--`; nothing where there was none.
std::optional<std::vector<CommandWord>> &behindDashes();

/// Remembers that \p Word names \p File, for atItsWord().
void rememberWord(llvm::StringRef File, const CommandWord &Word);

/// \p D, where it is about the whole of a file that a word of a response file
/// or of a file of the link's command names, at that word.
Diagnostic atItsWord(const Diagnostic &D);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_COMMANDLINE_H
