//===- OpenSession.cpp - The session of the policy in force ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Explain/Remarks.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace section_placement {

void diagnose(LLVMContext &Context, const Twine &Message,
              DiagnosticSeverity Severity) {
  compat::diagnose(Context, "section-placement: " + Message, Severity);
}

void diagnose(LLVMContext &Context, const Diagnostic &D,
              DiagnosticSeverity Severity) {
  diagnose(Context, D.str() + sourceLines(D.Where), Severity);
}

void diagnoseAll(LLVMContext &Context, ArrayRef<Diagnostic> Errors) {
  for (const Diagnostic &D : Errors)
    diagnose(Context, D);
}

/// True for the first caller of a link, whatever the policy.
static bool claimWarning() {
  static std::atomic<bool> Said{false};
  return !Said.exchange(true);
}

void warnOnce(Module &M, Phase P, ArrayRef<std::string> Messages) {
  if (Messages.empty())
    return;
  bool IsLink = currentHostKind() == HostKind::Linker;
  if (!IsLink && P != Phase::Explicit) {
    for (const std::string &Message : Messages)
      emitTold(M, Message);
    return;
  }
  if (IsLink && !claimWarning())
    return;
  for (const std::string &Message : Messages)
    diagnose(M.getContext(), Message, DS_Warning);
}

static void warnWithoutPolicy(Module &M, Phase P, const Environment &Env) {
  std::vector<std::string> Messages = Env.Unknown;
  Messages.insert(Messages.begin(),
                  "the plugin is loaded without a policy and does nothing; set "
                  "SECTION_PLACEMENT_POLICY to a policy file, or to 'none' if "
                  "this is meant");
  warnOnce(M, P, Messages);
}

bool isForELF(const Module &M) {
  Triple T = compat::targetTriple(M);
  // IR that names no target becomes what the host is made for.
  return T.isOSBinFormatELF() || T.str().empty();
}

std::vector<Diagnostic> faultsInForce(StringRef PolicyFile) {
  const Environment &Env = Environment::get();
  std::string File = policyInForce(PolicyFile, "", Env);
  if (File.empty() || File == "none")
    return {};
  if (!Env.Fault.empty())
    return {{Place(), Env.Fault}};
  return Session::get(File).faults();
}

Session *sessionInForce(StringRef PolicyFile) {
  std::string File = policyInForce(PolicyFile, "", Environment::get());
  if (File.empty() || File == "none")
    return nullptr;
  Session &S = Session::get(File);
  return S.faults().empty() && S.isAboutThisLink() ? &S : nullptr;
}

Session *openSession(Module &M, StringRef PolicyFile, Phase P) {
  const Environment &Env = Environment::get();
  std::string File = policyInForce(PolicyFile, "", Env);
  if (File.empty()) {
    warnWithoutPolicy(M, P, Env);
    return nullptr;
  }
  if (File == "none")
    return nullptr;
  warnOnce(M, P, Env.Unknown);
  Session &S = Session::get(File);
  if (!Env.Fault.empty()) {
    if (S.claimFaults())
      diagnose(M.getContext(), Env.Fault);
    return nullptr;
  }
  if (!S.faults().empty()) {
    if (S.claimFaults())
      diagnoseAll(M.getContext(), S.faults());
    return nullptr;
  }
  if (!S.isAboutThisLink())
    return nullptr;
  if (isForELF(M))
    return &S;
  if (S.claimFaults())
    diagnose(M.getContext(),
             "policy " + File +
                 " places in ELF objects only, and this one is "
                 "for " +
                 compat::targetTriple(M).str() +
                 "; compile and link it without the plugin, or with "
                 "SECTION_PLACEMENT_POLICY=none");
  return nullptr;
}

} // namespace section_placement
