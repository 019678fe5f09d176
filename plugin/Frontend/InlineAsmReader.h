//===- InlineAsmReader.h - Short references in inline asm -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_FRONTEND_INLINEASMREADER_H
#define SECTION_PLACEMENT_FRONTEND_INLINEASMREADER_H

#include "section-placement/Frontend/Assembler.h"
#include "section-placement/Frontend/RelocationReach.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace llvm {
class CallBase;
class Function;
class GlobalValue;
} // namespace llvm

namespace section_placement {

/// A reference from inline asm to a symbol of its module.
struct AsmReference {
  llvm::GlobalValue *Target;
  /// Null where the statement could not be assembled.
  const RelocationReach *Relocation;
  std::string Statement;
};

/// Reads the references that inline asm makes, by operand or by a name in its
/// text, to functions and variables of its module. Only a statement that names
/// one is assembled, with its operands filled in: constants and symbols as they
/// are, registers by any of the target's that fits.
class InlineAsmReader {
public:
  InlineAsmReader(llvm::Module &M, const Assembler &A) : M(M), A(A) {}

  /// Appends the references of \p F in the order of its instructions.
  void read(llvm::Function &F, std::vector<AsmReference> &References);

private:
  void readCall(llvm::CallBase &Call, llvm::StringRef Features,
                std::vector<AsmReference> &References);
  void readStatement(llvm::StringRef Statement, llvm::CallBase &Call,
                     llvm::StringRef Features,
                     std::vector<AsmReference> &References);
  /// The relocations, by target name, of an assembled statement; nothing where
  /// no choice of registers makes it assemble.
  using Relocations =
      std::vector<std::pair<std::string, const RelocationReach *>>;
  const std::optional<Relocations> &
  assemble(llvm::ArrayRef<std::string> Candidates, llvm::StringRef Features);

  llvm::Module &M;
  const Assembler &A;
  llvm::StringMap<std::optional<Relocations>> Assembled;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_FRONTEND_INLINEASMREADER_H
