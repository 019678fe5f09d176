//===- Glob.h - The policy's pattern dialect --------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy names functions, files and sections by globs, and the same policy
// must mean the same on every LLVM version. llvm::GlobPattern learned braces
// only in LLVM 17 and lets `*` cross `/`, so the dialect is our own:
//
//   *      any characters; in a path, none of them `/`
//   **     any characters, `/` included; `**/` in a path also no folder at all
//   ?      one character (UTF-8); in a path, not `/`
//   [a-z]  one character of a set, of ASCII; `]` first in it is itself
//   [!a-z] one character outside it, also [^a-z]; in a path, not `/`
//   {a,b}  either of the alternatives, which may be empty, nest (32 deep) and
//          hold wildcards; outside braces `,` and `}` are themselves
//   \x     the character x itself, in sets and braces too
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_GLOB_H
#define SECTION_PLACEMENT_POLICY_GLOB_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace section_placement {

/// What is wrong with a glob, and at which byte of it.
class GlobError : public llvm::ErrorInfo<GlobError> {
public:
  static char ID;
  GlobError(size_t Offset, std::string Message)
      : Offset(Offset), Message(std::move(Message)) {}
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;
  /// Offset of the fault, in bytes from the start of the pattern.
  size_t offset() const { return Offset; }
  /// What is wrong and the remedy, without the offset.
  std::string message() const override { return Message; }

private:
  size_t Offset;
  std::string Message;
};

/// A compiled glob. Matching takes time proportional to the product of the
/// pattern's and the text's length at most, whatever the pattern.
class Glob {
public:
  /// What the text is: in a path `/` separates, in a name (a symbol, a section)
  /// it is a character like any other.
  enum class Dialect { Name, Path };

  /// Compiles \p Pattern. Fails with a GlobError, whose message names the
  /// remedy, for an empty pattern, an unclosed `[` or `{`, braces or a set with
  /// nothing in them, braces nested too deep, a range that runs backwards, a
  /// set with `[:alpha:]` or with more than ASCII in it, and a `\` at the end.
  static llvm::Expected<Glob> compile(llvm::StringRef Pattern, Dialect D);

  /// The glob that matches \p Text and nothing else, whatever is in it.
  static Glob exactly(llvm::StringRef Text);

  /// Does the whole of \p Text match?
  bool match(llvm::StringRef Text) const;

  /// The one text that matches, where the pattern has no wildcard, set or
  /// brace. It lives as long as a copy of this glob does.
  std::optional<llvm::StringRef> literal() const;

  /// The pattern as it was written.
  llvm::StringRef pattern() const;

private:
  struct Automaton;
  explicit Glob(std::shared_ptr<const Automaton> A) : Compiled(std::move(A)) {}
  std::shared_ptr<const Automaton> Compiled;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_GLOB_H
