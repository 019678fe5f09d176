//===- RunProgram.h - Run a program -----------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLUGIN_DOCTOR_RUNPROGRAM_H
#define SECTION_PLACEMENT_PLUGIN_DOCTOR_RUNPROGRAM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace section_placement {

struct ProgramRun {
  int Status = -1;    ///< Its exit code; below 0 where it could not be run, was
                      ///< killed, or did not end in time.
  std::string Output; ///< Standard output and error, at most 16 MiB.
};

/// Runs \p Words, the program's path first, with \p Variables (`NAME=value`)
/// added to this process's environment, from which every SECTION_PLACEMENT_* is
/// taken. Ends it after a minute.
ProgramRun runProgram(llvm::ArrayRef<std::string> Words,
                      llvm::ArrayRef<std::string> Variables = {});

/// The first line of \p Text that says something.
llvm::StringRef firstLine(llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLUGIN_DOCTOR_RUNPROGRAM_H
