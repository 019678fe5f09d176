//===- VerdictText.h - The sentences of a verdict ---------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text, JSON and JUnit say the same thing, so the sentence is made in one
// place.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_VERDICTTEXT_H
#define SECTION_PLACEMENT_VERIFY_VERDICTTEXT_H

#include "section-placement/Verify/Verify.h"
#include <string>
#include <vector>

namespace section_placement {

/// `3 functions and 1 variable`: what the image has of \p G.
std::string foundIn(const GroupVerdict &G);

/// What is wrong with a group, one sentence each.
std::vector<std::string> faultsOf(const GroupVerdict &G);

/// What else is to be said of it: its span, what of it cannot be judged.
std::vector<std::string> factsOf(const GroupVerdict &G, bool IsRelocatable);

/// `policy.yaml:4:25: 'foo' of rule 'hyp' is not in the image: …`
std::string describeMissing(const MissingFunction &M);

/// How the instruction gets to its target where it does not go straight there;
/// empty where it does.
std::string routeText(const Verdict &V, const MeasuredReference &M);

/// `policy.yaml:6:15: 'max-size' of rule 'ram' is 35 bytes, and …`; empty where
/// the limit is kept.
std::string faultOf(const SizeVerdict &S);

/// `rule 'all', order: affinity: 6 functions, as their module ordered them`.
std::string outcomeOf(const OrderVerdict &O);

/// What stands in another order, and the remedy; empty where nothing does.
std::string faultOf(const OrderVerdict &O);

/// `rule 'ram'`, `rules 'ram', 'isr'`.
std::string rulesOf(const GroupProof &G);

/// `flash_write+0x14 calls memcpy in .text`.
std::string describe(const ImageEscape &E);

/// How to mend escapes of that kind.
llvm::StringRef remedyOf(ImageEscape::Kind Kind);

/// What could not be judged of a closed group, one sentence each.
std::vector<std::string> gapsOf(const GroupProof &G);

/// What its proof holds over and what it rests on, one sentence each.
std::vector<std::string> extentOf(const GroupProof &G);

/// Why \p V is not met or not complete, one line each kind.
std::vector<std::string> failuresOf(const Verdict &V);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_VERDICTTEXT_H
