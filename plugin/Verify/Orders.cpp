//===- Orders.cpp - Does code stand in the order that was asked? ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linker orders input sections, in each output section for itself, and so
// does this. Names that the image lacks are passed over, as the linker does.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/InputFile.h"
#include "section-placement/Verify/Obedience.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/LineIterator.h"

using namespace llvm;

namespace section_placement {

void judgeOrder(const ElfFile &Image, ArrayRef<StringRef> Names,
                OrderVerdict &V) {
  DenseMap<uint32_t, uint32_t> Last; // By section: the symbol seen last.
  DenseSet<std::pair<uint32_t, uint64_t>> Seen;
  V.Listed += Names.size();
  for (StringRef Name : Names) {
    ArrayRef<uint32_t> Symbols = Image.symbolsNamed(Name);
    if (Symbols.size() > 1)
      ++V.Ambiguous;
    if (Symbols.size() != 1)
      continue;
    ++V.Found;
    const ElfSymbol &S = Image.symbols()[Symbols[0]];
    if (!Seen.insert({S.Section, S.Address}).second)
      continue; // Folded into another, or an alias.
    auto [Before, IsFirst] = Last.try_emplace(S.Section, Symbols[0]);
    if (IsFirst)
      continue;
    V.IsJudged = true;
    const ElfSymbol &B = Image.symbols()[Before->second];
    if (S.Address < B.Address && !V.Displaced++) {
      V.First = Name.str();
      V.ShallFollow = B.Name.str();
    }
    Before->second = Symbols[0];
  }
}

Expected<OrderVerdict> judgeOrderFile(const ElfFile &Image, StringRef Path) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readInputFile(Path, MaximumTextSize);
  if (!Buffer)
    return Buffer.takeError();
  std::vector<StringRef> Names;
  for (line_iterator Line(**Buffer); !Line.is_at_end(); ++Line)
    if (StringRef Name = Line->trim(); !Name.empty() && Name.front() != '#')
      Names.push_back(Name);
  OrderVerdict V;
  V.Asked = Path.str();
  judgeOrder(Image, Names, V);
  return V;
}

static StringRef wordOf(Rule::Order Order) {
  return Order == Rule::Order::Listed ? "listed" : "affinity";
}

std::vector<OrderVerdict> judgeOrders(const ElfFile &Image, const Policy &P,
                                      ArrayRef<ExpectedOrder> Orders,
                                      std::vector<std::string> &Told) {
  std::vector<OrderVerdict> Verdicts;
  for (uint32_t R = 0; R < P.Rules.size(); ++R) {
    const Rule &TheRule = P.Rules[R];
    if (TheRule.InSection == Rule::Order::Input)
      continue;
    OrderVerdict V;
    V.Rule = TheRule.Name;
    V.Asked = wordOf(TheRule.InSection).str();
    for (const ExpectedOrder &O : Orders) {
      if (O.Rule != R)
        continue;
      ++V.Modules;
      judgeOrder(Image,
                 std::vector<StringRef>(O.Functions.begin(), O.Functions.end()),
                 V);
    }
    if (Image.isRelocatable() && !V.IsJudged)
      Told.push_back("the order of rule " + inQuotes(V.Rule) +
                     ", which the final link decides");
    else if (!V.Modules)
      Told.push_back("the order of rule " + inQuotes(V.Rule) +
                     ": give the link's order file (--symbol-ordering-file "
                     "FILE) or its reports (--report DIR)");
    else if (V.Modules > 1)
      Told.push_back("in which order the modules of rule " + inQuotes(V.Rule) +
                     " stand: give the link's order file "
                     "(--symbol-ordering-file FILE)");
    if (V.Modules)
      Verdicts.push_back(std::move(V));
  }
  return Verdicts;
}

} // namespace section_placement
