//===- LinkFactsTest.cpp - What a link is -----------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkFacts.h"
#include "Scenario.h"
#include "section-placement/Link/LinkCommand.h"

using namespace llvm;
using namespace section_placement;

namespace {

using Texts = std::vector<std::string>;

LinkFacts linker(const Texts &Arguments) {
  Expected<LinkFacts> Facts = parseLinkCommand(commandWords(Arguments));
  if (Facts)
    return std::move(*Facts);
  ADD_FAILURE() << toString(Facts.takeError());
  return {};
}

LinkFacts command(StringRef Text) {
  Expected<std::vector<CommandWord>> Words = splitCommand("link.txt", Text);
  Expected<LinkFacts> Facts =
      Words ? readLinkFacts(*Words) : Expected<LinkFacts>(Words.takeError());
  if (Facts)
    return std::move(*Facts);
  ADD_FAILURE() << toString(Facts.takeError());
  return {};
}

std::string faultOf(StringRef Text) {
  Expected<std::vector<CommandWord>> Words = splitCommand("link.txt", Text);
  if (!Words)
    return toString(Words.takeError());
  Expected<LinkFacts> Facts = readLinkFacts(*Words);
  if (!Facts)
    return toString(Facts.takeError());
  ADD_FAILURE() << "no fault";
  return "";
}

LinkFacts script(StringRef Text) {
  TemporaryFolder Folder;
  return linker({"-T", Folder.write("l.ld", Text), "a.o"});
}

/// `wrapped __wrap_f by --wrap=f`
std::string bound(const LinkFacts &Facts, StringRef Name,
                  ArrayRef<StringRef> Defined = {}) {
  BoundName B = Facts.bind(
      Name, [&](StringRef Asked) { return is_contained(Defined, Asked); });
  static const char *const Names[] = {"definition", "interposable", "wrapped",
                                      "made",       "provided",     "unknown"};
  return (Names[size_t(B.How)] + Twine(" ") + B.Name +
          (B.By.empty() ? "" : " by ") + B.By)
      .str();
}

Binding definition(const LinkFacts &Facts, StringRef Name, bool IsWeak = false,
                   bool IsFunction = true) {
  return Facts.bindingOf({Name, IsFunction, IsWeak, true});
}

std::vector<std::string> unread(const LinkFacts &Facts) {
  std::vector<std::string> Lines;
  for (const NotKnown &N : Facts.Script.Unread)
    Lines.push_back(std::to_string(N.Where.Line) + ": " + N.What);
  return Lines;
}

TEST(LinkFacts, WhatCMakeWritesForNinjaIsOneCommand) {
  EXPECT_EQ(command(": && clang++ -r a.o -o x && :\n").Inputs, Texts{"a.o"});
  EXPECT_EQ(command("ld.lld a.o b.o&&:").Inputs, (Texts{"a.o", "b.o"}));
  for (StringRef More : {": && ld.lld a.o && objcopy x && :", ": & ld.lld a.o",
                         "true && ld.lld a.o && :", ": : && ld.lld a.o"})
    EXPECT_NE(faultOf(More).find("the link command has '&'"), std::string::npos)
        << More.str();
}

TEST(LinkFacts, KindOfOutput) {
  EXPECT_EQ(linker({"a.o"}).Kind, OutputKind::Executable);
  EXPECT_EQ(linker({"-r", "a.o"}).Kind, OutputKind::Relocatable);
  EXPECT_EQ(linker({"-shared", "a.o"}).Kind, OutputKind::Shared);
  EXPECT_EQ(linker({"--Bshareable", "a.o"}).Kind, OutputKind::Shared);
  EXPECT_EQ(linker({"--pie", "a.o"}).Kind, OutputKind::PIE);
  EXPECT_EQ(linker({"-pie", "--no-pie", "a.o"}).Kind, OutputKind::Executable);
  EXPECT_EQ(linker({"-r"}).isPositionIndependent(), std::nullopt);
  EXPECT_EQ(linker({"-shared"}).isPositionIndependent(), true);
  EXPECT_EQ(linker({"a.o"}).isPositionIndependent(), false);
}

TEST(LinkFacts, OptionsThatSayWhatTheLinkIs) {
  LinkFacts Facts = linker(
      {"--gc-sections", "--icf=safe", "-E", "--symbol-ordering-file", "o.txt",
       "--thinlto-cache-dir=cache", "-mllvm", "-code-model=large", "-static",
       "--exclude-libs=ALL", "-wrap=f", "--wrap", "g", "a.o"});
  EXPECT_TRUE(Facts.ExportsDynamic && Facts.IsStatic);
  EXPECT_EQ(Facts.SymbolOrderFile, "o.txt");
  EXPECT_EQ(Facts.CacheFolder, "cache");
  EXPECT_EQ(Facts.CodeModel, "large");
  EXPECT_EQ(Facts.ExcludedLibs, Texts{"ALL"});
  EXPECT_EQ(Facts.Wrapped, (Texts{"f", "g"}));
  EXPECT_EQ(Facts.Inputs, Texts{"a.o"});
}

TEST(LinkFacts, DriverHandsWordsToTheLinker) {
  LinkFacts Facts = command(
      "/usr/bin/clang++-22 -O2 -shared -fPIC -Wl,--wrap=f,-Bsymbolic -Xlinker "
      "--defsym=g=h -Iinclude -D NAME -MF d.d -target aarch64-linux-gnu -o "
      "lib.so a.o -z now 'b c.o'");
  EXPECT_EQ(Facts.Kind, OutputKind::Shared);
  EXPECT_EQ(Facts.Output, "lib.so");
  EXPECT_EQ(Facts.Inputs, (Texts{"a.o", "b c.o"}));
  EXPECT_EQ(Facts.Symbolic, SymbolicKind::All);
  EXPECT_EQ(bound(Facts, "f"), "wrapped __wrap_f by --wrap=f");
  EXPECT_EQ(bound(Facts, "g"), "made h by --defsym=g=h");
  EXPECT_TRUE(Facts.IsKindKnown);
}

TEST(LinkFacts, DriverDefaultsAreNotKnown) {
  LinkFacts Facts = command("gcc a.o b.c -o x");
  EXPECT_FALSE(Facts.IsKindKnown);
  EXPECT_EQ(Facts.isPositionIndependent(), std::nullopt);
  EXPECT_EQ(Facts.Inputs, Texts{"a.o"});
  EXPECT_EQ(Facts.Script.Unread.size(), 2u);
  EXPECT_TRUE(command("gcc -static-pie a.o").IsStatic);
  EXPECT_EQ(command("gcc -static-pie a.o").Kind, OutputKind::PIE);
  EXPECT_EQ(command("aarch64-linux-gnu-gcc-12 -no-pie a.o").Kind,
            OutputKind::Executable);
}

TEST(LinkFacts, CommandIsReadAsAShellReadsIt) {
  LinkFacts Facts = command("# the link\nLANG=C ccache ld.lld -r \\\n "
                            "\"a b\".o 'c'\\''d.o' e\\ f.o '' # end\n");
  EXPECT_EQ(Facts.Inputs, (Texts{"a b.o", "c'd.o", "e f.o"}));
  EXPECT_EQ(Facts.Kind, OutputKind::Relocatable);
  EXPECT_EQ(command("lld -flavor gnu a.o").Inputs, Texts{"a.o"});
  EXPECT_EQ(command("arm-none-eabi-ld a.o").Inputs, Texts{"a.o"});
}

TEST(LinkFacts, CommandOfWindowsLinesIsRead) {
  EXPECT_EQ(command("ld.lld a.o \\\r\n  b.o\r\n").Inputs,
            (Texts{"a.o", "b.o"}));
}

TEST(LinkFacts, FaultsOfACommandHaveTheirPlaces) {
  EXPECT_EQ(faultOf("ccache\nmake all").substr(0, 14), "link.txt:2:1: ");
  EXPECT_EQ(faultOf("clang a.o\r\n  '-c'").substr(0, 14), "link.txt:2:3: ");
  EXPECT_EQ(faultOf(" # none\n"), "link.txt: the link command is empty");
  LinkFacts Facts = command("clang -pie a.o \\\n -Wl,-x,-R,syms b.c");
  ASSERT_EQ(Facts.Script.Unread.size(), 2u);
  EXPECT_EQ(prefixOf(Facts.Script.Unread[0].Where), "link.txt:2:2: ");
  EXPECT_EQ(prefixOf(Facts.Script.Unread[1].Where), "link.txt:2:17: ");
}

TEST(LinkFacts, FilesKnowTheWordThatNamesThem) {
  TemporaryFolder Folder;
  std::string Archive = Folder.write("libx.a", "");
  LinkFacts Facts =
      command("ld.lld a.o -lx\n  -L" + Folder.path() + " -T l.ld");
  auto PlaceOf = [&](StringRef File) {
    auto Word = Facts.Named.find(File);
    return Word == Facts.Named.end() ? "" : prefixOf(Word->second.place());
  };
  EXPECT_EQ(PlaceOf("a.o"), "link.txt:1:8: ");
  EXPECT_EQ(PlaceOf(Archive), "link.txt:1:12: ");
  EXPECT_EQ(PlaceOf("l.ld"),
            "link.txt:2:" + std::to_string(Folder.path().size() + 6) + ": ");
}

TEST(LinkFacts, CommandThatIsNoLinkIsRefused) {
  EXPECT_NE(faultOf("").find("is empty"), std::string::npos);
  EXPECT_NE(faultOf("make all").find("neither a linker"), std::string::npos);
  EXPECT_NE(faultOf("clang -c a.c").find("does not link"), std::string::npos);
  EXPECT_NE(faultOf("ld.lld a.o | tee x").find("'|'"), std::string::npos);
  EXPECT_NE(faultOf("ld.lld $(OBJS)").find("'$'"), std::string::npos);
  EXPECT_NE(faultOf("ld.lld 'a.o").find("quote"), std::string::npos);
}

TEST(LinkFacts, WrapComesBeforeWhatDefinesNames) {
  LinkFacts Facts =
      linker({"--wrap=f", "--defsym=__wrap_f=g", "--defsym", "h=0x10", "a.o"});
  EXPECT_EQ(bound(Facts, "f"),
            "wrapped g by --wrap=f, then --defsym=__wrap_f=g");
  EXPECT_EQ(bound(Facts, "__real_f"), "wrapped f by --wrap=f");
  EXPECT_EQ(bound(Facts, "__real_g"), "definition __real_g");
  EXPECT_EQ(bound(Facts, "h"), "made  by --defsym=h=0x10");
  EXPECT_EQ(bound(Facts, "g"), "definition g");
  EXPECT_EQ(bound(linker({"--defsym=a=b", "--defsym=b=a"}), "a"),
            "made a by --defsym=a=b, then --defsym=b=a");
}

TEST(LinkFacts, ScriptDefinesNames) {
  LinkFacts Facts = script(R"(
/* PROVIDE(no = x); */ # PROVIDE(no = x)
ENTRY(start)
a = b;
c=d;
e = . + 4;
PROVIDE(f = Default);
PROVIDE_HIDDEN (g = (Default));
HIDDEN(h = "odd name");
SECTIONS {
  . = 0x1000;
  _s = .;
  .text : AT(0x40) ALIGN(8) {
    i = j; *(.text .text.*) KEEP(*(SORT(.init.*)))
    PROVIDE(k = l); BYTE(1) . += 4; crt0.o(.text) foo*.o
  } >FLASH AT> RAM :text =0x9090
  .bss (NOLOAD) : { *(.bss) *(COMMON) } > RAM
  /DISCARD/ : { *(.note*) }
  ASSERT(. < 0x2000, "too large; really")
  m = n;
}
)");
  EXPECT_EQ(unread(Facts), Texts());
  EXPECT_EQ(bound(Facts, "no"), "definition no");
  EXPECT_EQ(StringRef(bound(Facts, "a")).take_front(7), "made b ");
  EXPECT_EQ(StringRef(bound(Facts, "c")).take_front(7), "made d ");
  EXPECT_EQ(bound(Facts, "e"), "made  by the assignment in l.ld:6");
  EXPECT_EQ(bound(Facts, "f"), "provided Default by PROVIDE in l.ld:7");
  EXPECT_EQ(bound(Facts, "f", {"f"}), "definition f");
  EXPECT_EQ(bound(Facts, "g"), "provided Default by PROVIDE in l.ld:8");
  EXPECT_EQ(StringRef(bound(Facts, "h")).take_front(14), "made odd name ");
  EXPECT_EQ(StringRef(bound(Facts, "i")).take_front(7), "made j ");
  EXPECT_EQ(StringRef(bound(Facts, "k")).take_front(11), "provided l ");
  EXPECT_EQ(StringRef(bound(Facts, "m")).take_front(7), "made n ");
  EXPECT_EQ(StringRef(bound(Facts, "_s")).take_front(6), "made  ");
  const auto &Sections = Facts.Script.Sections;
  ASSERT_EQ(Sections.size(), 3u);
  EXPECT_EQ(Sections[0].Name, ".text");
  EXPECT_EQ(Sections[0].Region, "FLASH");
  EXPECT_EQ(Sections[0].LoadRegion, "RAM");
  EXPECT_EQ(Sections[0].Inputs,
            (Texts{"*(.text .text.*)", "KEEP(*(SORT(.init.*)))",
                   "crt0.o(.text)", "foo*.o"}));
  EXPECT_EQ(Sections[1].Name, ".bss");
  EXPECT_EQ(Sections[2].Name, "/DISCARD/");
}

TEST(LinkFacts, ScriptNamesRegionsInputsAndOtherScripts) {
  TemporaryFolder Folder;
  Folder.write("inner.ld", "inner = target;\n");
  std::string Object = Folder.write("x.o", "");
  LinkFacts Facts = linker(
      {"-L" + Folder.path(), "-T",
       Folder.write("l.ld", "INCLUDE inner.ld\nINPUT(x.o AS_NEEDED(" + Object +
                                "))\nMEMORY {\n FLASH (rx) : ORIGIN = "
                                "0x8000000, LENGTH = 64K\n "
                                "RAM(rwx):org=0x20000000,len=8K - 256\n}\n"
                                "SECTIONS { .x : { *(.x) } } INSERT AFTER "
                                ".text;\nlast = target;")});
  EXPECT_EQ(unread(Facts), Texts());
  EXPECT_EQ(Facts.bind("inner", [](StringRef) { return false; }).Name,
            "target");
  EXPECT_EQ(Facts.bind("last", [](StringRef) { return false; }).Name, "target");
  EXPECT_EQ(Facts.Inputs, (Texts{Object, Object}));
  ASSERT_EQ(Facts.Script.Regions.size(), 2u);
  EXPECT_EQ(Facts.Script.Regions[0].Name, "FLASH");
  EXPECT_EQ(Facts.Script.Regions[0].Origin, uint64_t(0x8000000));
  EXPECT_EQ(Facts.Script.Regions[0].Length, uint64_t(65536));
  EXPECT_EQ(Facts.Script.Regions[1].Name, "RAM");
  EXPECT_EQ(Facts.Script.Regions[1].Origin, uint64_t(0x20000000));
  EXPECT_EQ(Facts.Script.Regions[1].Length, std::nullopt);
}

TEST(LinkFacts, WhatAScriptSaysInOtherWordsIsNotKnown) {
  EXPECT_EQ(unread(script("FROBNICATE(a) x y;\nb = c;")),
            Texts{"1: the statement 'FROBNICATE' is not known"});
  EXPECT_EQ(bound(script("FROBNICATE { a = 1; }\nb = c;"), "b"),
            "made c by the assignment in l.ld:2");
  EXPECT_EQ(unread(script("INCLUDE none.ld\n")),
            Texts{"1: INCLUDE of 'none.ld', which is nowhere"});
  EXPECT_EQ(unread(script("a = b; /* ")).size(), 1u);
  EXPECT_EQ(unread(script("SECTIONS { .text ;")).size(), 1u);
  EXPECT_EQ(unread(linker({"-T", "none.ld"})).size(), 1u);
  EXPECT_EQ(unread(linker({"--version-script=none.map"})).size(), 1u);
  EXPECT_EQ(unread(script("MEMORY { A : size 4 }")).size(), 1u);
}

/// Each reading of it would double what is read.
TEST(LinkFacts, ScriptThatIncludesItselfTwiceIsReadInBounds) {
  TemporaryFolder Folder;
  std::string File = Folder.path() + "/l.ld";
  Folder.write("l.ld", "a = b;\nINCLUDE " + File + "\nINCLUDE " + File + "\n");
  LinkFacts Facts = linker({"-T", File, "a.o"});
  EXPECT_EQ(Facts.Script.Symbols.size(), 1001u);
  ASSERT_FALSE(Facts.Script.Unread.empty());
  EXPECT_EQ(Facts.Script.Unread.front().What,
            "INCLUDE of '" + File + "', which includes itself");
  EXPECT_EQ(Facts.Script.Unread.back().What,
            "INCLUDE of '" + File + "', which is one too many");
}

std::string repeated(StringRef Text, unsigned Times) {
  std::string Result;
  while (Times--)
    Result += Text;
  return Result;
}

TEST(LinkFacts, EndlessNestingOverflowsNothing) {
  constexpr unsigned Deep = 40000;
  EXPECT_EQ(
      script("INPUT" + repeated("(AS_NEEDED", Deep) + "(x.o").Script.Inputs,
      Texts{"x.o"});
  EXPECT_TRUE(script("SECTIONS {" + repeated("OVERLAY {", Deep))
                  .Script.Sections.empty());
  LinkFacts Facts =
      script("VERSION { V {" + repeated("extern \"C++\" {", Deep) + "f;");
  ASSERT_EQ(Facts.Script.Versions.size(), 1u);
  ASSERT_EQ(Facts.Script.Versions[0].Globals.size(), 1u);
  EXPECT_TRUE(Facts.Script.Versions[0].Globals[0].IsCpp);
}

TEST(LinkFacts, ScriptsThatAreCutShortEnd) {
  StringRef Whole = "MEMORY { A (r) : ORIGIN = 0, LENGTH = 4 } SECTIONS { .a 4 "
                    "(NOLOAD) : { a = (b); \"x\" *(.t) PROVIDE(c = d); } >A "
                    "} VERSION { V { local: *; extern \"C++\" { f; }; }; }";
  for (size_t Size = 0; Size <= Whole.size(); ++Size)
    (void)script(Whole.take_front(Size));
}

TEST(LinkFacts, OnlyASharedLibraryIsPreempted) {
  EXPECT_EQ(definition(linker({"a.o"}), "f"), Binding::Definition);
  EXPECT_EQ(definition(linker({"-pie", "-E"}), "f"), Binding::Definition);
  EXPECT_EQ(definition(linker({"-r"}), "f"), Binding::Definition);
  LinkFacts Shared = linker({"-shared"});
  EXPECT_EQ(definition(Shared, "f"), Binding::Interposable);
  EXPECT_EQ(
      Shared.bindingOf({"f", true, false, /*HasDefaultVisibility=*/false}),
      Binding::Definition);
}

TEST(LinkFacts, SymbolicFormsBindWhatTheyName) {
  auto With = [](const char *Option) { return linker({"-shared", Option}); };
  LinkFacts All = With("-Bsymbolic"), Functions = With("-Bsymbolic-functions"),
            NonWeak = With("-Bsymbolic-non-weak"),
            NonWeakFunctions = With("-Bsymbolic-non-weak-functions");
  auto IsBound = [](const LinkFacts &F, bool IsWeak, bool IsFunction) {
    return definition(F, "f", IsWeak, IsFunction) == Binding::Definition;
  };
  EXPECT_TRUE(IsBound(All, true, false));
  EXPECT_TRUE(IsBound(Functions, true, true));
  EXPECT_FALSE(IsBound(Functions, false, false));
  EXPECT_TRUE(IsBound(NonWeak, false, false));
  EXPECT_FALSE(IsBound(NonWeak, true, true));
  EXPECT_TRUE(IsBound(NonWeakFunctions, false, true));
  EXPECT_FALSE(IsBound(NonWeakFunctions, true, true));
  EXPECT_FALSE(IsBound(NonWeakFunctions, false, false));
  EXPECT_FALSE(
      IsBound(linker({"-shared", "-Bsymbolic", "-Bno-symbolic"}), false, true));
}

TEST(LinkFacts, VersionScriptMakesLocal) {
  TemporaryFolder Folder;
  LinkFacts Facts =
      linker({"-shared",
              "--version-script=" +
                  Folder.write("v.map",
                               "V1 { global: api; api_*;\n"
                               "  extern \"C++\" { \"n::f(int)\"; n::g* };\n"
                               "  local:*; };\nV2 { local: api_old; } V1;\n")});
  EXPECT_EQ(unread(Facts), Texts());
  EXPECT_EQ(definition(Facts, "api"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "api_new"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "api_old"), Binding::Definition);
  EXPECT_EQ(definition(Facts, "other"), Binding::Definition);
  EXPECT_EQ(definition(Facts, "_ZN1n1fEi"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "_ZN1n1gEi"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "_ZN1n1hEi"), Binding::Definition);
}

TEST(LinkFacts, DynamicListKeepsWhatItNames) {
  TemporaryFolder Folder;
  std::string List = Folder.write("l.list", "{ api; hook_*; };");
  LinkFacts Facts = linker({"-shared", "--dynamic-list", List});
  EXPECT_EQ(definition(Facts, "api"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "hook_a"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "other"), Binding::Definition);
  Facts = linker({"-shared", "-Bsymbolic", "--export-dynamic-symbol=a*"});
  EXPECT_EQ(definition(Facts, "api"), Binding::Interposable);
  EXPECT_EQ(definition(Facts, "other"), Binding::Definition);
}

TEST(LinkFacts, ExcludedArchivesLeaveItOpen) {
  EXPECT_EQ(definition(linker({"-shared", "--exclude-libs=ALL"}), "f"),
            Binding::NotKnown);
}

TEST(LinkFacts, WhatALinkKeepsForOthers) {
  auto Keeps = [](const LinkFacts &Facts, StringRef Name,
                  bool IsDefault = true) {
    return Facts.keeps({Name, true, false, IsDefault});
  };
  LinkFacts Plain = linker({"a.o", "-u", "asked", "--require-defined=needed",
                            "--undefined-glob=plugin_*", "--defsym=x=made",
                            "--defsym=y=computed+4", "--wrap=wrapped"});
  for (const char *Name : {"_start", "_init", "asked", "needed", "plugin_a",
                           "made", "computed", "__wrap_wrapped"})
    EXPECT_TRUE(Keeps(Plain, Name)) << Name;
  EXPECT_FALSE(Keeps(Plain, "other"));
  EXPECT_FALSE(Plain.HasMoreInputs);
  LinkFacts Entry = linker({"a.o", "-e", "reset"});
  EXPECT_TRUE(Keeps(Entry, "reset"));
  EXPECT_FALSE(Keeps(Entry, "_start"));
  LinkFacts Shared = linker({"-shared", "a.o"});
  EXPECT_TRUE(Keeps(Shared, "other"));
  EXPECT_FALSE(Keeps(Shared, "other", /*IsDefault=*/false));
  EXPECT_TRUE(Keeps(linker({"a.o", "--export-dynamic"}), "other"));
  EXPECT_TRUE(Keeps(linker({"a.o", "--export-dynamic-symbol=o*"}), "other"));
  EXPECT_TRUE(Keeps(linker({"-r", "a.o"}), "other", /*IsDefault=*/false));
  EXPECT_TRUE(command("clang a.o -o a").HasMoreInputs);
  EXPECT_FALSE(command("clang -nostdlib a.o -o a").HasMoreInputs);
  EXPECT_FALSE(command("clang -r a.o -o a").HasMoreInputs);
}

} // namespace
