//===- RefusedObject.cpp - What a refused link leaves behind --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Apply/RefusedObject.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

/// What ld.lld's message names.
static constexpr StringLiteral Name =
    "section-placement refused the link that made this object: empty the "
    "ThinLTO cache";

void refuseObject(Module &M) {
  // Types in quotes, since `@` begins a comment on Arm. The assembler takes two
  // sections of one name for two where their numbers differ.
  for (StringRef Section :
       {"\"progbits\",unique,4001", "\"llvm_odrtab\",unique,4002"})
    M.appendModuleInlineAsm((".pushsection \"" + Name + "\",\"\"," + Section +
                             "\n.byte 0\n.popsection")
                                .str());
}

} // namespace section_placement
