//===- UndefinedNames.h - What native inputs leave to others ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_UNDEFINEDNAMES_H
#define SECTION_PLACEMENT_OBJECTS_UNDEFINEDNAMES_H

#include "section-placement/Objects/InputFiles.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <string>

namespace section_placement {

/// Adds to \p Names the symbols that the native objects, members of archives
/// and shared objects among the files \p Inputs leave to others to define. A
/// file that is none of these has none. Those for which \p IsLinked is false
/// are passed over. Fails where one cannot be read.
llvm::Error
addUndefinedNames(llvm::ArrayRef<std::string> Inputs,
                  llvm::function_ref<bool(const InputFile &)> IsLinked,
                  llvm::StringSet<> &Names);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_UNDEFINEDNAMES_H
