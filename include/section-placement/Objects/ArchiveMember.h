//===- ArchiveMember.h - An archive's members, in bounds --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's reader of archives finds a member that is cut short only when it goes
// on to the next one. By then its bytes have been handed out, with a size that
// goes past the end of the file, and reading them ends the process.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_ARCHIVEMEMBER_H
#define SECTION_PLACEMENT_OBJECTS_ARCHIVEMEMBER_H

#include "llvm/Object/Archive.h"

namespace section_placement {

/// Succeeds where name and contents of \p Member lie within \p Archive. Of a
/// thin archive the contents lie elsewhere, and are not looked at. To be called
/// before anything else of a member is.
llvm::Error checkMember(const llvm::object::Archive &Archive,
                        const llvm::object::Archive::Child &Member);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_ARCHIVEMEMBER_H
