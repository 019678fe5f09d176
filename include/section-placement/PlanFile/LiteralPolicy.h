//===- LiteralPolicy.h - A plan as a policy ---------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A ThinLTO backend cannot grow across modules, but it can look up names. So
// the plan of a whole program is written as a policy whose rules name their
// functions one by one: in the same language, to be reviewed and kept.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLANFILE_LITERALPOLICY_H
#define SECTION_PLACEMENT_PLANFILE_LITERALPOLICY_H

#include "section-placement/Explain/Explain.h"
#include "section-placement/Plan/PlanFileNote.h"
#include "llvm/Support/Error.h"

namespace section_placement {

class NativeMembers;

struct LiteralPolicy {
  std::string Text;
  /// Lists of names that Text refers to: file name, relative to the policy's
  /// folder, and contents.
  std::vector<std::pair<std::string, std::string>> Lists;
  /// What could not be written, or is not in it.
  std::vector<PlanFileNote> Notes;
};

/// \p What as a policy. \p Stem begins the names of its lists; \p Root is its
/// `root`, relative to the folder that it will be in.
LiteralPolicy writeLiteralPolicy(const Planned &What, llvm::StringRef Stem,
                                 llvm::StringRef Root);

/// What a ThinLTO link appends to the names of local functions that it makes
/// global, such as `.llvm.123`: of the symbols up to End in their order, from
/// the one before on.
struct PromotedSuffix {
  uint32_t End;
  std::string Text; ///< Empty where nothing tells.
};

/// The symbols of all functions that get a section, rule by rule, each in its
/// order: a file for `ld.lld --symbol-ordering-file`. Local functions also by
/// the name that \p Promoted gives them: nothing tells before the link which
/// one they will have. Behind them all stand the cold parts (`f.cold`) of those
/// that ran in training, which the link may split. Fails for a name that such a
/// file cannot hold.
llvm::Expected<std::string>
writeSymbolOrder(const Planned &What, llvm::ArrayRef<PromotedSuffix> Promoted);

/// A member of the link's native code that a rule's code reaches.
struct NativeNeed {
  uint32_t Rule;
  std::string Member; ///< `lib.a(member.o)`, `a.o`.
  std::string Symbol; ///< The first that is reached in it.
};

/// The native members that the code of closed rules, and of rules that grow
/// along calls, reaches, each followed through its own relocations. What a
/// closed rule allows is left out. By rule, then as they are reached.
std::vector<NativeNeed> findNativeNeeds(const Planned &What,
                                        NativeMembers &Natives);

/// The patterns by which ld.lld and GNU ld choose the code and the constants of
/// \p Member, and by which a line before them leaves it out.
std::string scriptSelector(llvm::StringRef Member);
std::string scriptExclusion(llvm::StringRef Member);

/// Where the groups of a linker script run, and where they are loaded from: the
/// names of regions of the script's MEMORY. Both empty: beside `.text`.
struct ScriptRegions {
  std::string Region, Load;
};

/// A linker script for ld.lld's or GNU ld's `-T` that puts each rule's sections
/// into one output section, with the native members of \p Needs, and leaves the
/// rest to the default script or to the one that it is added to (`INSERT`).
/// Fails for a section whose name a script cannot hold.
llvm::Expected<std::string> writeLinkerScript(const Planned &What,
                                              llvm::ArrayRef<NativeNeed> Needs,
                                              const ScriptRegions &Regions);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLANFILE_LITERALPOLICY_H
