//===- Regions.cpp - Does what a rule places lie in its region? -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Verify/Obedience.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

/// The range named \p Name: of the command line, else of the policy, else of
/// the link's MEMORY.
static std::optional<MemoryRange>
rangeNamed(StringRef Name, const PolicyRequest &Request, const Policy &P) {
  for (const MemoryRange &M : Request.Memory)
    if (M.Name == Name)
      return M;
  if (const MemoryRange *M = P.findMemory(Name))
    return *M;
  if (Request.Link)
    for (const MemoryRegion &M : Request.Link->Script.Regions)
      if (M.Name == Name && M.Origin && M.Length)
        return MemoryRange{M.Name, *M.Origin, *M.Length, M.Where};
  return std::nullopt;
}

/// Which of the symbols that \p F may be lie outside of \p Range.
static std::vector<uint32_t> outside(const ElfFile &Image,
                                     const ExpectedFunction &F,
                                     const MemoryRange &Range) {
  std::vector<uint32_t> Found;
  copy_if(F.ImageSymbols, std::back_inserter(Found), [&](uint32_t I) {
    const ElfSymbol &S = Image.definitions()[I];
    return !Range.contains(S.Address, std::max<uint64_t>(S.Size, 1));
  });
  return Found;
}

void judgeRegions(const PolicyRequest &Request, const ElfFile &Image,
                  const Policy &P, ArrayRef<ExpectedFunction> Expected,
                  PolicyVerdict &Verdict) {
  for (uint32_t R = 0; R < P.Rules.size(); ++R) {
    const Rule &TheRule = P.Rules[R];
    if (TheRule.Region.empty())
      continue;
    std::string Lies = " of rule " + inQuotes(TheRule.Name) +
                       " lies in region " + inQuotes(TheRule.Region);
    std::optional<MemoryRange> Range = rangeNamed(TheRule.Region, Request, P);
    if (Image.isRelocatable()) {
      Verdict.Told.push_back("whether what the final link makes" + Lies);
      continue;
    }
    if (!Range) {
      Verdict.NotJudged.push_back("whether the code" + Lies +
                                  ", which no 'memory', no --memory and no "
                                  "MEMORY of the link's script explains");
      continue;
    }
    for (const ExpectedFunction &F : Expected) {
      if (F.Rule != R || F.IsGrownByCall)
        continue;
      std::vector<uint32_t> Outside = outside(Image, F, *Range);
      if (Outside.empty())
        continue;
      if (Outside.size() < F.ImageSymbols.size()) {
        Verdict.NotJudged.push_back("which of several is meant, so whether " +
                                    inQuotes(F.Name) + Lies);
        continue;
      }
      for (GroupVerdict &G : Verdict.Groups)
        if (G.Rule == TheRule.Name && G.Group == F.Group) {
          G.Region = *Range;
          G.OutOfRegion.push_back(
              {F.Name, Image.definitions()[Outside.front()].Address});
        }
    }
  }
}

} // namespace section_placement
