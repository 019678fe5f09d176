//===- Phase.cpp - Which step of a build a pass runs in -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/Phase.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

StringRef nameOf(Phase P) {
  switch (P) {
  case Phase::Compile:
    return "compile";
  case Phase::PreLink:
    return "pre-link";
  case Phase::ThinLTOBackend:
    return "thinlto-backend";
  case Phase::FullLTO:
    return "full-lto";
  case Phase::Explicit:
    return "opt";
  }
  return "";
}

Phase phaseOfModule(const Module &M, compat::LinkPhase Told,
                    const PipelineState &State) {
  switch (Told) {
  case compat::LinkPhase::None:
    return Phase::Compile;
  case compat::LinkPhase::PreLink:
    return Phase::PreLink;
  case compat::LinkPhase::PostLink:
    return Phase::ThinLTOBackend;
  case compat::LinkPhase::Unknown:
    break;
  }
  if (!M.getModuleFlag("EnableSplitLTOUnit"))
    return Phase::Compile;
  return State.HasStart ? Phase::PreLink : Phase::ThinLTOBackend;
}

} // namespace section_placement
