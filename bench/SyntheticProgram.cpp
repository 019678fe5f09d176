//===- SyntheticProgram.cpp - A large program for benchmarks --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntheticProgram.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/NoFolder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {
namespace bench {

static const char *const Folders[] = {"kernel/sched", "kernel/irq", "mm",
                                      "fs/ext4",      "net/core",   "net/ipv4",
                                      "drivers/net",  "lib"};
static const char *const Subjects[] = {"sched", "irq",    "page", "inode",
                                       "skb",   "tcp",    "ring", "string",
                                       "queue", "buffer", "node"};
static const char *const Verbs[] = {"init",    "update", "lookup", "release",
                                    "handler", "show",   "set"};

std::string functionName(unsigned I, Naming N) {
  std::string Subject = Subjects[I % std::size(Subjects)];
  std::string Verb = Verbs[I / 3 % std::size(Verbs)];
  std::string Number = std::to_string(I);
  std::string Name =
      N == Naming::C ? "vendor_" + Subject + "_" + Number + "_" + Verb
                     : "_ZN6vendor" + std::to_string(Subject.size()) + Subject +
                           std::to_string(Verb.size() + Number.size()) + Verb +
                           Number + "ERKSsi";
  if (I % 40 == 7)
    Name += ".llvm." + std::to_string(1234567890123456789u - I);
  else if (I % 40 == 27)
    Name += "." + std::to_string(I % 9 + 1);
  return Name;
}

std::string sourceOf(unsigned I) {
  unsigned File = I / FunctionsInFile;
  return std::string(Folders[File % std::size(Folders)]) + "/part" +
         std::to_string(File / 8 % 5) + "/file" + std::to_string(File) + ".c";
}

void fillProgram(Program &P) {
  P.Symbols.reserve(FunctionCount);
  StringRef Source;
  for (unsigned I = 0; I < FunctionCount; ++I) {
    if (I % FunctionsInFile == 0)
      Source = P.save(sourceOf(I));
    Symbol S;
    S.Name = P.save(functionName(I));
    S.Canonical = canonicalName(S.Name, /*Merged=*/true);
    S.Source = Source;
    P.Symbols.push_back(S);
  }
  P.finish();
}

/// For x86-64, with debug info. Parsed, because a triple is given to a module
/// in other ways before LLVM 21.
static std::unique_ptr<Module> emptyModule(LLVMContext &Context) {
  SMDiagnostic Unused;
  return parseAssemblyString(
      "target datalayout = \"e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-"
      "i128:128-f80:128-n8:16:32:64-S128\"\n"
      "target triple = \"x86_64-unknown-linux-gnu\"\n"
      "!llvm.module.flags = !{!0}\n"
      "!0 = !{i32 2, !\"Debug Info Version\", i32 3}\n",
      Unused, Context);
}

namespace {
class ModuleMaker {
public:
  ModuleMaker(LLVMContext &Context, Naming N)
      : M(emptyModule(Context)), Debug(*M), B(Context), N(N),
        I64(Type::getInt64Ty(Context)) {}

  std::unique_ptr<Module> make() {
    declare();
    for (unsigned I = 0; I < FunctionCount; ++I)
      define(I);
    Debug.finalize();
    return std::move(M);
  }

private:
  void declare();
  void define(unsigned I);
  void call(unsigned Callee, Value *X, Value *Y) {
    Function *F = Functions[Callee % FunctionCount];
    Last = B.CreateCall(F, {X, Y});
  }

  std::unique_ptr<Module> M;
  DIBuilder Debug;
  IRBuilder<NoFolder> B;
  Naming N;
  Type *I64;
  std::vector<Function *> Functions;
  std::vector<GlobalVariable *> Variables;
  Value *Last = nullptr;
};
} // namespace

void ModuleMaker::declare() {
  FunctionType *Type = FunctionType::get(I64, {I64, I64}, false);
  AttrBuilder Attributes(M->getContext());
  Attributes.addAttribute(Attribute::NoUnwind);
  Attributes.addAttribute("target-features", "+cx8,+fxsr,+mmx,+sse,+sse2,+x87");
  Attributes.addAttribute("frame-pointer", "all");
  DIFile *File = nullptr;
  DICompileUnit *Unit = nullptr;
  DISubroutineType *Signature =
      Debug.createSubroutineType(Debug.getOrCreateTypeArray({}));
  for (unsigned I = 0; I < FunctionCount; ++I) {
    if (I % FunctionsInFile == 0) {
      File = Debug.createFile(sourceOf(I), "/usr/src/program");
      Unit = Debug.createCompileUnit(dwarf::DW_LANG_C11, File, "clang", true,
                                     "", 0);
      for (unsigned V = 0; V < FunctionsInFile / 10; ++V)
        Variables.push_back(new GlobalVariable(
            *M, I64, false, GlobalValue::InternalLinkage,
            ConstantInt::get(I64, V), "state_" + Twine(Variables.size())));
    }
    bool IsLocal = I % 5 > 1;
    Function *F = Function::Create(Type,
                                   IsLocal ? GlobalValue::InternalLinkage
                                           : GlobalValue::ExternalLinkage,
                                   functionName(I, N), *M);
    F->addFnAttrs(Attributes);
    if (I % 50 == 11)
      F->addFnAttr(Attribute::Cold);
    if (I % 1000 == 500)
      F->setSection(".init.text");
    F->setSubprogram(Debug.createFunction(
        Unit, F->getName(), "", File, I % FunctionsInFile, Signature,
        I % FunctionsInFile, DINode::FlagZero,
        DISubprogram::SPFlagDefinition | DISubprogram::SPFlagOptimized));
    Functions.push_back(F);
  }
}

/// 20 instructions in three blocks. Each function calls the next one, so that
/// all of them are reachable, and two of five call one far away as well.
void ModuleMaker::define(unsigned I) {
  LLVMContext &Context = M->getContext();
  Function *F = Functions[I];
  Value *X = F->getArg(0), *Y = F->getArg(1);
  BasicBlock *Entry = BasicBlock::Create(Context, "", F);
  BasicBlock *Then = BasicBlock::Create(Context, "", F);
  BasicBlock *End = BasicBlock::Create(Context, "", F);
  GlobalVariable *State = Variables[(I * 7u) % Variables.size()];
  B.SetInsertPoint(Entry);
  Value *Sum = B.CreateAdd(X, Y);
  Value *Loaded = B.CreateLoad(I64, State);
  Value *Mixed = B.CreateXor(B.CreateShl(Sum, Y), Loaded);
  call(I + 1, Mixed, Y);
  Value *Test = B.CreateICmpEQ(Last, X);
  B.CreateCondBr(Test, Then, End); // 7 instructions.
  B.SetInsertPoint(Then);
  Value *T = B.CreateMul(Sum, Loaded);
  if (I % 5 < 2)
    call(I * 2654435761u, T, Last);
  else
    Last = B.CreateSub(T, Last);
  Value *Pointer = B.CreateIntToPtr(Last, PointerType::get(Context, 0));
  Value *Slot = B.CreateGEP(I64, Pointer, X);
  Value *Field = B.CreateLoad(I64, Slot);
  if (I % 1000 == 42)
    B.CreateCall(
        InlineAsm::get(FunctionType::get(B.getVoidTy(), B.getPtrTy(), false),
                       "jrcxz ${0:c}", "i,~{memory}", /*hasSideEffects=*/true),
        Functions[(I + 17) % FunctionCount]);
  else if (I % 100 == 42)
    B.CreateCall(InlineAsm::get(FunctionType::get(B.getVoidTy(), false),
                                "lfence; rdtsc", "~{rax},~{rdx}",
                                /*hasSideEffects=*/true));
  else
    B.CreateStore(Field, Slot);
  Value *Again = B.CreateOr(Field, T);
  B.CreateBr(End); // 8, in all 15.
  B.SetInsertPoint(End);
  PHINode *Phi = B.CreatePHI(I64, 2);
  Phi->addIncoming(Mixed, Entry);
  Phi->addIncoming(Again, Then);
  Value *Out = B.CreateAnd(Phi, Sum);
  B.CreateStore(Out, State);
  Value *Result = B.CreateAdd(Out, Loaded);
  B.CreateRet(Result);
}

std::unique_ptr<Module> makeModule(LLVMContext &Context, Naming N) {
  return ModuleMaker(Context, N).make();
}

[[noreturn]] static void die(const Twine &Why) {
  errs() << "bench: " << Why << '\n';
  exit(1);
}

PolicyFolder::PolicyFolder() {
  SmallString<128> Path;
  if (sys::fs::createUniqueDirectory("section-placement-bench", Path))
    die("no temporary folder");
  Folder = Path.str().str();
}

PolicyFolder::~PolicyFolder() { sys::fs::remove_directories(Folder); }

std::string PolicyFolder::write(const std::string &Name,
                                const std::string &Text) {
  std::string Path = Folder + "/" + Name;
  std::error_code EC;
  raw_fd_ostream OS(Path, EC);
  OS << Text;
  OS.flush();
  if (EC || OS.has_error())
    die("cannot write " + Path);
  return Path;
}

/// A name of the source: no suffix.
static std::string plainName(unsigned I) {
  return canonicalName(functionName(I % FunctionCount), /*Merged=*/true).str();
}

std::string PolicyFolder::literalRules(unsigned Count, unsigned Names) {
  std::string Text = "version: 1\nrules:\n";
  for (unsigned R = 0; R < Count; ++R) {
    Text +=
        "  - name: rule-" + std::to_string(R) + "\n    match: { function: [";
    for (unsigned I = 0; I < Names; ++I)
      Text += plainName(R * 197 + I * 39119) + ", ";
    Text.resize(Text.size() - 2);
    Text += "] }\n    section: .text.group" + std::to_string(R) + "\n";
  }
  return write("literal-" + std::to_string(Count) + "-" +
                   std::to_string(Names) + ".yaml",
               Text);
}

std::string PolicyFolder::mixedRules(bool Grows) {
  std::string List;
  for (unsigned I = 0; I < 1000; ++I)
    List += plainName(I * 193 + 5) + "\n";
  write("startup.order", List);
  std::string Text = "version: 1\n"
                     "root: /usr/src/program\n"
                     "rules:\n"
                     "  - name: entry\n"
                     "    match: { function: [" +
                     plainName(1042) + ", " + plainName(42042) + ", " +
                     plainName(99042) +
                     "] }\n"
                     "    section: .text.entry\n";
  if (Grows)
    Text += "    grow: { along: [branch] }\n";
  Text += R"(
  - name: startup
    match: { function-file: [startup.order] }
    section: .text.startup
    order: listed
  - name: keep-init
    match: { section: [.init.text] }
    leave: true
  - name: scheduler
    match: { source: ["kernel/sched/part1/*.c"], function: ["vendor_sched_*"] }
    section: .text.sched
  - name: handlers
    match: { function: ["vendor_*_handler"], source: ["drivers/**"] }
    section: .text.handlers
  - name: unsplit-lib
    match: { source: ["lib/part0/**"] }
    section: .text
  - name: networking
    match:
      source: ["net/{core,ipv4}/part3/*"]
      except: { function: ["*_show"] }
    section: ".text.net.{file}"
  - name: cold-parts
    match: { attribute: [cold], source: ["mm/**"] }
    section: .text.unlikely.mm
  - name: named
    match: { function: [)" +
          plainName(17) + ", " + plainName(18) + ", " + plainName(19) +
          R"(, memcpy, memset, panic] }
    section: .text.named
    optional: true
  - name: exact-files
    match: { source: [fs/ext4/part0/file3.c, fs/ext4/part0/file43.c] }
    section: ".text.ext4.{function}"
)";
  return write(Grows ? "mixed-growing.yaml" : "mixed.yaml", Text);
}

Policy mustRead(const std::string &File) {
  Expected<Policy> P = readPolicy(File);
  if (!P)
    die(toString(P.takeError()));
  return std::move(*P);
}

} // namespace bench
} // namespace section_placement
