//===- RelocationReach.cpp - How far each relocation reaches --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some references between functions break when the functions are placed too far
// apart, and the object file says which: by the type of the relocation. This
// file is the table of those types, sorted by machine and number, and a binary
// search in it.
//
// The range of a row is that of the value the linker computes, the psABIs'
// X = S + A - P, and with the bounds that ld.lld prints: `is not in [-1048576,
// 1048575]`. The alignment that a field demands besides is not in it. The bias
// of a program counter (-8 on Arm, -4 on Thumb, 2 on SystemZ) is part of A.
// Some linkers check less (GNU ld some 16-bit fields, gold most on x86): what
// is past the bounds is then wrong without a word.
//
// What a row is:
//
// branch()    Short, and an instruction that transfers control. Hence also a
//             call: a branch to another function is a tail call, and without
//             the conditional ones a closure along calls would have holes that
//             nobody hears of.
// address()   Short; forms an address, loads, or is data.
// call()      Transfers control, but need not be near: it reaches further than
//             4 MiB, or a linker extends it.
//
// A relocation is extended if any of ld.lld, GNU ld, gold and mold does it;
// where they differ the row says so. None of them relaxes a short reference
// into one that reaches further: their relaxations only ever shorten code.
// (Assemblers do rewrite far branches, but then the object has the further
// relocation.)
//
// What is not here, because nearness of the symbol is not what it needs:
//
// - What is relative to the GOT, the TOC, the thread pointer, a small-data or
//   static base: R_AARCH64_GOT_LD_PREL19, R_PPC64_TOC16, R_RISCV_TPREL_LO12_I,
//   R_LARCH_TLS_LD_PCREL20_S2, R_X86_64_GOTPCREL. The distance in the field is
//   that of a table's entry. This goes for calls through such an entry too.
// - Absolute values, whole or in parts: R_AARCH64_MOVW_UABS_G0, R_AVR_LO8_LDI,
//   R_PPC64_ADDR14, R_RISCV_HI20. What matters there is the address.
// - Parts of a distance, of which others carry the rest and the overflow check:
//   R_AARCH64_ADR_PREL_PG_HI21, R_RISCV_PCREL_HI20, R_PPC64_REL16_HA,
//   R_LARCH_PCALA_HI20, R_MIPS_PCHI16, the group relocations of Arm past G0.
// - Differences of two symbols, or steps of a computation: R_RISCV_SUB6,
//   R_LARCH_SOP_*, R_AVR_DIFF8.
// - Hints that a linker may drop when they do not fit: R_ARM_THM_BF16.
// - RISC-V's numbers 192 to 255, which mean nothing without the R_RISCV_VENDOR
//   before them, and AArch64's ILP32 types, which ld.lld cannot link.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/RelocationReach.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <algorithm>
#include <cstring>

using namespace llvm;
using namespace llvm::ELF;

namespace section_placement {

namespace {

/// Types that the headers of some supported LLVM do not name, or of none.
namespace psabi {
enum : uint32_t {
  // LoongArch ELF psABI; LLVM 15 ends before them, CALL30 came with 22.
  R_LARCH_B16 = 64,
  R_LARCH_B21 = 65,
  R_LARCH_B26 = 66,
  R_LARCH_PCREL20_S2 = 103,
  R_LARCH_CALL36 = 110,
  R_LARCH_CALL30 = 127,
  // Oracle Solaris Linkers and Libraries Guide, "SPARC: Relocation Types";
  // LLVM has it since 20.
  R_SPARC_WDISP10 = 88,
  // binutils, include/elf/mips.h.
  R_MIPS16_PC16_S1 = 113,
  // binutils, include/elf/ppc64.h.
  R_PPC64_PLTCALL = 120,
  R_PPC64_PLTCALL_NOTOC = 122,
  R_PPC64_REL24_P9NOTOC = 124,
};
} // namespace psabi

struct Range {
  int64_t Lowest;
  int64_t Highest;
};

/// What a field of \p Bits holds in two's complement.
constexpr Range signedBits(unsigned Bits) {
  return {-(int64_t(1) << (Bits - 1)), (int64_t(1) << (Bits - 1)) - 1};
}

/// What a field of \p Bits holds beside a sign of its own: Arm's loads.
constexpr Range magnitude(unsigned Bits) {
  return {1 - (int64_t(1) << Bits), (int64_t(1) << Bits) - 1};
}

constexpr RelocationReach branch(uint16_t Machine, uint32_t Type,
                                 const char *Name, Range R) {
  return {Machine, Type, Name, R.Lowest, R.Highest, true, true};
}

constexpr RelocationReach address(uint16_t Machine, uint32_t Type,
                                  const char *Name, Range R) {
  return {Machine, Type, Name, R.Lowest, R.Highest, true, false};
}

constexpr RelocationReach call(uint16_t Machine, uint32_t Type,
                               const char *Name) {
  return {Machine, Type, Name, 0, 0, false, true};
}

// A type's number and its spelling.
#define LLVM(TYPE) ELF::TYPE, #TYPE
#define PSABI(TYPE) psabi::TYPE, #TYPE

constexpr RelocationReach Table[] = {
    // SPARC, 32 and 64 bits: The SPARC Architecture Manual, Version 9, and SCD
    // 2.4.1, "Relocation Types". Fields named WDISP count words. No linker
    // extends any of them. WDISP22 reaches 8 MiB and so is not short, although
    // it is a conditional branch.
    address(EM_SPARC, LLVM(R_SPARC_DISP8), signedBits(8)),
    address(EM_SPARC, LLVM(R_SPARC_DISP16), signedBits(16)),
    call(EM_SPARC, LLVM(R_SPARC_WDISP30)),                    // call.
    call(EM_SPARC, LLVM(R_SPARC_WDISP22)),                    // bicc, fbfcc.
    call(EM_SPARC, LLVM(R_SPARC_WPLT30)),                     // call.
    branch(EM_SPARC, LLVM(R_SPARC_WDISP16), signedBits(18)),  // brz, brnz.
    branch(EM_SPARC, LLVM(R_SPARC_WDISP19), signedBits(21)),  // bpcc, fbpfcc.
    branch(EM_SPARC, PSABI(R_SPARC_WDISP10), signedBits(12)), // cwbe, cxbe.

    // i386: System V ABI, Intel386 Architecture Processor Supplement,
    // "Relocation Types". Nothing addresses data relative to EIP, so these
    // fields are those of branches, and PC32 is a call: assemblers write it for
    // `call f`. A data word `f - .` looks the same and is rare.
    call(EM_386, LLVM(R_386_PC32)),
    call(EM_386, LLVM(R_386_PLT32)),
    // `call` and `jmp` of 16-bit code, whose program counter wraps, so ld.lld
    // takes 17 bits.
    branch(EM_386, LLVM(R_386_PC16), signedBits(17)),
    branch(EM_386, LLVM(R_386_PC8), signedBits(8)), // jmp, jcc, loop, jecxz.

    // m68k: System V ABI, Motorola 68000 Processor Family Supplement,
    // "Relocation Types"; LLVM, Target/M68k. A displacement of 8 or 16 bits is
    // that of `bsr`, `bra` and `bcc`, and of operands relative to the program
    // counter (`jsr f(%pc)`, `lea`): taken for a branch, or the calls would be
    // missing. `bra.l` and `bsr.l` have 32 bits.
    call(EM_68K, LLVM(R_68K_PC32)),
    branch(EM_68K, LLVM(R_68K_PC16), signedBits(16)),
    branch(EM_68K, LLVM(R_68K_PC8), signedBits(8)),
    call(EM_68K, LLVM(R_68K_PLT32)),
    branch(EM_68K, LLVM(R_68K_PLT16), signedBits(16)),
    branch(EM_68K, LLVM(R_68K_PLT8), signedBits(8)),

    // MIPS: System V ABI, MIPS RISC Processor Supplement, "Relocation Types";
    // what came later (MIPS16, microMIPS, Release 6) in binutils,
    // include/elf/mips.h and bfd/elf32-mips.c. LA25 stubs set $25 for position
    // independent code; they are no extension of reach.
    call(EM_MIPS, LLVM(R_MIPS_26)),                     // 256 MiB region.
    branch(EM_MIPS, LLVM(R_MIPS_PC16), signedBits(18)), // b, bal, beq.
    // Names the callee of a `jalr $25`, which linkers make a `bal` if it fits.
    call(EM_MIPS, LLVM(R_MIPS_JALR)),
    branch(EM_MIPS, LLVM(R_MIPS_PC21_S2), signedBits(23)),  // beqzc.
    call(EM_MIPS, LLVM(R_MIPS_PC26_S2)),                    // bc, balc.
    address(EM_MIPS, LLVM(R_MIPS_PC18_S3), signedBits(21)), // ldpc.
    address(EM_MIPS, LLVM(R_MIPS_PC19_S2), signedBits(21)), // addiupc, lwpc.
    call(EM_MIPS, LLVM(R_MIPS16_26)),
    branch(EM_MIPS, PSABI(R_MIPS16_PC16_S1), signedBits(17)),
    call(EM_MIPS, LLVM(R_MICROMIPS_26_S1)),
    branch(EM_MIPS, LLVM(R_MICROMIPS_PC7_S1), signedBits(8)),   // beqz16.
    branch(EM_MIPS, LLVM(R_MICROMIPS_PC10_S1), signedBits(11)), // b16.
    branch(EM_MIPS, LLVM(R_MICROMIPS_PC16_S1), signedBits(17)), // beq, bal.
    call(EM_MIPS, LLVM(R_MICROMIPS_JALR)),
    branch(EM_MIPS, LLVM(R_MICROMIPS_PC21_S1), signedBits(22)), // beqzc.
    call(EM_MIPS, LLVM(R_MICROMIPS_PC26_S1)),                   // bc, balc.
    address(EM_MIPS, LLVM(R_MICROMIPS_PC18_S3), signedBits(21)),
    address(EM_MIPS, LLVM(R_MICROMIPS_PC19_S2), signedBits(21)),

    // PowerPC, 32 bits: Power Architecture 32-bit ABI Supplement 1.0,
    // "Relocation Types". ld.lld extends REL24, PLTREL24 and LOCAL24PC only;
    // GNU
    // ld extends REL14 where it is asked for --relax, which is not the default:
    // short.
    call(EM_PPC, LLVM(R_PPC_REL24)),
    branch(EM_PPC, LLVM(R_PPC_REL14), signedBits(16)),
    branch(EM_PPC, LLVM(R_PPC_REL14_BRTAKEN), signedBits(16)),
    branch(EM_PPC, LLVM(R_PPC_REL14_BRNTAKEN), signedBits(16)),
    call(EM_PPC, LLVM(R_PPC_PLTREL24)),
    call(EM_PPC, LLVM(R_PPC_LOCAL24PC)),
    address(EM_PPC, LLVM(R_PPC_REL16), signedBits(16)),

    // PowerPC64: 64-Bit ELF V2 ABI Specification, "Relocation Types Table".
    // Conditional branches reach 32 KiB; ld.lld, GNU ld and gold extend REL14.
    // The two with a branch prediction GNU ld and gold extend as well, while
    // ld.lld refuses them as unknown: by the rule above not short.
    call(EM_PPC64, LLVM(R_PPC64_REL24)),
    call(EM_PPC64, LLVM(R_PPC64_REL14)),
    call(EM_PPC64, LLVM(R_PPC64_REL14_BRTAKEN)),
    call(EM_PPC64, LLVM(R_PPC64_REL14_BRNTAKEN)),
    call(EM_PPC64, LLVM(R_PPC64_REL24_NOTOC)),
    // Names the callee of the `bctrl` that ends an inlined PLT call.
    call(EM_PPC64, PSABI(R_PPC64_PLTCALL)),
    call(EM_PPC64, PSABI(R_PPC64_PLTCALL_NOTOC)),
    call(EM_PPC64, PSABI(R_PPC64_REL24_P9NOTOC)),
    address(EM_PPC64, LLVM(R_PPC64_REL16), signedBits(16)),

    // SystemZ: ELF Application Binary Interface, s390x Supplement, "Relocation
    // Types". Fields named DBL count halfwords. PC32DBL is that of `brasl` and
    // `jg` without @PLT, and of `larl`. It is taken for a call, or the calls in
    // assembly would be missing; the price is that a function whose address
    // `larl` takes looks called.
    address(EM_S390, LLVM(R_390_PC16), signedBits(16)),
    branch(EM_S390, LLVM(R_390_PC16DBL), signedBits(17)), // j, brc, bras, cgrj.
    branch(EM_S390, LLVM(R_390_PLT16DBL), signedBits(17)),
    call(EM_S390, LLVM(R_390_PC32DBL)),
    call(EM_S390, LLVM(R_390_PLT32DBL)),
    // The branch that `bprp` predicts: no transfer of control.
    address(EM_S390, LLVM(R_390_PC12DBL), signedBits(13)),
    address(EM_S390, LLVM(R_390_PLT12DBL), signedBits(13)),

    // Arm and Thumb: ELF for the Arm Architecture (aaelf32), "Static Arm
    // relocations", "Static Thumb16 relocations", "Static Thumb32 relocations".
    // "Call and Jump relocations" there allows veneers for PC24, CALL, JUMP24,
    // THM_CALL, THM_JUMP24 and THM_JUMP19. The last ld.lld and GNU ld extend,
    // gold and mold do not: by the rule above not short. 16-bit Thumb branches
    // nobody extends.
    call(EM_ARM, LLVM(R_ARM_PC24)),
    address(EM_ARM, LLVM(R_ARM_LDR_PC_G0), magnitude(12)), // ldr, ldrb.
    call(EM_ARM, LLVM(R_ARM_THM_CALL)),
    address(EM_ARM, LLVM(R_ARM_THM_PC8), {0, 1023}), // adr, ldr: forward only.
    call(EM_ARM, LLVM(R_ARM_PLT32)),
    call(EM_ARM, LLVM(R_ARM_CALL)),
    call(EM_ARM, LLVM(R_ARM_JUMP24)),
    call(EM_ARM, LLVM(R_ARM_THM_JUMP24)),
    call(EM_ARM, LLVM(R_ARM_THM_JUMP19)),
    branch(EM_ARM, LLVM(R_ARM_THM_JUMP6), {0, 126}), // cbz: forward only.
    address(EM_ARM, LLVM(R_ARM_THM_ALU_PREL_11_0), magnitude(12)), // adr.w.
    address(EM_ARM, LLVM(R_ARM_THM_PC12), magnitude(12)),          // ldr.w.
    // `adr`: 8 bits at an even rotation. Up to here each multiple of 4 fits;
    // past it some distances do, too few to count on.
    address(EM_ARM, LLVM(R_ARM_ALU_PC_G0), {-1020, 1020}),
    address(EM_ARM, LLVM(R_ARM_LDRS_PC_G0), magnitude(8)),  // ldrh, ldrd.
    address(EM_ARM, LLVM(R_ARM_LDC_PC_G0), {-1020, 1020}),  // ldc, vldr.
    branch(EM_ARM, LLVM(R_ARM_THM_JUMP11), signedBits(12)), // b.n.
    branch(EM_ARM, LLVM(R_ARM_THM_JUMP8), signedBits(9)),   // beq.n.

    // x86-64: System V ABI, AMD64 Architecture Processor Supplement,
    // "Relocation Types". PC32 is the field of every operand relative to RIP
    // and so no call by itself: assemblers write PLT32 for `call` and `jmp`.
    // (GNU as keeps PC32 for local symbols, which no other object defines.)
    // PC8 and PC16 only branches have.
    call(EM_X86_64, LLVM(R_X86_64_PLT32)),
    branch(EM_X86_64, LLVM(R_X86_64_PC16), signedBits(16)),
    branch(EM_X86_64, LLVM(R_X86_64_PC8), signedBits(8)),

    // AVR: no psABI; binutils, bfd/elf32-avr.c, and the AVR Instruction Set
    // Manual. The field counts words from the next instruction, hence the 2.
    // ld.lld does not check 13_PCREL: too far, it wraps without a word.
    branch(EM_AVR, LLVM(R_AVR_7_PCREL), {-126, 129}),    // breq.
    branch(EM_AVR, LLVM(R_AVR_13_PCREL), {-4094, 4097}), // rjmp, rcall.
    call(EM_AVR, LLVM(R_AVR_CALL)),                      // jmp, call.

    // Hexagon: Qualcomm Hexagon Application Binary Interface, "Relocation
    // symbols"; the fields count words. ld.lld extends B22 (8 MiB). The types
    // named _X are the low bits of a distance whose rest is in an extender
    // (B32_PCREL_X): they transfer control, and reach everywhere.
    call(EM_HEXAGON, LLVM(R_HEX_B22_PCREL)),                   // call, jump.
    branch(EM_HEXAGON, LLVM(R_HEX_B15_PCREL), signedBits(17)), // if (p0) jump.
    address(EM_HEXAGON, LLVM(R_HEX_B7_PCREL), signedBits(9)),  // loop0.
    branch(EM_HEXAGON, LLVM(R_HEX_B13_PCREL), signedBits(15)), // if (r0) jump.
    branch(EM_HEXAGON, LLVM(R_HEX_B9_PCREL), signedBits(11)),  // cmp and jump.
    call(EM_HEXAGON, LLVM(R_HEX_B22_PCREL_X)),
    call(EM_HEXAGON, LLVM(R_HEX_B15_PCREL_X)),
    call(EM_HEXAGON, LLVM(R_HEX_B13_PCREL_X)),
    call(EM_HEXAGON, LLVM(R_HEX_B9_PCREL_X)),
    call(EM_HEXAGON, LLVM(R_HEX_PLT_B22_PCREL)),

    // AArch64: ELF for the Arm 64-bit Architecture (aaelf64), "Static Data
    // relocations" and "Static AArch64 relocations". "Call and Jump
    // relocations" allows veneers for CALL26, JUMP26 and PLT32 only. (PLT32 is
    // a data word, ADRP and the like reach 4 GiB.)
    //
    // ld.lld, gold and mold let PREL16 go up to 65535, as older aaelf64 did;
    // what reads it back with its sign would then be wrong.
    address(EM_AARCH64, LLVM(R_AARCH64_PREL16), signedBits(16)),
    address(EM_AARCH64, LLVM(R_AARCH64_LD_PREL_LO19), signedBits(21)),
    address(EM_AARCH64, LLVM(R_AARCH64_ADR_PREL_LO21), signedBits(21)),
    branch(EM_AARCH64, LLVM(R_AARCH64_TSTBR14), signedBits(16)),
    branch(EM_AARCH64, LLVM(R_AARCH64_CONDBR19), signedBits(21)),
    call(EM_AARCH64, LLVM(R_AARCH64_JUMP26)),
    call(EM_AARCH64, LLVM(R_AARCH64_CALL26)),
    // movz or movn: the whole distance, and checked. G1 and up reach 4 GiB.
    address(EM_AARCH64, LLVM(R_AARCH64_MOVW_PREL_G0), signedBits(17)),

    // RISC-V: RISC-V ELF Specification, "Relocation types". No linker here
    // extends JAL, so it is short although it is the jump of `jal f`.
    branch(EM_RISCV, LLVM(R_RISCV_BRANCH), signedBits(13)),
    branch(EM_RISCV, LLVM(R_RISCV_JAL), signedBits(21)),
    call(EM_RISCV, LLVM(R_RISCV_CALL)),
    call(EM_RISCV, LLVM(R_RISCV_CALL_PLT)),
    branch(EM_RISCV, LLVM(R_RISCV_RVC_BRANCH), signedBits(9)),
    branch(EM_RISCV, LLVM(R_RISCV_RVC_JUMP), signedBits(12)),

    // LoongArch: ELF for the LoongArch Architecture, "Relocation types".
    branch(EM_LOONGARCH, PSABI(R_LARCH_B16), signedBits(18)),         // beq.
    branch(EM_LOONGARCH, PSABI(R_LARCH_B21), signedBits(23)),         // beqz.
    call(EM_LOONGARCH, PSABI(R_LARCH_B26)),                           // b, bl.
    address(EM_LOONGARCH, PSABI(R_LARCH_PCREL20_S2), signedBits(22)), // pcaddi.
    call(EM_LOONGARCH, PSABI(R_LARCH_CALL36)), // pcaddu18i and jirl.
    call(EM_LOONGARCH, PSABI(R_LARCH_CALL30)), // pcaddu12i and jirl.
};

#undef LLVM
#undef PSABI

constexpr bool isBefore(const RelocationReach &Row, uint16_t Machine,
                        uint32_t Type) {
  return Row.Machine != Machine ? Row.Machine < Machine : Row.Type < Type;
}

constexpr bool isSortedWithoutDoubles() {
  for (size_t I = 1; I < std::size(Table); ++I)
    if (!isBefore(Table[I - 1], Table[I].Machine, Table[I].Type))
      return false;
  return true;
}
static_assert(isSortedWithoutDoubles(), "the binary search needs this order");

/// The machine that the table has \p Machine's types under.
uint16_t familyOf(uint16_t Machine) {
  return Machine == EM_SPARCV9 || Machine == EM_SPARC32PLUS ? uint16_t(EM_SPARC)
                                                            : Machine;
}

/// The first row that is not before \p Type of \p Machine.
const RelocationReach *lowerBound(uint16_t Machine, uint32_t Type) {
  return llvm::partition_point(Table, [=](const RelocationReach &Row) {
    return isBefore(Row, Machine, Type);
  });
}

} // namespace

uint64_t RelocationReach::reach() const {
  return uint64_t(std::max(-Lowest, Highest));
}

const RelocationReach *findRelocationReach(uint16_t Machine, uint32_t Type) {
  Machine = familyOf(Machine);
  const RelocationReach *Row = lowerBound(Machine, Type);
  if (Row == std::end(Table) || Row->Machine != Machine || Row->Type != Type)
    return nullptr;
  return Row;
}

const RelocationReach *findRelocationReach(StringRef Name) {
  const RelocationReach *Row = llvm::find_if(
      Table, [=](const RelocationReach &R) { return R.Name == Name; });
  return Row == std::end(Table) ? nullptr : Row;
}

bool isOfKnownMachine(StringRef Name) {
  // `R_AARCH64_` of R_AARCH64_CONDBR19.
  size_t End = Name.find('_', strlen("R_"));
  return End != StringRef::npos &&
         llvm::any_of(Table, [&](const RelocationReach &R) {
           return R.Name.take_front(End + 1) == Name.take_front(End + 1);
         });
}

std::string reachesUnknown(uint16_t Machine) {
  StringRef Arch = ELF::convertEMachineToArchName(Machine);
  return "short references of " + (Arch == "None" ? "" : Arch.str() + " (") +
         "e_machine " + std::to_string(Machine) + (Arch == "None" ? "" : ")") +
         " are not known";
}

ArrayRef<RelocationReach> relocationReaches() { return Table; }

bool isKnownMachine(uint16_t Machine) {
  Machine = familyOf(Machine);
  const RelocationReach *Row = lowerBound(Machine, 0);
  return Row != std::end(Table) && Row->Machine == Machine;
}

} // namespace section_placement
