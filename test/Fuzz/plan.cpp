//===- plan.cpp - Plans of any names, written and read back --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each line of the input is a function: what stands before a tab is its name,
// after it its source file. Each one calls and branches to the next. The plan
// that is written must be a policy, and its linker script one that is read.
//
//===----------------------------------------------------------------------===//

#include "Fuzz.h"
#include "section-placement/Explain/Explain.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/PlanFile/LiteralPolicy.h"

using namespace llvm;
using namespace section_placement;

static const char *const Policies[] = {
    "version: 1\nrules: [{ name: r, match: { function: ['*'] }, "
    "section: .text.r }]\n",
    "version: 1\nrules: [{ name: r, match: { function: ['*'] }, "
    "section: '.text.r.{function}', order: affinity }]\n",
    "version: 1\nrules: [{ name: seed, match: { source: ['*a*'] }, "
    "grow: { along: [branch, call], depth: unlimited }, section: .text.seed }, "
    "{ name: rest, match: { function: ['*'] }, optional: true, "
    "section: '.text.rest.{function}' }]\n"};

static void readProgram(StringRef Text, Program &P) {
  SmallVector<StringRef, 16> Lines;
  Text.split(Lines, '\n', /*MaxSplit=*/200, /*KeepEmpty=*/false);
  P.Evidences.push_back({"a.o", "R_AARCH64_CONDBR19"});
  for (StringRef Line : Lines) {
    auto [Name, Source] = Line.split('\t');
    if (Name.empty() || Name.contains('\0'))
      continue;
    Symbol S;
    S.Name = P.save(Name);
    S.Canonical = canonicalName(S.Name, /*Merged=*/false);
    S.Source = P.save(Source);
    S.IsLocal = S.Canonical != S.Name;
    P.Symbols.push_back(S);
  }
  for (uint32_t I = 1; I < P.Symbols.size(); ++I)
    P.Edges.push_back(
        {I - 1, I, I % 2 ? EdgeKind::Branch : EdgeKind::Call, 0, WeightOfOne});
  P.finish();
}

static void requireLinkerScript(const Planned &What) {
  Expected<std::string> Script = writeLinkerScript(What, {}, {});
  if (!isGiven(Script))
    return;
  std::string File = Workplace::get().write("plan.ld", *Script);
  Expected<LinkFacts> Facts =
      parseLinkCommand(commandWords({"-T", File, "a.o"}));
  if (!isGiven(Facts))
    require(false, "the linker script can be read");
  else if (!Facts->Script.Unread.empty())
    require(false, Facts->Script.Unread.front().What);
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Workplace &Here = Workplace::get();
  Program P;
  readProgram(textOf(Data, Size), P);
  for (StringRef Text : Policies) {
    Expected<Policy> Read = readPolicyText(Text, "policy.yaml");
    require(bool(Read), "the target's own policy");
    RuleIndex Index(*Read);
    Plan ThePlan = makePlan(P, Index);
    Planned What{P, Index, ThePlan};
    for (uint32_t I = 0; I < P.Symbols.size(); ++I)
      (void)explainPlacement(What, I);
    LiteralPolicy Literal = writeLiteralPolicy(What, "plan", Read->Root);
    for (const auto &[Name, List] : Literal.Lists)
      Here.write(Name, List);
    if (!Literal.Text.empty()) {
      Expected<Policy> Again = readPolicyText(Literal.Text, "plan.yaml");
      if (!Again) {
        errs() << Literal.Text << toString(Again.takeError()) << '\n';
        require(false, "the plan is a policy");
      }
    }
    Expected<std::string> Order = writeSymbolOrder(What, {});
    (void)isGiven(Order);
    requireLinkerScript(What);
  }
  return 0;
}
