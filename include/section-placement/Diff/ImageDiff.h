//===- ImageDiff.h - What changed between two images ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tools that compare sizes object by object lose sight under LTO: all code
// comes out of one object, or out of objects that no source file has. The image
// still has the functions by name, and two witnesses know which file each is
// of: the reports of the link, and the image's debug info.
//
// Functions are paired by their name without the suffix that ThinLTO appends to
// a promoted local (`f.llvm.7`), which changes with every change of a module;
// local ones by file as well. Several of one name and file are paired in the
// order of their addresses.
//
// A part that code generation split off (`f.cold`) counts for its function,
// wherever it stands. What an earlier pass or another compiler splits off is a
// function for the symbol table, and here.
//
// Only functions are compared, and the sizes are those of the symbol table:
// neither data nor the padding between functions.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_DIFF_IMAGEDIFF_H
#define SECTION_PLACEMENT_DIFF_IMAGEDIFF_H

#include "section-placement/Model/NameStyle.h"
#include "section-placement/Objects/ElfFile.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

/// A function of one of the images.
struct DiffFunction {
  /// What says which file it is of. A file symbol holds a base name only, and
  /// under full LTO the linker's.
  enum class Evidence : uint8_t { None, FileSymbol, DebugInfo, Report };

  std::string Name; ///< Without the suffix of a promotion.
  std::string File; ///< Of its source; empty where nothing says.
  std::string Rule; ///< That placed it, by the report; empty for none.
  llvm::StringRef Section;
  uint64_t Address; ///< As ElfSymbol::Address counts it.
  uint64_t Size;    ///< Bytes, with those that were split off.
  bool IsLocal;
  bool IsAlias; ///< Another name of a function that stands in the list before.
  Evidence FileBy = Evidence::None;
  uint64_t SplitOff = 0; ///< Bytes of Size: in parts, such as `f.cold`.
};

/// One of the two images.
struct DiffSide {
  explicit DiffSide(ElfFile Image) : Image(std::move(Image)) {}

  std::string Path;
  ElfFile Image;
  std::vector<DiffFunction> Functions; ///< By section and address.
  bool HasReports = false;
  bool HasDebugInfo = false;
  uint64_t WithoutFile = 0; ///< Functions whose source file is not known.

  uint64_t bytes() const; ///< Of all functions, each once.
};

/// A function in both images; or, with one of the two null, in one.
struct FunctionChange {
  const DiffFunction *Old = nullptr, *New = nullptr;
  int64_t Growth = 0; ///< Bytes; its size where it came, less it where it went.
  int64_t MovedBy = 0;  ///< Bytes; 0 where it is only in one.
  bool IsMoved = false; ///< It has another address, or another section.
  bool isAliasOnly() const { return (Old ? Old : New)->IsAlias; }
};

/// Local functions of one name of which nothing says which one became which.
struct NotPaired {
  std::string Name;
  std::vector<const DiffFunction *> Old, New; ///< By address.
  uint64_t bytes(const std::vector<const DiffFunction *> &Of) const;
};

/// The functions of one directory, or of one rule.
struct SizeChange {
  std::string Name; ///< Empty: the file is not known, or no rule placed them.
  uint64_t Old = 0, New = 0; ///< Bytes.
  int64_t growth() const { return int64_t(New - Old); }
};

struct ImageDiff {
  ImageDiff(ElfFile Old, ElfFile New)
      : Old(std::move(Old)), New(std::move(New)) {}

  DiffSide Old, New;
  /// The largest first, then by name and file.
  std::vector<FunctionChange> Came, Went, Resized, Moved;
  std::vector<NotPaired> NotKnownWhich; ///< By name.
  /// The largest change first; those that stayed the same behind them.
  std::vector<SizeChange> Directories;
  std::vector<SizeChange> Rules; ///< Empty without reports.
};

struct DiffRequest {
  std::string OldImage, NewImage;
  /// The folders of the links' reports. Empty: without. Where only that of the
  /// new image is given, it also says which files the old one's functions are
  /// of.
  std::string OldReports, NewReports;
};

/// Compares two linked images, or two relocatable ones. Fails where an image or
/// a report cannot be read, and where the images are of two machines.
llvm::Expected<std::unique_ptr<ImageDiff>> diff(const DiffRequest &Request);

/// The source file of each address of \p Functions that the debug info of \p
/// Image knows, in their order; empty for the others. Nothing where the image
/// has no debug info.
std::optional<std::vector<std::string>>
sourcesByDebugInfo(const ElfFile &Image,
                   llvm::ArrayRef<DiffFunction> Functions);

/// Prints \p D for people, 80 columns wide but for names that are longer, the
/// first of each list; all with \p ListsAll.
void printDiff(llvm::raw_ostream &OS, const ImageDiff &D, bool ListsAll,
               NameStyle Names = NameStyle::Demangled);

/// How many functions came, went, grew, shrank and moved, in one line.
std::string verdictOf(const ImageDiff &D);

/// Writes the keys of \p D into the object that \p J is in.
void writeJsonDiff(llvm::json::OStream &J, const ImageDiff &D,
                   size_t MaxFunctions = SIZE_MAX,
                   NameStyle Names = NameStyle::Demangled);

} // namespace section_placement

#endif // SECTION_PLACEMENT_DIFF_IMAGEDIFF_H
