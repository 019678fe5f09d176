//===- RelocationReader.cpp - Zephyr's code relocation --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Zephyr moves source files to a region, as a whole or by kind of section:
//
//     zephyr_code_relocate(FILES src/a.c LOCATION SRAM2_TEXT NOKEEP)
//
// Its build system writes each call as a line for gen_relocate_app.py:
//
//     SRAM2_TEXT:COPY;NOKEEP:/app/src/a.c,FILTER
//
// Both are read: the list says what a build did, and the call is what a user
// has. A call stands in a program, of which `if(CONFIG_NAME)` is decided by the
// build's configuration. What else decides is not known, and reported.
//
//===----------------------------------------------------------------------===//

#include "ImportReaders.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
/// One call, or one line.
struct Relocation {
  Place Where;
  StringRef Location; ///< `SRAM2_TEXT_DATA`
  bool IsKept = true, IsCopied = true;
  StringRef Header; ///< A program header.
  StringRef Filter; ///< A regular expression on names of sections.
};

/// What a location selects, and where that goes.
struct Region {
  std::string Name;
  bool IsSelected[SelectedKindCount] = {};
  bool HasNoInit = false;
  bool HasAlignment = false;
};
} // namespace

/// As gen_relocate_app.py takes it apart: the words in any order and place.
static Region regionOf(StringRef Location) {
  struct Word {
    StringRef Text;
    std::optional<SelectedKind> Kind;
  };
  static const Word Words[] = {
      {"_TEXT", SelectedKind::Code}, {"_RODATA", SelectedKind::Constants},
      {"_DATA", SelectedKind::Data}, {"_BSS", SelectedKind::Zeros},
      {"_NOINIT", std::nullopt},     {"_LITERAL", SelectedKind::Code}};
  Region Result;
  Result.Name = Location.str();
  bool HasAny = false;
  for (const Word &W : Words)
    if (size_t At = Result.Name.find(W.Text.str()); At != std::string::npos) {
      Result.Name.erase(At, W.Text.size());
      HasAny = true;
      if (W.Kind)
        Result.IsSelected[size_t(*W.Kind)] = true;
      else
        Result.HasNoInit = true;
    }
  if (!HasAny) {
    std::fill(std::begin(Result.IsSelected), std::end(Result.IsSelected), true);
    Result.HasNoInit = true;
  }
  auto [Name, Alignment] = StringRef(Result.Name).split('_');
  unsigned Bytes;
  if (!Alignment.empty() && !Alignment.getAsInteger(10, Bytes)) {
    Result.HasAlignment = true;
    Result.Name = Name.str();
  }
  return Result;
}

/// The globs on names that the filter means, which Zephyr searches for in
/// `.text.NAME`: nothing where it is more than names with `.*` around them.
static std::optional<std::vector<std::string>> namesOf(StringRef Filter) {
  std::vector<std::string> Globs;
  SmallVector<StringRef, 4> Parts;
  if (Filter.empty() || Filter == ".*")
    return Globs;
  Filter.split(Parts, '|');
  for (StringRef Part : Parts) {
    bool IsWhole = Part.consume_front(".*\\.") || Part.consume_front("\\.");
    Part.consume_front(".*");
    bool Ends = Part.consume_back("$");
    Part.consume_back(".*");
    bool IsName = !Part.empty() &&
                  all_of(Part, [](char C) { return isAlnum(C) || C == '_'; });
    // It could be found in `.text` itself.
    for (StringRef Family :
         {"text", "rodata", "data", "bss", "literal", "noinit"})
      IsName &= !Family.contains(Part);
    if (!IsName)
      return std::nullopt;
    Globs.push_back((IsWhole ? "" : "*") + Part.str() + (Ends ? "" : "*"));
  }
  return Globs;
}

/// Adds what \p R says of \p File.
static void addRelocation(const Relocation &R, const SelectedFile &File,
                          ImportContext &In) {
  Region To = regionOf(R.Location);
  std::optional<std::vector<std::string>> Names = namesOf(R.Filter);
  if (!Names)
    return In.notExpressed(R.Where,
                           "the filter " + inQuotes(R.Filter) +
                               " is more than names with '.*' around them; "
                               "write a rule with 'function'");
  if (Names->empty())
    Names->push_back("");
  if (!R.Header.empty())
    In.notExpressed(R.Where, "the program header " + inQuotes(R.Header) +
                                 " is not part of a policy; write it behind "
                                 "the output section");
  if (To.HasAlignment)
    In.notExpressed(R.Where, "the alignment of " + inQuotes(R.Location) +
                                 " is not part of a policy; write ALIGN in the "
                                 "output section");
  ImportTarget &Target = In.To.Targets[To.Name];
  Target.IsKept |= R.IsKept;
  Target.IsCopied |= R.IsCopied;
  if (!File.Archive.empty() && To.IsSelected[size_t(SelectedKind::Code)])
    In.notExpressed(R.Where, inlinedFromArchive(File.Archive));
  for (const std::string &Name : *Names) {
    Selector S;
    S.Where = R.Where;
    S.File = File;
    S.Name = Name;
    if (To.HasNoInit) {
      Selector NoInit = S;
      selectSection(NoInit, ".noinit", true, To.Name);
      In.First.push_back(std::move(NoInit));
    }
    for (size_t K = 0; K < SelectedKindCount; ++K)
      if (To.IsSelected[K])
        S.Targets[K] = To.Name;
    if (any_of(S.Targets, [](const auto &T) { return T.has_value(); }))
      In.To.Selectors.push_back(std::move(S));
  }
}

/// \p Path of \p Folder as a glob on sources.
static std::string sourceGlob(StringRef Path, StringRef Folder,
                              StringRef Root) {
  std::string Name = SourceRoot(Root).relative(Path, Folder);
  bool IsPattern = StringRef(Name).find_first_of("*?") != StringRef::npos;
  return IsPattern ? globText(Name) : literalGlob(Name);
}

/// Adds \p R for a file that the build names, unless only the build knows it.
static void addFile(const Relocation &R, StringRef Path, StringRef Folder,
                    StringRef Root, ImportContext &In) {
  if (Path.contains('$'))
    return In.notExpressed(R.Where, "the file " + inQuotes(Path) +
                                        " is known to the build alone; import "
                                        "the list that the build writes for "
                                        "gen_relocate_app.py");
  addRelocation(R, {"", sourceGlob(Path, Folder, Root)}, In);
}

static bool setFlag(Relocation &R, StringRef Flag) {
  if (Flag == "NOKEEP")
    R.IsKept = false;
  else if (Flag == "NOCOPY")
    R.IsCopied = false;
  else
    return Flag == "COPY" || Flag == "KEEP" || Flag.empty();
  return true;
}

Error readRelocations(const ImportText &File, StringRef Root,
                      ImportContext &In) {
  auto Fail = [&](StringRef At) {
    return errorAt(File.place(At),
                   inQuotes(At) + " is not 'REGION:FLAGS:FILE,FILTER'");
  };
  for (StringRef Rest = File.Bytes; !Rest.empty();) {
    auto [Whole, Behind] = Rest.split('\n');
    Rest = Behind;
    StringRef Line = Whole.trim();
    if (Line.empty())
      continue;
    Relocation R;
    R.Where = File.place(Line);
    auto [Location, More] = Line.split(':');
    if (Location.back() == ' ') { // `SRAM2\ :HEADER:…`
      std::tie(R.Header, More) = More.split(':');
      Location = Location.rtrim(" \\");
    }
    R.Location = Location;
    auto [Flags, Named] = More.split(':');
    SmallVector<StringRef, 4> Words, Files;
    Flags.split(Words, ';');
    bool HasFlags = More.contains(':') &&
                    all_of(Words, [&](StringRef W) { return setFlag(R, W); });
    if (Location.empty() || More.empty())
      return Fail(Line);
    if (!HasFlags) { // `REGION:FILE,REGION:FILE`, as before Zephyr 3.
      SmallVector<StringRef, 4> Pairs;
      Line.split(Pairs, ',', -1, /*KeepEmpty=*/false);
      for (StringRef Pair : Pairs) {
        auto [Region, Path] = Pair.split(':');
        R.Where = File.place(Pair);
        R.Location = Region;
        if (Region.empty() || Path.empty())
          return Fail(Pair);
        addFile(R, Path, "", Root, In);
      }
      continue;
    }
    auto [Paths, Filter] = Named.split(',');
    R.Filter = Filter;
    Paths.split(Files, ';', -1, /*KeepEmpty=*/false);
    for (StringRef Path : Files)
      addFile(R, Path, "", Root, In);
  }
  return Error::success();
}

namespace {
/// A block of CMake's around the commands that are being read.
struct Block {
  StringRef Kind;            ///< `if`, `foreach`, …
  std::optional<bool> Holds; ///< Nothing where that is not known.
  bool WasTaken = false;     ///< A branch before this one has been.
  bool MayBeTaken = false;   ///< One before may have been.
};

class CMakeReader {
public:
  CMakeReader(const ImportText &File, StringRef Root, ImportContext &In)
      : File(File), Root(Root), In(In), Rest(File.Bytes) {}

  Error read();

private:
  void skipSpace();
  StringRef bracketed();
  Expected<std::vector<StringRef>> readArguments();
  Error readCommand(StringRef Name, ArrayRef<StringRef> Words);
  Error readCall(StringRef Name, ArrayRef<StringRef> Words);
  std::optional<bool> decide(ArrayRef<StringRef> Condition);
  std::optional<bool> isActive() const;

  const ImportText &File;
  StringRef Root;
  ImportContext &In;
  StringRef Rest;
  std::vector<Block> Blocks;
  bool HasCall = false;
};
} // namespace

/// `[[…]]`, `[=[…]=]`: its whole text, or nothing.
StringRef CMakeReader::bracketed() {
  StringRef Text = Rest;
  if (!Text.consume_front("["))
    return "";
  size_t Equals = Text.take_while([](char C) { return C == '='; }).size();
  if (Text.substr(Equals, 1) != "[")
    return "";
  std::string End = "]" + std::string(Equals, '=') + "]";
  size_t At = Rest.find(End, Equals + 2);
  return At == StringRef::npos ? Rest : Rest.take_front(At + End.size());
}

void CMakeReader::skipSpace() {
  for (;;) {
    Rest = Rest.ltrim();
    if (Rest.take_front(1) != "#")
      return;
    Rest = Rest.drop_front();
    StringRef Bracket = bracketed();
    Rest =
        Rest.drop_front(Bracket.empty() ? std::min(Rest.find('\n'), Rest.size())
                                        : Bracket.size());
  }
}

/// The words up to the bracket that closes the command.
Expected<std::vector<StringRef>> CMakeReader::readArguments() {
  std::vector<StringRef> Words;
  StringRef Begin = Rest;
  unsigned Depth = 0;
  for (;;) {
    skipSpace();
    if (Rest.empty())
      return errorAt(File.place(Begin), "the command's ')' is missing");
    if (Rest.front() == ')' && !Depth--) {
      Rest = Rest.drop_front();
      return Words;
    }
    StringRef Word = bracketed();
    if (Word.empty() && Rest.front() == '"') {
      size_t End = 1;
      while (End < Rest.size() && Rest[End] != '"')
        End += 1 + (Rest[End] == '\\');
      Word = Rest.take_front(std::min(End, Rest.size() - 1) + 1);
      Words.push_back(Word.drop_front().drop_back(Word.size() > 1));
    } else if (Word.empty()) {
      // `$<…>` may hold anything but what ends a word.
      Word = Rest.take_until([](char C) {
        return isSpace(C) || C == '(' || C == ')' || C == '#' || C == '"';
      });
      if (Word.empty())
        Word = Rest.take_front();
      Depth += Word == "(";
      Words.push_back(Word);
    } else {
      Words.push_back(Word);
    }
    Rest = Rest.drop_front(Word.size());
  }
}

/// A condition of names that the configuration has.
std::optional<bool> CMakeReader::decide(ArrayRef<StringRef> Condition) {
  std::string Text;
  if (!In.Config || Condition.empty())
    return std::nullopt;
  for (StringRef Word : Condition) {
    if (Word != "NOT" && Word != "AND" && Word != "OR" && Word != "(" &&
        Word != ")" && Word.take_front(7) != "CONFIG_")
      return std::nullopt;
    Text += Word == "NOT"   ? "!"
            : Word == "AND" ? "&&"
            : Word == "OR"  ? "||"
                            : Word.str();
  }
  Expected<bool> Holds = In.Config->holds(Text);
  if (Holds)
    return *Holds;
  consumeError(Holds.takeError());
  return std::nullopt;
}

/// Is what stands here run?
std::optional<bool> CMakeReader::isActive() const {
  std::optional<bool> Result = true;
  for (const Block &B : Blocks) {
    if (B.Holds == false)
      return false;
    if (!B.Holds)
      Result = std::nullopt;
  }
  return Result;
}

Error CMakeReader::readCall(StringRef Name, ArrayRef<StringRef> Words) {
  Relocation R;
  R.Where = File.place(Name);
  HasCall = true;
  std::optional<bool> Active = isActive();
  if (Name.contains("_ifdef") && !Words.empty()) {
    std::optional<bool> Holds = decide(Words.take_front());
    Active = Active == false || Holds == false ? std::optional(false)
             : Active && Holds                 ? Holds
                                               : std::nullopt;
    Words = Words.drop_front();
  }
  if (Active == false)
    return Error::success();
  if (!Active) {
    In.notExpressed(R.Where,
                    "the call stands behind a condition or in a block that "
                    "nothing here decides; give --config, or import the list "
                    "that the build writes for gen_relocate_app.py");
    return Error::success();
  }
  std::vector<StringRef> Files;
  StringRef Library, Key;
  static const StringRef Keys[] = {"FILES", "LIBRARY", "LOCATION", "PHDR",
                                   "FILTER"};
  // `zephyr_code_relocate(FILE LOCATION)` is an older form.
  if (Words.size() == 2 && !is_contained(Keys, Words[0])) {
    Files = {Words[0]};
    R.Location = Words[1];
    Words = {};
  }
  for (StringRef Word : Words) {
    if (is_contained(Keys, Word)) {
      Key = Word;
    } else if (Word == "NOCOPY" || Word == "NOKEEP") {
      setFlag(R, Word);
      Key = "";
    } else if (Key == "FILES") {
      Files.push_back(Word);
    } else if (Key.empty()) {
      return errorAt(File.place(Word), "unexpected argument " + inQuotes(Word));
    } else {
      (Key == "LIBRARY"    ? Library
       : Key == "LOCATION" ? R.Location
       : Key == "PHDR"     ? R.Header
                           : R.Filter) = Word;
      Key = "";
    }
  }
  if (R.Location.empty() || Files.empty() == Library.empty())
    return errorAt(R.Where, "zephyr_code_relocate needs LOCATION, and either "
                            "FILES or LIBRARY");
  if (R.Location.contains('$') || Library.contains('$')) {
    In.notExpressed(R.Where, "the arguments are known to the build alone; "
                             "import the list that the build writes for "
                             "gen_relocate_app.py");
    return Error::success();
  }
  for (StringRef Path : Files)
    addFile(R, Path, sys::path::parent_path(File.File), Root, In);
  if (!Library.empty())
    addRelocation(R, {literalGlob(("lib" + Library + ".a").str()), ""}, In);
  return Error::success();
}

Error CMakeReader::readCommand(StringRef Name, ArrayRef<StringRef> Words) {
  std::string Lower = Name.lower();
  StringRef Word = Lower;
  if (Word == "zephyr_code_relocate" || Word == "zephyr_code_relocate_ifdef")
    return readCall(Name, Words);
  if (Word == "if") {
    Block B{"if", decide(Words)};
    B.WasTaken = B.Holds == true;
    B.MayBeTaken = !B.Holds;
    Blocks.push_back(B);
  } else if (Word == "foreach" || Word == "while" || Word == "function" ||
             Word == "macro") {
    Blocks.push_back({Name, std::nullopt});
  } else if ((Word == "elseif" || Word == "else") && !Blocks.empty()) {
    Block &B = Blocks.back();
    std::optional<bool> Holds =
        Word == "else" ? std::optional(true) : decide(Words);
    B.Holds = B.WasTaken || Holds == false ? std::optional(false)
              : B.MayBeTaken               ? std::nullopt
                                           : Holds;
    B.WasTaken |= Holds == true;
    B.MayBeTaken |= !Holds;
  } else if (Word.take_front(3) == "end" && !Blocks.empty()) {
    Blocks.pop_back();
  }
  return Error::success();
}

Error CMakeReader::read() {
  for (skipSpace(); !Rest.empty(); skipSpace()) {
    StringRef Name =
        Rest.take_while([](char C) { return isAlnum(C) || C == '_'; });
    StringRef At = Rest;
    Rest = Rest.drop_front(Name.size()).ltrim();
    if (Name.empty() || !Rest.consume_front("("))
      return errorAt(File.place(At), "is not CMake: a command is "
                                     "'name(arguments)'");
    Expected<std::vector<StringRef>> Words = readArguments();
    if (!Words)
      return Words.takeError();
    if (Error E = readCommand(Name, *Words))
      return E;
  }
  return HasCall ? Error::success()
                 : errorIn(File.File, "has no call of zephyr_code_relocate");
}

Error readRelocateCalls(const ImportText &File, StringRef Root,
                        ImportContext &In) {
  return CMakeReader(File, Root, In).read();
}

} // namespace section_placement
