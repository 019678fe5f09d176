//===- WholeCode.cpp - What the functions of a link become ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: the runtime routines that a function calls, the constants that it
// reads and its size are known after code generation, and a plan is made before
// it.
//
// Method: the modules that define the functions in question are read once more,
// each optimised as its backend will optimise it, and those functions compiled.
// The facts of a module's symbols are joined to the program's symbols by name.
//
// Limits: nothing is imported from other modules, and no function is taken for
// one that only its own module sees. A call that a backend inlines across
// modules is still a call here; each backend checks its own functions again.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Codegen/CompiledJoin.h"
#include "section-placement/Whole/WholeProgram.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

/// Compiles functions of one module.
class PartCompiler {
public:
  using Part = WholeProgram::PartOfWhole;
  /// From and to, and whether it is a call.
  using KnownEdges =
      DenseSet<std::pair<std::pair<uint32_t, uint32_t>, unsigned>>;
  PartCompiler(WholeProgram &Whole, const Part &Of,
               const DenseSet<uint32_t> &Wanted, KnownEdges &Edges,
               CompiledFacts &Facts)
      : Whole(Whole), P(Whole.P), Of(Of), Wanted(Wanted), Edges(Edges),
        Facts(Facts) {}

  Error compile(const CodegenSettings &Settings);

private:
  void keepWanted(Module &M);
  void failAll(StringRef Why);
  uint32_t find(StringRef Name) const;
  uint32_t wholeSymbol(uint32_t I);
  void add(const CompiledFacts &Local, ArrayRef<uint32_t> Compiled);
  void addEdges(ArrayRef<uint32_t> Compiled);
  void addNatives();

  WholeProgram &Whole;
  Program &P;
  const Part &Of;
  const DenseSet<uint32_t> &Wanted;
  KnownEdges &Edges; ///< Of the wanted.
  CompiledFacts &Facts;
  ReadModule Read;
  StringMap<uint32_t> ByName; ///< Symbols of the whole that the module defines.
  std::vector<uint32_t> Known; ///< Symbols of the whole, by the module's.
};

namespace {
/// The link reports a module's own warnings; here they would come twice.
struct NoDiagnostics final : DiagnosticHandler {
  bool handleDiagnostics(const DiagnosticInfo &) override { return true; }
};
} // namespace

/// NoIndex where the module has not defined it to the whole program.
uint32_t PartCompiler::find(StringRef Name) const {
  auto Found = ByName.find(Name);
  return Found == ByName.end() ? NoIndex : Found->second;
}

/// A copy that other modules use as well stays, as the thin link has it.
void PartCompiler::keepWanted(Module &M) {
  for (Function &F : M) {
    uint32_t I = find(GlobalValue::dropLLVMManglingEscape(F.getName()));
    if (I == NoIndex || !Wanted.count(I) || !F.hasLinkOnceLinkage())
      continue;
    F.setLinkage(F.hasLinkOnceODRLinkage() ? GlobalValue::WeakODRLinkage
                                           : GlobalValue::WeakAnyLinkage);
  }
}

/// What the passes split off a function is taken for that function.
uint32_t PartCompiler::wholeSymbol(uint32_t I) {
  Known.resize(Read.P.Symbols.size(), NoIndex);
  if (Known[I] != NoIndex)
    return Known[I];
  const Symbol S = Read.P.Symbols[I];
  if (uint32_t Own = S.IsUndefined ? NoIndex : find(S.Name); Own != NoIndex)
    return Known[I] = Own;
  if (S.Parent != NoIndex)
    return Known[I] = wholeSymbol(S.Parent);
  if (S.IsUndefined || !S.IsLocal)
    return Known[I] = Whole.boundSymbol(P.save(S.Name));
  Symbol New;
  New.Name = P.save(S.Name);
  New.Canonical = P.save(S.Canonical);
  New.Source = P.save(S.Source);
  New.IsLocal = true;
  P.Symbols.push_back(New);
  return Known[I] = P.Symbols.size() - 1;
}

/// Those that are not there yet: what the code calls, and what inline asm does
/// where only a summary was read before.
void PartCompiler::addEdges(ArrayRef<uint32_t> Compiled) {
  DenseMap<uint32_t, uint32_t> EvidenceOf;
  for (uint32_t I : Compiled) {
    uint32_t From = wholeSymbol(I);
    for (const Edge &E : Read.P.edgesFrom(I)) {
      uint32_t To = wholeSymbol(E.To);
      if (From == To ||
          !Edges.insert({{From, To}, unsigned(isCall(E.Kind))}).second)
        continue;
      auto [By, IsNew] = EvidenceOf.try_emplace(E.Evidence, P.Evidences.size());
      if (IsNew) {
        Evidence Copy = Read.P.Evidences[E.Evidence];
        for (StringRef *Text :
             {&Copy.Object, &Copy.Relocation, &Copy.Name, &Copy.BoundBy})
          *Text = P.save(*Text);
        P.Evidences.push_back(Copy);
      }
      P.Edges.push_back({From, To, E.Kind, By->second, E.Weight, E.Bound});
    }
  }
}

void PartCompiler::add(const CompiledFacts &Local,
                       ArrayRef<uint32_t> Compiled) {
  for (uint32_t I : Compiled) {
    const Symbol &Code = Read.P.Symbols[I];
    Symbol &S = P.Symbols[wholeSymbol(I)];
    S.Size += Code.Size;
    S.IndirectCalls += Code.IndirectCalls;
    S.HasUnreadableAsm |= Code.HasUnreadableAsm;
  }
  for (Outlet O : Local.Outlets) {
    O.From = wholeSymbol(O.From);
    if (O.To != NoIndex)
      O.To = wholeSymbol(O.To);
    O.Data = P.save(O.Data);
    O.Section = P.save(O.Section);
    Facts.Outlets.push_back(O);
  }
  for (const IndirectCallsOf &Calls : Local.IndirectCalls)
    Facts.IndirectCalls.push_back(
        {wholeSymbol(Calls.From), P.save(Calls.Source), Calls.Count});
  for (uint32_t I : Compiled)
    if (auto Why = Local.Failed.find(I); Why != Local.Failed.end()) {
      uint32_t Whose = wholeSymbol(I);
      Facts.Failed[Whose] = P.save(Why->second);
      Facts.Compiled.erase(Whose);
      P.Symbols[Whose].IsCompiled = false;
      P.Symbols[Whose].HasUnknownCode = true;
    }
  addEdges(Compiled);
  addNatives();
  for (const std::string &Input : Local.UnreadNatives)
    if (!is_contained(Facts.UnreadNatives, Input))
      Facts.UnreadNatives.push_back(Input);
}

/// What the code calls of native members, and what that calls in turn.
void PartCompiler::addNatives() {
  std::vector<uint32_t> Followed;
  for (uint32_t I = 0; I < Read.P.Symbols.size(); ++I) {
    const Symbol Code = Read.P.Symbols[I];
    if (!Code.IsUndefined || !Code.IsCompiled)
      continue;
    Symbol &S = P.Symbols[wholeSymbol(I)];
    if (!S.IsUndefined)
      continue; // Code that the policy reads itself.
    S.Size = Code.Size;
    S.Object = P.save(Code.Object);
    S.IsCompiled = true;
    S.HasUnknownCode = Code.HasUnknownCode;
    Followed.push_back(I);
  }
  addEdges(Followed);
}

void PartCompiler::failAll(StringRef Why) {
  Why = P.save(Why);
  for (uint32_t I = Of.Begin; I < Of.End; ++I)
    if (Wanted.count(I)) {
      Facts.Failed[I] = Why;
      P.Symbols[I].HasUnknownCode = true;
    }
}

Error PartCompiler::compile(const CodegenSettings &Settings) {
  for (uint32_t I = Of.Begin; I < Of.End; ++I)
    if (!P.Symbols[I].IsUndefined)
      ByName[P.Symbols[I].Name] = I;
  LLVMContext Context;
  Context.setDiagnosticHandler(std::make_unique<NoDiagnostics>());
  BitcodeModule Bitcode = Of.Bitcode;
  Expected<std::unique_ptr<Module>> M = Bitcode.parseModule(Context);
  if (!M)
    return M.takeError();
  keepWanted(**M);
  if (Error E = runBackendPasses(**M, Settings)) {
    failAll(toString(std::move(E)));
    return Error::success();
  }
  readModule(Whole.inputOf(**M), Read);
  CompiledFacts Local;
  std::vector<uint32_t> Here;
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    if (Wanted.count(wholeSymbol(I)))
      Here.push_back(I);
  CodeJoiner(**M, Read, Local, Whole.AllNatives, Settings, nullptr,
             Whole.Members)
      .join(Here);
  for (uint32_t I = Of.Begin; I < Of.End; ++I)
    if (Wanted.count(I)) {
      // What is not there any more is inlined everywhere.
      Facts.Compiled.insert(I);
      P.Symbols[I].Size = P.Symbols[I].IndirectCalls = 0;
      P.Symbols[I].HasMoreIndirectCalls = P.Symbols[I].HasUnreadBody = false;
      P.Symbols[I].IsCompiled = true;
    }
  add(Local, Here);
  return Error::success();
}

Error WholeProgram::compile(ArrayRef<uint32_t> Symbols, CompiledFacts &Facts,
                            const CodegenSettings &Settings) {
  DenseSet<uint32_t> Wanted(Symbols.begin(), Symbols.end());
  // What was expected to be called is known now.
  erase_if(P.Edges, [&](const Edge &E) {
    return E.Kind == EdgeKind::RuntimeCall && Wanted.count(E.From);
  });
  PartCompiler::KnownEdges Known;
  for (const Edge &E : P.Edges)
    if (Wanted.count(E.From))
      Known.insert({{E.From, E.To}, unsigned(isCall(E.Kind))});
  for (const PartOfWhole &Of : Parts) {
    auto IsIn = [&](uint32_t I) { return I >= Of.Begin && I < Of.End; };
    if (any_of(Symbols, IsIn))
      if (Error E =
              PartCompiler(*this, Of, Wanted, Known, Facts).compile(Settings))
        return E;
  }
  P.finish();
  return Error::success();
}

} // namespace section_placement
