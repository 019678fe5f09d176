//===- Inputs.cpp - Bitcode and objects on the command line ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"
#include "section-placement/Objects/ArchiveMember.h"
#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

Expected<ToolInputs> ToolInputs::open(ArrayRef<std::string> Files) {
  ToolInputs Result;
  for (const std::string &File : Files)
    if (Error E = Result.openFile(File))
      return E;
  return Result;
}

/// Nothing is added for an object without bitcode in it.
Error ToolInputs::addBitcode(StringRef Name, MemoryBufferRef Bytes) {
  Expected<MemoryBufferRef> Found =
      object::IRObjectFile::findBitcodeInMemBuffer(Bytes);
  if (!Found) {
    consumeError(Found.takeError());
    return Error::success();
  }
  Expected<std::string> Triple = getBitcodeTargetTriple(*Found);
  if (!Triple)
    return errorReading(Name, Triple.takeError());
  if (!Machine)
    Machine = elfMachineOf(llvm::Triple(*Triple));
  Modules.push_back({Name.str(), *Found, std::move(*Triple)});
  return Error::success();
}

Error ToolInputs::openMember(StringRef File, const object::Archive &A,
                             const object::Archive::Child &Member) {
  if (Error Cut = checkMember(A, Member))
    return errorReading(File, std::move(Cut));
  Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
  if (!Contents)
    return errorReading(File, Contents.takeError());
  StringRef Name = sys::path::filename(Contents->getBufferIdentifier());
  return addBitcode((File + "(" + Name + ")").str(), *Contents);
}

Error ToolInputs::openArchive(StringRef File, MemoryBufferRef Bytes) {
  Expected<std::unique_ptr<object::Archive>> A = object::Archive::create(Bytes);
  if (!A)
    return errorReading(File, A.takeError());
  Archives.push_back(std::move(*A));
  Error Broken = Error::success();
  for (const auto &Member : Archives.back()->children(Broken))
    if (Error E = openMember(File, *Archives.back(), Member))
      return joinErrors(std::move(Broken), std::move(E));
  return Broken ? errorReading(File, std::move(Broken)) : Error::success();
}

Error ToolInputs::openFile(StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(File);
  if (!Buffer)
    return Buffer.takeError();
  Buffers.push_back(std::move(*Buffer));
  Names.push_back(File.str());
  MemoryBufferRef Bytes = Buffers.back()->getMemBufferRef();
  switch (identify_magic(Bytes.getBuffer())) {
  case file_magic::archive:
    return openArchive(File, Bytes);
  case file_magic::bitcode:
  case file_magic::elf_relocatable:
    return addBitcode(File, Bytes);
  default:
    return errorIn(File, "is neither bitcode nor a relocatable ELF object nor "
                         "an archive");
  }
}

Error ToolInputs::forEachModule(
    function_ref<Error(Module &, StringRef)> Visit) const {
  for (const Bitcode &Input : Modules) {
    LLVMContext Context;
    Expected<std::vector<BitcodeModule>> Parts =
        getBitcodeModuleList(Input.Bytes);
    if (!Parts)
      return errorReading(Input.Name, Parts.takeError());
    for (BitcodeModule &Part : *Parts) {
      Expected<std::unique_ptr<Module>> M = Part.parseModule(Context);
      if (!M)
        return errorReading(Input.Name, M.takeError());
      if (Error E = Visit(**M, Input.Name))
        return E;
    }
  }
  return Error::success();
}

} // namespace section_placement
