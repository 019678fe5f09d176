//===- Import.cpp - Selectors of other tools as a policy ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Import/Import.h"
#include "ImportReaders.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
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

static Expected<ImportFormat> formatOf(StringRef File,
                                       const ImportOptions &Options) {
  if (Options.Format)
    return *Options.Format;
  if (sys::path::extension(File) == ".lf")
    return ImportFormat::Fragments;
  return errorIn(File, "the name does not say which format this is; give "
                       "--format");
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
  ImportContext In{Config ? &*Config : nullptr, Result};
  std::vector<ImportText> Fragments;
  for (const std::string &File : Files) {
    Expected<ImportFormat> Format = formatOf(File, Options);
    if (!Format)
      return Format.takeError();
    Expected<std::string> Text = readTextFile(File, MaximumImportSize);
    if (!Text)
      return Text.takeError();
    Fragments.emplace_back(File, std::move(*Text));
  }
  if (!Fragments.empty())
    if (Error E = readFragments(Fragments, In))
      return E;
  auto Rank = [&](const Diagnostic &D) {
    return std::make_tuple(find(Files, D.Where.File) - Files.begin(),
                           D.Where.Line, D.Where.Column, StringRef(D.Text));
  };
  llvm::sort(Result.NotExpressed,
             [&](const Diagnostic &A, const Diagnostic &B) {
               return Rank(A) < Rank(B);
             });
  return Result;
}

} // namespace section_placement
