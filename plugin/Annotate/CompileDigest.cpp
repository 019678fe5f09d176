//===- CompileDigest.cpp - What a compile knew of its file ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/xxhash.h"
#include <map>
#include <set>

using namespace llvm;

namespace section_placement {

/// May a map hold for functions of \p Source, by its source globs and those of
/// its lists alone?
static bool mayHold(const MatchMap &Map, StringRef Source) {
  ArrayRef<Pattern> Sources = Map[MatchKey::Source];
  auto IsOfOther = [&](const ListedName &Listed) {
    return !Listed.Source.empty() && Listed.Source != Source;
  };
  if (!Map.Listed.empty() && all_of(Map.Listed, IsOfOther))
    return false;
  return Sources.empty() || any_of(Sources, [&](const Pattern &S) {
           return S.Compiled.match(Source);
         });
}

namespace {
/// The parts of a policy that matter, spelled so that no two are one text.
class Spelling {
public:
  /// Of what may hold for \p Source; nothing: of all.
  explicit Spelling(std::optional<StringRef> Source) : Source(Source) {}

  /// Nothing where no map may hold.
  void add(const Rule &R) {
    std::string Maps = spelled(R.Match);
    if (Maps.empty())
      return;
    Text += "rule " + std::to_string(R.OptsOut) +
            std::to_string(static_cast<int>(R.InlineIsImplied ? InlineLine::Free
                                                              : R.Inline)) +
            std::to_string(static_cast<int>(R.Does)) + Maps;
    if (R.Grow) {
      Text += "grow " + std::to_string(R.Grow->AlongBranch) +
              std::to_string(R.Grow->AlongCall) +
              std::to_string(static_cast<int>(R.Grow->Towards)) + " " +
              std::to_string(R.Grow->Depth);
      if (R.Grow->Within)
        Text += spelled(*R.Grow->Within);
    }
  }
  std::string Text;

private:
  std::string spelled(ArrayRef<MatchMap> Maps) const {
    std::string Result;
    for (const MatchMap &Map : Maps)
      if (!Source || mayHold(Map, *Source))
        Result += "{" + spelled(Map) + "}";
    return Result;
  }
  static std::string word(StringRef Kind, StringRef Text) {
    return (Kind + std::to_string(Text.size()) + ":" + Text).str();
  }
  std::string spelled(const MatchMap &Map) const {
    std::string Result;
    for (const MatchKeyInfo &Key : matchKeys())
      if (Key.Values != ValueKind::ListFile) // What it lists counts.
        for (const Pattern &P : Map[Key.Key])
          Result += word(Key.Name, P.Compiled.pattern());
    for (const ListedName &Listed : Map.Listed)
      if (!Source || Listed.Source.empty() || Listed.Source == *Source)
        Result += word("listed", Listed.Source) + word(":", Listed.Name);
    for (const MatchMap &Except : Map.Except)
      Result += "!{" + spelled(Except) + "}";
    return Result;
  }

  std::optional<StringRef> Source;
};
} // namespace

static std::string digestOf(StringRef Text) {
  return Text.empty() ? "" : utohexstr(xxHash64(Text), /*LowerCase=*/true);
}

std::string compileDigest(const Policy &P, StringRef Source) {
  Spelling S(Source);
  size_t Size = 0; // What stands behind the last such rule does not matter.
  for (const Rule &R : P.Rules) {
    size_t Before = S.Text.size();
    S.add(R);
    if (R.actsAtCompile() && S.Text.size() != Before)
      Size = S.Text.size();
  }
  return digestOf(StringRef(S.Text).take_front(Size));
}

std::string isolationDigest(const Policy &P) {
  Spelling S(std::nullopt);
  for (const Rule &R : P.Rules)
    if (R.actsAtCompile())
      S.add(R);
  return digestOf(S.Text);
}

/// The files that the functions of \p M that are its own were stamped with:
/// one, or those of a codegen unit of rustc.
static std::set<std::string> ownSources(const Module &M,
                                        const SourceRoot &Root) {
  SourceStamps Stamps(M, Root);
  std::set<std::string> Result;
  for (const Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage() &&
        F.hasFnAttribute(SourceIdStamp))
      if (std::optional<StringRef> Source = Stamps.of(F))
        Result.insert(Source->str());
  return Result;
}

std::vector<std::string> compiledOtherwise(const Module &M, const Policy &P,
                                           const SourceRoot &Root,
                                           bool IsMerged) {
  std::map<std::string, SmallVector<StringRef, 1>> Digests;
  for (const RecordedSource &S : recordedSources(M))
    Digests[unstampedPath(S.Path, Root)].push_back(S.Digest);
  // A ThinLTO backend has the records of what was imported, too.
  std::vector<std::string> Asked;
  if (IsMerged)
    for (const auto &Entry : Digests)
      Asked.push_back(Entry.first);
  else
    for (const std::string &Own : ownSources(M, Root))
      Asked.push_back(Own);
  llvm::erase_if(Asked, [&](const std::string &Source) {
    SmallVector<StringRef, 1> &Copies = Digests[Source];
    if (Copies.empty())
      Copies.push_back(""); // Not recorded: nothing was kept apart.
    std::string Wanted = compileDigest(P, Source);
    return all_of(Copies, [&](StringRef Digest) { return Digest == Wanted; });
  });
  return Asked;
}

CompileWitness::CompileWitness(const Module &M, const SourceRoot &Root,
                               bool IsMerged)
    : M(M), Stamps(M, Root), IsMerged(IsMerged) {
  for (const RecordedSource &S : recordedSources(M))
    if (!S.Digest.empty())
      Digested.insert(unstampedPath(S.Path, Root));
  if (IsMerged)
    return;
  // The records of imported bodies are there, too: only its own count.
  auto All = std::move(Digested);
  Digested = {};
  for (const std::string &Own : ownSources(M, Root))
    if (All.count(Own))
      Digested.insert(Own);
}

bool CompileWitness::knewPolicy(const Function &F) {
  if (std::optional<StringRef> Source = Stamps.of(F))
    return Digested.count(*Source);
  // In a module of one file that was stamped, it was made afterwards.
  return (!IsMerged && !Digested.empty()) ||
         isMadeByCompiler(canonicalName(F.getName(), IsMerged));
}

StringRef CompileWitness::compiledWithoutPolicy(const Function &F) const {
  const DIFile *Debug = debugSourceOf(F);
  for (StringRef File : section_placement::compiledWithoutPolicy(M))
    if (!IsMerged ? File == M.getSourceFileName()
                  : !Debug || File == Debug->getFilename())
      return File;
  return "";
}

} // namespace section_placement
