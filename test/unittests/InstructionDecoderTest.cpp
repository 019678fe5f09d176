//===- InstructionDecoderTest.cpp - Where one instruction goes ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The assembler and the disassembler are two programs: what the first was told
// to reach, the second must find. Each instruction stands at the label `from`
// and refers to `to`, which stands behind or before it.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Decode/InstructionDecoder.h"
#include "section-placement/Asm/Assembler.h"
#include "section-placement/Objects/ObjectFile.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace section_placement;

namespace {

struct Case {
  const char *Triple;
  const char *Features;
  const char *Text; ///< Refers to `to`.
  ControlFlow Flow;
  const char *Form; ///< Of a short branch, its relocation; else empty.
};

const ControlFlow N = ControlFlow::None, J = ControlFlow::Jump,
                  B = ControlFlow::Branch, C = ControlFlow::Call;

const Case Cases[] = {
    {"aarch64-linux-gnu", "", "cbz x0, to", B, "R_AARCH64_CONDBR19"},
    {"aarch64-linux-gnu", "", "b.eq to", B, "R_AARCH64_CONDBR19"},
    {"aarch64-linux-gnu", "", "tbz x0, #5, to", B, "R_AARCH64_TSTBR14"},
    {"aarch64-linux-gnu", "", "b to", J, ""},
    {"aarch64-linux-gnu", "", "bl to", C, ""},
    {"aarch64-linux-gnu", "", "adr x0, to", N, ""},
    {"aarch64-linux-gnu", "", "ldr x0, to", N, ""},
    {"aarch64-linux-gnu", "", "ldrsw x0, to", N, ""},
    {"aarch64_be-linux-gnu", "", "cbz x0, to", B, "R_AARCH64_CONDBR19"},
    {"armv7-linux-gnueabi", "", "beq to", B, ""},
    {"armv7-linux-gnueabi", "", "b to", J, ""},
    {"armv7-linux-gnueabi", "", "ldr r0, to", N, ""},
    {"armv7-linux-gnueabi", "", "adr r0, to", N, ""},
    {"armv7-linux-gnueabi", "", "ldrh r0, to", N, ""},
    {"thumbv7-linux-gnueabi", "", "beq.n to", B, "R_ARM_THM_JUMP8"},
    {"thumbv7-linux-gnueabi", "", "b.n to", J, "R_ARM_THM_JUMP11"},
    {"thumbv7-linux-gnueabi", "", "beq.w to", B, ""},
    {"thumbv7-linux-gnueabi", "", "b.w to", J, ""},
    {"thumbv7-linux-gnueabi", "", "ldr.w r0, to", N, ""},
    {"thumbv7-linux-gnueabi", "", "adr.w r0, to", N, ""},
    {"thumbv6m-none-eabi", "", "beq to", B, "R_ARM_THM_JUMP8"},
    {"thumbv6m-none-eabi", "", "b to", J, "R_ARM_THM_JUMP11"},
    {"riscv64-linux-gnu", "+c", "beq a0, a1, to", B, "R_RISCV_BRANCH"},
    {"riscv64-linux-gnu", "+c", "jal ra, to", C, "R_RISCV_JAL"},
    {"riscv64-linux-gnu", "", "jal zero, to", J, "R_RISCV_JAL"},
    {"riscv64-linux-gnu", "+c", "c.beqz a0, to", B, "R_RISCV_RVC_BRANCH"},
    {"riscv64-linux-gnu", "+c", "c.j to", J, "R_RISCV_RVC_JUMP"},
    {"riscv32-linux-gnu", "+c", "bne a0, a1, to", B, "R_RISCV_BRANCH"},
    {"riscv32-linux-gnu", "+c", "c.jal to", C, "R_RISCV_RVC_JUMP"},
    {"x86_64-linux-gnu", "", "jrcxz to", B, "R_X86_64_PC8"},
    {"x86_64-linux-gnu", "", "je to", B, "R_X86_64_PC8"},
    {"x86_64-linux-gnu", "", "jmp to", J, "R_X86_64_PC8"},
    {"x86_64-linux-gnu", "", "loop to", B, "R_X86_64_PC8"},
    {"x86_64-linux-gnu", "", "callq to", C, ""},
    {"x86_64-linux-gnu", "", "leaq to(%rip), %rax", N, ""},
    {"x86_64-linux-gnu", "", "movq to(%rip), %rax", N, ""},
    {"i686-linux-gnu", "", "jecxz to", B, "R_386_PC8"},
    {"i686-linux-gnu", "", "calll to", C, ""},
    {"powerpc64le-linux-gnu", "", "beq 0, to", B, ""},
    {"powerpc64-linux-gnu", "", "b to", J, ""},
    {"powerpc64-linux-gnu", "", "bl to", C, ""},
    {"powerpc-linux-gnu", "", "beq 0, to", B, "R_PPC_REL14"},
    {"powerpc-linux-gnu", "", "bl to", C, ""},
    {"mips-linux-gnu", "", "beq $2, $3, to", B, "R_MIPS_PC16"},
    {"mips64el-linux-gnuabi64", "", "bal to", C, "R_MIPS_PC16"},
    {"loongarch64-linux-gnu", "", "beq $a0, $a1, to", B, "R_LARCH_B16"},
    {"loongarch64-linux-gnu", "", "beqz $a0, to", B, "R_LARCH_B21"},
    {"loongarch64-linux-gnu", "", "bl to", C, ""},
    {"s390x-linux-gnu", "", "jne to", B, "R_390_PC16DBL"},
    {"s390x-linux-gnu", "", "j to", J, "R_390_PC16DBL"},
    {"s390x-linux-gnu", "", "bras %r14, to", C, "R_390_PC16DBL"},
    {"s390x-linux-gnu", "", "brasl %r14, to", C, ""},
    {"s390x-linux-gnu", "", "larl %r1, to", N, ""},
};

struct Assembled {
  std::vector<uint8_t> Bytes;
  uint64_t From = 0, To = 0;
};

class InstructionDecoderTest : public testing::TestWithParam<Case> {
protected:
  static void SetUpTestSuite() {
    InitializeAllTargetInfos();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
    InitializeAllDisassemblers();
  }

  static std::optional<Assembled> assemble(const Case &C, bool IsForward) {
    Assembler A((Triple(C.Triple)));
    if (!A.isAvailable())
      return std::nullopt;
    std::string Instruction = std::string("from: ") + C.Text + "\n";
    std::string Padding = ".p2align 3\n.space 40\n", Label = "to: .space 16\n";
    std::string Text = ".syntax unified\n";
    if (!StringRef(C.Triple).contains("arm") &&
        !StringRef(C.Triple).contains("thumb"))
      Text = "";
    if (StringRef(C.Triple).contains("mips"))
      Text = ".set noreorder\n";
    Text += IsForward ? ".p2align 3\n" + Instruction + Padding + Label
                      : Label + Padding + Instruction;
    Expected<SmallVector<char, 0>> Object = A.assemble(Text, "", C.Features);
    if (!Object) {
      ADD_FAILURE() << C.Text << ": " << toString(Object.takeError());
      return std::nullopt;
    }
    auto File = object::ObjectFile::createELFObjectFile(
        MemoryBufferRef(StringRef(Object->data(), Object->size()), "asm"));
    if (!File) {
      ADD_FAILURE() << toString(File.takeError());
      return std::nullopt;
    }
    Assembled Result;
    for (const object::SymbolRef &S : (*File)->symbols()) {
      StringRef Name = cantFail(S.getName());
      if (Name == "from")
        Result.From = cantFail(S.getValue()) & ~uint64_t(1);
      if (Name == "to")
        Result.To = cantFail(S.getValue()) & ~uint64_t(1);
    }
    for (const object::SectionRef &S : (*File)->sections())
      if (cantFail(S.getName()) == ".text") {
        StringRef Contents = cantFail(S.getContents());
        Result.Bytes.assign(Contents.bytes_begin(), Contents.bytes_end());
      }
    return Result;
  }
};

TEST_P(InstructionDecoderTest, FindsWhatTheAssemblerWasToldToReach) {
  const Case &C = GetParam();
  Triple T(C.Triple);
  for (bool IsForward : {true, false}) {
    std::optional<Assembled> A = assemble(C, IsForward);
    if (!A)
      GTEST_SKIP() << "this LLVM has no " << C.Triple;
    auto D = InstructionDecoder::create(
        T, (std::string(C.Features) + (T.isThumb() ? ",+thumb-mode" : "")),
        !T.isLittleEndian() && !T.isAArch64());
    ASSERT_TRUE(D) << C.Triple;
    ArrayRef<uint8_t> Bytes = ArrayRef<uint8_t>(A->Bytes).drop_front(A->From);
    // At an address of the kind that images have.
    uint64_t Base = 0x10000;
    DecodedInstruction I = D->decode(Bytes, Base + A->From);
    ASSERT_TRUE(I.IsKnown) << C.Triple << ": " << C.Text;
    std::string What =
        std::string(C.Triple) + ": " + C.Text + " is " + D->nameOf(I).str();
    EXPECT_EQ(int(I.Flow), int(C.Flow)) << What;
    std::optional<uint64_t> Goes = C.Flow == N ? I.Operand : I.Target;
    ASSERT_TRUE(Goes) << What;
    EXPECT_EQ(*Goes, Base + A->To) << What;
    const RelocationReach *Form = D->shortForm(I, Bytes);
    EXPECT_EQ(Form ? Form->Name : "", C.Form) << What;
  }
}

INSTANTIATE_TEST_SUITE_P(All, InstructionDecoderTest, testing::ValuesIn(Cases));

} // namespace
