//===- LinkOptions.h - The options of linkers and drivers -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKOPTIONS_H
#define SECTION_PLACEMENT_LINK_LINKOPTIONS_H

#include "section-placement/Link/LinkCommand.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace section_placement {

/// What an option of an ELF linker says of the link.
enum class LinkOption : uint8_t {
  Input, ///< No option: a file.
  Ignored,
  BsymbolicAll,
  BsymbolicFunctions,
  BsymbolicNone,
  BsymbolicNonWeak,
  BsymbolicNonWeakFunctions,
  CacheFolder,
  Defsym,
  Distributed, ///< A thin link, or its backends, of distributed ThinLTO.
  Dynamic,
  DynamicList,
  EndLib,
  Entry,
  ExcludeLibs,
  ExportDynamic,
  ExportDynamicSymbol,
  ExportDynamicSymbolList,
  FatObjects,
  Fini,
  Folder,
  Format,
  Init,
  JustSymbols,
  Library,
  LLVM,
  LoadPlugin,
  LTOEffort,
  LTOLevel,
  NoExportDynamic,
  NoFatObjects,
  NoPie,
  NoWholeArchive,
  Optimize,
  Output,
  Pie,
  PopState,
  PushState,
  Relocatable,
  Script,
  Shared,
  StartLib,
  Static,
  StaticLink,
  SymbolOrder,
  Sysroot,
  Undefined,
  UndefinedGlob,
  VersionScript,
  WholeArchive,
  Wrap,
};

/// Calls \p Visit with each file and each option of an ELF linker's command
/// line, in order, with its value and its first word. An option that is not
/// known, and takes no value that could be taken for a file, is passed over.
/// The value of one that has none behind it is null.
void forEachLinkOption(
    llvm::ArrayRef<CommandWord> Words,
    llvm::function_ref<void(LinkOption, llvm::StringRef Value,
                            const CommandWord &)>
        Visit);

/// What a compiler driver makes of its command line.
struct DriverLink {
  std::vector<CommandWord> Words; ///< That it hands to the linker.
  /// The word that keeps it from linking, of \p Words; null where it links.
  const CommandWord *NoLink = nullptr;
  /// It adds start-up files and libraries that its command line does not name.
  bool AddsInputs = true;
};

/// Reads \p Words, without the program's name, which live as long as the
/// result.
DriverLink readDriverWords(llvm::ArrayRef<CommandWord> Words);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKOPTIONS_H
