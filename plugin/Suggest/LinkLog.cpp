//===- LinkLog.cpp - What the errors of a failed link say -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table of forms: each line that is of use is one of them, whole, in one
// line of the log or in several that were one. Where none fits whole, the last
// rows take what an error that was cut off still says. The forms of references
// were printed by real linkers: test/Suggest/Inputs/ holds the messages.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/LinkLog.h"
#include "section-placement/Suggest/LogText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <map>

using namespace llvm;

namespace section_placement {

namespace {
/// What a line of a log is.
enum class Message {
  Reference,
  CutReference,   ///< One whose line ends too early.
  FunctionHeader, ///< GNU ld: of what is said in the lines after it.
  ReferencedBy,   ///< ld.lld, after an error.
  DefinedIn,      ///< The same.
  MoreOmitted,    ///< The linker stopped at some number of errors.
  Other,          ///< A failure that is no reference out of reach.
};

/// Fields stand in braces; what they hold is checked by isValid. A form without
/// a field at its start may begin anywhere in a line.
struct MessageForm {
  Message Kind;
  StringLiteral Text;
  LinkFailure Failure = LinkFailure::None; ///< Of Other.
};

using Fields = std::map<StringRef, StringRef>;
} // namespace

static constexpr MessageForm Forms[] = {
    // ld.lld; some versions write the target without quotes.
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references section '{section}'{}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references '{target}'{}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references {bare}; {}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}; references {bare}"},
    {Message::Reference, "{place}: relocation {type} out of range: {distance} "
                         "is not in {range}"},
    {Message::Reference,
     "{place}: unencodeable immediate {distance} for relocation {type}"},
    // mold.
    {Message::Reference, "{place}: relocation {type} against symbol '{target}' "
                         "out of range: {distance} is not in {range}"},
    {Message::Reference, "{place}: relocation {type} against {target} out of "
                         "range: {distance} is not in {range}"},
    // GNU ld.
    {Message::Reference,
     "{place}: relocation truncated to fit: {type} against symbol '{target}' "
     "defined in {section} section in {object}"},
    {Message::Reference, "{place}: relocation truncated to fit: {type} against "
                         "undefined symbol '{target}'"},
    {Message::Reference, "{place}: relocation truncated to fit: {type} against "
                         "symbol '{target}'"},
    {Message::Reference,
     "{place}: relocation truncated to fit: {type} against '{target}'"},
    {Message::Reference, "{place}: relocation truncated to fit: {type}"},
    // gold.
    {Message::Reference, "{place}: error: relocation overflow in {type}"},
    {Message::Reference, "{place}: error: relocation overflow: {words} "
                         "'{target}' defined in {object}"},
    {Message::Reference,
     "{place}: error: relocation overflow: {words} '{target}'"},
    {Message::Reference, "{place}: error: relocation overflow: reference to "
                         "local symbol {words} in {object}"},
    {Message::Reference, "{place}: error: relocation overflow"},

    {Message::FunctionHeader, "{object}: in function '{function}':"},
    {Message::FunctionHeader, "{object}: In function '{function}':"},
    {Message::ReferencedBy, ">>> referenced by {source}"},
    {Message::DefinedIn, ">>> defined in {object}"},
    {Message::MoreOmitted, "too many errors emitted, stopping now{}"},
    {Message::MoreOmitted, "additional relocation overflows omitted{}"},

    // No room for a thunk: ld.lld, gold, GNU ld, mold.
    {Message::Other, "InputSection too large for range extension thunk{}",
     LinkFailure::NoRoomForThunk},
    {Message::Other, "Stub is too far away{}", LinkFailure::NoRoomForThunk},
    {Message::Other, "cannot find stub entry{}", LinkFailure::NoRoomForThunk},
    {Message::Other, "range extension thunk is out of range{}",
     LinkFailure::NoRoomForThunk},
    {Message::Other, "thunk creation not converged{}",
     LinkFailure::NoRoomForThunk},
    {Message::Other, "' offset overflow{}", LinkFailure::NoRoomForThunk},
    // The assembler's own: LLVM, GNU as.
    {Message::Other, "fixup value out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "out of range pc-relative fixup value{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "rror: branch out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "rror: Branch out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "conditional branch out of range{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "pc-relative load offset not word aligned{}",
     LinkFailure::BranchInsideFunction},
    {Message::Other, "pcrel too far{}", LinkFailure::BranchInsideFunction},
    // Xtensa and others of GNU ld: the call can be made another way.
    {Message::Other, "call target out of range{}", LinkFailure::LongCall},
    {Message::Other, "literal target out of range{}", LinkFailure::FarLiteral},
    {Message::Other, "literal placed after use{}", LinkFailure::FarLiteral},
    {Message::Other, "dangerous relocation: {}",
     LinkFailure::DangerousRelocation},
    // Code that is compiled for another kind of image.
    {Message::Other, "recompile with -fPIC{}",
     LinkFailure::PositionDependentCode},
    {Message::Other, "recompile with -fPIE{}",
     LinkFailure::PositionDependentCode},
    {Message::Other, "can not be used when making a{}",
     LinkFailure::PositionDependentCode},
    {Message::Other, "cannot be used when making a{}",
     LinkFailure::PositionDependentCode},
    // The kernel's checks after the link.
    {Message::Other, "ection mismatch in reference{}",
     LinkFailure::SectionMismatch},
    {Message::Other, "ection mismatch(es){}", LinkFailure::SectionMismatch},
    {Message::Other, "leaves .noinstr.text section{}",
     LinkFailure::LeavesNoInstr},
    // Linkers of other formats.
    {Message::Other, "ld64.lld: error: {}relocation {}out of range{}",
     LinkFailure::MachO},
    {Message::Other, "ld: {}branch out of range{}", LinkFailure::MachO},
    {Message::Other, "RIP relative reference out of range{}",
     LinkFailure::MachO},
    {Message::Other, "relocation BRANCH26 is out of range{}",
     LinkFailure::MachO},
    {Message::Other, "relocation {} is out of range: {} is not in [{}",
     LinkFailure::MachO},
    {Message::Other, "thunk range overrun{}", LinkFailure::MachO},
    {Message::Other, "lld-link: error: relocation{} out of range{}",
     LinkFailure::Coff},
    {Message::Other, "lld-link: error: relocation against{}",
     LinkFailure::Coff},
    {Message::Other, "IMAGE_REL_{}", LinkFailure::Coff},
    {Message::Other, "LNK2013{}", LinkFailure::Coff},
    {Message::Other, "LNK1248{}", LinkFailure::Coff},
    {Message::Other, "wasm-ld: error: {}relocation{}", LinkFailure::Wasm},

    // Errors that are cut off.
    {Message::CutReference, "{place}: relocation {type} out of range:{}"},
    {Message::CutReference, "{place}: relocation truncated to fit: {type}{}"},
    {Message::CutReference, "{place}: relocation truncated to fit: {type} {}"},
    {Message::CutReference, "{place}: error: relocation overflow in {type} {}"},
    {Message::CutReference, "{place}: error: relocation overflow:{}"},
};

/// A mail program breaks the longest message into about five.
static constexpr size_t MaxParts = 8;

static bool isBalanced(StringRef Text) {
  int Depth = 0;
  for (char C : Text) {
    Depth += C == '(' ? 1 : C == ')' ? -1 : 0;
    if (Depth < 0)
      return false;
  }
  return Depth == 0;
}

/// The parentheses of a place are whole, and a section's name and offset in
/// them hold no blank, as they do where lines were joined that were no such
/// parts.
static bool isPlace(StringRef Text) {
  if (!isBalanced(Text))
    return false;
  size_t Open = Text.rfind(":(");
  if (Open == StringRef::npos || Text.back() != ')')
    return true;
  StringRef Section = Text.substr(Open + 2).drop_back();
  if (Section.consume_front("function ")) {
    size_t Colon = Section.rfind(": ");
    if (Colon == StringRef::npos)
      return false;
    Section = Section.substr(Colon + 2);
  }
  return Section.find(' ') == StringRef::npos;
}

/// Of `[-1048576, 1048575]` and `[-1048576, 1048576)`.
static std::optional<std::pair<int64_t, int64_t>> rangeIn(StringRef Text) {
  int64_t Lowest, Highest;
  if (!Text.consume_front("[") || Text.consumeInteger(10, Lowest) ||
      !Text.consume_front(", ") || Text.consumeInteger(10, Highest))
    return std::nullopt;
  if (Text == ")")
    return std::pair(Lowest, Highest - 1);
  if (Text == "]")
    return std::pair(Lowest, Highest);
  return std::nullopt;
}

static bool isNumber(StringRef Text) {
  return !Text.empty() &&
         Text.find_first_not_of("-0123456789") == StringRef::npos;
}

static bool isRelocation(StringRef Text) {
  return Text.take_front(2) == "R_" && Text.size() > 2 &&
         all_of(Text,
                [](char C) { return isAlnum(C) || C == '_' || C == '/'; });
}

static bool isValid(StringRef Field, StringRef Value) {
  if (Field == "place")
    return isPlace(Value);
  if (Field == "type")
    return isRelocation(Value);
  if (Field == "distance")
    return isNumber(Value);
  if (Field == "range")
    return Value.take_front(1) == "[" &&
           StringRef("])").contains(Value.take_back(1)) &&
           Value.find(']') >= Value.size() - 1;
  if (Field == "bare")
    return !Value.empty() && Value.take_front(1) != "'" &&
           !Value.contains(": ");
  if (Field == "object" || Field == "source")
    return !Value.trim().empty();
  return true;
}

/// Matches \p Text with \p Form, from a field's or a word's first occurrence on
/// to the end.
static bool matchForm(StringRef Text, StringRef Form, Fields &Found) {
  auto TakeWords = [&] {
    StringRef Words = Form.take_until([](char C) { return C == '{'; });
    Form = Form.substr(Words.size());
    return Words;
  };
  StringRef Words = TakeWords();
  size_t At = Text.find(Words);
  if (At == StringRef::npos)
    return false;
  Text = Text.substr(At + Words.size());
  while (!Form.empty()) {
    auto [Field, Rest] = Form.drop_front().split('}');
    Form = Rest;
    Words = TakeWords();
    // A name may hold quotes of its own: `f()::'lambda'()`.
    bool IsQuoted = Words.take_front(1) == "'";
    size_t End = Words.empty() ? Text.size()
                 : IsQuoted    ? Text.rfind(Words)
                               : Text.find(Words);
    if (End == StringRef::npos || !isValid(Field, Text.take_front(End)))
      return false;
    Found[Field] = Text.take_front(End);
    Text = Text.substr(End + Words.size());
  }
  return Text.empty();
}

/// The form that \p Text has; null for none.
static const MessageForm *findForm(StringRef Text, bool MayBeCut,
                                   Fields &Found) {
  for (const MessageForm &Form : Forms) {
    if ((Form.Kind == Message::CutReference) != MayBeCut)
      continue;
    Found.clear();
    if (matchForm(Text, Form.Text, Found))
      return &Form;
  }
  return nullptr;
}

/// A word of each form, by which most lines are passed over.
static bool mayMatter(StringRef Line) {
  for (StringRef Word :
       {"R_", "elocation", "range", "overflow", "too ", "mmediate", ">>> ",
        "n function", "fixup", "section", "recompile", "making", "LNK", "tub",
        "hunk", "literal", "pcrel", "omitted"})
    if (Line.find(Word) != StringRef::npos)
      return true;
  return false;
}

namespace {
class LogReader {
public:
  explicit LogReader(const LogText &Text) : Text(Text) {}
  LinkLog read();

private:
  bool readWhole(size_t &Index);
  bool readCut(size_t Index);
  size_t wholeFrom(size_t Index, size_t MaxCount);
  void take(const MessageForm &Form, const Fields &Found);
  void takeReference(const Fields &Found, bool IsCut);
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

void LogReader::takeReference(const Fields &Found, bool IsCut) {
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
  R.Target = (Get("target") + Get("bare")).str();
  R.TargetSection = Get("section").str();
  R.TargetObject = Get("object").str();
  if (R.TargetSection.empty() && StringRef(R.Target).take_front(1) == ".")
    std::swap(R.Target, R.TargetSection);
  IsOpen = true;
}

void LogReader::take(const MessageForm &Form, const Fields &Found) {
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
  Fields Found;
  bool AnyMatters = false;
  for (size_t Count = 1; Count <= MaxCount; ++Count) {
    if (Index + Count > Text.size())
      break;
    AnyMatters |= Matters[Index + Count - 1];
    if (Count > 1 && Text.line(Index + Count - 1).empty())
      break;
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
  Fields Found;
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
  const MessageForm *Form = findForm(Joined, /*MayBeCut=*/false, Found);
  Line = Text.number(Index);
  take(*Form, Found);
  Index += Count - 1;
  return true;
}

bool LogReader::readCut(size_t Index) {
  if (!Matters[Index])
    return false;
  Fields Found;
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
