//===- Error.h - Errors that stand at a place in a file ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever reads one of our errors has a build that fails and no time. Each is
// one sentence: file, line and column where there are any, as editors parse
// them, what is wrong, and what to write or do in its place. Behind it comes
// the line itself, with a caret under the column.
//
// A Place carries the text that it is in, shared by all places of a file, so
// that the line can be printed long after the file was read.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_ERROR_H
#define SECTION_PLACEMENT_SUPPORT_ERROR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/SourceMgr.h"
#include <memory>
#include <string>

namespace section_placement {

/// A place in a file that the user wrote. Lines and columns count from 1; 0
/// where the whole file is meant.
struct Place {
  std::string File;
  unsigned Line = 0;
  unsigned Column = 0;
  /// The whole of the file, and the offset of the line's first byte in it. Null
  /// where nobody keeps the text.
  std::shared_ptr<const std::string> Text = nullptr;
  size_t LineBegin = 0;

  /// The line, without its end; empty where Text is null.
  llvm::StringRef line() const;
};

/// What there is to say of a place. An error, a warning or a note: the printer
/// knows.
struct Diagnostic {
  Place Where; ///< Without a file where nothing in a file is meant.
  std::string Text;

  /// `file:line:column: text`, in one line.
  std::string str() const;
};

/// Prints \p D to \p OS as compilers do: `file:line:column: error: text`, the
/// line, and a caret; `section-placement: error: file: text` where \p D names
/// no line. What would command a terminal is shown (printable()). In colours
/// where \p OS is a terminal.
void printDiagnostic(llvm::raw_ostream &OS, const Diagnostic &D,
                     llvm::SourceMgr::DiagKind Kind);

/// A line break, the line of \p Where, and one with the caret, for a host that
/// prints a message of several lines; empty where the line is not known.
std::string sourceLines(const Place &Where);

/// An error that prints as `file:line:column: message`.
class PlacedError : public llvm::ErrorInfo<PlacedError> {
public:
  static char ID;
  explicit PlacedError(Diagnostic D) : What(std::move(D)) {}
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;
  const Diagnostic &what() const { return What; }

private:
  Diagnostic What;
};

/// `file:line:column: `; empty where \p Where has no file.
std::string prefixOf(const Place &Where);

/// An Error that says \p Message of \p Where.
llvm::Error errorAt(const Place &Where, const llvm::Twine &Message);

/// An Error that says \p Message of the whole of \p File.
llvm::Error errorIn(llvm::StringRef File, const llvm::Twine &Message);

/// An Error without a file.
llvm::Error plainError(const llvm::Twine &Message);

/// An Error that says what is damaged in a file, as LLVM's readers do.
llvm::Error damage(const llvm::Twine &What);

/// \p Why a file could not be read, in a sentence that begins with its verb.
/// An Error of this project says itself what to do. One of LLVM's readers, and
/// a damage(), says what is damaged, and here gets the remedy that it lacks.
std::string whyUnreadable(llvm::Error Why);

/// An Error that says whyUnreadable() of \p File.
llvm::Error errorReading(llvm::StringRef File, llvm::Error Why);

/// \p E without the place that it names, for a caller who names it otherwise.
llvm::Error withoutPlace(llvm::Error E);

/// \p Text as a message shows it: in quotes and printable(). What is longer
/// than any path (4096 bytes) is cut short.
std::string inQuotes(llvm::StringRef Text);

/// `; did you mean 'X'?` where one of \p Known is at most two edits away from
/// \p Written (a third of its length at most), else `; known are: …`, or
/// nothing where \p Known is empty.
std::string suggestion(llvm::StringRef Written,
                       llvm::ArrayRef<llvm::StringRef> Known);

/// Everything that \p E says, in order. Consumes \p E.
std::vector<Diagnostic> diagnosticsOf(llvm::Error E);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_ERROR_H
