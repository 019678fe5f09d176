//===- ObjectFile.cpp - The short references of an object -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//

#include "section-placement/Objects/ObjectFile.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Support/Error.h"

using namespace llvm;

namespace section_placement {

uint64_t targetOffset(const ObjectReference &R) {
  return R.TargetOffset + R.Addend - counterBias(*R.Relocation);
}

void ObjectFile::add(const ElfRelocation &Found) {
  const ElfSymbol &Target = File.symbols()[Found.Symbol];
  ObjectReference R{};
  R.Relocation = Found.Reach;
  R.Section = Found.Section;
  R.Offset = Found.Address;
  R.Addend = Found.Addend;
  R.Target = Target.Type == ELF::STT_SECTION ? "" : Target.Name;
  R.TargetSection = Target.Section;
  R.TargetOffset = Target.Section ? Target.Address : 0;
  R.TargetIsLocal = Target.IsLocal;
  R.TargetIsWeak = Target.isWeak();
  R.Owner = File.ownerOf(R.Section, R.Offset);
  if (R.TargetSection == R.Section && R.Owner != NoIndex &&
      File.ownerOf(R.Section, targetOffset(R)) == R.Owner) {
    int64_t Distance =
        R.TargetOffset + R.Addend - countedPlace(*R.Relocation, R.Offset);
    if (Distance >= R.Relocation->Lowest && Distance <= R.Relocation->Highest) {
      ++InsideFunctions;
      return;
    }
  }
  References.push_back(R);
}

Expected<ObjectFile> ObjectFile::read(MemoryBufferRef Buffer, StringRef Name) {
  Expected<ElfFile> File = ElfFile::read(Buffer);
  if (!File)
    return File.takeError();
  if (!File->isRelocatable())
    return plainError("is linked already; give the objects that it was linked "
                      "from");
  ObjectFile Object(Name, std::move(*File));
  if (Error E = Object.addAll())
    return E;
  return Object;
}

Expected<ObjectFile> ObjectFile::ofImage(ElfFile File, StringRef Name) {
  ObjectFile Object(Name, std::move(File));
  if (Error E = Object.addAll())
    return E;
  return Object;
}

Error ObjectFile::addAll() {
  ArrayRef<ElfSection> Sections = File.sections();
  for (uint32_t I = 0; I < Sections.size(); ++I) {
    if (!Sections[I].isLoaded() || Sections[I].Type == ELF::SHT_NOBITS)
      continue;
    Error E = File.forEachRelocation(I, [&](const ElfRelocation &R) {
      if (R.Reach && R.Reach->IsShort)
        add(R);
      return Error::success();
    });
    if (E)
      return E;
  }
  return Error::success();
}

} // namespace section_placement
