//===- JsonOption.h - The JSON output of a subcommand -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_JSONOPTION_H
#define SECTION_PLACEMENT_TOOLS_JSONOPTION_H

#include "section-placement/Support/Json.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace section_placement {

/// `--json`, `--json -` or `--json=FILE`: one JSON object for programs. Its
/// first keys are the same for each subcommand (docs/json.md): `kind`,
/// `version`, `verdict`, `exitCode`, and what was printed as `errors` and
/// `notes`. On standard output it stands alone: the text goes to standard
/// error.
class JsonOption {
public:
  explicit JsonOption(llvm::cl::SubCommand &Command);

  bool isGiven() const { return File.getNumOccurrences() != 0; }
  /// Does JSON go to standard output?
  bool takesOutput() const {
    return isGiven() && (File.empty() || File == "-");
  }

  /// Where the text for people goes, see printable().
  llvm::raw_ostream &text() const;

  /// Prints the last line for people, `SUBCOMMAND: \p Words`; without words
  /// `all well`, `not met`, or `could not be judged`. It is green where \p Code
  /// is AllWell, and red otherwise. \p OS is text(), or textErrors() where
  /// standard output has something else that a program reads.
  void printVerdict(llvm::raw_ostream &OS, int Code,
                    llvm::StringRef Words = "") const;

  /// Ends a subcommand whose exit code is \p Code: writes the object, where it
  /// was asked for, with what \p Body adds to it. Gives \p Code; fails where
  /// the file cannot be written.
  llvm::Expected<int>
  finish(int Code, llvm::function_ref<void(llvm::json::OStream &)> Body) const;

  /// Writes the object of the subcommand that failed with the errors printed,
  /// where one was asked for and not written yet.
  static llvm::Error finishFailed();

private:
  llvm::Error write(int Code,
                    llvm::function_ref<void(llvm::json::OStream &)> Body) const;

  llvm::cl::SubCommand &Command;
  llvm::cl::opt<std::string> File;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_JSONOPTION_H
