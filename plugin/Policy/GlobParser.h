//===- GlobParser.h - A glob as a row of tokens -----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading a pattern is apart from matching it, and so is all that can be wrong
// with one. Private to Policy/.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_GLOBPARSER_H
#define SECTION_PLACEMENT_POLICY_GLOBPARSER_H

#include "section-placement/Policy/Glob.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <bitset>
#include <cstdint>
#include <vector>

namespace section_placement {
namespace glob {

/// Braces nest no deeper: no policy written by hand comes near.
constexpr unsigned MaxNesting = 32;

using ByteSet = std::bitset<256>;

/// The sets that wildcards are made of stand first in a pattern's row of sets.
enum : uint32_t {
  AnyByte,      ///< What `**` crosses.
  FolderByte,   ///< What `*` crosses.
  Character,    ///< The byte that a character begins with, as `?` takes it.
  Continuation, ///< The bytes that follow that one in UTF-8.
  NumWildcardSets
};

struct Token {
  enum KindTy : uint8_t {
    Char,    ///< The byte Arg.
    One,     ///< A byte of the set Arg.
    Many,    ///< Any number of bytes of the set Arg.
    Folders, ///< `**/`: any number of whole folders.
    Open,
    Comma,
    Close
  };
  KindTy Kind;
  uint32_t Arg;
};

/// A pattern as it reads.
struct Syntax {
  std::vector<Token> Tokens; ///< Every Open has its Close.
  std::vector<ByteSet> Sets; ///< What tokens' Arg is an index into.
};

/// Reads \p Pattern; fails with a GlobError.
llvm::Expected<Syntax> parse(llvm::StringRef Pattern, Glob::Dialect D);

} // namespace glob
} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_GLOBPARSER_H
