//===- WholeFile.h - Files that are whole or not there ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_WHOLEFILE_H
#define SECTION_PLACEMENT_SUPPORT_WHOLEFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <system_error>

namespace section_placement {

/// Lets \p Write fill a new file beside \p Path, which then takes its place:
/// who reads \p Path sees all of it or what was there before. Gives what the
/// system says where that failed; nothing is left behind then.
std::error_code
writeWholeFile(llvm::StringRef Path,
               llvm::function_ref<void(llvm::raw_ostream &)> Write);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_WHOLEFILE_H
