//===- Trial.h - What a suggested policy would do ---------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy that cannot act is read, followed, and of no use. Where the files of
// the link are at hand, native and bitcode, the policy is planned on them
// before it is printed, module by module as a ThinLTO backend does it. Then it
// is added up where the code will stand: a linker joins the sections of one
// name, those of native objects first and those that LTO makes after them. The
// bitcode that stands between is compiled in memory to know its size.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_TRIAL_H
#define SECTION_PLACEMENT_SUGGEST_TRIAL_H

#include "section-placement/Suggest/Finding.h"

namespace section_placement {

/// Tries the policy that rulesFor(\p F) is on \p Files, which \p Scan has read,
/// with the scripts of the link where it is given. Takes out of \p F what the
/// policy would not bring into reach, with a note that says why and what does,
/// and leaves in F.Tried how many it would, or why that is not known. \p Link
/// says what the link binds names to, null where it was not given. \p OnFile
/// hears of each file before its code is compiled. Fails where a file is
/// damaged.
llvm::Error tryPolicy(Findings &F, const ObjectScan &Scan,
                      llvm::ArrayRef<std::string> Files, const LinkFacts *Link,
                      llvm::function_ref<void(llvm::StringRef)> OnFile);

/// The lines of a file for `--symbol-ordering-file`, and of one for `-T`,
/// either of which gathers what the policy for \p F places, in a link without a
/// script of its own. No symbols where code without a name refers.
struct Gathering {
  std::vector<std::string> Symbols;
  std::string Script;
  std::vector<std::string> Lines; ///< Of Script: `*(.text)`.
};
Gathering gatheringOf(const Findings &F, const SuggestedPolicy &P);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_TRIAL_H
