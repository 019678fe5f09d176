//===- SourceStamp.h - Which file a function came from ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A full-LTO merge forgets which file each function came from, and so does a
// ThinLTO import. The compile writes it down (Annotate), in a form that passes
// copy when they clone or split a function: a string attribute. A path in every
// attribute group would cost some per cent of a small module, so the attribute
// has a short id, and a table in the module's metadata has each path once. A
// merge and an import append one table to the other; an id is made of its
// path, so those of two modules never mean two things.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_FRONTEND_SOURCESTAMP_H
#define SECTION_PLACEMENT_FRONTEND_SOURCESTAMP_H

#include "section-placement/Frontend/SourcePath.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace section_placement {

/// The string attribute that says the path itself: for whoever makes IR by
/// other means than a compile. It stands above the other one.
constexpr llvm::StringLiteral SourceStamp = "section-placement-source";

/// The string attribute that `section-placement-annotate` stamps a function
/// with: the id of a path in the table. Its name is short because each
/// attribute group of a module repeats it.
constexpr llvm::StringLiteral SourceIdStamp = "sp-source";

/// Was \p F marked by markUnrecordedOrigins (Annotate)? Its id is empty then.
bool isUnrecordedOrigin(const llvm::Function &F);

/// The table: named metadata, each operand a node of a path and, where there is
/// one, the digest of what the compile was told of that file (CompileDigest.h).
/// A ThinLTO module whose path is its source_filename may leave it out.
constexpr llvm::StringLiteral SourceTable = "section-placement.sources";

/// The id of \p Path: 8 characters, 48 bits of its hash.
std::string sourceId(llvm::StringRef Path);

/// The spelling of a source file in stamps: relative to \p Root where it lies
/// below it, beginning with `./` or `../` and relative to the compiler's folder
/// where \p Root is null, and absolute otherwise.
std::string stampedPath(llvm::StringRef Source, llvm::StringRef Directory,
                        const SourceRoot *Root);

/// The path that a stamp says, relative to \p Root; whole where it lies
/// outside.
std::string unstampedPath(llvm::StringRef Stamped, const SourceRoot &Root);

/// An entry of the table.
struct RecordedSource {
  llvm::StringRef Path; ///< As stampedPath gives it.
  llvm::StringRef Digest;
};

/// The table of \p M, in its order, and nothing that is no entry; where it has
/// none, the module's source_filename.
llvm::SmallVector<RecordedSource, 1> recordedSources(const llvm::Module &M);

/// Reads the stamps of one module.
class SourceStamps {
public:
  /// \p M and \p Root must outlive this.
  SourceStamps(const llvm::Module &M, const SourceRoot &Root);

  /// The source file that \p F is stamped with, relative to the root. Nothing
  /// where it has no stamp, or one whose id the table does not have, or has
  /// twice. The string lives as long as this.
  std::optional<llvm::StringRef> of(const llvm::Function &F);

private:
  void readTable();

  const llvm::Module &M;
  const SourceRoot &Root;
  bool HasTable = false;
  llvm::StringMap<std::optional<std::string>> ById;
  llvm::StringMap<std::string> ByPath; ///< Of the long form.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_FRONTEND_SOURCESTAMP_H
