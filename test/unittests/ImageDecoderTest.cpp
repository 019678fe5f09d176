//===- ImageDecoderTest.cpp - Where the code of an image goes -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Decode/ImageDecoder.h"
#include "section-placement/Asm/Assembler.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

class ImageDecoderTest : public testing::Test {
protected:
  static void SetUpTestSuite() {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
    InitializeAllDisassemblers();
  }

  /// Assembles \p Text for AArch64 into the section .text of an object, whose
  /// addresses begin at 0.
  void read(StringRef Text) {
    Expected<SmallVector<char, 0>> Object =
        Assembler(Triple("aarch64-linux-gnu")).assemble(Text, "", "");
    ASSERT_TRUE(bool(Object)) << toString(Object.takeError());
    Bytes.assign(Object->begin(), Object->end());
    Expected<ElfFile> Read = ElfFile::read(MemoryBufferRef(Bytes, "a.o"));
    ASSERT_TRUE(bool(Read)) << toString(Read.takeError());
    File.emplace(std::move(*Read));
    for (uint32_t I = 0; I < File->sections().size(); ++I)
      if (File->sections()[I].Name == ".text")
        Section = I;
    auto Made = ImageDecoder::create(*File);
    ASSERT_TRUE(bool(Made)) << toString(Made.takeError());
    Decoder = std::move(*Made);
  }

  std::string Bytes;
  std::optional<ElfFile> File;
  uint32_t Section = 0;
  std::unique_ptr<ImageDecoder> Decoder;
};

TEST_F(ImageDecoderTest, VisitsBranchesAndReportsWhatIsNoInstruction) {
  read("cbz x0, 1f\n"
       ".inst 0xffffffff\n"
       "1: ret\n"
       ".word 0xffffffff\n"); // Marked as data.
  std::vector<uint64_t> Branches, Unknown;
  Decoder->forEach(
      Section, 0, File->sections()[Section].Size,
      [&](const CodeReference &C) {
        if (!C.Form)
          return;
        EXPECT_EQ(C.Form->Name, "R_AARCH64_CONDBR19");
        EXPECT_EQ(C.Target, uint64_t(8));
        Branches.push_back(C.Address);
      },
      [&](uint64_t Address, unsigned Size) {
        EXPECT_EQ(Size, 4u);
        Unknown.push_back(Address);
      });
  EXPECT_EQ(Branches, std::vector<uint64_t>{0});
  EXPECT_EQ(Unknown, std::vector<uint64_t>{4});
}

TEST_F(ImageDecoderTest, FollowsCodeThatOnlyGoesOn) {
  read("b 2f\n"
       "ldr x16, 1f\n"
       "br x16\n"
       "1: .xword 28\n"
       "2: add x0, x0, #1\n"
       "ret\n");
  EXPECT_EQ(Decoder->follow(0).End, uint64_t(20));
  EXPECT_EQ(Decoder->follow(4).End, uint64_t(28));
  // It does more than to go on.
  EXPECT_EQ(Decoder->follow(20).End, std::nullopt);
}

} // namespace
