//===- PolicyReader.cpp - The policy file, read and checked ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuleReader.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/LineTable.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

static constexpr uint64_t MaximumPolicySize = uint64_t(16) << 20;

std::string absoluteRoot(StringRef Folder, StringRef Root) {
  SmallString<128> Path(Root);
  if (!sys::path::is_absolute(Root)) {
    Path = Folder;
    sys::path::append(Path, Root);
    // Where the current folder is gone, the root stays relative to it.
    if (SmallString<128> Absolute = Path; !sys::fs::make_absolute(Absolute))
      Path = Absolute;
  }
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path.str().str();
}

static void checkUniqueNames(const std::vector<Rule> &Rules, Faults &F) {
  StringMap<unsigned> Lines;
  for (const Rule &R : Rules) {
    auto [First, IsNew] = Lines.try_emplace(R.Name, R.Where.Line);
    if (!IsNew && !R.Name.empty())
      F.add(R.Where, "two rules are named " + inQuotes(R.Name) +
                         " (the other in line " + Twine(First->second) +
                         "), and reports could not tell them apart; rename "
                         "one");
  }
}

static void readVersion(const DocumentNode &Value, Faults &F) {
  std::optional<std::string> Text = readText(Value, "version", F);
  if (Text && *Text != "1")
    F.add(Value.Where, "version " + inQuotes(*Text) +
                           " of the policy language is not known to "
                           "section-placement " SECTION_PLACEMENT_VERSION
                           ", which reads 'version: 1'");
}

static void readRules(const DocumentNode &Rules, StringRef Folder, Policy &P,
                      Faults &F, bool MayNameNatives) {
  if (Rules.What != DocumentNode::Kind::List || Rules.Items.empty()) {
    F.add(Rules.Where,
          "'rules' must be a list of at least one rule, not " +
              (Rules.Items.empty() && Rules.What == DocumentNode::Kind::List
                   ? std::string("an empty list")
                   : Rules.describe()));
    return;
  }
  for (const DocumentNode &Item : Rules.Items)
    P.Rules.push_back(readRule(Item, Folder, MayNameNatives, F));
  checkUniqueNames(P.Rules, F);
}

Expected<MemoryRange> parseMemoryRange(StringRef Name, StringRef Text) {
  auto [Start, Length] = Text.split('+');
  Start = Start.trim();
  MemoryRange Range;
  Range.Name = Name.str();
  bool IsHex = Start.take_front(2).lower() == "0x";
  std::optional<uint64_t> Size = readSize(Length.trim());
  if (Start.empty() || !Size ||
      Start.drop_front(IsHex ? 2 : 0)
          .getAsInteger(IsHex ? 16 : 10, Range.Begin))
    return plainError(inQuotes(Text) + " is no range of addresses; write its "
                                       "start and its size, as "
                                       "0x20000000+256KiB");
  Range.Size = *Size;
  if (Range.Size - 1 > UINT64_MAX - Range.Begin)
    return plainError(inQuotes(Text) + " goes beyond the last address");
  return Range;
}

static void readMemory(const DocumentNode &Node, Policy &P, Faults &F) {
  if (Node.What != DocumentNode::Kind::Map || Node.Entries.empty()) {
    F.add(Node.Where, "'memory' must be a map of names and ranges, as "
                      "'ram: 0x20000000+256KiB', not " +
                          Node.describe());
    return;
  }
  for (const auto &[Key, Value] : Node.Entries) {
    std::optional<std::string> Text = readText(Value, Key.Text, F);
    if (!Text)
      continue;
    Expected<MemoryRange> Range = parseMemoryRange(Key.Text, *Text);
    if (!Range) {
      F.add(Value.Where, "'memory': " + toString(Range.takeError()));
      continue;
    }
    Range->Where = Key.Where;
    P.Memory.push_back(std::move(*Range));
  }
}

/// Where the policy has no `memory`, the command line of `verify` or the linker
/// script says what a region is.
static void checkRegions(const Policy &P, Faults &F) {
  for (const Rule &R : P.Rules)
    if (!R.Region.empty() && !P.Memory.empty() && !P.findMemory(R.Region))
      F.add(R.RegionAt, "'memory' has no range " + inQuotes(R.Region) +
                            ", which rule " + inQuotes(R.Name) +
                            " names as its 'region'; add it there");
}

/// All of it but `root`, which is given back as it was written.
static std::string readTopLevel(const DocumentNode &Top, StringRef Folder,
                                Policy &P, Faults &F) {
  std::string RootFolder = ".";
  const DocumentNode *Rules = nullptr;
  bool HasVersion = false;
  auto Version = [&](const DocumentNode &V) {
    HasVersion = true;
    readVersion(V, F);
  };
  auto Root = [&](const DocumentNode &V) {
    if (std::optional<std::string> Value = readText(V, "root", F))
      RootFolder = *Value;
    if (RootFolder.empty())
      F.add(V.Where, "'root' is empty; write a folder, as '..'");
  };
  auto Outputs = [&](const DocumentNode &V) {
    P.Outputs = readGlobs(V, "outputs", Glob::Dialect::Path, F);
  };
  auto Natives = [&](const DocumentNode &V) {
    P.Natives = readGlobs(V, "native", Glob::Dialect::Path, F);
  };
  auto Memory = [&](const DocumentNode &V) { readMemory(V, P, F); };
  auto RulesKey = [&](const DocumentNode &V) { Rules = &V; };
  size_t UnknownKeys = F.unknownKeyCount();
  if (!readFields(Top, "a policy",
                  {{"version", Version},
                   {"root", Root},
                   {"outputs", Outputs},
                   {"native", Natives},
                   {"memory", Memory},
                   {"rules", RulesKey}},
                  F))
    return RootFolder;
  bool AllKeysKnown = F.unknownKeyCount() == UnknownKeys;
  if (!HasVersion && AllKeysKnown)
    F.add(Top.Where, "a policy begins with 'version: 1', which is missing");
  if (Rules) {
    readRules(*Rules, Folder, P, F, /*MayNameNatives=*/
              !P.Natives.empty() || !AllKeysKnown);
    checkRegions(P, F);
  } else if (AllKeysKnown)
    F.add(Top.Where, "a policy needs 'rules', a list of at least one rule");
  return RootFolder;
}

Expected<Policy> readPolicy(StringRef File, StringRef RootOverride) {
  Expected<std::string> Text = readTextFile(File, MaximumPolicySize);
  if (!Text)
    return Text.takeError();
  return readPolicyText(*Text, File, RootOverride);
}

Expected<Policy> readPolicyText(StringRef Text, StringRef File,
                                StringRef RootOverride) {
  Expected<DocumentNode> Top = parseDocument(File, Text);
  if (!Top)
    return Top.takeError();
  if (Top->What == DocumentNode::Kind::Nothing)
    return errorAt(LineTable(Text).place(File, 0),
                   "holds no policy, which begins with 'version: 1'");
  Policy P;
  P.File = File.str();
  StringRef Folder = sys::path::parent_path(File);
  Faults F;
  std::string Root = readTopLevel(*Top, Folder, P, F);
  if (Error E = F.take())
    return E;
  P.Root = RootOverride.empty() ? absoluteRoot(Folder, Root)
                                : absoluteRoot("", RootOverride);
  return P;
}

template <typename T> static void sortUnique(std::vector<T> &Items) {
  std::sort(Items.begin(), Items.end());
  Items.erase(std::unique(Items.begin(), Items.end()), Items.end());
}

const MemoryRange *Policy::findMemory(StringRef Name) const {
  auto Found =
      find_if(Memory, [&](const MemoryRange &M) { return M.Name == Name; });
  return Found == Memory.end() ? nullptr : &*Found;
}

bool Policy::isolates() const {
  return any_of(Rules, [](const Rule &R) {
    return R.OptsOut || R.Inline != InlineLine::Free;
  });
}

const Rule *Policy::firstThatSplits() const {
  auto Found = find_if(Rules, [](const Rule &R) { return R.Split; });
  return Found == Rules.end() ? nullptr : &*Found;
}

Interest Policy::interest() const {
  Interest I;
  for (const Rule &R : Rules) {
    addInterest(R.Match, I);
    const SectionTemplate &Target = R.target();
    I.Sources |= R.OptsOut || Target.uses(SectionTemplate::Word::File) ||
                 Target.uses(SectionTemplate::Word::Dir);
    I.Sources |= R.Data && (R.Data->uses(SectionTemplate::Word::File) ||
                            R.Data->uses(SectionTemplate::Word::Dir));
    I.Sources |= R.Split && (R.Split->uses(SectionTemplate::Word::File) ||
                             R.Split->uses(SectionTemplate::Word::Dir));
    I.Variables |= R.takesDataAlong();
    I.Reads |= R.takesDataAlong();
    I.Temperatures |= Target.uses(SectionTemplate::Word::Unsplit);
    I.Calls |= R.InSection == Rule::Order::Affinity || R.Closed;
    I.Weights |= R.InSection == Rule::Order::Affinity;
    I.Sizes |= R.InSection == Rule::Order::Affinity || R.MaxSize;
    if (!R.Grow)
      continue;
    I.Branches |= R.Grow->AlongBranch;
    I.Calls |= R.Grow->AlongCall;
    if (R.Grow->Within)
      addInterest(*R.Grow->Within, I);
  }
  sortUnique(I.Attributes);
  sortUnique(I.Names);
  return I;
}

} // namespace section_placement
