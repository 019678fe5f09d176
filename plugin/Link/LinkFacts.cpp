//===- LinkFacts.cpp - What this link is ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkFacts.h"
#include "LinkOptions.h"
#include "LinkerScript.h"
#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Model/DemangledSize.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

StringRef nameOf(OutputKind Kind) {
  switch (Kind) {
  case OutputKind::Relocatable:
    return "relocatable";
  case OutputKind::Executable:
    return "executable";
  case OutputKind::PIE:
    return "PIE";
  case OutputKind::Shared:
    return "shared library";
  }
  return "";
}

namespace {
class FactsReader {
public:
  explicit FactsReader(bool IsOfDriver) : IsOfDriver(IsOfDriver) {}
  LinkFacts read(ArrayRef<std::string> Words);

private:
  void take(LinkOption What, StringRef Value);
  void takeInput(StringRef Path);
  void takeCodeModel(StringRef Value);
  void readScripts();
  std::string findLibrary(StringRef Name, bool IsStatic) const;
  std::string findInFolders(StringRef Name) const;
  std::string findScript(StringRef Name) const;
  void notKnown(StringRef What) {
    Facts.Script.Unread.push_back({Place(), What.str()});
  }

  /// An input, or the name of a library to look for once all folders are
  /// known: they count wherever they stand.
  struct Input {
    std::string Name;
    bool IsLibrary, IsStatic;
  };

  bool IsOfDriver;
  LinkFacts Facts;
  std::vector<Input> Inputs;
  std::vector<std::string> Folders, VersionScripts, DynamicLists;
  std::string Sysroot;
  bool IsRelocatable = false, IsShared = false, IsBinary = false;
  std::optional<bool> IsPie;
  bool TakesStatic = false;   ///< Of libraries, at this place.
  SmallVector<bool, 2> Saved; ///< TakesStatic at each --push-state.
  bool IsCodeModelNext = false;
};
} // namespace

/// `-mllvm -code-model=large`, in one word or two.
void FactsReader::takeCodeModel(StringRef Value) {
  if (IsCodeModelNext) {
    Facts.CodeModel = Value.str();
    IsCodeModelNext = false;
    return;
  }
  if (!Value.consume_front("-"))
    return;
  Value.consume_front("-");
  if (Value.consume_front("code-model=") || Value.consume_front("code-model"))
    (Value.empty() ? (void)(IsCodeModelNext = true)
                   : (void)(Facts.CodeModel = Value.str()));
}

/// A driver compiles what is source code, and links an object of no name.
void FactsReader::takeInput(StringRef Path) {
  if (IsBinary) // `-b binary`: the bytes of a file as data, whatever they are.
    return;
  static const StringRef SourceEndings[] = {".c",  ".cc", ".cpp", ".cxx", ".C",
                                            ".m",  ".mm", ".s",   ".S",   ".i",
                                            ".ii", ".ll", ".f90", ".f"};
  if (IsOfDriver && is_contained(SourceEndings, sys::path::extension(Path)))
    return notKnown(("'" + Path +
                     "' is compiled by the link command, so its object is in "
                     "no file")
                        .str());
  Inputs.push_back({Path.str(), false, TakesStatic});
}

void FactsReader::take(LinkOption What, StringRef Value) {
  auto TakesList = [&](const std::string &Name) {
    DynamicLists.push_back(Name);
  };
  switch (What) {
  case LinkOption::Input:
    return takeInput(Value);
  case LinkOption::Ignored:
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
    return takeCodeModel(Value);
  case LinkOption::Defsym:
    return readDefsym(Value, Facts.Script);
  case LinkOption::Dynamic:
    TakesStatic = false;
    return;
  case LinkOption::DynamicList:
    Facts.HasDynamicList = true;
    return TakesList(Value.str());
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
    return TakesList(Value.str());
  case LinkOption::FatObjects:
    Facts.TakesFatBitcode = true;
    return;
  case LinkOption::Folder:
    Folders.push_back(Value.str());
    return;
  case LinkOption::Format:
    IsBinary = Value == "binary";
    return;
  case LinkOption::Garbage:
    Facts.CollectsGarbage = true;
    return;
  case LinkOption::Icf:
    Facts.FoldsIdentical = Value != "none";
    return;
  case LinkOption::JustSymbols:
    return notKnown(
        ("--just-symbols=" + Value + " defines symbols that are not read")
            .str());
  case LinkOption::Library:
    Inputs.push_back({Value.str(), true, TakesStatic});
    return;
  case LinkOption::NoExportDynamic:
    Facts.ExportsDynamic = false;
    return;
  case LinkOption::NoFatObjects:
    Facts.TakesFatBitcode = false;
    return;
  case LinkOption::NoGarbage:
    Facts.CollectsGarbage = false;
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
      TakesStatic = Saved.pop_back_val();
    return;
  case LinkOption::PushState:
    Saved.push_back(TakesStatic);
    return;
  case LinkOption::Relocatable:
    IsRelocatable = true;
    return;
  case LinkOption::Script:
    Facts.Scripts.push_back(Value.str());
    return;
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
  case LinkOption::VersionScript:
    VersionScripts.push_back(Value.str());
    return;
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
/// A shared one has nothing that affinity could be read from: empty, as where
/// there is none.
std::string FactsReader::findLibrary(StringRef Name, bool IsStatic) const {
  if (Name.consume_front(":"))
    return findInFolders(Name);
  for (StringRef Folder : Folders) {
    SmallString<128> Path;
    if (Folder.consume_front("="))
      Path = Sysroot;
    sys::path::append(Path, Folder, "lib" + Name);
    if (!IsStatic && sys::fs::exists(Path + ".so"))
      return "";
    if (sys::fs::exists(Path + ".a"))
      return (Path + ".a").str();
  }
  return "";
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
    std::string Found = Library.consume_front("-l")
                            ? findLibrary(Library, TakesStatic)
                            : findScript(Name);
    if (!Found.empty())
      Facts.Inputs.push_back(std::move(Found));
  }
  for (const std::string &Path : VersionScripts)
    readVersionScript(findScript(Path).empty() ? Path : findScript(Path),
                      Facts.Script);
  for (const std::string &Path : DynamicLists)
    readDynamicList(Path, Facts.Script);
}

LinkFacts FactsReader::read(ArrayRef<std::string> Words) {
  forEachLinkOption(
      Words, [&](LinkOption What, StringRef Value) { take(What, Value); });
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
  for (const Input &I : Inputs) {
    std::string Path = I.IsLibrary ? findLibrary(I.Name, I.IsStatic) : I.Name;
    if (!Path.empty())
      Facts.Inputs.push_back(std::move(Path));
  }
  readScripts();
  Facts.finish();
  return std::move(Facts);
}

/// The section patterns of `*(.text .text.*)`, `KEEP(*(SORT(.init.*)))` and
/// their like. Which files one is about does not matter: LTO's own objects have
/// names of the linker's making.
static void addSectionPatterns(StringRef Input,
                               function_ref<void(StringRef)> Add) {
  static const StringRef AboutFiles[] = {"EXCLUDE_FILE", "INPUT_SECTION_FLAGS"};
  bool HasFile = !Input.contains('('); // A bare word is taken as it is.
  while (!Input.empty()) {
    size_t Size = std::min(Input.find_first_of("(), "), Input.size());
    StringRef Word = Input.take_front(Size);
    Input = Input.drop_front(Size);
    if (is_contained(AboutFiles, Word)) {
      Input = Input.split(')').second;
      continue;
    }
    bool IsKeyword = Word == "KEEP" || Word == "REVERSE" || Word == "SORT" ||
                     Word.take_front(5) == "SORT_";
    if (!Word.empty() && !IsKeyword) {
      if (HasFile)
        Add(Word.trim('"'));
      HasFile = true;
    }
    Input = Input.drop_front(!Input.empty());
  }
}

void LinkFacts::readGathered() {
  Gathered.clear();
  for (const OutputSection &Section : Script.Sections)
    for (StringRef Input : Section.Inputs)
      addSectionPatterns(Input, [&](StringRef Text) {
        if (Expected<GlobPattern> Pattern = GlobPattern::create(Text))
          Gathered.push_back(std::move(*Pattern));
        else
          consumeError(Pattern.takeError());
      });
}

bool LinkFacts::isOrphan(StringRef Section) const {
  return Script.HasLayout && Kind != OutputKind::Relocatable &&
         Script.Unread.empty() && none_of(Gathered, [&](const GlobPattern &P) {
           return P.match(Section);
         });
}

void LinkFacts::finish() {
  readGathered();
  Rebound.clear();
  Wraps.clear();
  Made.clear();
  StringSet<> Known;
  auto Rebind = [&](StringRef Name) {
    if (Known.insert(Name).second)
      Rebound.push_back(Name.str());
  };
  for (const std::string &Name : Wrapped) {
    Wraps.try_emplace(Name, "__wrap_" + Name);
    Rebind(Name);
    Rebind("__real_" + Name);
  }
  for (uint32_t I = 0; I < Script.Symbols.size(); ++I) {
    const MadeSymbol &S = Script.Symbols[I];
    // The first PROVIDE defines the name; what follows it finds it defined.
    if (S.IsProvided)
      Made.try_emplace(S.Name, I);
    else
      Made[S.Name] = I;
    Rebind(S.Name);
  }
}

std::optional<bool> LinkFacts::isPositionIndependent() const {
  if (Kind == OutputKind::Relocatable || !IsKindKnown)
    return std::nullopt;
  return Kind != OutputKind::Executable;
}

static std::string placeOf(const MadeSymbol &S) {
  if (!S.Where.Line)
    return S.Where.File; // The option.
  std::string File = relativeToCurrentFolder(S.Where.File);
  if (sys::path::is_absolute(File))
    File = sys::path::filename(File).str();
  std::string What = S.IsProvided ? "PROVIDE in " : "the assignment in ";
  return What + File + ":" + std::to_string(S.Where.Line);
}

BoundName LinkFacts::bind(StringRef Name,
                          function_ref<bool(StringRef)> IsDefined) const {
  BoundName Result{Binding::Definition, Name, ""};
  // --wrap comes first: it renames references, and a script defines names.
  StringRef Real = Name;
  if (auto Wrap = Wraps.find(Name); Wrap != Wraps.end())
    Result = {Binding::Wrapped, Wrap->second, ("--wrap=" + Name).str()};
  else if (Real.consume_front("__real_") && Wraps.count(Real))
    Result = {Binding::Wrapped, Real, ("--wrap=" + Real).str()};
  SmallVector<StringRef, 4> Passed;
  for (;;) {
    auto Found = Made.find(Result.Name);
    if (Found == Made.end() || is_contained(Passed, Result.Name))
      return Result;
    const MadeSymbol &S = Script.Symbols[Found->second];
    if (S.IsProvided && IsDefined(Result.Name))
      return Result;
    Passed.push_back(Result.Name);
    Result.By += (Result.By.empty() ? "" : ", then ") + placeOf(S);
    if (Result.How == Binding::Definition)
      Result.How = S.IsProvided ? Binding::Provided : Binding::Made;
    Result.Name = S.Target;
    if (S.Target.empty())
      return Result;
  }
}

/// Does \p Pattern mean \p Name?
static bool matches(const SymbolPattern &Pattern, StringRef Name) {
  std::string Demangled;
  if (Pattern.IsCpp && isDemangledInBounds(Name)) {
    Demangled = demangle(Name.str());
    Name = Demangled;
  }
  if (Pattern.IsExact)
    return Pattern.Text == Name;
  Expected<GlobPattern> Glob = GlobPattern::create(Pattern.Text);
  if (Glob)
    return Glob->match(Name);
  consumeError(Glob.takeError());
  return false;
}

/// As lld's scanVersionScript: exact names first, then wildcards, of the last
/// version first and its globals before its locals, and `*` at the end.
bool LinkFacts::isLocalByVersion(StringRef Name) const {
  auto Find = [&](auto Takes) -> std::optional<bool> {
    for (const SymbolVersion &V : reverse(Script.Versions)) {
      auto Means = [&](const SymbolPattern &P) {
        return Takes(P) && matches(P, Name);
      };
      if (any_of(V.Globals, Means))
        return false;
      if (any_of(V.Locals, Means))
        return true;
    }
    return std::nullopt;
  };
  auto IsAll = [](const SymbolPattern &P) {
    return !P.IsExact && P.Text == "*";
  };
  if (auto Local = Find([](const SymbolPattern &P) { return P.IsExact; }))
    return *Local;
  if (auto Local =
          Find([&](const SymbolPattern &P) { return !P.IsExact && !IsAll(P); }))
    return *Local;
  return Find(IsAll).value_or(false);
}

Binding LinkFacts::bindingOf(const GlobalDefinition &D) const {
  // Before the last link nothing is bound, and in an executable its own
  // definitions are.
  if (Kind != OutputKind::Shared || !D.HasDefaultVisibility ||
      isLocalByVersion(D.Name))
    return Binding::Definition;
  bool IsSymbolic = HasDynamicList;
  switch (Symbolic) {
  case SymbolicKind::None:
    break;
  case SymbolicKind::NonWeakFunctions:
    IsSymbolic |= D.IsFunction && !D.IsWeak;
    break;
  case SymbolicKind::Functions:
    IsSymbolic |= D.IsFunction;
    break;
  case SymbolicKind::NonWeak:
    IsSymbolic |= !D.IsWeak;
    break;
  case SymbolicKind::All:
    IsSymbolic = true;
    break;
  }
  bool IsListed = any_of(Script.DynamicList, [&](const SymbolPattern &P) {
    return matches(P, D.Name);
  });
  if (IsSymbolic && !IsListed)
    return Binding::Definition;
  // Which archive it came from is not in what asks.
  return ExcludedLibs.empty() ? Binding::Interposable : Binding::NotKnown;
}

/// What runs another program.
static bool isLauncher(StringRef Program) {
  static const StringRef Launchers[] = {"env",    "ccache", "sccache",
                                        "distcc", "nice",   "time"};
  return is_contained(Launchers, sys::path::filename(Program)) ||
         (!Program.empty() && Program[0] != '-' && Program[0] != '@' &&
          Program.contains('=') && !Program.contains('/'));
}

/// `ld.lld-22`, `aarch64-linux-gnu-ld`: a linker.
static bool isLinkerName(StringRef Program) {
  StringRef Name = sys::path::filename(Program).rtrim("0123456789.-");
  static const StringRef Linkers[] = {"ld",      "ld.lld", "lld",  "ld.bfd",
                                      "ld.gold", "gold",   "mold", "ld.mold"};
  return any_of(Linkers, [&](StringRef Linker) {
    StringRef Rest = Name;
    return Rest.consume_back(Linker) &&
           (Rest.empty() || Rest.take_back(1) == "-");
  });
}

static bool isDriverName(StringRef Program) {
  StringRef Name = sys::path::filename(Program).rtrim("0123456789.-");
  static const StringRef Drivers[] = {"clang", "clang++", "gcc",      "g++",
                                      "cc",    "c++",     "clang-cpp"};
  return any_of(Drivers, [&](StringRef Driver) {
    StringRef Rest = Name;
    return Rest.consume_back(Driver) &&
           (Rest.empty() || Rest.take_back(1) == "-");
  });
}

Expected<LinkFacts> parseLinkCommand(ArrayRef<std::string> Arguments) {
  Expected<std::vector<std::string>> Words = expandResponseFiles(Arguments);
  if (!Words)
    return Words.takeError();
  return FactsReader(/*IsOfDriver=*/false).read(*Words);
}

Expected<LinkFacts> readLinkFacts(ArrayRef<std::string> Words) {
  while (!Words.empty() && isLauncher(Words.front()))
    Words = Words.drop_front();
  if (Words.empty())
    return plainError("the link command is empty");
  StringRef Program = Words.front();
  if (isLinkerName(Program))
    return parseLinkCommand(Words.drop_front());
  if (!isDriverName(Program))
    return plainError(
        "the link command begins with " + inQuotes(Program) +
        ", which is neither a linker (ld.lld, ld, mold) nor a compiler driver "
        "(clang, gcc) that section-placement knows");
  Expected<std::vector<std::string>> Expanded =
      expandResponseFiles(Words.drop_front());
  if (!Expanded)
    return Expanded.takeError();
  bool IsLink;
  std::vector<std::string> Linker = linkerWordsOfDriver(*Expanded, IsLink);
  if (!IsLink)
    return plainError("the link command of " + inQuotes(Program) +
                      " does not link: it has -c, -S, -E or -M");
  return FactsReader(/*IsOfDriver=*/true).read(Linker);
}

} // namespace section_placement
