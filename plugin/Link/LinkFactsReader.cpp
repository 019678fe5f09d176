//===- LinkFactsReader.cpp - A link command, read -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinkerScript.h"
#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Link/LinkOptions.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

namespace {
class FactsReader {
public:
  explicit FactsReader(bool IsOfDriver, bool AddsInputs = false)
      : IsOfDriver(IsOfDriver) {
    Facts.HasMoreInputs = AddsInputs;
  }
  LinkFacts read(ArrayRef<CommandWord> Words);

private:
  void take(LinkOption What, StringRef Value, const CommandWord &Word);
  void takeInput(StringRef Path, const CommandWord &Word);
  void takeList(std::vector<std::string> &To, StringRef Path,
                const CommandWord &Word);
  std::string addLibrary(StringRef Name, bool IsStatic, bool IsWhole);
  void addFile(const std::string &Path, bool IsWhole, bool IsLazy) {
    Facts.Resolved.push_back({Path, IsWhole, IsLazy});
    Facts.Inputs.push_back(Path);
  }
  void keep(StringRef Name) {
    Facts.Script.Kept.push_back({Name.str(), false, /*IsExact=*/true});
  }
  void takeLLVM(StringRef Value);
  void takeLevel(StringRef Value);
  void readScripts();
  std::string findLibrary(StringRef Name, bool IsStatic) const;
  std::string findInFolders(StringRef Name) const;
  std::string findScript(StringRef Name) const;
  void notKnown(const Twine &What, const CommandWord *Word = nullptr) {
    Facts.Script.Unread.push_back({Word ? Word->place() : Place(), What.str()});
  }

  /// An input, or the name of a library to look for once all folders are
  /// known: they count wherever they stand.
  struct Input {
    std::string Name;
    bool IsLibrary, IsStatic, IsWhole, IsLazy;
    const CommandWord *Word;
  };

  bool IsOfDriver;
  LinkFacts Facts;
  std::vector<Input> Inputs;
  std::vector<std::string> Folders, VersionScripts, DynamicLists;
  std::string Sysroot;
  std::string Entry, Init = "_init", Fini = "_fini";
  bool IsRelocatable = false, IsShared = false, IsBinary = false;
  std::optional<bool> IsPie;
  /// At this place: of libraries the archives, of archives all members, and of
  /// objects those that are asked for.
  bool TakesStatic = false, TakesWhole = false, IsLazy = false;
  SmallVector<std::pair<bool, bool>, 2> Saved; ///< The first two.
  bool IsCodeModelNext = false;
};
} // namespace

/// `2`, and the words that only a driver knows.
static std::optional<unsigned> levelOf(StringRef Value) {
  if (Value.size() == 1 && Value[0] >= '0' && Value[0] <= '3')
    return Value[0] - '0';
  return StringSwitch<std::optional<unsigned>>(Value)
      .Case("s", 2)
      .Case("z", 2)
      .Case("", 1)
      .Case("g", 1)
      .Case("4", 3)
      .Case("fast", 3)
      .Default(std::nullopt);
}

void FactsReader::takeLevel(StringRef Value) {
  Facts.LTOLevel = levelOf(Value).value_or(Facts.LTOLevel);
}

/// Of `-mllvm` and `--plugin-opt`, which is LTO's level as well:
/// `-code-model=large`, in one word or two.
void FactsReader::takeLLVM(StringRef Value) {
  if (IsCodeModelNext) {
    Facts.CodeModel = Value.str();
    IsCodeModelNext = false;
    return;
  }
  if (Value.size() == 2 && Value[0] == 'O')
    return takeLevel(Value.drop_front());
  if (!Value.consume_front("-"))
    return;
  Value.consume_front("-");
  if (Value.consume_front("code-model=") || Value.consume_front("code-model"))
    (Value.empty() ? (void)(IsCodeModelNext = true)
                   : (void)(Facts.CodeModel = Value.str()));
}

/// A driver compiles what is source code, and links an object of no name.
void FactsReader::takeInput(StringRef Path, const CommandWord &Word) {
  if (IsBinary) // `-b binary`: the bytes of a file as data, whatever they are.
    return;
  static const StringRef SourceEndings[] = {".c",  ".cc", ".cpp", ".cxx", ".C",
                                            ".m",  ".mm", ".s",   ".S",   ".i",
                                            ".ii", ".ll", ".f90", ".f"};
  if (IsOfDriver && is_contained(SourceEndings, sys::path::extension(Path)))
    return notKnown("'" + Path +
                        "' is compiled by the link command, so its object is "
                        "in no file",
                    &Word);
  Inputs.push_back({Path.str(), false, TakesStatic, TakesWhole, IsLazy, &Word});
}

void FactsReader::takeList(std::vector<std::string> &To, StringRef Path,
                           const CommandWord &Word) {
  To.push_back(Path.str());
  Facts.Named.try_emplace(Path, Word);
}

void FactsReader::take(LinkOption What, StringRef Value,
                       const CommandWord &Word) {
  switch (What) {
  case LinkOption::Input:
    return takeInput(Value, Word);
  case LinkOption::Distributed:
  case LinkOption::Ignored:
  case LinkOption::LoadPlugin:
    return;
  case LinkOption::BsymbolicAll:
    Facts.Symbolic = SymbolicKind::All;
    return;
  case LinkOption::BsymbolicFunctions:
    Facts.Symbolic = SymbolicKind::Functions;
    return;
  case LinkOption::BsymbolicNone:
    Facts.Symbolic = SymbolicKind::None;
    return;
  case LinkOption::BsymbolicNonWeak:
    Facts.Symbolic = SymbolicKind::NonWeak;
    return;
  case LinkOption::BsymbolicNonWeakFunctions:
    Facts.Symbolic = SymbolicKind::NonWeakFunctions;
    return;
  case LinkOption::CacheFolder:
    Facts.CacheFolder = Value.str();
    return;
  case LinkOption::LLVM:
    return takeLLVM(Value);
  case LinkOption::LTOEffort:
    Facts.LTOEffort = levelOf(Value);
    return;
  case LinkOption::LTOLevel:
    return takeLevel(Value);
  case LinkOption::Optimize:
    // A linker's own -O is of its strings and sections.
    if (IsOfDriver)
      takeLevel(Value);
    return;
  case LinkOption::Defsym:
    return readDefsym(Value, Facts.Script);
  case LinkOption::Dynamic:
    TakesStatic = false;
    return;
  case LinkOption::DynamicList:
    Facts.HasDynamicList = true;
    return takeList(DynamicLists, Value, Word);
  case LinkOption::StartLib:
  case LinkOption::EndLib:
    IsLazy = What == LinkOption::StartLib;
    return;
  case LinkOption::WholeArchive:
  case LinkOption::NoWholeArchive:
    TakesWhole = What == LinkOption::WholeArchive;
    return;
  case LinkOption::Entry:
    Entry = Value.str();
    return;
  case LinkOption::ExcludeLibs: {
    SmallVector<StringRef, 4> Names;
    SplitString(Value, Names, ",:");
    for (StringRef Name : Names)
      Facts.ExcludedLibs.push_back(Name.str());
    return;
  }
  case LinkOption::ExportDynamic:
    Facts.ExportsDynamic = true;
    return;
  case LinkOption::ExportDynamicSymbol:
    Facts.Script.DynamicList.push_back(
        {Value.str(), false, Value.find_first_of("*?[") == StringRef::npos});
    return;
  case LinkOption::ExportDynamicSymbolList:
    return takeList(DynamicLists, Value, Word);
  case LinkOption::FatObjects:
    Facts.TakesFatBitcode = true;
    return;
  case LinkOption::Fini:
    Fini = Value.str();
    return;
  case LinkOption::Folder:
    Folders.push_back(Value.str());
    return;
  case LinkOption::Format:
    IsBinary = Value == "binary";
    return;
  case LinkOption::Init:
    Init = Value.str();
    return;
  case LinkOption::JustSymbols:
    return notKnown("--just-symbols=" + Value +
                        " defines symbols that are not read",
                    &Word);
  case LinkOption::Library:
    Inputs.push_back(
        {Value.str(), true, TakesStatic, TakesWhole, IsLazy, &Word});
    return;
  case LinkOption::NoExportDynamic:
    Facts.ExportsDynamic = false;
    return;
  case LinkOption::NoFatObjects:
    Facts.TakesFatBitcode = false;
    return;
  case LinkOption::Pie:
  case LinkOption::NoPie:
    IsPie = What == LinkOption::Pie;
    return;
  case LinkOption::Output:
    Facts.Output = Value.str();
    return;
  case LinkOption::PopState:
    if (!Saved.empty())
      std::tie(TakesStatic, TakesWhole) = Saved.pop_back_val();
    return;
  case LinkOption::PushState:
    Saved.push_back({TakesStatic, TakesWhole});
    return;
  case LinkOption::Relocatable:
    IsRelocatable = true;
    return;
  case LinkOption::Script:
    return takeList(Facts.Scripts, Value, Word);
  case LinkOption::Shared:
    IsShared = true;
    return;
  case LinkOption::Static:
    TakesStatic = true;
    return;
  case LinkOption::StaticLink:
    TakesStatic = Facts.IsStatic = true;
    return;
  case LinkOption::SymbolOrder:
    Facts.SymbolOrderFile = Value.str();
    return;
  case LinkOption::Sysroot:
    Sysroot = Value.str();
    return;
  case LinkOption::Undefined:
    return keep(Value);
  case LinkOption::UndefinedGlob:
    Facts.Script.Kept.push_back({Value.str(), false, false});
    return;
  case LinkOption::VersionScript:
    return takeList(VersionScripts, Value, Word);
  case LinkOption::Wrap:
    Facts.Wrapped.push_back(Value.str());
    return;
  }
}

/// In each folder of -L, `=` standing for the sysroot.
std::string FactsReader::findInFolders(StringRef Name) const {
  for (StringRef Folder : Folders) {
    SmallString<128> Path;
    if (Folder.consume_front("="))
      Path = Sysroot;
    sys::path::append(Path, Folder, Name);
    if (sys::fs::exists(Path))
      return Path.str().str();
  }
  return "";
}

/// As lld's searchLibrary: in each folder the shared one before the archive.
/// Empty where there is none.
std::string FactsReader::findLibrary(StringRef Name, bool IsStatic) const {
  if (Name.consume_front(":"))
    return findInFolders(Name);
  for (StringRef Folder : Folders) {
    SmallString<128> Path;
    if (Folder.consume_front("="))
      Path = Sysroot;
    sys::path::append(Path, Folder, "lib" + Name);
    if (!IsStatic && sys::fs::exists(Path + ".so"))
      return (Path + ".so").str();
    if (sys::fs::exists(Path + ".a"))
      return (Path + ".a").str();
  }
  return "";
}

/// A shared one has nothing that affinity could be read from, and may refer to
/// what the link defines.
/// Gives its path; empty where it is nowhere.
std::string FactsReader::addLibrary(StringRef Name, bool IsStatic,
                                    bool IsWhole) {
  std::string Path = findLibrary(Name, IsStatic);
  if (Path.empty()) {
    Facts.HasMoreInputs |= IsOfDriver;
  } else if (Name.take_front(1) != ":" &&
             StringRef(Path).take_back(3) == ".so") {
    Facts.Resolved.push_back({Path, IsWhole, false});
    Facts.SharedLibraries.push_back(Path);
  } else {
    addFile(Path, IsWhole, false);
  }
  return Path;
}

/// As lld's searchScript: where it stands, then in each folder of -L.
std::string FactsReader::findScript(StringRef Name) const {
  return sys::fs::exists(Name) ? Name.str() : findInFolders(Name);
}

/// An input that is no object, archive or bitcode is a linker script to lld.
static bool isScript(StringRef Path) {
  file_magic Magic;
  return sys::fs::is_regular_file(Path) && !identify_magic(Path, Magic) &&
         Magic == file_magic::unknown;
}

void FactsReader::readScripts() {
  auto Find = [&](StringRef Name) { return findScript(Name); };
  for (std::string &Script : Facts.Scripts) {
    std::string Found = findScript(Script);
    if (auto Word = Facts.Named.find(Script);
        !Found.empty() && Word != Facts.Named.end())
      Facts.Named.try_emplace(Found, Word->second);
    if (!Found.empty())
      Script = Found;
    readLinkerScript(Script, Find, Facts.Script);
  }
  for (const std::string &Path : Facts.Inputs)
    if (isScript(Path)) {
      Facts.Scripts.push_back(Path);
      readLinkerScript(Path, Find, Facts.Script);
    }
  append_range(Folders, Facts.Script.Folders);
  for (const std::string &Name : Facts.Script.Inputs) {
    StringRef Library = Name;
    if (Library.consume_front("-l"))
      addLibrary(Library, TakesStatic, TakesWhole);
    else if (std::string Found = findScript(Name); !Found.empty())
      addFile(Found, TakesWhole, false);
  }
  // A script in place of a shared library names others.
  for (size_t I = 0; I < Facts.SharedLibraries.size(); ++I) {
    std::string Path = Facts.SharedLibraries[I];
    if (!isScript(Path))
      continue;
    ScriptFacts Named; // `GROUP(libc.so.6 libc_nonshared.a)`
    readLinkerScript(Path, Find, Named);
    for (StringRef Name : Named.Inputs) {
      std::string Found = Name.consume_front("-l") ? findLibrary(Name, false)
                                                   : findScript(Name);
      if (!Found.empty() && !is_contained(Facts.SharedLibraries, Found)) {
        Facts.Resolved.push_back({Found, false, false});
        Facts.SharedLibraries.push_back(std::move(Found));
      }
    }
  }
  for (const std::string &Path : VersionScripts)
    readVersionScript(findScript(Path).empty() ? Path : findScript(Path),
                      Facts.Script);
  for (const std::string &Path : DynamicLists)
    readDynamicList(Path, Facts.Script);
}

LinkFacts FactsReader::read(ArrayRef<CommandWord> Words) {
  forEachLinkOption(Words,
                    [&](LinkOption What, StringRef Value,
                        const CommandWord &Word) { take(What, Value, Word); });
  if (Facts.Output.empty())
    Facts.Output = "a.out";
  Facts.Kind = IsRelocatable           ? OutputKind::Relocatable
               : IsShared              ? OutputKind::Shared
               : IsPie.value_or(false) ? OutputKind::PIE
                                       : OutputKind::Executable;
  Facts.IsKindKnown =
      !IsOfDriver || IsRelocatable || IsShared || IsPie || Facts.IsStatic;
  if (!Facts.IsKindKnown)
    notKnown("whether the compiler driver links a position-independent "
             "executable by default; give -pie or -no-pie");
  if (!IsShared && Entry.empty())
    Entry = "_start";
  keep(Entry);
  Facts.KeptIfLinked = {Init, Fini};
  if (IsRelocatable)
    Facts.HasMoreInputs = false;
  for (const Input &I : Inputs) {
    if (!I.IsLibrary)
      addFile(I.Name, I.IsWhole, I.IsLazy);
    Facts.Named.try_emplace(
        I.IsLibrary ? addLibrary(I.Name, I.IsStatic, I.IsWhole) : I.Name,
        *I.Word);
  }
  readScripts();
  Facts.finish();
  return std::move(Facts);
}

/// What runs another program.
static bool isLauncher(StringRef Program) {
  static const StringRef Launchers[] = {"env",    "ccache", "sccache",
                                        "distcc", "nice",   "time"};
  return is_contained(Launchers, sys::path::filename(Program)) ||
         (!Program.empty() && Program[0] != '-' && Program[0] != '@' &&
          Program.contains('=') && !Program.contains('/'));
}

Expected<LinkFacts> parseLinkCommand(ArrayRef<CommandWord> Arguments) {
  Expected<std::vector<CommandWord>> Words = expandResponseFiles(Arguments);
  if (!Words)
    return Words.takeError();
  return FactsReader(/*IsOfDriver=*/false).read(*Words);
}

Expected<LinkFacts> readLinkFacts(ArrayRef<CommandWord> Words) {
  while (!Words.empty() && isLauncher(Words.front().Text))
    Words = Words.drop_front();
  if (Words.empty())
    return plainError("the link command is empty");
  const CommandWord &Program = Words.front();
  ProgramKind Kind = programKind(Program.Text);
  if (Kind == ProgramKind::LLD || Kind == ProgramKind::OtherLinker)
    return parseLinkCommand(Words.drop_front());
  if (Kind != ProgramKind::Clang && Kind != ProgramKind::GCC)
    return errorAt(
        Program.place(),
        "the link command begins with " + inQuotes(Program.Text) +
            ", which is neither a linker (ld.lld, ld, mold) nor a compiler "
            "driver (clang, gcc) that section-placement knows");
  Expected<std::vector<CommandWord>> Expanded =
      expandResponseFiles(Words.drop_front());
  if (!Expanded)
    return Expanded.takeError();
  DriverLink Link = readDriverWords(*Expanded);
  if (Link.NoLink)
    return errorAt(Link.NoLink->place(),
                   "the link command of " + inQuotes(Program.Text) +
                       " does not link: it has -c, -S, -E or -M");
  return FactsReader(/*IsOfDriver=*/true, Link.AddsInputs).read(Link.Words);
}

} // namespace section_placement
