//===- MangledIdentifier.cpp - What a mangled name spells -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the Itanium C++ ABI (5.1.2, <source-name>) and in both of Rust's manglings
// an identifier is its length in decimal and then itself; Rust's newer one puts
// a `_` between the two where the identifier begins with a digit or `_`. What
// stands before the length may be a digit as well (a discriminator, `_0`), so
// every number that ends a row of digits is taken for a length. That finds too
// much, never too little.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/MangledIdentifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

bool isMangled(StringRef Symbol) {
  return Symbol.size() > 2 && Symbol[0] == '_' &&
         (Symbol[1] == 'Z' || Symbol[1] == 'R' ||
          (Symbol[1] == '_' && Symbol[2] == 'Z'));
}

/// Words that a demangler writes before `(` or `<`, or at a name's end, and
/// that need not stand in the mangled name.
static const StringRef Abbreviated[] = {
    "allocator",     "auto",         "basic_iostream", "basic_istream",
    "basic_ostream", "basic_string", "char_traits",    "decltype",
    "iostream",      "istream",      "noexcept",       "operator",
    "ostream",       "std",          "string",         "typeof",
};

static bool isIdentifierChar(char C) { return isAlnum(C) || C == '_'; }

StringRef requiredIdentifier(StringRef Spelling) {
  StringRef Rest = Spelling, Last;
  do {
    Last = Rest.take_while(isIdentifierChar);
    Rest = Rest.drop_front(Last.size());
    if (Last.empty() || isDigit(Last[0]) || Last == "operator")
      return StringRef();
  } while (Rest.consume_front("::"));
  bool IsWhole = Rest.empty() || Rest[0] == '(' || Rest[0] == '<';
  return IsWhole && !is_contained(Abbreviated, Last) ? Last : StringRef();
}

bool anyIdentifier(StringRef Mangled, function_ref<bool(StringRef)> Visit) {
  // Rust's older mangling escapes what stands between identifiers.
  if (Mangled.find('$') != StringRef::npos ||
      Mangled.find("..") != StringRef::npos)
    return true;
  for (size_t I = 0; I < Mangled.size(); ++I) {
    if (!isDigit(Mangled[I]))
      continue;
    StringRef Digits = Mangled.substr(I).take_while(isDigit);
    I += Digits.size() - 1;
    StringRef Rest = Mangled.substr(I + 1);
    // A length of more digits is longer than any name.
    for (Digits = Digits.take_back(9); !Digits.empty();
         Digits = Digits.drop_front()) {
      unsigned Length = 0;
      for (char C : Digits)
        Length = Length * 10 + (C - '0');
      if (Length == 0 || Length > Rest.size())
        continue;
      if (Visit(Rest.take_front(Length)))
        return true;
      if (Rest[0] == '_' && Length < Rest.size() &&
          Visit(Rest.substr(1, Length)))
        return true;
    }
  }
  return false;
}

} // namespace section_placement
