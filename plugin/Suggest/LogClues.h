//===- LogClues.h - What the names in an error say --------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where no object is at hand, the names of files are all that tells who wrote
// the code. Each of these is a name that only one program gives.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLUGIN_SUGGEST_LOGCLUES_H
#define SECTION_PLACEMENT_PLUGIN_SUGGEST_LOGCLUES_H

#include "section-placement/Suggest/LinkLog.h"

namespace section_placement {

/// Whose LTO wrote an object, by its name.
enum class LTOMaker { None, LLVM, GoldPlugin, GCC };
LTOMaker ltoMaker(llvm::StringRef Object);

/// Is the caller of \p F assembly, by its source, which only debug info gives
/// with a line?
bool isAssembly(const FailedReference &F);

/// Is the target of \p F a symbol that no object defines?
bool isOfLinkerScript(const FailedReference &F);

/// Did a compiler, not a partial link, write the object \p Name?
bool isCompilersObject(llvm::StringRef Name);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLUGIN_SUGGEST_LOGCLUES_H
