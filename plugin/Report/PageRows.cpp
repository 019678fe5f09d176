//===- PageRows.cpp - Reports and images joined by name -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PageRows.h"
#include "section-placement/Model/Program.h"
#include <algorithm>
#include <tuple>

using namespace llvm;

namespace section_placement {

StripLayout::StripLayout(const ElfFile &Image) {
  ArrayRef<ElfSection> All = Image.sections();
  for (uint32_t I = 0; I < All.size(); ++I)
    if (All[I].isCode() && All[I].Size)
      Sections.push_back({I, 0});
  if (!Image.isRelocatable())
    llvm::sort(Sections, [&](const SectionSpan &A, const SectionSpan &B) {
      return std::tuple(All[A.Section].Address, A.Section) <
             std::tuple(All[B.Section].Address, B.Section);
    });
  uint64_t First = Sections.empty() ? 0 : All[Sections[0].Section].Address;
  for (SectionSpan &S : Sections) {
    const ElfSection &Of = All[S.Section];
    // Sections that overlap, or that a damaged file sets beyond all reason,
    // stand after the one before them.
    static constexpr uint64_t LargestGap = uint64_t(1) << 40;
    uint64_t Wanted = Of.Address - First;
    bool HasPlace =
        !Image.isRelocatable() && Wanted >= Span && Wanted - Span < LargestGap;
    S.Base = HasPlace ? Wanted : Span;
    Span = S.Base + std::min(Of.Size, LargestGap);
  }
}

PageRows::PageRows(const LinkReport &Link, ArrayRef<PageImage> Images)
    : Link(Link) {
  for (const ModuleReport *M : Link.modules())
    for (const ReportedEdge &E : M->References) {
      Referred.insert(E.From);
      Referred.insert(E.To);
    }
  for (const ModuleReport *M : Link.modules())
    for (const SplitOutcome &Split : M->Parts) {
      auto [Known, IsNew] = Outcomes.try_emplace(Split.Function, &Split);
      if (!IsNew) // Which of them a row is, nothing tells.
        Known->second = nullptr;
    }
  for (const PageImage &I : Images)
    Strips.emplace_back(*I.Image);
  // The last image first: its order is the order of the rows.
  for (uint32_t I = Images.size(); I-- > 0;)
    addImage(I, *Images[I].Image);
  addReported();
  for (const auto &Named : ByName)
    judge(Named.first(), Named.second);
  judgeParts();
}

uint32_t PageRows::find(StringRef Name) const {
  auto Found = ByName.find(Name);
  return Found == ByName.end() ? NoRow : Found->second.front();
}

uint32_t PageRows::row(StringRef Name, uint32_t Ordinal) {
  auto &Named = *ByName.try_emplace(Name).first;
  while (Named.second.size() <= Ordinal) {
    Named.second.push_back(Rows.size());
    Rows.emplace_back().Name = Named.first();
  }
  return Named.second[Ordinal];
}

void PageRows::addImage(uint32_t I, const ElfFile &Image) {
  const StripLayout &Strip = Strips[I];
  std::vector<uint32_t> SpanOf(Image.sections().size(), UINT32_MAX);
  for (uint32_t S = 0; S < Strip.Sections.size(); ++S)
    SpanOf[Strip.Sections[S].Section] = S;
  struct Found {
    RowPlace Place;
    StringRef Name;
    size_t Met; ///< How many were met before, from the table's end.
    bool IsPart;
  };
  std::vector<Found> All;
  ArrayRef<ElfSymbol> Symbols = Image.definitions();
  uint64_t End = 0; // Where the symbols after this one begin.
  for (size_t S = Symbols.size(), Next = S; S-- > 0;) {
    const ElfSymbol &Symbol = Symbols[S];
    const ElfSection &Section = Image.sections()[Symbol.Section];
    bool IsLast =
        Next == Symbols.size() || Symbols[Next].Section != Symbol.Section;
    if (IsLast)
      End = Section.Address + Section.Size;
    else if (Symbols[Next].Address != Symbol.Address)
      End = Symbols[Next].Address;
    Next = S;
    uint64_t Offset = Symbol.Address - Section.Address;
    if (SpanOf[Symbol.Section] == UINT32_MAX || Offset >= Section.Size)
      continue;
    bool IsPart = Image.splitParent(S) != NoIndex;
    if (!Symbol.IsFunction && Symbol.IsLocal && !IsPart &&
        !Referred.count(Symbol.Name))
      continue;
    uint64_t Rest = Section.Size - Offset;
    uint64_t Size = Symbol.Size ? Symbol.Size : End - Symbol.Address;
    uint32_t Span = SpanOf[Symbol.Section];
    All.push_back(
        {{Span, Strip.Sections[Span].Base + Offset, std::min(Size, Rest)},
         Symbol.Name,
         All.size(),
         IsPart});
  }
  // Those at one place in the order of the symbol table.
  llvm::sort(All, [](const Found &A, const Found &B) {
    return std::tuple(A.Place.At, B.Met) < std::tuple(B.Place.At, A.Met);
  });
  StringMap<uint32_t> Ordinals;
  for (const Found &F : All) {
    PageRow &Row = Rows[row(F.Name, Ordinals[F.Name]++)];
    Row.Places[I] = F.Place;
    Row.IsPart |= F.IsPart;
  }
}

/// What the reports mention and no image has gets rows of its own.
void PageRows::addReported() {
  for (const ModuleReport *M : Link.modules()) {
    for (const ReportedFunction &F : M->Functions)
      row(F.Symbol, 0);
    for (const std::string &Name : M->Unclaimed)
      row(Name, 0);
    for (const ReportedEdge &E : M->References) {
      row(E.From, 0);
      row(E.To, 0);
    }
  }
}

void PageRows::judge(StringRef Name, ArrayRef<uint32_t> Of) {
  ArrayRef<ReportedAt> Claims = Link.claimedAs(Name);
  bool HasUnclaimed = Link.unclaimedAs(Name);
  PageRow::State Is = PageRow::State::Unreported;
  if (!Claims.empty()) {
    const ReportedFunction &First = Link.function(Claims[0]);
    // More of them in the image than in the reports: native code has a static
    // of that name.
    size_t InImage = count_if(Of, [&](uint32_t R) {
      return !Strips.empty() && Rows[R].Places[Strips.size() - 1];
    });
    bool IsKnown = !HasUnclaimed && InImage <= Claims.size();
    bool Agree = IsKnown && all_of(Claims, [&](ReportedAt At) {
                   const ReportedFunction &F = Link.function(At);
                   return F.Rule == First.Rule && F.Section == First.Section &&
                          F.Reason == First.Reason;
                 });
    Is = Agree ? PageRow::State::Claimed : PageRow::State::Ambiguous;
  } else if (HasUnclaimed) {
    Is = PageRow::State::Unclaimed;
  }
  for (uint32_t R : Of) {
    Rows[R].Is = Is;
    if (Is == PageRow::State::Claimed)
      Rows[R].Function = Claims[0];
  }
}

void PageRows::judgeParts() {
  for (PageRow &Part : Rows) {
    uint32_t Whole = Part.IsPart ? find(wholeOf(Part)) : NoRow;
    if (Whole == NoRow || Part.Is != PageRow::State::Unreported)
      continue;
    Part.Is = Rows[Whole].Is;
    Part.Function = Rows[Whole].Function;
  }
}

} // namespace section_placement
