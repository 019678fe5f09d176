//===- Policy.h - The policy file, typed ------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the user wrote, checked and typed. It knows nothing of LLVM IR or of
// ELF. Every part keeps its place in the file, because what a policy names and
// nothing answers to is reported with that place.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_POLICY_H
#define SECTION_PLACEMENT_POLICY_POLICY_H

#include "section-placement/Policy/MatchKeys.h"
#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

struct Growth {
  enum class Direction { Callees, Callers, Both };
  bool AlongBranch = false;
  bool AlongCall = false;
  Direction Towards = Direction::Callees; ///< Along calls.
  unsigned Depth = 1; ///< Edges; UINT32_MAX for `unlimited`.
  std::optional<Matcher> Within;
};

/// `closed`: the code of a rule's functions transfers control to nothing and
/// reads no constant outside of the rule, but for what it allows.
struct Closure {
  bool IsReportOnly = false;      ///< `report: true`: remarks, no errors.
  std::vector<Pattern> Functions; ///< May be called where they are.
  /// In whose source indirect calls are vouched for.
  std::vector<Pattern> Indirect;
  std::vector<Pattern> Data; ///< May be read where they are.
  Place Where;
};

/// An entry of `memory`: `ram: 0x20000000+256KiB`.
struct MemoryRange {
  std::string Name;
  uint64_t Begin = 0;
  uint64_t Size = 0; ///< Bytes; the range ends inside of 64 bits.
  Place Where;

  bool contains(uint64_t Address, uint64_t Bytes) const {
    return Address >= Begin && Address - Begin <= Size &&
           Bytes <= Size - (Address - Begin);
  }
};

/// The range that \p Text says, as `0x20000000+256KiB`: a start in decimal or
/// hexadecimal digits, and a size in bytes, KiB, MiB or GiB. Fails with what is
/// wrong and what would be right; the caller knows the place.
llvm::Expected<MemoryRange> parseMemoryRange(llvm::StringRef Name,
                                             llvm::StringRef Text);

/// The line around a rule's functions that inlining does not cross.
enum class InlineLine {
  Free,
  NeverOut,    ///< Their code goes into no other function.
  NeverIn,     ///< No other function's code comes into theirs.
  NeverAcross, ///< Neither.
};

/// What a policy calls each, in their order.
constexpr llvm::StringLiteral InlineWords[] = {"free", "never-out", "never-in",
                                               "never-across"};

/// What a rule does with the symbols that match it: computed by the parser of
/// all keys together, so that nothing else adds them up.
enum class Effect : uint8_t {
  /// Claims functions, and gives them the section of Rule::target(): `section`,
  /// `lto: opt-out`.
  Place,
  /// Claims what native symbols reach, and gives it their section: `grow`
  /// without `section`, or with `{native}`.
  PlaceByNatives,
  /// Claims nothing: `inline`, `max-size` and `split` alone are about what
  /// matches, whichever rule places that.
  Constrain,
  /// Claims, and changes nothing: `leave`.
  Leave,
};

struct Rule {
  enum class Order { Input, Listed, Affinity };
  std::string Name;
  Place Where;
  Matcher Match;
  std::optional<Growth> Grow;
  std::optional<Closure> Closed;
  std::optional<SectionTemplate> Section;
  std::optional<SectionTemplate> Data; ///< Where its variables go.
  /// The range of Policy::Memory where all that it places must be linked; empty
  /// where it does not say.
  std::string Region;
  Place RegionAt;
  Order InSection = Order::Input;
  bool OptsOut = false; ///< `lto: opt-out`.
  InlineLine Inline = InlineLine::Free;
  /// The rule does not write `inline`; `never-out` follows from its `closed` or
  /// `region`.
  bool InlineIsImplied = false;
  /// What the code of its functions may have, in bytes.
  std::optional<uint64_t> MaxSize;
  Place MaxSizeAt;
  /// `split: never-run`: where the blocks go that never run, `split-section`.
  std::optional<SectionTemplate> Split;
  Place SplitAt;
  bool Optional = false;
  Effect Does = Effect::Constrain;

  /// Does it say something of its functions that must hold, whether it places
  /// them or not?
  bool constrains() const {
    return Inline != InlineLine::Free || MaxSize || Split;
  }
  /// Does it say something by which a compile for LTO and the link must agree?
  bool actsAtCompile() const {
    return OptsOut || (Inline != InlineLine::Free && !InlineIsImplied);
  }

  /// Must its code be nowhere else, unless it says `inline: free`?
  bool needsItsPlace() const {
    return (Closed && !Closed->IsReportOnly) || !Region.empty();
  }

  /// Does it take along the data that its functions read?
  bool takesDataAlong() const {
    return Data && llvm::any_of(Match, [](const MatchMap &M) {
             return !M.isOfVariables();
           });
  }

  /// Where its functions go: `section`, else `{unsplit}` under `lto: opt-out`,
  /// else `{native}`.
  const SectionTemplate &target() const;
};

struct Policy {
  std::string File;
  /// What `source` globs are relative to: absolute, `.` and `..` taken out.
  std::string Root;
  std::vector<Pattern> Outputs;
  std::vector<Pattern> Natives;
  std::vector<MemoryRange> Memory;
  std::vector<Rule> Rules;

  /// The range that a rule's `region` names; null where `memory` has none of
  /// that name.
  const MemoryRange *findMemory(llvm::StringRef Name) const;

  /// The first rule with `split: never-run`; null where none has it.
  const Rule *firstThatSplits() const;

  /// Has any rule `lto: opt-out` or an `inline` that is not free, written or
  /// implied?
  bool isolates() const;

  /// What frontends must read for this policy. Its strings are the policy's.
  Interest interest() const;
};

/// \p Root, relative to \p Folder, absolute and without `.` and `..`.
std::string absoluteRoot(llvm::StringRef Folder, llvm::StringRef Root);

/// Reads and checks the policy \p File. \p RootOverride, where not empty,
/// overrides the file's `root` (SECTION_PLACEMENT_ROOT). Fails with one
/// PlacedError for each fault that one reading finds.
llvm::Expected<Policy> readPolicy(llvm::StringRef File,
                                  llvm::StringRef RootOverride = "");

/// The same of a policy that is \p Text, called \p Name, in the current folder.
llvm::Expected<Policy> readPolicyText(llvm::StringRef Text,
                                      llvm::StringRef Name,
                                      llvm::StringRef RootOverride = "");

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_POLICY_H
