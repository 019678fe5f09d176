//===- LinkCommand.cpp - The words of a command line ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/LineTable.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

Expected<std::vector<CommandWord>> processArguments() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFileAsStream("/proc/self/cmdline");
  if (!Buffer)
    return plainError("/proc/self/cmdline cannot be read (" +
                      Buffer.getError().message() +
                      "), which tells what this link writes and reads");
  SmallVector<StringRef, 0> Words;
  StringRef Text = (*Buffer)->getBuffer();
  if (!Text.empty() && Text.back() == '\0')
    Text = Text.drop_back();
  Text.split(Words, '\0');
  std::vector<CommandWord> Result;
  for (StringRef Word : Words)
    Result.emplace_back(Word.str());
  return Result;
}

std::vector<CommandWord> commandWords(ArrayRef<std::string> Texts) {
  return {Texts.begin(), Texts.end()};
}

StringRef programName(StringRef Program) {
  StringRef Name = sys::path::filename(Program).rtrim("0123456789.-");
  return Name.drop_front(Name.rfind('-') + 1);
}

ProgramKind programKind(StringRef Program) {
  return StringSwitch<ProgramKind>(programName(Program))
      .Case("clang", ProgramKind::Clang)
      .Case("clang++", ProgramKind::Clang)
      .Case("gcc", ProgramKind::GCC)
      .Case("g++", ProgramKind::GCC)
      .Case("cc", ProgramKind::GCC)
      .Case("c++", ProgramKind::GCC)
      .Case("ld.lld", ProgramKind::LLD)
      .Case("lld", ProgramKind::LLD)
      .Case("ld", ProgramKind::OtherLinker)
      .Case("ld.bfd", ProgramKind::OtherLinker)
      .Case("ld.gold", ProgramKind::OtherLinker)
      .Case("gold", ProgramKind::OtherLinker)
      .Case("mold", ProgramKind::OtherLinker)
      .Case("ld.mold", ProgramKind::OtherLinker)
      .Case("rustc", ProgramKind::Rustc)
      .Default(ProgramKind::Other);
}

HostKind hostKind(StringRef Program) {
  StringRef Name = sys::path::filename(Program);
  if (Name.take_front(3) == "opt")
    return HostKind::Optimizer;
  return Name.find("clang") != StringRef::npos ? HostKind::Compiler
                                               : HostKind::Linker;
}

HostKind currentHostKind() {
  // The executable, not argv[0]: a wrapper may call clang `cc`.
  SmallString<128> Executable;
  if (!sys::fs::real_path("/proc/self/exe", Executable))
    return hostKind(Executable);
  Expected<std::vector<CommandWord>> Words = processArguments();
  if (Words && !Words->empty())
    return hostKind(Words->front().Text);
  consumeError(Words.takeError());
  return HostKind::Linker;
}

/// The words of a response file's text, as LLVM reads them.
static SmallVector<const char *, 64>
tokenize(StringRef Text, WordFile::QuotingKind Quoting, StringSaver &Saver) {
  Text.consume_front("\xef\xbb\xbf"); // A byte order mark of UTF-8.
  SmallVector<const char *, 64> Words;
  if (Quoting == WordFile::QuotingKind::Windows)
    cl::TokenizeWindowsCommandLine(Text, Saver, Words);
  else
    cl::TokenizeGNUCommandLine(Text, Saver, Words);
  return Words;
}

/// Where the word \p Index of a response file begins. LLVM's reader of words
/// does not say: it is behind the longest text that has no more than the words
/// before.
static size_t offsetOf(const WordFile &File, size_t Index) {
  size_t Begin = 0, End = File.Text.size();
  while (Begin < End) {
    size_t Middle = Begin + (End - Begin) / 2;
    BumpPtrAllocator Arena;
    StringSaver Saver(Arena);
    StringRef Front = StringRef(File.Text).take_front(Middle + 1);
    if (tokenize(Front, File.Quoting, Saver).size() > Index)
      End = Middle;
    else
      Begin = Middle + 1;
  }
  while (Begin && StringRef("\"'\\").contains(File.Text[Begin - 1]))
    --Begin; // Without what follows it, a quote is no word.
  return Begin;
}

Place CommandWord::place() const {
  if (!File)
    return {};
  bool IsOffset = File->Quoting == WordFile::QuotingKind::Shell;
  return LineTable(File->Text)
      .place(File->Name, IsOffset ? At : offsetOf(*File, At));
}

namespace {
/// Expands `@FILE` as lld does, which is LLVM's own way, but with errors where
/// that leaves a word as it was or prints.
class ResponseFiles {
public:
  explicit ResponseFiles(ArrayRef<CommandWord> Arguments) {
    for (size_t I = 0; I < Arguments.size(); ++I) {
      StringRef Word = Arguments[I].Text;
      if (Word.consume_front("--rsp-quoting=") ||
          (Word == "--rsp-quoting" && ++I < Arguments.size()))
        if (StringRef(Arguments[I].Text).contains("windows"))
          Quoting = WordFile::QuotingKind::Windows;
    }
  }

  /// Appends \p Word, or what the file that it names holds, to \p Words.
  Error expand(const CommandWord &Word, std::vector<CommandWord> &Words) {
    StringRef Path = Word.Text;
    if (Path.size() < 2 || !Path.consume_front("@")) {
      Words.push_back(Word);
      return Error::success();
    }
    auto Fail = [&](const Twine &Why) {
      return errorAt(Word.place(),
                     "the response file " + inQuotes(Path) + " " + Why);
    };
    if (Depth == MaxDepth)
      return Fail("includes itself");
    if (Count++ == MaxFiles)
      return Fail("is one too many: " + Twine(MaxFiles) + " were read before");
    // The driver removes its own file after the link, not before, so this is
    // rare; a pipe (`@<(...)`) has been read by the linker and is empty now.
    Expected<std::unique_ptr<MemoryBuffer>> Buffer =
        readInputFile(Path, MaximumTextSize);
    if (!Buffer)
      return Fail(toString(withoutPlace(Buffer.takeError())));
    auto File = std::make_shared<const WordFile>(
        WordFile{Path.str(), (*Buffer)->getBuffer().str(), Quoting});
    BumpPtrAllocator Arena;
    StringSaver Saver(Arena);
    ++Depth;
    size_t Index = 0;
    for (const char *Inner : tokenize(File->Text, Quoting, Saver))
      if (Error E = expand({Inner, File, Index++}, Words))
        return E;
    --Depth;
    return Error::success();
  }

private:
  // A file that names another twice, which does the same, doubles each time.
  static constexpr unsigned MaxDepth = 32, MaxFiles = 1000;
  WordFile::QuotingKind Quoting = WordFile::QuotingKind::GNU;
  unsigned Depth = 0, Count = 0;
};
} // namespace

Expected<std::vector<CommandWord>>
expandResponseFiles(ArrayRef<CommandWord> Arguments) {
  ResponseFiles Files(Arguments);
  std::vector<CommandWord> Words;
  for (const CommandWord &Argument : Arguments)
    if (Error E = Files.expand(Argument, Words))
      return E;
  return Words;
}

namespace {
/// The quoting rules of POSIX sh (2.2 Quoting), without expansions.
class ShellWords {
public:
  ShellWords(StringRef Name, StringRef Text)
      : File(std::make_shared<const WordFile>(
            WordFile{Name.str(), Text.str(), WordFile::QuotingKind::Shell})),
        Text(File->Text) {}
  Expected<std::vector<CommandWord>> read();

private:
  Error readQuoted(char Quote);
  bool skipsDoingNothing();
  void beginWord() {
    if (!std::exchange(IsWord, true))
      Begin = At;
  }
  void endWord() {
    if (IsWord)
      Words.emplace_back(std::move(Word), File, Begin);
    Word.clear();
    IsWord = false;
  }
  Error failAt(size_t Offset, const Twine &What) {
    return errorAt(LineTable(Text).place(File->Name, Offset), What);
  }
  Error fail(const Twine &What) {
    return failAt(At, "the link command has " + What +
                          ", which only a shell can carry out; give the one "
                          "command as the build prints it");
  }

  std::shared_ptr<const WordFile> File;
  StringRef Text;
  size_t At = 0, Begin = 0; ///< Begin: of the word.
  std::vector<CommandWord> Words;
  std::string Word;
  bool IsWord = false; ///< `''` is a word, too.
};
} // namespace

Error ShellWords::readQuoted(char Quote) {
  beginWord();
  size_t Opened = At;
  for (++At; At < Text.size() && Text[At] != Quote; ++At) {
    char C = Text[At];
    if (Quote == '"' && (C == '$' || C == '`'))
      return fail("'" + Twine(C) + "' in double quotes");
    if (Quote == '"' && C == '\\' && At + 1 < Text.size() &&
        StringRef("$`\"\\\n").contains(Text[At + 1])) {
      if (Text[++At] != '\n')
        Word += Text[At];
      continue;
    }
    Word += C;
  }
  return At < Text.size() ? Error::success()
                          : failAt(Opened, "this quote is never closed");
}

/// Skips `: &&` before the command, and `&& :` behind it.
bool ShellWords::skipsDoingNothing() {
  if (Text.substr(At, 2) != "&&")
    return false;
  endWord();
  if (Words.size() == 1 && Words[0].Text == ":") {
    Words.clear();
    ++At;
    return true;
  }
  if (Text.substr(At + 2).trim() != ":")
    return false;
  At = Text.size();
  return true;
}

Expected<std::vector<CommandWord>> ShellWords::read() {
  for (; At < Text.size(); ++At) {
    char C = Text[At];
    if (C == '\'' || C == '"') {
      if (Error E = readQuoted(C))
        return E;
    } else if (C == '\\' && At + 1 < Text.size()) {
      if (Text.substr(At + 1, 2) == "\r\n")
        ++At; // The line goes on.
      if (Text[At + 1] != '\n') {
        beginWord();
        Word += Text[At + 1];
      }
      ++At;
    } else if (isSpace(C)) {
      endWord();
    } else if (C == '#' && !IsWord) {
      At = std::min(Text.find('\n', At), Text.size());
    } else if (skipsDoingNothing()) {
      continue;
    } else if (StringRef("|&;<>$`").contains(C) ||
               ((C == '(' || C == ')') && !IsWord && Words.empty())) {
      return fail("'" + Twine(C) + "'");
    } else {
      beginWord();
      Word += C;
    }
  }
  endWord();
  if (Words.empty())
    return errorIn(File->Name, "the link command is empty");
  return std::move(Words);
}

Expected<std::vector<CommandWord>> splitCommand(StringRef File,
                                                StringRef Text) {
  return ShellWords(File, Text).read();
}

} // namespace section_placement
