//===- Doctor.h - Will a policy act with these tools? -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plugin is bound to the LLVM that loads it, and a policy reaches only some
// steps of some builds. Each of these fails late and looks like something else:
// an undefined symbol, a link that places nothing. The doctor asks beforehand:
//
//   tools   Which programs are there, of which LLVM, and do they export each
//           symbol that the plugin needs? Read from the files, as the loader
//           would, and not taken from a version number.
//   build   Do its commands reach the plugin and the policy?
//   trial   One function is compiled and linked by the very tools; the objects
//           are read.
//
// What cannot be found out is Health::NotKnown, and never counts as good.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_DOCTOR_DOCTOR_H
#define SECTION_PLACEMENT_DOCTOR_DOCTOR_H

#include "section-placement/Flags/BuildCommands.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace section_placement {

enum class Health : uint8_t { Good, Bad, NotKnown };

enum class ToolKind : uint8_t { Clang, Linker, Optimizer, Rustc };

/// `clang`, `ld.lld`, `opt`, `rustc`.
llvm::StringRef nameOf(ToolKind Kind);

/// Where a tool has its LLVM.
enum class LLVMHome : uint8_t {
  Shared,   ///< In a library that it loads.
  Static,   ///< In itself.
  NotKnown, ///< It is no ELF file, or cannot be run.
};

/// Something that was found out.
struct Symptom {
  Health Is = Health::Good;
  std::string About;  ///< A tool's name, `build`, `policy`.
  std::string Text;   ///< A sentence without a full stop.
  std::string Remedy; ///< What to do; empty where nothing is to be done.
  bool Counts = true; ///< In the verdict.
};

/// A tool that was found or named.
struct Tool {
  ToolKind Kind = ToolKind::Clang;
  std::string Program; ///< Its path.
  /// Whether the verdict counts it: it was named, or every build needs it.
  bool Counts = true;
  std::string Version; ///< Of its LLVM, `22.1.8`; empty where not known.
  LLVMHome Home = LLVMHome::NotKnown;
  std::string Library; ///< The file name of the shared libLLVM.
  /// Whether the plugin can be loaded into it.
  Health Loads = Health::NotKnown;
};

/// What the doctor looks at. Paths are absolute.
struct DoctorInputs {
  std::string Plugin;
  /// By ToolKind: a program that the user or the build named; empty to seek it.
  std::string Named[4];
  const Policy *P = nullptr; ///< Null where none was named.
  /// The commands of the build; empty where none was named.
  std::vector<BuildCommand> Commands;
  /// SECTION_PLACEMENT_POLICY is set where the doctor runs.
  bool IsPolicyInEnvironment = false;
  bool CompilesPlace = false; ///< SECTION_PLACEMENT_STAGE is `compile`.
};

struct Diagnosis {
  std::string Plugin; ///< The file that was tried.
  std::vector<Tool> Tools;
  std::vector<Symptom> Symptoms;

  /// Of what counts: NotKnown where one is not known, else Bad where one is
  /// bad, else Good.
  Health verdict() const;
};

/// Looks at the tools. Appends to \p To.
void examineTools(const DoctorInputs &In, Diagnosis &To);

/// Looks at the build's commands. Runs nothing. Appends to \p To.
void examineBuild(const DoctorInputs &In, Diagnosis &To);

/// Places one function with the tools of \p To, in a folder of its own that is
/// removed again. Appends to \p To. Fails where the folder cannot be made.
llvm::Error tryTools(const DoctorInputs &In, Diagnosis &To);

/// The commands of the build in \p Folder, from its compile_commands.json, what
/// `ninja -t commands` prints, and what `make -n` prints. Fails where there is
/// none of them, or one cannot be read.
llvm::Expected<std::vector<BuildCommand>>
commandsOfBuild(llvm::StringRef Folder);

/// Writes `tools` and `findings`.
void writeJsonDiagnosis(llvm::json::OStream &J, const Diagnosis &D);

/// Prints \p D for people.
void printDiagnosis(llvm::raw_ostream &OS, const Diagnosis &D, bool IsColoured);

} // namespace section_placement

#endif // SECTION_PLACEMENT_DOCTOR_DOCTOR_H
