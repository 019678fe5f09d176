//===- InlineAsmText.h - Inline asm as text for the assembler ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inline asm is a template whose registers are not chosen yet. What is chosen
// is filled in as it is (symbols, numbers), the rest by samples: any register,
// memory and label that the target's assembler takes.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ASM_INLINEASMTEXT_H
#define SECTION_PLACEMENT_ASM_INLINEASMTEXT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace llvm {
class CallBase;
class GlobalValue;
class Triple;
} // namespace llvm

namespace section_placement {

/// What a template's `$0` stands for.
struct AsmOperand {
  enum class Kind { Register, Memory, Immediate, Label };
  Kind What = Kind::Register;
  std::string Text; ///< Of an immediate: `7`, `symbol`, `symbol+8`.
  llvm::GlobalValue *Symbol = nullptr; ///< Of an immediate, where it is one.
  unsigned Number = 0; ///< Tied operands, which are one register, have one.
  bool MayBeRegister = false; ///< Does its constraint allow a register, too?
  std::string Register;       ///< The one that its constraint demands, or none.
};

/// The operands of the inline asm that \p Call calls: outputs, inputs and
/// labels in the order of the constraints.
llvm::SmallVector<AsmOperand, 8> operandsOf(const llvm::CallBase &Call,
                                            const llvm::Triple &T);

/// The label that stands for those of `asm goto`; whoever assembles defines it.
constexpr llvm::StringLiteral SampleLabel = ".Lsection_placement_label";

/// The registers that are tried for operands in turn; at least one.
llvm::ArrayRef<llvm::StringRef> sampleRegisters(const llvm::Triple &T);

struct AsmTemplate {
  llvm::StringRef Text;
  llvm::ArrayRef<AsmOperand> Operands;
  /// Which of `$(a$|b$)`.
  unsigned Alternative;
  static constexpr unsigned AllAlternatives = ~0U;
  /// Intel's syntax, which does not mark immediates.
  bool IsIntel = false;
};

/// Expands \p A with \p Register for what is a register.
std::string expandTemplate(const AsmTemplate &A, llvm::StringRef Register,
                           const llvm::Triple &T);

/// The statements of assembly without their comments, in order.
llvm::SmallVector<std::string, 8> statementsOf(llvm::StringRef Text,
                                               llvm::StringRef Comment,
                                               llvm::StringRef Separator);

/// The macros that \p Text, of module asm, defines (`.macro` to `.endm`):
/// inline asm may use them.
std::string macrosOf(llvm::StringRef Text);

/// Calls \p Visit with each word of \p Text that could be a symbol's name.
template <typename Fn> void forEachName(llvm::StringRef Text, Fn Visit) {
  auto IsNameChar = [](char C) {
    return llvm::isAlnum(C) || C == '_' || C == '.' || C == '$';
  };
  while (!Text.empty()) {
    Text = Text.drop_until(IsNameChar);
    llvm::StringRef Word = Text.take_while(IsNameChar);
    Text = Text.drop_front(Word.size());
    // `$name` is an immediate of x86.
    Word = Word.ltrim('$');
    if (!Word.empty() && !llvm::isDigit(Word[0]))
      Visit(Word);
  }
}

} // namespace section_placement

#endif // SECTION_PLACEMENT_ASM_INLINEASMTEXT_H
