//===- Annotate.h - What the compile writes down ----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The link forgets what the compile knows. What it will be asked for is written
// into the module here, at the end of the compile, when every function that is
// there came from the one file that is being compiled.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ANNOTATE_ANNOTATE_H
#define SECTION_PLACEMENT_ANNOTATE_ANNOTATE_H

#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/IR/SourceStamp.h"

namespace section_placement {

/// Stamps each function of \p M that has a body and no stamp with its source
/// file, in the spelling that stampedPath gives for \p Root, and records the
/// files in the module. The file is the module's own, with debug info and
/// without; in a module that others were merged into (llvm-link), it is that of
/// the function's compile unit, and without debug info there is no stamp. \p P,
/// where not null, is the policy whose digest goes beside each file. Gives the
/// number of functions stamped.
unsigned stampSources(llvm::Module &M, const SourceRoot *Root, const Policy *P);

/// Takes the stamps off \p M. At a link nothing but a rule about source files
/// asks for them, and to MergeFunctions equal functions of two files would
/// differ by them.
void stripStamps(llvm::Module &M);

/// Marks the functions of a freshly merged module whose own module has neither
/// stamps nor debug info, so that a rule about source files can tell them from
/// those that the compiler or the link made. Before any pass has made such.
void markUnrecordedOrigins(llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ANNOTATE_ANNOTATE_H
