//===- NativeInputs.h - Which native objects a policy reads -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `native` in a policy names objects by path, which must be there, and by
// wildcards, which choose among the inputs of the link at hand, so that an old
// output is never read. Archives are opened, thin ones too.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_NATIVEINPUTS_H
#define SECTION_PLACEMENT_LINK_NATIVEINPUTS_H

#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <optional>

namespace section_placement {

/// Something of the native inputs that was not read. Explain has the words.
struct NativeNote {
  enum class Kind : uint8_t {
    UnknownReaches, ///< Nobody knows how far the references of Machine reach.
    Wildcard,       ///< Glob met nothing, or what it did not read.
    Unopened,       ///< Inputs of the link could not be read: Why.
  };
  Kind What = Kind::Wildcard;
  uint16_t Machine = 0; ///< e_machine.
  std::string Glob;
  /// Of the objects that it chose: those that were read, and the others.
  unsigned Read = 0, Bitcode = 0, SlimGCC = 0, OtherMachine = 0, Linked = 0,
           NoELF = 0, Damaged = 0;
  /// Of the first damaged one, or of each unopened one, `FILE: reason`.
  std::string Why;

  unsigned passedOver() const {
    return Bitcode + SlimGCC + OtherMachine + Linked + NoELF + Damaged;
  }
};

/// The native code that a policy names, and what there is to say of it.
struct NativeInputs {
  NativeFacts Facts;
  std::vector<NativeNote> Notes;
};

/// Reads what the `native` globs of \p P name. \p LinkInputs are the files of
/// the link, among which wildcards choose; nothing where there is no link.
/// \p Machine is the e_machine that the program is for; EM_NONE where unknown.
/// \p TakesFatBitcode: an object with bitcode in it counts as bitcode.
/// \p IsLinked, where there is one, says which members of archives are linked:
/// of the others only those are read that the policy names one by one.
/// Fails, for each path without a wildcard, where it is missing, damaged, no
/// ELF, or for another machine.
llvm::Expected<std::unique_ptr<NativeInputs>> readNativeInputs(
    const Policy &P, llvm::ArrayRef<std::string> LinkInputs, uint16_t Machine,
    bool TakesFatBitcode = false,
    llvm::function_ref<bool(const InputFile &)> IsLinked = nullptr);

/// The sections of \p LinkInputs that are in memory when the program runs and
/// that hold no code, by name, each with the first native object that has it.
/// An input that cannot be read has none: the linker itself reports it.
llvm::StringMap<std::string>
readNativeData(llvm::ArrayRef<std::string> LinkInputs,
               bool TakesFatBitcode = false);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_NATIVEINPUTS_H
