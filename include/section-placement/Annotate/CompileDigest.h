//===- CompileDigest.h - What a compile knew of its file --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `lto` and `inline` act at the compile, so an object that was compiled under
// another policy is wrong under this one, and nothing in it shows that. The
// compile writes down a digest of what the policy said of its file. A policy
// that only moves functions has the same digest: no object is rebuilt.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ANNOTATE_COMPILEDIGEST_H
#define SECTION_PLACEMENT_ANNOTATE_COMPILEDIGEST_H

#include "section-placement/IR/SourceStamp.h"
#include "section-placement/Policy/Policy.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/StringSet.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace section_placement {

/// A digest of what \p P says of the functions of \p Source (relative to its
/// root) that acts at the compile: the rules with `lto` or `inline`, and those
/// before them, which may claim first; where their source globs can hold. Empty
/// where there is nothing of that kind.
std::string compileDigest(const Policy &P, llvm::StringRef Source);

/// The same of the rules with `lto` or `inline` alone, and of all sources: what
/// changes the code of a link before the profile of that link counts it.
std::string isolationDigest(const Policy &P);

/// The sources of \p M of which a copy was compiled under what is not \p P: of
/// its own file, and where \p IsMerged of all that were merged. Sources that
/// nobody recorded are not among them.
std::vector<std::string> compiledOtherwise(const llvm::Module &M,
                                           const Policy &P,
                                           const SourceRoot &Root,
                                           bool IsMerged);

/// Answers of the functions of one module whether their compile knew a policy
/// that says something of their file.
class CompileWitness {
public:
  /// \p M and \p Root must outlive this. \p IsMerged: a full-LTO link merged
  /// \p M; else it is of one file.
  CompileWitness(const llvm::Module &M, const SourceRoot &Root, bool IsMerged);

  /// True where the compile left its digest for the file of \p F, and where
  /// nothing can be concluded from \p F: the compiler makes some functions
  /// after the file was stamped.
  bool knewPolicy(const llvm::Function &F);

  /// Returns true if the compile of \p F loaded the plugin, whatever its policy
  /// said.
  bool hadPlugin(const llvm::Function &F) { return Stamps.of(F).has_value(); }

  /// The file of \p F, which has no stamp, where its compile ran under
  /// `SECTION_PLACEMENT_POLICY=none`. In a merged module without debug info:
  /// the first such file. Empty where there is none.
  llvm::StringRef compiledWithoutPolicy(const llvm::Function &F) const;

private:
  const llvm::Module &M;
  SourceStamps Stamps;
  llvm::StringSet<> Digested;
  bool IsMerged;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_ANNOTATE_COMPILEDIGEST_H
