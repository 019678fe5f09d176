//===- ObjectScan.cpp - The objects that a policy is suggested for --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/ObjectScan.h"
#include "section-placement/Objects/ArchiveMember.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ELFTypes.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

ObjectScan::ObjectScan() = default;
ObjectScan::~ObjectScan() = default;

Expected<MemoryBufferRef> ObjectScan::open(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return plainError("cannot be read: " + Buffer.getError().message());
  Buffers.push_back(std::move(*Buffer));
  return Buffers.back()->getMemBufferRef();
}

/// A path as a policy names it.
static std::string policyName(StringRef Path) {
  SmallString<128> Clean(relativeToCurrentFolder(Path));
  sys::path::remove_dots(Clean);
  return Clean.str().str();
}

Error ObjectScan::add(const std::string &Name, MemoryBufferRef Bytes,
                      bool IsMember) {
  switch (identify_magic(Bytes.getBuffer())) {
  case file_magic::bitcode:
    Bitcodes.push_back({Name, Bytes});
    return Error::success();
  case file_magic::elf:
  case file_magic::elf_relocatable:
  case file_magic::elf_executable:
  case file_magic::elf_shared_object:
  case file_magic::elf_core:
    break;
  default:
    return IsMember ? Error::success()
                    : plainError("is neither bitcode nor a relocatable ELF "
                                 "object nor an archive");
  }
  // One object twice, as itself and in a thin archive, is one object; two
  // members of one name are two.
  if (Name.back() != ')' && !Known.insert(Name).second)
    return Error::success();
  if (Error E = Facts.add(Bytes, Name))
    return E;
  Natives.push_back({Name, Bytes});
  return Error::success();
}

Error ObjectScan::readArchive(StringRef Path, MemoryBufferRef Bytes) {
  Expected<std::unique_ptr<Archive>> Opened = Archive::create(Bytes);
  if (!Opened)
    return errorReading(Path, Opened.takeError());
  Archives.push_back(std::move(*Opened));
  const Archive &A = *Archives.back();
  std::string ArchiveName = policyName(Path);
  Error Broken = Error::success();
  for (const Archive::Child &Member : A.children(Broken)) {
    auto Fail = [&](StringRef Where, Error Cause) {
      return joinErrors(std::move(Broken),
                        errorReading(Where, std::move(Cause)));
    };
    if (Error Cut = checkMember(A, Member))
      return Fail(Path, std::move(Cut));
    Expected<std::string> Name = Member.getFullName();
    if (!Name)
      return Fail(Path, Name.takeError());
    std::string Called =
        A.isThin() ? policyName(*Name)
                   : ArchiveName + "(" + sys::path::filename(*Name).str() + ")";
    if (Expected<StringRef> Stored = Member.getName(); !Stored)
      return Fail(Path, Stored.takeError());
    else if (A.isThin())
      ThinMembers[(Path + "(" + *Stored + ")").str()] = Called;
    if (OnFile)
      OnFile(Called);
    // LLVM's own reader of a thin member keeps it for as long as the archive
    // lives, and names no file where it fails.
    Expected<MemoryBufferRef> Contents =
        A.isThin() ? open(*Name) : Member.getMemoryBufferRef();
    if (!Contents)
      return Fail(Called, Contents.takeError());
    if (Error E = add(Called, *Contents, /*IsMember=*/true))
      return Fail(Called, std::move(E));
  }
  return Broken ? errorReading(Path, std::move(Broken)) : Error::success();
}

Error ObjectScan::readFile(StringRef Path) {
  if (OnFile)
    OnFile(Path);
  Expected<MemoryBufferRef> Bytes = open(Path);
  if (!Bytes)
    return errorReading(Path, Bytes.takeError());
  if (identify_magic(Bytes->getBuffer()) == file_magic::archive)
    return readArchive(Path, *Bytes);
  if (Error E = add(policyName(Path), *Bytes, /*IsMember=*/false))
    return errorReading(Path, std::move(E));
  return Error::success();
}

Error ObjectScan::read(ArrayRef<std::string> Files,
                       function_ref<void(StringRef)> Listener) {
  OnFile = Listener;
  for (const std::string &File : Files)
    if (Error E = readFile(File))
      return E;
  OnFile = nullptr;
  Facts.finish();
  return Error::success();
}

/// Native code is among the facts already; here it is only told from data.
template <class ELFT>
static Error findData(StringRef Bytes, StringMap<unsigned> &Wanted) {
  Expected<ELFFile<ELFT>> File = ELFFile<ELFT>::create(Bytes);
  if (!File)
    return File.takeError();
  auto Sections = File->sections();
  if (!Sections)
    return Sections.takeError();
  for (const typename ELFT::Shdr &Table : *Sections) {
    if (Table.sh_type != ELF::SHT_SYMTAB)
      continue;
    auto Symbols = File->symbols(&Table);
    Expected<StringRef> Strings = File->getStringTableForSymtab(Table);
    if (!Symbols || !Strings)
      return joinErrors(Symbols.takeError(), Strings.takeError());
    for (const typename ELFT::Sym &Symbol : *Symbols) {
      bool IsData = Symbol.getType() == ELF::STT_OBJECT ||
                    Symbol.getType() == ELF::STT_TLS ||
                    Symbol.st_shndx == ELF::SHN_COMMON;
      if (Symbol.st_shndx == ELF::SHN_UNDEF ||
          Symbol.getBinding() == ELF::STB_LOCAL)
        continue;
      // What has no type is known by its section.
      if (!IsData && Symbol.st_shndx < Sections->size())
        IsData = !((*Sections)[Symbol.st_shndx].sh_flags & ELF::SHF_EXECINSTR);
      Expected<StringRef> Name = Symbol.getName(*Strings);
      if (!Name)
        return Name.takeError();
      auto Found = Wanted.find(*Name);
      if (IsData && Found != Wanted.end())
        Found->second |= DefinedAsData;
    }
  }
  return Error::success();
}

static Error findDataOfAny(StringRef Bytes, StringMap<unsigned> &Wanted) {
  auto [Class, Data] = getElfArchType(Bytes);
  bool IsLittle = Data == ELF::ELFDATA2LSB;
  if (Class == ELF::ELFCLASS64)
    return IsLittle ? findData<ELF64LE>(Bytes, Wanted)
                    : findData<ELF64BE>(Bytes, Wanted);
  return IsLittle ? findData<ELF32LE>(Bytes, Wanted)
                  : findData<ELF32BE>(Bytes, Wanted);
}

/// Damage was reported when the object was read.
template <class ELFT> static ObjectScan::Writer findWriter(StringRef Bytes) {
  using Writer = ObjectScan::Writer;
  auto File = expectedToOptional(ELFFile<ELFT>::create(Bytes));
  if (!File)
    return Writer::Unknown;
  auto Sections = expectedToOptional(File->sections());
  if (!Sections)
    return Writer::Unknown;
  unsigned FileSymbols = 0;
  bool HasComment = false;
  for (const typename ELFT::Shdr &Section : *Sections) {
    auto Name = expectedToOptional(File->getSectionName(Section));
    if (Name && *Name == ".comment")
      if (auto Text = expectedToOptional(File->getSectionContents(Section))) {
        if (toStringRef(*Text).contains("Linker: "))
          return Writer::PartialLink;
        HasComment = true;
      }
    if (Section.sh_type == ELF::SHT_SYMTAB)
      if (auto Symbols = expectedToOptional(File->symbols(&Section)))
        FileSymbols += count_if(*Symbols, [](const typename ELFT::Sym &S) {
          return S.getType() == ELF::STT_FILE;
        });
  }
  return FileSymbols > 1 ? Writer::PartialLink
         : HasComment    ? Writer::Compiler
                         : Writer::Unknown;
}

StringRef ObjectScan::nameOf(StringRef Name) const {
  auto Found = ThinMembers.find(Name);
  return Found == ThinMembers.end() ? Name : StringRef(Found->second);
}

ObjectScan::Writer ObjectScan::writerOf(StringRef Name) const {
  for (const File &Native : Natives) {
    if (Native.Name != Name)
      continue;
    StringRef Bytes = Native.Bytes.getBuffer();
    auto [Class, Data] = getElfArchType(Bytes);
    bool IsLittle = Data == ELF::ELFDATA2LSB;
    if (Class == ELF::ELFCLASS64)
      return IsLittle ? findWriter<ELF64LE>(Bytes) : findWriter<ELF64BE>(Bytes);
    return IsLittle ? findWriter<ELF32LE>(Bytes) : findWriter<ELF32BE>(Bytes);
  }
  return Writer::Unknown;
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
static Error visitModules(MemoryBufferRef Bytes,
                          function_ref<Error(Module &)> Visit) {
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
      Expected<std::unique_ptr<Module>> M = Part.parseModule(Context);
      Error E = M ? Visit(**M) : M.takeError();
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
    function_ref<Error(Module &, StringRef)> Visit) const {
  for (const File &Bitcode : Bitcodes) {
    auto VisitOne = [&](Module &M) { return Visit(M, Bitcode.Name); };
    if (Error E = visitModules(Bitcode.Bytes, VisitOne))
      return errorReading(Bitcode.Name, std::move(E));
  }
  return Error::success();
}

CodeBytes ObjectScan::codeBytesFrom(StringRef Object, StringRef Section) const {
  CodeBytes Sum;
  bool IsBehind =
      none_of(Natives, [&](const File &F) { return F.Name == Object; });
  for (const File &Native : Natives) {
    IsBehind |= Native.Name == Object;
    if (!IsBehind)
      continue;
    // Damage was reported when the object was read.
    auto File = expectedToOptional(
        object::ObjectFile::createELFObjectFile(Native.Bytes));
    if (!File)
      continue;
    for (const SectionRef &S : (*File)->sections()) {
      auto Name = expectedToOptional(S.getName());
      if (Name && *Name == Section && S.isText())
        (Native.Name.back() == ')' ? Sum.Maybe : Sum.Linked) += S.getSize();
    }
  }
  return Sum;
}

Error ObjectScan::findDefinitions(StringMap<unsigned> &Wanted,
                                  const StringSet<> &Ignored) const {
  for (auto &Entry : Wanted)
    for (uint32_t I : Facts.symbolsNamed(Entry.getKey()))
      if (!Facts.Symbols[I].IsLocal && !Ignored.count(Facts.Symbols[I].Object))
        Entry.second |= DefinedAsNativeCode;
  for (const File &Native : Natives)
    if (!Ignored.count(Native.Name))
      if (Error E = findDataOfAny(Native.Bytes.getBuffer(), Wanted))
        return errorReading(Native.Name, std::move(E));
  for (const File &Bitcode : Bitcodes)
    if (Error E = findInBitcodeSafely(Bitcode.Bytes, Wanted))
      return errorReading(Bitcode.Name, std::move(E));
  return Error::success();
}

} // namespace section_placement
