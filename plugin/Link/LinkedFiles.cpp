//===- LinkedFiles.cpp - Which files a link takes in ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkedFiles.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/LTO/LTO.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Object/IRSymtab.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// What the linker knows of a name so far.
struct NameState {
  enum class Kind : uint8_t {
    New,
    Undefined,
    UndefinedWeak, ///< All references are weak.
    Lazy,          ///< File would define it.
    Common,
    Weak,
    Strong,
    Shared,
  };
  Kind What = Kind::New;
  uint32_t File = 0;
  bool IsHidden = false; ///< No shared library may define it.
};

struct FileSymbol {
  enum class Kind : uint8_t { Undefined, Common, Defined };
  StringMapEntry<NameState> *Name;
  Kind What;
  bool IsWeak, IsHidden;
};

struct SymbolFile {
  std::string Key;
  std::string Triple;
  std::vector<FileSymbol> Symbols; ///< Definitions first.
  bool IsLazy = false, IsShared = false, IsBitcode = false;
};

class SymbolResolver {
public:
  explicit SymbolResolver(const LinkFacts &Link) : Link(Link) {}
  Error readFiles();
  void resolve();

  std::vector<SymbolFile> Files;

private:
  using State = NameState::Kind;
  /// A file at hand: up to which symbol it has been resolved.
  struct Position {
    uint32_t File;
    size_t Next;
    bool IsLazy;
  };

  Error add(const InputFile &Input, const ResolvedFile &Given);
  Error addElf(MemoryBufferRef Bytes, SymbolFile &Into);
  Error addBitcode(MemoryBufferRef Bytes, SymbolFile &Into);
  void addSymbol(SymbolFile &Into, StringRef Name, FileSymbol::Kind What,
                 bool IsWeak, bool IsHidden) {
    (What == FileSymbol::Kind::Undefined ? References : Into.Symbols)
        .push_back({&*Names.try_emplace(Name).first, What, IsWeak, IsHidden});
  }
  void extract(uint32_t File);
  void finishStack();
  void step(uint32_t File, const FileSymbol &S);
  void enterLazy(uint32_t File, const FileSymbol &S);
  void refer(NameState &To, bool IsWeak, bool IsHidden, bool IsOfShared);
  void refer(StringRef Name) {
    refer(Names[Name], /*IsWeak=*/false, /*IsHidden=*/false,
          /*IsOfShared=*/false);
    finishStack();
  }
  void referWrapped();
  void referRuntimeCalls();

  const LinkFacts &Link;
  InputWalker Walker;
  StringMap<NameState> Names;
  std::vector<FileSymbol> References; ///< Of the file that is read.
  std::vector<Position> Stack; ///< In place of recursion: chains are long.
};
} // namespace

static std::string keyOf(const InputName &Name, uint64_t Offset) {
  std::string Key = relativeToCurrentFolder(Name.File);
  return Name.Member.empty() ? Key : Key + ":" + std::to_string(Offset);
}

Error SymbolResolver::addElf(MemoryBufferRef Bytes, SymbolFile &Into) {
  Expected<std::unique_ptr<object::ObjectFile>> File =
      object::ObjectFile::createELFObjectFile(Bytes);
  if (!File)
    return File.takeError();
  const auto &Elf = cast<object::ELFObjectFileBase>(**File);
  auto Symbols =
      Into.IsShared
          ? Elf.getDynamicSymbolIterators()
          : object::ELFObjectFileBase::elf_symbol_iterator_range(Elf.symbols());
  for (const object::ELFSymbolRef &S : Symbols) {
    Expected<uint32_t> Flags = S.getFlags();
    if (!Flags)
      return Flags.takeError();
    if (!(*Flags & object::SymbolRef::SF_Global))
      continue;
    Expected<StringRef> Name = S.getName();
    if (!Name)
      return Name.takeError();
    addSymbol(
        Into, *Name,
        *Flags & object::SymbolRef::SF_Undefined ? FileSymbol::Kind::Undefined
        : *Flags & object::SymbolRef::SF_Common  ? FileSymbol::Kind::Common
                                                 : FileSymbol::Kind::Defined,
        *Flags & object::SymbolRef::SF_Weak,
        (S.getOther() & 3) != ELF::STV_DEFAULT);
  }
  return Error::success();
}

/// As LTO's InputFile: the symbols that linkers see.
Error SymbolResolver::addBitcode(MemoryBufferRef Bytes, SymbolFile &Into) {
  Expected<object::IRSymtabFile> File = object::readIRSymtab(Bytes);
  if (!File)
    return File.takeError();
  Into.IsBitcode = true;
  Into.Triple = File->TheReader.getTargetTriple().str();
  for (const irsymtab::Reader::SymbolRef &S : File->TheReader.symbols())
    if (S.isGlobal() && !S.isFormatSpecific())
      addSymbol(Into, S.getName(),
                S.isUndefined() ? FileSymbol::Kind::Undefined
                : S.isCommon()  ? FileSymbol::Kind::Common
                                : FileSymbol::Kind::Defined,
                S.isWeak(),
                S.getVisibility() != GlobalValue::DefaultVisibility);
  return Error::success();
}

Error SymbolResolver::add(const InputFile &Input, const ResolvedFile &Given) {
  SymbolFile New;
  New.Key = keyOf(Input.Name, Input.Offset);
  New.IsLazy = Given.IsLazy || (Input.isMember() && !Given.IsWhole);
  MemoryBufferRef Bytes = Input.Bytes;
  switch (Input.Kind) {
  case InputKind::SlimGCC:
    return plainError(explainSlimGCC());
  case InputKind::Archive:
  case InputKind::Other: // A linker script, or no code.
    return Error::success();
  case InputKind::Linked:
    if (Input.isMember())
      return Error::success();
    New.IsShared = true;
    New.IsLazy = false;
    break;
  case InputKind::Fat:
    if (!Link.TakesFatBitcode)
      break;
    if (auto Found = object::IRObjectFile::findBitcodeInMemBuffer(Bytes))
      Bytes = *Found;
    else
      return Found.takeError();
    if (Error E = addBitcode(Bytes, New))
      return E;
    break;
  case InputKind::Bitcode:
    if (Error E = addBitcode(Bytes, New))
      return E;
    break;
  case InputKind::Native:
    break;
  }
  if (!New.IsBitcode)
    if (Error E = addElf(Bytes, New))
      return E;
  append_range(New.Symbols, References);
  References.clear();
  Files.push_back(std::move(New));
  return Error::success();
}

Error SymbolResolver::readFiles() {
  for (const ResolvedFile &Given : Link.Resolved)
    if (Error E = Walker.visit(Given.Path, [&](const InputFile &Input) {
          return add(Input, Given);
        }))
      return errorReading(Walker.at(), std::move(E));
  return Error::success();
}

void SymbolResolver::extract(uint32_t File) {
  if (!Files[File].IsLazy)
    return;
  Files[File].IsLazy = false;
  Stack.push_back({File, 0, false});
}

void SymbolResolver::refer(NameState &To, bool IsWeak, bool IsHidden,
                           bool IsOfShared) {
  To.IsHidden |= IsHidden;
  if (To.What == State::New || (To.What == State::Shared && IsHidden))
    To.What = IsWeak ? State::UndefinedWeak : State::Undefined;
  else if (To.What == State::Lazy && !IsWeak)
    extract(To.File);
  else if (To.What == State::UndefinedWeak && !IsWeak && !IsOfShared)
    To.What = State::Undefined;
}

void SymbolResolver::enterLazy(uint32_t File, const FileSymbol &S) {
  NameState &N = S.Name->getValue();
  switch (N.What) {
  case State::New:
  case State::UndefinedWeak:
    N.What = State::Lazy;
    N.File = File;
    return;
  case State::Common: // --fortran-common: a definition is looked for.
    if (S.What == FileSymbol::Kind::Defined)
      extract(File);
    return;
  case State::Undefined:
    extract(File);
    return;
  case State::Lazy:
  case State::Weak:
  case State::Strong:
  case State::Shared:
    return;
  }
}

void SymbolResolver::step(uint32_t File, const FileSymbol &S) {
  NameState &N = S.Name->getValue();
  bool IsShared = Files[File].IsShared;
  if (S.What == FileSymbol::Kind::Undefined)
    return refer(N, S.IsWeak, !IsShared && S.IsHidden, IsShared);
  if (IsShared) {
    bool IsOpen = N.What == State::Undefined || N.What == State::Lazy ||
                  N.What == State::UndefinedWeak;
    if (N.What == State::New || (IsOpen && !N.IsHidden))
      N.What = State::Shared;
    return;
  }
  N.IsHidden |= S.IsHidden;
  if (S.What == FileSymbol::Kind::Common) {
    if (N.What != State::Strong)
      N.What = State::Common;
    return;
  }
  if (!S.IsWeak)
    N.What = State::Strong;
  else if (N.What != State::Strong && N.What != State::Common)
    N.What = State::Weak;
}

void SymbolResolver::finishStack() {
  while (!Stack.empty()) {
    Position &At = Stack.back();
    const SymbolFile &File = Files[At.File];
    bool IsDone =
        At.Next == File.Symbols.size() ||
        (At.IsLazy && (!File.IsLazy || File.Symbols[At.Next].What ==
                                           FileSymbol::Kind::Undefined));
    if (IsDone) {
      Stack.pop_back();
      continue;
    }
    uint32_t Index = At.File;
    const FileSymbol &S = File.Symbols[At.Next++];
    At.IsLazy ? enterLazy(Index, S) : step(Index, S); // At is gone.
  }
}

/// --wrap asks for what takes the place of a name, and for what __real_ means.
void SymbolResolver::referWrapped() {
  auto IsKnown = [&](const std::string &Name) {
    auto Found = Names.find(Name);
    return Found != Names.end() && Found->second.What != State::New;
  };
  for (const std::string &Name : Link.Wrapped) {
    if (!IsKnown(Name))
      continue;
    refer("__wrap_" + Name);
    if (IsKnown("__real_" + Name))
      refer(Name);
  }
}

void SymbolResolver::referRuntimeCalls() {
  auto Linked = find_if(Files, [](const SymbolFile &File) {
    return File.IsBitcode && !File.IsLazy;
  });
  if (Linked == Files.end())
    return;
  for (const char *Name :
       compat::runtimeCallsOf<lto::LTO>(Triple(Linked->Triple)))
    if (auto Found = Names.find(Name);
        Found != Names.end() && Found->second.What == State::Lazy) {
      extract(Found->second.File);
      finishStack();
    }
}

void SymbolResolver::resolve() {
  for (const SymbolPattern &Kept : Link.Script.Kept)
    if (Kept.IsExact)
      refer(Kept.Text);
  for (const MadeSymbol &Made : Link.Script.Symbols)
    if (!Made.Target.empty())
      refer(Made.Target);
  for (uint32_t I = 0; I < Files.size(); ++I) {
    Stack.push_back({I, 0, Files[I].IsLazy});
    finishStack();
  }
  std::vector<uint32_t> Asked;
  for (const SymbolPattern &Kept : Link.Script.Kept) {
    if (Kept.IsExact)
      continue;
    if (Expected<GlobPattern> Glob = GlobPattern::create(Kept.Text)) {
      for (const auto &Name : Names)
        if (Name.second.What == State::Lazy && Glob->match(Name.getKey()))
          Asked.push_back(Name.second.File);
    } else {
      consumeError(Glob.takeError());
    }
  }
  llvm::sort(Asked);
  for (uint32_t File : Asked) {
    extract(File);
    finishStack();
  }
  referWrapped();
  referRuntimeCalls();
}

Expected<LinkedFiles> LinkedFiles::read(const LinkFacts &Link) {
  SymbolResolver Resolver(Link);
  if (Error E = Resolver.readFiles())
    return E;
  Resolver.resolve();
  LinkedFiles Result;
  for (const SymbolFile &File : Resolver.Files)
    if (File.IsLazy)
      Result.LeftOut.insert(File.Key);
  for (const SymbolFile &File : Resolver.Files) {
    if (File.IsLazy)
      continue;
    Result.LeftOut.erase(File.Key); // The same file, given twice.
    for (const FileSymbol &S : File.Symbols)
      if (!File.IsBitcode && S.What == FileSymbol::Kind::Undefined)
        Result.References.insert(S.Name->getKey());
  }
  return Result;
}

bool LinkedFiles::contains(const InputName &Name, uint64_t Offset) const {
  return !LeftOut.count(keyOf(Name, Offset));
}

} // namespace section_placement
