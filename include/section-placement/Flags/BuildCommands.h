//===- BuildCommands.h - The commands of a build ----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether a policy acts is decided by what a build says to its compilers and
// linkers. A build writes that down: compile_commands.json, a Ninja file, a
// Makefile. This reads each command for what matters to the plugin. It follows
// no shell: a command that a script runs is not seen.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_FLAGS_BUILDCOMMANDS_H
#define SECTION_PLACEMENT_FLAGS_BUILDCOMMANDS_H

#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace section_placement {

enum class LTOKind : uint8_t { None, Thin, Full };

/// A command of a build that compiles or links.
struct BuildCommand {
  enum class StepKind : uint8_t { Compile, Link, Other };

  std::string Program; ///< As the build calls it, behind `ccache` and its like.
  ProgramKind Kind = ProgramKind::Other;
  StepKind Step = StepKind::Other;
  /// What it compiles, or else what it writes; as the build names it.
  std::string About;
  LTOKind LTO = LTOKind::None; ///< As the driver is asked for.
  bool LoadsPlugin = false;    ///< Of a link, in the linker.
  bool HasPolicy = false;      ///< In the words of the command.
  /// A backend or a thin link of distributed ThinLTO.
  bool IsDistributed = false;
  bool HasLTOLevel0 = false; ///< `--lto-O0`.
  std::string Linker;        ///< `-fuse-ld=`; empty for the driver's own.
  std::string CacheFolder;   ///< `--thinlto-cache-dir`.
};

/// Reads one command whose words are \p Words, in front of them assignments,
/// `env` and launchers. Words between `&&` or `;` are commands of their own:
/// those that neither compile nor link are left out.
std::vector<BuildCommand> readBuildCommand(llvm::ArrayRef<std::string> Words);

/// The same of each line of \p Text, as `ninja -t commands` and `make -n` print
/// them.
std::vector<BuildCommand> readBuildLines(llvm::StringRef Text);

/// The commands of a compilation database. Fails where \p File cannot be read
/// or is none.
llvm::Expected<std::vector<BuildCommand>>
readCompileCommands(llvm::StringRef File);

/// Why a policy does not act on what a compile makes.
enum class CompileFault : uint8_t {
  None,
  NoPlugin,    ///< Compiled for LTO without the plugin.
  NotForLTO,   ///< Neither LTO nor the plugin: a native object.
  NotClang,    ///< Another compiler: a native object.
  Distributed, ///< A backend of distributed ThinLTO, where no plugin runs.
};

/// What the JSON output calls \p Fault.
llvm::StringRef nameOf(CompileFault Fault);

/// Returns true if the build means the policy to act there, and it does not.
/// What is compiled to native code may be meant to be.
bool isMissed(CompileFault Fault);

/// A sentence about such compiles, and what to do.
llvm::StringRef textOf(CompileFault Fault);

/// What keeps the policy \p P from what \p Command compiles; None for what is
/// no compile.
CompileFault faultOf(const BuildCommand &Command, const Policy &P);

} // namespace section_placement

#endif // SECTION_PLACEMENT_FLAGS_BUILDCOMMANDS_H
