//===- TextTableTest.cpp ----------------------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/TextTable.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

static std::string printed(const TextTable &Table) {
  std::string Text;
  raw_string_ostream OS(Text);
  Table.print(OS);
  return OS.str();
}

TEST(TextTable, AColumnIsAsWideAsItsWidestCell) {
  TextTable Table({{"name"}, {"bytes", TextTable::Align::Right}, {"where"}});
  Table.add({"f", "12345678", "a"});
  Table.add({"a_longer_name", "1", ""});
  EXPECT_EQ(printed(Table), "  name              bytes  where\n"
                            "  f              12345678  a\n"
                            "  a_longer_name         1\n");
}

TEST(TextTable, ColumnsAreCountedNotBytes) {
  TextTable Table({{"name"}, {"n"}});
  Table.add({"\xC3\xA4\xC3\xB6", "1"});
  Table.add({"abc", "2"});
  EXPECT_EQ(printed(Table), "  name  n\n"
                            "  \xC3\xA4\xC3\xB6    1\n"
                            "  abc   2\n");
}

TEST(TextTable, WithoutRowsItIsItsHead) {
  EXPECT_EQ(printed(TextTable({{"a"}, {"b"}})), "  a  b\n");
}
