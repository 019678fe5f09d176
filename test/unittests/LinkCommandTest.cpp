//===- LinkCommandTest.cpp - What a link reads and writes ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkCommand.h"
#include "Scenario.h"
#include "section-placement/Link/LinkFacts.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace section_placement;

namespace {

using Texts = std::vector<std::string>;

LinkFacts parse(const Texts &Arguments) {
  Expected<LinkFacts> Command = parseLinkCommand(commandWords(Arguments));
  if (Command)
    return std::move(*Command);
  ADD_FAILURE() << toString(Command.takeError());
  return {};
}

std::string faultOf(const Texts &Arguments) {
  Expected<LinkFacts> Command = parseLinkCommand(commandWords(Arguments));
  if (!Command)
    return toString(Command.takeError());
  ADD_FAILURE() << "no fault";
  return "";
}

/// A folder with the files that a link names.
class Folder {
public:
  std::string file(StringRef Name, StringRef Text = "") {
    return Files.write(Name, Text);
  }
  std::string path(StringRef Name = "") const {
    return Name.empty() ? Files.path() : Files.path() + "/" + Name.str();
  }

private:
  TemporaryFolder Files;
};

TEST(LinkCommand, OutputIsTheLastOneInEachSpelling) {
  EXPECT_EQ(parse({"a.o"}).Output, "a.out");
  EXPECT_EQ(parse({"-o", "x", "a.o"}).Output, "x");
  EXPECT_EQ(parse({"-ox", "a.o"}).Output, "x");
  EXPECT_EQ(parse({"--output=x", "a.o"}).Output, "x");
  EXPECT_EQ(parse({"--output", "x", "a.o"}).Output, "x");
  EXPECT_EQ(parse({"-o", "first", "-olast"}).Output, "last");
  EXPECT_EQ(parse({"-o", "dir/x", "a.o"}).Inputs, Texts{"a.o"});
  EXPECT_EQ(parse({"a.o", "-o"}).Output, "a.out");
  EXPECT_EQ(parse({"-o", "-x", "a.o"}).Output, "-x");
}

TEST(LinkCommand, OutputIsWhatLldTakesForIt) {
  // lld says so itself: `-oformat` writes `format`, `-o=x` writes `=x`.
  EXPECT_EQ(parse({"-oformat", "a.o"}).Output, "format");
  EXPECT_EQ(parse({"-o=x", "a.o"}).Output, "=x");
  EXPECT_EQ(parse({"--oformat", "elf", "a.o"}).Output, "a.out");
  EXPECT_EQ(parse({"--oformat=elf", "a.o"}).Output, "a.out");
  EXPECT_EQ(parse({"-orphan-handling", "place", "a.o"}).Output, "a.out");
  EXPECT_EQ(parse({"-orphan-handling=place", "a.o"}).Output, "a.out");
  EXPECT_EQ(parse({"--omagic", "a.o"}).Output, "a.out");
}

TEST(LinkCommand, InputsKeepTheirOrderAmongOptions) {
  LinkFacts Command = parse(
      {"-r", "a.o", "--whole-archive", "lib.a", "--no-whole-archive",
       "--start-lib", "b.o", "--end-lib", "-(", "c.a", "-)", "--start-group",
       "d.a", "--end-group", "--as-needed", "-EL", "dir/e.o", "-o", "x"});
  EXPECT_EQ(Command.Inputs,
            (Texts{"a.o", "lib.a", "b.o", "c.a", "d.a", "dir/e.o"}));
}

TEST(LinkCommand, ValueOfAnOptionIsNoInput) {
  for (const char *Option : {"-m",
                             "-L",
                             "-T",
                             "-e",
                             "-u",
                             "-y",
                             "-z",
                             "-h",
                             "-R",
                             "-O",
                             "-G",
                             "-b",
                             "-f",
                             "-F",
                             "-dT",
                             "--script",
                             "-Map",
                             "--Map",
                             "--entry",
                             "--version-script",
                             "--dynamic-list",
                             "--symbol-ordering-file",
                             "--just-symbols",
                             "--retain-symbols-file",
                             "--reproduce",
                             "--dependency-file",
                             "--print-symbol-order",
                             "--call-graph-ordering-file",
                             "--opt-remarks-filename",
                             "--load-pass-plugin",
                             "-mllvm",
                             "--mllvm",
                             "-plugin",
                             "--defsym",
                             "--section-start",
                             "--image-base",
                             "-Ttext",
                             "-Ttext-segment",
                             "--default-script",
                             "--remap-inputs",
                             "--in-implib",
                             "--out-implib",
                             "--error-handling-script",
                             "--irpgo-profile",
                             "--why-live",
                             "--export-dynamic-symbol-list",
                             "--thinlto-cache-policy",
                             "--sysroot",
                             "--threads",
                             "-rpath",
                             "--rpath-link",
                             "-soname",
                             "--dynamic-linker",
                             "--exclude-libs",
                             "--wrap",
                             "--keep-unique",
                             "--shuffle-sections"}) {
    LinkFacts Command = parse({Option, "old.o", "a.o"});
    EXPECT_EQ(Command.Inputs, Texts{"a.o"}) << Option;
    EXPECT_EQ(Command.Output, "a.out") << Option;
  }
}

TEST(LinkCommand, JoinedValuesAndFlagsTakeNoWord) {
  for (const char *Option : {"-Map=map.o",
                             "--script=x.o",
                             "-Tx.o",
                             "-melf_x86_64",
                             "-zrelro",
                             "-plugin-opt=mcpu=generic",
                             "-plugin-opt=O2",
                             "--plugin-opt=-x",
                             "--thinlto-cache-dir=dir",
                             "--lto-O2",
                             "--lto-obj-path=x.o",
                             "-r",
                             "--gc-sections",
                             "-pie",
                             "-shared",
                             "--icf=all",
                             "-s",
                             "-S",
                             "-x",
                             "-X",
                             "-t",
                             "-q",
                             "-M",
                             "-N",
                             "-n",
                             "-E",
                             "-d",
                             "-g",
                             "-v",
                             "-V",
                             "--build-id=sha1",
                             "--build-id",
                             "--save-temps",
                             "--fat-lto-objects",
                             "--print-archive-stats=x.o",
                             "--why-extract=x.o",
                             "--time-trace=x.o",
                             "--no-undefined",
                             "-long-plt",
                             "--color-diagnostics",
                             "-dn",
                             "-dy"})
    EXPECT_EQ(parse({Option, "a.o"}).Inputs, Texts{"a.o"}) << Option;
}

TEST(LinkCommand, OptionWithTwoDashesOnlyTakesNoWordAfterOne) {
  // `-error-limit` is lld's `-e rror-limit`.
  EXPECT_EQ(parse({"-error-limit", "a.o"}).Inputs, Texts{"a.o"});
  EXPECT_EQ(parse({"--error-limit", "0", "a.o"}).Inputs, Texts{"a.o"});
}

TEST(LinkCommand, LibrariesAreSearchedInEveryFolder) {
  Folder F;
  std::string Archive = F.file("libx.a"), Exact = F.file("odd.a");
  std::string InFolder = "-L" + F.path();
  EXPECT_EQ(parse({"-lx", "a.o", InFolder}).Inputs, (Texts{Archive, "a.o"}));
  EXPECT_EQ(parse({"-l", "x", "-L", F.path()}).Inputs, Texts{Archive});
  EXPECT_EQ(parse({"--library=x", InFolder}).Inputs, Texts{Archive});
  EXPECT_EQ(parse({"--library", "x", InFolder}).Inputs, Texts{Archive});
  EXPECT_EQ(parse({"-l:odd.a", InFolder}).Inputs, Texts{Exact});
  EXPECT_EQ(parse({"-lmissing", InFolder, "a.o"}).Inputs, Texts{"a.o"});
}

TEST(LinkCommand, LibraryMayBeginLikeAnOption) {
  Folder F;
  std::string Archive = F.file("libto.a");
  EXPECT_EQ(parse({"-lto", "-L" + F.path()}).Inputs, Texts{Archive});
}

TEST(LinkCommand, SharedLibraryComesBeforeTheArchiveUnlessStatic) {
  Folder F;
  std::string Archive = F.file("libx.a");
  F.file("libx.so");
  std::string In = "-L" + F.path();
  EXPECT_EQ(parse({In, "-lx"}).Inputs, Texts());
  for (const char *Static : {"-static", "-Bstatic", "-dn", "-non_shared", "-N"})
    EXPECT_EQ(parse({In, Static, "-lx"}).Inputs, Texts{Archive}) << Static;
  EXPECT_EQ(parse({In, "-Bstatic", "-Bdynamic", "-lx"}).Inputs, Texts());
  EXPECT_EQ(
      parse({In, "--push-state", "-Bstatic", "--pop-state", "-lx"}).Inputs,
      Texts());
}

TEST(LinkCommand, SysrootStandsForEquals) {
  Folder F;
  EXPECT_FALSE(sys::fs::create_directory(F.path("lib")));
  std::string Archive = F.file("lib/libx.a");
  EXPECT_EQ(parse({"--sysroot=" + F.path(), "-L=lib", "-lx"}).Inputs,
            Texts{Archive});
  EXPECT_EQ(parse({"-L=lib", "--sysroot", F.path(), "-lx"}).Inputs,
            Texts{Archive});
}

TEST(LinkCommand, BinaryInputIsData) {
  EXPECT_EQ(parse({"--format=binary", "blob.o", "--format=elf", "a.o"}).Inputs,
            Texts{"a.o"});
  EXPECT_EQ(parse({"-b", "binary", "blob.o", "-bdefault"}).Inputs, Texts());
}

TEST(LinkCommand, FatObjectsAreBitcodeWhereTheLinkSaysSo) {
  EXPECT_FALSE(parse({"a.o"}).TakesFatBitcode);
  EXPECT_TRUE(parse({"--fat-lto-objects", "a.o"}).TakesFatBitcode);
  EXPECT_FALSE(
      parse({"--fat-lto-objects", "--no-fat-lto-objects"}).TakesFatBitcode);
}

TEST(LinkCommand, ResponseFilesAreExpandedWhereTheyStand) {
  Folder F;
  std::string Inner = F.file("inner", "c.o -o 'x y'");
  std::string Outer =
      F.file("outer", "b.o \"with space.o\" back\\\\slash.o\n@" + Inner);
  LinkFacts Command = parse({"a.o", "@" + Outer, "d.o"});
  EXPECT_EQ(Command.Inputs, (Texts{"a.o", "b.o", "with space.o",
                                   "back\\slash.o", "c.o", "d.o"}));
  EXPECT_EQ(Command.Output, "x y");
}

TEST(LinkCommand, ResponseFileMayBeginWithAByteOrderMark) {
  Folder F;
  EXPECT_EQ(parse({"@" + F.file("bom", "\xef\xbb\xbf-o x")}).Output, "x");
}

TEST(LinkCommand, ResponseFileMayBeQuotedAsOnWindows) {
  Folder F;
  std::string File = F.file("words", "dir\\a.o");
  EXPECT_EQ(parse({"--rsp-quoting=windows", "@" + File}).Inputs,
            Texts{"dir\\a.o"});
  EXPECT_EQ(parse({"@" + File}).Inputs, Texts{"dira.o"});
}

/// `words:2:3`, of each word.
Texts placesOf(const Texts &Arguments) {
  Texts Result;
  Expected<std::vector<CommandWord>> Words =
      expandResponseFiles(commandWords(Arguments));
  if (!Words) {
    ADD_FAILURE() << toString(Words.takeError());
    return Result;
  }
  for (const CommandWord &Word : *Words) {
    Place At = Word.place();
    Result.push_back(sys::path::filename(At.File).str() + ":" +
                     std::to_string(At.Line) + ":" + std::to_string(At.Column) +
                     " " + Word.Text);
  }
  return Result;
}

TEST(LinkCommand, WordsOfResponseFilesHaveTheirPlaces) {
  Folder F;
  std::string Inner = F.file("inner", "\r\n  c.o\r\n\t'd e'.o\r\n");
  std::string Outer =
      F.file("outer", "a.o \"b b.o\" \\\\x\n" + (" @" + Inner) +
                          " \"\" \" f\" ''g e\"\"  h\\ i 'never");
  EXPECT_EQ(placesOf({"first", "@" + Outer}),
            (Texts{":0:0 first", "outer:1:1 a.o", "outer:1:5 b b.o",
                   "outer:1:13 \\x", "inner:2:3 c.o", "inner:3:2 d e.o",
                   "outer:2:" + std::to_string(Inner.size() + 7) + "  f",
                   "outer:2:" + std::to_string(Inner.size() + 12) + " g",
                   "outer:2:" + std::to_string(Inner.size() + 16) + " e",
                   "outer:2:" + std::to_string(Inner.size() + 21) + " h i",
                   "outer:2:" + std::to_string(Inner.size() + 26) + " never"}));
}

TEST(LinkCommand, PlacesAreThoseOfEditorsBehindAByteOrderMark) {
  Folder F;
  std::string File = F.file("words", "\xef\xbb\xbf"
                                     "a.o b.o");
  EXPECT_EQ(placesOf({"@" + File}), (Texts{"words:1:1 a.o", "words:1:5 b.o"}));
}

TEST(LinkCommand, PlacesAreKnownInWordsAsOnWindows) {
  Folder F;
  std::string File =
      F.file("words", "dir\\a.o \"c:\\b c\\d.o\"\r\n\"\" e\"\"\"f");
  EXPECT_EQ(placesOf({"--rsp-quoting=windows", "@" + File}),
            (Texts{":0:0 --rsp-quoting=windows", "words:1:1 dir\\a.o",
                   "words:1:9 c:\\b c\\d.o", "words:2:1 ", "words:2:4 e\"f"}));
}

TEST(LinkCommand, ResponseFileThatIsGoneIsAFaultWhereItIsNamed) {
  EXPECT_EQ(faultOf({"@/nowhere/words", "a.o"}),
            "the response file '/nowhere/words' cannot be read: No such file "
            "or directory");
  // A pipe: the linker has read it, and nothing is left.
  EXPECT_EQ(faultOf({"@/dev/null"}),
            "the response file '/dev/null' is a device, not a file");
  Folder F;
  std::string File = F.file("words", "a.o\r\n  \"@/nowhere/words\"");
  EXPECT_EQ(faultOf({"@" + File}),
            File + ":2:3: the response file '/nowhere/words' cannot be read: "
                   "No such file or directory");
}

TEST(LinkCommand, ResponseFileThatIncludesItselfIsAFault) {
  Folder F;
  std::string File = F.path("words");
  F.file("words", "@" + File);
  EXPECT_EQ(faultOf({"@" + File}),
            File + ":1:1: the response file '" + File + "' includes itself");
}

/// Each names the next one twice: 2^31 words.
TEST(LinkCommand, ResponseFilesThatDoubleAreAFault) {
  Folder F;
  for (unsigned I = 0; I < 31; ++I) {
    std::string Next = "@" + F.path("words" + std::to_string(I + 1));
    F.file("words" + std::to_string(I), Next + " " + Next);
  }
  F.file("words31", "a.o");
  EXPECT_NE(faultOf({"@" + F.path("words0")}).find("is one too many"),
            std::string::npos);
}

TEST(LinkCommand, HostIsKnownByItsName) {
  EXPECT_EQ(hostKind("/usr/bin/clang-22"), HostKind::Compiler);
  EXPECT_EQ(hostKind("clang++"), HostKind::Compiler);
  EXPECT_EQ(hostKind("aarch64-linux-gnu-clang"), HostKind::Compiler);
  EXPECT_EQ(hostKind("/usr/lib/llvm-22/bin/opt"), HostKind::Optimizer);
  EXPECT_EQ(hostKind("opt-15"), HostKind::Optimizer);
  EXPECT_EQ(hostKind("/usr/lib/llvm-22/bin/lld"), HostKind::Linker);
  EXPECT_EQ(hostKind("ld.lld"), HostKind::Linker);
}

TEST(LinkCommand, ProgramsAreKnownBehindATargetAndBeforeAVersion) {
  EXPECT_EQ(programName("/usr/bin/aarch64-linux-gnu-g++-12"), "g++");
  EXPECT_EQ(programKind("/usr/bin/clang++-22"), ProgramKind::Clang);
  EXPECT_EQ(programKind("x86_64-linux-gnu-gcc-12.2.0"), ProgramKind::GCC);
  EXPECT_EQ(programKind("ld.lld-22"), ProgramKind::LLD);
  EXPECT_EQ(programKind("arm-none-eabi-ld"), ProgramKind::OtherLinker);
  EXPECT_EQ(programKind("ld.mold"), ProgramKind::OtherLinker);
  EXPECT_EQ(programKind("rustc"), ProgramKind::Rustc);
  EXPECT_EQ(programKind("build-clang"), ProgramKind::Clang);
  EXPECT_EQ(programKind("mybuild"), ProgramKind::Other);
  EXPECT_EQ(programKind(""), ProgramKind::Other);
}

} // namespace
