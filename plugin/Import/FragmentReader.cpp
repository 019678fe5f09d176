//===- FragmentReader.cpp - ESP-IDF's linker fragments --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fragment file has three things. `[sections:NAME]` lists input sections,
// `[scheme:NAME]` says to which target each such list goes, and
// `[mapping:NAME]` attaches a scheme to an archive, an object or a symbol:
//
//     [mapping:spi]
//     archive: libspi.a
//     entries:
//         bus:reset (noflash)
//         * (default)
//
// The more exact entry counts, wherever it stands, and what an entry does not
// say holds as its archive says it, or as the mapping of all archives does. A
// policy goes by order instead, so symbols come before objects, and those
// before archives. What goes where all archives' things of that kind go needs
// no rule, but must not be claimed by a broader one.
//
// The format is a language of indented blocks in which `if`, `elif` and `else`
// may stand anywhere. Reading it line by line keeps each entry's place.
//
//===----------------------------------------------------------------------===//

#include "ImportReaders.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Policy/SectionTemplate.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
/// Does a line count?
enum class Activity { Yes, No, NotKnown };

/// A chain of `if`, `elif`, `else` at one indentation.
struct Branch {
  unsigned Indent;
  Activity Outer;           ///< Of the lines around it.
  Activity Now;             ///< Of the branch that is being read.
  bool Was = false;         ///< A branch before has been taken.
  bool MayBe = false;       ///< One before may have been taken.
  StringRef Condition = ""; ///< Of the first that is not known.
};

struct SectionList {
  std::vector<StringRef> Entries; ///< `.text+`
};

struct SchemeEntry {
  StringRef Sections, Target;
  Place Where;
};

struct MappingEntry {
  StringRef Object, Symbol, Scheme; ///< `*`, empty, name.
  StringRef Flags;                  ///< Behind the `;`.
  Place Where;
};

struct Mapping {
  StringRef Archive; ///< Empty where no line that counts names it.
  std::vector<MappingEntry> Entries;
};

/// What a line belongs to.
enum class Fragment { None, Sections, Scheme, Mapping };

class FragmentReader {
public:
  explicit FragmentReader(ImportContext &In) : In(In) {}

  Error readFile(const ImportText &File);
  void addSelectors();

private:
  Error readLine(StringRef Line);
  Error readHeader(StringRef Text);
  Error readKey(StringRef Text);
  Error readBranch(StringRef Text, unsigned Indent);
  Error readEntry(StringRef Text);
  Error readMappingEntry(StringRef Text);
  Expected<Activity> decide(StringRef Condition);
  Error fail(StringRef At, const Twine &What) {
    return errorAt(File->place(At), What);
  }

  template <typename Visitor>
  void forEachSection(StringRef Scheme, Visitor Visit);
  void addBase(const MappingEntry &Entry);
  void addMapping(const Mapping &M, const MappingEntry &Entry);
  void add(unsigned Level, Selector S, SelectedKind Kind, StringRef Target);
  void listFlags(const MappingEntry &Entry);
  void inherit(unsigned Level);

  ImportContext &In;
  const ImportText *File = nullptr;
  SmallVector<Branch, 8> Branches;
  Activity Active = Activity::Yes;
  Fragment Current = Fragment::None;
  StringRef Name; ///< Of the fragment.
  Activity Declared = Activity::Yes;
  StringRef Key; ///< `archive` or `entries`; empty before the first.
  /// By the names that the files give them.
  MapVector<StringRef, SectionList> Lists;
  MapVector<StringRef, std::vector<SchemeEntry>> Schemes;
  std::vector<Mapping> Mappings;

  SelectedTargets Base; ///< Of all archives.
  bool HasBase = false;
  /// Selectors of symbols, objects and archives.
  std::vector<Selector> ByLevel[3];
  StringMap<size_t> Known; ///< In its level, by what it selects.
};
} // namespace

/// The columns before \p Line's text, tabs as pyparsing counts them.
static unsigned indentOf(StringRef Line) {
  unsigned Columns = 0;
  for (char C : Line) {
    if (C == '\t')
      Columns += 8 - Columns % 8;
    else if (C == ' ')
      ++Columns;
    else
      break;
  }
  return Columns;
}

static bool isIdentifier(StringRef Text) {
  return !Text.empty() && all_of(Text, [](char C) {
    return isAlnum(C) || StringRef("_-.$+").contains(C);
  });
}

Expected<Activity> FragmentReader::decide(StringRef Condition) {
  if (!In.Config)
    return Activity::NotKnown;
  Expected<bool> Holds = In.Config->holds(Condition);
  if (!Holds)
    return fail(Condition,
                inQuotes(Condition) + " " + toString(Holds.takeError()));
  return *Holds ? Activity::Yes : Activity::No;
}

/// `if CONDITION:`, `elif CONDITION:` or `else:`, and what may follow in the
/// same line.
Error FragmentReader::readBranch(StringRef Text, unsigned Indent) {
  StringRef Whole = Text;
  bool IsElse = Text.consume_front("else");
  bool IsElif = !IsElse && Text.consume_front("elif");
  if (!IsElse && !IsElif)
    Text = Text.drop_front(2);
  size_t Colon = Text.find(':');
  if (Colon == StringRef::npos)
    return fail(Whole, "a condition ends in ':', which is missing");
  StringRef Condition = Text.take_front(Colon).trim();
  if (!IsElse && !IsElif)
    Branches.push_back({Indent, Active, Activity::No});
  else if (Branches.empty() || Branches.back().Indent != Indent)
    return fail(Whole, "there is no 'if' of this indentation before it");
  Branch &B = Branches.back();
  Activity Holds = Activity::Yes;
  if (!IsElse) {
    Expected<Activity> Decided = decide(Condition);
    if (!Decided)
      return Decided.takeError();
    Holds = *Decided;
  }
  if (Holds == Activity::NotKnown && B.Condition.empty())
    B.Condition = Condition;
  B.Now = B.Was || Holds == Activity::No ? Activity::No
          : B.MayBe                      ? Activity::NotKnown
                                         : Holds;
  B.Was |= Holds == Activity::Yes;
  B.MayBe |= Holds == Activity::NotKnown;
  Active = B.Outer == Activity::Yes ? B.Now
           : B.Now == Activity::No  ? Activity::No
                                    : B.Outer;
  StringRef Behind = Text.drop_front(Colon + 1).trim();
  return Behind.empty() ? Error::success() : readLine(Behind);
}

/// `[sections:NAME]`, `[scheme:NAME]`, `[mapping:NAME]`
Error FragmentReader::readHeader(StringRef Text) {
  auto [Kind, Rest] = Text.drop_front().split(':');
  Current = Kind.trim() == "sections"  ? Fragment::Sections
            : Kind.trim() == "scheme"  ? Fragment::Scheme
            : Kind.trim() == "mapping" ? Fragment::Mapping
                                       : Fragment::None;
  Name = Rest.take_until([](char C) { return C == ']'; }).trim();
  if (Current == Fragment::None || !Rest.contains(']') || !isIdentifier(Name))
    return fail(Text, inQuotes(Text) + " is not '[sections:NAME]', "
                                       "'[scheme:NAME]' or '[mapping:NAME]'");
  Key = "";
  Declared = Active;
  if (Declared == Activity::No)
    return Error::success();
  if (Current == Fragment::Mapping)
    Mappings.emplace_back();
  else if (Current == Fragment::Scheme ? Schemes.count(Name)
                                       : Lists.count(Name))
    return fail(Text, inQuotes(Name) + " is defined twice");
  else if (Current == Fragment::Scheme)
    Schemes[Name];
  else
    Lists[Name];
  return Error::success();
}

/// `archive:` or `entries:`, and what may stand behind it.
Error FragmentReader::readKey(StringRef Text) {
  auto [Word, Behind] = Text.split(':');
  Key = Word.trim();
  if (Key == "archive" && Current != Fragment::Mapping)
    return fail(Text, "'archive' belongs to a mapping");
  return Behind.trim().empty() ? Error::success() : readEntry(Behind.trim());
}

/// `OBJECT:SYMBOL (SCHEME); SECTIONS->TARGET FLAG…`
Error FragmentReader::readMappingEntry(StringRef Text) {
  auto [Entity, Rest] = Text.split('(');
  auto [Scheme, Flags] = Rest.split(')');
  auto [Object, Symbol] = Entity.split(':');
  MappingEntry Entry{Object.trim(), Symbol.trim(), Scheme.trim(), Flags.trim(),
                     File->place(Text)};
  bool IsWell = Rest.contains(')') && isIdentifier(Entry.Scheme) &&
                (Entry.Object == "*" ? !Entity.contains(':')
                                     : isIdentifier(Entry.Object)) &&
                (!Entity.contains(':') || isIdentifier(Entry.Symbol)) &&
                (Entry.Flags.empty() || Entry.Flags.consume_front(";"));
  if (!IsWell)
    return fail(Text, inQuotes(Text) + " is not 'OBJECT (SCHEME)' or "
                                       "'OBJECT:SYMBOL (SCHEME)'");
  Entry.Flags = Entry.Flags.trim();
  Mappings.back().Entries.push_back(Entry);
  return Error::success();
}

Error FragmentReader::readEntry(StringRef Text) {
  if (Current == Fragment::None || Key.empty())
    return fail(Text, inQuotes(Text) +
                          " stands outside of 'archive:' and 'entries:'");
  if (Active == Activity::No || Declared == Activity::No)
    return Error::success();
  if (Active == Activity::NotKnown) {
    StringRef Condition;
    for (const Branch &B : Branches)
      if (Condition.empty() && B.Now == Activity::NotKnown)
        Condition = B.Condition;
    In.notExpressed(File->place(Text),
                    inQuotes(Text) + " depends on " + inQuotes(Condition) +
                        ", which nothing here decides; give --config");
    return Error::success();
  }
  if (Key == "archive") {
    if (!Mappings.back().Archive.empty())
      return fail(Text, "a mapping has one archive");
    if (Text != "*" && !isIdentifier(Text))
      return fail(Text, inQuotes(Text) + " is not the name of an archive");
    Mappings.back().Archive = Text;
    return Error::success();
  }
  if (Current == Fragment::Mapping)
    return readMappingEntry(Text);
  if (Current == Fragment::Sections) {
    if (!isIdentifier(Text))
      return fail(Text, inQuotes(Text) + " is not the name of a section");
    Lists[Name].Entries.push_back(Text);
    return Error::success();
  }
  auto [Sections, Target] = Text.split("->");
  if (!isIdentifier(Sections.trim()) || !isIdentifier(Target.trim()))
    return fail(Text, inQuotes(Text) + " is not 'SECTIONS -> TARGET'");
  Schemes[Name].push_back({Sections.trim(), Target.trim(), File->place(Text)});
  return Error::success();
}

/// Is \p Text the keyword \p Word, and no name that begins with it?
static bool isWord(StringRef Text, StringRef Word) {
  return Text.consume_front(Word) &&
         (Text.empty() || !(isAlnum(Text.front()) || Text.front() == '_'));
}

Error FragmentReader::readLine(StringRef Line) {
  StringRef Text = Line.trim();
  unsigned Indent = indentOf(Line);
  bool IsNext = isWord(Text, "elif") || isWord(Text, "else");
  // A fragment's header ends all blocks inside of the one before.
  while (!Branches.empty() && (Branches.back().Indent > Indent ||
                               (Branches.back().Indent == Indent && !IsNext))) {
    Active = Branches.back().Outer;
    Branches.pop_back();
  }
  if (IsNext || isWord(Text, "if"))
    return readBranch(Text, Indent);
  if (Text.front() == '[')
    return readHeader(Text);
  StringRef Word = Text.split(':').first.trim();
  if (Current != Fragment::None && Text.contains(':') &&
      (Word == "archive" || Word == "entries"))
    return readKey(Text);
  return readEntry(Text);
}

Error FragmentReader::readFile(const ImportText &F) {
  File = &F;
  Branches.clear();
  Active = Declared = Activity::Yes;
  Current = Fragment::None;
  bool HasAny = false;
  auto WithoutComment = [](StringRef Line) {
    return Line.take_until([](char C) { return C == '#'; }).rtrim();
  };
  for (StringRef Rest = F.Bytes; !Rest.empty();) {
    auto [Whole, Behind] = Rest.split('\n');
    StringRef Line = WithoutComment(Whole);
    // Flags go on where the line before ends in ';' or ','.
    while (!Line.empty() && (Line.back() == ';' || Line.back() == ',') &&
           !Behind.empty()) {
      StringRef Next = WithoutComment(Behind.split('\n').first);
      Behind = Behind.split('\n').second;
      Line = StringRef(Line.data(), Next.end() - Line.data());
    }
    Rest = Behind;
    if (Line.trim().empty())
      continue;
    if (Error E = readLine(Line))
      return E;
    HasAny |= Current != Fragment::None;
  }
  return HasAny ? Error::success()
                : errorIn(F.File, "has no '[mapping:NAME]', '[scheme:NAME]' or "
                                  "'[sections:NAME]'");
}

/// Visits each input section that \p Scheme sends somewhere: its entry, such as
/// `.text+`, and the line of the scheme.
template <typename Visitor>
void FragmentReader::forEachSection(StringRef Scheme, Visitor Visit) {
  auto Found = Schemes.find(Scheme);
  if (Found == Schemes.end())
    return;
  for (const SchemeEntry &E : Found->second) {
    auto List = Lists.find(E.Sections);
    if (List != Lists.end())
      for (StringRef Section : List->second.Entries)
        Visit(Section, E);
  }
}

/// The scheme that `*` of all archives has: what it sends somewhere by a name
/// that only a source can give needs no rule, and serves as a name for others.
void FragmentReader::addBase(const MappingEntry &Entry) {
  HasBase = true;
  forEachSection(Entry.Scheme, [&](StringRef Section, const SchemeEntry &E) {
    bool TakesMore = Section.consume_back("+");
    if (std::optional<SelectedKind> Kind = selectedKindOf(Section))
      Base[size_t(*Kind)] = E.Target.str();
    else
      In.To.Targets[E.Target].Gathered.push_back({Section.str(), TakesMore});
  });
}

void FragmentReader::listFlags(const MappingEntry &Entry) {
  if (Entry.Flags.empty())
    return;
  SmallVector<StringRef, 8> Words; // They may go on in other lines.
  SplitString(Entry.Flags, Words, " \t\r\n");
  std::string Flags = join(Words, " ");
  bool IsKept = Entry.Flags.contains("KEEP");
  In.notExpressed(
      Entry.Where,
      "the flags " + inQuotes(Flags) + " are not part of a policy; " +
          (IsKept ? "mark what must stay '__attribute__((used))', since LTO "
                    "drops what nothing refers to"
                  : "write them around the line of the linker script that "
                    "gathers the section"));
}

/// Adds that \p S sends \p Kind to \p Target, to what is known of the same
/// symbols.
void FragmentReader::add(unsigned Level, Selector S, SelectedKind Kind,
                         StringRef Target) {
  std::string What = std::to_string(Level) + S.File.Archive + '\n' + S.Name;
  for (const std::string &Section : S.Sections)
    What += '\n' + Section;
  auto [At, IsNew] = Known.try_emplace(What, ByLevel[Level].size());
  if (IsNew) {
    S.Targets = {};
    ByLevel[Level].push_back(S);
  }
  std::optional<std::string> &To =
      ByLevel[Level][At->second].Targets[size_t(Kind)];
  if (To && *To != Target)
    In.notExpressed(
        S.Where,
        "goes to " + inQuotes(Target.empty() ? "the default" : Target) +
            " and to " + inQuotes(To->empty() ? "the default" : *To) + " by " +
            prefixOf(ByLevel[Level][At->second].Where) + "keep one of them");
  else
    To = Target.str();
}

void FragmentReader::addMapping(const Mapping &M, const MappingEntry &Entry) {
  listFlags(Entry);
  Selector S;
  S.Where = Entry.Where;
  unsigned Level = !Entry.Symbol.empty() ? 0 : Entry.Object != "*" ? 1 : 2;
  S.File.Archive = M.Archive == "*" ? "*" : literalGlob(M.Archive);
  if (Level < 2) {
    S.File.Archive += "(" + literalGlob(Entry.Object) + ".*)";
    S.Compiled = "**/" + literalGlob(Entry.Object) + ".*";
  }
  S.Name = literalGlob(Entry.Symbol);
  if (!Schemes.count(Entry.Scheme)) {
    if (Entry.Scheme != "default" || HasBase)
      return In.notExpressed(Entry.Where,
                             "the scheme " + inQuotes(Entry.Scheme) +
                                 " is defined in none of the files; give the "
                                 "one that defines it, too");
    for (size_t K = 0; K < SelectedKindCount; ++K)
      add(Level, S, SelectedKind(K), "");
    return;
  }
  forEachSection(Entry.Scheme, [&](StringRef Section, const SchemeEntry &E) {
    bool TakesMore = Section.consume_back("+");
    if (std::optional<SelectedKind> Kind = selectedKindOf(Section)) {
      bool Stays = Base[size_t(*Kind)] == E.Target.str();
      return add(Level, S, *Kind, Stays ? "" : E.Target);
    }
    // It may go there whichever file it is of.
    auto Target = In.To.Targets.find(E.Target);
    if (Target != In.To.Targets.end() &&
        any_of(Target->second.Gathered,
               [&](const GatheredSection &G) { return G.Name == Section; }))
      return;
    Selector OfSection = S;
    selectSection(OfSection, Section, TakesMore, E.Target);
    for (size_t K = 0; K < SelectedKindCount; ++K)
      if (OfSection.Targets[K])
        add(Level, OfSection, SelectedKind(K), E.Target);
  });
}

/// A rule that places variables of a file takes constants, too. Where an entry
/// does not say where those go, its object or archive does.
void FragmentReader::inherit(unsigned Level) {
  for (Selector &S : ByLevel[Level]) {
    const std::optional<std::string> &Data =
        S.Targets[size_t(SelectedKind::Data)];
    if (!Data || Data->empty() || !S.Sections.empty())
      continue;
    StringRef Archive = StringRef(S.File.Archive).split('(').first;
    for (unsigned Above = Level + 1; Above < 3; ++Above)
      for (const Selector &Broader : ByLevel[Above])
        if (Broader.File.Archive == S.File.Archive ||
            Broader.File.Archive == Archive)
          for (size_t K = 0; K < SelectedKindCount; ++K)
            if (!S.Targets[K] && Broader.Sections.empty())
              S.Targets[K] = Broader.Targets[K];
  }
}

void FragmentReader::addSelectors() {
  for (auto &[Scheme, Entries] : Schemes)
    for (const SchemeEntry &E : Entries)
      if (!Lists.count(E.Sections))
        In.notExpressed(E.Where, "the sections " + inQuotes(E.Sections) +
                                     " are defined in none of the files; give "
                                     "the one that defines them, too");
  auto IsBase = [](const Mapping &M, const MappingEntry &E) {
    return M.Archive == "*" && E.Object == "*";
  };
  for (const Mapping &M : Mappings)
    for (const MappingEntry &E : M.Entries)
      if (IsBase(M, E))
        addBase(E);
  for (const Mapping &M : Mappings)
    for (const MappingEntry &E : M.Entries)
      if (M.Archive.empty())
        In.notExpressed(E.Where, "the archive of this entry is not known");
      else if (!IsBase(M, E))
        addMapping(M, E);
  for (unsigned Level : {1, 0})
    inherit(Level);
  for (const Selector &S : ByLevel[2])
    if (const auto &Code = S.Targets[size_t(SelectedKind::Code)];
        Code && !Code->empty())
      In.notExpressed(S.Where, inlinedFromArchive(S.File.Archive));
  for (std::vector<Selector> &Level : ByLevel) {
    // No symbol is in two of a level: what goes the same way is one rule.
    llvm::sort(Level, [](const Selector &A, const Selector &B) {
      return std::tie(A.Targets, A.Where.File, A.Where.Line, A.Sections) <
             std::tie(B.Targets, B.Where.File, B.Where.Line, B.Sections);
    });
    append_range(In.To.Selectors, Level);
  }
}

Error readFragments(ArrayRef<ImportText> Files, ImportContext &In) {
  FragmentReader Reader(In);
  for (const ImportText &File : Files)
    if (Error E = Reader.readFile(File))
      return E;
  Reader.addSelectors();
  return Error::success();
}

} // namespace section_placement
