//===- BitcodeSources.cpp - Which source file defines a name --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/BitcodeSources.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Object/IRSymtab.h"

using namespace llvm;

namespace section_placement {

Error BitcodeSources::readSymbols(const InputFile &Input) {
  Expected<object::IRSymtabFile> File = object::readIRSymtab(Input.Bytes);
  if (!File)
    return File.takeError();
  StringRef Source = File->TheReader.getSourceFileName();
  for (const irsymtab::Reader::SymbolRef &Symbol : File->TheReader.symbols())
    if (!Symbol.isUndefined() && Symbol.isGlobal())
      ByName.try_emplace(Symbol.getName(), Source.str());
  return Error::success();
}

Error BitcodeSources::readHash(const InputFile &Input) {
  Expected<MemoryBufferRef> Bitcode =
      object::IRObjectFile::findBitcodeInMemBuffer(Input.Bytes);
  if (!Bitcode)
    return Bitcode.takeError();
  Expected<object::IRSymtabFile> File = object::readIRSymtab(Input.Bytes);
  if (!File)
    return File.takeError();
  Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(*Bitcode);
  if (!Parts)
    return Parts.takeError();
  for (BitcodeModule &Part : *Parts) {
    Expected<std::unique_ptr<ModuleSummaryIndex>> Summary = Part.getSummary();
    if (!Summary)
      return Summary.takeError();
    ModuleHash Hash = compat::hashOfModule(**Summary);
    if (any_of(Hash, [](uint32_t Word) { return Word != 0; }))
      BySuffix.try_emplace(ModuleSummaryIndex::getGlobalNameForLocal("", Hash),
                           File->TheReader.getSourceFileName().str());
  }
  return Error::success();
}

void BitcodeSources::visit(Error (BitcodeSources::*Read)(const InputFile &)) {
  InputWalker Files;
  auto Visit = [&](const InputFile &Input) -> Error {
    // One that cannot be read leaves its names unknown.
    if (Input.Kind == InputKind::Bitcode || Input.Kind == InputKind::Fat)
      consumeError((this->*Read)(Input));
    return Error::success();
  };
  for (const std::string &Path : Inputs)
    consumeError(Files.visit(Path, Visit));
}

StringRef BitcodeSources::of(StringRef Name) {
  std::lock_guard<std::mutex> Guard(Lock);
  if (!HasSymbols)
    visit(&BitcodeSources::readSymbols);
  HasSymbols = true;
  if (auto Found = ByName.find(Name); Found != ByName.end())
    return Found->second;
  size_t Suffix = Name.rfind(".llvm.");
  if (Suffix == StringRef::npos)
    return "";
  if (!HasHashes)
    visit(&BitcodeSources::readHash);
  HasHashes = true;
  auto Found = BySuffix.find(Name.substr(Suffix));
  return Found == BySuffix.end() ? StringRef() : StringRef(Found->second);
}

} // namespace section_placement
