//===- ScriptSelectors.cpp - What a linker script selects by file ---------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line such as `*drv.o(.text .text.*)` selects by object, and LTO has one
// object. A line for all files, `*(.ramfunc)`, goes by the section's name,
// which LTO keeps: it needs no rule, and its name serves those that need one.
//
// The first line that selects an input section counts, in a script as in a
// policy. So a selector behind a line that takes the same of all files selects
// nothing. What EXCLUDE_FILE keeps out of such a line goes to the next one that
// takes it.
//
//===----------------------------------------------------------------------===//

#include "ImportReaders.h"
#include "section-placement/Link/LinkFacts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"
#include <algorithm>
#include <utility>

using namespace llvm;

namespace section_placement {

namespace {
/// `EXCLUDE_FILE(*a.o) .text.*`, one pattern of a line.
struct SectionPattern {
  StringRef Text;
  std::vector<StringRef> Excluded;
  bool IsSorted = false;
};

/// `KEEP(*drv.o(.text .text.*))`
struct ScriptLine {
  StringRef File;
  std::vector<SectionPattern> Sections;
  bool IsKept = false;
};

/// One of an output section, with its place.
struct InputLine {
  StringRef Text;
  Place Where;
};

/// A line that takes a kind of all files.
struct CatchAll {
  Place Where;
  std::string Target;
  std::vector<StringRef> Excluded;
  std::vector<bool> IsClaimed; ///< Of Excluded.
};

/// What a pattern on sections means.
enum class PatternClass {
  Everything, ///< `*`
  Kind,       ///< `.text.*`
  Named,      ///< `.text.reset`
  Special,    ///< `.text.unlikely.*`: a part that the compiler chooses.
  Toolchain,  ///< `.init_array`
  Custom,     ///< `.ramfunc`
};

class ScriptSelectors {
public:
  ScriptSelectors(ArrayRef<OutputSection> Sections, ImportContext &In)
      : Sections(Sections), In(In) {}

  void read();

private:
  void addGathered(const OutputSection &Section, StringRef Input);
  void readLine(const OutputSection &Section, const InputLine &Input);
  void readAllFiles(const OutputSection &Section, const InputLine &Input,
                    const ScriptLine &Line);
  void readFile(const OutputSection &Section, const InputLine &Input,
                const ScriptLine &Line);
  const CatchAll *takenBefore(SelectedKind Kind, StringRef File) const;
  void claim(SelectedKind Kind, StringRef File);
  void addExcluded(SelectedKind Kind, const Place &Where, StringRef Target);
  Selector selectorOf(const Place &Where, StringRef File,
                      ArrayRef<StringRef> Excluded) const;

  ArrayRef<OutputSection> Sections;
  ImportContext &In;
  std::vector<StringRef> Before; ///< EXCLUDE_FILE in front of a line.
  bool IsByFlags = false;        ///< INPUT_SECTION_FLAGS is in front of it.
  std::vector<CatchAll> CatchAlls[SelectedKindCount];
};
} // namespace

/// The C run-time's own objects, which are native.
static bool isStartFile(StringRef File) {
  StringRef Name = File.substr(File.rfind('/') + 1).ltrim('*');
  return Name.take_front(3) == "crt" || Name.take_front(4) == "Scrt" ||
         Name.take_front(5) == "gcrt1";
}

static bool isOfAllFiles(StringRef File) {
  return File == "*" || File == "*.o" || File == "*.o*" || File == "*.obj" ||
         File == "*:*" || File == "*.*";
}

/// \p Text is `.text.…`; \p Name gets what of it is a name.
static PatternClass classOf(StringRef Text, StringRef &Name) {
  if (Text == "*" || Text == ".*")
    return PatternClass::Everything;
  static const StringRef OfTools[] = {".init",          ".fini",
                                      ".init_array",    ".fini_array",
                                      ".ctors",         ".dtors",
                                      ".preinit_array", ".eh_frame",
                                      ".eh_frame_hdr",  ".gcc_except_table",
                                      ".ARM",           ".note",
                                      ".debug",         ".comment",
                                      ".got",           ".igot",
                                      ".plt",           ".iplt",
                                      ".rel",           ".rela",
                                      ".jcr",           ".tm_clone_table",
                                      ".tdata",         ".tbss",
                                      ".gnu",           ".glue_7",
                                      ".glue_7t",       ".vfp11_veneer",
                                      ".v4_bx",         ".stab"};
  std::optional<SelectedKind> Kind = selectedKindOf(Text);
  if (!Kind) {
    for (StringRef Tool : OfTools) {
      StringRef Rest = Text;
      if (Rest.consume_front(Tool) &&
          (Rest.empty() || Rest.front() == '.' || Rest.front() == '*' ||
           Rest.front() == '_'))
        return PatternClass::Toolchain;
    }
    return PatternClass::Custom;
  }
  Name = Text.drop_front().split('.').second;
  if (Name.empty() || Name == "*" || Text.take_front(5) == ".gnu.")
    return PatternClass::Kind;
  static const StringRef OfCode[] = {"unlikely", "hot",     "startup", "exit",
                                     "split",    "unknown", "sorted",  "cold"};
  static const StringRef OfData[] = {"str", "cst", "rel"};
  auto Begins = [&](StringRef Word, StringRef Ends) {
    StringRef Rest = Name;
    return Rest.consume_front(Word) &&
           (Rest.empty() || Ends.contains(Rest.front()) ||
            (Ends.contains('0') && isDigit(Rest.front())));
  };
  bool IsSpecial =
      *Kind == SelectedKind::Code
          ? any_of(OfCode, [&](StringRef W) { return Begins(W, ".*"); })
          : any_of(OfData, [&](StringRef W) { return Begins(W, ".*0"); });
  return IsSpecial ? PatternClass::Special : PatternClass::Named;
}

/// The patterns up to the bracket that closes them; \p Text gets what follows.
static void readPatterns(StringRef &Text, bool IsSorted,
                         std::vector<SectionPattern> &To) {
  std::vector<StringRef> Excluded;
  for (;;) {
    Text = Text.ltrim(" ,");
    if (Text.empty() || Text.consume_front(")"))
      return;
    StringRef Word = Text.take_front(Text.find_first_of("() ,"));
    Text = Text.drop_front(Word.size()).ltrim();
    if (!Text.consume_front("(")) {
      if (Word.empty())
        return;
      To.push_back({Word.trim('"'), Excluded, IsSorted});
      Excluded.clear();
    } else if (Word == "EXCLUDE_FILE") {
      auto [Files, Behind] = Text.split(')');
      SmallVector<StringRef, 4> Names;
      Files.split(Names, ' ', -1, /*KeepEmpty=*/false);
      Excluded.assign(Names.begin(), Names.end());
      Text = Behind;
    } else {
      size_t Begin = To.size();
      readPatterns(Text, true, To);
      for (SectionPattern &P : drop_begin(To, Begin))
        if (P.Excluded.empty())
          P.Excluded = Excluded;
      Excluded.clear();
    }
  }
}

static ScriptLine lineOf(StringRef Text) {
  ScriptLine Line;
  Line.IsKept = Text.consume_front("KEEP(") && Text.consume_back(")");
  size_t Open = Text.find('(');
  Line.File = Text.take_front(Open).trim(" \"");
  if (Open == StringRef::npos) {
    Line.Sections.push_back({"*", {}, false});
    return Line;
  }
  StringRef Inner = Text.drop_front(Open + 1);
  readPatterns(Inner, false, Line.Sections);
  return Line;
}

/// The bytes of \p Text that \p Line begins with, blanks and comments aside; 0
/// where it does not begin with it.
static size_t lengthOf(StringRef Line, StringRef Text) {
  size_t Whole = Text.size();
  for (;;) {
    Line = Line.ltrim();
    if (Line.empty())
      return Whole - Text.size();
    Text = Text.ltrim();
    if (Text.take_front(2) == "/*") {
      Text = Text.drop_front(std::min(Text.find("*/", 2), Text.size() - 2) + 2);
      continue;
    }
    if (Text.empty() || Text.front() != Line.front())
      return 0;
    Text = Text.drop_front();
    Line = Line.drop_front();
  }
}

/// The lines of \p Section, each at the place where the script has it: behind
/// the one before.
static std::vector<InputLine> linesOf(const OutputSection &Section) {
  std::vector<InputLine> Lines;
  const Place &Begin = Section.Where;
  if (!Begin.Text) {
    for (StringRef Text : Section.Inputs)
      Lines.push_back({Text, Begin});
    return Lines;
  }
  size_t At = Begin.LineBegin + Begin.Column - 1;
  unsigned Number = Begin.Line;
  size_t LineBegin = Begin.LineBegin;
  StringRef Script = *Begin.Text;
  for (StringRef Text : Section.Inputs) {
    size_t Size = 0;
    for (size_t Found = At; Found < Script.size() && !Size; ++Found) {
      if (isSpace(Script[Found]))
        continue;
      if (Script.substr(Found, 2) == "/*") { // Up to its last byte.
        Found = std::min(Script.find("*/", Found + 2), Script.size() - 2) + 1;
        continue;
      }
      Size = lengthOf(Text, Script.drop_front(Found));
      if (!Size)
        continue;
      StringRef Between = Script.slice(LineBegin, Found);
      Number += Between.count('\n');
      if (size_t Break = Between.rfind('\n'); Break != StringRef::npos)
        LineBegin += Break + 1;
      Place Where = Begin;
      Where.Line = Number;
      Where.LineBegin = LineBegin;
      Where.Column = Found - LineBegin + 1;
      Lines.push_back({Text, Where});
      At = Found + Size;
    }
    if (!Size)
      Lines.push_back({Text, Begin});
  }
  return Lines;
}

/// Does one of \p Patterns select all that \p File does?
static bool covers(ArrayRef<StringRef> Patterns, StringRef File) {
  return any_of(Patterns, [&](StringRef Text) {
    if (Text == File)
      return true;
    Expected<GlobPattern> Pattern = GlobPattern::create(Text);
    if (Pattern)
      return Pattern->match(File);
    consumeError(Pattern.takeError());
    return false;
  });
}

const CatchAll *ScriptSelectors::takenBefore(SelectedKind Kind,
                                             StringRef File) const {
  for (const CatchAll &All : CatchAlls[size_t(Kind)])
    if (!covers(All.Excluded, File))
      return &All;
  return nullptr;
}

/// A line takes what others have kept out.
void ScriptSelectors::claim(SelectedKind Kind, StringRef File) {
  for (CatchAll &All : CatchAlls[size_t(Kind)])
    for (size_t I = 0; I < All.Excluded.size(); ++I)
      if (All.Excluded[I] == File || covers(All.Excluded[I], File))
        All.IsClaimed[I] = true;
}

Selector ScriptSelectors::selectorOf(const Place &Where, StringRef File,
                                     ArrayRef<StringRef> Excluded) const {
  Selector S;
  S.Where = Where;
  selectObjects(S, File);
  for (StringRef Other : Excluded) {
    Selector Out;
    selectObjects(Out, Other);
    if (!S.File.Archive.empty() && Out.File.Archive.empty()) // By its member.
      Out.File = {StringRef(S.File.Archive).split('(').first.str() + "(" +
                      Other.substr(Other.rfind('/') + 1).str() + ")",
                  ""};
    S.Except.push_back(Out.File);
  }
  return S;
}

/// What a line of all files takes and those before have kept out.
void ScriptSelectors::addExcluded(SelectedKind Kind, const Place &Where,
                                  StringRef Target) {
  for (CatchAll &All : CatchAlls[size_t(Kind)])
    for (size_t I = 0; I < All.Excluded.size(); ++I) {
      if (All.IsClaimed[I] || isStartFile(All.Excluded[I]))
        continue;
      All.IsClaimed[I] = true;
      if (All.Target == Target)
        continue;
      Selector S = selectorOf(Where, All.Excluded[I], {});
      S.Targets[size_t(Kind)] = Target.str();
      In.To.Selectors.push_back(std::move(S));
    }
}

void ScriptSelectors::readAllFiles(const OutputSection &Section,
                                   const InputLine &Input,
                                   const ScriptLine &Line) {
  for (const SectionPattern &P : Line.Sections) {
    StringRef Name;
    PatternClass Class = classOf(P.Text, Name);
    if (Class != PatternClass::Kind && Class != PatternClass::Everything)
      continue; // By its name, which LTO keeps.
    for (size_t K = 0; K < SelectedKindCount; ++K) {
      if (Class == PatternClass::Kind && size_t(*selectedKindOf(P.Text)) != K)
        continue;
      // `.text` alone does not have what `-ffunction-sections` makes.
      bool TakesMore = Class == PatternClass::Everything ||
                       P.Text.take_back() == "*" || P.Text == "COMMON";
      if (!TakesMore)
        continue;
      CatchAll All{Input.Where, Section.Name, Before, {}};
      append_range(All.Excluded, P.Excluded);
      All.IsClaimed.resize(All.Excluded.size());
      if (All.Excluded.empty() && P.Text != "COMMON")
        addExcluded(SelectedKind(K), Input.Where, Section.Name);
      if (P.Text != "COMMON")
        CatchAlls[K].push_back(std::move(All));
    }
  }
}

void ScriptSelectors::readFile(const OutputSection &Section,
                               const InputLine &Input, const ScriptLine &Line) {
  if (Section.Name == "/DISCARD/")
    return In.notExpressed(Input.Where,
                           inQuotes(Input.Text) +
                               " discards, and a policy only places");
  if (Line.IsKept)
    In.notExpressed(Input.Where,
                    "KEEP of " + inQuotes(Line.File) +
                        " is not part of a policy; mark what must stay "
                        "'__attribute__((used))', since LTO drops what nothing "
                        "refers to");
  bool HasCode = any_of(Line.Sections, [](const SectionPattern &P) {
    StringRef Name;
    PatternClass Class = classOf(P.Text, Name);
    return Class == PatternClass::Everything ||
           (Class == PatternClass::Kind &&
            selectedKindOf(P.Text) == SelectedKind::Code);
  });
  bool MovesCode = false;
  for (const SectionPattern &P : Line.Sections) {
    StringRef Name;
    PatternClass Class = classOf(P.Text, Name);
    std::vector<StringRef> Excluded = Before;
    append_range(Excluded, P.Excluded);
    Selector S = selectorOf(Input.Where, Line.File, Excluded);
    if (P.IsSorted)
      In.notExpressed(Input.Where, "the order of " + inQuotes(P.Text) +
                                       " is not part of a policy; sort the "
                                       "line that gathers the section");
    switch (Class) {
    case PatternClass::Toolchain:
      In.notExpressed(Input.Where, inQuotes(P.Text) +
                                       " is a section of the toolchain's, "
                                       "which a policy does not place");
      continue;
    case PatternClass::Special:
      if (!HasCode || selectedKindOf(P.Text) != SelectedKind::Code)
        In.notExpressed(Input.Where,
                        inQuotes(P.Text) +
                            " has what the compiler chooses of a file, which "
                            "has no name in a policy");
      continue;
    case PatternClass::Custom:
      selectSection(S, P.Text, false, Section.Name);
      break;
    case PatternClass::Everything:
      std::fill(S.Targets.begin(), S.Targets.end(), Section.Name);
      break;
    case PatternClass::Named:
      S.Name = Name.str();
      [[fallthrough]];
    case PatternClass::Kind:
      S.Targets[size_t(*selectedKindOf(P.Text))] = Section.Name;
      break;
    }
    for (size_t K = 0; K < SelectedKindCount; ++K) {
      if (!S.Targets[K] || !S.Sections.empty())
        continue;
      SelectedKind Kind = SelectedKind(K);
      if (const CatchAll *All = takenBefore(Kind, Line.File)) {
        In.notExpressed(Input.Where,
                        inQuotes(P.Text) + " of " + inQuotes(Line.File) +
                            " selects nothing: line " + Twine(All->Where.Line) +
                            " takes it before");
        S.Targets[K].reset();
        continue;
      }
      claim(Kind, Line.File);
      MovesCode |= Kind == SelectedKind::Code;
    }
    if (any_of(S.Targets, [](const auto &T) { return T.has_value(); }))
      In.To.Selectors.push_back(std::move(S));
  }
  if (Selector S = selectorOf(Input.Where, Line.File, {});
      MovesCode && !S.File.Archive.empty() && S.Compiled.empty())
    In.notExpressed(Input.Where, inlinedFromArchive(S.File.Archive));
}

void ScriptSelectors::readLine(const OutputSection &Section,
                               const InputLine &Input) {
  StringRef Text = Input.Text;
  if (Text.consume_front("EXCLUDE_FILE(")) { // About the line behind it.
    SmallVector<StringRef, 4> Names;
    Text.drop_back().split(Names, ' ', -1, /*KeepEmpty=*/false);
    Before.assign(Names.begin(), Names.end());
    return;
  }
  ScriptLine Line = lineOf(Input.Text);
  if (std::exchange(IsByFlags, Line.File == "INPUT_SECTION_FLAGS"))
    return;
  if (IsByFlags)
    return In.notExpressed(Input.Where, "INPUT_SECTION_FLAGS selects by flags, "
                                        "which a policy does not");
  if (isOfAllFiles(Line.File))
    readAllFiles(Section, Input, Line);
  else if (!isStartFile(Line.File))
    readFile(Section, Input, Line);
  Before.clear();
}

/// Names that go to the output section whichever file has them.
void ScriptSelectors::addGathered(const OutputSection &Section,
                                  StringRef Input) {
  ScriptLine Line = lineOf(Input);
  if (!isOfAllFiles(Line.File) || Section.Name == "/DISCARD/")
    return;
  std::vector<GatheredSection> &Gathered = In.To.Targets[Section.Name].Gathered;
  for (const SectionPattern &P : Line.Sections) {
    StringRef Name;
    if (classOf(P.Text, Name) != PatternClass::Custom || !P.Excluded.empty())
      continue;
    StringRef Stem = P.Text;
    bool TakesMore = Stem.consume_back("*");
    TakesMore &= Stem.consume_back(".") || TakesMore;
    if (Stem.empty() || Stem.find_first_of("*?[") != StringRef::npos)
      continue;
    auto Known = find_if(
        Gathered, [&](const GatheredSection &G) { return G.Name == Stem; });
    if (Known == Gathered.end())
      Gathered.push_back({Stem.str(), TakesMore});
    else
      Known->TakesMore |= TakesMore;
  }
}

void ScriptSelectors::read() {
  for (const OutputSection &Section : Sections)
    for (StringRef Input : Section.Inputs)
      addGathered(Section, Input);
  for (const OutputSection &Section : Sections)
    for (const InputLine &Input : linesOf(Section))
      readLine(Section, Input);
  for (size_t K = 0; K < SelectedKindCount; ++K)
    for (const CatchAll &All : CatchAlls[K])
      for (size_t I = 0; I < All.Excluded.size(); ++I)
        if (!All.IsClaimed[I] && !isStartFile(All.Excluded[I]))
          In.notExpressed(All.Where, inQuotes(All.Excluded[I]) +
                                         " is kept out here, and no line "
                                         "behind takes it");
}

Error readScriptSelectors(const ImportText &File, ImportContext &In) {
  Expected<LinkFacts> Facts = parseLinkCommand(commandWords({"-T", File.File}));
  if (!Facts)
    return Facts.takeError();
  for (const NotKnown &N : Facts->Script.Unread)
    In.notExpressed(N.Where, N.What);
  if (Facts->Script.Sections.empty())
    return errorIn(File.File, "has no SECTIONS with output sections");
  ScriptSelectors(Facts->Script.Sections, In).read();
  return Error::success();
}

} // namespace section_placement
