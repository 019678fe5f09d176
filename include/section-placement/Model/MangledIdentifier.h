//===- MangledIdentifier.h - What a mangled name spells ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To demangle a name costs a microsecond, and few of a program's names are
// those that a policy asks for. A mangled name spells the identifiers that it
// is made of: one that lacks the last identifier of `ns::foo` is not `ns::foo`.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_MANGLEDIDENTIFIER_H
#define SECTION_PLACEMENT_MODEL_MANGLEDIDENTIFIER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace section_placement {

/// Has \p Symbol a mangling that demangledNames() knows?
bool isMangled(llvm::StringRef Symbol);

/// An identifier that stands in the mangled name of every symbol that has
/// \p Spelling among its demangledNames(). Empty where that is not known: an
/// operator, a name of the standard library that has an abbreviation, a return
/// type before the name.
llvm::StringRef requiredIdentifier(llvm::StringRef Spelling);

/// Calls \p Visit with every identifier that \p Mangled spells, and with other
/// parts of it, until one answers true. Was there one? True as well where its
/// identifiers are not known.
bool anyIdentifier(llvm::StringRef Mangled,
                   llvm::function_ref<bool(llvm::StringRef)> Visit);

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_MANGLEDIDENTIFIER_H
