//===- LinkCommand.h - The command line of the link we run in ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lld tells a plugin neither what it writes nor what it reads, and takes no
// option of ours (it parses -mllvm before it loads plugins). The command line
// of the process tells both.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKCOMMAND_H
#define SECTION_PLACEMENT_LINK_LINKCOMMAND_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace section_placement {

/// What kind of program has loaded us.
enum class HostKind {
  Linker,   ///< ld.lld, or any other program that runs LTO backends.
  Compiler, ///< clang.
  Optimizer ///< opt.
};

struct LinkCommand {
  /// As `-o` names it, else `a.out`.
  std::string Output;
  /// The files that it reads, in order: those named on the command line, and
  /// archives found for `-l`. Shared objects and linker scripts may be among
  /// them; whoever reads a file sees what it is.
  std::vector<std::string> Inputs;
  /// `--fat-lto-objects`: of an object with bitcode in it the bitcode counts.
  bool TakesFatBitcode = false;
};

/// The words of this process's own command line, verbatim.
llvm::Expected<std::vector<std::string>> processArguments();

/// The kind of host that runs as \p Program (argv[0], or the executable).
HostKind hostKind(llvm::StringRef Program);

/// The kind of this process.
HostKind currentHostKind();

/// Reads the command line of an ELF linker: \p Arguments without the program's
/// name. Response files are expanded; fails where one cannot be read.
llvm::Expected<LinkCommand>
parseLinkCommand(llvm::ArrayRef<std::string> Arguments);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKCOMMAND_H
