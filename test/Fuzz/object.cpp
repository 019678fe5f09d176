//===- object.cpp - Any bytes as an ELF object ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Objects/ObjectFile.h"

using namespace llvm;
using namespace section_placement;

static void readAsObject(MemoryBufferRef Bytes) {
  Expected<ElfFile> File = ElfFile::read(Bytes);
  if (!isGiven(File))
    return;
  for (uint32_t S = 0; S < File->sections().size(); ++S) {
    Expected<ArrayRef<uint8_t>> Contents = File->contents(S);
    (void)isGiven(Contents);
    discard(File->forEachRelocation(S, [&](const ElfRelocation &R) {
      require(R.Symbol < File->symbols().size(), "a symbol of the file");
      (void)File->ownerOf(R.Section, R.Address);
      return Error::success();
    }));
  }
  for (const ElfSymbol &S : File->definitions())
    require(S.Section < File->sections().size(), "a section of the file");
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  MemoryBufferRef Bytes(textOf(Data, Size), "a.o");
  readAsObject(Bytes);
  (void)holdsFatBitcode(Bytes);
  Expected<ObjectFile> Object = ObjectFile::read(Bytes, "a.o");
  if (isGiven(Object))
    for (const ObjectReference &R : Object->References)
      (void)targetOffset(R);
  NativeFacts Facts;
  if (Error E = Facts.add(Bytes, "a.o"))
    discard(std::move(E));
  Facts.finish();
  return 0;
}
