//===- OutputFile.h - Files that are whole or not there ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_OUTPUTFILE_H
#define SECTION_PLACEMENT_TOOLS_OUTPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace section_placement {

/// Writes \p Text into \p File, whole or not at all; `-` is standard output.
/// Fails where it cannot be written.
llvm::Error writeOutputFile(llvm::StringRef File, llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_OUTPUTFILE_H
