//===- InlineAsmText.cpp - Inline asm as text for the assembler -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Asm/InlineAsmText.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace section_placement {

namespace {
/// How a target writes what is not chosen yet.
struct Samples {
  ArrayRef<StringRef> Registers;
  StringRef Memory;
};
} // namespace

static Samples samplesOf(const Triple &T) {
  static const StringRef AArch64[] = {"x0", "w0", "d0", "v0", "z0"};
  static const StringRef ARM[] = {"r0", "s0", "d0", "q0"};
  static const StringRef X86[] = {"%rax", "%eax", "%ax", "%al", "%xmm0"};
  static const StringRef RISCV[] = {"a0", "fa0", "v8"};
  static const StringRef PPC[] = {"3"};
  static const StringRef Mips[] = {"$2", "$f0"};
  static const StringRef LoongArch[] = {"$a0", "$fa0"};
  static const StringRef SystemZ[] = {"%r1", "%f0"};
  static const StringRef AVR[] = {"r24", "X"};
  static const StringRef None[] = {"0"};
  if (T.isAArch64())
    return {AArch64, "[x17]"};
  if (T.isARM() || T.isThumb())
    return {ARM, "[r7]"};
  if (T.getArch() == Triple::x86_64)
    return {X86, "(%rax)"};
  if (T.getArch() == Triple::x86)
    return {ArrayRef<StringRef>(X86).drop_front(), "(%eax)"};
  if (T.isRISCV())
    return {RISCV, "0(t0)"};
  if (T.isPPC64())
    return {PPC, "0(3)"};
  if (T.isMIPS())
    return {Mips, "0($2)"};
  if (T.isLoongArch())
    return {LoongArch, "$a0, 0"};
  if (T.getArch() == Triple::systemz)
    return {SystemZ, "0(%r1)"};
  if (T.getArch() == Triple::avr)
    return {AVR, "Z"};
  return {None, "0"};
}

ArrayRef<StringRef> sampleRegisters(const Triple &T) {
  return samplesOf(T).Registers;
}

/// Does constraint \p Code take a constant? Letters for ranges of numbers are
/// capitals on each target, and so are some registers of x86 (GCC's manual,
/// "Constraints for Particular Machines").
static bool takesConstant(StringRef Code, bool IsSymbol, const Triple &T) {
  if (Code == "i" || Code == "s" || Code == "X" || Code == "g" ||
      (Code == "n" && !IsSymbol) || Code == "Ws")
    return true;
  if (Code.size() != 1 || Code[0] < 'A' || Code[0] > 'Z')
    return false;
  if (IsSymbol)
    return Code == "S" && !T.isX86();
  return !T.isX86() || !StringRef("AQRDS").contains(Code[0]);
}

/// \p Sample of the operand \p Number. Instructions of the targets that number
/// their registers refuse some that are the same: AArch64's `stlxr w0, w0,
/// [x1]`, Arm's `strex`. The base of a memory operand is none of these. Arm's
/// are even, so that each may be the first of two, and RISC-V's groups of
/// vector registers are one.
static std::string numbered(StringRef Sample, unsigned Number,
                            const Triple &T) {
  StringRef Prefix = Sample.take_while(isAlpha);
  bool IsARM = T.isARM() || T.isThumb();
  if (!T.isAArch64() && !IsARM && !(T.isRISCV() && Prefix != "v"))
    return Sample.str();
  StringRef Digits = Sample.substr(Prefix.size()).take_while(isDigit);
  unsigned First = 0;
  if (Digits.getAsInteger(10, First))
    return Sample.str();
  Number = IsARM ? 2 * Number % 6 : Number % (T.isAArch64() ? 16 : 8);
  return (Prefix + Twine(First + Number)).str();
}

static bool takesMemory(StringRef Code, const Triple &T) {
  if (Code == "m" || Code == "o" || Code == "V" || Code == "p")
    return true;
  if (Code == "A")
    return T.isRISCV();
  if (Code == "Q" || Code == "R" || Code == "T")
    return T.isAArch64() || T.getArch() == Triple::systemz ||
           ((T.isARM() || T.isThumb() || T.getArch() == Triple::avr) &&
            Code == "Q") ||
           (T.isMIPS() && Code == "R");
  return Code.size() == 2 && (Code[0] == 'U' || Code[0] == 'Z');
}

static AsmOperand immediate(Value *V, const DataLayout &Layout) {
  AsmOperand Result;
  if (isa<BlockAddress>(V)) {
    Result.What = AsmOperand::Kind::Label;
    return Result;
  }
  if (auto *Number = dyn_cast<ConstantInt>(V)) {
    Result.What = AsmOperand::Kind::Immediate;
    Result.Text = toString(Number->getValue(), 10, /*Signed=*/true);
    return Result;
  }
  if (auto *Cast = dyn_cast<PtrToIntOperator>(V))
    V = Cast->getPointerOperand();
  if (!V->getType()->isPointerTy())
    return Result;
  APInt Offset(Layout.getIndexTypeSizeInBits(V->getType()), 0);
  V = V->stripAndAccumulateConstantOffsets(Layout, Offset,
                                           /*AllowNonInbounds=*/true);
  if (auto *NoCFI = dyn_cast<NoCFIValue>(V))
    V = NoCFI->getGlobalValue();
  Result.Symbol = dyn_cast<GlobalValue>(V);
  if (!Result.Symbol || !Result.Symbol->hasName()) {
    Result.Symbol = nullptr;
    return Result;
  }
  Result.What = AsmOperand::Kind::Immediate;
  StringRef Name =
      GlobalValue::dropLLVMManglingEscape(Result.Symbol->getName());
  bool IsPlain =
      all_of(Name, [](char C) { return isAlnum(C) || C == '_' || C == '.'; });
  Result.Text = IsPlain ? Name.str() : ("\"" + Name + "\"").str();
  if (Offset != 0)
    Result.Text += (Offset.isNegative() ? "" : "+") +
                   toString(Offset, 10, /*Signed=*/true);
  return Result;
}

static AsmOperand operandOf(const InlineAsm::ConstraintInfo &C, Value *V,
                            const DataLayout &Layout, const Triple &T) {
  AsmOperand Result;
  if (C.Type == InlineAsm::isLabel) {
    Result.What = AsmOperand::Kind::Label;
    return Result;
  }
  std::vector<std::string> Codes = C.Codes;
  for (const InlineAsm::SubConstraintInfo &Sub : C.multipleAlternatives)
    Codes.insert(Codes.end(), Sub.Codes.begin(), Sub.Codes.end());
  bool MayBeRegister = is_contained(Codes, "r");
  if (!C.isIndirect && V && isa<Constant>(V)) {
    bool IsSymbol = !isa<ConstantInt>(V);
    if (any_of(Codes, [&](StringRef Code) {
          return takesConstant(Code, IsSymbol, T);
        }))
      Result = immediate(V, Layout);
    Result.MayBeRegister = MayBeRegister;
    if (Result.What != AsmOperand::Kind::Register)
      return Result;
  }
  auto IsMemory = [&](StringRef Code) { return takesMemory(Code, T); };
  if (C.isIndirect || (!Codes.empty() && all_of(Codes, IsMemory)))
    Result.What = AsmOperand::Kind::Memory;
  return Result;
}

SmallVector<AsmOperand, 8> operandsOf(const CallBase &Call, const Triple &T) {
  auto *Asm = cast<InlineAsm>(Call.getCalledOperand());
  const DataLayout &Layout = Call.getModule()->getDataLayout();
  SmallVector<AsmOperand, 8> Operands;
  unsigned Argument = 0;
  for (const InlineAsm::ConstraintInfo &C : Asm->ParseConstraints()) {
    if (C.Type == InlineAsm::isClobber)
      continue;
    bool HasArgument = C.Type == InlineAsm::isInput ||
                       (C.Type == InlineAsm::isOutput && C.isIndirect);
    Value *V = HasArgument && Argument < Call.arg_size()
                   ? Call.getArgOperand(Argument++)
                   : nullptr;
    unsigned Tied;
    bool IsTied = C.Type == InlineAsm::isInput && !C.Codes.empty() &&
                  !StringRef(C.Codes[0]).getAsInteger(10, Tied);
    unsigned Number = IsTied ? Tied : Operands.size();
    Operands.push_back(operandOf(C, V, Layout, T));
    Operands.back().Number = Number;
    // `{x2}` of `register long A asm("x2")`. Those of x86 are printed by size.
    if (!C.Codes.empty() && !T.isX86())
      if (StringRef Code = C.Codes[0];
          Code.consume_front("{") && Code.consume_back("}"))
        Operands.back().Register = Code.str();
  }
  return Operands;
}

/// As each target's AsmPrinter prints a constant: x86 and 32-bit Arm mark it
/// unless the modifier says "no punctuation"; `n` negates; AArch64 has a
/// register that is zero.
static std::string immediateText(const AsmOperand &O, StringRef Modifier,
                                 bool IsIntel, const Triple &T) {
  if (Modifier == "n" && !O.Symbol)
    return O.Text[0] == '-' ? O.Text.substr(1) : "-" + O.Text;
  if (Modifier == "i" && T.isRISCV())
    return "i";
  if (T.isAArch64() && (Modifier == "w" || Modifier == "x") && O.Text == "0")
    return (Modifier + "zr").str();
  if (T.isX86() && Modifier.empty() && !IsIntel)
    return "$" + O.Text;
  if ((T.isARM() || T.isThumb()) && Modifier.empty() && !O.Symbol)
    return "#" + O.Text;
  return O.Text;
}

static std::string registerText(StringRef Modifier, StringRef Sample,
                                const AsmOperand &O, const Triple &T) {
  if (T.isRISCV() && Modifier == "i")
    return "";
  if (Modifier == "a" && (T.isAArch64() || T.isARM() || T.isThumb()))
    return samplesOf(T).Memory.str();
  std::string Register =
      O.Register.empty() ? numbered(Sample, O.Number, T) : O.Register;
  StringRef Digits = StringRef(Register).drop_while(isAlpha);
  if (T.isAArch64() && Modifier.size() == 1 && !Digits.empty() &&
      StringRef("wxbhsdqz").contains(Modifier[0]))
    return (Modifier + Digits).str();
  // The second of two.
  if (unsigned N = 0; (T.isARM() || T.isThumb()) && !Digits.empty() &&
                      (Modifier == "H" || Modifier == "R") &&
                      !Digits.getAsInteger(10, N))
    return ("r" + Twine(N + 1)).str();
  if (!T.isX86() || Modifier.size() != 1)
    return Register;
  switch (Modifier[0]) {
  case 'b':
    return "%al";
  case 'h':
    return "%ah";
  case 'w':
    return "%ax";
  case 'k':
    return "%eax";
  case 'q':
    return T.getArch() == Triple::x86_64 ? "%rax" : "%eax";
  case 'a':
    return samplesOf(T).Memory.str();
  default:
    return Register;
  }
}

static std::string operandText(const AsmTemplate &A, unsigned Index,
                               StringRef Modifier, StringRef Register,
                               const Triple &T) {
  const AsmOperand &O = A.Operands[Index];
  // Code generation takes a register where the constant does not fit; a
  // register can be read in either case.
  bool IsRegister = O.MayBeRegister && !O.Symbol && T.isAArch64() &&
                    (Modifier == "w" || Modifier == "x");
  switch (IsRegister ? AsmOperand::Kind::Register : O.What) {
  case AsmOperand::Kind::Immediate:
    return immediateText(O, Modifier, A.IsIntel, T);
  case AsmOperand::Kind::Label:
    return SampleLabel.str();
  case AsmOperand::Kind::Memory:
    return samplesOf(T).Memory.str();
  case AsmOperand::Kind::Register:
    return registerText(Modifier, Register, O, T);
  }
  return "";
}

/// `uid`, `comment` and `private` of `${:uid}`.
static StringRef specialText(StringRef Word) {
  if (Word == "uid")
    return "0";
  return Word == "private" ? ".L" : "";
}

/// `0` and `0:w` of `$0` and `${0:w}`, taken off \p Text.
static StringRef takeReference(StringRef &Text) {
  bool HasBrace = Text.consume_front("{");
  StringRef Word = HasBrace ? Text.take_until([](char C) { return C == '}'; })
                            : Text.take_while(isDigit);
  Text = Text.drop_front(Word.size());
  if (HasBrace)
    Text.consume_front("}");
  return Word;
}

/// As LLVM's AsmPrinter does (AsmPrinterInlineAsm.cpp).
std::string expandTemplate(const AsmTemplate &A, StringRef Register,
                           const Triple &T) {
  std::string Result;
  constexpr unsigned Outside = ~0U;
  unsigned Variant = Outside; // Which of `$(a$|b$)`.
  auto Put = [&](const Twine &Piece) {
    if (Variant == Outside || Variant == A.Alternative ||
        A.Alternative == AsmTemplate::AllAlternatives)
      Result += Piece.str();
  };
  StringRef Text = A.Text;
  while (!Text.empty()) {
    StringRef Plain = Text.take_until([](char C) { return C == '$'; });
    Put(Plain);
    Text = Text.drop_front(Plain.size());
    if (!Text.consume_front("$"))
      break;
    if (Text.consume_front("$")) {
      Put("$");
    } else if (Text.consume_front("(")) {
      Variant = 0;
    } else if (Text.consume_front("|")) {
      if (Variant != Outside)
        ++Variant;
      if (A.Alternative == AsmTemplate::AllAlternatives)
        Result += ' ';
    } else if (Text.consume_front(")")) {
      Variant = Outside;
    } else {
      auto [Digits, Modifier] = takeReference(Text).split(':');
      unsigned Index;
      bool IsOperand =
          !Digits.getAsInteger(10, Index) && Index < A.Operands.size();
      Put(IsOperand ? operandText(A, Index, Modifier, Register, T)
                    : specialText(Modifier).str());
    }
  }
  return Result;
}

/// The length of a comment at \p At, 0 for none. AsmLexer takes `//` and `/*
/// */` on every target, and `#` at a line's start.
static size_t commentLength(StringRef Text, size_t At, StringRef Comment) {
  StringRef Rest = Text.drop_front(At);
  if (Rest.take_front(2) == "/*") {
    size_t End = Rest.find("*/", 2);
    return End == StringRef::npos ? Rest.size() : End + 2;
  }
  StringRef Line = Text.take_front(At);
  Line = Line.substr(Line.rfind('\n') + 1);
  bool IsComment =
      Rest.take_front(2) == "//" ||
      (!Comment.empty() && Rest.take_front(Comment.size()) == Comment) ||
      (Rest[0] == '#' && Line.trim().empty());
  return IsComment ? std::min(Rest.find('\n'), Rest.size()) : 0;
}

SmallVector<std::string, 8> statementsOf(StringRef Text, StringRef Comment,
                                         StringRef Separator) {
  SmallVector<std::string, 8> Statements;
  std::string Current;
  auto End = [&] {
    if (StringRef Statement = StringRef(Current).trim(); !Statement.empty())
      Statements.push_back(Statement.str());
    Current.clear();
  };
  bool InQuotes = false;
  for (size_t I = 0; I < Text.size();) {
    if (!InQuotes)
      if (size_t Length = commentLength(Text, I, Comment)) {
        Current += ' ';
        I += Length;
        continue;
      }
    StringRef Rest = Text.drop_front(I);
    bool IsSeparator = !InQuotes && !Separator.empty() &&
                       Rest.take_front(Separator.size()) == Separator;
    if (Rest[0] == '\n' || IsSeparator) {
      End();
      InQuotes = false;
      I += Rest[0] == '\n' ? 1 : Separator.size();
      continue;
    }
    if (InQuotes && Rest[0] == '\\' && Rest.size() > 1) {
      Current += Rest[0];
      ++I;
    } else if (Rest[0] == '"') {
      InQuotes = !InQuotes;
    }
    Current += Text[I++];
  }
  End();
  return Statements;
}

std::string macrosOf(StringRef Text) {
  std::string Result;
  unsigned Depth = 0;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    StringRef Word = Line.ltrim().take_until(
        [](char C) { return C == ' ' || C == '\t' || C == ';'; });
    Depth += Word == ".macro";
    if (Depth)
      Result += (Line + "\n").str();
    if (Depth && (Word == ".endm" || Word == ".endmacro"))
      --Depth;
  }
  return Result;
}

} // namespace section_placement
