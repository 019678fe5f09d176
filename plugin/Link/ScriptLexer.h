//===- ScriptLexer.h - Words and punctuation of a script --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LIB_LINK_SCRIPTLEXER_H
#define SECTION_PLACEMENT_LIB_LINK_SCRIPTLEXER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace section_placement {

/// Words and punctuation of one linker script, version script or dynamic list,
/// as ld.lld's ScriptLexer.cpp divides them.
class ScriptLexer {
public:
  explicit ScriptLexer(llvm::StringRef Text) : Text(Text) {}

  /// In MEMORY and in a version script `local:*` is three tokens, and `a::b`
  /// still one.
  bool SplitsColons = false;

  /// The next token, which stays; empty at the end.
  llvm::StringRef peek();
  llvm::StringRef next();
  bool consume(llvm::StringRef Token);

  /// A name at the start of a statement. It ends before an operator, so that
  /// `a=b` is three tokens.
  llvm::StringRef nextName();

  /// `=`, `+=` and their like; empty where none follows.
  llvm::StringRef nextAssignment();

  /// The text up to the first of the characters \p Ends that stands alone and
  /// in no bracket, without that; or the rest.
  std::string textUntil(llvm::StringRef Ends);

  /// Passes over what stands in brackets from here, \p Open included. \p Visit
  /// gets each token behind it.
  void skipBalanced(llvm::StringRef Open, llvm::StringRef Close,
                    llvm::function_ref<void(llvm::StringRef)> Visit = {});

  /// Where the next token begins, in bytes.
  size_t position();
  void rewind(size_t Position) { At = Position; }
  bool isCutShort() const { return IsCutShort; }

private:
  void skipSpace();

  llvm::StringRef Text;
  size_t At = 0;
  bool IsCutShort = false;
};

/// \p Token without the quotes around it.
llvm::StringRef unquoted(llvm::StringRef Token);

bool isSymbolName(llvm::StringRef Text);

/// The symbol that \p Expression is no more than a name of; else empty.
std::string symbolOf(llvm::StringRef Expression);

/// `0x1000`, `64K`, `1M`; nothing for another expression.
std::optional<uint64_t> numberOf(llvm::StringRef Text);

/// The bytes that `. OPERATOR EXPRESSION` in an output section adds at most;
/// nothing where it is none of `ALIGN(N)`, `. + N`, and `+= N`.
std::optional<uint64_t> gapOf(llvm::StringRef Operator,
                              llvm::StringRef Expression);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LIB_LINK_SCRIPTLEXER_H
