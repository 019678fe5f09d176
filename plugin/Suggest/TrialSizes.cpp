//===- TrialSizes.cpp - How large the code of a trial becomes -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TrialSizes.h"
#include "section-placement/Asm/Assembler.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Objects/ElfFile.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace section_placement {

/// What a link inlines from other modules is not known here. Code that it makes
/// larger than this is rare; to call in reach what is not is worse than to say
/// that it is not known.
static constexpr uint64_t MostTimes = 2;

namespace {
/// The link reports the module's own warnings.
struct SilentHandler final : DiagnosticHandler {
  bool handleDiagnostics(const DiagnosticInfo &) override { return true; }
};
} // namespace

TrialSizes::TrialSizes(const ObjectScan &Scan, CodeLayout &Layout,
                       const LinkFacts *Link)
    : Scan(Scan), Layout(Layout),
      Settings(Link ? codegenSettingsOf(*Link) : CodegenSettings()) {}

void TrialSizes::addModuleAsm(const Module &M, size_t Number, StringRef File) {
  if (M.getModuleInlineAsm().empty())
    return;
  Expected<SmallVector<char, 0>> Bytes = assembleModuleAsm(M);
  if (!Bytes) {
    All.push_back({"", Number, Layout.add({File.str(), ".text", 0, 0}), false,
                   toString(Bytes.takeError())});
    return;
  }
  Expected<ElfFile> Object = ElfFile::read(
      MemoryBufferRef(StringRef(Bytes->data(), Bytes->size()), "asm"));
  if (!Object) // Not ELF: of no link that is simulated.
    return consumeError(Object.takeError());
  for (const ElfSection &S : Object->sections())
    if (S.isCode() && S.Size)
      Layout.add({File.str(), S.Name.str(), S.Size, S.Size});
}

std::optional<size_t> TrialSizes::add(const Function &F, size_t Number,
                                      StringRef File, StringRef Section) {
  if (F.isWeakForLinker() && !Replicated.insert(F.getName()).second)
    return std::nullopt;
  size_t Part = Layout.add({File.str(), Section.str(), 0, 0});
  All.push_back({F.getName().str(), Number, Part, false, ""});
  return Part;
}

void TrialSizes::setSize(Code &Of, uint64_t Size, uint64_t Alignment) {
  Of.IsKnown = true;
  Layout.setSize(Of.Part, alignTo(Size, Alignment),
                 Size ? MostTimes * alignTo(Size, Alignment) : 0);
}

/// One that fails takes no other with it.
void TrialSizes::compile(Module &M, ArrayRef<size_t> Wanted) {
  SmallVector<Function *, 16> Functions;
  for (size_t I : Wanted)
    Functions.push_back(M.getFunction(All[I].Function));
  Expected<CompiledCode> Made = compileFunctions(M, Functions, Settings);
  if (Made) {
    for (size_t I = 0; I < Wanted.size(); ++I)
      setSize(All[Wanted[I]], Made->Functions[I].Size,
              Made->Functions[I].Alignment);
    return;
  }
  std::string Why = toString(Made.takeError());
  if (Wanted.size() == 1) {
    All[Wanted[0]].Why = std::move(Why);
    return;
  }
  compile(M, Wanted.take_front(Wanted.size() / 2));
  compile(M, Wanted.drop_front(Wanted.size() / 2));
}

void TrialSizes::compileModule(Module &M, ArrayRef<size_t> Wanted) {
  M.getContext().setDiagnosticHandler(std::make_unique<SilentHandler>());
  // Copies that nothing in this module uses stay in the link.
  for (size_t I : Wanted)
    if (Function *F = M.getFunction(All[I].Function);
        F && F->hasLinkOnceLinkage())
      F->setLinkage(F->hasLinkOnceODRLinkage() ? GlobalValue::WeakODRLinkage
                                               : GlobalValue::WeakAnyLinkage);
  if (Error E = runBackendPasses(M, Settings)) {
    std::string Why = toString(std::move(E));
    for (size_t I : Wanted)
      All[I].Why = Why;
    return;
  }
  SmallVector<size_t, 16> Left;
  for (size_t I : Wanted) {
    const Function *F = M.getFunction(All[I].Function);
    if (F && !F->isDeclarationForLinker())
      Left.push_back(I);
    else
      setSize(All[I], 0, 1); // Inlined everywhere.
  }
  if (!Left.empty())
    compile(M, Left);
}

Error TrialSizes::compile(std::vector<Stretch> Stretches,
                          function_ref<void(StringRef)> OnFile) {
  auto IsWanted = [&](const Code &C) {
    return !C.IsKnown && C.Why.empty() &&
           any_of(Stretches, [&](const Stretch &S) {
             return S.Known <= S.Limit && S.covers(Layout.of(C.Part));
           });
  };
  auto First = [&](size_t Number) {
    return llvm::partition_point(
        All, [&](const Code &C) { return C.Module < Number; });
  };
  auto WantedOf = [&](size_t Number) {
    SmallVector<size_t, 16> Wanted;
    for (auto I = First(Number); I != All.end() && I->Module == Number; ++I)
      if (IsWanted(*I))
        Wanted.push_back(I - All.begin());
    return Wanted;
  };
  auto Visit = [&](Module &M, StringRef Name, size_t Number) {
    OnFile(Name);
    SmallVector<size_t, 16> Wanted = WantedOf(Number);
    // LLVM ends the process where it cannot go on.
    CrashRecoveryContext::Enable();
    bool IsDone =
        CrashRecoveryContext().RunSafely([&] { compileModule(M, Wanted); });
    for (size_t I : Wanted) {
      if (!IsDone && !All[I].IsKnown && All[I].Why.empty())
        All[I].Why = "LLVM's code generation fails on it";
      for (Stretch &S : Stretches)
        if (S.covers(Layout.of(All[I].Part)))
          S.Known += Layout.sizeOf(All[I].Part);
    }
    return Error::success();
  };
  return Scan.forEachModule(
      Visit, [&](size_t Number) { return !WantedOf(Number).empty(); });
}

std::optional<TrialSizes::NotCompiled>
TrialSizes::unknownIn(const Stretch &S, const CodeLayout &L) const {
  for (const Code &C : All)
    if (!C.IsKnown && S.covers(L.of(C.Part)))
      return NotCompiled{C.Function, C.Why};
  return std::nullopt;
}

} // namespace section_placement
