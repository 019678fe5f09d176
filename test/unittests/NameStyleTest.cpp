//===- NameStyleTest.cpp --------------------------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/NameStyle.h"
#include "gtest/gtest.h"

using namespace section_placement;

namespace {

TEST(NameStyleTest, WhatTheCompilerAppendedStays) {
  EXPECT_EQ(shown("_ZN2ns3fooEi"), "ns::foo(int)");
  EXPECT_EQ(shown("_ZN2ns3fooEi.llvm.123"), "ns::foo(int) (.llvm.123)");
  EXPECT_EQ(shown("_ZN2ns3fooEi.part.0.cold"), "ns::foo(int) (.part.0.cold)");
  EXPECT_EQ(shown("_ZN2ns3fooEi.7"), "ns::foo(int) (.7)");
  EXPECT_EQ(shown("_RNvC1a1f.llvm.123"), "a::f (.llvm.123)");
  EXPECT_EQ(shown("_ZN1a1f17h0123456789abcdefE.cold"), "a::f (.cold)");
}

TEST(NameStyleTest, TheSpellingIsOneThatAPolicyMayUse) {
  EXPECT_EQ(shown("_ZN2ns3addIiEET_S1_S1_"), "int ns::add<int>(int, int)");
  EXPECT_EQ(shown("_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt.."
                  "Display$GT$3fmt17h0123456789abcdefE"),
            "<alloc::string::String as core::fmt::Display>::fmt");
}

TEST(NameStyleTest, NamesAreFoundInSentences) {
  EXPECT_EQ(shown("'_Z1fv' calls _Z1gv+0x14, then a.c:_Z1fv. So."),
            "'f()' calls g()+0x14, then a.c:f(). So.");
  EXPECT_EQ(shown("_Z1fv@@V1"), "f()@@V1");
}

TEST(NameStyleTest, PathsAndSectionsStay) {
  for (const char *Text :
       {".text._Z1fv", "'.text.hot._Z1fv'", "out/_Z1fv", "_Z1fv/a.o", "my_Z1fv",
        "_Zfoo", "_Reset", "_RESET_", "main", "", "..", "_Z."})
    EXPECT_EQ(shown(Text), Text);
}

TEST(NameStyleTest, LinkedNamesStay) {
  EXPECT_EQ(shown("_ZN2ns3fooEi", NameStyle::Linked), "_ZN2ns3fooEi");
}

TEST(NameStyleTest, JsonHasBothWhereTheyDiffer) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  llvm::json::OStream J(OS);
  J.array([&] {
    J.object([&] { writeName(J, "function", "_Z1fv"); });
    J.object([&] { writeName(J, "function", "main"); });
  });
  J.flush();
  EXPECT_EQ(OS.str(), "[{\"function\":\"_Z1fv\",\"demangled\":\"f()\"},"
                      "{\"function\":\"main\"}]");
}

} // namespace
