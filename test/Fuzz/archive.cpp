//===- archive.cpp - Any bytes as an archive -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Objects/NativeMembers.h"
#include "section-placement/Suggest/ObjectScan.h"

using namespace llvm;
using namespace section_placement;

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string File = Workplace::get().write("lib.a", textOf(Data, Size));
  InputWalker Walker;
  size_t Bytes = 0;
  discard(Walker.visit(File, [&](const InputFile &Input) {
    (void)Input.spellings();
    (void)Input.Name.key();
    require(InputName::parse(Input.Name.str()).File == Input.Name.File ||
                Input.Name.str().find(')') != std::string::npos,
            "a name is read back");
    if (Input.isMember() && !Input.IsThin)
      Bytes += Input.Bytes.getBufferSize();
    return Error::success();
  }));
  require(Bytes <= Size, "members share no bytes");
  ObjectScan Scan;
  discard(Scan.read({File}));
  NativeMembers Members({File}, ELF::EM_X86_64);
  (void)Members.defining("f");
  return 0;
}
