//===- LinkPlace.cpp - Where a linker says that an error is ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/LinkLog.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

/// A file symbol stands in an object's place in some versions of ld.lld, so the
/// ending must tell.
static bool isSourceName(StringRef File) {
  static constexpr StringLiteral Endings[] = {
      ".c", ".s",  ".cc", ".cpp", ".cxx", ".c++", ".sx", ".asm",
      ".m", ".mm", ".rs", ".h",   ".hpp", ".inc", ".ll", ".swift"};
  StringRef Ending = sys::path::extension(File);
  return any_of(Endings, [&](StringRef Known) {
    return Ending.equals_insensitive(Known);
  });
}

/// Takes `:12` off the end.
static bool consumeLineNumber(StringRef &File) {
  size_t Colon = File.rfind(':');
  unsigned Line;
  if (Colon == StringRef::npos || File.substr(Colon + 1).getAsInteger(10, Line))
    return false;
  File = File.take_front(Colon);
  return true;
}

static void readFile(StringRef File, LinkPlace &Place) {
  File.consume_back(":");
  bool HasLine = consumeLineNumber(File);
  if (HasLine || isSourceName(File))
    Place.Source = File.str();
  else
    Place.Object = File.str();
}

static void readSection(StringRef Text, LinkPlace &Place) {
  auto [Section, Offset] = Text.rsplit('+');
  uint64_t Value;
  if (Offset.consume_front("0x") && !Offset.getAsInteger(16, Value)) {
    Place.Offset = Value;
    Place.Section = Section.str();
  } else {
    Place.Section = Text.str();
  }
}

/// The `(` that the `)` at the end of \p Text closes. Demangled names hold
/// parentheses of their own.
static size_t openingOfLast(StringRef Text) {
  unsigned Depth = 0;
  for (size_t I = Text.size(); I > 0; --I) {
    if (Text[I - 1] == ')')
      ++Depth;
    else if (Text[I - 1] == '(' && --Depth == 0)
      return I - 1;
  }
  return StringRef::npos;
}

/// An archive's member is written in parentheses too: `lib.a(a.o)`.
static bool isArchiveMember(StringRef Text, size_t Open) {
  StringRef Inside = Text.substr(Open + 1).drop_back();
  return Open > 0 && Text[Open - 1] != ':' &&
         Inside.find('+') == StringRef::npos && Inside.take_front(1) != ".";
}

LinkPlace readLinkPlace(StringRef Text) {
  LinkPlace Place;
  Text = Text.trim();
  size_t Open =
      Text.take_back(1) == ")" ? openingOfLast(Text) : StringRef::npos;
  if (Open != StringRef::npos && !isArchiveMember(Text, Open)) {
    StringRef Inside = Text.substr(Open + 1).drop_back();
    if (Inside.consume_front("function ")) {
      auto [Function, Section] = Inside.rsplit(": ");
      Place.Function = Function.str();
      Inside = Section;
    }
    readSection(Inside, Place);
    readFile(Text.take_front(Open), Place);
    return Place;
  }
  size_t Function = Text.find(":function ");
  if (Function == StringRef::npos) {
    readFile(Text, Place);
    return Place;
  }
  Place.Function = Text.substr(Function + strlen(":function ")).str();
  auto [Object, Source] = Text.take_front(Function).split(':');
  Place.Object = Object.str();
  Place.Source = Source.str();
  return Place;
}

} // namespace section_placement
