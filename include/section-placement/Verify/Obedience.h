//===- Obedience.h - Does the image obey the policy? ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_OBEDIENCE_H
#define SECTION_PLACEMENT_VERIFY_OBEDIENCE_H

#include "section-placement/Verify/Expectation.h"
#include "section-placement/Verify/Locator.h"
#include "section-placement/Verify/Proof.h"

namespace section_placement {

class LinkFacts;

/// A function that is in another section than its rule says.
struct Misplaced {
  std::string Function, Planned, Actual;
};

/// Functions that shall stand together.
struct GroupVerdict {
  std::string Rule;
  std::string Group; ///< A section; with `*` where each function has its own.
  /// Functions and variables that the rule places there.
  size_t Planned = 0;
  size_t Found = 0;     ///< Those of them that the image has.
  size_t Variables = 0; ///< Of Found: variables and constants.
  std::vector<Misplaced> Elsewhere;
  /// Planned by a report, and not in the image: inlined or dropped afterwards.
  std::vector<std::string> Gone;
  /// Statics of a name that others have, too: which ones is not known.
  std::vector<std::string> Ambiguous;
  /// Is the name of the section that each function was linked in known? A
  /// linked image keeps none of its own, an object that has the function does.
  bool AreSectionsKnown = true;
  /// Others' code belongs into that section as well (`.text`, a section that
  /// native code or another rule is in): it may stand between.
  bool IsShared = false;
  /// Sections of the image that the functions are in. More than one in a
  /// relocatable image: comdats; the final link decides how they lie.
  size_t Pieces = 0;
  /// Of a linked image: bytes between those sections.
  uint64_t BytesApart = 0;
  uint64_t Span = 0; ///< Bytes from the first to the last, in the first piece.
  uint64_t Code = 0; ///< Bytes of the functions in it.
  /// What stands between: bytes, functions and the first few of their names.
  uint64_t BytesBetween = 0;
  size_t Between = 0;
  std::vector<std::string> FirstBetween;
  /// That no script of the link gathers its section; empty where one does, and
  /// where the link is not known.
  std::string Orphan;
  /// What lies outside of the rule's `region`, with its address; Region is that
  /// where there is any.
  std::vector<std::pair<std::string, uint64_t>> OutOfRegion;
  MemoryRange Region;
  /// The image's symbols that stand in it, what the rule grew to as well.
  std::vector<uint32_t> Members;
  /// Calls, jumps and branches of its functions to what is not of its rule: how
  /// many, and to which names, most of them first.
  uint64_t Leaving = 0;
  std::vector<std::pair<std::string, uint64_t>> LeavingTo;
  uint64_t ThroughThunks = 0;    ///< Of Leaving: by a thunk or veneer.
  uint64_t ThroughRegisters = 0; ///< Besides: to where is not known.
  uint64_t BytesNotDecoded = 0;  ///< Of its functions: no instructions.
  /// Its rule is closed, and a proof says what leaves the closed group, which
  /// may have native code besides.
  bool HasProof = false;

  bool isContiguous() const { return !Between; }
  /// Would it show if the plugin had put the functions elsewhere?
  bool isTold() const { return AreSectionsKnown || !IsShared; }
  bool isObeyed() const {
    return Elsewhere.empty() && Orphan.empty() && OutOfRegion.empty() &&
           (IsShared || isContiguous());
  }
};

/// The code of a rule with `max-size`.
struct SizeVerdict {
  std::string Rule;
  Place Where;          ///< Of `max-size` in the policy.
  uint64_t Limit;       ///< Bytes.
  uint64_t Bytes = 0;   ///< Without padding between functions.
  size_t Functions = 0; ///< Not counting Ambiguous.
  std::vector<std::pair<std::string, uint64_t>> Largest; ///< Ten at most.
  /// Statics of a name that others have, too. The smallest of each is in Bytes,
  /// the largest in BytesAtMost.
  std::vector<std::string> Ambiguous;
  uint64_t BytesAtMost = 0;

  /// Whichever of the ambiguous ones are meant?
  bool isKept() const { return BytesAtMost <= Limit; }
};

/// Code that shall stand in an order.
struct OrderVerdict {
  /// A function of the sections in which others are ordered.
  struct Function {
    uint32_t Symbol; ///< Of the image.
    /// Its place in the order, from 1 on; 0: the order lacks it.
    size_t Rank;
  };

  std::string Rule; ///< Empty where an order file asks for it.
  /// The order file; of a rule, what its policy calls the order.
  std::string Asked;
  size_t Modules = 0; ///< Of a rule: that ordered their own functions.
  size_t Listed = 0;  ///< Names that it orders.
  size_t Found = 0;   ///< Of them, those that the image has.
  /// Of a rule: names that several symbols of the image have; which is the
  /// module's own is not known.
  std::vector<std::string> Ambiguous;
  /// Functions that stand before the one that shall be in front of them, and
  /// the first of them with that.
  size_t Displaced = 0;
  std::string First, ShallFollow;
  /// Of an order file: by section and address.
  std::vector<Function> Functions;
  size_t Others = 0; ///< Of Functions: those that it has not.
  uint64_t BytesOfOthers = 0, BytesOfListed = 0;
  /// Do two of them stand in one section of the image? Else there is nothing
  /// to judge.
  bool IsJudged = false;

  bool isKept() const { return !Displaced; }
};

/// A function that the policy names and the image has not.
struct MissingFunction {
  std::string Name, Rule;
  Place Where;
  std::string Why; ///< What became of it, as far as is known, and a remedy.
};

struct PolicyVerdict {
  std::vector<GroupVerdict> Groups; ///< By rule, then by name.
  std::vector<SizeVerdict> Sizes;   ///< In the order of the rules.
  std::vector<GroupProof> Proofs;   ///< Of closed rules, in their order.
  std::vector<OrderVerdict> Orders; ///< Of rules whose reports tell the order.
  std::vector<MissingFunction> Missing;
  std::vector<std::string> Told;      ///< What could not be checked, and why.
  std::vector<std::string> NotJudged; ///< The same, and it must be known.
  std::vector<std::string> NotSeen;   ///< Bitcode that no report is about.
  bool IsByReports = false;
  /// The image's symbols that a rule places or grows to.
  std::vector<uint32_t> Members;

  bool isObeyed() const;
  /// Has no rule a verdict, nor a reason why it has none?
  bool saysNothing() const {
    return llvm::none_of(Groups,
                         [](const GroupVerdict &G) { return G.isTold(); }) &&
           Sizes.empty() && Proofs.empty() && Missing.empty() &&
           NotJudged.empty();
  }
};

/// Holds \p Image against \p Expected. \p Natives are the policy's native
/// objects.
std::vector<GroupVerdict>
judgeGroups(const ElfFile &Image, const ObjectFiles &Objects,
            const NativeFacts &Natives, const Policy &P,
            llvm::ArrayRef<ExpectedFunction> Expected);

/// Counts the branches that leave each of \p Groups.
void judgeLeaving(const ElfFile &Image, ImageTransfers &Transfers,
                  std::vector<GroupVerdict> &Groups);

/// Adds up what \p Image has of each rule of \p P with `max-size`: of the
/// functions in \p Expected, which the rule places, with what was split off of
/// them; or, of a rule that says nothing but a size, of those that it matches
/// among \p Functions. Where an image cannot say which those are, there is a
/// line in \p Told, and no verdict.
std::vector<SizeVerdict> judgeSizes(const ElfFile &Image,
                                    const ImageProgram &Functions,
                                    const Policy &P,
                                    llvm::ArrayRef<ExpectedFunction> Expected,
                                    std::vector<std::string> &Told);

/// Holds \p Image against what the symbol ordering file \p Path lists, as
/// ld.lld reads it: a name a line, without blank lines and comments, the first
/// of two equal lines; all code of one name has one rank, and code of several
/// names the first of theirs. Fails where it cannot be read.
llvm::Expected<OrderVerdict> judgeOrderFile(const ElfFile &Image,
                                            llvm::StringRef Path);

/// Whether \p Image has the functions of each rule of \p P with an `order` as
/// their modules ordered them, by the reports \p Planned (null: none are
/// known), and what is not known of such rules, as lines in \p Told: a rule
/// whose functions in \p Expected are of several modules has no order of all.
std::vector<OrderVerdict> judgeOrders(const ElfFile &Image, const Policy &P,
                                      llvm::ArrayRef<ExpectedFunction> Expected,
                                      const Reports *Planned,
                                      std::vector<std::string> &Told);

/// Where the policy in \p PolicyFile and its reports are.
struct PolicyRequest {
  std::string PolicyFile;
  std::string Root;         ///< SECTION_PLACEMENT_ROOT.
  std::string ReportFolder; ///< Empty: plan on the image.
  std::string OrderFile;    ///< Of the link; empty: none is known.
  std::string ImagePath;
  std::vector<std::string> ObjectPaths;
  const LinkFacts *Link = nullptr; ///< That made the image; null: not known.
  std::vector<MemoryRange> Memory; ///< Before the policy's of the same names.
};

/// Finds what lies outside of the `region` of its rule, for the groups of
/// \p Verdict, and what is not known: which range that is, which static is
/// meant.
void judgeRegions(const PolicyRequest &Request, const ElfFile &Image,
                  const Policy &P, llvm::ArrayRef<ExpectedFunction> Expected,
                  PolicyVerdict &Verdict);

/// Does \p Image, whose code does \p Transfers, obey the policy? Fails for a
/// bad policy, bad native objects and bad reports.
llvm::Expected<PolicyVerdict> judge(const PolicyRequest &Request,
                                    const ElfFile &Image,
                                    const ObjectFiles &Objects,
                                    ImageTransfers &Transfers);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_OBEDIENCE_H
