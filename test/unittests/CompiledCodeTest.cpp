//===- CompiledCodeTest.cpp - What functions become -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Codegen/CompiledCode.h"
#include "Scenario.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace section_placement;

namespace {

constexpr StringLiteral Thumb = "thumbv6m-none-eabi";
constexpr StringLiteral RISCV = "riscv32-none-elf";
constexpr StringLiteral AArch64 = "aarch64-linux-gnu";
constexpr StringLiteral X86 = "x86_64-linux-gnu";

class CompiledCodeTest : public testing::Test {
protected:
  CompiledCodeTest() {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmParsers();
    InitializeAllAsmPrinters();
  }

  /// Compiles all definitions of \p IR.
  Expected<CompiledCode> compile(StringRef Triple, StringRef IR) {
    SMDiagnostic Fault;
    M = parseAssemblyString(("target triple = \"" + Triple + "\"\n" + IR).str(),
                            Fault, Context);
    if (!M)
      return createStringError(inconvertibleErrorCode(),
                               Fault.getMessage().str());
    SmallVector<Function *, 4> Wanted;
    for (Function &F : *M)
      if (!F.isDeclaration())
        Wanted.push_back(&F);
    return compileFunctions(*M, Wanted, {});
  }

  /// `f calls memcpy`, each once, sorted.
  Texts facts(StringRef Triple, StringRef IR) {
    Expected<CompiledCode> Code = compile(Triple, IR);
    if (!Code)
      return {toString(Code.takeError())};
    Texts Found;
    for (const CompiledFunction &F : Code->Functions) {
      EXPECT_GT(F.Size, 0u) << F.F->getName().str();
      for (const CompiledReference &R : F.References) {
        const CompiledTarget &T = Code->Targets[R.Target];
        Found.push_back((F.F->getName() + " " + verbOf(R, T) + " " + T.Name +
                         (T.IsMadeByCodegen ? ", made" : ""))
                            .str());
      }
    }
    llvm::sort(Found);
    Found.erase(std::unique(Found.begin(), Found.end()), Found.end());
    EXPECT_FALSE(verifyModule(*M));
    return Found;
  }

  static StringRef verbOf(const CompiledReference &R, const CompiledTarget &T) {
    if (R.IsCall)
      return "calls";
    return T.Kind == CompiledTargetKind::Code       ? "takes"
           : T.Kind == CompiledTargetKind::Constant ? "reads"
                                                    : "uses";
  }

  LLVMContext Context;
  std::unique_ptr<Module> M;
};

TEST_F(CompiledCodeTest, RuntimeRoutinesHaveTheNamesThatTheLinkerSees) {
  StringRef Shift = "define i64 @f(i64 %a, i64 %b) {\n"
                    "  %c = shl i64 %a, %b\n  ret i64 %c\n}\n";
  EXPECT_EQ(facts(Thumb, Shift), Texts{"f calls __aeabi_llsl"});
  EXPECT_EQ(facts(RISCV, Shift), Texts{});
  EXPECT_EQ(facts(AArch64, Shift), Texts{});
  StringRef Product = "define float @f(float %a, float %b) {\n"
                      "  %c = fmul float %a, %b\n  ret float %c\n}\n";
  EXPECT_EQ(facts(Thumb, Product), Texts{"f calls __aeabi_fmul"});
  EXPECT_EQ(facts(RISCV, Product), Texts{"f calls __mulsf3"});
  EXPECT_EQ(facts(X86, Product), Texts{});
}

TEST_F(CompiledCodeTest, ACopyOfAStructIsACall) {
  StringRef Copy =
      "define void @f(ptr %a, ptr %b) {\n"
      "  call void @llvm.memcpy.p0.p0.i32(ptr align 4 %a, ptr align 4 %b, "
      "i32 4096, i1 false)\n  ret void\n}\n"
      "declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)\n";
  EXPECT_EQ(facts(Thumb, Copy), Texts{"f calls __aeabi_memcpy4"});
  EXPECT_EQ(facts(RISCV, Copy), Texts{"f calls memcpy"});
}

TEST_F(CompiledCodeTest, ATailCallIsACallAndOneToItselfIsNone) {
  StringRef IR = "declare void @g()\n"
                 "define void @f() {\n  tail call void @g()\n  ret void\n}\n"
                 "define void @self() {\n  tail call void @self()\n"
                 "  ret void\n}\n";
  for (StringRef Triple : {Thumb, RISCV, AArch64, X86})
    EXPECT_EQ(facts(Triple, IR), Texts{"f calls g"}) << Triple.str();
}

TEST_F(CompiledCodeTest, ConstantsVariablesAndAddressesAreToldApart) {
  StringRef IR = "@table = external constant [64 x i32]\n"
                 "@state = external global i32\n"
                 "declare void @handler()\n"
                 "define i32 @read(i32 %i) {\n"
                 "  %p = getelementptr [64 x i32], ptr @table, i32 0, i32 %i\n"
                 "  %v = load i32, ptr %p\n  ret i32 %v\n}\n"
                 "define i32 @use() {\n"
                 "  %v = load i32, ptr @state\n  ret i32 %v\n}\n"
                 "define ptr @take() {\n  ret ptr @handler\n}\n";
  for (StringRef Triple : {Thumb, RISCV, AArch64, X86})
    EXPECT_EQ(
        facts(Triple, IR),
        (Texts{"read reads table", "take takes handler", "use uses state"}))
        << Triple.str();
}

TEST_F(CompiledCodeTest, WhatCodeGenerationMakesBesideAFunctionIsToldAsThat) {
  EXPECT_EQ(facts(X86, "define double @f(double %a) {\n"
                       "  %b = fadd double %a, 3.25\n  ret double %b\n}\n"),
            Texts{"f reads .rodata.cst8, made"});
}

TEST_F(CompiledCodeTest, InlineAsmIsReadWithItsShortBranches) {
  Expected<CompiledCode> Code =
      compile(AArch64, "declare void @g()\n"
                       "define void @f() {\n"
                       "  call void asm sideeffect \"cbz x0, g\", \"\"()\n"
                       "  ret void\n}\n");
  ASSERT_TRUE(bool(Code)) << toString(Code.takeError());
  ASSERT_EQ(Code->Functions[0].References.size(), 1u);
  const CompiledReference &R = Code->Functions[0].References[0];
  EXPECT_EQ(Code->Targets[R.Target].Name, "g");
  EXPECT_EQ(R.Relocation, "R_AARCH64_CONDBR19");
  ASSERT_NE(R.Reach, nullptr);
  EXPECT_TRUE(R.Reach->IsShort);
  EXPECT_EQ(R.Offset, 0u);
}

TEST_F(CompiledCodeTest, SizesAreThoseOfTheInstructions) {
  Expected<CompiledCode> Code =
      compile(AArch64, "define i32 @f(i32 %a, i32 %b) {\n"
                       "  %c = add i32 %a, %b\n  ret i32 %c\n}\n");
  ASSERT_TRUE(bool(Code)) << toString(Code.takeError());
  EXPECT_EQ(Code->Functions[0].Size, 8u);
  EXPECT_EQ(Code->Functions[0].Alignment, 4u);
}

TEST_F(CompiledCodeTest, FaultsAreErrorsAndTheModuleStaysAsItIs) {
  EXPECT_EQ(facts("arm64-apple-macosx", "define void @f() {\n  ret void\n}\n"),
            Texts{"'arm64-apple-macosx' is not an ELF target"});
  Texts Bad = facts(AArch64, "define void @f() {\n"
                             "  call void asm sideeffect \"no-such\", \"\"()\n"
                             "  ret void\n}\n");
  ASSERT_EQ(Bad.size(), 1u);
  EXPECT_NE(Bad[0].find("instruction"), std::string::npos) << Bad[0];
  EXPECT_EQ(M->size(), 1u);
}

TEST_F(CompiledCodeTest, PointersToCodeAreFoundThroughTables) {
  SMDiagnostic Fault;
  M = parseAssemblyString("declare void @a()\ndeclare void @b()\n"
                          "@inner = constant [1 x ptr] [ptr @b]\n"
                          "@data = global i32 7\n"
                          "@outer = constant { ptr, ptr, ptr } "
                          "{ ptr @a, ptr @inner, ptr @data }\n",
                          Fault, Context);
  ASSERT_TRUE(M);
  Texts Names;
  for (const GlobalValue *V : codePointersIn(*M->getNamedGlobal("outer")))
    Names.push_back(V->getName().str());
  EXPECT_EQ(Names, (Texts{"a", "b"}));
}

} // namespace
