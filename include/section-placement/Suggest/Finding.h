//===- Finding.h - A short reference that a policy can mend -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between what was read (a log, objects) and what is written (rules). A log and
// a scan of objects end in the same findings.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_FINDING_H
#define SECTION_PLACEMENT_SUGGEST_FINDING_H

#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Suggest/LinkLog.h"
#include "section-placement/Suggest/ObjectScan.h"
#include "section-placement/Suggest/PolicyWriter.h"
#include "llvm/Support/JSON.h"
#include <map>
#include <set>

namespace section_placement {

struct Finding {
  /// Who refers: decides what kind of rule mends it.
  enum class Caller {
    Native,     ///< Code of a native object that is known.
    SomeNative, ///< Native code; which object's is not known.
    Compiled,   ///< A function that LTO compiles, by its inline asm.
    Unknown,    ///< Only the target is known.
  };
  Caller From = Caller::Unknown;
  std::string Object;   ///< Of Native: as a policy names it.
  std::string Function; ///< Empty where the code has no name.
  std::string Section;  ///< That the caller is in; empty where not known.
  std::string Target;   ///< Empty where not known.
  const RelocationReach *Relocation = nullptr; ///< A short one.
  std::optional<int64_t> Distance;             ///< Bytes.
  std::optional<std::pair<int64_t, int64_t>> Range;
  bool IsTargetDefined = true; ///< In a scan: by any of the files.
  /// Of Compiled: the log leaves open whether it is assembly in a section of
  /// its own instead.
  bool MayBeNative = false;
};

/// What \p R, which is short, comes to.
Finding findingOf(const NativeFacts &Facts, const NativeReference &R);

/// What was found, and what there is to say of the rest.
struct Findings {
  std::vector<Finding> All;
  /// What a policy does not mend, each with its reason; with how many like it.
  std::vector<std::pair<std::string, unsigned>> Notes;
  /// The partial links whose outputs the log names: the links that run LTO.
  std::vector<std::string> Outputs;
  bool IsScan = false; ///< Of objects; no link has failed.
  /// The failed link itself runs LTO.
  bool IsDirectLink = false;
  /// A trial found that the link's own linker scripts say who stands beside
  /// whom: no other file has to gather what the policy places.
  bool IsGathered = false;
  /// Objects with both ends of a reference that a partial link may have
  /// written; whether one did is not known.
  std::vector<std::string> MaybeOutputs;
  /// An object that the failed link read as native code, with a target in it.
  std::string NativeTarget;
  /// What a trial of the policy found, in one sentence; empty without one.
  std::string Tried;
  /// No link can place the targets; their compile can.
  enum class CompileReason {
    None,
    NoBitcode,  ///< None of the objects is bitcode.
    GoldPlugin, ///< LLVMgold.so, which loads no pass plugin, runs LTO.
    Compiler    ///< The object is one that a compiler wrote as native code.
  };
  CompileReason AtCompile = CompileReason::None;

  /// What the link is, and what its names are defined as (Definition); null
  /// where nobody said. While findings are added.
  const LinkFacts *Link = nullptr;
  const llvm::StringMap<unsigned> *Defined = nullptr;

  /// Where the link makes a reference to \p Name go.
  BoundName bind(llvm::StringRef Name) const;

  /// Adds \p New, once, unless the link makes the branch go elsewhere than to a
  /// function that can be moved, which is noted; or unless its caller's section
  /// takes no guests: that is noted, as of \p Where.
  void add(Finding New, const llvm::Twine &Where);

  /// Adds a note that is printed once, with the first \p Where that it is
  /// about.
  void note(const llvm::Twine &Where, const llvm::Twine &Why);

private:
  bool follow(Finding &New, const llvm::Twine &Where);

  std::map<std::string, size_t> NoteByReason;
  std::set<std::string> Seen;
};

/// What a log says, as far as the log and the objects of the scan tell. Fails
/// where an object is damaged.
llvm::Expected<Findings> findingsOf(const LinkLog &Log, llvm::StringRef LogName,
                                    const ObjectScan &Scan,
                                    const LinkFacts *Link = nullptr);

/// The short references of the scanned objects to symbols that none of them
/// defines as native code or data. Fails where an object is damaged.
llvm::Expected<Findings> findingsOf(const ObjectScan &Scan,
                                    const LinkFacts *Link = nullptr);

/// Adds a note for the files of \p Scan that nothing can be read of.
void noteSlimGCC(const ObjectScan &Scan, Findings &Result);

/// Why a policy does not help where \p Relocation, which is not short, does not
/// reach, and what does.
std::string explainFarRelocation(llvm::StringRef Relocation);

/// Why a policy does not help against \p Failure, and what does.
llvm::StringRef explainFailure(LinkFailure Failure);

/// The rules that mend \p All, in an order that depends on nothing but what
/// they say.
SuggestedPolicy rulesFor(const Findings &All);

/// Writes the `findings` of \p All, whether its policy was `tried`, and what
/// `placesAt`: the link that runs LTO, or the compile.
void writeJsonFindings(llvm::json::OStream &J, const Findings &All);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_FINDING_H
