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
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

char PlacedError::ID = 0;

void PlacedError::log(raw_ostream &OS) const { OS << What.str(); }

StringRef Place::line() const {
  if (!Text)
    return "";
  StringRef Rest = StringRef(*Text).drop_front(LineBegin);
  return Rest.take_front(Rest.find_first_of("\r\n"));
}

std::string Diagnostic::str() const { return prefixOf(Where) + Text; }

/// The part of a line that is shown: a policy may stand in one line, as tools
/// write JSON. \p Column counts from 0, and becomes that in the part.
static StringRef shownPart(StringRef Line, unsigned &Column) {
  constexpr size_t Longest = 160, Before = 80;
  auto IsInside = [&](size_t At) { // A character.
    return At < Line.size() && (Line[At] & 0xC0) == 0x80;
  };
  Column = std::min<size_t>(Column, Line.size());
  if (Line.size() <= Longest)
    return Line;
  size_t Begin = Column > Before ? Column - Before : 0;
  while (IsInside(Begin))
    ++Begin;
  size_t End = std::min(Begin + Longest, Line.size());
  while (IsInside(End))
    --End;
  Column -= Begin;
  return Line.slice(Begin, End);
}

/// Ends the line that \p OS is in, and prints those of the source. What would
/// change the width of the line or command a terminal is not printed: SourceMgr
/// itself knows tabs.
static void printSource(raw_ostream &OS, const Place &Where, bool HasColours) {
  unsigned Column = Where.Column ? Where.Column - 1 : 0;
  StringRef Line = shownPart(Where.line(), Column);
  std::string WithoutTabs = Line.str();
  std::replace(WithoutTabs.begin(), WithoutTabs.end(), '\t', ' ');
  if (Line.empty() || printable(WithoutTabs) != WithoutTabs) {
    OS << '\n';
    return;
  }
  SourceMgr Manager;
  SMDiagnostic(Manager, SMLoc(), /*Filename=*/"", Where.Line, Column,
               SourceMgr::DK_Error, /*Msg=*/"", Line, {})
      .print(nullptr, OS, HasColours, /*ShowKindLabel=*/false);
}

std::string sourceLines(const Place &Where) {
  std::string Text;
  raw_string_ostream OS(Text);
  printSource(OS, Where, /*HasColours=*/false);
  return StringRef(OS.str()).rtrim('\n').str();
}

void printDiagnostic(raw_ostream &OS, const Diagnostic &D,
                     SourceMgr::DiagKind Kind) {
  bool HasLine = D.Where.Line;
  WithColor(OS, raw_ostream::SAVEDCOLOR, /*Bold=*/true)
      << (HasLine ? printable(prefixOf(D.Where)) : "section-placement: ");
  switch (Kind) {
  case SourceMgr::DK_Error:
    WithColor::error(OS);
    break;
  case SourceMgr::DK_Warning:
    WithColor::warning(OS);
    break;
  case SourceMgr::DK_Remark:
    WithColor::remark(OS);
    break;
  case SourceMgr::DK_Note:
    WithColor::note(OS);
    break;
  }
  OS << printableLines(HasLine ? D.Text : D.str());
  printSource(OS, D.Where, /*HasColours=*/true);
}

std::string prefixOf(const Place &Where) {
  if (Where.File.empty())
    return "";
  std::string Text = Where.File;
  if (Where.Line)
    Text += ":" + utostr(Where.Line) + ":" + utostr(Where.Column);
  return Text + ": ";
}

std::error_code PlacedError::convertToErrorCode() const {
  return inconvertibleErrorCode();
}

Error errorAt(const Place &Where, const Twine &Message) {
  return make_error<PlacedError>(Diagnostic{Where, Message.str()});
}

Error errorIn(StringRef File, const Twine &Message) {
  return errorAt(Place{File.str()}, Message);
}

Error plainError(const Twine &Message) { return errorAt(Place(), Message); }

Error damage(const Twine &What) {
  return createStringError(inconvertibleErrorCode(), What);
}

std::string whyUnreadable(Error Why) {
  bool IsOurs = Why.isA<PlacedError>();
  std::string Text = toString(std::move(Why));
  return IsOurs ? Text
                : "is damaged: " + Text + "; build it again, or leave it out";
}

Error errorReading(StringRef File, Error Why) {
  return errorIn(File, whyUnreadable(std::move(Why)));
}

Error withoutPlace(Error E) {
  return handleErrors(std::move(E), [](const PlacedError &Placed) {
    return plainError(Placed.what().Text);
  });
}

std::string inQuotes(StringRef Text) {
  // A path, up to Linux's PATH_MAX, is shown whole: its end is the file's name.
  constexpr size_t Longest = 4096;
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

std::vector<Diagnostic> diagnosticsOf(Error E) {
  std::vector<Diagnostic> Result;
  handleAllErrors(
      std::move(E),
      [&](const PlacedError &Placed) { Result.push_back(Placed.what()); },
      [&](const ErrorInfoBase &Info) {
        Result.push_back({{}, Info.message()});
      });
  return Result;
}

} // namespace section_placement
