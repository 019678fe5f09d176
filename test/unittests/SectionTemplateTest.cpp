//===- SectionTemplateTest.cpp - Where a rule's functions go --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/SectionTemplate.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

SectionTemplate parsed(StringRef Text) {
  Expected<SectionTemplate> T = SectionTemplate::parse(Text);
  if (T)
    return std::move(*T);
  ADD_FAILURE() << Text.str() << ": " << toString(T.takeError());
  return SectionTemplate::ofWord(SectionTemplate::Word::Native);
}

bool isRefused(StringRef Text) {
  Expected<SectionTemplate> T = SectionTemplate::parse(Text);
  if (T)
    return false;
  EXPECT_NE(toString(T.takeError()), "");
  return true;
}

Symbol hypPanic() {
  Symbol S;
  S.Name = "hyp_panic.llvm.7";
  S.Canonical = "hyp_panic";
  S.Source = "arch/arm64/kvm/switch.nvhe.c";
  return S;
}

std::string expanded(StringRef Text, const Symbol &S = hypPanic()) {
  return parsed(Text).expand(S, "kvm-entry", ".text.entry");
}

TEST(SectionTemplateTest, EachWordStandsForItsPart) {
  EXPECT_EQ(expanded(".text"), ".text");
  EXPECT_EQ(expanded(".text.{function}"), ".text.hyp_panic");
  EXPECT_EQ(expanded(".text.{file}"), ".text.switch.nvhe");
  EXPECT_EQ(expanded(".text.{dir}"), ".text.arch.arm64.kvm");
  EXPECT_EQ(expanded(".{rule}"), ".kvm-entry");
  EXPECT_EQ(expanded("{native}"), ".text.entry");
  EXPECT_EQ(expanded("{native}.{function}x"), ".text.entry.hyp_panicx");
}

TEST(SectionTemplateTest, ASourceOutsideTheRootBeginsWithNoDot) {
  Symbol S = hypPanic();
  S.Source = "/usr/src/a.c";
  EXPECT_EQ(expanded(".text.{dir}.{file}", S), ".text.usr.src.a");
}

TEST(SectionTemplateTest, UnsplitIsTheCompilersChoiceWithoutFunctionSections) {
  Symbol S = hypPanic();
  EXPECT_EQ(expanded("{unsplit}", S), ".text");
  S.IsHot = true;
  EXPECT_EQ(expanded("{unsplit}", S), ".text.hot.");
  S.IsCold = true;
  EXPECT_EQ(expanded("{unsplit}", S), ".text.unlikely.");
  S.IsComdat = true;
  EXPECT_EQ(expanded("{unsplit}", S), "") << "a comdat stays as it is";
}

TEST(SectionTemplateTest, KnowsWhatItDependsOn) {
  EXPECT_TRUE(parsed("{native}").usesNative());
  EXPECT_FALSE(parsed(".text.{rule}").usesNative());
  EXPECT_TRUE(parsed(".text.{rule}").isShared());
  EXPECT_FALSE(parsed(".text.{function}").isShared());
  EXPECT_FALSE(parsed(".text.{dir}").isShared());
  EXPECT_TRUE(parsed(".text.{file}").uses(SectionTemplate::Word::File));
}

TEST(SectionTemplateTest, SectionsThatHoldNoCodeAreRefused) {
  for (const char *Name : {".data",
                           ".data.x",
                           ".data1",
                           ".database",
                           ".bss",
                           ".bss..aligned",
                           ".rodata",
                           ".rodata.str1.1",
                           ".tdata",
                           ".tbss",
                           ".sdata.x",
                           ".srodata",
                           ".debug_info",
                           ".zdebug_info",
                           ".init_array.5",
                           ".rela.text",
                           ".rel",
                           ".symtab",
                           ".note.gnu.build-id",
                           ".comment",
                           ".eh_frame",
                           ".ARM.exidx",
                           ".init",
                           ".fini",
                           ".llvm_addrsig",
                           ".plt",
                           ".gnu.linkonce.t.f",
                           "__llvm_prf_data",
                           "__ksymtab",
                           "/DISCARD/",
                           ".Lf"})
    EXPECT_TRUE(isRefused(Name)) << Name;
  for (const char *Name :
       {".text", ".text.hyp", ".text.data", "data", "fast_code", ".relocate",
        ".notes", ".init.text", ".ramfunc", "__mine", ".datum", ".finish"})
    EXPECT_FALSE(isRefused(Name)) << Name;
}

TEST(SectionTemplateTest, NamesThatElfOrAssemblersCannotTakeAreRefused) {
  for (StringRef Name :
       {StringRef(""), StringRef(".text\0x", 7), StringRef(" .text"),
        StringRef(".te\txt"), StringRef(".text\n"), StringRef(".text\v")})
    EXPECT_TRUE(isRefused(Name)) << Name.str();
}

TEST(SectionTemplateTest, UnknownWordsAndHalfBracesAreRefused) {
  for (const char *Text :
       {".text.{module}", ".text.{}", ".text.{Function}", ".text.{function",
        ".text.function}", "{{function}}", ".text.{fun{ction}"})
    EXPECT_TRUE(isRefused(Text)) << Text;
}

TEST(SectionTemplateTest, ATemplateThatMayComeOutAsDataIsRefused) {
  for (const char *Text :
       {".data.{function}", ".bss{file}", ".{function}", ".{file}.x", ".{dir}"})
    EXPECT_TRUE(isRefused(Text)) << Text;
  EXPECT_FALSE(isRefused("{function}"));
  SectionTemplate T = parsed(".{rule}");
  EXPECT_TRUE(T.faultUnder("data"));
  EXPECT_TRUE(T.faultUnder("init_array") == T.faultUnder("symtab") ||
              T.faultUnder("symtab"));
  EXPECT_FALSE(T.faultUnder("hyp"));
}

} // namespace
