//===- FilesTest.cpp - The one reader and the one writer ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/OutputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"
#include <sys/stat.h>

using namespace llvm;
using namespace section_placement;

namespace {
class FilesTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("files", Folder));
  }
  void TearDown() override { sys::fs::remove_directories(Folder); }

  std::string path(StringRef Name) const {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    return Path.str().str();
  }
  static std::string text(StringRef Path) {
    auto Buffer = MemoryBuffer::getFile(Path);
    return Buffer ? (*Buffer)->getBuffer().str() : "<none>";
  }
  /// Writes without the writer under test.
  static void put(StringRef Path, StringRef Text) {
    std::error_code EC;
    raw_fd_ostream OS(Path, EC);
    ASSERT_FALSE(EC);
    OS << Text;
  }
  size_t count() const {
    std::error_code EC;
    size_t Result = 0;
    for (sys::fs::directory_iterator I(Folder, EC), E; I != E; I.increment(EC))
      ++Result;
    return Result;
  }
  static std::string fault(Error E) { return toString(std::move(E)); }

  SmallString<128> Folder;
};
} // namespace

TEST_F(FilesTest, ANewFileIsWhole) {
  EXPECT_EQ(fault(writeOutputFile(path("new"), "text")), "");
  EXPECT_EQ(text(path("new")), "text");
  EXPECT_EQ(count(), 1u);
}

TEST_F(FilesTest, AnExistingFileKeepsItsMode) {
  put(path("old"), "old");
  ASSERT_EQ(::chmod(path("old").c_str(), 0640), 0);
  EXPECT_EQ(fault(writeOutputFile(path("old"), "new")), "");
  EXPECT_EQ(text(path("old")), "new");
  EXPECT_EQ(*sys::fs::getPermissions(path("old")), sys::fs::perms(0640));
}

TEST_F(FilesTest, ALinkStaysAndItsTargetIsWritten) {
  put(path("target"), "old");
  ASSERT_FALSE(sys::fs::create_link("target", path("link")));
  ASSERT_FALSE(sys::fs::create_link(path("link"), path("link2")));
  EXPECT_EQ(fault(writeOutputFile(path("link2"), "new")), "");
  EXPECT_TRUE(sys::fs::is_symlink_file(path("link")));
  EXPECT_TRUE(sys::fs::is_symlink_file(path("link2")));
  EXPECT_EQ(text(path("target")), "new");
}

TEST_F(FilesTest, ALinkToNothingMakesItsTarget) {
  ASSERT_FALSE(sys::fs::create_link("target", path("link")));
  EXPECT_EQ(fault(writeOutputFile(path("link"), "new")), "");
  EXPECT_TRUE(sys::fs::is_symlink_file(path("link")));
  EXPECT_EQ(text(path("target")), "new");
}

TEST_F(FilesTest, AFolderIsNotWritten) {
  EXPECT_EQ(fault(writeOutputFile(Folder, "new")),
            (Folder + ": is a folder; name a file").str());
}

TEST_F(FilesTest, AMissingFolderIsNamed) {
  EXPECT_EQ(fault(writeOutputFile(path("no/file"), "new")),
            path("no/file") + ": cannot be written: No such file or directory");
}

TEST_F(FilesTest, AFullDeviceIsAnErrorAndStays) {
  if (!sys::fs::exists("/dev/full"))
    GTEST_SKIP();
  EXPECT_EQ(fault(writeOutputFile("/dev/full", "new")),
            "/dev/full: cannot be written: No space left on device");
  sys::fs::file_status Status;
  ASSERT_FALSE(sys::fs::status("/dev/full", Status));
  EXPECT_EQ(Status.type(), sys::fs::file_type::character_file);
}

TEST_F(FilesTest, WhatWasReadIsNotWrittenOver) {
  put(path("input"), "old");
  ASSERT_FALSE(sys::fs::create_hard_link(path("input"), path("other")));
  Expected<std::unique_ptr<MemoryBuffer>> Read = readInputFile(path("input"));
  ASSERT_TRUE(bool(Read));
  EXPECT_EQ(fault(writeOutputFile(path("other"), "new")),
            path("other") + ": was read by this command, which does not write "
                            "over what it reads; name another file");
  EXPECT_EQ(text(path("input")), "old");
}

TEST_F(FilesTest, ANameOfAnyLengthIsWritten) {
  std::string Longest(255, 'n');
  EXPECT_EQ(fault(writeOutputFile(path(Longest), "text")), "");
  EXPECT_EQ(text(path(Longest)), "text");
}

TEST_F(FilesTest, OnlyRegularFilesAreRead) {
  auto Why = [](StringRef File, uint64_t Limit = 100) {
    Expected<std::unique_ptr<MemoryBuffer>> Read = readInputFile(File, Limit);
    if (Read)
      return std::string((*Read)->getBuffer());
    std::string Text = toString(Read.takeError());
    return StringRef(Text).drop_front(File.size() + 2).str();
  };
  put(path("f"), "text");
  EXPECT_EQ(Why(path("f")), "text");
  EXPECT_EQ(Why(path("f"), 3),
            "is larger than 3 bytes: this cannot be what was meant");
  EXPECT_EQ(Why(path("none")), "cannot be read: No such file or directory");
  EXPECT_EQ(Why(Folder), "is a folder, not a file");
  EXPECT_EQ(Why("/dev/null"), "is a device, not a file");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(Why(path("fifo")), "is a pipe, not a file");
}
