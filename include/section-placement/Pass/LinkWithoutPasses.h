//===- LinkWithoutPasses.h - A backend in which no pass of ours runs -*- C++
//-*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_LINKWITHOUTPASSES_H
#define SECTION_PLACEMENT_PASS_LINKWITHOUTPASSES_H

#include "section-placement/Link/Phase.h"

namespace section_placement {

/// Watches the pipelines of \p PB in a linker: the first module pass that ends
/// in a pipeline that has no pass of ours (a ThinLTO backend at --lto-O0 calls
/// no extension point, LLVM 15 to 22) makes the link fail with what to do.
void watchForLinkWithoutPasses(llvm::PassBuilder &PB,
                               const std::shared_ptr<PipelineState> &State,
                               const std::string &PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_LINKWITHOUTPASSES_H
