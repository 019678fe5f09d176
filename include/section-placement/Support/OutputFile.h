//===- OutputFile.h - The one way to write a file ----------------*- C++
//-*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who reads an output sees all of it, or what was there before, also where the
// disk is full or the process ends in between. So a file is written beside its
// name and renamed. But a rename replaces whatever has the name, and a user who
// writes `-o /dev/null` did not mean that.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_OUTPUTFILE_H
#define SECTION_PLACEMENT_SUPPORT_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace section_placement {

/// Lets \p Write fill \p File, whole or not at all. `-`, and each name of what
/// standard output is, means standard output. A symbolic link stays, and the
/// file that it names is written; an existing file keeps its mode and owner; a
/// device and a fifo are written to, not replaced. Fails, naming \p File and
/// the cause, where it cannot be written or is one of the files that
/// readInputFile() has read. Nothing is left behind then.
llvm::Error
writeOutputFile(llvm::StringRef File,
                llvm::function_ref<void(llvm::raw_ostream &)> Write);

/// The same for \p Text.
llvm::Error writeOutputFile(llvm::StringRef File, llvm::StringRef Text);

/// Writes out what is still in llvm::outs(). Fails where that, or anything
/// before, could not be written. LLVM would end the process at its exit, with
/// an error of its own and the exit code 1.
llvm::Error flushStandardOutput();

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_OUTPUTFILE_H
