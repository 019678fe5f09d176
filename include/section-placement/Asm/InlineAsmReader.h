//===- InlineAsmReader.h - Short references in inline asm -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ASM_INLINEASMREADER_H
#define SECTION_PLACEMENT_ASM_INLINEASMREADER_H

#include "section-placement/Asm/Assembler.h"
#include "section-placement/Asm/InlineAsmText.h"
#include "section-placement/Objects/RelocationReach.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace llvm {
class CallBase;
class GlobalValue;
class InlineAsm;
} // namespace llvm

namespace section_placement {

/// A reference from inline asm to a symbol of its module.
struct AsmReference {
  llvm::GlobalValue *Target;
  /// Null where the statement could not be assembled.
  const RelocationReach *Relocation;
  std::string Statement;
  /// Where the asm leaves the section of its function; else empty.
  std::string Section;
};

/// Reads the references that inline asm makes, by operand or by a name in its
/// text, to functions and variables of its module. Only asm that names one is
/// assembled: whole, and where that cannot be, statement by statement.
class InlineAsmReader {
public:
  explicit InlineAsmReader(llvm::Module &M);

  /// Appends the references of \p Call, which calls inline asm, in order.
  void read(llvm::CallBase &Call, std::vector<AsmReference> &References);

  /// The calls and jumps in the asm that \p Call calls which go where a
  /// register or memory says. Nothing where it cannot be assembled.
  std::optional<unsigned> registerJumps(llvm::CallBase &Call);

private:
  struct Relocation {
    std::string Target, Section;
    const RelocationReach *Type;
  };
  using Relocations = std::vector<Relocation>;
  /// Its text with each sample register.
  llvm::SmallVector<std::string, 8>
  candidates(const llvm::CallBase &Call, llvm::ArrayRef<AsmOperand> Operands);
  std::string wholeText(llvm::StringRef Text, const llvm::CallBase &Call) const;

  bool namesSymbol(const llvm::InlineAsm &Asm);
  llvm::GlobalValue *findSymbol(llvm::StringRef Name) const;
  /// Of a text for each sample register, what the first that can be assembled
  /// gives; nothing where none can be.
  const std::optional<Relocations> &
  assemble(llvm::ArrayRef<std::string> Candidates, llvm::CallBase &Call);
  std::optional<Relocations> assembleOne(llvm::StringRef Text,
                                         llvm::CallBase &Call);
  llvm::SmallVector<llvm::GlobalValue *, 2>
  namedIn(llvm::StringRef Statement, llvm::ArrayRef<AsmOperand> Operands) const;
  void readStatements(llvm::ArrayRef<std::string> Candidates,
                      llvm::ArrayRef<AsmOperand> Operands, llvm::CallBase &Call,
                      std::vector<AsmReference> &References);
  void append(const Relocations &Found, llvm::StringRef Text,
              std::vector<AsmReference> &References) const;

  llvm::Module &M;
  llvm::Triple T;
  /// Made when the first asm names a symbol.
  std::optional<Assembler> A;
  /// The macros that module asm defines: inline asm may use them.
  std::string Macros;
  llvm::DenseMap<const llvm::InlineAsm *, bool> Names;
  llvm::StringMap<std::optional<Relocations>> Assembled;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_ASM_INLINEASMREADER_H
