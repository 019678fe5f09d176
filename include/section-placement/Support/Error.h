//===- Error.h - Errors that stand at a place in a file ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever reads one of our errors has a build that fails and no time. Each is
// one line: file, line and column where there are any, the text at fault, and
// what to write or do in its place.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_ERROR_H
#define SECTION_PLACEMENT_SUPPORT_ERROR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace section_placement {

/// A place in a file that the user wrote. Lines and columns count from 1; 0
/// where the whole file is meant.
struct Place {
  std::string File;
  unsigned Line = 0;
  unsigned Column = 0;
};

/// An error that prints as `file:line:column: message`.
class PlacedError : public llvm::ErrorInfo<PlacedError> {
public:
  static char ID;
  PlacedError(Place Where, std::string Message)
      : Where(std::move(Where)), Message(std::move(Message)) {}
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;
  const Place &where() const { return Where; }
  const std::string &text() const { return Message; }

private:
  Place Where;
  std::string Message;
};

/// `file:line:column: `, as PlacedError prints it.
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

/// \p Text as a message shows it: in quotes, printable(), and cut short where
/// it is long.
std::string inQuotes(llvm::StringRef Text);

/// `; did you mean 'X'?` where one of \p Known is at most two edits away from
/// \p Written (a third of its length at most), else `; known are: …`, or
/// nothing where \p Known is empty.
std::string suggestion(llvm::StringRef Written,
                       llvm::ArrayRef<llvm::StringRef> Known);

/// Every message in \p E, in order. Consumes \p E.
llvm::SmallVector<std::string, 2> messagesOf(llvm::Error E);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_ERROR_H
