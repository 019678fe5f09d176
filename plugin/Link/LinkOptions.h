//===- LinkOptions.h - Options whose value is the next word -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKOPTIONS_H
#define SECTION_PLACEMENT_LINK_LINKOPTIONS_H

#include "llvm/ADT/StringRef.h"

namespace section_placement {

/// Does ld.lld take the word after `-Option` (\p IsLong: after `--Option`) as
/// its value? Then that word is no input: it is a script, a map, an old output.
bool takesNextWord(llvm::StringRef Option, bool IsLong);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKOPTIONS_H
