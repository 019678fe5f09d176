//===- BitcodeMembers.cpp - Which input bitcode came from -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/BitcodeMembers.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

std::string memberOfModule(StringRef Identifier) {
  size_t At = Identifier.rfind(" at ");
  if (At == StringRef::npos || Identifier.back() != ')' ||
      Identifier.find('(') == StringRef::npos)
    return Identifier.str();
  return (Identifier.take_front(At) + ")").str();
}

BitcodeMembers::BitcodeMembers(ArrayRef<std::string> Inputs,
                               const SourceRoot &Root) {
  InputWalker Files;
  auto Add = [&](const InputFile &Input) -> Error {
    if (Input.Kind != InputKind::Bitcode && Input.Kind != InputKind::Fat)
      return Error::success();
    Expected<MemoryBufferRef> Bitcode =
        object::IRObjectFile::findBitcodeInMemBuffer(Input.Bytes);
    if (!Bitcode)
      return Bitcode.takeError();
    Expected<object::IRSymtabFile> Symbols = object::readIRSymtab(*Bitcode);
    if (!Symbols)
      return Symbols.takeError();
    unsigned I = All.size();
    All.push_back({Input.isMember() ? Input.Name.str() : "",
                   Root.relative(Symbols->TheReader.getSourceFileName(), "")});
    BySource[All.back().Source].push_back(I);
    if (Input.IsThin)
      ByPath.try_emplace(Input.Path, I);
    for (size_t Part = 0; Part < Symbols->Mods.size(); ++Part)
      for (const auto &S : Symbols->TheReader.module_symbols(Part))
        if (!S.isUndefined() && !S.getIRName().empty())
          BySymbol[S.getIRName()].push_back(I);
    return Error::success();
  };
  for (const std::string &File : Inputs)
    consumeError(Files.visit(File, Add));
}

std::string BitcodeMembers::ofModule(StringRef Identifier) const {
  auto Thin = ByPath.find(Identifier);
  return Thin == ByPath.end() ? memberOfModule(Identifier)
                              : All[Thin->second].Name;
}

std::optional<StringRef> BitcodeMembers::find(ArrayRef<StringRef> Names,
                                              StringRef Source,
                                              bool IsLocal) const {
  ArrayRef<unsigned> Defining;
  for (StringRef Name : Names)
    if (auto Found = BySymbol.find(Name);
        Defining.empty() && Found != BySymbol.end())
      Defining = Found->second;
  auto OfSource = BySource.find(Source);
  if (Defining.empty() && !Source.empty() && OfSource != BySource.end())
    Defining = OfSource->second;
  for (unsigned I : Defining)
    if (!Source.empty() && All[I].Source == Source)
      return StringRef(All[I].Name);
  bool IsOne = all_of(Defining, [&](unsigned I) {
    return All[I].Name == All[Defining.front()].Name;
  });
  if (Defining.empty() || (IsLocal && !IsOne))
    return std::nullopt;
  return StringRef(All[Defining.front()].Name);
}

} // namespace section_placement
