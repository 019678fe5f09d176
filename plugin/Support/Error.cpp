//===- Error.cpp - Errors that stand at a place in a file -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/Error.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

char PlacedError::ID = 0;

void PlacedError::log(raw_ostream &OS) const {
  if (!Where.File.empty())
    OS << prefixOf(Where);
  OS << Message;
}

std::string prefixOf(const Place &Where) {
  std::string Text = Where.File;
  if (Where.Line)
    Text += ":" + utostr(Where.Line) + ":" + utostr(Where.Column);
  return Text + ": ";
}

std::error_code PlacedError::convertToErrorCode() const {
  return inconvertibleErrorCode();
}

Error errorAt(const Place &Where, const Twine &Message) {
  return make_error<PlacedError>(Where, Message.str());
}

Error errorIn(StringRef File, const Twine &Message) {
  return errorAt(Place{File.str(), 0, 0}, Message);
}

Error plainError(const Twine &Message) { return errorAt(Place(), Message); }

Error damage(const Twine &What) {
  return createStringError(inconvertibleErrorCode(), What);
}

std::string whyUnreadable(Error Why) {
  bool IsOurs = Why.isA<PlacedError>();
  std::string Text = toString(std::move(Why));
  return IsOurs ? Text
                : "is damaged: " + Text + "; build it anew, or leave it out";
}

Error errorReading(StringRef File, Error Why) {
  return errorIn(File, whyUnreadable(std::move(Why)));
}

Error withoutPlace(Error E) {
  return handleErrors(std::move(E), [](const PlacedError &Placed) {
    return plainError(Placed.text());
  });
}

std::string inQuotes(StringRef Text) {
  constexpr size_t Longest = 100;
  size_t End = std::min(Text.size(), Longest);
  // Not in the middle of a UTF-8 character.
  while (End < Text.size() && End && (Text[End] & 0xC0) == 0x80)
    --End;
  return "'" + printable(Text.take_front(End)) +
         (End < Text.size() ? "…'" : "'");
}

std::string suggestion(StringRef Written, ArrayRef<StringRef> Known) {
  StringRef Nearest;
  unsigned Best = std::min<unsigned>(2, Written.size() / 3 + 1) + 1;
  for (StringRef Candidate : Known) {
    unsigned Distance = Written.edit_distance(Candidate, true, Best);
    if (Distance < Best) {
      Best = Distance;
      Nearest = Candidate;
    }
  }
  if (!Nearest.empty())
    return ("; did you mean '" + Nearest + "'?").str();
  if (Known.empty())
    return "";
  std::string List = "; known are: ";
  for (size_t I = 0; I < Known.size(); ++I)
    List += ((I ? ", " : "") + Known[I]).str();
  return List;
}

SmallVector<std::string, 2> messagesOf(Error E) {
  SmallVector<std::string, 2> Messages;
  handleAllErrors(std::move(E), [&](const ErrorInfoBase &Info) {
    Messages.push_back(Info.message());
  });
  return Messages;
}

} // namespace section_placement
