//===- InputFiles.cpp - Files of a link and members of archives -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

InputName InputName::parse(StringRef Text) {
  unsigned Depth = 0;
  if (Text.take_back(1) == ")")
    for (size_t I = Text.size(); I-- > 1;) {
      Depth += Text[I] == ')';
      if (Text[I] == '(' && --Depth == 0 && I + 2 < Text.size())
        return {Text.take_front(I).str(),
                Text.slice(I + 1, Text.size() - 1).str()};
    }
  return {Text.str(), ""};
}

std::string InputName::str() const {
  return Member.empty() ? File : File + "(" + Member + ")";
}

std::string InputName::key() const {
  return InputName{relativeToCurrentFolder(File),
                   sys::path::filename(Member).str()}
      .str();
}

bool InputName::matches(const InputName &Other) const {
  if (relativeToCurrentFolder(File) != relativeToCurrentFolder(Other.File))
    return false;
  StringRef A = Member, B = Other.Member;
  if (A == B || A.empty() || B.empty())
    return A == B;
  bool IsBare = !A.contains('/') || !B.contains('/');
  return IsBare && sys::path::filename(A) == sys::path::filename(B);
}

std::vector<std::string> InputFile::spellings() const {
  std::vector<std::string> All = {Name.str()};
  StringRef Bare = sys::path::filename(Name.Member);
  if (isMember() && Bare != Name.Member)
    All.push_back(InputName{Name.File, Bare.str()}.str());
  if (IsThin)
    All.push_back(Path);
  return All;
}

std::string explainSlimGCC() {
  return "holds GCC's own LTO and no native code, so what it refers to is not "
         "known: compile it with -fno-lto or -ffat-lto-objects";
}

InputKind inputKindOf(MemoryBufferRef Bytes) {
  switch (identify_magic(Bytes.getBuffer())) {
  case file_magic::bitcode:
    return InputKind::Bitcode;
  case file_magic::archive:
    return InputKind::Archive;
  case file_magic::elf_relocatable:
    switch (embeddedLTO(Bytes)) {
    case EmbeddedLTO::None:
      return InputKind::Native;
    case EmbeddedLTO::FatBitcode:
      return InputKind::Fat;
    case EmbeddedLTO::SlimGCC:
      return InputKind::SlimGCC;
    }
    return InputKind::Native;
  case file_magic::elf:
  case file_magic::elf_executable:
  case file_magic::elf_shared_object:
  case file_magic::elf_core:
    return InputKind::Linked;
  default:
    return InputKind::Other;
  }
}

InputWalker::InputWalker() = default;
InputWalker::InputWalker(InputWalker &&) = default;
InputWalker &InputWalker::operator=(InputWalker &&) = default;
InputWalker::~InputWalker() = default;

Expected<MemoryBufferRef> InputWalker::open(StringRef Path) {
  auto [Known, IsNew] = Files.try_emplace(relativeToCurrentFolder(Path));
  if (!IsNew)
    return Known->second->getMemBufferRef();
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(Path);
  if (!Buffer) {
    Files.erase(Known);
    return withoutPlace(Buffer.takeError());
  }
  Known->second = std::move(*Buffer);
  return Known->second->getMemBufferRef();
}

/// LLVM's reader finds a member that is cut short only when it goes on to the
/// next one; by then its bytes have been handed out, with a size that goes past
/// the end of the file. So this is to be asked before anything else of a member
/// is. The contents of a thin archive lie elsewhere.
static Error checkMember(const Archive &A, const Archive::Child &Member) {
  /// `ar_hdr` of <ar.h>, the same in every archive of ELF objects.
  static constexpr uint64_t HeaderSize = 60;
  Expected<StringRef> Name = Member.getRawName();
  if (!Name)
    return Name.takeError();
  Expected<uint64_t> Size = Member.getRawSize();
  if (!Size)
    return Size.takeError();
  // A BSD name, `#1/20`, is the first bytes of the contents.
  uint64_t NameSize = 0;
  if (Name->consume_front("#1/") && Name->rtrim().getAsInteger(10, NameSize))
    return damage("the name of a member");
  if (A.isThin() && !NameSize)
    return Error::success();
  uint64_t Begin = Member.getChildOffset() + HeaderSize;
  uint64_t End = A.getMemoryBufferRef().getBufferSize();
  if (NameSize > *Size || Begin > End || *Size > End - Begin)
    return damage("the archive is cut short: the member at byte " +
                  Twine(Member.getChildOffset()) +
                  " goes past the end of the file");
  return Error::success();
}

Error InputWalker::visit(StringRef Path,
                         function_ref<Error(const InputFile &)> Visit,
                         function_ref<void(StringRef)> OnName) {
  InputFile File;
  File.Path = Path.str();
  File.Name.File = relativeToCurrentFolder(Path);
  At = File.Name.File;
  if (OnName)
    OnName(At);
  Expected<MemoryBufferRef> Bytes = open(Path);
  if (!Bytes)
    return Bytes.takeError();
  File.Bytes = *Bytes;
  File.Kind = inputKindOf(*Bytes);
  if (File.Kind != InputKind::Archive)
    return Visit(File);
  Expected<std::unique_ptr<Archive>> Opened = Archive::create(*Bytes);
  if (!Opened)
    return Opened.takeError();
  const Archive &A = *Archives.emplace_back(std::move(*Opened));
  File.IsThin = A.isThin();
  auto VisitMember = [&](const Archive::Child &Member) -> Error {
    At = File.Name.File;
    if (Error Cut = checkMember(A, Member))
      return Cut;
    Expected<StringRef> Name = Member.getName();
    if (!Name)
      return Name.takeError();
    File.Name.Member = Name->str();
    File.Offset = Member.getChildOffset();
    At = File.Name.str();
    if (OnName)
      OnName(At);
    if (File.IsThin) {
      Expected<std::string> Full = Member.getFullName();
      if (!Full)
        return Full.takeError();
      File.Path = *Full;
      Expected<MemoryBufferRef> Contents = open(*Full);
      if (!Contents)
        return Contents.takeError();
      File.Bytes = *Contents;
    } else {
      Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
      if (!Contents)
        return Contents.takeError();
      File.Bytes = *Contents;
    }
    File.Kind = inputKindOf(File.Bytes);
    return Visit(File);
  };
  Error Broken = Error::success();
  for (const Archive::Child &Member : A.children(Broken))
    if (Error E = VisitMember(Member))
      return joinErrors(std::move(Broken), std::move(E));
  if (Broken)
    At = File.Name.File;
  return Broken;
}

Error InputWalker::visitAll(ArrayRef<std::string> Paths,
                            function_ref<Error(const InputFile &)> Visit,
                            function_ref<void(StringRef)> OnName) {
  for (const std::string &Path : Paths)
    if (Error E = visit(Path, Visit, OnName))
      return errorReading(At, std::move(E));
  return Error::success();
}

} // namespace section_placement
