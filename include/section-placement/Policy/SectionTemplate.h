//===- SectionTemplate.h - Where a rule's functions go ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `section` is a name (`.text.hyp`) or a template (`.text.hyp.{function}`).
// A wrong one must not reach the object: code in `.data.x` links without a word
// and is executable data.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_POLICY_SECTIONTEMPLATE_H
#define SECTION_PLACEMENT_POLICY_SECTIONTEMPLATE_H

#include "section-placement/Model/Program.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

/// Why \p Name cannot be an ELF section of code; nothing where it can.
std::optional<std::string> codeSectionFault(llvm::StringRef Name);

/// Why \p Name cannot be an ELF section of variables; nothing where it can.
std::optional<std::string> dataSectionFault(llvm::StringRef Name);

/// What the parts of a section's name between its dots promise of its content.
enum class NamedContent : uint8_t {
  Any,      ///< Nothing.
  ReadOnly, ///< `rodata`: never written.
  Written,  ///< `data`: written, whatever the source says.
  Zeros,    ///< `bss`, `noinit`: no bytes in a file.
};
NamedContent namedContent(llvm::StringRef Section);

/// Do linkers make \p Section read-only once the program is loaded (RELRO)?
/// After lld's isRelroSection and GNU ld's default scripts; names that are no
/// section of variables aside.
bool isReadOnlyOnceLoaded(llvm::StringRef Section);

/// A parsed section template.
class SectionTemplate {
public:
  enum class Word {
    Literal,
    Function,
    Variable,
    File,
    Dir,
    Rule,
    Native,
    Unsplit
  };
  /// What goes into the sections: `section`, `split-section`, or `data`.
  enum class Use { Code, Parts, Data };

  /// Parses \p Text. Fails with the message of what is wrong and what would be
  /// right; the caller knows the place.
  static llvm::Expected<SectionTemplate> parse(llvm::StringRef Text,
                                               Use For = Use::Code);

  /// Why it cannot name sections of its use under the rule \p Rule; nothing
  /// where it can. What functions are called cannot be known here.
  std::optional<std::string> faultUnder(llvm::StringRef Rule) const;

  /// `{native}` and `{unsplit}`, which stand where `section` is left out.
  static SectionTemplate ofWord(Word W);

  /// Does it depend on the native symbol that reaches the function?
  bool usesNative() const { return uses(Word::Native); }
  bool uses(Word W) const;

  /// Is the section the same for all functions of one rule?
  bool isShared() const;

  /// The section of \p S under rule \p Rule, reached from a native symbol in
  /// section \p Native. Empty where it stays as it is: the compiler gives a
  /// comdat a section of its own with and without -ffunction-sections, so that
  /// is what `{unsplit}` means for one.
  std::string expand(const Symbol &S, llvm::StringRef Rule,
                     llvm::StringRef Native) const;

  llvm::StringRef text() const { return Text; }

private:
  struct Part {
    Word What;
    std::string Literal;
  };
  std::string Text;
  Use For = Use::Code;
  std::vector<Part> Parts;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_POLICY_SECTIONTEMPLATE_H
