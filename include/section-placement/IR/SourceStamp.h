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
// copy when they clone or split a function: a string attribute. Bitcode spends
// 12 bits on a character of it, in every attribute group, so a path there would
// be some per cent of a small module. The attribute has a short id instead, and
// the module has each path once, as the name of a named metadata node without
// operands: 8 bits a character, and no node, which could bring the module an
// index of its metadata. A merge and an import bring such names together; an id
// is made of its path, so those of two modules mean one file.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_SOURCESTAMP_H
#define SECTION_PLACEMENT_IR_SOURCESTAMP_H

#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace llvm {
class DIFile;
class DISubprogram;
class Function;
class GlobalVariable;
class Module;
} // namespace llvm

namespace section_placement {

/// The string attribute that says the path itself: for whoever makes IR by
/// other means than a compile. It overrides the other one.
constexpr llvm::StringLiteral SourceStamp = "section-placement-source";

/// The string attribute that `section-placement-annotate` stamps a function
/// with: the id of a path that the module records. Its name is short because
/// each attribute group of a module repeats it.
constexpr llvm::StringLiteral SourceIdStamp = "sp";

/// The file that debug info says \p F came from: its compile unit's. Where a
/// unit is a part of a crate or a module and no file (Rust's, Swift's, Zig's),
/// the function's own. Null where there is no debug info.
const llvm::DIFile *debugSourceOf(const llvm::Function &F);
const llvm::DIFile *debugSourceOf(const llvm::DISubprogram &Subprogram);

/// Returns true if the source_filename of \p M, which is not merged, is a file.
/// rustc gives its codegen units names of their own, `crate.0123-cgu.0`.
bool isNamedAfterFile(const llvm::Module &M);

/// What the names begin with that record a source file: `sp:PATH`, and where
/// the compile knew something of the file (CompileDigest.h)
/// `sp=DIGEST:PATH`. A ThinLTO module whose path is its source_filename may
/// leave it out.
constexpr llvm::StringLiteral SourceRecord = "sp";

/// The id of \p Path: 10 characters, 60 bits of its hash. Of 100,000 files two
/// have one id in one of 200 million builds.
std::string sourceId(llvm::StringRef Path);

/// The spelling of a source file in stamps: relative to \p Root where it lies
/// below it, beginning with `./` or `../` and relative to the compiler's folder
/// where \p Root is null, and absolute otherwise.
std::string stampedPath(llvm::StringRef Source, llvm::StringRef Directory,
                        const SourceRoot *Root);

/// The path that a stamp says, relative to \p Root; whole where it lies
/// outside.
std::string unstampedPath(llvm::StringRef Stamped, const SourceRoot &Root);

struct RecordedSource {
  llvm::StringRef Path; ///< As stampedPath gives it.
  llvm::StringRef Digest;
};

/// Adds \p Source to what \p M records.
void recordSource(llvm::Module &M, const RecordedSource &Source);

/// What \p M records, in its order. One path may stand there with several
/// digests: copies of a file that were compiled differently.
llvm::SmallVector<RecordedSource, 1> recordedSources(const llvm::Module &M);

/// Notes in \p M that its compile ran under `SECTION_PLACEMENT_POLICY=none`: a
/// link that misses the stamps names the cause.
void recordNoPolicy(llvm::Module &M);

/// The files, as their modules name them, that \p M says this of.
llvm::SmallVector<llvm::StringRef, 1>
compiledWithoutPolicy(const llvm::Module &M);

/// Reads the stamps of one module.
class SourceStamps {
public:
  /// \p M and \p Root must outlive this.
  SourceStamps(const llvm::Module &M, const SourceRoot &Root);

  /// The source file that \p F is stamped with, relative to the root. Nothing
  /// where it has no stamp, or one whose id no path or several paths have. The
  /// string lives as long as this.
  std::optional<llvm::StringRef> of(const llvm::Function &F);
  /// The same of a variable, which is stamped where a policy asks.
  std::optional<llvm::StringRef> of(const llvm::GlobalVariable &V);

private:
  void readRecords();
  std::optional<llvm::StringRef> ofId(llvm::StringRef Id);

  const llvm::Module &M;
  const SourceRoot &Root;
  bool HasRecords = false;
  llvm::StringMap<std::string> ById;
  llvm::StringMap<std::string> ByPath; ///< Of the long form.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_SOURCESTAMP_H
