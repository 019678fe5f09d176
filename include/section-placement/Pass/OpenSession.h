//===- OpenSession.h - The session of the policy in force -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each of our passes begins by asking which policy is in force, and a link runs
// hundreds of them: what is wrong is reported once, by whoever finds it first.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_OPENSESSION_H
#define SECTION_PLACEMENT_PASS_OPENSESSION_H

#include "section-placement/Link/Phase.h"
#include "section-placement/Pass/Session.h"

namespace section_placement {

/// Reports \p Message of ours through \p Context.
void diagnose(llvm::LLVMContext &Context, const llvm::Twine &Message,
              llvm::DiagnosticSeverity Severity = llvm::DS_Error);
/// With the line of \p D, where that is known, and a caret.
void diagnose(llvm::LLVMContext &Context, const Diagnostic &D,
              llvm::DiagnosticSeverity Severity = llvm::DS_Error);
void diagnoseAll(llvm::LLVMContext &Context, llvm::ArrayRef<Diagnostic> Errors);

/// A warning once a link; at compile time a remark, because of -Werror.
void warnOnce(llvm::Module &M, Phase P, llvm::ArrayRef<std::string> Messages);

/// Is \p M to become an ELF object? No pass changes one that is not, and under
/// a policy openSession() says so.
bool isForELF(const llvm::Module &M);

/// The session of the policy in force (\p PolicyFile, else the environment's),
/// where there is one that this module is to be planned under. Null where there
/// is none, and says what there is to say then.
Session *openSession(llvm::Module &M, llvm::StringRef PolicyFile, Phase P);

/// The same without a word, for a pass before the one that reports what is
/// wrong: null too where something is.
Session *sessionInForce(llvm::StringRef PolicyFile);

/// What is wrong with the policy in force or with the environment, so that
/// openSession() gave null and the link fails.
std::vector<Diagnostic> faultsInForce(llvm::StringRef PolicyFile);

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_OPENSESSION_H
