//===- BitcodeInputs.cpp - What a link's bitcode defines ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/BitcodeInputs.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Object/IRSymtab.h"

using namespace llvm;

namespace section_placement {

std::string memberOfModule(StringRef Identifier) {
  size_t At = Identifier.rfind(" at ");
  if (At == StringRef::npos || Identifier.back() != ')' ||
      Identifier.find('(') == StringRef::npos)
    return Identifier.str();
  return (Identifier.take_front(At) + ")").str();
}

/// Calls \p Read with each input that holds bitcode, the bitcode, and its
/// symbol table.
template <typename Reader> void BitcodeInputs::visit(Reader Read) {
  InputWalker Files;
  auto Visit = [&](const InputFile &Input) -> Error {
    if (Input.Kind != InputKind::Bitcode && Input.Kind != InputKind::Fat)
      return Error::success();
    Expected<MemoryBufferRef> Bitcode =
        object::IRObjectFile::findBitcodeInMemBuffer(Input.Bytes);
    if (!Bitcode)
      return Bitcode.takeError();
    Expected<object::IRSymtabFile> Symbols = object::readIRSymtab(*Bitcode);
    if (!Symbols)
      return Symbols.takeError();
    return Read(Input, *Bitcode, *Symbols);
  };
  // One that cannot be read leaves its names unknown.
  auto VisitOne = [&](const InputFile &Input) -> Error {
    consumeError(Visit(Input));
    return Error::success();
  };
  for (const std::string &Path : Inputs)
    consumeError(Files.visit(Path, VisitOne));
}

void BitcodeInputs::readSymbols() {
  visit([&](const InputFile &Input, MemoryBufferRef,
            const object::IRSymtabFile &Symbols) -> Error {
    unsigned I = Modules.size();
    Modules.push_back(
        {Input.isMember() ? Input.Name.str() : "",
         Root.relative(Symbols.TheReader.getSourceFileName(), "")});
    BySource[Modules.back().Source].push_back(I);
    if (Input.IsThin)
      ByPath.try_emplace(Input.Path, I);
    for (const irsymtab::Reader::SymbolRef &S : Symbols.TheReader.symbols()) {
      if (S.isUndefined())
        continue;
      if (!S.getIRName().empty())
        ByName[S.getIRName()].push_back(I);
      if (S.isGlobal())
        ByGlobal.try_emplace(S.getName(), I);
    }
    return Error::success();
  });
}

void BitcodeInputs::readHashes() {
  visit([&](const InputFile &, MemoryBufferRef Bitcode,
            const object::IRSymtabFile &Symbols) -> Error {
    Expected<std::vector<BitcodeModule>> Parts = getBitcodeModuleList(Bitcode);
    if (!Parts)
      return Parts.takeError();
    for (BitcodeModule &Part : *Parts) {
      Expected<std::unique_ptr<ModuleSummaryIndex>> Summary = Part.getSummary();
      if (!Summary)
        return Summary.takeError();
      ModuleHash Hash = compat::hashOfModule(**Summary);
      if (any_of(Hash, [](uint32_t Word) { return Word != 0; }))
        ByLocalSuffix.try_emplace(
            ModuleSummaryIndex::getGlobalNameForLocal("", Hash),
            Root.relative(Symbols.TheReader.getSourceFileName(), ""));
    }
    return Error::success();
  });
}

std::string BitcodeInputs::memberOf(StringRef ModuleIdentifier) {
  std::call_once(SymbolsOnce, [&] { readSymbols(); });
  auto Thin = ByPath.find(ModuleIdentifier);
  return Thin == ByPath.end() ? memberOfModule(ModuleIdentifier)
                              : Modules[Thin->second].Member;
}

std::optional<StringRef>
BitcodeInputs::memberDefining(ArrayRef<StringRef> Names, StringRef Source,
                              bool IsLocal) {
  std::call_once(SymbolsOnce, [&] { readSymbols(); });
  ArrayRef<unsigned> Defining;
  for (StringRef Name : Names)
    if (auto Found = ByName.find(Name);
        Defining.empty() && Found != ByName.end())
      Defining = Found->second;
  auto OfSource = BySource.find(Source);
  if (Defining.empty() && !Source.empty() && OfSource != BySource.end())
    Defining = OfSource->second;
  for (unsigned I : Defining)
    if (!Source.empty() && Modules[I].Source == Source)
      return StringRef(Modules[I].Member);
  bool IsOne = all_of(Defining, [&](unsigned I) {
    return Modules[I].Member == Modules[Defining.front()].Member;
  });
  if (Defining.empty() || (IsLocal && !IsOne))
    return std::nullopt;
  return StringRef(Modules[Defining.front()].Member);
}

StringRef BitcodeInputs::sourceDefining(StringRef Name) {
  std::call_once(SymbolsOnce, [&] { readSymbols(); });
  if (auto Found = ByGlobal.find(Name); Found != ByGlobal.end())
    return Modules[Found->second].Source;
  size_t Suffix = Name.rfind(".llvm.");
  if (Suffix == StringRef::npos)
    return "";
  std::call_once(HashesOnce, [&] { readHashes(); });
  auto Found = ByLocalSuffix.find(Name.substr(Suffix));
  return Found == ByLocalSuffix.end() ? StringRef() : StringRef(Found->second);
}

} // namespace section_placement
