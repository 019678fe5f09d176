//===- OptionTable.h - What the command line may say ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's CommandLine library holds each option once, where its subcommand
// declares it. --help prints that table, and these two walk it: completions ask
// the tool itself, and the man pages are made from its JSON at build time. So a
// new option is one declaration. What its value is stands in its
// cl::value_desc: FILE, DIR, RULE, FUNCTION, or words with a '|' between them
// are completed; anything else is not.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_OPTIONTABLE_H
#define SECTION_PLACEMENT_TOOLS_OPTIONTABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace section_placement {

/// Prints the subcommands with their options, in alphabetical order, and their
/// arguments as one JSON object.
void printOptionTable(llvm::raw_ostream &OS);

/// Prints what may stand in place of a word of the command line. \p Arguments
/// are the number of that word, from 0, and the words behind the tool's name.
/// The first line is `files`, `folders` or `words`; for `words` each other line
/// is one, a tab, and what it means. Behind `--option=` the words are values.
void printCompletions(llvm::raw_ostream &OS,
                      llvm::ArrayRef<const char *> Arguments);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_OPTIONTABLE_H
