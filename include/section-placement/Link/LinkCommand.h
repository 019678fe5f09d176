//===- LinkCommand.h - The words of a command line --------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lld tells a plugin neither what it writes nor what it reads, and takes no
// option of ours (it parses -mllvm before it loads plugins). The command line
// of the process tells both; LinkFacts reads it.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKCOMMAND_H
#define SECTION_PLACEMENT_LINK_LINKCOMMAND_H

#include "section-placement/Support/Error.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace section_placement {

/// Which program a command runs.
enum class ProgramKind : uint8_t { Clang, GCC, LLD, OtherLinker, Rustc, Other };

/// The name of \p Program without a target before it and a version behind it:
/// `ld` of `aarch64-linux-gnu-ld`, `clang++` of `/usr/bin/clang++-22`.
llvm::StringRef programName(llvm::StringRef Program);

/// By its programName(). `cc` and `c++` count as GCC, `ld` as OtherLinker.
ProgramKind programKind(llvm::StringRef Program);

/// What kind of program has loaded us.
enum class HostKind {
  Linker,   ///< ld.lld, or any other program that runs LTO backends.
  Compiler, ///< clang.
  Optimizer ///< opt.
};

/// A file that holds words of a command line.
struct WordFile {
  enum class QuotingKind : uint8_t { Shell, GNU, Windows };

  std::string Name, Text;
  QuotingKind Quoting;
};

/// A word of a command line, and where it stands.
struct CommandWord {
  CommandWord(std::string Text, std::shared_ptr<const WordFile> File = nullptr,
              size_t At = 0)
      : Text(std::move(Text)), File(std::move(File)), At(At) {}

  std::string Text;
  /// Null where the word was given to the process, and stands in no file.
  std::shared_ptr<const WordFile> File;
  size_t At; ///< Of a shell's the offset, else the index in the file.

  /// Where it stands; empty where that is in no file.
  Place place() const;
};

/// \p Texts, which stand in no file.
std::vector<CommandWord> commandWords(llvm::ArrayRef<std::string> Texts);

/// The words of this process's own command line, verbatim.
llvm::Expected<std::vector<CommandWord>> processArguments();

/// The kind of host that runs as \p Program (argv[0], or the executable).
HostKind hostKind(llvm::StringRef Program);

/// The kind of this process.
HostKind currentHostKind();

/// \p Arguments with each `@FILE` replaced by the words in it, as ld.lld does.
/// Fails where one cannot be read.
llvm::Expected<std::vector<CommandWord>>
expandResponseFiles(llvm::ArrayRef<CommandWord> Arguments);

/// The words of \p Text, a command line as a shell would read it: quotes,
/// backslashes, comments, lines that go on, and what CMake writes around a
/// command for Ninja (`: && COMMAND && :`). Fails where there is none, and
/// where a shell would have to run or expand something to know the words (`$x`,
/// a pipe). \p File is what errors call it.
llvm::Expected<std::vector<CommandWord>> splitCommand(llvm::StringRef File,
                                                      llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKCOMMAND_H
