//===- NativeNames.h - Names of a policy that are native code ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A closed rule lists the routines of the C library and of the compiler's
// runtime that its code calls. No bitcode has them, and 'native' need not name
// their archives: the link finds them there.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_NATIVENAMES_H
#define SECTION_PLACEMENT_TOOLS_NATIVENAMES_H

#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Objects/NativeMembers.h"
#include "section-placement/Plan/Plan.h"

namespace section_placement {

struct NativeName {
  uint32_t Rule;
  std::string Name;
  std::string Object; ///< `lib.a(member.o)`.
};

/// Takes those out of \p Names that native code of \p Members answers to, and
/// returns them. The others are marked where an input may have them that is not
/// known: \p Link is null where nobody said what the link reads.
std::vector<NativeName> takeNativeNames(std::vector<UnansweredName> &Names,
                                        NativeMembers &Members,
                                        const LinkFacts *Link);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_NATIVENAMES_H
