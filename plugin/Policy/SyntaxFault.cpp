//===- SyntaxFault.cpp - What LLVM's YAML reader means --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntaxFault.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

namespace {
struct Saying {
  StringRef Theirs; ///< A part of LLVM's message, the same in 15 to 22.
  StringRef Ours;
};
} // namespace

static const Saying Sayings[] = {
    {"Expected Key or Block End",
     "this does not continue the map above it; check the indentation, that "
     "each key is followed by ': ', and that text with ': ' in it is quoted"},
    {"Expected Block Entry or Block End",
     "this does not continue the list above it; check the indentation, and "
     "that each entry begins with '- '"},
    {"Expected , between entries",
     "the entries of a [ ] list must be separated by ',', and the list closed "
     "by ']'"},
    {"Expected Key, Flow Entry, or Flow Mapping End",
     "the entries of a { } map must be separated by ',', and the map closed by "
     "'}'"},
    {"Could not find closing", "a '[' or '{' is never closed"},
    {"Expected quote at end of scalar", "a quote is never closed"},
    {"invalid tab character", "YAML is indented by blanks, not by tabs"},
    {"Unrecognized escape code",
     "no such escape in \"…\"; write \\\\ for a backslash, or use '…', which "
     "has no escapes"},
    {"Got empty alias or anchor", "'*' or '&' begins a YAML alias here"},
    {"Got empty plain scalar", "this character cannot stand here unquoted"},
    {"Unrecognized character while tokenizing",
     "this character cannot stand here unquoted"},
};

static bool endsAWord(char C) { return C == ' ' || C == ',' || C == '\t'; }

/// What globs are made of is YAML's own syntax. The reader stops at the
/// character, behind it, or behind what follows it: so look at the word that
/// \p Offset stands in and at the one before.
static bool looksLikeAGlob(StringRef Line, size_t Offset) {
  StringRef Before = Line.take_front(Offset);
  StringRef Behind = Line.drop_front(Before.size());
  for (int Words = 0; Words < 2; ++Words) {
    size_t Begin = Before.size();
    while (Begin > 0 && !endsAWord(Before[Begin - 1]))
      --Begin;
    std::string Word =
        (Before.drop_front(Begin) + Behind.take_until(endsAWord)).str();
    // A list's or a map's own bracket is no glob's.
    if (StringRef(Word).ltrim("[{").rtrim("]}").find_first_of("*&!%@`{}[]?") !=
        StringRef::npos)
      return true;
    Before = Before.take_front(Begin).rtrim(" ,\t");
    Behind = "";
  }
  return false;
}

std::string explainSyntaxFault(StringRef Message, StringRef Line,
                               size_t Offset) {
  const Saying *Known = find_if(Sayings, [&](const Saying &S) {
    return Message.find(S.Theirs) != StringRef::npos;
  });
  std::string Text = "is no YAML: " +
                     (Known != std::end(Sayings) ? Known->Ours : Message).str();
  if (looksLikeAGlob(Line, Offset))
    Text += "; a glob or a name that begins with * & ! % @ ` or holds { } [ ] "
            "must be quoted, as \"[a-z]*\"";
  else if (Line.find(" #") != StringRef::npos ||
           Line.find("[#") != StringRef::npos)
    Text += "; a '#' begins a comment here, unless it is quoted";
  return Text;
}

} // namespace section_placement
