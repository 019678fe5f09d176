//===- SourceStampTest.cpp - Which file a function came from --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/SourceStamp.h"
#include "llvm/ADT/StringSet.h"
#include "gtest/gtest.h"

using namespace section_placement;

namespace {

/// A clash makes a link refuse both files, so there must be none in a program
/// of any size that is built.
TEST(SourceStamp, AHundredThousandFilesHaveAsManyIds) {
  llvm::StringSet<> Ids;
  for (unsigned Folder = 0; Folder < 400; ++Folder)
    for (unsigned File = 0; File < 250; ++File)
      Ids.insert(sourceId("drivers/d" + std::to_string(Folder) + "/f" +
                          std::to_string(File) + ".c"));
  EXPECT_EQ(Ids.size(), 100000U);
}

} // namespace
