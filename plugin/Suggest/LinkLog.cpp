//===- LinkLog.cpp - What the errors of a failed link say -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A message may stand in one line of the log or in several that were one. The
// fewest lines that are a whole message are it; one that begins later in the
// same lines comes first, for what stands before it is no part of it.
//
//===----------------------------------------------------------------------===//

#include "LogForms.h"
#include "section-placement/Objects/RelocationReach.h"
#include "section-placement/Suggest/LogText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

/// A mail program breaks the longest message into about five.
static constexpr size_t MaxParts = 8;

namespace {
class LogReader {
public:
  explicit LogReader(const LogText &Text) : Text(Text) {}
  LinkLog read();

private:
  bool readWhole(size_t &Index);
  bool readCut(size_t Index);
  size_t wholeFrom(size_t Index, size_t MaxCount);
  void take(const MessageForm &Form, const LogFields &Found);
  void takeReference(const LogFields &Found, bool IsCut);
  void placeUnderHeader(FailedReference &R);

  const LogText &Text;
  LinkLog Log;
  unsigned Line = 0;
  /// Do lines that follow say more of the last reference? Those of ld.lld do.
  bool IsOpen = false;
  /// GNU ld names object and function once, before what it has to say of them.
  std::string HeaderObject, HeaderFunction;
  std::string HeaderFile; ///< What the first error under it names as its file.
  bool IsAfterHeader = false;
  std::string Joined; ///< What the last message was read from.
  std::vector<bool> Matters;
};
} // namespace

/// Without what a build or a linker puts before the place: its own name, a
/// severity, a step. No file's name holds these ends of a prefix.
static StringRef withoutPrefix(StringRef Place) {
  StringRef File = Place;
  size_t Function = File.find(":function ");
  if (Function != StringRef::npos)
    File = File.take_front(Function);
  size_t Inside = File.find(":(");
  if (Inside != StringRef::npos)
    File = File.take_front(Inside);
  size_t Start = 0;
  for (StringRef End : {": ", "] ", "| ", "\t", "> "})
    if (size_t At = File.rfind(End); At != StringRef::npos)
      Start = std::max(Start, At + End.size());
  return Place.substr(Start).trim();
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

void LogReader::takeReference(const LogFields &Found, bool IsCut) {
  auto Get = [&](StringRef Field) {
    auto Known = Found.find(Field);
    return Known == Found.end() ? StringRef() : Known->second.trim();
  };
  FailedReference &R = Log.References.emplace_back();
  R.Line = Line;
  R.IsCut = IsCut;
  R.From = readLinkPlace(withoutPrefix(Get("place")));
  // A MIPS64 relocation packs three types; the first is the instruction's.
  R.Relocation = Get("type").split('/').first.str();
  int64_t Distance;
  if (!Get("distance").getAsInteger(10, Distance))
    R.Distance = Distance;
  R.Range = rangeIn(Get("range"));
  R.Target = (Twine(Get("target")) + Get("bare")).str();
  R.TargetSection = Get("section").str();
  R.TargetObject = Get("object").str();
  if (R.TargetSection.empty() && StringRef(R.Target).take_front(1) == ".")
    std::swap(R.Target, R.TargetSection);
  IsOpen = true;
}

void LogReader::take(const MessageForm &Form, const LogFields &Found) {
  switch (Form.Kind) {
  case Message::Reference:
  case Message::CutReference:
    takeReference(Found, Form.Kind == Message::CutReference);
    // Only GNU ld writes this, and headers.
    if (Form.Text.contains("truncated to fit"))
      placeUnderHeader(Log.References.back());
    return;
  case Message::FunctionHeader:
    HeaderObject = withoutPrefix(Found.at("object")).str();
    HeaderFunction = Found.at("function").str();
    HeaderFile.clear();
    IsAfterHeader = true;
    IsOpen = false;
    return;
  case Message::ReferencedBy:
    if (IsOpen && Log.References.back().ReferencedBy.empty())
      Log.References.back().ReferencedBy =
          Found.at("source").split(" (").first.trim().str();
    return;
  case Message::DefinedIn:
    if (IsOpen)
      Log.References.back().TargetObject = Found.at("object").trim().str();
    return;
  case Message::MoreOmitted:
    Log.IsCutShort = true;
    return;
  case Message::Other:
    Log.Others.push_back({Line, Form.Failure});
    return;
  }
}

/// How many lines, of \p MaxCount at most, are one whole message that begins at
/// \p Index; 0 for none. Leaves it in Joined.
size_t LogReader::wholeFrom(size_t Index, size_t MaxCount) {
  LogFields Found;
  bool AnyMatters = false;
  for (size_t Count = 1; Count <= MaxCount; ++Count) {
    if (Index + Count > Text.size())
      break;
    AnyMatters |= Matters[Index + Count - 1];
    if (Count > 1 && Text.line(Index + Count - 1).empty())
      break;
    // A terminal may have broken the very word that matters.
    if (Count == 2 && !AnyMatters && Text.isFull(Index, 2))
      AnyMatters = mayMatter(Text.joined(Index, 2, LogText::Wrap::Anywhere));
    if (!AnyMatters)
      continue;
    using Wrap = LogText::Wrap;
    Wrap First = Text.isFull(Index, Count) ? Wrap::Anywhere : Wrap::AtBlank;
    Wrap Second = First == Wrap::AtBlank ? Wrap::Anywhere : Wrap::AtBlank;
    for (Wrap How : {First, Second}) {
      Joined =
          Count == 1 ? Text.line(Index).str() : Text.joined(Index, Count, How);
      if (findForm(Joined, /*MayBeCut=*/false, Found))
        return Count;
      if (Count == 1)
        break;
    }
  }
  return 0;
}

/// Does it name a relocation of short reach, as each error of one does in every
/// language?
static bool namesShortRelocation(StringRef Text) {
  for (size_t At = Text.find("R_"); At != StringRef::npos;
       At = Text.find("R_", At + 2)) {
    if (At && (isAlnum(Text[At - 1]) || Text[At - 1] == '_'))
      continue;
    StringRef Name = Text.substr(At).take_while(
        [](char C) { return isAlnum(C) || C == '_'; });
    const RelocationReach *Row = findRelocationReach(Name);
    if (Row && Row->IsShort)
      return true;
  }
  return false;
}

static bool hasUnknownType(const LogFields &Found) {
  auto Type = Found.find("type");
  return Type != Found.end() &&
         !findRelocationReach(Type->second.trim().split('/').first);
}

/// Reads a message that begins at \p Index, and moves past it. One that begins
/// later and ends in the same lines is read when its turn comes.
bool LogReader::readWhole(size_t &Index) {
  size_t Count = wholeFrom(Index, MaxParts);
  for (size_t Later = 1; Later < Count; ++Later)
    if (wholeFrom(Index + Later, Count - Later))
      return false;
  if (!Count)
    return false;
  wholeFrom(Index, Count);
  LogFields Found;
  // A terminal may have broken it where it could have ended.
  if (size_t Next = Index + Count; Count > 1 && Next < Text.size() &&
                                   Text.isFull(Index, Count + 1) &&
                                   !Matters[Next]) {
    std::string Longer = Text.joined(Index, Count + 1, LogText::Wrap::Anywhere);
    if (findForm(Longer, /*MayBeCut=*/false, Found)) {
      Joined = std::move(Longer);
      ++Count;
    }
  }
  // Or inside the name of a relocation, the rest of which looks like one, or
  // before what it says of the target.
  bool IsBroken = findForm(Joined, /*MayBeCut=*/false, Found) &&
                  Index + Count < Text.size() &&
                  (hasUnknownType(Found) || Text.isFull(Index, Count + 1));
  if (IsBroken) {
    LogFields More;
    std::string Longer = Text.joined(Index, Count + 1, LogText::Wrap::Anywhere);
    const MessageForm *Form = findForm(Longer, /*MayBeCut=*/false, More);
    if (Form && Form->Kind == Message::Reference && More.count("type") &&
        !hasUnknownType(More) &&
        (hasUnknownType(Found) || More.size() > Found.size())) {
      Joined = std::move(Longer);
      ++Count;
    }
  }
  const MessageForm *Form = findForm(Joined, /*MayBeCut=*/false, Found);
  Line = Text.number(Index);
  take(*Form, Found);
  Index += Count - 1;
  return true;
}

bool LogReader::readCut(size_t Index) {
  if (!Matters[Index])
    return false;
  LogFields Found;
  const MessageForm *Form =
      findForm(Text.line(Index), /*MayBeCut=*/true, Found);
  if (!Form)
    return false;
  Line = Text.number(Index);
  take(*Form, Found);
  return true;
}

LinkLog LogReader::read() {
  for (size_t I = 0; I < Text.size(); ++I)
    Matters.push_back(mayMatter(Text.line(I)));
  for (size_t I = 0; I < Text.size(); ++I) {
    if (readWhole(I) || readCut(I))
      continue;
    StringRef Plain = Text.line(I);
    if (Matters[I] && namesShortRelocation(Plain) && !Log.NotUnderstood++)
      Log.FirstNotUnderstood = Text.number(I);
    if (Plain.empty() || Plain.contains("error: ") ||
        Plain.contains("warning: "))
      IsOpen = false;
  }
  return std::move(Log);
}

LinkLog readLinkLog(StringRef Bytes) {
  std::string Decoded = decodeLog(Bytes);
  LogText Text(Decoded);
  return LogReader(Text).read();
}

} // namespace section_placement
