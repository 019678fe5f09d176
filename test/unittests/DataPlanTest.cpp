//===- DataPlanTest.cpp - Where the constants go that code reads ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scenario.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace section_placement;

namespace {

/// Two rules that take their data along, and one that does not.
constexpr StringLiteral Rules = R"(rules:
  - name: ram
    match: { function: [fast, faster] }
    section: .ramfunc
    data: .data.ram
  - name: other
    match: { function: [slow] }
    section: .text.slow
    data: .rodata.slow
  - name: code
    match: { function: [plain] }
    section: .text.plain
)";

struct Data : Scenario {
  uint32_t Fast = function("fast"), Slow = function("slow"),
           Plain = function("plain"), Stranger = function("stranger");

  Data() { P.Reads.emplace(); }

  /// A local constant without a section of its own.
  uint32_t constant(StringRef Name) {
    uint32_t I = function(Name);
    Symbol &S = P.Symbols[I];
    S.Holds = Content::Constant;
    S.IsConstant = S.IsLocal = true;
    return I;
  }
  uint32_t copyable(StringRef Name) {
    uint32_t I = constant(Name);
    P.Symbols[I].IsCopyable = true;
    return I;
  }
  void reads(uint32_t From, uint32_t To) {
    P.Reads->push_back({From, To, /*NeedsAddress=*/false});
  }
  void takesAddress(uint32_t From, uint32_t To) {
    P.Reads->push_back({From, To, /*NeedsAddress=*/true});
  }
  void plan() {
    llvm::sort(*P.Reads, [](const Read &A, const Read &B) {
      return std::tie(A.From, A.To) < std::tie(B.From, B.To);
    });
    Scenario::plan(Rules);
  }
  /// `table for ram into .data.ram`, in order.
  Texts copies() const {
    Texts Result;
    for (const DataCopy &C : ThePlan.Copies)
      Result.push_back((P.Symbols[C.Symbol].Name + " for " +
                        index().rule(C.Rule).R->Name + " into " + C.Section)
                           .str());
    return Result;
  }
};

TEST(DataPlanTest, AConstantThatOnlyTheRuleReadsFollowsItsCode) {
  Data S;
  uint32_t Table = S.constant("table");
  S.takesAddress(S.Fast, Table);
  S.plan();
  EXPECT_EQ(S.fate(Table), ".data.ram by ram: follows-code");
  EXPECT_EQ(S.refusals(), Texts{});
}

TEST(DataPlanTest, ARuleWithoutDataLeavesItsConstants) {
  Data S;
  uint32_t Table = S.constant("table");
  S.reads(S.Plain, Table);
  S.plan();
  EXPECT_EQ(S.fate(Table), "");
  EXPECT_EQ(S.refusals(), Texts{});
}

TEST(DataPlanTest, WhatOthersReadAsWellIsCopiedWhereItsAddressDoesNotMatter) {
  Data S;
  uint32_t Table = S.copyable("table");
  S.reads(S.Fast, Table), S.reads(S.Stranger, Table);
  S.plan();
  EXPECT_EQ(S.fate(Table), "");
  EXPECT_EQ(S.copies(), (Texts{"table for ram into .data.ram"}));
}

TEST(DataPlanTest, WhatOthersReadAndWhoseAddressMattersIsRefused) {
  for (bool IsCopyable : {false, true}) {
    Data S;
    uint32_t Table = IsCopyable ? S.copyable("table") : S.constant("table");
    IsCopyable ? S.takesAddress(S.Fast, Table) : S.reads(S.Fast, Table);
    S.reads(S.Stranger, Table);
    S.plan();
    EXPECT_EQ(S.fate(Table), "");
    EXPECT_EQ(S.copies(), Texts{});
    EXPECT_EQ(S.refusals(), (Texts{"table by ram: shared-constant"}));
  }
}

TEST(DataPlanTest, AReaderThatNobodyKnowsIsAnother) {
  Data S;
  uint32_t Table = S.constant("table");
  S.reads(S.Fast, Table), S.reads(NoIndex, Table);
  S.plan();
  EXPECT_EQ(S.refusals(), (Texts{"table by ram: shared-constant"}));
}

TEST(DataPlanTest, OfTwoRulesTheFirstMovesItAndTheSecondHasACopy) {
  Data S;
  uint32_t Table = S.copyable("table");
  S.reads(S.Slow, Table), S.reads(S.Fast, Table);
  S.plan();
  EXPECT_EQ(S.fate(Table), ".data.ram by ram: follows-code");
  EXPECT_EQ(S.copies(), (Texts{"table for other into .rodata.slow"}));
}

TEST(DataPlanTest, ATableTakesAlongWhatItPointsTo) {
  Data S;
  uint32_t Table = S.constant("table"), Row = S.constant("row"),
           Text = S.constant("text");
  S.takesAddress(S.Fast, Table), S.takesAddress(Table, Row);
  S.takesAddress(Row, Text);
  S.plan();
  for (uint32_t I : {Table, Row, Text})
    EXPECT_EQ(S.fate(I), ".data.ram by ram: follows-code");
}

TEST(DataPlanTest, TablesThatPointToEachOtherAreFollowedOnce) {
  Data S;
  uint32_t A = S.constant("a"), B = S.constant("b");
  S.takesAddress(S.Fast, A), S.takesAddress(A, B), S.takesAddress(B, A);
  S.plan();
  EXPECT_EQ(S.fate(A), ".data.ram by ram: follows-code");
  EXPECT_EQ(S.fate(B), ".data.ram by ram: follows-code");
}

TEST(DataPlanTest, TheOriginalOfACopyStillReadsWhatItPointsTo) {
  Data S;
  uint32_t Table = S.copyable("table"), Row = S.constant("row");
  S.reads(S.Fast, Table), S.reads(S.Stranger, Table);
  S.takesAddress(Table, Row);
  S.plan();
  EXPECT_EQ(S.copies(), (Texts{"table for ram into .data.ram"}));
  EXPECT_EQ(S.fate(Row), "");
  EXPECT_EQ(S.refusals(), (Texts{"row by ram: shared-constant"}));
}

TEST(DataPlanTest, AGlobalOrImportedConstantIsNeverMoved) {
  for (bool IsImported : {false, true}) {
    Data S;
    uint32_t Table = S.copyable("table");
    S[Table].IsLocal = IsImported;
    S[Table].IsImported = IsImported;
    S.reads(S.Fast, Table);
    S.plan();
    EXPECT_EQ(S.fate(Table), "");
    EXPECT_EQ(S.copies(), (Texts{"table for ram into .data.ram"}));
  }
}

TEST(DataPlanTest, ASectionThatTheSourceGaveItIsKept) {
  Data S;
  uint32_t Table = S.copyable("table");
  S[Table].Section = ".rodata.flash";
  S.reads(S.Fast, Table);
  S.plan();
  EXPECT_EQ(S.fate(Table), "");
  EXPECT_EQ(S.copies(), Texts{});
  EXPECT_EQ(S.refusals(), (Texts{"table by ram: keeps-section"}));
}

TEST(DataPlanTest, WhatIsOfEachThreadCannotFollow) {
  Data S;
  uint32_t Table = S.constant("table");
  S[Table].Holds = Content::ThreadLocal;
  S.reads(S.Fast, Table);
  S.plan();
  EXPECT_EQ(S.refusals(), (Texts{"table by ram: thread-local"}));
}

} // namespace
