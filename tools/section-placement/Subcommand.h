//===- Subcommand.h - One file a subcommand ---------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each subcommand registers itself, as llvm-remarkutil's do: a new one is a new
// file and no line elsewhere.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_SUBCOMMAND_H
#define SECTION_PLACEMENT_TOOLS_SUBCOMMAND_H

#include "section-placement/Support/Error.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <vector>

namespace section_placement {

/// Exit codes of every subcommand. Where several hold, the greatest counts:
/// what could not be judged is not known to be met, or not to be.
enum ExitCode {
  AllWell = 0,
  NotMet = 1,   ///< The policy, or what was asked, is not met.
  BadInput = 2, ///< Bad input or usage, an output that cannot be written, or
                ///< what could not be judged.
};

/// Registers \p Run, which gives an ExitCode, or an Error for bad input, as
/// what \p Command does. \p Example stands at the end of its --help. Where
/// scripts run what it prints, \p PrintRefusal prints, after each failure and
/// wrong usage, a text that makes such a script fail.
class RegisterSubcommand {
public:
  RegisterSubcommand(llvm::cl::SubCommand &Command,
                     llvm::Expected<int> (*Run)(), llvm::StringRef Example = "",
                     void (*PrintRefusal)() = nullptr);
};

struct Subcommand {
  llvm::cl::SubCommand *Command;
  llvm::Expected<int> (*Run)();
  llvm::StringRef Example; ///< With the exit codes.
  void (*PrintRefusal)();  ///< Null where no script runs the output.
};

/// All of them, by their names.
std::vector<Subcommand> registeredSubcommands();

/// Runs the subcommand that the command line chose; nothing where it chose
/// none.
std::optional<llvm::Expected<int>> runChosenSubcommand();

/// Is \p OS a terminal that takes colours, and does the user want some? Where
/// NO_COLOR (https://no-color.org) is set to anything, the user does not.
bool wantsColours(const llvm::raw_ostream &OS);

/// Standard output for text that people read: what would command a terminal is
/// shown, see printable().
llvm::raw_ostream &textOutput();

/// The same on standard error.
llvm::raw_ostream &textErrors();

/// A note or an error that was printed.
struct PrintedMessage {
  llvm::SourceMgr::DiagKind Kind;
  Diagnostic What;
};

/// Prints \p D and keeps it for printedMessages().
void tell(llvm::raw_ostream &OS, const Diagnostic &D,
          llvm::SourceMgr::DiagKind Kind);

/// All of them so far, in their order.
llvm::ArrayRef<PrintedMessage> printedMessages();

/// Prints \p Text as a note on standard error, printable.
void printNote(const llvm::Twine &Text);

/// The same as an error. The caller chooses the exit code.
void printError(const llvm::Twine &Text);

/// Prints each error of \p Why, with its place where it has one.
void printErrors(llvm::Error Why);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_SUBCOMMAND_H
