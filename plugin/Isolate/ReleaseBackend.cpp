//===- ReleaseBackend.cpp - lto: opt-out in a ThinLTO backend -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReleaseMarks.h"
#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Isolate/OptOutMark.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

/// The unit that the module's own functions are of; empty where of none.
static StringRef unitOfModule(const Module &M) {
  for (const Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      if (std::optional<OptOutMark> Mark = optOutMarkOf(F);
          Mark && !Mark->Unit.empty())
        return Mark->Unit;
  return "";
}

/// Leaves of what was imported across the line its declaration.
static void dropImportedFunctions(Module &M, StringRef OwnUnit,
                                  bool IsOptedOut) {
  for (Function &F : M) {
    if (!F.hasAvailableExternallyLinkage())
      continue;
    std::optional<OptOutMark> Mark = optOutMarkOf(F);
    bool IsOwn = Mark && Mark->Unit == OwnUnit;
    bool Crosses = IsOptedOut ? !IsOwn : Mark && !IsOwn;
    if (!Crosses)
      continue;
    F.deleteBody(); // Makes it external.
    F.setComdat(nullptr);
  }
}

/// What the thin link took for read-only or write-only is `internal` here and
/// in its own module too: as a declaration it would be undefined. The
/// compile-time half has kept it from doing so.
static void dropImportedVariables(Module &M) {
  for (GlobalVariable &V : M.globals()) {
    if (!V.hasAvailableExternallyLinkage())
      continue;
    V.setInitializer(nullptr);
    V.setLinkage(GlobalValue::ExternalLinkage);
    V.setComdat(nullptr);
  }
}

void releaseBackend(Module &M, const StringSet<> &Units) {
  StringRef OwnUnit = unitOfModule(M);
  bool IsOptedOut = Units.count(OwnUnit);
  dropImportedFunctions(M, OwnUnit, IsOptedOut);
  if (IsOptedOut)
    dropImportedVariables(M);
  releaseMarks(M, /*Reunites=*/true);
}

} // namespace section_placement
