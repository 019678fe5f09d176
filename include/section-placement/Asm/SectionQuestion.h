//===- SectionQuestion.h - May code stand beside this asm? ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly can declare a section in many ways (`.section`, `.pushsection`, a
// macro), with flags that code cannot have, and refer to a symbol that has the
// name. So the assembler is asked: the text is assembled, and the object read
// for both.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ASM_SECTIONQUESTION_H
#define SECTION_PLACEMENT_ASM_SECTIONQUESTION_H

#include "section-placement/Asm/Assembler.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>

namespace llvm {
class CallBase;
class Function;
class Module;
} // namespace llvm

namespace section_placement {

class SectionQuestion {
public:
  /// \p M must outlive this.
  explicit SectionQuestion(const llvm::Module &M);
  ~SectionQuestion();

  struct Objection {
    llvm::StringRef Section;
    std::string Why; ///< The end of a sentence that begins with "module asm".
  };

  /// The first of \p Sections that code cannot stand in beside what module asm
  /// does there; nothing where it can in all. Text that cannot be assembled
  /// counts where it has the name.
  std::optional<Objection>
  ofModuleAsm(llvm::ArrayRef<llvm::StringRef> Sections);

  /// The same of \p Call, which calls inline asm.
  std::optional<Objection>
  ofInlineAsm(const llvm::CallBase &Call,
              llvm::ArrayRef<llvm::StringRef> Sections);

private:
  struct AsmQuery {
    /// The same asm with one register after the other; the first that can be
    /// assembled is judged.
    llvm::SmallVector<std::string, 8> Texts;
    /// Where none can: its directives are assembled, and of its instructions
    /// the names count.
    std::string Directives, Instructions;
    std::string Before, After; ///< What each is assembled with.
  };
  std::optional<Objection> ask(const AsmQuery &Q, const llvm::Function *Of,
                               llvm::ArrayRef<llvm::StringRef> Sections);
  static std::optional<Objection>
  objectionIn(llvm::ArrayRef<char> Object,
              llvm::ArrayRef<llvm::StringRef> Sections);
  llvm::SmallVector<llvm::StringRef, 4>
  meant(llvm::StringRef Text, llvm::ArrayRef<llvm::StringRef> Sections) const;

  const llvm::Module &M;
  llvm::Triple T;
  Assembler A;
  std::string Macros;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_ASM_SECTIONQUESTION_H
