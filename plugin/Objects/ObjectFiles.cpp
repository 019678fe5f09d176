//===- ObjectFiles.cpp - The objects that an image was made of ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/ObjectFiles.h"
#include "section-placement/Support/Error.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace section_placement {

Error ObjectFiles::add(const InputFile &Input, uint16_t Machine,
                       bool IsTheImage) {
  std::string Name = Input.Name.str();
  if (Input.Kind == InputKind::Bitcode) {
    Bitcode.push_back(std::move(Name));
    return Error::success();
  }
  if (Input.Kind == InputKind::SlimGCC) {
    SlimGCC.push_back(std::move(Name));
    return Error::success();
  }
  if (!Input.isElf()) {
    if (!Input.isMember())
      return plainError("is neither an ELF object nor an archive nor bitcode");
    ++PassedOver;
    return Error::success();
  }
  Expected<ObjectFile> Object = ObjectFile::read(Input.Bytes, Name);
  if (!Object)
    return Object.takeError();
  if (Object->File.machine() != Machine)
    return plainError("is for another machine (e_machine " +
                      Twine(Object->File.machine()) + ") than the image (" +
                      Twine(Machine) + ")");
  Objects.push_back(std::move(*Object));
  IsImage.push_back(IsTheImage);
  return Error::success();
}

Expected<ObjectFiles> ObjectFiles::open(ArrayRef<std::string> Paths,
                                        uint16_t Machine, StringRef Image,
                                        function_ref<void(StringRef)> OnFile) {
  ObjectFiles Result;
  for (const std::string &Path : Paths) {
    bool IsTheImage = false;
    if (sys::fs::equivalent(Path, Image, IsTheImage))
      IsTheImage = false; // Reading it will say why.
    if (Error E = Result.Files.visitAll(
            Path,
            [&](const InputFile &Input) {
              return Result.add(Input, Machine, IsTheImage);
            },
            OnFile))
      return E;
  }
  return Result;
}

Error ObjectFiles::addImage(StringRef Path) {
  Expected<ElfFile> File = ElfFile::openImage(Path);
  if (!File)
    return File.takeError();
  Expected<ObjectFile> Object = ObjectFile::ofImage(std::move(*File), Path);
  if (!Object)
    return Object.takeError();
  Objects.push_back(std::move(*Object));
  IsImage.push_back(true);
  return Error::success();
}

} // namespace section_placement
