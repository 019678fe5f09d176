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
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/LineIterator.h"

using namespace llvm;

namespace section_placement {

namespace {
/// Walks through names in their order, and sees whether addresses grow.
class OrderWalk {
public:
  OrderWalk(const ElfFile &Image, OrderVerdict &V) : Image(Image), V(V) {}

  /// The next in the order are the symbols \p Same of the image, in any order
  /// among themselves.
  void step(ArrayRef<uint32_t> Same);

private:
  using Code = std::pair<uint32_t, uint64_t>; // Section and address.
  Code codeOf(uint32_t I) const {
    const ElfSymbol &S = Image.definitions()[I];
    return {S.Section, S.Address};
  }

  const ElfFile &Image;
  OrderVerdict &V;
  DenseMap<uint32_t, uint32_t> Last; ///< By section: the symbol seen last.
  DenseSet<Code> Seen;
};
} // namespace

void OrderWalk::step(ArrayRef<uint32_t> Same) {
  SmallVector<uint32_t, 1> New; // The others are aliases, or folded.
  for (uint32_t I : Same)
    if (Image.definitions()[I].Section && Seen.insert(codeOf(I)).second)
      New.push_back(I);
  llvm::sort(New,
             [&](uint32_t A, uint32_t B) { return codeOf(A) < codeOf(B); });
  for (uint32_t I : New) {
    auto [Before, IsFirst] = Last.try_emplace(codeOf(I).first, I);
    if (IsFirst)
      continue;
    V.IsJudged = true;
    if (codeOf(I) < codeOf(Before->second) && !V.Displaced++) {
      V.First = Image.definitions()[I].Name.str();
      V.ShallFollow = Image.definitions()[Before->second].Name.str();
    }
    Before->second = I;
  }
}

/// Adds what has a rank in \p Ranks, and the other functions of the same
/// sections of \p Image, but for those of the same address.
static void addFunctions(const ElfFile &Image,
                         const DenseMap<uint32_t, size_t> &Ranks,
                         OrderVerdict &V) {
  ArrayRef<ElfSymbol> Symbols = Image.definitions();
  DenseSet<uint32_t> Sections;
  DenseSet<std::pair<uint32_t, uint64_t>> Ranked;
  for (auto [I, Rank] : Ranks) {
    Sections.insert(Symbols[I].Section);
    Ranked.insert({Symbols[I].Section, Symbols[I].Address});
  }
  const ElfSymbol *Last = nullptr;
  for (uint32_t I = 0; I < Symbols.size(); ++I) {
    const ElfSymbol &S = Symbols[I];
    size_t Rank = Ranks.lookup(I);
    bool IsOther = !Rank && S.IsFunction && S.Size &&
                   Sections.contains(S.Section) &&
                   !Ranked.contains({S.Section, S.Address});
    if (!Rank && !IsOther)
      continue;
    V.Functions.push_back({I, Rank});
    V.Others += IsOther;
    bool IsAlias =
        Last && Last->Section == S.Section && Last->Address == S.Address;
    if (!IsAlias)
      (IsOther ? V.BytesOfOthers : V.BytesOfListed) += S.Size;
    Last = &S;
  }
}

Expected<OrderVerdict> judgeOrderFile(const ElfFile &Image, StringRef Path) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readInputFile(Path, MaximumTextSize);
  if (!Buffer)
    return Buffer.takeError();
  OrderVerdict V;
  V.Asked = Path.str();
  OrderWalk Walk(Image, V);
  StringSet<> Names;
  DenseMap<uint32_t, size_t> Ranks;
  for (line_iterator Line(**Buffer); !Line.is_at_end(); ++Line) {
    StringRef Name = Line->trim();
    if (Name.empty() || Name.front() == '#' || !Names.insert(Name).second)
      continue;
    ArrayRef<uint32_t> Symbols = Image.symbolsNamed(Name);
    ++V.Listed;
    V.Found += !Symbols.empty();
    Walk.step(Symbols);
    for (uint32_t I : Symbols)
      Ranks.try_emplace(I, V.Listed);
  }
  addFunctions(Image, Ranks, V);
  return V;
}

static StringRef wordOf(Rule::Order Order) {
  return Order == Rule::Order::Listed ? "listed" : "affinity";
}

/// How many modules have functions that \p Rule places.
static size_t countModules(ArrayRef<ExpectedFunction> Functions,
                           uint32_t Rule) {
  StringSet<> Modules;
  for (const ExpectedFunction &F : Functions)
    if (F.Rule == Rule)
      Modules.insert(F.Module);
  return Modules.size();
}

std::vector<OrderVerdict> judgeOrders(const ElfFile &Image, const Policy &P,
                                      ArrayRef<ExpectedFunction> Expected,
                                      const Reports *Planned,
                                      std::vector<std::string> &Told) {
  std::vector<OrderVerdict> Verdicts;
  for (uint32_t R = 0; R < P.Rules.size(); ++R) {
    const Rule &TheRule = P.Rules[R];
    if (TheRule.InSection == Rule::Order::Input)
      continue;
    OrderVerdict V;
    V.Rule = TheRule.Name;
    V.Asked = wordOf(TheRule.InSection).str();
    for (const ExpectedOrder &O :
         Planned ? ArrayRef(Planned->Orders) : ArrayRef<ExpectedOrder>()) {
      if (O.Rule != R)
        continue;
      ++V.Modules;
      V.Listed += O.Functions.size();
      OrderWalk Walk(Image, V);
      for (const std::string &Name : O.Functions) {
        ArrayRef<uint32_t> Symbols = Image.symbolsNamed(Name);
        V.Found += Symbols.size() == 1;
        if (Symbols.size() == 1)
          Walk.step(Symbols);
        else if (Symbols.size() > 1)
          V.Ambiguous.push_back(Name);
      }
    }
    if (Image.isRelocatable() && !V.IsJudged)
      Told.push_back("the order of rule " + inQuotes(V.Rule) +
                     ", which the final link decides");
    else if (!Planned)
      Told.push_back("the order of rule " + inQuotes(V.Rule) +
                     ": give the link's order file (--symbol-ordering-file "
                     "FILE) or its reports (--report DIR)");
    else if (countModules(Expected, R) > 1)
      Told.push_back("in which order the modules of rule " + inQuotes(V.Rule) +
                     " stand: give the link's order file "
                     "(--symbol-ordering-file FILE)");
    if (V.Modules)
      Verdicts.push_back(std::move(V));
  }
  return Verdicts;
}

} // namespace section_placement
