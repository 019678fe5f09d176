//===- TargetMachineType.cpp - The e_machine of a triple ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/TargetMachineType.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;

namespace section_placement {

uint16_t elfMachineOf(const Triple &T) {
  if (T.isAArch64())
    return ELF::EM_AARCH64;
  if (T.isARM() || T.isThumb())
    return ELF::EM_ARM;
  if (T.isRISCV())
    return ELF::EM_RISCV;
  if (T.isPPC64())
    return ELF::EM_PPC64;
  if (T.isMIPS())
    return ELF::EM_MIPS;
  if (T.isLoongArch())
    return ELF::EM_LOONGARCH;
  if (T.isPPC32())
    return ELF::EM_PPC;
  if (T.getArch() == Triple::sparc || T.getArch() == Triple::sparcel)
    return ELF::EM_SPARC;
  if (T.getArch() == Triple::sparcv9)
    return ELF::EM_SPARCV9;
  if (T.getArch() == Triple::hexagon)
    return ELF::EM_HEXAGON;
  if (T.getArch() == Triple::m68k)
    return ELF::EM_68K;
  if (T.getArch() == Triple::x86_64)
    return ELF::EM_X86_64;
  if (T.getArch() == Triple::x86)
    return ELF::EM_386;
  if (T.getArch() == Triple::avr)
    return ELF::EM_AVR;
  if (T.getArch() == Triple::systemz)
    return ELF::EM_S390;
  return ELF::EM_NONE;
}

} // namespace section_placement
