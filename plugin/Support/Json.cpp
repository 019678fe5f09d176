//===- Json.cpp - What all JSON inputs and outputs share ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/Json.h"
#include "section-placement/Support/LineTable.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

void writeText(json::OStream &J, StringRef Key, StringRef Value) {
  J.attribute(Key, jsonText(Value));
}

void writeTextIfAny(json::OStream &J, StringRef Key, StringRef Value) {
  if (!Value.empty())
    writeText(J, Key, Value);
}

void writeTexts(json::OStream &J, StringRef Key, ArrayRef<std::string> Values) {
  J.attributeArray(Key, [&] {
    for (const std::string &Value : Values)
      J.value(jsonText(Value));
  });
}

void writeTenths(json::OStream &J, StringRef Key, int64_t Tenths) {
  J.attributeBegin(Key);
  uint64_t Size = Tenths < 0 ? -Tenths : Tenths;
  J.rawValue((Tenths < 0 ? "-" : "") + utostr(Size / 10) + "." +
             utostr(Size % 10));
  J.attributeEnd();
}

void writePlace(json::OStream &J, const Place &Where) {
  if (Where.File.empty())
    return;
  J.attributeObject("place", [&] {
    writeText(J, "file", Where.File);
    if (Where.Line)
      J.attribute("line", Where.Line);
    if (Where.Column)
      J.attribute("column", Where.Column);
  });
}

/// LLVM's reader calls itself for each bracket and has no limit of its own: a
/// file of a million brackets would end the process. Gives the first bracket
/// that is too deep.
static size_t findTooDeep(StringRef Text) {
  static constexpr unsigned MaximumDepth = 64; // A report has six levels.
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (InString && C == '\\')
      ++I;
    else if (C == '"')
      InString = !InString;
    else if (!InString && (C == '[' || C == '{')) {
      if (++Depth > MaximumDepth)
        return I;
    } else if (!InString && (C == ']' || C == '}') && Depth)
      --Depth;
  }
  return StringRef::npos;
}

static Error errorAtOffset(const JsonInput &In, size_t Offset,
                           const Twine &What) {
  return errorAt(LineTable(In.Text).place(In.File, Offset),
                 What + "; " + In.Remedy);
}

Expected<json::Value> parseJson(const JsonInput &In) {
  if (size_t Deep = findTooDeep(In.Text); Deep != StringRef::npos)
    return errorAtOffset(In, Deep,
                         "brackets nest deeper than in any " + In.Root);
  Expected<json::Value> V = json::parse(In.Text);
  if (V)
    return V;
  // `[2:3, byte=14]: Expected object key`
  std::string Fault = toString(V.takeError());
  auto [Where, What] = StringRef(Fault).split("]: ");
  size_t Offset = 0;
  (void)Where.split("byte=").second.getAsInteger(10, Offset);
  return errorAtOffset(In, std::min(Offset, In.Text.size()),
                       "is no JSON here: " + What);
}

namespace {
/// Walks through a text that is known to be JSON.
class JsonWalker {
public:
  explicit JsonWalker(StringRef Text) : Text(Text) { skipSpace(); }

  size_t position() const { return At; }

  /// To the value of \p Key, or of the element \p Index, of the value here.
  /// Stays where there is none.
  bool enter(StringRef Key) {
    return enterIf('{', [&](size_t) {
      size_t Begin = At + 1;
      skipValue();
      bool IsIt = Text.slice(Begin, At - 1) == Key;
      skipSpace();
      ++At; // The colon.
      skipSpace();
      return IsIt;
    });
  }
  bool enter(size_t Index) {
    return enterIf('[', [&](size_t I) { return I == Index; });
  }

private:
  bool isAt(char C) const { return At < Text.size() && Text[At] == C; }
  void skipSpace() {
    At = std::min(Text.find_first_not_of(" \t\r\n", At), Text.size());
  }
  void skipValue() {
    unsigned Depth = 0;
    bool InString = false;
    for (; At < Text.size(); ++At) {
      char C = Text[At];
      if (InString && C == '\\')
        ++At;
      else if (C == '"')
        InString = !InString;
      else if (!InString && (C == '[' || C == '{'))
        ++Depth;
      else if (!InString && !Depth && StringRef(",:]} \t\r\n").contains(C))
        return;
      else if (!InString && (C == ']' || C == '}'))
        --Depth;
    }
  }
  template <typename Fn> bool enterIf(char Bracket, Fn IsIt) {
    if (!isAt(Bracket))
      return false;
    size_t Begin = At++;
    for (size_t I = 0; skipSpace(), At < Text.size(); ++I) {
      if (isAt(Bracket == '{' ? '}' : ']'))
        break;
      if (IsIt(I))
        return true;
      skipValue();
      skipSpace();
      At += isAt(',');
    }
    At = Begin;
    return false;
  }

  StringRef Text;
  size_t At = 0;
};
} // namespace

Error jsonError(const JsonInput &In, json::Path::Root &Fault) {
  std::string What = toString(Fault.getError());
  // `expected string at report.rules[0].name`: LLVM shows the path only there.
  StringRef Path = StringRef(What).rsplit(' ').second;
  JsonWalker Walker(In.Text);
  bool IsThere = Path.consume_front(In.Root);
  while (IsThere && !Path.empty()) {
    size_t Index;
    if (Path.consume_front("[")) {
      IsThere = !Path.consumeInteger(10, Index) && Path.consume_front("]") &&
                Walker.enter(Index);
      continue;
    }
    Path = Path.drop_front(); // The full stop.
    size_t End = std::min(Path.find_first_of(".["), Path.size());
    IsThere = Walker.enter(Path.take_front(End));
    Path = Path.drop_front(End);
  }
  return errorAtOffset(In, Walker.position(), What);
}

} // namespace section_placement
