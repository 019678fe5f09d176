//===- Import.h - Selectors of other tools as a policy ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Firmware says where code goes by the names of object files, and LTO has one
// object. The same selection is written here as a policy, which goes by source
// files, archive members and names. Each reader turns its format into
// selectors; one writer makes rules of them. What has no counterpart in a
// policy is kept with its place, and is never left out in silence.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IMPORT_IMPORT_H
#define SECTION_PLACEMENT_IMPORT_IMPORT_H

#include "section-placement/Support/Error.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

/// What the compiler puts into one kind of section: `.text`, `.rodata`, `.bss`,
/// `.data`.
enum class SelectedKind : uint8_t { Code, Constants, Zeros, Data };
inline constexpr size_t SelectedKindCount = 4;

/// The kind that an input section of this name, which may end in a wildcard, is
/// of; nothing for a section that only a source can name.
std::optional<SelectedKind> selectedKindOf(llvm::StringRef Section);

/// Where what is selected goes, by kind: nothing for a kind that is not
/// selected, an empty name for one that stays where the compiler puts it.
using SelectedTargets =
    std::array<std::optional<std::string>, SelectedKindCount>;

/// Globs of a policy on the file that defines a symbol. Empty ones say nothing.
struct SelectedFile {
  std::string Archive; ///< `libspi.a`, `libspi.a(bus.*)`.
  std::string Source;  ///< `**/bus.c`.

  bool operator==(const SelectedFile &Other) const {
    return Archive == Other.Archive && Source == Other.Source;
  }
};

/// One selector. Its code goes into no function that it does not select. Of
/// several that select a symbol the first counts.
struct Selector {
  Place Where;
  SelectedFile File;
  std::string Name; ///< A glob on functions and variables; empty for all.
  /// Globs on the section that the source gave it; empty where it gave none.
  std::vector<std::string> Sections;
  std::vector<SelectedFile> Except;
  SelectedTargets Targets;
  /// The sources of what File selects by archive, as a compile knows them;
  /// empty where File.Source says it, or nothing does.
  std::string Compiled;
};

/// A section that goes to a target whichever file it is of.
struct GatheredSection {
  std::string Name;
  bool TakesMore = false; ///< `NAME.*` does, too.
};

/// Where selectors send things: an output section, or a region.
struct ImportTarget {
  std::vector<GatheredSection> Gathered;
  bool IsKept = false;   ///< KEEP: --gc-sections leaves it.
  bool IsCopied = false; ///< Start-up code copies it from where it is loaded.
};

enum class ImportFormat {
  Fragments,   ///< ESP-IDF's linker fragments, `.lf`.
  Relocations, ///< The list that Zephyr's gen_relocate_app.py takes.
  CMake,       ///< Zephyr's zephyr_code_relocate() in a CMakeLists.txt.
  Script,      ///< A linker script.
};

struct ImportOptions {
  /// Of each file; nothing where its name says it.
  std::optional<ImportFormat> Format;
  /// The build's configuration, `sdkconfig` or `.config`, which decides
  /// conditions; empty where none was given.
  std::string ConfigFile;
  /// What `source` globs shall be relative to, absolute.
  std::string Root;
};

struct Import {
  std::vector<Selector> Selectors; ///< In the order in which they count.
  llvm::StringMap<ImportTarget> Targets;
  /// What a policy cannot say, in the order of the files.
  std::vector<Diagnostic> NotExpressed;
};

/// Reads \p Files. Fails where one cannot be read or is not of its format.
llvm::Expected<Import> importSelectors(llvm::ArrayRef<std::string> Files,
                                       const ImportOptions &Options);

/// A line that a linker script needs for a policy.
struct GatherLine {
  std::string Target;
  std::string Text; ///< `*(.at_ram.text .at_ram.text.*)`
};

struct ImportedPolicy {
  std::string Text; ///< Empty where no selector could be expressed.
  unsigned Rules = 0;
  std::vector<GatherLine> Gathers; ///< That no line of the input is.
};

/// \p What as a policy. What it writes passes `section-placement check`.
ImportedPolicy writeImportedPolicy(const Import &What,
                                   llvm::ArrayRef<std::string> Files,
                                   llvm::StringRef Root);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IMPORT_IMPORT_H
