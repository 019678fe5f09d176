//===- Inputs.h - Bitcode and objects on the command line -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_INPUTS_H
#define SECTION_PLACEMENT_TOOLS_INPUTS_H

#include "section-placement/Objects/InputFiles.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <string>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// The files that a subcommand was given: bitcode, relocatable ELF objects
/// (also those with bitcode inside), and archives of either.
class ToolInputs {
public:
  /// A file, or a member of an archive, that holds bitcode.
  struct Bitcode {
    InputName Name;
    uint64_t Offset; ///< As InputFile's.
    llvm::MemoryBufferRef Bytes;
    /// Looked up once: LLVM reads through the module for it. Empty for a
    /// combined index.
    std::string Triple;
  };

  /// Fails where a file cannot be read or is none of these.
  static llvm::Expected<ToolInputs> open(llvm::ArrayRef<std::string> Files);

  /// All files as they were named, for what reads native objects.
  llvm::ArrayRef<std::string> files() const { return Names; }

  /// The e_machine of the first bitcode module, EM_NONE where there is none.
  uint16_t machine() const { return Machine; }

  /// Calls \p Visit with each bitcode module and its file's name, in order. One
  /// module at a time is in memory. Stops at the first error.
  llvm::Error forEachModule(
      llvm::function_ref<llvm::Error(llvm::Module &, llvm::StringRef)> Visit)
      const;

  /// All bitcode, in order.
  llvm::ArrayRef<Bitcode> bitcode() const { return Modules; }

private:
  llvm::Error addBitcode(const InputFile &Input);

  std::vector<std::string> Names;
  InputWalker Files;
  std::vector<Bitcode> Modules;
  uint16_t Machine = 0;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_INPUTS_H
