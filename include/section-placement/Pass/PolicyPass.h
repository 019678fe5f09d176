//===- PolicyPass.h - What our passes have in common ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_POLICYPASS_H
#define SECTION_PLACEMENT_PASS_POLICYPASS_H

#include "section-placement/Link/Phase.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/PassManager.h"
#include <functional>
#include <string>

namespace section_placement {

/// A pass that acts under a policy, in the phase that its place in the pipeline
/// and the module say. \p PassT is the pass itself. It always runs: an -O0
/// object is linked like any other.
template <typename PassT>
class PolicyPass : public compat::RequiredPass<PassT> {
public:
  using PhaseOf = std::function<Phase(const llvm::Module &)>;

  /// \p PolicyFile may be empty: then the environment names it.
  PolicyPass(std::string PolicyFile, PhaseOf WhichPhase)
      : PolicyFile(std::move(PolicyFile)), WhichPhase(std::move(WhichPhase)) {}

protected:
  std::string PolicyFile;
  PhaseOf WhichPhase;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_POLICYPASS_H
