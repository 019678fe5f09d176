//===- InlineAsmReader.cpp - Short references in inline asm ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inline asm is a template whose registers are not chosen yet, so it cannot be
// assembled as it stands. But a reference to a symbol is one statement, and
// which relocation it makes does not depend on the registers: those are filled
// in with any that the target's assembler accepts.
//
//===----------------------------------------------------------------------===//

#include "InlineAsmReader.h"
#include "section-placement/Frontend/NativeObject.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace section_placement {

/// What an operand may stand for, by architecture; each is tried in turn. The
/// first of an AArch64 pair is the one without a modifier.
static ArrayRef<StringRef> sampleOperands(const Triple &T) {
  static const StringRef AArch64[] = {"x0", "w0", "[x0]", "d0", "v0.16b"};
  static const StringRef ARM[] = {"r0", "[r0]", "s0", "d0"};
  static const StringRef X86[] = {"%rax", "%eax",   "%ax",
                                  "%al",  "(%rax)", "%xmm0"};
  static const StringRef RISCV[] = {"a0", "0(a0)", "fa0"};
  static const StringRef PPC[] = {"3", "0(3)"};
  static const StringRef Mips[] = {"$2", "0($2)", "$f0"};
  static const StringRef LoongArch[] = {"$a0", "$fa0"};
  static const StringRef SystemZ[] = {"%r1", "0(%r1)"};
  static const StringRef AVR[] = {"r16", "Z"};
  static const StringRef None[] = {"0"};
  if (T.isAArch64())
    return AArch64;
  if (T.isARM() || T.isThumb())
    return ARM;
  if (T.isX86())
    return X86;
  if (T.isRISCV())
    return RISCV;
  if (T.isPPC64())
    return PPC;
  if (T.isMIPS())
    return Mips;
  if (T.isLoongArch())
    return LoongArch;
  if (T.getArch() == Triple::systemz)
    return SystemZ;
  if (T.getArch() == Triple::avr)
    return AVR;
  return None;
}

/// The value of each operand that a template can name: outputs, inputs and
/// labels in the order of the constraints; null for what has no value here.
static SmallVector<Value *, 8> operandsOf(CallBase &Call) {
  auto *Asm = cast<InlineAsm>(Call.getCalledOperand());
  SmallVector<Value *, 8> Operands;
  unsigned Argument = 0;
  for (const InlineAsm::ConstraintInfo &C : Asm->ParseConstraints()) {
    if (C.Type == InlineAsm::isClobber)
      continue;
    bool HasArgument = C.Type == InlineAsm::isInput ||
                       (C.Type == InlineAsm::isOutput && C.isIndirect);
    Operands.push_back(HasArgument && Argument < Call.arg_size()
                           ? Call.getArgOperand(Argument++)
                           : nullptr);
  }
  return Operands;
}

static GlobalValue *symbolOf(Value *V) {
  return V ? dyn_cast<GlobalValue>(V->stripPointerCasts()) : nullptr;
}

/// An operand as text: a symbol or number itself, else \p Sample.
static std::string operandText(Value *V, StringRef Modifier, StringRef Sample,
                               const Triple &T) {
  if (GlobalValue *Symbol = symbolOf(V))
    return Symbol->getName().str();
  if (auto *Number = dyn_cast_or_null<ConstantInt>(V))
    return toString(Number->getValue(), 10, /*Signed=*/true);
  if (Modifier == "l")
    return ".Lsection_placement_label";
  if (T.isAArch64() && Modifier.size() == 1 && Sample == "x0" &&
      StringRef("wxbhsdqz").find(Modifier[0]) != StringRef::npos)
    return (Modifier + "0").str();
  if (T.isAArch64() && Modifier == "a")
    return "[x0]";
  return Sample.str();
}

/// Expands `$0`, `${0:w}`, `$$` and the first of `$(a$|b$)`, as LLVM's
/// AsmPrinter does (AsmPrinterInlineAsm.cpp).
static std::string expandTemplate(StringRef Text, ArrayRef<Value *> Operands,
                                  StringRef Sample, const Triple &T) {
  std::string Result;
  bool InOtherVariant = false;
  auto Put = [&](const Twine &Piece) {
    if (!InOtherVariant)
      Result += Piece.str();
  };
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text[I] != '$' || I + 1 == Text.size()) {
      Put(Twine(Text[I]));
      continue;
    }
    char Next = Text[++I];
    if (Next == '$') {
      Put("$");
    } else if (Next == '(') {
      InOtherVariant = false;
    } else if (Next == '|') {
      InOtherVariant = true;
    } else if (Next == ')') {
      InOtherVariant = false;
    } else {
      StringRef Word = Next == '{' ? Text.slice(I + 1, Text.find('}', I))
                                   : Text.substr(I).take_while(isDigit);
      I += Next == '{' ? Word.size() + 1 : Word.size() - 1;
      auto [Digits, Modifier] = Word.split(':');
      unsigned Index;
      if (Digits.getAsInteger(10, Index) || Index >= Operands.size())
        Put(Modifier == "uid" ? "0" : "");
      else
        Put(operandText(Operands[Index], Modifier, Sample, T));
    }
  }
  return Result;
}

/// Statements end at a line's end or a semicolon outside quotes.
static SmallVector<StringRef, 8> statementsOf(StringRef Text) {
  SmallVector<StringRef, 8> Statements;
  size_t Begin = 0;
  bool InQuotes = false;
  for (size_t I = 0; I <= Text.size(); ++I) {
    if (I < Text.size() && Text[I] == '"')
      InQuotes = !InQuotes;
    bool AtEnd =
        I == Text.size() || Text[I] == '\n' || (Text[I] == ';' && !InQuotes);
    if (!AtEnd)
      continue;
    StringRef Statement = Text.slice(Begin, I).trim();
    if (!Statement.empty())
      Statements.push_back(Statement);
    Begin = I + 1;
  }
  return Statements;
}

/// Calls \p Visit with each word of \p Text that could be a symbol's name.
template <typename Fn> static void forEachName(StringRef Text, Fn Visit) {
  auto IsNameChar = [](char C) { return isAlnum(C) || C == '_' || C == '.'; };
  while (!Text.empty()) {
    Text = Text.drop_until(IsNameChar);
    StringRef Name = Text.take_while(IsNameChar);
    Text = Text.drop_front(Name.size());
    if (!Name.empty() && !isDigit(Name[0]))
      Visit(Name);
  }
}

/// The symbol that a name in asm text means: one that the module defines or
/// declares, with or without the mangling escape.
static GlobalValue *findSymbol(Module &M, StringRef Name) {
  GlobalValue *Found = M.getNamedValue(Name);
  if (auto *F = dyn_cast_or_null<Function>(Found); F && F->isIntrinsic())
    return nullptr;
  return Found;
}

void InlineAsmReader::read(Function &F, std::vector<AsmReference> &References) {
  StringRef Features = F.getFnAttribute("target-features").getValueAsString();
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    if (Call && Call->isInlineAsm())
      readCall(*Call, Features, References);
  }
}

void InlineAsmReader::readCall(CallBase &Call, StringRef Features,
                               std::vector<AsmReference> &References) {
  StringRef Text = cast<InlineAsm>(Call.getCalledOperand())->getAsmString();
  for (StringRef Statement : statementsOf(Text))
    readStatement(Statement, Call, Features, References);
}

void InlineAsmReader::readStatement(StringRef Statement, CallBase &Call,
                                    StringRef Features,
                                    std::vector<AsmReference> &References) {
  SmallVector<Value *, 8> Operands = operandsOf(Call);
  Triple T = compat::targetTriple(M);
  ArrayRef<StringRef> Samples = sampleOperands(T);
  std::string First = expandTemplate(Statement, Operands, Samples[0], T);
  SmallVector<GlobalValue *, 2> Named;
  forEachName(First, [&](StringRef Name) {
    if (GlobalValue *Symbol = findSymbol(M, Name))
      Named.push_back(Symbol);
  });
  if (Named.empty())
    return;
  SmallVector<std::string, 8> Candidates;
  for (StringRef Sample : Samples)
    Candidates.push_back(expandTemplate(Statement, Operands, Sample, T) +
                         "\n.Lsection_placement_label:\n");
  const std::optional<Relocations> &Found = assemble(Candidates, Features);
  if (!Found) {
    for (GlobalValue *Symbol : Named)
      References.push_back({Symbol, nullptr, First});
    return;
  }
  for (const auto &[Name, Relocation] : *Found)
    if (GlobalValue *Symbol = findSymbol(M, Name))
      References.push_back({Symbol, Relocation, First});
}

const std::optional<InlineAsmReader::Relocations> &
InlineAsmReader::assemble(ArrayRef<std::string> Candidates,
                          StringRef Features) {
  auto [Known, IsNew] =
      Assembled.try_emplace(Candidates[0] + "\n" + Features.str());
  if (!IsNew)
    return Known->second;
  for (const std::string &Candidate : Candidates) {
    Expected<SmallVector<char, 0>> Object = A.assemble(Candidate, Features);
    if (!Object) {
      consumeError(Object.takeError());
      continue;
    }
    NativeFacts Facts;
    if (Error E = Facts.add(
            MemoryBufferRef(StringRef(Object->data(), Object->size()), "asm"),
            "inline asm")) {
      consumeError(std::move(E));
      continue;
    }
    Relocations Found;
    for (const NativeReference &R : Facts.References)
      Found.emplace_back(R.Target.str(), R.Relocation);
    Known->second = std::move(Found);
    break;
  }
  return Known->second;
}

} // namespace section_placement
