//===- BuildCommands.cpp - The commands of a build ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/BuildCommands.h"
#include "section-placement/Link/LinkOptions.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace section_placement {

/// `cc`, `c++` and `ld` are links to a program with a name of its own.
static ProgramKind kindOf(StringRef Program) {
  StringRef Name = programName(Program);
  SmallString<256> Real;
  if (Name == "cc" || Name == "c++" || Name == "ld")
    if (ErrorOr<std::string> Path = sys::findProgramByName(Program))
      if (!sys::fs::real_path(*Path, Real))
        return programKind(Real);
  return programKind(Program);
}

namespace {
/// Reads the words of one command.
class CommandReader {
public:
  explicit CommandReader(ArrayRef<std::string> Texts)
      : Storage(commandWords(Texts)), Words(Storage) {}

  BuildCommand read() {
    for (; !Words.empty() && C.Kind == ProgramKind::Other;
         Words = Words.drop_front())
      readProgram(Words.front().Text);
    if (C.Kind == ProgramKind::Other)
      return std::move(C);
    auto Take = [&](LinkOption What, StringRef Value, const CommandWord &) {
      take(What, Value);
    };
    if (C.Kind == ProgramKind::LLD || C.Kind == ProgramKind::OtherLinker) {
      forEachLinkOption(Words, Take);
      C.Step = BuildCommand::StepKind::Link;
      C.About = Output;
      return std::move(C);
    }
    DriverLink Link = readDriverWords(Words);
    forEachLinkOption(Link.Words, Take);
    for (const CommandWord &Word : Words)
      readDriverWord(Word.Text);
    StringRef NoLink = Link.NoLink ? StringRef(Link.NoLink->Text) : "";
    if (NoLink == "-c" || NoLink == "-S" || C.Kind == ProgramKind::Rustc)
      C.Step = BuildCommand::StepKind::Compile;
    else if (!Link.NoLink && !IsQuestion && !Output.empty())
      C.Step = BuildCommand::StepKind::Link;
    bool IsCompile = C.Step == BuildCommand::StepKind::Compile;
    C.About = IsCompile && !Input.empty() ? Input : Output;
    if (IsCompile)
      C.LoadsPlugin = HasCompilerPlugin;
    return std::move(C);
  }

private:
  void readProgram(StringRef Word) {
    if (compat::startsWith(Word, "SECTION_PLACEMENT_POLICY="))
      C.HasPolicy = true;
    C.Kind = kindOf(Word);
    C.Program = Word.str();
  }

  void take(LinkOption What, StringRef Value) {
    if (What == LinkOption::Input)
      Input = Value.str();
    else if (What == LinkOption::Output)
      Output = Value.str();
    else if (What == LinkOption::CacheFolder)
      C.CacheFolder = Value.str();
    else if (What == LinkOption::LoadPlugin)
      C.LoadsPlugin = true;
    else if (What == LinkOption::Distributed)
      C.IsDistributed = true;
    else if ((What == LinkOption::LTOLevel && Value == "0") ||
             (What == LinkOption::LLVM && Value == "O0"))
      C.HasLTOLevel0 = true;
  }

  /// What only the driver knows.
  void readDriverWord(StringRef Word) {
    if (Word == "-flto" || Word == "-flto=full" || Word == "-flto=auto")
      C.LTO = LTOKind::Full;
    else if (Word == "-flto=thin")
      C.LTO = LTOKind::Thin;
    else if (Word == "-fno-lto")
      C.LTO = LTOKind::None;
    else if (Word.consume_front("-fuse-ld=") ||
             Word.consume_front("--ld-path="))
      C.Linker = Word.str();
    else if (compat::startsWith(Word, "-fthinlto-index=") ||
             compat::startsWith(Word, "-fthinlto-distributor="))
      C.IsDistributed = true;
    else if (compat::startsWith(Word, "-fpass-plugin=") ||
             compat::startsWith(Word, "-Zllvm-plugins=") ||
             compat::startsWith(Word, "llvm-plugins="))
      HasCompilerPlugin = true;
    else if (Word == "--version" || Word == "-v")
      IsQuestion = true;
    else if (Word.contains("section-placement-policy="))
      C.HasPolicy = true;
  }

  std::vector<CommandWord> Storage;
  ArrayRef<CommandWord> Words;
  BuildCommand C;
  std::string Input, Output;
  bool HasCompilerPlugin = false, IsQuestion = false;
};
} // namespace

std::vector<BuildCommand> readBuildCommand(ArrayRef<std::string> Words) {
  std::vector<BuildCommand> Result;
  auto IsEnd = [](const std::string &Word) {
    return Word == "&&" || Word == ";" || Word == "||" || Word == "|";
  };
  while (!Words.empty()) {
    size_t Size = size_t(find_if(Words, IsEnd) - Words.begin());
    BuildCommand C = CommandReader(Words.take_front(Size)).read();
    if (C.Step != BuildCommand::StepKind::Other)
      Result.push_back(std::move(C));
    Words = Words.drop_front(std::min(Size + 1, Words.size()));
  }
  return Result;
}

static std::vector<std::string> wordsOf(StringRef Line) {
  BumpPtrAllocator Storage;
  StringSaver Saver(Storage);
  SmallVector<const char *, 64> Words;
  cl::TokenizeGNUCommandLine(Line, Saver, Words);
  std::vector<std::string> Result;
  for (StringRef Word : Words) {
    // `f.c; ld` and `(f.c)`, which a shell takes apart.
    bool Ends = Word.consume_back(";");
    if (!Word.empty())
      Result.push_back(Word.str());
    if (Ends)
      Result.push_back(";");
  }
  return Result;
}

static void append(std::vector<BuildCommand> &To,
                   std::vector<BuildCommand> More) {
  To.insert(To.end(), std::make_move_iterator(More.begin()),
            std::make_move_iterator(More.end()));
}

std::vector<BuildCommand> readBuildLines(StringRef Text) {
  std::vector<BuildCommand> Result;
  std::string Joined; // Of lines that end in a backslash.
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    bool GoesOn = Line.consume_back("\\");
    Joined += Line.str() + ' ';
    if (GoesOn)
      continue;
    append(Result, readBuildCommand(wordsOf(Joined)));
    Joined.clear();
  }
  return Result;
}

/// An entry of a compilation database.
struct DatabaseEntry {
  std::vector<std::string> Words;
  std::string File;
};

static bool fromJSON(const json::Value &V, DatabaseEntry &E, json::Path P) {
  json::ObjectMapper O(V, P);
  std::string Command;
  if (!O || !O.mapOptional("arguments", E.Words) ||
      !O.mapOptional("command", Command) || !O.mapOptional("file", E.File))
    return false;
  if (V.getAsObject()->get("arguments"))
    return true;
  E.Words = wordsOf(Command);
  if (!V.getAsObject()->get("command"))
    P.report("neither 'command' nor 'arguments'");
  return V.getAsObject()->get("command");
}

Expected<std::vector<BuildCommand>> readCompileCommands(StringRef File) {
  Expected<std::string> Text = readTextFile(File, MaximumTextSize);
  if (!Text)
    return Text.takeError();
  JsonInput In{File, *Text, "database",
               "give the compile_commands.json of the build"};
  Expected<json::Value> Parsed = parseJson(In);
  if (!Parsed)
    return Parsed.takeError();
  auto Entries = readJson<std::vector<DatabaseEntry>>(In, *Parsed);
  if (!Entries)
    return Entries.takeError();
  std::vector<BuildCommand> Result;
  for (const DatabaseEntry &Entry : *Entries) {
    std::vector<BuildCommand> Commands = readBuildCommand(Entry.Words);
    if (!Entry.File.empty())
      for (BuildCommand &C : Commands)
        C.About = Entry.File;
    append(Result, std::move(Commands));
  }
  return Result;
}

StringRef nameOf(CompileFault Fault) {
  static constexpr StringLiteral Names[] = {"none", "no-plugin", "not-for-lto",
                                            "not-clang", "distributed"};
  return Names[size_t(Fault)];
}

bool isMissed(CompileFault Fault) {
  return Fault == CompileFault::NoPlugin || Fault == CompileFault::Distributed;
}

StringRef textOf(CompileFault Fault) {
  switch (Fault) {
  case CompileFault::None:
    return "";
  case CompileFault::NoPlugin:
    return "compiled for LTO without the plugin, which the policy's 'lto', "
           "'inline' or 'source' rules need there: add -fpass-plugin, as "
           "'section-placement flags' prints it";
  case CompileFault::NotForLTO:
    return "compiled without LTO and without the plugin, so no rule can move "
           "the code: add -flto, or -fpass-plugin and the policy";
  case CompileFault::NotClang:
    return "compiled by another compiler than clang, so no rule can move the "
           "code: compile with clang";
  case CompileFault::Distributed:
    return "compiled by a backend of distributed ThinLTO, where clang up to 22 "
           "runs no plugin: place at the compile, with "
           "SECTION_PLACEMENT_STAGE=compile";
  }
  return "";
}

CompileFault faultOf(const BuildCommand &Command, const Policy &P) {
  if (Command.Step != BuildCommand::StepKind::Compile ||
      sys::path::extension(Command.About) == ".s" ||
      sys::path::extension(Command.About) == ".S")
    return CompileFault::None;
  if (Command.Kind == ProgramKind::Rustc)
    return CompileFault::None; // Its LTO, an option of -C, is not read here.
  if (Command.Kind != ProgramKind::Clang)
    return CompileFault::NotClang;
  if (Command.IsDistributed)
    return CompileFault::Distributed;
  if (Command.LoadsPlugin)
    return CompileFault::None;
  if (Command.LTO == LTOKind::None)
    return CompileFault::NotForLTO;
  return P.isolates() || P.interest().Sources ? CompileFault::NoPlugin
                                              : CompileFault::None;
}

} // namespace section_placement
