//===- Session.h - What one process reads once ------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ThinLTO runs hundreds of backends in one process, on several threads. They
// share one policy, one command line and one reading of the native objects; a
// fault of any of those is one message, not one a backend.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_PASS_SESSION_H
#define SECTION_PLACEMENT_PASS_SESSION_H

#include "section-placement/Codegen/CompiledCode.h"
#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Objects/BitcodeInputs.h"
#include "section-placement/Objects/NativeMembers.h"
#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/StringSet.h"
#include <atomic>
#include <mutex>
#include <optional>

namespace section_placement {

/// What the environment says, by the variables `SECTION_PLACEMENT_*`.
struct Environment {
  std::string Policy, Root, Output, Report, Stage, Mismatch;
  /// One line for each variable of that prefix that we do not know.
  std::vector<std::string> Unknown;
  /// What is wrong with the value of one that we know; empty where nothing is.
  std::string Fault;

  /// Does a compile for LTO set the sections itself (`compile`), for backends
  /// that do not load us?
  bool placesAtCompile() const { return Stage == "compile"; }
  /// Is a module that was compiled under another policy only a warning?
  bool warnsOfMismatch() const { return Mismatch == "warn"; }

  /// That of this process, read at the first call.
  static const Environment &get();

private:
  static Environment read();
};

/// The policy that is in force: \p Parameter of the pass, else \p Option, else
/// the environment. Empty where there is none.
std::string policyInForce(llvm::StringRef Parameter, llvm::StringRef Option,
                          const Environment &Env);

/// An answer that is found once and may have failed: the messages of the fault,
/// or nothing.
class Session {
public:
  /// The session of policy \p File, which is read at the first call.
  static Session &get(llvm::StringRef File);

  const Environment &environment() const { return Env; }

  /// Faults of the policy, the environment or the command line. Where there are
  /// any, nothing below may be asked.
  const std::vector<Diagnostic> &faults() const { return Faults; }

  /// Is the policy about the link we run in? True where there is no link.
  bool isAboutThisLink() const { return IsAbout; }
  /// The output of the link; empty where there is none.
  const std::string &output() const { return Output; }

  /// What the link is; null where there is none, or its command line cannot be
  /// read and the policy needs nothing of it.
  const LinkFacts *link() const { return Link ? &*Link : nullptr; }

  const RuleIndex &rules() const { return *Index; }
  const Interest &interest() const { return Wanted; }
  const SourceRoot &root() const { return *Root; }

  /// What this link generates code with, as far as the command line says it.
  const CodegenSettings &codegenSettings() const { return Settings; }

  struct Natives {
    std::vector<Diagnostic> Faults;
    std::unique_ptr<NativeInputs> Inputs; ///< Null where there are faults.
    std::vector<uint32_t> Named;          ///< Symbols that the policy names.
  };
  /// The native objects of the policy, read at the first call, for a program of
  /// \p Machine (which is one in a link).
  const Natives &natives(uint16_t Machine);

  /// All native code of the link, for a program of \p Machine; null where there
  /// is no link. Nothing is read before it is asked.
  NativeMembers *members(uint16_t Machine);

  /// Which of the link's inputs defines what, in the order of its command line;
  /// null where there is no link. Nothing is read before it is asked.
  BitcodeInputs *bitcodeInputs() { return Bitcode.get(); }

  /// The data sections of the link's native objects, and where each is; read
  /// at the first call.
  const llvm::StringMap<std::string> &nativeData();

  /// True for the first caller only: each message of a link is said once.
  bool claimFaults() {
    return Host != HostKind::Linker || !Told.exchange(true);
  }

  /// True for the first caller who names \p About: it is said once.
  bool claimWarning(llvm::StringRef About);

  Session(const Session &) = delete;

private:
  explicit Session(llvm::StringRef File);
  llvm::Error readLink();
  void readCompile();

  const Environment &Env;
  HostKind Host;
  std::vector<Diagnostic> Faults;
  std::optional<Policy> P;
  std::optional<RuleIndex> Index;
  std::optional<SourceRoot> Root;
  Interest Wanted;
  std::optional<LinkFacts> Link;
  std::string Output;
  CodegenSettings Settings;
  bool IsAbout = true;
  std::once_flag NativesOnce, NativeDataOnce, MembersOnce;
  std::unique_ptr<NativeMembers> Members;
  std::unique_ptr<BitcodeInputs> Bitcode;
  Natives Read;
  llvm::StringMap<std::string> NativeData;
  std::atomic<bool> Told{false};
  std::mutex WarnedLock;
  llvm::StringSet<> Warned;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_PASS_SESSION_H
