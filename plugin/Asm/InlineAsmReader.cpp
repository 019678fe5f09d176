//===- InlineAsmReader.cpp - Short references in inline asm ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which relocation a reference makes does not depend on the registers around
// it, so any will do that the target's assembler takes. No one choice may suit
// all statements of an asm (one wants a vector, the next an address); then each
// is assembled by itself, after the directives before it that bear on it.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Asm/InlineAsmReader.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace section_placement {

static StringRef attributeOf(const Function &F, StringRef Name) {
  return F.getFnAttribute(Name).getValueAsString();
}

InlineAsmReader::InlineAsmReader(Module &M)
    : M(M), T(compat::targetTriple(M)),
      Macros(macrosOf(M.getModuleInlineAsm())) {}

/// The symbol that a name in asm means: one that the module defines or
/// declares, with or without the mangling escape.
GlobalValue *InlineAsmReader::findSymbol(StringRef Name) const {
  GlobalValue *Found = M.getNamedValue(Name);
  if (!Found)
    return M.getNamedValue(("\01" + Name).str());
  auto *F = dyn_cast<Function>(Found);
  return F && F->isIntrinsic() ? nullptr : Found;
}

/// Does its text? An InlineAsm is shared by all calls of the same text.
bool InlineAsmReader::namesSymbol(const InlineAsm &Asm) {
  auto [Known, IsNew] = Names.try_emplace(&Asm, false);
  if (!IsNew)
    return Known->second;
  bool Result = false;
  std::string Text = expandTemplate(
      {Asm.getAsmString(), {}, AsmTemplate::AllAlternatives}, "", T);
  forEachName(Text, [&](StringRef Name) { Result |= !!findSymbol(Name); });
  Known->second = Result;
  return Result;
}

SmallVector<std::string, 8>
InlineAsmReader::candidates(const CallBase &Call,
                            ArrayRef<AsmOperand> Operands) {
  auto &Asm = *cast<InlineAsm>(Call.getCalledOperand());
  if (!A)
    A.emplace(T);
  AsmTemplate Template{Asm.getAsmString(), Operands,
                       A->isAvailable() ? A->dialect() : 0};
  if (Asm.getDialect() == InlineAsm::AD_Intel) {
    Template.Alternative = 1;
    Template.IsIntel = true;
  }
  SmallVector<std::string, 8> Candidates;
  for (StringRef Register : sampleRegisters(T))
    Candidates.push_back(expandTemplate(Template, Register, T));
  return Candidates;
}

std::optional<unsigned> InlineAsmReader::registerJumps(CallBase &Call) {
  if (cast<InlineAsm>(Call.getCalledOperand())->getAsmString().empty())
    return 0;
  const Function &F = *Call.getFunction();
  SmallVector<AsmOperand, 8> Operands = operandsOf(Call, T);
  for (const std::string &Text : candidates(Call, Operands)) {
    unsigned Jumps = 0;
    Expected<SmallVector<char, 0>> Object =
        A->assemble(wholeText(Text, Call), attributeOf(F, "target-cpu"),
                    attributeOf(F, "target-features"), &Jumps);
    if (Object)
      return Jumps;
    consumeError(Object.takeError());
  }
  return std::nullopt;
}

void InlineAsmReader::read(CallBase &Call,
                           std::vector<AsmReference> &References) {
  auto &Asm = *cast<InlineAsm>(Call.getCalledOperand());
  bool HasConstant = any_of(Call.args(), [](const Use &Argument) {
    return isa<Constant>(Argument) && !isa<ConstantData>(Argument);
  });
  if (!HasConstant && !namesSymbol(Asm))
    return;
  SmallVector<AsmOperand, 8> Operands = operandsOf(Call, T);
  if (!namesSymbol(Asm) &&
      none_of(Operands, [](const AsmOperand &O) { return O.Symbol; }))
    return;
  SmallVector<std::string, 8> Candidates = candidates(Call, Operands);
  if (const std::optional<Relocations> &Whole = assemble(Candidates, Call))
    append(*Whole, Candidates[0], References);
  else
    readStatements(Candidates, Operands, Call, References);
}

void InlineAsmReader::append(const Relocations &Found, StringRef Text,
                             std::vector<AsmReference> &References) const {
  for (const Relocation &R : Found)
    if (GlobalValue *Symbol = findSymbol(R.Target))
      References.push_back({Symbol, R.Type, Text.str(), R.Section});
}

static StringRef firstWord(StringRef Statement) {
  return Statement.take_until([](char C) { return isSpace(C); });
}

/// Directives that what follows is assembled by.
static bool bearsOnTheRest(StringRef Statement) {
  static const StringRef Directives[] = {".arch",       ".arch_extension",
                                         ".arm",        ".code",
                                         ".cpu",        ".equ",
                                         ".fpu",        ".machine",
                                         ".option",     ".popsection",
                                         ".set",        ".previous",
                                         ".section",    ".pushsection",
                                         ".subsection", ".text",
                                         ".syntax",     ".thumb"};
  return is_contained(Directives, firstWord(Statement));
}

/// The symbols that \p Statement names, by itself or by an operand.
SmallVector<GlobalValue *, 2>
InlineAsmReader::namedIn(StringRef Statement,
                         ArrayRef<AsmOperand> Operands) const {
  SmallVector<GlobalValue *, 2> Named;
  forEachName(Statement, [&](StringRef Name) {
    if (GlobalValue *Symbol = findSymbol(Name))
      Named.push_back(Symbol);
  });
  for (const AsmOperand &O : Operands)
    if (O.Symbol && !is_contained(Named, O.Symbol) &&
        Statement.contains(O.Text))
      Named.push_back(O.Symbol);
  return Named;
}

void InlineAsmReader::readStatements(ArrayRef<std::string> Candidates,
                                     ArrayRef<AsmOperand> Operands,
                                     CallBase &Call,
                                     std::vector<AsmReference> &References) {
  bool CanSplit = A->isAvailable();
  std::vector<SmallVector<std::string, 8>> Split; // Of each candidate.
  for (const std::string &Candidate : Candidates)
    Split.push_back(statementsOf(Candidate, CanSplit ? A->commentString() : "",
                                 CanSplit ? A->separator() : ";"));
  std::vector<std::string> Before(Split.size());
  bool InMacro = false;
  for (size_t I = 0; I < Split[0].size(); ++I) {
    StringRef Statement = Split[0][I];
    InMacro |= firstWord(Statement) == ".macro";
    bool Bears = InMacro || bearsOnTheRest(Statement);
    SmallVector<std::string, 8> Texts;
    for (size_t C = 0; C < Split.size() && I < Split[C].size(); ++C) {
      Texts.push_back(Before[C] + Split[C][I]);
      if (Bears)
        Before[C] += Split[C][I] + "\n";
    }
    InMacro &= firstWord(Statement) != ".endm";
    SmallVector<GlobalValue *, 2> Named = namedIn(Statement, Operands);
    if (Named.empty() || Bears)
      continue;
    if (const std::optional<Relocations> &Found = assemble(Texts, Call))
      append(*Found, Statement, References);
    else
      for (GlobalValue *Symbol : Named)
        References.push_back({Symbol, nullptr, Statement.str(), ""});
  }
}

const std::optional<InlineAsmReader::Relocations> &
InlineAsmReader::assemble(ArrayRef<std::string> Candidates, CallBase &Call) {
  auto &Asm = *cast<InlineAsm>(Call.getCalledOperand());
  const Function &F = *Call.getFunction();
  std::string Key = Candidates[0];
  // What else the answer depends on.
  for (StringRef Part :
       {attributeOf(F, "target-features"), attributeOf(F, "target-cpu"),
        StringRef(Asm.getConstraintString())})
    Key += ("\n" + Part).str();
  auto [Known, IsNew] = Assembled.try_emplace(Key);
  for (size_t I = 0; IsNew && !Known->second && I < Candidates.size(); ++I)
    Known->second = assembleOne(Candidates[I], Call);
  return Known->second;
}

std::string InlineAsmReader::wholeText(StringRef Text,
                                       const CallBase &Call) const {
  bool IsIntel = cast<InlineAsm>(Call.getCalledOperand())->getDialect() ==
                 InlineAsm::AD_Intel;
  return Macros + (IsIntel ? ".intel_syntax\n" : "") + Text.str() +
         "\n.text\n" + SampleLabel.str() + ":\n";
}

std::optional<InlineAsmReader::Relocations>
InlineAsmReader::assembleOne(StringRef Text, CallBase &Call) {
  const Function &F = *Call.getFunction();
  Expected<SmallVector<char, 0>> Object =
      A->assemble(wholeText(Text, Call), attributeOf(F, "target-cpu"),
                  attributeOf(F, "target-features"));
  NativeFacts Facts;
  Error E =
      Object ? Facts.add(MemoryBufferRef(
                             StringRef(Object->data(), Object->size()), "asm"),
                         "inline asm")
             : Object.takeError();
  if (E) {
    consumeError(std::move(E));
    return std::nullopt;
  }
  Relocations Found;
  for (const NativeReference &R : Facts.References) {
    StringRef Section = Facts.Symbols[R.From].Section;
    Found.push_back({R.Target.str(), Section == ".text" ? "" : Section.str(),
                     R.Relocation});
  }
  return Found;
}

} // namespace section_placement
