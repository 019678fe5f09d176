//===- UndefinedNames.cpp - What native inputs leave to others ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/UndefinedNames.h"
#include "section-placement/Support/Error.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;

namespace section_placement {

static Error addNamesOf(iterator_range<object::elf_symbol_iterator> Symbols,
                        StringSet<> &Names) {
  for (const object::ELFSymbolRef &S : Symbols) {
    Expected<uint32_t> Flags = S.getFlags();
    if (!Flags)
      return Flags.takeError();
    if (!(*Flags & object::SymbolRef::SF_Undefined))
      continue;
    Expected<StringRef> Name = S.getName();
    if (!Name)
      return Name.takeError();
    if (!Name->empty())
      Names.insert(*Name);
  }
  return Error::success();
}

Error addUndefinedNames(ArrayRef<std::string> Inputs,
                        function_ref<bool(const InputFile &)> IsLinked,
                        StringSet<> &Names) {
  InputWalker Files;
  return Files.visitAll(Inputs, [&](const InputFile &Input) -> Error {
    if (Input.Kind == InputKind::SlimGCC)
      return plainError(explainSlimGCC());
    if (!Input.isElf() || !IsLinked(Input))
      return Error::success();
    Expected<std::unique_ptr<object::ObjectFile>> File =
        object::ObjectFile::createELFObjectFile(Input.Bytes);
    if (!File)
      return File.takeError();
    const auto &Elf = cast<object::ELFObjectFileBase>(**File);
    return Input.Kind == InputKind::Linked
               ? addNamesOf(Elf.getDynamicSymbolIterators(), Names)
               : addNamesOf(Elf.symbols(), Names);
  });
}

} // namespace section_placement
