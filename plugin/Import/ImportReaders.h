//===- ImportReaders.h - A reader for each format ---------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LIB_IMPORT_IMPORTREADERS_H
#define SECTION_PLACEMENT_LIB_IMPORT_IMPORTREADERS_H

#include "Kconfig.h"
#include "section-placement/Import/Import.h"
#include "section-placement/Support/LineTable.h"
#include <optional>

namespace section_placement {

/// One file, in memory.
struct ImportText {
  ImportText(llvm::StringRef File, std::string Bytes)
      : File(File), Bytes(std::move(Bytes)), Lines(this->Bytes) {}

  /// The place of \p Part, which is of Bytes.
  Place place(llvm::StringRef Part) const {
    return Lines.place(File, Part.data() - Bytes.data());
  }

  std::string File, Bytes;
  LineTable Lines;
};

/// What all readers are given.
struct ImportContext {
  const Kconfig *Config = nullptr; ///< Null where none was given.
  Import &To;
  /// Selectors of the file that is being read which count before its others.
  std::vector<Selector> First;

  /// Keeps that what stands at \p Where is not expressed, because of \p Why.
  void notExpressed(const Place &Where, const llvm::Twine &Why) {
    To.NotExpressed.push_back({Where, Why.str()});
  }
};

/// Why a policy cannot keep the code of \p Archive together.
std::string inlinedFromArchive(llvm::StringRef Archive);

/// \p Pattern of a linker script or a build as a glob of a policy: there braces
/// are characters like any other. What is no pattern is a name.
std::string globText(llvm::StringRef Pattern);

/// What \p Pattern, a pattern of a linker script on object files, means: an
/// object `dir/bus.c.o` is of `dir/bus.c`, and `bus.o` of a `bus` in any
/// language. \p S gets the file, and what is excepted of it.
void selectObjects(Selector &S, llvm::StringRef Pattern);

/// Says in \p S that what has the section \p Name goes to \p Target: code or
/// data, by what the name sounds like.
void selectSection(Selector &S, llvm::StringRef Name, bool TakesMore,
                   llvm::StringRef Target);

/// Reads the list that Zephyr's gen_relocate_app.py takes.
llvm::Error readRelocations(const ImportText &File, llvm::StringRef Root,
                            ImportContext &In);

/// Reads the calls of zephyr_code_relocate() in a CMake file.
llvm::Error readRelocateCalls(const ImportText &File, llvm::StringRef Root,
                              ImportContext &In);

/// Reads what a linker script selects by file.
llvm::Error readScriptSelectors(const ImportText &File, ImportContext &In);

/// Reads linker fragments: all files of one image, since schemes and sections
/// are defined in one and used in another.
llvm::Error readFragments(llvm::ArrayRef<ImportText> Files, ImportContext &In);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LIB_IMPORT_IMPORTREADERS_H
