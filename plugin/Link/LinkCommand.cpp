//===- LinkCommand.cpp - The command line of the link we run in -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkCommand.h"
#include "LinkOptions.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/SmallString.h"
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
  static constexpr unsigned MaxDepth = 32;
  BumpPtrAllocator Arena;
  StringSaver Saver{Arena};
  bool IsWindows = false;
  unsigned Depth = 0;
};

class CommandReader {
public:
  explicit CommandReader(ArrayRef<std::string> Words) : Words(Words) {}

  LinkCommand read() {
    for (; I < Words.size(); ++I)
      readWord(Words[I]);
    if (Result.Output.empty())
      Result.Output = "a.out";
    // Libraries are searched in every -L, wherever it stands.
    for (auto &[Index, Name] : Libraries)
      Result.Inputs[Index] = findLibrary(Name);
    Result.Inputs.erase(
        std::remove(Result.Inputs.begin(), Result.Inputs.end(), ""),
        Result.Inputs.end());
    return std::move(Result);
  }

private:
  void readWord(StringRef Word) {
    if (Word.empty())
      return;
    if (Word[0] != '-' || Word == "-") {
      // `-b binary`: the bytes of a file as data, whatever they are.
      if (!IsBinary)
        Result.Inputs.push_back(Word.str());
      return;
    }
    StringRef Option = Word.drop_front();
    bool IsLong = Option.consume_front("-");
    if (takesNextWord(Option, IsLong))
      return take(Option, I + 1 < Words.size() ? Words[++I] : StringRef());
    auto [Name, Value] = Option.split('=');
    // `-o=x` is no such option: it writes `=x`.
    if (Name.size() > 1 && Name.size() < Option.size() &&
        takesNextWord(Name, IsLong))
      return take(Name, Value);
    if (!takeState(Option) && !IsLong)
      take(Option.take_front(), Option.drop_front());
  }

  /// An option that says how the following inputs are taken.
  bool takeState(StringRef Option) {
    if (Option == "static" || Option == "Bstatic" || Option == "dn" ||
        Option == "non_shared" || Option == "nmagic" || Option == "n" ||
        Option == "omagic" || Option == "N")
      IsStatic = true;
    else if (Option == "Bdynamic" || Option == "dy" || Option == "call_shared")
      IsStatic = false;
    else if (Option == "fat-lto-objects" || Option == "no-fat-lto-objects")
      Result.TakesFatBitcode = Option[0] == 'f';
    else if (Option == "push-state")
      Saved.push_back(IsStatic);
    else if (Option == "pop-state" && !Saved.empty())
      IsStatic = Saved.pop_back_val();
    else
      return Option == "long-plt"; // No library `ong-plt`.
    return true;
  }

  /// An option with its value, which was the next word or joined to it.
  void take(StringRef Name, StringRef Value) {
    if (Name == "o" || Name == "output")
      Result.Output = Value.str();
    else if (Name == "L" || Name == "library-path")
      Folders.push_back(Value.str());
    else if (Name == "l" || Name == "library")
      takeLibrary(Value);
    else if (Name == "sysroot")
      Sysroot = Value.str();
    else if (Name == "b" || Name == "format")
      IsBinary = Value == "binary";
  }

  void takeLibrary(StringRef Name) {
    Libraries.push_back({Result.Inputs.size(), {Name.str(), IsStatic}});
    Result.Inputs.emplace_back();
  }

  struct Library {
    std::string Name;
    bool IsStatic;
  };

  /// As lld's searchLibrary: in each folder the shared one before the archive.
  /// A shared one has nothing that affinity could be read from: empty, as where
  /// there is none.
  std::string findLibrary(const Library &L) {
    StringRef Name = L.Name;
    bool IsExact = Name.consume_front(":");
    for (StringRef Folder : Folders) {
      SmallString<128> Base;
      if (Folder.consume_front("="))
        Base = Sysroot;
      sys::path::append(Base, Folder);
      auto Candidate = [&](const Twine &File) {
        SmallString<128> Path = Base;
        sys::path::append(Path, File);
        return sys::fs::exists(Path) ? Path.str().str() : "";
      };
      if (!IsExact && !L.IsStatic && !Candidate("lib" + Name + ".so").empty())
        return "";
      std::string Found = Candidate(IsExact ? Name : "lib" + Name + ".a");
      if (!Found.empty())
        return Found;
    }
    return "";
  }

  ArrayRef<std::string> Words;
  size_t I = 0;
  LinkCommand Result;
  std::vector<std::string> Folders;
  std::string Sysroot;
  std::vector<std::pair<size_t, Library>> Libraries;
  bool IsStatic = false;
  SmallVector<bool, 2> Saved; ///< IsStatic at each --push-state.
  bool IsBinary = false;      ///< Not saved by it.
};
} // namespace

Expected<LinkCommand> parseLinkCommand(ArrayRef<std::string> Arguments) {
  ResponseFiles Files(Arguments);
  std::vector<std::string> Words;
  for (const std::string &Argument : Arguments)
    if (Error E = Files.expand(Argument, Words))
      return E;
  return CommandReader(Words).read();
}

} // namespace section_placement
