//===- Extents.cpp - Where a rule's functions lie in an image -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/Extents.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <algorithm>
#include <map>
#include <set>

using namespace llvm;

namespace section_placement {

namespace {
using Group = std::pair<uint32_t, StringRef>; // Rule and section.
} // namespace

/// Which rules move code into each section.
static std::map<StringRef, std::set<uint32_t>>
rulesBySection(const LinkReport &Link) {
  std::map<StringRef, std::set<uint32_t>> Rules;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedFunction &F : M->Functions)
      Rules[F.Section].insert(F.Rule);
  return Rules;
}

/// The image's symbols of each group, in the image's order, each once.
static std::map<Group, std::set<uint32_t>> membersIn(const LinkReport &Link,
                                                     const ElfFile &Image) {
  std::map<Group, std::set<uint32_t>> Members;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedFunction &F : M->Functions) {
      ArrayRef<uint32_t> Found = Image.symbolsNamed(F.Symbol);
      // Of statics of one name nothing tells which one is meant.
      if (!F.Section.empty() && Found.size() == 1)
        Members[{F.Rule, F.Section}].insert(Found.front());
    }
  return Members;
}

/// Adds a group, whose \p Members are sorted by section and address.
static void addGroup(const ElfFile &Image, const std::set<uint32_t> &Members,
                     RuleExtent &Extent) {
  ArrayRef<ElfSymbol> Symbols = Image.definitions();
  ++Extent.Groups;
  Extent.Functions += Members.size();
  const ElfSymbol *Last = nullptr;
  for (uint32_t I : Members) {
    const ElfSymbol &S = Symbols[I];
    bool IsNext = Last && Last->Section == S.Section;
    uint64_t LastEnd = Last ? Last->Address + Last->Size : 0;
    // Another function from the last one's end on, and before this one.
    bool IsApart = IsNext && any_of(seq<uint32_t>(Last - Symbols.data() + 1, I),
                                    [&](uint32_t Between) {
                                      const ElfSymbol &Other = Symbols[Between];
                                      return Other.IsFunction && Other.Size &&
                                             Other.Address >= LastEnd &&
                                             Other.Address < S.Address;
                                    });
    Extent.Pieces += !IsNext || IsApart;
    uint64_t End = S.Address + S.Size;
    uint64_t Begin = IsNext ? std::max(S.Address, LastEnd) : S.Address;
    Extent.Bytes += std::max(Begin, End) - Begin;
    Extent.Span += IsNext ? std::max(End, LastEnd) - LastEnd : S.Size;
    Last = &S;
  }
}

std::vector<RuleExtent> extentsIn(const LinkReport &Link,
                                  const ElfFile &Image) {
  std::vector<RuleExtent> Result(Link.rules().size());
  std::map<StringRef, std::set<uint32_t>> Rules = rulesBySection(Link);
  for (const auto &[Key, Members] : membersIn(Link, Image)) {
    RuleExtent &Extent = Result[Key.first];
    addGroup(Image, Members, Extent);
    // What a branch grew to stands among the native code that branches.
    Extent.IsShared |= Key.second == ".text" || Rules[Key.second].size() > 1;
  }
  for (const ModuleReport *M : Link.modules())
    for (const ReportedFunction &F : M->Functions) {
      RuleExtent &Extent = Result[F.Rule];
      Extent.IsShared |= F.Reason == "grown-along-branch";
      Extent.Ambiguous +=
          !F.Section.empty() && Image.symbolsNamed(F.Symbol).size() > 1;
    }
  return Result;
}

} // namespace section_placement
