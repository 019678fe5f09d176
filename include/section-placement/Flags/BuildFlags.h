//===- BuildFlags.h - The flags of a build under a policy -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_FLAGS_BUILDFLAGS_H
#define SECTION_PLACEMENT_FLAGS_BUILDFLAGS_H

#include "section-placement/Flags/TrainingLink.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace section_placement {

/// Who reads the flags.
enum class FlagsFor {
  Clang,  ///< A shell that links with the driver.
  Lld,    ///< A shell that calls ld.lld.
  Kbuild, ///< A Makefile of the kernel.
  CMake,  ///< A CMakeLists.txt.
};

/// Absolute paths.
struct BuildFlags {
  std::string Plugin, Policy; ///< Both empty where a link has no policy.
  std::string CacheFolder;    ///< Empty where the link has no cache.
  std::string OrderFile;      ///< Of `plan`; empty where the link has none.
  std::string ReportFolder;   ///< Empty where none is written.
  /// Changes with each file that the link reads because of the flags.
  std::string LinkDigest;
  TrainingLink Training;
  /// The policy isolates: what is compiled under another is refused by the
  /// link.
  bool ActsInCompiles = false;
};

/// Fails where what reads the flags would take one of the paths apart.
llvm::Error checkFlags(const BuildFlags &Flags, FlagsFor Who);

/// Prints \p Flags, each text quoted as \p Who reads it.
void printFlags(llvm::raw_ostream &OS, const BuildFlags &Flags, FlagsFor Who);

/// Prints what stops \p Who in place of flags that were refused: a command that
/// fails, and flags that a compiler refuses.
void printRefusalOfFlags(llvm::raw_ostream &OS, FlagsFor Who);

/// Writes the flags word by word: `policy`, `plugin`, `compilerFlags`,
/// `linkerFlags` (of ld.lld, not of a driver), `driverFlags` where the link
/// instruments and, where it has a cache, `thinltoCache` and `reports`.
void writeJsonFlags(llvm::json::OStream &J, const BuildFlags &Flags);

} // namespace section_placement

#endif // SECTION_PLACEMENT_FLAGS_BUILDFLAGS_H
