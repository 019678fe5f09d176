//===- ObjectScan.cpp - The objects that a policy is suggested for --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/ObjectScan.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/CrashRecoveryContext.h"

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

Error ObjectScan::add(const InputFile &Input) {
  // A policy names a member of a thin archive best as the file that it is.
  std::string Name =
      Input.IsThin ? relativeToCurrentFolder(Input.Path) : Input.Name.str();
  if (Input.IsThin)
    for (const std::string &Spelling : Input.spellings())
      ThinMembers.try_emplace(Spelling, Name);
  if (Input.Kind == InputKind::Bitcode) {
    Bitcodes.push_back({std::move(Name), Input.Bytes});
    return Error::success();
  }
  if (Input.Kind == InputKind::SlimGCC) {
    OfGCC.push_back(std::move(Name));
    return Error::success();
  }
  if (!Input.isElf())
    return Input.isMember() ? Error::success()
                            : plainError("is neither bitcode nor a relocatable "
                                         "ELF object nor an archive");
  // One object twice, as itself and in a thin archive, is one object; two
  // members of one name are two.
  if (Name.back() != ')' && !Known.insert(Name).second)
    return Error::success();
  if (Error E = Facts.add(Input.Bytes, Name))
    return E;
  Natives.push_back({std::move(Name), Input.Bytes});
  return Error::success();
}

Error ObjectScan::read(ArrayRef<std::string> Paths,
                       function_ref<void(StringRef)> OnFile) {
  if (Error E = Files.visitAll(
          Paths, [&](const InputFile &Input) { return add(Input); }, OnFile))
    return E;
  Facts.finish();
  return Error::success();
}

/// Native code is among the facts already; here it is only told from data.
static Error findData(MemoryBufferRef Bytes, StringMap<unsigned> &Wanted) {
  Expected<ElfFile> File = ElfFile::read(Bytes);
  if (!File)
    return File.takeError();
  for (const ElfSymbol &S : File->symbols()) {
    if (S.isUndefined() || S.IsLocal)
      continue;
    bool IsData =
        S.Type == ELF::STT_OBJECT || S.Type == ELF::STT_TLS ||
        S.Home == ElfHome::Common ||
        // What has no type is known by its section.
        (S.Home == ElfHome::Section && !File->sections()[S.Section].isCode());
    auto Found = Wanted.find(S.Name);
    if (IsData && Found != Wanted.end())
      Found->second |= DefinedAsData;
  }
  return Error::success();
}

ObjectScan::Writer ObjectScan::writerOf(StringRef Name) const {
  auto Found =
      find_if(Natives, [&](const File &Native) { return Native.Name == Name; });
  if (Found == Natives.end())
    return Writer::Unknown;
  // Damage was reported when the object was read.
  auto Object = expectedToOptional(ElfFile::read(Found->Bytes));
  if (!Object)
    return Writer::Unknown;
  bool HasComment = false;
  for (uint32_t I = 0; I < Object->sections().size(); ++I)
    if (Object->sections()[I].Name == ".comment")
      if (auto Text = expectedToOptional(Object->contents(I))) {
        if (toStringRef(*Text).contains("Linker: "))
          return Writer::PartialLink;
        HasComment = true;
      }
  size_t FileSymbols = count_if(Object->symbols(), [](const ElfSymbol &S) {
    return S.Type == ELF::STT_FILE;
  });
  return FileSymbols > 1 ? Writer::PartialLink
         : HasComment    ? Writer::Compiler
                         : Writer::Unknown;
}

static Error findInBitcode(MemoryBufferRef Bytes, StringMap<unsigned> &Wanted) {
  Expected<IRSymtabFile> File = readIRSymtab(Bytes);
  if (!File)
    return File.takeError();
  for (const auto &Symbol : File->TheReader.symbols()) {
    auto Found = Wanted.find(Symbol.getName());
    if (Found == Wanted.end() || Symbol.isUndefined())
      continue;
    // Symbols of module asm have no IR name, and are native code to a policy.
    bool IsFunction = Symbol.isExecutable() && !Symbol.getIRName().empty();
    Found->second |= IsFunction              ? DefinedAsBitcodeFunction
                     : Symbol.isExecutable() ? DefinedAsNativeCode
                                             : DefinedAsData;
    if (Symbol.isGlobal() &&
        Symbol.getVisibility() == GlobalValue::DefaultVisibility)
      Found->second |= DefinedForOthers;
    if (Symbol.isWeak())
      Found->second |= DefinedWeakly;
  }
  return Error::success();
}

/// LLVM trusts bitcode: where a file is damaged its reader may end the process
/// rather than give an Error. In a recovery context it ends only itself.
static Error findInBitcodeSafely(MemoryBufferRef Bytes,
                                 StringMap<unsigned> &Wanted) {
  std::string Fault;
  CrashRecoveryContext::Enable();
  bool IsDone = CrashRecoveryContext().RunSafely([&] {
    if (Error E = findInBitcode(Bytes, Wanted))
      Fault = whyUnreadable(std::move(E));
  });
  CrashRecoveryContext::Disable();
  if (!IsDone)
    Fault = "is damaged bitcode: LLVM's reader fails on it";
  return Fault.empty() ? Error::success() : plainError(Fault);
}

/// LLVM trusts bitcode: where a file is damaged its reader may end the process
/// rather than give an Error. In a recovery context it ends only itself.
/// \p Next is the number of the next module.
static Error visitModules(MemoryBufferRef Bytes, size_t &Next,
                          function_ref<Error(Module &, size_t)> Visit,
                          function_ref<bool(size_t)> IsWanted) {
  Error Result = Error::success();
  CrashRecoveryContext::Enable();
  bool IsDone = CrashRecoveryContext().RunSafely([&] {
    LLVMContext Context;
    Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(Bytes);
    if (!Parts) {
      Result = joinErrors(std::move(Result), Parts.takeError());
      return;
    }
    for (BitcodeModule &Part : *Parts) {
      size_t Number = Next++;
      if (IsWanted && !IsWanted(Number))
        continue;
      Expected<std::unique_ptr<Module>> M = Part.parseModule(Context);
      Error E = M ? Visit(**M, Number) : M.takeError();
      if (E) {
        Result = joinErrors(std::move(Result), std::move(E));
        return;
      }
    }
  });
  CrashRecoveryContext::Disable();
  if (!IsDone)
    return joinErrors(std::move(Result),
                      plainError("is damaged bitcode: LLVM's reader fails on "
                                 "it"));
  return Result;
}

Error ObjectScan::forEachModule(
    function_ref<Error(Module &, StringRef, size_t)> Visit,
    function_ref<bool(size_t)> IsWanted) const {
  size_t Next = 0;
  for (const File &Bitcode : Bitcodes) {
    auto VisitOne = [&](Module &M, size_t Number) {
      return Visit(M, Bitcode.Name, Number);
    };
    if (Error E = visitModules(Bitcode.Bytes, Next, VisitOne, IsWanted))
      return errorReading(Bitcode.Name, std::move(E));
  }
  return Error::success();
}

void ObjectScan::forEachCodeSection(
    function_ref<void(StringRef Object, const ElfSection &S)> Visit) const {
  for (const File &Native : Natives)
    // Damage was reported when the object was read.
    if (auto Elf = expectedToOptional(ElfFile::read(Native.Bytes)))
      for (const ElfSection &S : Elf->sections())
        if (S.isCode() && S.Size)
          Visit(Native.Name, S);
}

StringRef ObjectScan::nameOf(StringRef Name) const {
  auto Found = ThinMembers.find(Name);
  return Found == ThinMembers.end() ? Name : StringRef(Found->second);
}

Error ObjectScan::findDefinitions(StringMap<unsigned> &Wanted,
                                  const StringSet<> &Ignored) const {
  for (auto &Entry : Wanted)
    for (uint32_t I : Facts.symbolsNamed(Entry.getKey()))
      if (!Facts.Symbols[I].IsLocal && !Ignored.count(Facts.Symbols[I].Object))
        Entry.second |= DefinedAsNativeCode;
  for (const File &Native : Natives)
    if (!Ignored.count(Native.Name))
      if (Error E = findData(Native.Bytes, Wanted))
        return errorReading(Native.Name, std::move(E));
  for (const File &Bitcode : Bitcodes)
    if (Error E = findInBitcodeSafely(Bitcode.Bytes, Wanted))
      return errorReading(Bitcode.Name, std::move(E));
  return Error::success();
}

} // namespace section_placement
