//===- LinkWithoutPasses.cpp - A backend without our passes ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/LinkWithoutPasses.h"
#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Pass/SectionPlacementPass.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"

using namespace llvm;

namespace section_placement {

void watchForLinkWithoutPasses(PassBuilder &PB,
                               const std::shared_ptr<PipelineState> &State,
                               const std::string &PolicyFile) {
  PassInstrumentationCallbacks *Callbacks =
      PB.getPassInstrumentationCallbacks();
  if (!Callbacks || currentHostKind() != HostKind::Linker)
    return;
  Callbacks->registerAfterPassCallback(
      [=](StringRef, const Any &IR, const PreservedAnalyses &) {
        Module *M = State->HasPlacement ? nullptr : compat::moduleIn(IR);
        if (!M)
          return;
        State->HasPlacement = true; // Asked and answered.
        reportBackendWithoutPasses(M->getContext(), PolicyFile);
      });
}

} // namespace section_placement
