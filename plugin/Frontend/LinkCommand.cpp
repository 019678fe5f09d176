//===- LinkCommand.cpp - The command line of the link we run in -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Frontend/LinkCommand.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
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

/// Options of ELF linkers whose value is the next word, which is then no input
/// (an old output, a script, a map). From lld/ELF/Options.td, and the ones of
/// GNU ld that lld takes and ignores. With one dash or two, except one letter.
static const StringRef SeparateValue[] = {
    "o",
    "output",
    "m",
    "L",
    "library-path",
    "T",
    "script",
    "e",
    "entry",
    "u",
    "undefined",
    "y",
    "trace-symbol",
    "z",
    "I",
    "dynamic-linker",
    "rpath",
    "R",
    "rpath-link",
    "soname",
    "h",
    "Map",
    "version-script",
    "dynamic-list",
    "mllvm",
    "plugin",
    "plugin-opt",
    "b",
    "format",
    "oformat",
    "f",
    "F",
    "auxiliary",
    "filter",
    "defsym",
    "image-base",
    "Ttext",
    "Tdata",
    "Tbss",
    "section-start",
    "sort-section",
    "sysroot",
    "wrap",
    "exclude-libs",
    "init",
    "fini",
    "just-symbols",
    "retain-symbols-file",
    "symbol-ordering-file",
    "reproduce",
    "lto-sample-profile",
    "load-pass-plugin",
    "chroot",
    "export-dynamic-symbol",
    "export-dynamic-symbol-list",
    "default-script",
    "dT",
    "hash-style",
    "pack-dyn-relocs",
    "dependency-file",
    "threads",
    "thinlto-cache-dir",
    "undefined-glob",
    "a",
    "A",
    "assert",
    "G",
    "c",
};

static bool takesNextWord(StringRef Option) {
  return is_contained(SeparateValue, Option);
}

namespace {
class CommandReader {
public:
  explicit CommandReader(ArrayRef<const char *> Words) : Words(Words) {}

  LinkCommand read() {
    for (; I < Words.size(); ++I)
      readWord(Words[I]);
    if (Result.Output.empty())
      Result.Output = "a.out";
    // Libraries are searched in every -L, wherever it stands.
    for (auto &[Index, Name] : Libraries)
      if (std::string Found = findLibrary(Name); !Found.empty())
        Result.Inputs[Index] = Found;
    Result.Inputs.erase(
        std::remove(Result.Inputs.begin(), Result.Inputs.end(), ""),
        Result.Inputs.end());
    return std::move(Result);
  }

private:
  void readWord(StringRef Word) {
    if (Word.empty() || Word[0] != '-' || Word == "-") {
      Result.Inputs.push_back(Word.str());
      return;
    }
    StringRef Option = Word.drop_front();
    bool IsLong = Option.consume_front("-");
    if (takesNextWord(Option)) {
      StringRef Value = I + 1 < Words.size() ? Words[++I] : "";
      take(Option, Value);
      return;
    }
    auto [Name, Value] = Option.split('=');
    if (Name.size() < Option.size() && takesNextWord(Name) && Name.size() > 1) {
      take(Name, Value);
      return;
    }
    if (Option == "static" || Option == "Bstatic" || Option == "dn" ||
        Option == "non_shared")
      IsStatic = true;
    else if (Option == "Bdynamic" || Option == "dy" || Option == "call_shared")
      IsStatic = false;
    else if (!IsLong)
      takeJoined(Option);
    else if (Option.consume_front("library="))
      takeLibrary(Option);
    else if (Option == "library" && I + 1 < Words.size())
      takeLibrary(Words[++I]);
  }

  void take(StringRef Name, StringRef Value) {
    if (Name == "o" || Name == "output")
      Result.Output = Value.str();
    else if (Name == "L" || Name == "library-path")
      Folders.push_back(Value.str());
    else if (Name == "sysroot")
      Sysroot = Value.str();
  }

  /// `-oFILE`, `-LDIR`, `-lNAME`.
  void takeJoined(StringRef Option) {
    StringRef Value = Option.drop_front();
    if (Option[0] == 'o' && !Value.empty() &&
        Option.take_front(7) != "oformat" && Option.take_front(10) != "omagic")
      Result.Output = Value.str();
    else if (Option[0] == 'L')
      Folders.push_back(Value.str());
    else if (Option[0] == 'l' && Value.empty() && I + 1 < Words.size())
      takeLibrary(Words[++I]);
    else if (Option[0] == 'l' && Option.take_front(3) != "lto")
      takeLibrary(Value);
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
  /// A shared one has nothing that affinity could be read from.
  std::string findLibrary(const Library &L) {
    StringRef Name = L.Name;
    bool IsExact = Name.consume_front(":");
    for (StringRef Folder : Folders) {
      SmallString<128> Base;
      if (Folder.consume_front("=") || Folder.consume_front("$SYSROOT"))
        Base = Sysroot;
      Base += Folder;
      auto Candidate = [&](const Twine &File) {
        SmallString<128> Path = Base;
        sys::path::append(Path, File);
        return Path.str().str();
      };
      if (IsExact) {
        if (std::string Path = Candidate(Name); sys::fs::exists(Path))
          return Path;
        continue;
      }
      if (!L.IsStatic && sys::fs::exists(Candidate("lib" + Name + ".so")))
        return "";
      if (std::string Path = Candidate("lib" + Name + ".a");
          sys::fs::exists(Path))
        return Path;
    }
    return "";
  }

  ArrayRef<const char *> Words;
  size_t I = 0;
  LinkCommand Result;
  std::vector<std::string> Folders;
  std::string Sysroot;
  std::vector<std::pair<size_t, Library>> Libraries;
  bool IsStatic = false;
};
} // namespace

Expected<LinkCommand> parseLinkCommand(ArrayRef<std::string> Arguments) {
  BumpPtrAllocator Arena;
  StringSaver Saver(Arena);
  SmallVector<const char *, 64> Words;
  for (const std::string &Argument : Arguments)
    Words.push_back(Saver.save(Argument).data());
  cl::ExpandResponseFiles(Saver, cl::TokenizeGNUCommandLine, Words);
  // What could not be read stays as it was. The driver removes its own file
  // after the link, not before, so this is rare and must not go unsaid.
  for (StringRef Word : Words)
    if (Word.size() > 1 && Word[0] == '@' && !sys::fs::exists(Word))
      return plainError("the response file '" + Word.drop_front() +
                        "' of this link cannot be read any more; set "
                        "SECTION_PLACEMENT_OUTPUT to the name of the output, "
                        "and name native objects without a wildcard");
  return CommandReader(Words).read();
}

} // namespace section_placement
