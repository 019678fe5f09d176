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

#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <optional>

namespace section_placement {

/// The native code that a policy names, and what there is to tell of it.
struct NativeInputs {
  NativeFacts Facts;
  /// One line for each wildcard that met what it could not read, or nothing.
  std::vector<std::string> Told;
};

/// Reads what the `native` globs of \p P name. \p LinkInputs are the files of
/// the link, among which wildcards choose; nothing where there is no link.
/// \p Machine is the e_machine that the program is for; EM_NONE where unknown.
/// \p TakesFatBitcode: an object with bitcode in it counts as bitcode.
/// Fails, for each path without a wildcard, where it is missing, damaged, no
/// ELF, or for another machine.
llvm::Expected<std::unique_ptr<NativeInputs>>
readNativeInputs(const Policy &P, llvm::ArrayRef<std::string> LinkInputs,
                 uint16_t Machine, bool TakesFatBitcode = false);

/// The sections of \p LinkInputs that are in memory when the program runs and
/// that hold no code, by name, each with the first native object that has it.
/// An input that cannot be read has none: the linker itself reports it.
llvm::StringMap<std::string>
readNativeData(llvm::ArrayRef<std::string> LinkInputs,
               bool TakesFatBitcode = false);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_NATIVEINPUTS_H
