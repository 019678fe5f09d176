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

/// The option by which a compiler makes calls that reach everywhere.
static StringRef longCallOption(StringRef Relocation) {
  static constexpr std::pair<StringLiteral, StringLiteral> Options[] = {
      {"R_ARM_", "-mlong-calls"},       {"R_MIPS_", "-mlong-calls"},
      {"R_MICROMIPS_", "-mlong-calls"}, {"R_PPC_", "-mlongcall"},
      {"R_PPC64_", "-mlongcall"},       {"R_HEX_", "-mlong-calls"},
      {"R_ARC_", "-mlong-calls"},       {"R_XTENSA_", "-mlongcalls"},
      {"R_LARCH_", "-mcmodel=medium"}};
  for (const auto &[Machine, Option] : Options)
    if (isOf(Relocation, Machine))
      return Option;
  return "";
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
    return Why + "; some linkers do not extend this one: ld.lld does, and GNU "
                 "ld where --stub-group-size is less than its reach";
  if (StringRef Option = longCallOption(Row.Name); !Option.empty())
    Why += ("; " + Option + " makes calls that reach further").str();
  return Why;
}

std::string explainFarRelocation(StringRef Relocation) {
  if (const RelocationReach *Row = findRelocationReach(Relocation))
    return explainFarCall(*Row);
  auto Has = [&](StringRef Part) { return Relocation.contains(Part); };
  if (Has("GOT") || Has("TOC") || Has("TLS") || Has("TPREL") || Has("TPOFF") ||
      Has("GPREL") || Has("SDA") || Has("LITERAL") || Has("MIPS_CALL") ||
      Has("MIPS16_CALL16")) // A call through the GOT.
    return "its distance is that to a table's entry, a base register or the "
           "thread pointer: not to a function";
  if (isOf(Relocation, "R_X86_64_"))
    return "it reaches 2 GiB, so code and data of this image do not fit its "
           "code model: -mcmodel=medium or large, -fPIE, or less in one image";
  if (Has("CALL") || Has("JUMP") || Has("BRANCH") || Has("_26") ||
      Has("REL24") || Has("PLT") || Has("SLOT")) {
    StringRef Option = longCallOption(Relocation);
    return ("it is a call or a jump of a kind that this tool does not know" +
            (Option.empty() ? ""
                            : ": " + Option +
                                  " makes calls that reach "
                                  "further"))
        .str();
  }
  if (!isOfKnownMachine(Relocation))
    return "the short references of its machine are not known to this tool, so "
           "neither is whether nearness of functions mends it";
  return "it is no short branch or address, so nearness of functions is not "
         "what it lacks: its value, or its distance to data or a page, does "
         "not fit";
}

StringRef explainFailure(LinkFailure Failure) {
  switch (Failure) {
  case LinkFailure::None:
    break;
  case LinkFailure::NoRoomForThunk:
    return "no place for a thunk within the reach of a call: one input section "
           "is larger than the reach. The usual cause is a partial link's "
           ".text; keep the sections apart until the last link "
           "(-ffunction-sections, no script that joins them in ld -r)";
  case LinkFailure::BranchInsideFunction:
    return "this error is the assembler's: a fixup, whose both ends are in one "
           "section of one file, so no placement changes its distance. The "
           "function itself is larger than the branch reaches: use a branch "
           "that reaches further, or divide the function or the .space in its "
           "inline asm";
  case LinkFailure::LongCall:
    return "a direct call that no thunk extends: compile the caller with the "
           "option that makes long calls (Xtensa: -mlongcalls; Arm, MIPS, ARC, "
           "Hexagon: -mlong-calls; PowerPC: -mlongcall)";
  case LinkFailure::FarLiteral:
    return "a literal pool is too far from its load: -mtext-section-literals "
           "or "
           "-mauto-litpools (Xtensa) put literals beside the code";
  case LinkFailure::DangerousRelocation:
    return "the linker refuses a relocation for a reason of its target's, not "
           "for the distance between functions; its words say which";
  case LinkFailure::PositionDependentCode:
    return "the object is compiled for another kind of image: compile it with "
           "-fPIC (shared library) or -fPIE, or link with -no-pie. Distance is "
           "not what fails";
  case LinkFailure::SectionMismatch:
    return "modpost's section mismatch: code that stays refers to code or data "
           "that is freed. Give the function the right section in its source "
           "(__init, __ref), or keep it out of one with a rule that has "
           "'inline' or 'section'";
  case LinkFailure::LeavesNoInstr:
    return "objtool: code in .noinstr.text calls a function outside it. Mark "
           "the callee noinstr or __always_inline, or give it 'section: "
           ".noinstr.text' or 'inline' by a rule, where it may run there";
  case LinkFailure::MachO:
    return "this is a linker of Mach-O, which section-placement does not "
           "support: it places functions of ELF only. The linker's own means "
           "are -order_file, and branch islands, which it makes by itself";
  case LinkFailure::Coff:
    return "this is a linker of COFF (Windows), which section-placement does "
           "not support: it places functions of ELF only. The linker's own "
           "means is /order";
  case LinkFailure::Wasm:
    return "this is a linker of WebAssembly, which section-placement does not "
           "support, and whose functions have no address to be near to";
  }
  return "";
}

} // namespace section_placement
