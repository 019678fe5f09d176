//===- CompiledCode.cpp - What functions become ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Extract, compile into memory, read the relocations. That happens in a context
// of its own: errors of code generation (inline asm that does not assemble) are
// kept from the host, which meets them again in its own code generation, and
// its remarks stay its own.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Codegen/CompiledCode.h"
#include "FunctionExtract.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/CodeGen/TargetLowering.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include <tuple>

using namespace llvm;

namespace section_placement {

namespace {
/// Keeps the first error of a context, and lets nothing through.
struct FirstError final : DiagnosticHandler {
  std::string &Text;
  explicit FirstError(std::string &Text) : Text(Text) {}
  bool handleDiagnostics(const DiagnosticInfo &What) override {
    if (What.getSeverity() != DS_Error || !Text.empty())
      return true;
    raw_string_ostream OS(Text);
    DiagnosticPrinterRawOStream Printer(OS);
    What.print(Printer);
    OS.flush();
    // What follows is the line of asm, and a caret.
    Text = StringRef(Text).split('\n').first.str();
    return true;
  }
  bool isAnalysisRemarkEnabled(StringRef) const override { return false; }
  bool isMissedOptRemarkEnabled(StringRef) const override { return false; }
  bool isPassedOptRemarkEnabled(StringRef) const override { return false; }
  bool isAnyRemarkEnabled() const override { return false; }
};

class CodeReader {
public:
  CodeReader(Module &Original, Module &Compiled,
             const StringMap<const GlobalValue *> &Unnamed, CompiledCode &Out)
      : Original(Original), Compiled(Compiled), Unnamed(Unnamed), Out(Out) {}

  Error read(MemoryBufferRef Bytes);

private:
  void findFunctions(const object::ELFObjectFileBase &Object);
  Error readRelocation(CompiledFunction &F, uint64_t Begin,
                       const object::SectionRef &Place,
                       const object::ELFObjectFileBase &Object,
                       const object::RelocationRef &Relocation);
  uint32_t named(StringRef Name, bool IsCall);
  uint32_t madeByCodegen(const object::SectionRef &Section, StringRef Name);
  CompiledTarget describe(StringRef Name, bool IsCall) const;

  Module &Original;
  Module &Compiled;
  const StringMap<const GlobalValue *> &Unnamed;
  CompiledCode &Out;
  struct Extent {
    CompiledFunction *F;
    uint64_t Begin; ///< Bytes from the section's start.
  };
  DenseMap<uint64_t, Extent> BySection; ///< By the section's index.
  StringMap<uint32_t> Known;
};
} // namespace

/// Registers of the base of a table, not data that somebody reads.
static bool isLinkersOwn(StringRef Name) {
  return Name == "_GLOBAL_OFFSET_TABLE_" || Name == "_TLS_MODULE_BASE_" ||
         Name == "__global_pointer$" || Name == ".TOC." || Name == "_gp_disp" ||
         Name == "__gnu_local_gp";
}

/// \p Name, which no symbol of the object defines beside the functions, or
/// which the IR defines.
CompiledTarget CodeReader::describe(StringRef Name, bool IsCall) const {
  const GlobalValue *Value = Original.getNamedValue(Name);
  if (!Value)
    Value = Unnamed.lookup(Name);
  if (!Value)
    Value = Original.getNamedValue(("\1" + Name).str());
  StringRef Variable = Name;
  if (!Value && Variable.consume_front("__emutls_v."))
    Value = Original.getNamedValue(Variable);
  // What code generation itself declared (the stack protector's guard).
  const GlobalValue *Declared = Value ? Value : Compiled.getNamedValue(Name);
  if (Value && !IsCall) // Another name of data is that data.
    if (auto *Base = dyn_cast_or_null<GlobalVariable>(
            isa<GlobalAlias>(Value) ? Value->getAliaseeObject() : nullptr))
      Value = Declared = Base;
  auto Kind = CompiledTargetKind::Code;
  if (IsCall || (Declared && isa<FunctionType>(Declared->getValueType())))
    Kind = CompiledTargetKind::Code;
  else if (auto *V = dyn_cast_or_null<GlobalVariable>(Declared))
    Kind = V->isConstant() ? CompiledTargetKind::Constant
                           : CompiledTargetKind::Variable;
  else if (Declared)
    Kind = CompiledTargetKind::Variable; // An alias of data.
  return {Name.str(), Kind, Value, /*IsMadeByCodegen=*/false};
}

uint32_t CodeReader::named(StringRef Name, bool IsCall) {
  auto [Place, IsNew] = Known.try_emplace(Name, Out.Targets.size());
  if (IsNew)
    Out.Targets.push_back(describe(Name, IsCall));
  else if (IsCall)
    Out.Targets[Place->second].Kind = CompiledTargetKind::Code;
  return Place->second;
}

uint32_t CodeReader::madeByCodegen(const object::SectionRef &Section,
                                   StringRef Name) {
  auto [Place, IsNew] =
      Known.try_emplace(("\n" + Name).str(), Out.Targets.size());
  if (!IsNew)
    return Place->second;
  uint64_t Flags = object::ELFSectionRef(Section).getFlags();
  auto Kind = Flags & ELF::SHF_EXECINSTR ? CompiledTargetKind::Code
              : Flags & ELF::SHF_WRITE && Name.take_front(12) != ".data.rel.ro"
                  ? CompiledTargetKind::Variable
                  : CompiledTargetKind::Constant;
  Out.Targets.push_back({Name.str(), Kind, nullptr, true});
  return Place->second;
}

/// Each function has a section of its own.
void CodeReader::findFunctions(const object::ELFObjectFileBase &Object) {
  StringMap<CompiledFunction *> ByName;
  for (CompiledFunction &F : Out.Functions)
    ByName[GlobalValue::dropLLVMManglingEscape(F.F->getName())] = &F;
  for (const object::ELFSymbolRef Symbol : Object.symbols()) {
    Expected<StringRef> Name = Symbol.getName();
    Expected<object::section_iterator> Section = Symbol.getSection();
    Expected<uint64_t> Address = Symbol.getAddress();
    if (Name && Section && Address && *Section != Object.section_end()) {
      auto Found = ByName.find(*Name);
      if (Found != ByName.end()) {
        Found->second->Size = Symbol.getSize();
        Found->second->Alignment = compat::alignmentOf(**Section);
        BySection[(*Section)->getIndex()] = {Found->second, *Address};
      }
    }
    if (!Name)
      consumeError(Name.takeError());
    if (!Section)
      consumeError(Section.takeError());
    if (!Address)
      consumeError(Address.takeError());
  }
}

Error CodeReader::readRelocation(CompiledFunction &F, uint64_t Begin,
                                 const object::SectionRef &Place,
                                 const object::ELFObjectFileBase &Object,
                                 const object::RelocationRef &Relocation) {
  object::ELFSymbolRef Symbol = *Relocation.getSymbol();
  if (Relocation.getSymbol() == Object.symbol_end())
    return Error::success(); // A mark for the linker, of no symbol.
  Expected<object::section_iterator> Section = Symbol.getSection();
  if (!Section)
    return Section.takeError();
  bool IsDefined = *Section != Object.section_end();
  if (IsDefined && **Section == Place)
    return Error::success();
  const RelocationReach *Reach =
      findRelocationReach(Object.getEMachine(), Relocation.getType());
  bool IsCall = Reach && Reach->IsCall;
  Expected<StringRef> Name = Symbol.getName();
  if (!Name)
    return Name.takeError();
  bool IsLocal = Symbol.getBinding() == ELF::STB_LOCAL;
  uint32_t Target;
  if (IsDefined && IsLocal) {
    Expected<StringRef> SectionName = (*Section)->getName();
    if (!SectionName)
      return SectionName.takeError();
    Target = madeByCodegen(**Section, *SectionName);
  } else if (isLinkersOwn(*Name)) {
    return Error::success();
  } else {
    Target = named(*Name, IsCall);
  }
  SmallString<32> Type;
  Relocation.getTypeName(Type);
  bool IsDescriptorCall =
      isThreadLocalCall(Object.getEMachine(), Relocation.getType());
  F.References.push_back({Target, IsCall, Relocation.getOffset() - Begin,
                          Type.str().str(), IsDescriptorCall, Reach});
  return Error::success();
}

Error CodeReader::read(MemoryBufferRef Bytes) {
  Expected<std::unique_ptr<object::ObjectFile>> Read =
      object::ObjectFile::createELFObjectFile(Bytes);
  if (!Read)
    return Read.takeError();
  const auto &Object = cast<object::ELFObjectFileBase>(**Read);
  findFunctions(Object);
  for (const object::SectionRef &Section : Object.sections()) {
    Expected<object::section_iterator> Place = Section.getRelocatedSection();
    if (!Place)
      return Place.takeError();
    if (*Place == Object.section_end())
      continue;
    auto Found = BySection.find((*Place)->getIndex());
    if (Found == BySection.end())
      continue;
    Extent &E = Found->second;
    for (const object::RelocationRef &Relocation : Section.relocations())
      if (Error Fault =
              readRelocation(*E.F, E.Begin, **Place, Object, Relocation))
        return Fault;
    llvm::sort(E.F->References,
               [](const CompiledReference &A, const CompiledReference &B) {
                 return std::tuple(A.Offset, A.Target, A.IsCall) <
                        std::tuple(B.Offset, B.Target, B.IsCall);
               });
  }
  return Error::success();
}

CodegenSettings codegenSettingsOf(ArrayRef<CommandWord> Words) {
  CodegenSettings Settings;
  for (const CommandWord &Word : Words)
    if (Word.Text == "-femulated-tls" || Word.Text == "-fno-emulated-tls")
      Settings.EmulatesTLS = Word.Text == "-femulated-tls";
  return Settings;
}

CodegenSettings codegenSettingsOf(const LinkFacts &Link) {
  return {Link.isPositionIndependent(), Link.codegenEffort(), Link.LTOLevel};
}

/// What CodeGenPrepare does to definitions that memory is copied from or to: it
/// decides between `__aeabi_memcpy` and `__aeabi_memcpy4`. Here they are
/// declarations, so it is done for it.
static void alignWhatIsCopied(Module &M, const TargetMachine &Machine) {
  const DataLayout &Layout = M.getDataLayout();
  for (Function &F : M)
    for (Instruction &I : instructions(F)) {
      auto *Copy = dyn_cast<MemIntrinsic>(&I);
      unsigned Least = 0;
      Align Preferred;
      if (!Copy || !Machine.getSubtargetImpl(F)
                        ->getTargetLowering()
                        ->shouldAlignPointerArgs(Copy, Least, Preferred))
        continue;
      for (const Use &Argument : Copy->args()) {
        if (!Argument->getType()->isPointerTy())
          continue;
        APInt Offset(Layout.getIndexTypeSizeInBits(Argument->getType()), 0);
        auto *V = dyn_cast<GlobalVariable>(
            Argument.get()->stripAndAccumulateInBoundsConstantOffsets(Layout,
                                                                      Offset));
        if (V && V->hasAttribute(MayBeAligned) &&
            Offset.urem(Preferred.value()) == 0 &&
            V->getPointerAlignment(Layout) < Preferred &&
            Layout.getTypeAllocSize(V->getValueType()) >=
                Least + Offset.getZExtValue())
          V->setAlignment(Preferred);
      }
      // As CodeGenPrepare does: the intrinsic says what is known now.
      Align To = Copy->getDest()->getPointerAlignment(Layout);
      if (To > Copy->getDestAlign().valueOrOne())
        Copy->setDestAlignment(To);
      if (auto *Transfer = dyn_cast<MemTransferInst>(Copy)) {
        Align From = Transfer->getSource()->getPointerAlignment(Layout);
        if (From > Transfer->getSourceAlign().valueOrOne())
          Transfer->setSourceAlignment(From);
      }
    }
}

/// For the code of \p M and of functions like \p Like.
static Expected<std::unique_ptr<TargetMachine>>
createMachine(const Module &M, const Function &Like,
              const CodegenSettings &Settings) {
  Triple T = compat::targetTriple(M);
  const Target *Found = compat::lookupTarget(T);
  if (!Found || !Found->hasTargetMachine())
    return createStringError(inconvertibleErrorCode(),
                             "the host generates no code for '" + T.str() +
                                 "'");
  if (!T.isOSBinFormatELF())
    return createStringError(inconvertibleErrorCode(),
                             "'" + T.str() + "' is not an ELF target");
  TargetOptions Options = compat::targetOptions(T);
  Options.FunctionSections = true;
  Options.DataSections = true;
  if (Settings.EmulatesTLS)
    compat::emulateTLS(Options, *Settings.EmulatesTLS);
  bool IsPIC =
      Settings.IsPIC ? *Settings.IsPIC : M.getPICLevel() != PICLevel::NotPIC;
  std::unique_ptr<TargetMachine> Machine = compat::createTargetMachine(
      *Found, T, Like.getFnAttribute("target-cpu").getValueAsString(),
      Like.getFnAttribute("target-features").getValueAsString(), Options, IsPIC,
      compat::codeModel(M), Settings.Effort);
  if (!Machine)
    return createStringError(inconvertibleErrorCode(),
                             "no target machine for '" + T.str() + "'");
  return Machine;
}

static Error compileInto(Module &M, const Function &Like,
                         const CodegenSettings &Settings,
                         const std::string &FirstError,
                         SmallVectorImpl<char> &Bytes) {
  Expected<std::unique_ptr<TargetMachine>> Machine =
      createMachine(M, Like, Settings);
  if (!Machine)
    return Machine.takeError();
  Triple T = compat::targetTriple(M);
  // Instruction selection ends the process where no layout says which integers
  // are legal.
  if (M.getDataLayout().isDefault())
    M.setDataLayout((*Machine)->createDataLayout());
  alignWhatIsCopied(M, **Machine);
  raw_svector_ostream OS(Bytes);
  legacy::PassManager Passes;
  Passes.add(new TargetLibraryInfoWrapperPass(T));
  if ((*Machine)->addPassesToEmitFile(Passes, OS, nullptr,
                                      compat::ObjectFileType,
                                      /*DisableVerify=*/true))
    return createStringError(inconvertibleErrorCode(),
                             "'" + T.str() + "' writes no objects");
  Passes.run(M);
  if (!FirstError.empty())
    return createStringError(inconvertibleErrorCode(), FirstError);
  return Error::success();
}

namespace {
/// \p Wanted in a module of its own, and the object that it became.
struct CompiledModule {
  LLVMContext Context; ///< Its own: neither diagnostics nor remarks reach the
                       ///< host's.
  std::string Fault;
  std::unique_ptr<Module> Extracted;
  StringMap<const GlobalValue *> Unnamed; ///< See extractFunctions().
  SmallVector<char, 0> Bytes;

  Error compile(Module &M, ArrayRef<Function *> Wanted,
                const CodegenSettings &Settings);
  MemoryBufferRef object() const {
    return MemoryBufferRef(StringRef(Bytes.data(), Bytes.size()),
                           "compiled in memory");
  }
};
} // namespace

Error CompiledModule::compile(Module &M, ArrayRef<Function *> Wanted,
                              const CodegenSettings &Settings) {
  SmallVector<char, 0> Bitcode;
  {
    // Its names are written last.
    std::unique_ptr<Module> Some = extractFunctions(M, Wanted, Unnamed);
    BitcodeWriter Writer(Bitcode);
    Writer.writeModule(*Some, /*ShouldPreserveUseListOrder=*/true);
    Writer.writeStrtab();
  }
  Context.setDiagnosticHandler(std::make_unique<FirstError>(Fault));
  Expected<std::unique_ptr<Module>> Parsed = parseBitcodeFile(
      MemoryBufferRef(StringRef(Bitcode.data(), Bitcode.size()), "extracted"),
      Context);
  if (!Parsed)
    return Parsed.takeError();
  Extracted = std::move(*Parsed);
  return compileInto(*Extracted, *Wanted.front(), Settings, Fault, Bytes);
}

/// The other function of whose blocks \p F has an address, if any. It cannot be
/// compiled without that function's body.
static const Function *ownerOfForeignBlock(const Function &F) {
  SmallPtrSet<const Constant *, 16> Seen;
  SmallVector<const Constant *, 16> Open;
  auto Add = [&](const User &Of) {
    for (const Use &U : Of.operands())
      if (auto *C = dyn_cast<Constant>(U.get());
          C && !isa<GlobalValue>(C) && Seen.insert(C).second)
        Open.push_back(C);
  };
  for (const Instruction &I : instructions(F))
    Add(I);
  while (!Open.empty()) {
    const Constant *C = Open.pop_back_val();
    if (auto *Address = dyn_cast<BlockAddress>(C)) {
      if (Address->getFunction() != &F)
        return Address->getFunction();
    } else {
      Add(*C);
    }
  }
  return nullptr;
}

Expected<CompiledCode> compileFunctions(Module &M, ArrayRef<Function *> Wanted,
                                        const CodegenSettings &Settings) {
  CompiledCode Code;
  if (Wanted.empty())
    return Code;
  for (Function *F : Wanted)
    if (const Function *Other = ownerOfForeignBlock(*F))
      return createStringError(inconvertibleErrorCode(),
                               "'" + F->getName() +
                                   "' takes the address of a block of '" +
                                   Other->getName() + "'");
  for (Function *F : Wanted)
    Code.Functions.push_back({F, 0, 1, {}});
  CompiledModule Compiled;
  if (Error E = Compiled.compile(M, Wanted, Settings))
    return E;
  if (Error E = CodeReader(M, *Compiled.Extracted, Compiled.Unnamed, Code)
                    .read(Compiled.object()))
    return E;
  return Code;
}

static OptimizationLevel levelOf(const CodegenSettings &Settings) {
  switch (Settings.Level) {
  case 0:
    return OptimizationLevel::O0;
  case 1:
    return OptimizationLevel::O1;
  case 2:
    return OptimizationLevel::O2;
  default:
    return OptimizationLevel::O3;
  }
}

Error runBackendPasses(Module &M, const CodegenSettings &Settings) {
  auto Like = find_if(M, [](const Function &F) { return !F.isDeclaration(); });
  if (!Settings.Level || Like == M.end())
    return Error::success();
  Expected<std::unique_ptr<TargetMachine>> Machine =
      createMachine(M, *Like, Settings);
  if (!Machine)
    return Machine.takeError();
  PipelineTuningOptions Tuning;
  Tuning.LoopVectorization = Tuning.SLPVectorization = Settings.Level > 1;
  LoopAnalysisManager Loops;
  FunctionAnalysisManager Functions;
  CGSCCAnalysisManager SCCs;
  ModuleAnalysisManager Modules;
  PassBuilder PB(Machine->get(), Tuning);
  PB.registerModuleAnalyses(Modules);
  PB.registerCGSCCAnalyses(SCCs);
  PB.registerFunctionAnalyses(Functions);
  PB.registerLoopAnalyses(Loops);
  PB.crossRegisterProxies(Loops, Functions, SCCs, Modules);
  PB.buildThinLTODefaultPipeline(levelOf(Settings), nullptr).run(M, Modules);
  return Error::success();
}

Expected<StringSet<>> symbolsOfCode(Module &M, ArrayRef<Function *> Functions,
                                    const CodegenSettings &Settings) {
  StringSet<> Names;
  if (Functions.empty())
    return Names;
  CompiledModule Compiled;
  if (Error E = Compiled.compile(M, Functions, Settings))
    return E;
  Expected<std::unique_ptr<object::ObjectFile>> Object =
      object::ObjectFile::createELFObjectFile(Compiled.object());
  if (!Object)
    return Object.takeError();
  for (const object::SymbolRef &Symbol : (*Object)->symbols()) {
    Expected<StringRef> Name = Symbol.getName();
    if (!Name)
      return Name.takeError();
    Names.insert(*Name);
  }
  return Names;
}

SmallVector<const GlobalValue *, 4> codePointersIn(const GlobalVariable &V) {
  SmallVector<const GlobalValue *, 4> Found;
  SmallPtrSet<const Constant *, 16> Seen;
  SmallVector<const Constant *, 16> Open;
  auto Open1 = [&](const GlobalVariable &Table) {
    if (Table.hasInitializer() && Seen.insert(Table.getInitializer()).second)
      Open.push_back(Table.getInitializer());
  };
  Open1(V);
  for (size_t I = 0; I < Open.size(); ++I) {
    const Constant *C = Open[I];
    if (auto *Value = dyn_cast<GlobalValue>(C)) {
      if (isa<FunctionType>(Value->getValueType()))
        Found.push_back(Value);
      else if (auto *Table = dyn_cast<GlobalVariable>(Value))
        if (Table->isConstant())
          Open1(*Table);
      continue;
    }
    for (const Use &U : C->operands())
      if (auto *Operand = dyn_cast<Constant>(U.get()))
        if (Seen.insert(Operand).second)
          Open.push_back(Operand);
  }
  return Found;
}

} // namespace section_placement
