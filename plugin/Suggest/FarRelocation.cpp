//===- FarRelocation.cpp - What no placement mends ------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Not every relocation that does not reach is one that nearness of functions
// mends. A policy for the others would be read, followed, and of no use; so
// they get an answer in words. The classes are those of the comment in
// RelocationReach.cpp.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Suggest/Finding.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;

namespace section_placement {

static bool isOf(StringRef Relocation, StringRef Machine) {
  return Relocation.take_front(Machine.size()) == Machine;
}

static std::string explainFarCall(const RelocationReach &Row) {
  if (Row.Machine == ELF::EM_X86_64 || Row.Machine == ELF::EM_S390)
    return "it reaches as far as the code model allows (x86-64: 2 GiB) and no "
           "linker extends it: the image is too large for its code model, or "
           "a linker script puts code too far away";
  std::string Why = "it is a call of a kind that linkers extend with a thunk, "
                    "or that reaches further than 4 MiB. Where no thunk could "
                    "be placed, the usual cause is one input section larger "
                    "than the reach (a partial link's .text: keep the "
                    "sections apart until the last link)";
  if (Row.Name == "R_ARM_THM_JUMP19" || isOf(Row.Name, "R_PPC64_REL14"))
    Why += "; some linkers do not extend this one: ld.lld and GNU ld do";
  if (Row.Machine == ELF::EM_LOONGARCH)
    Why += "; on LoongArch -mcmodel=medium makes calls that reach 128 GiB";
  return Why;
}

std::string explainFarRelocation(StringRef Relocation) {
  if (const RelocationReach *Row = findRelocationReach(Relocation))
    return explainFarCall(*Row);
  auto Has = [&](StringRef Part) { return Relocation.contains(Part); };
  if (Has("GOT") || Has("TOC") || Has("TLS") || Has("TPREL") || Has("TPOFF") ||
      Has("GPREL") || Has("SDA") || Has("LITERAL"))
    return "its distance is that to a table's entry, a base register or the "
           "thread pointer: not to a function";
  if (isOf(Relocation, "R_X86_64_"))
    return "it reaches 2 GiB, so code and data of this image do not fit its "
           "code model: -mcmodel=medium or large, -fPIE, or less in one image";
  return "it is no short branch or address, so nearness of functions is not "
         "what it lacks: its value, or its distance to data or a page, does "
         "not fit";
}

} // namespace section_placement
