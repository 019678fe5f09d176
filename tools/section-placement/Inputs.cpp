//===- Inputs.cpp - Bitcode and objects on the command line ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"
#include "Subcommand.h"
#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/IRObjectFile.h"

using namespace llvm;

namespace section_placement {

Expected<ToolInputs> ToolInputs::open(ArrayRef<std::string> Names) {
  ToolInputs Result;
  std::vector<std::string> SlimGCC;
  Result.Names = Names.vec();
  Error E = Result.Files.visitAll(Names, [&](const InputFile &Input) -> Error {
    bool IsObject = Input.Kind == InputKind::Native ||
                    Input.Kind == InputKind::Fat ||
                    Input.Kind == InputKind::Bitcode;
    if (IsObject)
      return Result.addBitcode(Input);
    if (Input.Kind == InputKind::SlimGCC)
      SlimGCC.push_back(Input.Name.str());
    else if (!Input.isMember())
      return plainError("is neither bitcode nor a relocatable ELF object nor "
                        "an archive");
    return Error::success();
  });
  if (E)
    return E;
  if (!SlimGCC.empty())
    printNote(SlimGCC.front() + ": " + explainSlimGCC() +
              (SlimGCC.size() > 1
                   ? " (and " + Twine(SlimGCC.size() - 1) + " more like it)"
                   : Twine()));
  return Result;
}

/// Nothing is added for an object without bitcode in it.
Error ToolInputs::addBitcode(const InputFile &Input) {
  Expected<MemoryBufferRef> Found =
      object::IRObjectFile::findBitcodeInMemBuffer(Input.Bytes);
  if (!Found) {
    consumeError(Found.takeError());
    return Error::success();
  }
  Expected<std::string> Triple = getBitcodeTargetTriple(*Found);
  if (!Triple)
    return Triple.takeError();
  if (!Machine)
    Machine = elfMachineOf(llvm::Triple(*Triple));
  Modules.push_back({Input.Name, Input.Offset, *Found, std::move(*Triple)});
  return Error::success();
}

Error ToolInputs::forEachModule(
    function_ref<Error(Module &, StringRef)> Visit) const {
  for (const Bitcode &Input : Modules) {
    LLVMContext Context;
    Expected<std::vector<BitcodeModule>> Parts =
        getBitcodeModuleList(Input.Bytes);
    if (!Parts)
      return errorReading(Input.Name.str(), Parts.takeError());
    for (BitcodeModule &Part : *Parts) {
      Expected<std::unique_ptr<Module>> M = Part.parseModule(Context);
      if (!M)
        return errorReading(Input.Name.str(), M.takeError());
      if (Error E = Visit(**M, Input.Name.str()))
        return E;
    }
  }
  return Error::success();
}

} // namespace section_placement
