//===- SourcePathTest.cpp - One spelling for each source file ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

std::string currentFolder() {
  SmallString<128> Path;
  EXPECT_FALSE(sys::fs::current_path(Path));
  return Path.str().str();
}

TEST(SourcePath, AbsoluteAndRelativeSpellingsMeanOneFile) {
  SourceRoot Root("/src/linux");
  EXPECT_EQ(Root.relative("/src/linux/drivers/a.c", "/build"), "drivers/a.c");
  EXPECT_EQ(Root.relative("drivers/a.c", "/src/linux"), "drivers/a.c");
  EXPECT_EQ(Root.relative("./drivers/./a.c", "/src/linux/"), "drivers/a.c");
  EXPECT_EQ(Root.relative("a.c", "/src/linux/drivers"), "drivers/a.c");
  EXPECT_EQ(Root.relative("../drivers/a.c", "/src/linux/build"), "drivers/a.c");
  EXPECT_EQ(Root.relative("../../src/linux/drivers/a.c", "/build/x"),
            "drivers/a.c");
}

TEST(SourcePath, FileOutsideTheRootStaysWhole) {
  SourceRoot Root("/src/linux");
  EXPECT_EQ(Root.relative("/usr/include/a.h", ""), "/usr/include/a.h");
  EXPECT_EQ(Root.relative("../other/a.c", "/src/linux"), "/src/other/a.c");
  // A name that only begins alike is another folder.
  EXPECT_EQ(Root.relative("/src/linux-6/a.c", ""), "/src/linux-6/a.c");
  EXPECT_EQ(Root.relative("/src/linux", ""), "/src/linux");
}

TEST(SourcePath, EmptyPathHasNoSource) {
  EXPECT_EQ(SourceRoot("/src").relative("", "/src/drivers"), "");
}

TEST(SourcePath, RelativeFolderIsRelativeToTheLink) {
  SourceRoot Root(currentFolder());
  EXPECT_EQ(Root.relative("drivers/a.c", ""), "drivers/a.c");
  EXPECT_EQ(Root.relative("drivers/a.c", "."), "drivers/a.c");
  EXPECT_EQ(Root.relative("a.c", "drivers"), "drivers/a.c");
  EXPECT_EQ(Root.relative("../a.c", "drivers"), "a.c");
}

TEST(SourcePath, RootOfTheFileSystemIsARoot) {
  EXPECT_EQ(SourceRoot("/").relative("/src/a.c", ""), "src/a.c");
}

TEST(SourcePath, SymbolicLinkToTheRootIsTheRoot) {
  SmallString<128> Folder;
  ASSERT_FALSE(sys::fs::createUniqueDirectory("source-path", Folder));
  ASSERT_FALSE(sys::fs::real_path(Folder, Folder));
  std::string Real = (Folder + "/real").str(), Link = (Folder + "/link").str();
  ASSERT_FALSE(sys::fs::create_directories(Real + "/drivers"));
  ASSERT_FALSE(sys::fs::create_link(Real, Link));
  for (const std::string &Root : {Real, Link})
    for (const std::string &Path : {Real, Link})
      EXPECT_EQ(SourceRoot(Root).relative(Path + "/drivers/a.c", ""),
                "drivers/a.c")
          << Root << " " << Path;
  // A folder that is gone can only be compared by its name.
  EXPECT_EQ(SourceRoot(Real).relative(Link + "/gone/a.c", ""),
            Link + "/gone/a.c");
  sys::fs::remove_directories(Folder);
}

TEST(SourcePath, OutputsNameFilesFromTheCurrentFolder) {
  std::string Current = currentFolder();
  EXPECT_EQ(relativeToCurrentFolder(Current + "/sub/a.o"), "sub/a.o");
  EXPECT_EQ(relativeToCurrentFolder("sub/a.o"), "sub/a.o");
  EXPECT_EQ(relativeToCurrentFolder("./sub/../a.o"), "a.o");
  EXPECT_EQ(relativeToCurrentFolder("../a.o"), "../a.o");
  EXPECT_EQ(relativeToCurrentFolder(Current + "/./sub/../a.o"), "a.o");
  EXPECT_EQ(relativeToCurrentFolder("/elsewhere/a.o"), "/elsewhere/a.o");
  EXPECT_EQ(relativeToCurrentFolder(Current + "x/a.o"), Current + "x/a.o");
}

} // namespace
