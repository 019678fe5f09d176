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

Expected<std::vector<std::string>> processArguments() {
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
  std::vector<std::string> Result;
  for (StringRef Word : Words)
    Result.push_back(Word.str());
  return Result;
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
  Expected<std::vector<std::string>> Words = processArguments();
  if (Words && !Words->empty())
    return hostKind(Words->front());
  consumeError(Words.takeError());
  return HostKind::Linker;
}

namespace {
/// Expands `@FILE` as lld does, which is LLVM's own way, but with errors where
/// that leaves a word as it was or prints.
class ResponseFiles {
public:
  explicit ResponseFiles(ArrayRef<std::string> Arguments) {
    for (size_t I = 0; I < Arguments.size(); ++I) {
      StringRef Word = Arguments[I];
      if (Word.consume_front("--rsp-quoting=") ||
          (Word == "--rsp-quoting" && ++I < Arguments.size()))
        IsWindows = Arguments[I].find("windows") != std::string::npos;
    }
  }

  /// Appends \p Word, or what the file that it names holds, to \p Words.
  Error expand(StringRef Word, std::vector<std::string> &Words) {
    if (Word.size() < 2 || Word[0] != '@') {
      Words.push_back(Word.str());
      return Error::success();
    }
    StringRef Path = Word.drop_front();
    if (Depth == MaxDepth)
      return plainError("the response file '" + Path + "' includes itself");
    if (Count++ == MaxFiles)
      return plainError("the response file '" + Path +
                        "' is one too many: this link has " + Twine(MaxFiles) +
                        " before it");
    // The driver removes its own file after the link, not before, so this is
    // rare; a pipe (`@<(...)`) has been read by the linker and is empty now.
    Expected<std::unique_ptr<MemoryBuffer>> Buffer =
        readInputFile(Path, MaximumTextSize);
    if (!Buffer) {
      consumeError(Buffer.takeError());
      return plainError("the response file '" + Path +
                        "' of this link cannot be read any more; set "
                        "SECTION_PLACEMENT_OUTPUT to the name of the output, "
                        "and name native objects without a wildcard");
    }
    StringRef Text = (*Buffer)->getBuffer();
    Text.consume_front("\xef\xbb\xbf"); // A byte order mark of UTF-8.
    SmallVector<const char *, 64> Inner;
    if (IsWindows)
      cl::TokenizeWindowsCommandLine(Text, Saver, Inner);
    else
      cl::TokenizeGNUCommandLine(Text, Saver, Inner);
    ++Depth;
    for (const char *InnerWord : Inner)
      if (Error E = expand(InnerWord, Words))
        return E;
    --Depth;
    return Error::success();
  }

private:
  // A file that names another twice, which does the same, doubles each time.
  static constexpr unsigned MaxDepth = 32, MaxFiles = 1000;
  BumpPtrAllocator Arena;
  StringSaver Saver{Arena};
  bool IsWindows = false;
  unsigned Depth = 0, Count = 0;
};
} // namespace

Expected<std::vector<std::string>>
expandResponseFiles(ArrayRef<std::string> Arguments) {
  ResponseFiles Files(Arguments);
  std::vector<std::string> Words;
  for (const std::string &Argument : Arguments)
    if (Error E = Files.expand(Argument, Words))
      return E;
  return Words;
}

namespace {
/// The quoting rules of POSIX sh (2.2 Quoting), without expansions.
class ShellWords {
public:
  ShellWords(StringRef File, StringRef Text) : File(File), Text(Text) {}
  Expected<std::vector<std::string>> read();

private:
  Error readQuoted(char Quote);
  void endWord() {
    if (IsWord)
      Words.push_back(std::move(Word));
    Word.clear();
    IsWord = false;
  }
  Error failAt(size_t Offset, const Twine &What) {
    return errorAt(LineTable(Text).place(File, Offset), What);
  }
  Error fail(const Twine &What) {
    return failAt(At, "the link command has " + What +
                          ", which only a shell can carry out; give the one "
                          "command as the build prints it");
  }

  StringRef File, Text;
  size_t At = 0;
  std::vector<std::string> Words;
  std::string Word;
  bool IsWord = false; ///< `''` is a word, too.
};
} // namespace

Error ShellWords::readQuoted(char Quote) {
  IsWord = true;
  size_t Begin = At;
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
                          : failAt(Begin, "this quote is never closed");
}

Expected<std::vector<std::string>> ShellWords::read() {
  for (; At < Text.size(); ++At) {
    char C = Text[At];
    if (C == '\'' || C == '"') {
      if (Error E = readQuoted(C))
        return E;
    } else if (C == '\\' && At + 1 < Text.size()) {
      if (Text[++At] != '\n') {
        IsWord = true;
        Word += Text[At];
      }
    } else if (isSpace(C)) {
      endWord();
    } else if (C == '#' && !IsWord) {
      At = std::min(Text.find('\n', At), Text.size());
    } else if (StringRef("|&;<>$`").contains(C) ||
               ((C == '(' || C == ')') && !IsWord && Words.empty())) {
      return fail("'" + Twine(C) + "'");
    } else {
      IsWord = true;
      Word += C;
    }
  }
  endWord();
  return std::move(Words);
}

Expected<std::vector<std::string>> splitCommand(StringRef File,
                                                StringRef Text) {
  return ShellWords(File, Text).read();
}

} // namespace section_placement
