//===- ObjectFiles.cpp - The objects that an image was made of ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/ObjectFiles.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

ObjectFiles::ObjectFiles() = default;
ObjectFiles::ObjectFiles(ObjectFiles &&) = default;
ObjectFiles &ObjectFiles::operator=(ObjectFiles &&) = default;
ObjectFiles::~ObjectFiles() = default;

Expected<MemoryBufferRef> ObjectFiles::map(StringRef Path) {
  Expected<std::unique_ptr<MemoryBuffer>> Opened = readInputFile(Path);
  if (!Opened)
    return Opened.takeError();
  Buffers.push_back(std::move(*Opened));
  return Buffers.back()->getMemBufferRef();
}

Error ObjectFiles::add(MemoryBufferRef Bytes, StringRef Name, uint16_t Machine,
                       bool IsTheImage, bool IsMember) {
  switch (identify_magic(Bytes.getBuffer())) {
  case file_magic::bitcode:
    Bitcode.push_back(Name.str());
    return Error::success();
  case file_magic::elf:
  case file_magic::elf_relocatable:
  case file_magic::elf_executable:
  case file_magic::elf_shared_object:
  case file_magic::elf_core:
    break;
  default:
    if (!IsMember)
      return errorIn(Name, "is neither an ELF object nor an archive nor "
                           "bitcode");
    ++PassedOver;
    return Error::success();
  }
  Expected<ObjectFile> Object = ObjectFile::read(Bytes, Name);
  if (!Object)
    return Object.takeError();
  if (Object->Machine != Machine)
    return errorIn(Name, "is for another machine (e_machine " +
                             Twine(Object->Machine) + ") than the image (" +
                             Twine(Machine) + ")");
  Objects.push_back(std::move(*Object));
  IsImage.push_back(IsTheImage);
  return Error::success();
}

Error ObjectFiles::openArchive(StringRef Path, MemoryBufferRef Bytes,
                               uint16_t Machine) {
  Expected<std::unique_ptr<Archive>> Opened = Archive::create(Bytes);
  if (!Opened)
    return errorReading(Path, Opened.takeError());
  const Archive &A = *Archives.emplace_back(std::move(*Opened));
  Error Broken = Error::success();
  for (const Archive::Child &Member : A.children(Broken)) {
    auto Fail = [&](Error E) {
      return joinErrors(std::move(Broken), std::move(E));
    };
    Expected<StringRef> Name = Member.getName();
    if (!Name)
      return Fail(errorReading(Path, Name.takeError()));
    std::string Full = (Path + "(" + *Name + ")").str();
    if (OnFile)
      OnFile(Full);
    // LLVM would open what a thin archive names, whatever it is.
    Expected<MemoryBufferRef> Contents =
        A.isThin() ? MemoryBufferRef() : Member.getMemoryBufferRef();
    if (A.isThin()) {
      Expected<std::string> File = Member.getFullName();
      if (!File)
        return Fail(errorReading(Path, File.takeError()));
      Contents = map(*File);
      if (!Contents)
        return Fail(Contents.takeError());
    } else if (!Contents) {
      return Fail(errorReading(Full, Contents.takeError()));
    } else if (Contents->getBufferEnd() > Bytes.getBufferEnd()) {
      // LLVM looks at a member's end only when it goes on to the next.
      return Fail(
          errorReading(Full, damage("it goes past the end of the archive")));
    }
    if (Error E = add(*Contents, Full, Machine, false, /*IsMember=*/true))
      return Fail(std::move(E));
  }
  return Broken ? errorReading(Path, std::move(Broken)) : Error::success();
}

Error ObjectFiles::openFile(StringRef Path, uint16_t Machine, bool IsTheImage) {
  if (OnFile)
    OnFile(Path);
  Expected<MemoryBufferRef> Bytes = map(Path);
  if (!Bytes)
    return Bytes.takeError();
  if (identify_magic(Bytes->getBuffer()) == file_magic::archive)
    return openArchive(Path, *Bytes, Machine);
  return add(*Bytes, Path, Machine, IsTheImage, /*IsMember=*/false);
}

Expected<ObjectFiles> ObjectFiles::open(ArrayRef<std::string> Paths,
                                        uint16_t Machine, StringRef Image,
                                        function_ref<void(StringRef)> OnFile) {
  ObjectFiles Result;
  Result.OnFile = OnFile;
  for (const std::string &Path : Paths) {
    bool IsTheImage = false;
    if (sys::fs::equivalent(Path, Image, IsTheImage))
      IsTheImage = false; // Reading it will say why.
    if (Error E = Result.openFile(Path, Machine, IsTheImage))
      return E;
  }
  Result.OnFile = nullptr;
  return Result;
}

} // namespace section_placement
