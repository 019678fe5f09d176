//===- TextWriter.h - Text in 80 columns ------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_TEXTWRITER_H
#define SECTION_PLACEMENT_SUPPORT_TEXTWRITER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace section_placement {

/// `1,048,575`; with a sign where \p IsSigned.
std::string inThousands(int64_t Number, bool IsSigned = false);

/// `1 function`, `2,000 functions`.
std::string counted(uint64_t Count, llvm::StringRef Noun);

/// Writes lines of 80 columns. Names are never cut: one that is longer than its
/// line stands in it alone.
class TextWriter {
public:
  TextWriter(llvm::raw_ostream &OS, bool IsColoured)
      : OS(OS), IsColoured(IsColoured) {}

  /// \p Text as a paragraph whose first line has \p First before it and the
  /// others as many blanks.
  void paragraph(llvm::StringRef First, llvm::StringRef Text);
  /// \p Text as a paragraph, its first line \p Indent blanks in and the others
  /// \p Hang.
  void wrapped(llvm::StringRef Text, unsigned Indent, unsigned Hang);
  /// \p Text, in red where colours are shown.
  void bad(llvm::StringRef Text);
  /// The same in green.
  void good(llvm::StringRef Text);

private:
  llvm::raw_ostream &OS;
  bool IsColoured;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_TEXTWRITER_H
