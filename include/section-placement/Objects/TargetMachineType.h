//===- TargetMachineType.h - The e_machine of a triple ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_TARGETMACHINETYPE_H
#define SECTION_PLACEMENT_OBJECTS_TARGETMACHINETYPE_H

#include <cstdint>

namespace llvm {
class Triple;
} // namespace llvm

namespace section_placement {

/// The e_machine of objects for \p T; EM_NONE for a target that the table of
/// relocations does not know.
uint16_t elfMachineOf(const llvm::Triple &T);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_TARGETMACHINETYPE_H
