//===- SplitHook.cpp - Splitting in code generation -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/SplitHook.h"
#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Report/PartsReport.h"
#include "section-placement/Split/Split.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/IR/Module.h"
#include <map>
#include <mutex>

using namespace llvm;

namespace section_placement {

/// Code generation of a full LTO link may go on in several modules of one name.
/// Each adds what it knows, and the last has all.
static void reportParts(const Session &S, Module &M,
                        ArrayRef<SplitOutcome> Outcomes) {
  static std::mutex Lock;
  // Never destroyed: lld ends its process under running threads.
  static auto &Known = *new std::map<std::string, PartsReport>;
  std::lock_guard<std::mutex> Guard(Lock);
  PartsReport &Report = Known[M.getModuleIdentifier()];
  Report.Output = relativeToCurrentFolder(S.output());
  Report.Module = relativeToCurrentFolder(M.getModuleIdentifier());
  Report.Parts.insert(Report.Parts.end(), Outcomes.begin(), Outcomes.end());
  if (Error E = writePartsReport(S.environment().Report, Report))
    diagnoseAll(M.getContext(), diagnosticsOf(std::move(E)));
}

void hookSplitting(const std::string &PolicyFile) {
  static const bool IsHooked = [&] {
    SplitHooks Hooks;
    Hooks.OnSplit = [&PolicyFile](Module &M, ArrayRef<SplitOutcome> Outcomes) {
      Session *S = sessionInForce(PolicyFile);
      if (S && !S->environment().Report.empty())
        reportParts(*S, M, Outcomes);
    };
    Hooks.OnFault = [&PolicyFile](Module &M, StringRef Message) {
      Session *S = sessionInForce(PolicyFile);
      if (!S || S->claimFaults())
        diagnose(M.getContext(), Message);
    };
    splitInCodeGeneration(std::move(Hooks));
    return true;
  }();
  (void)IsHooked;
}

} // namespace section_placement
