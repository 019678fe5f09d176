//===- LogForms.h - The forms of a linker's messages ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that is of use in a log is a row of one table. A row is the text
// of the message with its fields in braces.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLUGIN_SUGGEST_LOGFORMS_H
#define SECTION_PLACEMENT_PLUGIN_SUGGEST_LOGFORMS_H

#include "section-placement/Suggest/LinkLog.h"
#include <map>

namespace section_placement {

/// What a line of a log is.
enum class Message {
  Reference,
  CutReference,   ///< One whose line ends too early.
  FunctionHeader, ///< GNU ld: of what is said in the lines after it.
  ReferencedBy,   ///< ld.lld, after an error.
  DefinedIn,      ///< The same.
  MoreOmitted,    ///< The linker stopped at some number of errors.
  Other,          ///< A failure that is no reference out of reach.
};

/// Fields stand in braces; what they hold is checked by isValid. A form without
/// a field at its start may begin anywhere in a line.
struct MessageForm {
  Message Kind;
  llvm::StringLiteral Text;
  LinkFailure Failure = LinkFailure::None; ///< Of Other.
};

/// What a message has in each field, by the field's name.
using LogFields = std::map<llvm::StringRef, llvm::StringRef>;

/// Finds the form that all of \p Text has, or, where it \p MayBeCut, its
/// beginning; null for none. \p Found are views of \p Text.
const MessageForm *findForm(llvm::StringRef Text, bool MayBeCut,
                            LogFields &Found);

/// Returns false for most lines that are no part of a message.
bool mayMatter(llvm::StringRef Line);

/// Reads the field `range`: `[-1048576, 1048575]` or `[-1048576, 1048576)`.
std::optional<std::pair<int64_t, int64_t>> rangeIn(llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLUGIN_SUGGEST_LOGFORMS_H
