//===- LinkLog.cpp - What the errors of a failed link say -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Line by line. Each form is told by words that stand in no other line of a
// build's output; what stands before the place (the linker's name, a CI's time
// stamp, a make's prefix) is cut off, never matched. Every form here was
// printed by a real linker: test/Suggest/Inputs/ holds the messages.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/LinkLog.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
class LogReader {
public:
  void readLine(StringRef Text);
  LinkLog take() { return std::move(Log); }

private:
  bool readOutOfRange(StringRef Text);
  bool readTruncated(StringRef Text);
  bool readOverflow(StringRef Text);
  bool readUnencodeable(StringRef Text);
  bool readContinuation(StringRef Text);
  bool readFunctionHeader(StringRef Text);
  void readOther(StringRef Text);
  FailedReference &add(StringRef Place);
  void placeUnderHeader(FailedReference &R);

  LinkLog Log;
  unsigned Line = 0;
  /// Does the last line belong to the last reference? ld.lld goes on after it.
  bool IsOpen = false;
  /// GNU ld names object and function once, before what it has to say of them.
  std::string HeaderObject, HeaderFunction;
  std::string HeaderFile; ///< What the first error under it names as its file.
  bool IsAfterHeader = false;
};
} // namespace

static bool consume(StringRef &Text, StringRef Word) {
  return Text.consume_front(Word);
}

/// Takes what stands before the first \p Word, and the word.
static std::optional<StringRef> takeUntil(StringRef &Text, StringRef Word) {
  size_t At = Text.find(Word);
  if (At == StringRef::npos)
    return std::nullopt;
  StringRef Before = Text.take_front(At);
  Text = Text.substr(At + Word.size());
  return Before;
}

/// Without the quotes of any dialect: 'f', `f', and the pair of a UTF-8 locale.
static StringRef unquoted(StringRef Name) {
  Name = Name.trim();
  if (!Name.consume_front("\xe2\x80\x98") && !Name.consume_front("`"))
    Name.consume_front("'");
  if (!Name.consume_back("\xe2\x80\x99"))
    Name.consume_back("'");
  return Name;
}

/// A relocation's name, which ends where none of its characters is. A MIPS64
/// relocation packs three types; the first is the instruction's.
static StringRef takeRelocation(StringRef &Text) {
  size_t End = std::min(Text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                               "abcdefghijklmnopqrstuvwxyz"
                                               "0123456789_/"),
                        Text.size());
  StringRef Name = Text.take_front(End).split('/').first;
  if (Name.take_front(2) != "R_")
    return "";
  Text = Text.substr(End);
  return Name;
}

/// Escape sequences that colour a terminal's text, taken out.
static std::string withoutColour(StringRef Text) {
  std::string Plain;
  while (!Text.empty()) {
    size_t Escape = Text.find("\x1b[");
    Plain += Text.take_front(Escape);
    if (Escape == StringRef::npos)
      break;
    Text = Text.substr(Escape + 2);
    Text = Text.drop_front(
        std::min(Text.find_first_not_of("0123456789;"), Text.size()));
    Text = Text.drop_front(Text.empty() ? 0 : 1);
  }
  return Plain;
}

FailedReference &LogReader::add(StringRef Place) {
  // `ld.lld: error: a.o:(…)`, `mold: error: a.o:(…)`.
  for (StringRef Severity : {"error: ", "warning: ", "fatal: "})
    if (size_t At = Place.rfind(Severity); At != StringRef::npos)
      Place = Place.substr(At + Severity.size());
  FailedReference &R = Log.References.emplace_back();
  R.Line = Line;
  R.From = readLinkPlace(Place);
  IsOpen = true;
  return R;
}

/// A number of bytes; nothing where it is none that code can be away.
static std::optional<int64_t> takeDistance(StringRef &Text) {
  int64_t Value;
  if (!Text.consumeInteger(10, Value))
    return Value;
  Text = Text.drop_front(
      std::min(Text.find_first_not_of("-0123456789"), Text.size()));
  return std::nullopt;
}

/// Of `[-1048576, 1048575]` and `[-1048576, 1048576)`.
static std::optional<std::pair<int64_t, int64_t>> takeRange(StringRef &Text) {
  int64_t Lowest, Highest;
  if (!consume(Text, "[") || Text.consumeInteger(10, Lowest) ||
      !consume(Text, ", ") || Text.consumeInteger(10, Highest))
    return std::nullopt;
  if (consume(Text, ")"))
    --Highest;
  else if (!consume(Text, "]"))
    return std::nullopt;
  return std::pair(Lowest, Highest);
}

/// `PLACE: relocation R_T out of range: N is not in [A, B]; references 'F'`
/// (ld.lld) and `PLACE: relocation R_T against F out of range: …` (mold).
bool LogReader::readOutOfRange(StringRef Text) {
  StringRef Rest = Text;
  std::optional<StringRef> Place = takeUntil(Rest, ": relocation ");
  if (!Place)
    return false;
  StringRef Relocation = takeRelocation(Rest);
  std::optional<StringRef> Against = takeUntil(Rest, " out of range: ");
  if (Relocation.empty() || !Against)
    return false;
  std::optional<int64_t> Distance = takeDistance(Rest);
  if (!consume(Rest, " is not in "))
    return false;
  FailedReference &R = add(*Place);
  R.Relocation = Relocation.str();
  R.Distance = Distance;
  R.Range = takeRange(Rest);
  if (consume(*Against, " against ")) {
    consume(*Against, "symbol ");
    R.Target = unquoted(*Against).str();
  }
  if (!consume(Rest, "; references "))
    return true;
  bool IsSection = consume(Rest, "section '");
  StringRef Name = unquoted(Rest.split("; ").first);
  (IsSection ? R.TargetSection : R.Target) = Name.str();
  return true;
}

/// The errors under a header are of its object, whatever file they name: a
/// source, or a file symbol. Another object's stands there in full where GNU ld
/// does not find its function.
void LogReader::placeUnderHeader(FailedReference &R) {
  std::string File = R.From.Object;
  if (IsAfterHeader)
    HeaderFile = File;
  IsAfterHeader = false;
  if (HeaderObject.empty() || (!File.empty() && File != HeaderFile)) {
    HeaderObject.clear();
    return;
  }
  R.From.Object = HeaderObject;
  R.From.Function = HeaderFunction;
}

/// `PLACE: relocation truncated to fit: R_T against symbol `F' defined in S
/// section in O`, and shorter ones (GNU ld).
bool LogReader::readTruncated(StringRef Text) {
  StringRef Rest = Text;
  std::optional<StringRef> Place =
      takeUntil(Rest, ": relocation truncated to fit: ");
  if (!Place)
    return false;
  StringRef Relocation = takeRelocation(Rest);
  if (Relocation.empty())
    return false;
  FailedReference &R = add(*Place);
  R.Relocation = Relocation.str();
  placeUnderHeader(R);
  if (!consume(Rest, " against "))
    return true;
  consume(Rest, "undefined ");
  consume(Rest, "symbol ");
  std::optional<StringRef> Name = takeUntil(Rest, " defined in ");
  StringRef Target = unquoted(Name ? *Name : Rest);
  (Target.take_front(1) == "." ? R.TargetSection : R.Target) = Target.str();
  if (!Name)
    return true;
  if (std::optional<StringRef> Section = takeUntil(Rest, " section in ")) {
    R.TargetSection = Section->str();
    R.TargetObject = Rest.str();
  }
  return true;
}

/// `PLACE: error: relocation overflow in R_T`, `…: reference to 'F' defined in
/// O`, `…: 10 against 'F' defined in O`, or nothing more (gold).
bool LogReader::readOverflow(StringRef Text) {
  StringRef Rest = Text;
  std::optional<StringRef> Place =
      takeUntil(Rest, ": error: relocation overflow");
  if (!Place)
    return false;
  FailedReference &R = add(*Place);
  if (consume(Rest, " in ")) {
    R.Relocation = takeRelocation(Rest).str();
    return true;
  }
  if (!takeUntil(Rest, "'"))
    return true;
  if (std::optional<StringRef> Name = takeUntil(Rest, "' defined in ")) {
    R.Target = Name->str();
    R.TargetObject = Rest.str();
  } else {
    R.Target = unquoted(Rest).str();
  }
  return true;
}

/// `PLACE: unencodeable immediate N for relocation R_T` (ld.lld): Arm's `adr`.
bool LogReader::readUnencodeable(StringRef Text) {
  StringRef Rest = Text;
  std::optional<StringRef> Place = takeUntil(Rest, ": unencodeable immediate ");
  if (!Place)
    return false;
  std::optional<int64_t> Distance = takeDistance(Rest);
  StringRef Relocation =
      consume(Rest, " for relocation ") ? takeRelocation(Rest) : "";
  if (Relocation.empty())
    return false;
  FailedReference &R = add(*Place);
  R.Relocation = Relocation.str();
  R.Distance = Distance;
  return true;
}

/// `>>> defined in O`, after an error of ld.lld.
bool LogReader::readContinuation(StringRef Text) {
  if (!takeUntil(Text, ">>> "))
    return false;
  if (IsOpen && consume(Text, "defined in "))
    Log.References.back().TargetObject = Text.trim().str();
  return true;
}

/// `O: in function `F':` (GNU ld; `In` where it is older).
bool LogReader::readFunctionHeader(StringRef Text) {
  if (Text.take_back(1) != ":")
    return false;
  size_t At =
      std::min(Text.rfind(": in function "), Text.rfind(": In function "));
  if (At == StringRef::npos)
    return false;
  StringRef Object = Text.take_front(At);
  // `/usr/bin/ld: a.o: in function …`.
  if (size_t Colon = Object.rfind(": "); Colon != StringRef::npos)
    Object = Object.substr(Colon + 2);
  HeaderObject = Object.str();
  HeaderFunction =
      unquoted(Text.substr(At + strlen(": in function ")).drop_back()).str();
  HeaderFile.clear();
  IsAfterHeader = true;
  return true;
}

void LogReader::readOther(StringRef Text) {
  auto Says = [&](StringRef Words) {
    return Text.find(Words) != StringRef::npos;
  };
  Log.IsCutShort |= Says("too many errors emitted, stopping now") ||
                    Says("additional relocation overflows omitted");
  if (Says("InputSection too large for range extension thunk") ||
      Says("Stub is too far away"))
    Log.LinesWithoutThunk.push_back(Line);
}

void LogReader::readLine(StringRef Raw) {
  ++Line;
  std::string Plain;
  if (Raw.find('\x1b') != StringRef::npos) {
    Plain = withoutColour(Raw);
    Raw = Plain;
  }
  StringRef Text = Raw.rtrim();
  if (readContinuation(Text))
    return;
  if (readOutOfRange(Text) || readTruncated(Text) || readOverflow(Text) ||
      readUnencodeable(Text))
    return;
  IsOpen = false;
  if (!readFunctionHeader(Text))
    readOther(Text);
}

LinkLog readLinkLog(StringRef Text) {
  LogReader Reader;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Reader.readLine(Line);
    Text = Rest;
  }
  return Reader.take();
}

} // namespace section_placement
