//===- LinkerScript.h - What a link's scripts define ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKERSCRIPT_H
#define SECTION_PLACEMENT_LINK_LINKERSCRIPT_H

#include "section-placement/Link/LinkFacts.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace section_placement {

/// Gives the path of a file that a script names, found as the linker finds it;
/// empty where it is nowhere.
using ScriptFinder = llvm::function_ref<std::string(llvm::StringRef Name)>;

/// Each reads one file and adds what it says to \p Facts; what it cannot read
/// goes to Facts.Unread with its place.
void readLinkerScript(llvm::StringRef Path, ScriptFinder Find,
                      ScriptFacts &Facts);
void readVersionScript(llvm::StringRef Path, ScriptFacts &Facts);
void readDynamicList(llvm::StringRef Path, ScriptFacts &Facts);

/// Reads `NAME=EXPRESSION` of --defsym.
void readDefsym(llvm::StringRef Text, ScriptFacts &Facts);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKERSCRIPT_H
