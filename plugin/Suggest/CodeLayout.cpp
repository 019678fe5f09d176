//===- CodeLayout.cpp - Where a link puts code ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeLayout.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <memory>

using namespace llvm;

namespace section_placement {

namespace {
/// A pattern of a script: llvm's globs have the same wildcards.
class ScriptPattern {
public:
  explicit ScriptPattern(StringRef Written)
      : Text(std::make_shared<std::string>(Written.trim('"'))) {
    if (StringRef(*Text).find_first_of("*?[") == StringRef::npos)
      return;
    if (Expected<GlobPattern> Made = GlobPattern::create(*Text))
      Wildcards = std::move(*Made);
    else
      consumeError(Made.takeError());
  }
  bool match(StringRef Name) const {
    return Wildcards ? Wildcards->match(Name) : Name == *Text;
  }

private:
  /// LLVM's pattern refers to it, wherever this is moved to.
  std::shared_ptr<const std::string> Text;
  std::optional<GlobPattern> Wildcards;
};

/// `*crt0.o(EXCLUDE_FILE(*a.o) .text SORT(.text.*))`
class InputLine {
public:
  /// Returns false where it holds what is not simulated.
  bool read(StringRef Text);

  struct Choice {
    ScriptPattern Section;
    std::vector<ScriptPattern> NotIn; ///< Files.
    bool IsSorted;                    ///< By name.
  };
  bool takesFile(StringRef File) const { return Files->match(File); }
  ArrayRef<Choice> choices() const { return Choices; }

private:
  bool readChoices(StringRef Text, bool IsSorted);
  std::optional<ScriptPattern> Files;
  std::vector<Choice> Choices;
  std::vector<ScriptPattern> NotIn;
};
} // namespace

/// Takes `(…)` off the start of \p Text, which begins with its bracket.
static StringRef takeBrackets(StringRef &Text) {
  unsigned Depth = 0;
  for (size_t I = 0; I < Text.size(); ++I) {
    Depth += Text[I] == '(';
    if (Text[I] != ')' || --Depth)
      continue;
    StringRef Inside = Text.slice(1, I);
    Text = Text.drop_front(I + 1);
    return Inside;
  }
  StringRef Inside = Text.drop_front(1); // Never closed.
  Text = "";
  return Inside;
}

bool InputLine::readChoices(StringRef Text, bool IsSorted) {
  while (!(Text = Text.ltrim(" \t\r\n,")).empty()) {
    size_t Size = std::min(Text.find_first_of("() \t\r\n,"), Text.size());
    StringRef Word = Text.take_front(Size);
    Text = Text.drop_front(Size);
    StringRef Behind = Text.ltrim(" \t\r\n");
    bool HasBrackets = Behind.take_front(1) == "(";
    if (!HasBrackets) {
      if (Word.empty())
        return false;
      Choices.push_back({ScriptPattern(Word), NotIn, IsSorted});
      continue;
    }
    Text = Behind;
    StringRef Inside = takeBrackets(Text);
    if (Word == "EXCLUDE_FILE") {
      NotIn.clear();
      SmallVector<StringRef, 4> Names;
      Inside.split(Names, ' ', -1, /*KeepEmpty=*/false);
      for (StringRef Name : Names)
        NotIn.emplace_back(Name.trim());
    } else if (Word == "SORT" || Word == "SORT_BY_NAME") {
      if (!readChoices(Inside, /*IsSorted=*/true))
        return false;
    } else if (Word == "SORT_NONE") {
      if (!readChoices(Inside, /*IsSorted=*/false))
        return false;
    } else {
      return false; // SORT_BY_ALIGNMENT, SORT_BY_INIT_PRIORITY, REVERSE.
    }
  }
  return true;
}

bool InputLine::read(StringRef Text) {
  Text = Text.trim();
  while (Text.take_front(4) == "KEEP") {
    Text = Text.drop_front(4).ltrim();
    if (Text.take_front(1) != "(")
      return false;
    Text = takeBrackets(Text).trim();
  }
  if (Text.take_front(12) == "EXCLUDE_FILE") { // EXCLUDE_FILE(a.o) *(.text)
    Text = Text.drop_front(12).ltrim();
    if (Text.take_front(1) != "(" ||
        !readChoices(("EXCLUDE_FILE(" + takeBrackets(Text) + ")").str(), false))
      return false;
    Text = Text.ltrim();
  }
  size_t Open = std::min(Text.find('('), Text.size());
  StringRef File = Text.take_front(Open).trim();
  if (File.empty() || File == "INPUT_SECTION_FLAGS" ||
      File.take_front(4) == "SORT" || File == "REVERSE")
    return false;
  Files.emplace(File);
  if (Open == Text.size()) { // All of a file.
    Choices.push_back({ScriptPattern("*"), NotIn, false});
    return true;
  }
  Text = Text.drop_front(Open);
  return readChoices(takeBrackets(Text), /*IsSorted=*/false);
}

size_t CodeLayout::add(CodePart Part) {
  Parts.push_back(std::move(Part));
  return Parts.size() - 1;
}

std::string CodeLayout::nameOf(size_t Output) const {
  const CodeLayout::Output &O = Outputs[Output];
  if (!O.Where.Line)
    return O.Name;
  return O.Name + " (" + relativeToCurrentFolder(O.Where.File) + ":" +
         std::to_string(O.Where.Line) + ")";
}

void CodeLayout::put(size_t Part, size_t Output) {
  CodeLayout::Output &Into = Outputs[Output];
  Spot &At = Spots[Part];
  At = {Output, Into.Count++, {Into.Size, 0}, {Into.Most, 0}};
  At.Known.End = Into.Size += Parts[Part].Size;
  At.Most.End = Into.Most += Parts[Part].Most;
}

std::string CodeLayout::takeLine(StringRef Text, size_t Output) {
  InputLine Line;
  if (!Line.read(Text))
    return ("'" + Text + "' in " + nameOf(Output) + " is not simulated").str();
  // Patterns that do not sort are one: files come in their order. One that
  // sorts stands for itself.
  std::vector<size_t> Taken;
  ArrayRef<InputLine::Choice> Left = Line.choices();
  while (!Left.empty()) {
    bool IsSorted = Left[0].IsSorted;
    size_t Count = 1;
    while (!IsSorted && Count < Left.size() && !Left[Count].IsSorted)
      ++Count;
    Taken.clear();
    for (size_t I = 0; I < Parts.size(); ++I) {
      const CodePart &P = Parts[I];
      bool IsMeant =
          Spots[I].Output == ~size_t(0) && Line.takesFile(P.File) &&
          any_of(Left.take_front(Count), [&](const InputLine::Choice &C) {
            return C.Section.match(P.Section) &&
                   none_of(C.NotIn, [&](const ScriptPattern &File) {
                     return File.match(P.File);
                   });
          });
      if (IsMeant)
        Taken.push_back(I);
    }
    if (IsSorted)
      llvm::sort(Taken, [&](size_t A, size_t B) {
        return std::tie(Parts[A].Section, A) < std::tie(Parts[B].Section, B);
      });
    for (size_t I : Taken)
      put(I, Output);
    Left = Left.drop_front(Count);
  }
  return "";
}

/// Of a section that no line takes.
std::string CodeLayout::leftoverName(StringRef Section, bool JoinsText) const {
  bool IsJoined =
      Link ? Link->Kind != OutputKind::Relocatable && !Link->Script.HasLayout
           : JoinsText;
  return IsJoined && Section.take_front(6) == ".text." ? ".text"
                                                       : Section.str();
}

std::string CodeLayout::place(ArrayRef<std::string> Lines, bool JoinsText) {
  Outputs.clear();
  Spots.assign(Parts.size(), {});
  if (Link) {
    if (!Link->Script.Unread.empty()) {
      const NotKnown &First = Link->Script.Unread.front();
      return prefixOf(First.Where) + First.What;
    }
    if (!Link->SymbolOrderFile.empty())
      return "the link has an order of its own (--symbol-ordering-file)";
    for (const OutputSection &S : Link->Script.Sections) {
      Outputs.push_back({S.Name, S.Where});
      for (const std::string &Line : S.Inputs)
        if (std::string Why = takeLine(Line, Outputs.size() - 1); !Why.empty())
          return Why;
      bool HasCode = Outputs.back().Count != 0;
      if (HasCode && !S.Gaps)
        return nameOf(Outputs.size() - 1) +
               " moves its place by an expression that is not computed";
      // Wherever the gaps are, they lengthen no distance by more.
      if (S.Gaps)
        for (Spot &At : Spots)
          if (At.Output == Outputs.size() - 1)
            At.Most.End += *S.Gaps;
    }
  }
  if (!Lines.empty()) {
    Outputs.push_back({".text.near", {}});
    for (const std::string &Line : Lines)
      if (std::string Why = takeLine(Line, Outputs.size() - 1); !Why.empty())
        return Why;
  }
  std::map<std::string, size_t> ByName;
  for (size_t I = 0; I < Parts.size(); ++I) {
    if (Spots[I].Output != ~size_t(0))
      continue;
    std::string Name = leftoverName(Parts[I].Section, JoinsText);
    auto [Known, IsNew] = ByName.try_emplace(Name, Outputs.size());
    if (IsNew)
      Outputs.push_back({Name, {}});
    put(I, Known->second);
  }
  return "";
}

} // namespace section_placement
