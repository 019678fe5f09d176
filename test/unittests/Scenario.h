//===- Scenario.h - A Program and a policy written by hand ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The planner's tests read as a story: these functions, these references, this
// policy, and then who goes where, as text.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TEST_SCENARIO_H
#define SECTION_PLACEMENT_TEST_SCENARIO_H

#include "section-placement/Plan/Plan.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <memory>
#include <string>
#include <vector>

namespace section_placement {

/// A folder for the files of one test, which goes with it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("scenario", Path));
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  ~TemporaryFolder() { llvm::sys::fs::remove_directories(Path); }

  /// Writes the file and gives its path.
  std::string write(llvm::StringRef Name, llvm::StringRef Text) {
    llvm::SmallString<128> File(Path);
    llvm::sys::path::append(File, Name);
    std::error_code EC;
    llvm::raw_fd_ostream OS(File, EC);
    EXPECT_FALSE(EC) << File.str().str();
    OS << Text;
    return File.str().str();
  }
  std::string path() const { return Path.str().str(); }

private:
  llvm::SmallString<128> Path;
};

/// A policy that stands: its index refers to it.
class StandingPolicy {
public:
  StandingPolicy(TemporaryFolder &Folder, llvm::StringRef Text) {
    llvm::Expected<Policy> Read = readPolicy(Folder.write("policy.yaml", Text));
    if (Read)
      P = std::move(*Read);
    else
      ADD_FAILURE() << llvm::toString(Read.takeError());
    Index = std::make_unique<RuleIndex>(P);
  }
  const RuleIndex &index() const { return *Index; }
  const Policy &policy() const { return P; }

private:
  Policy P;
  std::unique_ptr<RuleIndex> Index;
};

/// Functions and references first, then a policy, then questions.
class Scenario {
public:
  Program P;
  TemporaryFolder Folder;
  Plan ThePlan;

  /// A function that can be moved. Its attributes are those of the symbol.
  uint32_t function(llvm::StringRef Name, llvm::StringRef Source = "") {
    Symbol S;
    S.Name = S.Canonical = P.save(Name);
    S.Source = Source.empty() ? llvm::StringRef() : P.save(Source);
    P.Symbols.push_back(S);
    return P.Symbols.size() - 1;
  }
  /// A symbol of a native object.
  uint32_t native(llvm::StringRef Name, llvm::StringRef Object = "entry.o",
                  llvm::StringRef Section = ".text", uint32_t Rank = 0,
                  uint64_t Address = 0) {
    uint32_t I = function(Name);
    Symbol &S = P.Symbols[I];
    S.IsNative = true;
    S.Object = P.save(Object);
    S.Section = P.save(Section);
    S.Rank = Rank;
    S.Address = Address;
    return I;
  }
  /// A function that nothing here defines.
  uint32_t undefined(llvm::StringRef Name) {
    uint32_t I = function(Name);
    P.Symbols[I].IsUndefined = true;
    return I;
  }
  Symbol &operator[](uint32_t I) { return P.Symbols[I]; }

  void branch(uint32_t From, uint32_t To) { edge(From, To, EdgeKind::Branch); }
  void call(uint32_t From, uint32_t To, uint64_t Times = 0) {
    edge(From, To, EdgeKind::Call);
    P.Edges.back().Weight = Times * WeightOfOne;
  }
  void runtimeCall(uint32_t From, uint32_t To) {
    edge(From, To, EdgeKind::RuntimeCall);
  }
  void alias(llvm::StringRef Name, uint32_t Of) {
    P.Aliases.push_back({P.save(Name), Of});
  }
  void attribute(uint32_t I, llvm::StringRef Name) {
    P.Symbols[I].AttributesBegin = P.Attributes.size();
    P.Attributes.push_back(P.save(Name));
    P.Symbols[I].AttributesEnd = P.Attributes.size();
  }

  /// Plans under a policy whose beginning is given, `native` included; the
  /// version stands before it.
  void plan(llvm::StringRef Text) {
    Standing =
        std::make_unique<StandingPolicy>(Folder, ("version: 1\n" + Text).str());
    if (!IsFinished)
      P.finish();
    IsFinished = true;
    ThePlan = makePlan(P, Standing->index());
  }
  const RuleIndex &index() const { return Standing->index(); }

  /// `.text.hyp by hyp: matched`; `nowhere` in place of a section that stays as
  /// it is; empty where no rule is about it.
  std::string fate(uint32_t I) const {
    const Placement &Where = ThePlan.Placements[I];
    if (Where.Rule == NoIndex)
      return "";
    llvm::StringRef Section = Where.Section.empty() ? "nowhere" : Where.Section;
    return (Section + " by " + ruleName(Where.Rule) + ": " +
            nameOf(Where.Reason))
        .str();
  }
  /// `hyp_panic by hyp: native-section`, in order.
  std::vector<std::string> refusals() const {
    std::vector<std::string> Result;
    for (const Refusal &R : ThePlan.Refusals)
      Result.push_back((P.Symbols[R.Symbol].Name + " by " + ruleName(R.Rule) +
                        ": " + nameOf(R.Reason))
                           .str());
    return Result;
  }
  /// `indirect-calls in f: 2`, `callee-outside in f: g, 1`, in order.
  std::vector<std::string> holes() const {
    std::vector<std::string> Result;
    for (const Hole &H : ThePlan.Holes)
      Result.push_back(
          (nameOf(H.Kind) + " in " + P.Symbols[H.Symbol].Name + ": " +
           (H.Callee == NoIndex ? "" : P.Symbols[H.Callee].Name + ", ") +
           llvm::Twine(H.Count))
              .str());
    return Result;
  }
  /// The names that nothing answers to, in order.
  std::vector<std::string> unanswered() const {
    std::vector<std::string> Result;
    for (const UnansweredName &N : unansweredNames(P, index()))
      Result.push_back(N.Name);
    return Result;
  }

private:
  void edge(uint32_t From, uint32_t To, EdgeKind Kind) {
    P.Evidences.push_back({"entry.o", "R_AARCH64_CONDBR19", 0, 1 << 20});
    uint32_t By = P.Evidences.size() - 1;
    P.Edges.push_back({From, To, Kind, By});
  }
  llvm::StringRef ruleName(uint32_t Rule) const {
    return index().rule(Rule).R->Name;
  }

  std::unique_ptr<StandingPolicy> Standing;
  bool IsFinished = false;
};

using Texts = std::vector<std::string>;

} // namespace section_placement

#endif // SECTION_PLACEMENT_TEST_SCENARIO_H
