//===- ElfFileTest.cpp - What is in an ELF file ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Asm/Assembler.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace section_placement;

namespace {

using Texts = std::vector<std::string>;

class ElfFileTest : public testing::Test {
protected:
  static void SetUpTestSuite() {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
  }

  /// Reads what \p Text assembles to.
  std::optional<ElfFile> read(StringRef Text,
                              StringRef For = "aarch64-linux-gnu") {
    Expected<SmallVector<char, 0>> Object =
        Assembler(Triple(For)).assemble(Text, "", "");
    if (!Object) {
      ADD_FAILURE() << toString(Object.takeError());
      return std::nullopt;
    }
    Bytes.assign(Object->begin(), Object->end());
    Expected<ElfFile> File = ElfFile::read(MemoryBufferRef(Bytes, "a.o"));
    if (File)
      return std::move(*File);
    ADD_FAILURE() << toString(File.takeError());
    return std::nullopt;
  }

  static Texts names(ArrayRef<ElfSymbol> Symbols) {
    Texts Result;
    for (const ElfSymbol &S : Symbols)
      Result.push_back(S.Name.str());
    return Result;
  }

  /// `SYMBOL+ADDEND` of each relocation of the section \p Name.
  static Texts relocations(const ElfFile &File, StringRef Name) {
    Texts Result;
    for (uint32_t I = 0; I < File.sections().size(); ++I)
      if (File.sections()[I].Name == Name)
        if (Error E = File.forEachRelocation(I, [&](const ElfRelocation &R) {
              Result.push_back(
                  (File.symbols()[R.Symbol].Name + "+" + Twine(R.Addend))
                      .str());
              return Error::success();
            }))
          ADD_FAILURE() << toString(std::move(E));
    return Result;
  }

  std::string Bytes;
};

TEST_F(ElfFileTest, SymbolsAreGroupedByWhatTheyAre) {
  std::optional<ElfFile> File =
      read(".globl f\n.type f, %function\nf: nop\nbl other\n.word 1\n"
           "label: nop\n.data\ndatum: .quad another\n"
           ".section .debug_x\nnote: .byte 0\n"
           ".section .tbss,\"awT\",%nobits\nlocal_to_a_thread: .zero 4\n"
           ".comm shared,4,4\n.weak maybe\n");
  ASSERT_TRUE(File);
  EXPECT_EQ(names(File->definitions()), (Texts{"f", "label", "datum"}));
  Texts Mapping = names(File->mappingSymbols()); // Numbered by older LLVMs.
  Mapping.resize(4);
  for (std::string &Name : Mapping)
    Name.resize(2);
  EXPECT_EQ(Mapping, (Texts{"$x", "$d", "$x", "$d"}));
  EXPECT_EQ(names(File->undefinedSymbols()),
            (Texts{"another", "maybe", "other"}));
  EXPECT_TRUE(File->isRelocatable());
  ASSERT_EQ(File->symbolsNamed("f").size(), 1u);
  const ElfSymbol &F = File->symbols()[File->symbolsNamed("f")[0]];
  EXPECT_TRUE(F.IsFunction);
  EXPECT_FALSE(F.IsLocal);
  EXPECT_TRUE(File->symbolsNamed("note").empty());
}

TEST_F(ElfFileTest, AddendsOfWordsAreReadFromTheirPlace) {
  std::optional<ElfFile> File =
      read(".data\n.word a + 12\n.word b - 4\n", "armv7-linux-gnueabi");
  ASSERT_TRUE(File);
  EXPECT_EQ(relocations(*File, ".data"), (Texts{"a+12", "b+-4"}));
  File = read(".data\n.long a + 12\n", "i386-linux-gnu");
  ASSERT_TRUE(File);
  EXPECT_EQ(relocations(*File, ".data"), (Texts{"a+12"}));
  File = read(".data\n.quad a + 12\n", "aarch64_be-linux-gnu");
  ASSERT_TRUE(File);
  EXPECT_EQ(relocations(*File, ".data"), (Texts{"a+12"}));
}

TEST_F(ElfFileTest, ThumbFunctionsAreMarked) {
  std::optional<ElfFile> File =
      read(".thumb\n.globl f\n.thumb_func\nf: nop\n", "thumbv7-linux-gnueabi");
  ASSERT_TRUE(File);
  ASSERT_EQ(File->definitions().size(), 1u);
  EXPECT_TRUE(File->definitions()[0].IsCompressed);
  EXPECT_EQ(File->definitions()[0].Address, 0u);
}

TEST_F(ElfFileTest, PlaceBelongsToTheInnermostFunction) {
  std::optional<ElfFile> File =
      read(".type outer, %function\n.type inner, %function\n"
           "outer: nop\ninner: nop\nlabel: nop\n.size inner, 8\n"
           ".size label, 4\nnop\n.size outer, 16\nnop\nlate: nop\n");
  ASSERT_TRUE(File);
  auto Owner = [&](uint64_t Address) {
    uint32_t Section = File->definitions()[0].Section;
    uint32_t Found = File->ownerOf(Section, Address);
    return Found == NoIndex ? "" : File->definitions()[Found].Name.str();
  };
  EXPECT_EQ(Owner(0), "outer");
  EXPECT_EQ(Owner(4), "inner");
  EXPECT_EQ(Owner(8), "inner");
  EXPECT_EQ(Owner(12), "outer");
  EXPECT_EQ(Owner(16), "label"); // None covers it: the last before.
  EXPECT_EQ(Owner(20), "late");
}

TEST_F(ElfFileTest, FileCutShortAnywhereIsAnErrorOrReadInBounds) {
  ASSERT_TRUE(read(".globl f\nf: cbz x0, a\n.data\n.quad f\n"));
  for (size_t Size = 0; Size < Bytes.size(); ++Size) {
    // Its own allocation, so that the sanitizers see what goes past it.
    std::vector<char> Cut(Bytes.begin(), Bytes.begin() + Size);
    Expected<ElfFile> File =
        ElfFile::read(MemoryBufferRef(StringRef(Cut.data(), Size), "a.o"));
    if (!File) {
      consumeError(File.takeError());
      continue;
    }
    for (uint32_t I = 0; I < File->sections().size(); ++I)
      consumeError(File->forEachRelocation(
          I, [](const ElfRelocation &) { return Error::success(); }));
  }
}

/// What SectionExtents answers, in n steps.
struct Plain {
  std::vector<Extent> All;

  const Extent *innermost(uint64_t Offset) const {
    const Extent *Best = nullptr;
    for (const Extent &E : All)
      if (E.Begin <= Offset && Offset < E.End &&
          (!Best || std::tuple(Best->Begin, E.End, E.Order) <
                        std::tuple(E.Begin, Best->End, Best->Order)))
        Best = &E;
    return Best;
  }
};

TEST(SectionExtentsTest, AnswersAsAWalkOverAllDoes) {
  std::minstd_rand Random(1);
  for (unsigned Round = 0; Round < 300; ++Round) {
    SectionExtents Index;
    Plain Walk;
    for (uint32_t I = 0, Count = Random() % 30; I < Count; ++I) {
      uint64_t Begin = Random() % 40, End = Begin + Random() % 20;
      Index.add(Begin, End, I);
      Walk.All.push_back({Begin, End, I, I});
    }
    Index.finish();
    for (uint64_t Offset = 0; Offset < 64; ++Offset) {
      const Extent *Expected = Walk.innermost(Offset);
      const Extent *Found = Index.innermost(Offset);
      ASSERT_EQ(!Found, !Expected);
      if (Found) {
        EXPECT_EQ(Found->Symbol, Expected->Symbol);
      }
      SmallVector<uint32_t, 8> Covering;
      Index.covering(Offset, Covering);
      size_t Count = 0;
      for (const Extent &E : Walk.All)
        Count += E.Begin <= Offset && Offset < E.End;
      EXPECT_EQ(Covering.size(), Count);
    }
  }
}

TEST(SectionExtentsTest, DeepNestingTakesNoLongerThanNone) {
  // 200,000 look-ups among 200,000 that end before them, and among as many that
  // cover them: quadratic, this would take minutes.
  constexpr uint32_t Count = 200000;
  SectionExtents Index;
  for (uint32_t I = 0; I < Count; ++I)
    Index.add(I, 2 * Count - I, I);
  Index.finish();
  for (uint32_t I = 0; I < Count; ++I) {
    EXPECT_EQ(Index.innermost(3 * Count + I), nullptr);
    ASSERT_NE(Index.innermost(I), nullptr);
    EXPECT_EQ(Index.innermost(I)->Symbol, I);
    EXPECT_EQ(Index.lastBefore(3 * Count)->Symbol, Count - 1);
  }
}

} // namespace
