//===- DemangledSizeTest.cpp - How long a mangled name is in words --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/DemangledSize.h"
#include "section-placement/Model/CanonicalName.h"
#include "gtest/gtest.h"
#include <string>

using namespace llvm;
using namespace section_placement;

namespace {

std::string digits(size_t Value, size_t Base, StringRef Digits) {
  std::string Text;
  for (; Value; Value /= Base)
    Text.insert(Text.begin(), Digits[Value % Base]);
  return Text.empty() ? "0" : Text;
}

/// `S_` is the first substitution, `S0_` the second.
std::string substitution(size_t N) {
  return N == 0
             ? "S_"
             : "S" + digits(N - 1, 36, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") +
                   "_";
}

std::string rustPlace(size_t Place) {
  return Place == 0 ? "B_"
                    : "B" +
                          digits(Place - 1, 62,
                                 "0123456789abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ") +
                          "_";
}

/// g(A<int, int>, A<A<…>, A<…>>, …): each parameter says the last one twice.
std::string doublingItanium(unsigned Times) {
  std::string Name = "_Z1g1AIiiE";
  for (unsigned I = 1; I <= Times; ++I)
    Name += "S_I" + substitution(I) + substitution(I) + "E";
  return Name;
}

/// a::f<(i64, i64), (…, …), …>, each the last one twice.
std::string doublingRust(unsigned Times) {
  std::string Name = "INvC1a1f";
  size_t Last = Name.size();
  Name += "TxxE";
  for (unsigned I = 0; I != Times; ++I) {
    size_t Next = Name.size();
    Name += "T" + rustPlace(Last) + rustPlace(Last) + "E";
    Last = Next;
  }
  return "_R" + Name + "E";
}

TEST(DemangledSizeTest, NamesOfRealProgramsAreInBounds) {
  for (const char *Name :
       {"_Z3foov",
        "__Z3foov",
        "_ZN4llvm9StringRef4findEcm",
        "_ZNSt6vectorIN4llvm8OptionalISt4pairINS0_9StringRefEjEEESaIS5_EE"
        "17_M_realloc_insertIJS5_EEEvN9__gnu_cxx17__normal_iteratorIPS5_S7_EE"
        "DpOT_",
        "_ZNK3$_0clEv",
        "_ZNKUlvE_clEv",
        "_ZN12_GLOBAL__N_11fEv",
        "_ZThn16_N1C1fEv",
        "_ZTV1C",
        "_ZGVZ1fvE1x",
        "_Z1fIJicEEvDpT_",
        "_RNvC1a1f",
        "_RINvC1a1fxE",
        "_RNvMs_C1aNtB4_1S1m",
        "_RNvXs0_C1aNtB5_1SNtB5_1T1t",
        "_RNCNvC1a1f0B3_",
        "_RNvYNtC1a1SNtB4_1T1t",
        "_RINvC1a1fRShE",
        "_RINvC1a1fFG_RL0_hEuE",
        "_RINvC1a1fAhj10_E",
        "_RINvC1a1fKb1_E",
        "_RINvC1a1fDNtC4core5CloneEL_E",
        "_RNvCs5vRK2_1a1f.llvm.123"})
    EXPECT_TRUE(isDemangledInBounds(Name)) << Name;
}

TEST(DemangledSizeTest, WhatIsNotMangledIsNot) {
  for (const char *Name : {"", "f", "_Z", "_R", "_RN", "_RNvC1a", "_Z3fo",
                           "_RINvC1a1fB9_E", "_RB_"})
    EXPECT_FALSE(isDemangledInBounds(Name)) << Name;
}

TEST(DemangledSizeTest, ANameThatDoublesWithEachReferenceIsOutOfBounds) {
  for (auto Make : {doublingItanium, doublingRust}) {
    EXPECT_TRUE(isDemangledInBounds(Make(4))) << Make(4);
    EXPECT_FALSE(isDemangledInBounds(Make(28))) << Make(28);
    EXPECT_FALSE(isDemangledInBounds(Make(500)));
    EXPECT_FALSE(demangledNames(Make(4)).empty()) << Make(4);
    EXPECT_TRUE(demangledNames(Make(28)).empty());
  }
}

TEST(DemangledSizeTest, TheBoundIsNoLessThanWhatLlvmWrites) {
  for (auto Make : {doublingItanium, doublingRust})
    for (unsigned Times = 0; Times != 28; ++Times)
      for (const std::string &Name : demangledNames(Make(Times)))
        EXPECT_LE(Name.size(), 65536u) << Times;
}

TEST(DemangledSizeTest, ANameOfFewReferencesIsShortAnyway) {
  EXPECT_TRUE(isShortAnyway("_ZN4llvm9StringRef4findEcm"));
  EXPECT_TRUE(isShortAnyway("_ZN4llvm8DenseMapIiS0_EC2Ev"));
  EXPECT_FALSE(isShortAnyway("_Z1fv" + std::string(1 << 12, 'i')));
  EXPECT_FALSE(isShortAnyway("_Z1fIJiiiEEvDpT_"));
  for (unsigned Times = 0; Times != 28; ++Times) {
    std::string Name = doublingItanium(Times);
    EXPECT_TRUE(!isShortAnyway(Name) || isDemangledInBounds(Name)) << Times;
  }
  EXPECT_FALSE(isShortAnyway(doublingItanium(28)));
}

TEST(DemangledSizeTest, DeepNamesNeedNoDeepStack) {
  EXPECT_FALSE(isDemangledInBounds("_Z1f" + std::string(1 << 20, 'P') + "i"));
  EXPECT_FALSE(
      isDemangledInBounds("_RINvC1a1f" + std::string(1 << 12, 'S') + "hE"));
}

} // namespace
