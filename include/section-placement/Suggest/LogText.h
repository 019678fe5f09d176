//===- LogText.h - The lines of a log as the linker wrote them --*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between a linker and a reader stand a shell (UTF-16, carriage returns), a
// build system (time stamps, step numbers, percentages), a terminal (colours,
// lines broken at its width) and a mail program (quote marks, lines broken at
// 72 columns). This undoes all of them in one place, so that the forms of the
// messages know of none.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_LOGTEXT_H
#define SECTION_PLACEMENT_SUGGEST_LOGTEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace section_placement {

/// The text of the log file \p Bytes: UTF-8 (from UTF-16 of either byte order,
/// with or without a byte order mark), lines ended by `\n` (by `\r` where a
/// progress display goes on in the same one), no terminal escape sequences,
/// each dialect's quotes as `'`. What cannot be decoded becomes U+FFFD.
std::string decodeLog(llvm::StringRef Bytes);

/// The lines of a decoded log, without what a build system puts before them.
class LogText {
public:
  /// Keeps a reference to \p Decoded.
  explicit LogText(llvm::StringRef Decoded);

  size_t size() const { return Lines.size(); }

  /// The line at \p Index, from 0, without its prefix.
  llvm::StringRef line(size_t Index) const;

  /// The number, from 1, of the line at \p Index in the file.
  unsigned number(size_t Index) const { return Lines[Index].Number; }

  /// How a line may have been broken into several.
  enum class Wrap {
    AtBlank, ///< By a mail program, where a blank was.
    Anywhere ///< By a terminal, at its last column.
  };

  /// Do all of the \p Count lines from \p Index on but the last end at the
  /// log's last column, as a terminal's do?
  bool isFull(size_t Index, size_t Count) const;

  /// The \p Count lines from \p Index on as the one that they may have been.
  std::string joined(size_t Index, size_t Count, Wrap How) const;

private:
  struct Line {
    llvm::StringRef Whole;
    size_t Prefix; ///< Bytes of Whole before the linker's own words.
    unsigned Number;
  };
  std::vector<Line> Lines;
  size_t Longest = 0; ///< Bytes of the longest line.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_LOGTEXT_H
