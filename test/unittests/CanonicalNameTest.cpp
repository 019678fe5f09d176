//===- CanonicalNameTest.cpp - The name a policy calls a symbol by --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"
#include <string>
#include <vector>

using namespace llvm;
using namespace section_placement;

namespace {

constexpr char Hash[] = "0f76b3c062080c935c00a26f0b9fcb44";

std::string canonical(const std::string &Symbol) {
  return canonicalName(Symbol, /*Merged=*/false).str();
}

std::string canonicalMerged(const std::string &Symbol) {
  return canonicalName(Symbol, /*Merged=*/true).str();
}

std::string parent(const std::string &Symbol) {
  return parentName(Symbol).str();
}

std::vector<std::string> demangled(StringRef Canonical) {
  SmallVector<std::string, 4> Names = demangledNames(Canonical);
  return {Names.begin(), Names.end()};
}

using Names = std::vector<std::string>;

//===----------------------------------------------------------------------===//
// Canonical names
//===----------------------------------------------------------------------===//

TEST(CanonicalNameTest, PlainNameStaysAsItIs) {
  for (const char *Name : {"foo", "_Z3foov", "", "a", "llvm", "cold"})
    EXPECT_EQ(canonical(Name), Name);
}

TEST(CanonicalNameTest, EachSuffixComesOff) {
  for (const char *Suffix : {".llvm.1234567890",
                             ".__uniq.73219873219873219873219",
                             ".cold",
                             ".cold.1",
                             ".specialized.2",
                             ".constprop.0",
                             ".isra.0",
                             ".part.0",
                             ".resume",
                             ".destroy",
                             ".cleanup",
                             ".noalloc",
                             ".resume.3",
                             ".cfi",
                             ".memprof.1",
                             ".internalized",
                             ".valist",
                             ".Tgm",
                             ".extracted",
                             ".__part.4",
                             ".eh",
                             ".lto_priv.0",
                             ".localalias",
                             ".localalias.2"})
    EXPECT_EQ(canonical(std::string("foo") + Suffix), "foo") << Suffix;
}

TEST(CanonicalNameTest, ModuleHashComesOff) {
  EXPECT_EQ(canonical(std::string("foo.") + Hash), "foo");
}

TEST(CanonicalNameTest, OnlyAWholeHashInLowerCaseIsOne) {
  std::string Short = std::string("foo.") + Hash;
  Short.pop_back();
  EXPECT_EQ(canonical(Short), Short);
  std::string Upper = "foo.0F76B3C062080C935C00A26F0B9FCB44";
  EXPECT_EQ(canonical(Upper), Upper);
}

TEST(CanonicalNameTest, SourceFileOfAPromotedLocalComesOff) {
  EXPECT_EQ(canonical("foo.llvm.src_sub_main_c"), "foo");
}

TEST(CanonicalNameTest, SuffixesComeOffInAnyOrder) {
  EXPECT_EQ(canonical("foo.llvm.123.cold.1"), "foo");
  EXPECT_EQ(canonical("foo.specialized.1.llvm.9"), "foo");
  EXPECT_EQ(canonical("foo.__uniq.12.llvm.34.Tgm"), "foo");
  EXPECT_EQ(canonical("foo.constprop.0.isra.0.cold"), "foo");
  EXPECT_EQ(canonical(std::string("foo.") + Hash + ".cfi"), "foo");
  EXPECT_EQ(canonical("_ZN2ns4coroEi.resume.llvm.7"), "_ZN2ns4coroEi");
}

TEST(CanonicalNameTest, SuffixInTheMiddleStays) {
  EXPECT_EQ(canonical("foo.cold.bar"), "foo.cold.bar");
  EXPECT_EQ(canonical("foo.llvm.7.bar.cold"), "foo.llvm.7.bar");
}

TEST(CanonicalNameTest, UnknownSuffixStays) {
  for (const char *Name :
       {"foo.avx2", "foo.resolver", "foo.cfi_jt", "foo.omp_outlined",
        "foo._omp_fn.0", "foo.colder", "foo.COLD", "foo.", "foo.cold."})
    EXPECT_EQ(canonical(Name), Name);
}

TEST(CanonicalNameTest, SuffixThatNeedsItsNumberStaysWithoutIt) {
  for (const char *Name :
       {"foo.part", "foo.isra", "foo.constprop", "foo.specialized",
        "foo.memprof", "foo.__uniq", "foo.llvm", "foo.part.x", "foo.cfi.1"})
    EXPECT_EQ(canonical(Name), Name);
}

TEST(CanonicalNameTest, OutlinedFunctionsOfSeveralStayWhole) {
  EXPECT_EQ(canonical("OUTLINED_FUNCTION_7"), "OUTLINED_FUNCTION_7");
  EXPECT_EQ(canonical("outlined_ir_func_3"), "outlined_ir_func_3");
}

TEST(CanonicalNameTest, NameThatBeginsWithADotStaysWhole) {
  for (const char *Name : {".cfi.jumptable", ".cfi.jumptable.81", ".cold",
                           ".cold.1", ".llvm.7", ".", ".1", "..cold"}) {
    EXPECT_EQ(canonical(Name), Name);
    EXPECT_EQ(canonicalMerged(Name), Name);
  }
}

TEST(CanonicalNameTest, IntrinsicStaysWhole) {
  EXPECT_EQ(canonical("llvm.coro.resume"), "llvm.coro.resume");
}

TEST(CanonicalNameTest, ManglingEscapeComesOff) {
  EXPECT_EQ(canonical("\01foo"), "foo");
  EXPECT_EQ(canonical("\01foo.cold"), "foo");
  EXPECT_EQ(canonical("\01"), "");
  EXPECT_EQ(canonical("\01.cold"), ".cold");
}

TEST(CanonicalNameTest, BareNumberComesOffInAMergedModuleOnly) {
  EXPECT_EQ(canonical("foo.1"), "foo.1");
  EXPECT_EQ(canonicalMerged("foo.1"), "foo");
  EXPECT_EQ(canonicalMerged("foo.1.2"), "foo");
}

TEST(CanonicalNameTest, BareNumberUnderAnotherSuffixFollowsTheSameRule) {
  EXPECT_EQ(canonical("foo.1.cold.1"), "foo.1");
  EXPECT_EQ(canonicalMerged("foo.1.cold.1"), "foo");
  EXPECT_EQ(canonicalMerged("foo.llvm.7.3"), "foo");
}

TEST(CanonicalNameTest, NumberOfThePartialInlinersCloneGoesWithItsPart) {
  EXPECT_EQ(canonical("foo.1.extracted"), "foo");
  EXPECT_EQ(canonical("foo.1.extracted.2"), "foo");
}

TEST(CanonicalNameTest, ResultIsAPartOfTheSymbol) {
  StringRef Symbol = "\01foo.cold.1";
  EXPECT_EQ(canonicalName(Symbol, false).data(), Symbol.data() + 1);
}

TEST(CanonicalNameTest, RustPathWithDotsStaysWhole) {
  std::string Name = "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt.."
                     "Display$GT$3fmt17h0123456789abcdefE";
  EXPECT_EQ(canonical(Name), Name);
  EXPECT_EQ(canonical(Name + ".llvm.99"), Name);
}

//===----------------------------------------------------------------------===//
// Parents
//===----------------------------------------------------------------------===//

TEST(CanonicalNameTest, PartAndCloneNameTheirParent) {
  for (const char *Suffix :
       {".cold", ".cold.1", ".specialized.2", ".constprop.0", ".isra.0",
        ".part.0", ".resume", ".resume.0", ".destroy", ".cleanup", ".noalloc",
        ".memprof.1", ".internalized", ".valist", ".Tgm", ".extracted",
        ".1.extracted", ".__part.4", ".eh"})
    EXPECT_EQ(parent(std::string("foo") + Suffix), "foo") << Suffix;
}

TEST(CanonicalNameTest, RenamedFunctionHasNoParent) {
  for (const char *Suffix : {"", ".llvm.7", ".__uniq.7", ".cfi", ".lto_priv.0",
                             ".localalias", ".1", ".avx2"})
    EXPECT_EQ(parent(std::string("foo") + Suffix), "") << Suffix;
  EXPECT_EQ(parent(std::string("foo.") + Hash), "");
}

TEST(CanonicalNameTest, ParentIsOneStepUp) {
  EXPECT_EQ(parent("foo.llvm.7.cold"), "foo.llvm.7");
  EXPECT_EQ(parent("foo.isra.0.cold"), "foo.isra.0");
  EXPECT_EQ(parent("foo.1.cold.1"), "foo.1");
}

TEST(CanonicalNameTest, PartThatWasRenamedTellsNoParent) {
  EXPECT_EQ(parent("foo.resume.llvm.7"), "");
}

TEST(CanonicalNameTest, ParentKeepsTheManglingEscape) {
  EXPECT_EQ(parent("\01foo.cold"), "\01foo");
}

TEST(CanonicalNameTest, WholeNamesHaveNoParent) {
  for (const char *Name :
       {".cold", ".cfi.jumptable", "llvm.coro.resume", "", "\01", "\01.cold"})
    EXPECT_EQ(parent(Name), "");
}

//===----------------------------------------------------------------------===//
// Mangled names
//===----------------------------------------------------------------------===//

TEST(CanonicalNameTest, FunctionHasItsNameWithAndWithoutParameters) {
  EXPECT_EQ(demangled("_ZN2ns3fooEi"), Names({"ns::foo(int)", "ns::foo"}));
}

TEST(CanonicalNameTest, TemplateHasFourSpellings) {
  EXPECT_EQ(demangled("_ZN2ns3addIiEET_S1_S1_"),
            Names({"int ns::add<int>(int, int)", "ns::add<int>(int, int)",
                   "int ns::add<int>", "ns::add<int>"}));
}

TEST(CanonicalNameTest, QualifiersStayWithTheParameters) {
  EXPECT_EQ(demangled("_ZNK1A1fEv"), Names({"A::f() const", "A::f"}));
  EXPECT_EQ(demangled("_ZNKR1A1fIiEEvv"),
            Names({"void A::f<int>() const &", "A::f<int>() const &",
                   "void A::f<int>", "A::f<int>"}));
}

TEST(CanonicalNameTest, ReturnTypeAroundTheNameIsLeftOutWithTheParameters) {
  EXPECT_EQ(demangled("_Z1fIiEPFvcEi"),
            Names({"void (*f<int>(int))(char)", "f<int>(int)", "f<int>"}));
}

TEST(CanonicalNameTest, ConstructorAndOperatorAreFunctions) {
  EXPECT_EQ(demangled("_ZN3FooC1Ev"), Names({"Foo::Foo()", "Foo::Foo"}));
  EXPECT_EQ(demangled("_ZN2nsplERKNS_1AE"),
            Names({"ns::operator+(ns::A const&)", "ns::operator+"}));
}

TEST(CanonicalNameTest, WhatIsNoFunctionHasItsWholeNameOnly) {
  EXPECT_EQ(demangled("_ZTV3Foo"), Names({"vtable for Foo"}));
  EXPECT_EQ(demangled("_ZThn16_N1A1fEv"),
            Names({"non-virtual thunk to A::f()"}));
}

TEST(CanonicalNameTest, RustNameIsDemangled) {
  EXPECT_EQ(demangled("_RINvNtC3std3mem8align_ofjE"),
            Names({"std::mem::align_of::<usize>"}));
}

TEST(CanonicalNameTest, LegacyRustNameIsAlsoThereWithoutItsHash) {
  EXPECT_EQ(demangled("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE"),
            Names({"core::fmt::Write::write_fmt",
                   "core::fmt::Write::write_fmt::h0123456789abcdef"}));
}

TEST(CanonicalNameTest, LegacyRustNameIsAlsoThereWithoutItsEscapes) {
  EXPECT_EQ(
      demangled("_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt.."
                "Display$GT$3fmt17h0123456789abcdefE"),
      Names({"<alloc::string::String as core::fmt::Display>::fmt",
             "<alloc::string::String as core::fmt::Display>::fmt::"
             "h0123456789abcdef",
             "_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$::"
             "fmt",
             "_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$::"
             "fmt::h0123456789abcdef"}));
}

TEST(CanonicalNameTest, UnknownRustEscapeStaysAsItIs) {
  EXPECT_EQ(demangled("_ZN9a$QQ$b$u73fn17h0123456789abcdefE").size(), 0u);
  EXPECT_EQ(demangled("_ZN10a$QQ$b$u7$3fn117h0123456789abcdefE").front(),
            "a$QQ$b$u7$::fn1");
}

TEST(CanonicalNameTest, OtherNamesHaveNoSpelling) {
  for (const char *Name :
       {"", "foo", "_", "_Reset", "_Zfoo", "_Z", "_R", "__Z", "Z3foov", "?f@@"})
    EXPECT_EQ(demangled(Name), Names()) << Name;
}

} // namespace
