//===- Assembler.h - Assembly text into an ELF object, in memory -*- C++
//-*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Module asm and inline asm branch like any assembler's object does, and only
// the assembler knows with which relocation. So the text is assembled, and what
// comes out is read like a native object.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ASM_ASSEMBLER_H
#define SECTION_PLACEMENT_ASM_ASSEMBLER_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace llvm {
class Module;
class Triple;
} // namespace llvm

namespace section_placement {

/// Assembles for one target. The target must be registered by the host, as
/// clang, opt and lld do.
class Assembler {
public:
  explicit Assembler(const llvm::Triple &Triple);
  ~Assembler();

  /// Can it assemble at all?
  bool isAvailable() const;

  /// What begins a comment, what separates statements on a line, and which of
  /// the alternatives `{a|b}` of inline asm it takes. Only where available.
  llvm::StringRef commentString() const;
  llvm::StringRef separator() const;
  unsigned dialect() const;

  /// The ELF object that \p Text assembles to for \p CPU (empty: any) and the
  /// subtarget's \p Features. Fails with the assembler's first message, and
  /// prints nothing. \p RegisterJumps, where it is not null, is set to the
  /// number of calls and jumps in it that go where a register or memory says;
  /// returns are none.
  llvm::Expected<llvm::SmallVector<char, 0>>
  assemble(llvm::StringRef Text, llvm::StringRef CPU, llvm::StringRef Features,
           unsigned *RegisterJumps = nullptr) const;

private:
  struct Machine;
  std::unique_ptr<Machine> M;
};

/// The ELF object that the module asm of \p M assembles to. It has no features
/// of its own: those of the first function that has any, which in one compile
/// are all alike. Fails as Assembler::assemble() does.
llvm::Expected<llvm::SmallVector<char, 0>>
assembleModuleAsm(const llvm::Module &M);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ASM_ASSEMBLER_H
