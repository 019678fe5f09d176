//===- Import.cpp - Selectors of other tools as a policy ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Import/Import.h"
#include "ImportReaders.h"
#include "section-placement/Policy/Glob.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

static constexpr uint64_t MaximumImportSize = uint64_t(16) << 20;

std::optional<SelectedKind> selectedKindOf(StringRef Section) {
  struct Family {
    StringRef Name;
    SelectedKind Kind;
  };
  using K = SelectedKind;
  static const Family Families[] = {
      {".text", K::Code},
      {".literal", K::Code},
      {".gnu.linkonce.t", K::Code},
      {".rodata", K::Constants},
      {".srodata", K::Constants},
      {".sdata2", K::Constants},
      {".gnu.linkonce.r", K::Constants},
      {".bss", K::Zeros},
      {".sbss", K::Zeros},
      {".sbss2", K::Zeros},
      {".dynbss", K::Zeros},
      {".dynsbss", K::Zeros},
      {".scommon", K::Zeros},
      {"COMMON", K::Zeros},
      {".gnu.linkonce.b", K::Zeros},
      {".gnu.linkonce.sb", K::Zeros},
      {".gnu.linkonce.sb2", K::Zeros},
      {".data", K::Data},
      {".sdata", K::Data},
      {".gnu.linkonce.d", K::Data},
      {".gnu.linkonce.s", K::Data},
  };
  for (const Family &F : Families) {
    StringRef Rest = Section;
    if (Rest.consume_front(F.Name) &&
        (Rest.empty() || Rest.front() == '.' || Rest == "*"))
      return F.Kind;
  }
  return std::nullopt;
}

std::string inlinedFromArchive(StringRef Archive) {
  return "what LTO inlines of " + inQuotes(Archive) +
         " into other code runs where that code is: a compile does not know "
         "the archive; add a rule with its 'source' and 'inline: never-out'";
}

static bool isNamedLike(StringRef Section, SelectedKind Kind) {
  bool IsCode = Section.contains("text") || Section.contains("literal");
  switch (namedContent(Section)) {
  case NamedContent::Any:
    return IsCode == (Kind == SelectedKind::Code) || !IsCode;
  case NamedContent::ReadOnly:
    return Kind == SelectedKind::Constants;
  case NamedContent::Zeros:
    return Kind == SelectedKind::Zeros;
  case NamedContent::Written:
    return Kind == SelectedKind::Data;
  }
  return false;
}

std::string globText(StringRef Pattern) {
  std::string Text;
  for (size_t I = 0; I < Pattern.size(); ++I) {
    if (Pattern[I] == '{' || Pattern[I] == '}')
      Text += '\\';
    Text += Pattern[I];
    if (Pattern[I] == '\\' && I + 1 < Pattern.size())
      Text += Pattern[++I];
  }
  Expected<Glob> Compiled = Glob::compile(Text, Glob::Dialect::Path);
  if (Compiled)
    return Text;
  consumeError(Compiled.takeError());
  return literalGlob(Pattern);
}

void selectSection(Selector &S, StringRef Name, bool TakesMore,
                   StringRef Target) {
  S.Sections = {globText(Name)};
  if (TakesMore)
    S.Sections.push_back(S.Sections.front() + ".*");
  for (size_t K = 0; K < SelectedKindCount; ++K)
    if (isNamedLike(Name, SelectedKind(K)))
      S.Targets[K] = Target.str();
}

/// A `*` of a linker script goes over folders, one of a policy's path does not.
static std::string pathGlob(StringRef Pattern) {
  std::string Glob;
  for (char C : globText(Pattern))
    if (C != '*' || (!Glob.empty() && Glob.back() == '\\'))
      Glob += C;
    else if (Glob.size() < 2 || Glob.substr(Glob.size() - 2) != "**")
      Glob += "**";
  return Glob;
}

/// The sources whose objects \p Object selects; those of members of an archive,
/// which have no folder, where \p IsMember.
static std::string sourcesOf(StringRef Object, bool IsMember = false) {
  // CMake puts the object of dir/a.c to CMakeFiles/TARGET.dir/dir/a.c.o.
  if (size_t At = Object.rfind(".dir/"); At != StringRef::npos)
    Object = Object.drop_front(At + StringRef(".dir/").size());
  bool IsObject = Object.consume_back(".o") || Object.consume_back(".obj") ||
                  Object.consume_back(".o*");
  StringRef Ending = Object.substr(Object.rfind('.'));
  static const StringRef Endings[] = {".c", ".cc", ".cpp", ".cxx",
                                      ".C", ".m",  ".rs",  ".S"};
  bool IsSource = Object.contains('.') && is_contained(Endings, Ending);
  bool IsAnywhere =
      !IsMember && (Object.take_front(1) == "*" || Object.take_front(1) == "/");
  return (IsAnywhere ? "" : "**/") +
         (IsMember ? globText(Object) : pathGlob(Object)) +
         (IsObject && !IsSource ? ".{c,cc,cpp,cxx,C,m,rs}" : "");
}

void selectObjects(Selector &S, StringRef Pattern) {
  if (!Pattern.contains(':')) {
    if (StringRef(Pattern).take_back(2) == ".a")
      S.File.Archive = globText(Pattern);
    else
      S.File.Source = sourcesOf(Pattern);
    return;
  }
  auto [Archive, Member] = Pattern.split(':');
  if (Archive.empty()) { // In no archive.
    S.File.Source = sourcesOf(Member);
    S.Except.push_back({"*", ""});
    return;
  }
  S.File.Archive =
      Archive.contains('/') ? pathGlob(Archive) : globText(Archive);
  if (Member.empty() || Member == "*")
    return;
  S.File.Archive += "(" + globText(Member) + ")";
  S.Compiled = sourcesOf(Member, /*IsMember=*/true);
}

/// Two selectors of one file are one: a rule about data is about constants,
/// too, so that what they say of each kind belongs together. Not where another
/// between them may be about the same symbols.
static void mergeSelectors(Import &To, size_t Begin) {
  std::vector<Selector> Merged(To.Selectors.begin(),
                               To.Selectors.begin() + Begin);
  for (const Selector &S : drop_begin(To.Selectors, Begin)) {
    auto IsSame = [&](const Selector &Other) {
      return Other.File == S.File && Other.Name == S.Name &&
             Other.Sections == S.Sections && Other.Except == S.Except;
    };
    auto Earlier = std::find_if(Merged.begin() + Begin, Merged.end(), IsSame);
    auto IsFree = [&](const Selector &Other, size_t K) {
      bool IsApart =
          Other.File.Archive.empty() &&
          StringRef(Other.File.Source).find_first_of("*?[") == StringRef::npos;
      return !S.Targets[K] || !Other.Targets[K] ||
             (IsSame(Other) ? Other.Targets[K] == S.Targets[K] : IsApart);
    };
    bool IsClear = Earlier != Merged.end();
    for (auto Between = Earlier; IsClear && Between != Merged.end(); ++Between)
      for (size_t K = 0; K < SelectedKindCount; ++K)
        IsClear &= IsFree(*Between, K);
    if (!IsClear) {
      Merged.push_back(S);
      continue;
    }
    for (size_t K = 0; K < SelectedKindCount; ++K)
      if (S.Targets[K])
        Earlier->Targets[K] = S.Targets[K];
  }
  To.Selectors = std::move(Merged);
}

static Expected<ImportFormat> formatOf(StringRef File,
                                       const ImportOptions &Options) {
  if (Options.Format)
    return *Options.Format;
  StringRef Name = sys::path::filename(File),
            Ending = sys::path::extension(File);
  if (Ending == ".lf")
    return ImportFormat::Fragments;
  if (Name == "CMakeLists.txt" || Ending == ".cmake")
    return ImportFormat::CMake;
  if (Ending == ".ld" || Ending == ".lds" || Ending == ".ldscript" ||
      Ending == ".x")
    return ImportFormat::Script;
  return errorIn(File, "the name does not say which format this is; give "
                       "--format");
}

static bool isUnicode(const Selector &S) {
  auto IsFile = [](const SelectedFile &File) {
    return section_placement::isUnicode(File.Archive) &&
           section_placement::isUnicode(File.Source);
  };
  return IsFile(S.File) && all_of(S.Except, IsFile) &&
         section_placement::isUnicode(S.Name) &&
         section_placement::isUnicode(S.Compiled) &&
         all_of(S.Sections,
                [](const std::string &Text) {
                  return section_placement::isUnicode(Text);
                }) &&
         all_of(S.Targets, [](const std::optional<std::string> &Target) {
           return !Target || section_placement::isUnicode(*Target);
         });
}

/// A policy is UTF-8. A linker script cuts names without quotes at each byte
/// that is not of ASCII.
static void dropOtherBytes(ImportContext &In) {
  erase_if(In.To.Selectors, [&](const Selector &S) {
    if (isUnicode(S))
      return false;
    In.notExpressed(S.Where, "has a name that is cut inside a character, as "
                             "the linker reads it; put the name in quotes");
    return true;
  });
  for (auto &Target : In.To.Targets)
    erase_if(Target.second.Gathered, [](const GatheredSection &G) {
      return !section_placement::isUnicode(G.Name);
    });
}

Expected<Import> importSelectors(ArrayRef<std::string> Files,
                                 const ImportOptions &Options) {
  std::optional<Kconfig> Config;
  if (!Options.ConfigFile.empty()) {
    Expected<Kconfig> Read = Kconfig::read(Options.ConfigFile);
    if (!Read)
      return Read.takeError();
    Config = std::move(*Read);
  }
  Import Result;
  ImportContext In{Config ? &*Config : nullptr, Result, {}};
  std::vector<ImportText> Fragments;
  for (const std::string &File : Files) {
    Expected<ImportFormat> Format = formatOf(File, Options);
    if (!Format)
      return Format.takeError();
    Expected<std::string> Text = readTextFile(File, MaximumImportSize);
    if (!Text)
      return Text.takeError();
    ImportText Input(File, std::move(*Text));
    size_t Begin = Result.Selectors.size();
    Error E = Error::success();
    switch (*Format) {
    case ImportFormat::Fragments:
      Fragments.push_back(std::move(Input));
      continue;
    case ImportFormat::Relocations:
      E = readRelocations(Input, Options.Root, In);
      break;
    case ImportFormat::CMake:
      E = readRelocateCalls(Input, Options.Root, In);
      break;
    case ImportFormat::Script:
      E = readScriptSelectors(Input, In);
      break;
    }
    if (E)
      return E;
    Result.Selectors.insert(Result.Selectors.begin() + Begin, In.First.begin(),
                            In.First.end());
    In.First.clear();
    mergeSelectors(Result, Begin);
  }
  if (!Fragments.empty())
    if (Error E = readFragments(Fragments, In))
      return E;
  dropOtherBytes(In);
  auto Rank = [&](const Diagnostic &D) {
    return std::make_tuple(find(Files, D.Where.File) - Files.begin(),
                           D.Where.Line, D.Where.Column, StringRef(D.Text));
  };
  llvm::sort(Result.NotExpressed,
             [&](const Diagnostic &A, const Diagnostic &B) {
               return Rank(A) < Rank(B);
             });
  // `*` is said once, and not for each kind.
  auto Last =
      std::unique(Result.NotExpressed.begin(), Result.NotExpressed.end(),
                  [&](const Diagnostic &A, const Diagnostic &B) {
                    return Rank(A) == Rank(B);
                  });
  Result.NotExpressed.erase(Last, Result.NotExpressed.end());
  return Result;
}

} // namespace section_placement
