//===- Phase.h - Which step of a build a pass runs in -----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One extension point, OptimizerLast, runs at the end of a plain compile, of a
// compile for LTO and of a ThinLTO backend. A section set in the second blocks
// imports across the whole program (isNonRenamableLocal in LLVM's
// ModuleSummaryAnalysis), so which one it is decides what we may do.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_PHASE_H
#define SECTION_PLACEMENT_LINK_PHASE_H

#include "section-placement/Support/LLVMCompat.h"
#include <atomic>
#include <memory>

namespace section_placement {

enum class Phase {
  Compile,        ///< Machine code comes out.
  PreLink,        ///< Bitcode for LTO comes out.
  ThinLTOBackend, ///< One module of a ThinLTO link.
  FullLTO,        ///< The merged module of a full-LTO link.
  Explicit,       ///< The user named the pass: `opt -passes=`.
};

/// `compile`, `pre-link`, `thinlto-backend`, `full-lto`, `opt`.
llvm::StringRef nameOf(Phase P);

/// What one PassBuilder's pipeline has shown of itself. It belongs to the
/// callbacks of that PassBuilder, not to the IR: a mark in the IR would travel
/// into the backend.
struct PipelineState {
  /// A pass ran at PipelineStart, which runs at compile time only.
  std::atomic<bool> HasStart{false};
  /// Our pass is in the pipeline, or deliberately is not.
  std::atomic<bool> HasPlacement{false};
  /// What rules promise of compiled code was checked, and holds.
  std::atomic<bool> HasChecked{false};
  /// A backend was isolated before its first extension point.
  std::atomic<bool> HasIsolated{false};
  /// Its inliners ask us before they cross a line of `inline`.
  std::atomic<bool> GuardsInlining{false};
};

/// The phase of \p M at an extension point of the per-module pipeline, told by
/// \p Told. Before LLVM 20 nothing tells, and it is
/// found so (seen on 15, 16, 19): a plain compile has no module flag
/// `EnableSplitLTOUnit`, and PipelineStart does not run in a backend.
Phase phaseOfModule(const llvm::Module &M, compat::LinkPhase Told,
                    const PipelineState &State);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_PHASE_H
