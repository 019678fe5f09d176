//===- SourcePath.h - One spelling for each source file ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One compile is given `./drivers/a.c`, another `/src/linux/drivers/a.c`, and
// the policy says `drivers/**`. All three must mean one file.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_SOURCEPATH_H
#define SECTION_PLACEMENT_SUPPORT_SOURCEPATH_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace section_placement {

/// The folder that a policy's source files are relative to.
class SourceRoot {
public:
  /// \p Root is absolute and without `.` and `..`; what a symbolic link in it
  /// points to is the same folder.
  explicit SourceRoot(llvm::StringRef Root);

  /// \p Path (relative to \p Directory, and that to the current folder),
  /// relative to the root; whole where it lies outside. `.` and `..` are taken
  /// out. Where its folder is still there, the links on its way count as what
  /// they point to. Empty for an empty path.
  std::string relative(llvm::StringRef Path, llvm::StringRef Directory) const;

private:
  std::string Lexical, Real, Current;
};

/// \p Path without `.` and `..`, relative to the current folder where it lies
/// below it, and whole elsewhere: one spelling for each file of a link, and
/// none that holds the machine's own folders.
std::string relativeToCurrentFolder(llvm::StringRef Path);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_SOURCEPATH_H
