//===- Plan.h - Who goes where, and why -------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plan is a pure function of a Program and a Policy: no IR, no files, no
// clock, no order of pointers or hashes. The same inputs give the same bytes.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PLAN_PLAN_H
#define SECTION_PLACEMENT_PLAN_PLAN_H

#include "section-placement/Model/Program.h"
#include "section-placement/Policy/RuleIndex.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>
#include <memory>

namespace section_placement {

enum class PlacementReason : uint8_t {
  Unclaimed,        ///< No rule is about it.
  Matched,          ///< The rule's `match` holds.
  GrownAlongBranch, ///< A short reference reaches it.
  GrownAlongCall,   ///< A direct call reaches it.
  GrownToCaller,    ///< It calls one that is placed.
  SplitFromParent,  ///< It was split or cloned from one that is placed.
  KeepsSection,     ///< Claimed; its source gave it a section, which stays.
  Left,             ///< Claimed by a rule that leaves it alone.
  FollowsCode,      ///< A constant that only code of the rule reads.
};

enum class RefusalReason : uint8_t {
  NativeStays,        ///< Native code cannot be moved.
  NativeToNative,     ///< A short reference from native code to native code.
  NativeSection,      ///< The native section takes no guest unasked.
  NoSection,          ///< The rule has no `section`, and the seed is IR.
  ClaimedEarlier,     ///< An earlier rule has it.
  KeepsSection,       ///< Growth met it; its source gave it a section.
  SourceUnknown,      ///< A `source` rule, and nobody recorded its source.
  Interposable,       ///< The branch goes to the PLT, wherever the function is.
  ThreadLocal,        ///< The variable is in the segment of each thread.
  Common,             ///< The linker, not the compiler, makes the variable.
  Reserved,           ///< The compiler or the linker reads the variable.
  OtherContent,       ///< The section's name promises what the variable is not.
  ReadOnlyOnceLoaded, ///< The variable is written; the section cannot be.
  SharedConstant,     ///< Others read it, too, and its address matters.
  ClosedIsWhole,      ///< A closed rule has it, which keeps all of its code in.
  OptedOutIsWhole,    ///< It is as its file was compiled: `lto: opt-out`.
};

/// Where growth along calls cannot know what is called, or cannot have it.
enum class HoleKind : uint8_t {
  IndirectCalls,  ///< Calls through pointers.
  UnreadableAsm,  ///< Inline asm that may call.
  UnknownCode,    ///< It was not compiled: its run-time calls are not known.
  UnreadBody,     ///< Only a summary was read: asm and runtime calls are not in
                  ///< it.
  CalleeOutside,  ///< Another module's function, a library's, or nobody's.
  NativeCallee,   ///< Native code, which stays.
  RuntimeCall,    ///< A call that code generation makes itself.
  ClaimedEarlier, ///< An earlier rule has the callee.
  KeepsSection,   ///< The callee's source gave it a section.
  Interposable,   ///< Another module's definition may be what is called.
};

llvm::StringRef nameOf(PlacementReason Reason);
llvm::StringRef nameOf(RefusalReason Reason);
llvm::StringRef nameOf(HoleKind Kind);

struct Placement {
  uint32_t Rule = NoIndex;
  PlacementReason Reason = PlacementReason::Unclaimed;
  /// Where it goes; empty where it stays.
  llvm::StringRef Section;
  /// Of a grown one, the index of the edge; of a split one, its parent; of a
  /// constant that follows code, the symbol that reads it.
  uint32_t Via = NoIndex;
  uint64_t Rank = UINT64_MAX; ///< In `order: listed`.
};

/// A constant that others read as well: the code of one rule reads a copy.
struct DataCopy {
  uint32_t Symbol;
  uint32_t Rule;
  llvm::StringRef Section;
  uint32_t Reader; ///< The first symbol that reads it there.
};

struct Refusal {
  uint32_t Symbol;
  uint32_t Rule;
  RefusalReason Reason;
  uint32_t Edge = NoIndex; ///< What growth met it by.
};

/// A hole in what growth along calls reached.
struct Hole {
  uint32_t Rule;
  HoleKind Kind;
  uint32_t Symbol;           ///< The function that calls; the first of them.
  uint32_t Callee = NoIndex; ///< Where that is known.
  uint32_t Count = 1;        ///< Indirect calls, or functions that call.
};

/// Functions of one section whose order a rule gives.
struct OrderedGroup {
  uint32_t Rule;
  std::vector<uint32_t> Symbols;
};

/// The functions for which `inline`, `max-size` and `split` of a rule hold:
/// those that it claims, and those that match one that claims nothing.
struct ConstrainedGroup {
  uint32_t Rule;
  std::vector<uint32_t> Symbols; ///< Ascending.
};

struct RuleTotals {
  uint32_t Seeds = 0;     ///< Matched symbols, native ones included.
  uint32_t Claimed = 0;   ///< Functions claimed, grown ones included.
  uint32_t Variables = 0; ///< Variables claimed.
  uint32_t Moved = 0;     ///< Of both, those that get another section.
  uint32_t Inside = 0;    ///< Functions that its constraints are about.
};

/// A literal name that means several functions: two files' statics.
struct SharedName {
  uint32_t Rule;
  llvm::StringRef Name;
  std::vector<uint32_t> Symbols;
};

/// A source rule in a program whose origins nobody recorded.
struct MissingSources {
  uint32_t Rule = NoIndex;
  uint32_t Symbol = NoIndex;
  bool IsOfArchive = false; ///< The archive is asked for, and not the source.
};

class Plan {
public:
  std::vector<Placement> Placements; ///< One for each symbol.
  std::vector<Refusal> Refusals;     ///< In the order of rules.
  std::vector<Hole> Holes;           ///< Likewise.
  std::vector<OrderedGroup> Orders;
  std::vector<ConstrainedGroup> Constrained; ///< In the order of rules.
  std::vector<RuleTotals> Totals;            ///< One for each rule.
  std::vector<SharedName> Shared;
  std::vector<DataCopy> Copies; ///< In the order of symbols.
  /// For each symbol the rule by whose `split` its cold blocks leave it.
  std::vector<uint32_t> SplitBy;
  /// For each symbol whether a rule grows along branches from it.
  std::vector<bool> IsBranchSeed;
  MissingSources Missing;

  /// The holes of one rule.
  llvm::ArrayRef<Hole> holesOf(uint32_t Rule) const {
    auto Range =
        std::equal_range(Holes.begin(), Holes.end(), Rule, HoleOrder());
    return {Holes.data() + (Range.first - Holes.begin()),
            size_t(Range.second - Range.first)};
  }

  /// The functions that the constraints of \p Rule are about.
  llvm::ArrayRef<uint32_t> constrainedBy(uint32_t Rule) const {
    for (const ConstrainedGroup &Group : Constrained)
      if (Group.Rule == Rule)
        return Group.Symbols;
    return {};
  }

  /// Does any function have blocks that shall leave it?
  bool splits() const {
    return llvm::any_of(SplitBy, [](uint32_t R) { return R != NoIndex; });
  }

  /// One copy of each section's name, as long as the plan lives.
  llvm::StringRef intern(llvm::StringRef Section) {
    return Sections->insert(Section).first->getKey();
  }

private:
  struct HoleOrder {
    bool operator()(const Hole &H, uint32_t R) const { return H.Rule < R; }
    bool operator()(uint32_t R, const Hole &H) const { return R < H.Rule; }
  };
  std::unique_ptr<llvm::StringSet<>> Sections =
      std::make_unique<llvm::StringSet<>>();
};

/// Sections that take a guest unasked: `.text` and what begins with `.text.`.
/// Code that is freed after start-up or has a size to keep does not.
bool takesGuests(llvm::StringRef Section);

/// Plans \p P, which is finished, under the policy of \p Index.
Plan makePlan(const Program &P, const RuleIndex &Index);

/// A literal name of the policy that no symbol of a program answers to.
struct UnansweredName {
  uint32_t Position; ///< Among all literal names of the policy.
  uint32_t Rule;
  std::string Name;
  Place Where;
  bool IsOfVariable = false; ///< Of `variable`; else of a function.
  bool IsOfSource = false;   ///< Listed with a file: a local function's.
  /// There is a variable where a function is named, or the other way round.
  bool IsOtherKind = false;
  /// Not all inputs of the link are known: native code of another may have it.
  bool MayBeElsewhere = false;
  /// The nearest name that is there, by edits, where one is near enough to be
  /// what was meant.
  std::string Nearest;
  unsigned NearestDistance = UINT32_MAX;
};

/// The literal names in `function` and `function-file` of rules that are not
/// `optional` to which nothing in \p P answers, in the order of the policy.
std::vector<UnansweredName> unansweredNames(const Program &P,
                                            const RuleIndex &Index);

/// Offers the names of \p P to each of \p Names as what may have been meant.
/// May be called for one program after the other. Compares each name with each,
/// so only the first few of \p Names are asked for.
void suggestNames(const Program &P,
                  llvm::MutableArrayRef<UnansweredName> Names);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PLAN_PLAN_H
