//===- Check.cpp - section-placement check ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before a link: is the policy well formed, and what would each rule claim of
// these bitcode files and objects? Each bitcode module is planned by itself, as
// a ThinLTO backend does, with all native objects that were given.
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"
#include "JsonOption.h"
#include "LinkCommandOption.h"
#include "NamesOption.h"
#include "NativeNames.h"
#include "Progress.h"
#include "Subcommand.h"
#include "section-placement/Explain/ExplainNatives.h"
#include "section-placement/Explain/ExplainRule.h"
#include "section-placement/Explain/JsonPlan.h"
#include "section-placement/Explain/PrintPlan.h"
#include "section-placement/IR/IRReader.h"
#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace llvm;
using namespace section_placement;

static cl::SubCommand
    CheckCommand("check", "Validate a policy, and show what it would claim");
static constexpr char Example[] = R"(
EXAMPLE:

  section-placement check policy.yaml vmlinux.a entry.o

  Says of each function in vmlinux.a which rule would claim it, and by which
  branch in entry.o. Without files it checks the policy alone. The policy - is
  standard input, whose paths are relative to the current folder.

EXIT CODES:

  0  all well
  1  a rule, or a name in it, that nothing in these files answers to
  2  bad input or usage
)";
static cl::opt<std::string> PolicyFile(cl::Positional, cl::Required,
                                       cl::desc("POLICY"),
                                       cl::sub(CheckCommand));
static cl::list<std::string> InputFiles(cl::Positional,
                                        cl::desc("[BITCODE|OBJECT|ARCHIVE...]"),
                                        cl::sub(CheckCommand));

static LinkCommandOption TheLink(CheckCommand);
static JsonOption TheJson(CheckCommand);
static NamesOption TheNames(CheckCommand);

static Expected<int> check();
static RegisterSubcommand Registration(CheckCommand, check, Example);

namespace {
/// Plans one module after the other and adds up what the rules claim.
class Checker {
public:
  Checker(const Policy &P, const LinkFacts *Link)
      : P(P), Link(Link), Index(P), Root(P.Root), Wanted(P.interest()),
        ByRule(P.Rules.size()) {}

  Error readNatives(const ToolInputs &Inputs);
  Error plan(Module &M, StringRef Name, raw_ostream &OS);
  /// Looks up in \p Inputs, and in those of the link, the names that no module
  /// answers to.
  void findNatives(const ToolInputs &Inputs);
  /// Prints the totals; is anything unmet?
  bool summarise(raw_ostream &OS);
  void writeJson(json::OStream &J);

private:
  void keepUnanswered(const Program &Prog);
  void keepJson(const Planned &What, StringRef Name,
                ArrayRef<std::string> Told);

  const Policy &P;
  const LinkFacts *Link;
  RuleIndex Index;
  SourceRoot Root;
  Interest Wanted;
  std::unique_ptr<NativeInputs> Natives;
  std::vector<uint32_t> Named; ///< Native symbols that the policy names.
  std::vector<RuleTotals> ByRule;
  unsigned ModuleCount = 0;
  /// The names that no module so far answered to.
  std::vector<UnansweredName> Unanswered;
  std::vector<NativeName> AnsweredByNatives;
  /// The plans as JSON: no plan is in memory together with another.
  std::vector<std::string> Modules;
};
} // namespace

Error Checker::readNatives(const ToolInputs &Inputs) {
  Expected<std::unique_ptr<NativeInputs>> Read =
      readNativeInputs(P, Inputs.files(), Inputs.machine());
  if (!Read)
    return Read.takeError();
  Natives = std::move(*Read);
  for (StringRef Name : Wanted.Names)
    append_range(Named, Natives->Facts.symbolsNamed(Name));
  llvm::sort(Named);
  return Error::success();
}

void Checker::keepUnanswered(const Program &Prog) {
  std::vector<UnansweredName> Here = unansweredNames(Prog, Index), Both;
  if (!ModuleCount++) {
    Unanswered = std::move(Here);
  } else {
    std::set_intersection(Unanswered.begin(), Unanswered.end(), Here.begin(),
                          Here.end(), std::back_inserter(Both),
                          [](const UnansweredName &A, const UnansweredName &B) {
                            return A.Position < B.Position;
                          });
    Unanswered = std::move(Both);
  }
  suggestNames(Prog, Unanswered);
}

Error Checker::plan(Module &M, StringRef Name, raw_ostream &OS) {
  ModuleInput In{M, Wanted, Root};
  In.Link = Link;
  In.Input = Name;
  In.Natives = &Natives->Facts;
  In.NamedNatives = Named;
  ReadModule Read;
  readModule(In, Read);
  Plan ThePlan = makePlan(Read.P, Index);
  if (ThePlan.Missing.Rule != NoIndex)
    return errorIn(Name, explainMissingSources(Index, ThePlan.Missing));
  for (uint32_t R = 0; R < Index.size(); ++R) {
    ByRule[R].Seeds += ThePlan.Totals[R].Seeds;
    ByRule[R].Claimed += ThePlan.Totals[R].Claimed;
    ByRule[R].Variables += ThePlan.Totals[R].Variables;
    ByRule[R].Moved += ThePlan.Totals[R].Moved;
    ByRule[R].Inside += ThePlan.Totals[R].Inside;
  }
  keepUnanswered(Read.P);
  Planned What{Read.P, Index, ThePlan};
  OS << Name << ":\n";
  std::vector<std::string> Told = explainTold(What);
  if (Link)
    for (const OrphanSection &O : findOrphans(What, *Link))
      Told.push_back(
          explainOrphan(Index.rule(O.Rule).R->Name, O.Section, *Link));
  std::string Text;
  raw_string_ostream TextOS(Text);
  printPlan(TextOS, What, Told);
  OS << shown(TextOS.str(), TheNames.style());
  if (TheJson.isGiven())
    keepJson(What, Name, Told);
  return Error::success();
}

void Checker::findNatives(const ToolInputs &Inputs) {
  if (Unanswered.empty())
    return;
  std::vector<std::string> Files = Inputs.files();
  if (Link)
    append_range(Files, Link->Inputs);
  NativeMembers Members(std::move(Files), Inputs.machine());
  AnsweredByNatives = takeNativeNames(Unanswered, Members, Link);
}

bool Checker::summarise(raw_ostream &OS) {
  for (const std::string &Line : explainNatives(Natives->Notes))
    OS << Line << '\n';
  bool IsUnmet = false;
  for (uint32_t R = 0; R < Index.size(); ++R) {
    const Rule &TheRule = P.Rules[R];
    OS << explainTotals(TheRule, ByRule[R]) << '\n';
    // A closed one may say which native code is inside.
    bool HasNatives = TheRule.Closed &&
                      any_of(AnsweredByNatives,
                             [&](const NativeName &N) { return N.Rule == R; });
    bool ClaimsNothing = !ByRule[R].Claimed && !ByRule[R].Variables &&
                         !ByRule[R].Inside && !TheRule.Optional && !HasNatives;
    if (ClaimsNothing)
      tell(OS, explainClaimsNothing(TheRule), SourceMgr::DK_Error);
    IsUnmet |= ClaimsNothing;
  }
  for (const NativeName &N : AnsweredByNatives)
    OS << explainNativeName(P.Rules[N.Rule], N.Name, N.Object) << '\n';
  for (const UnansweredName &N : Unanswered)
    tell(OS, explainUnanswered(Index, N), SourceMgr::DK_Error);
  return IsUnmet || !Unanswered.empty();
}

void Checker::keepJson(const Planned &What, StringRef Name,
                       ArrayRef<std::string> Told) {
  raw_string_ostream OS(Modules.emplace_back());
  json::OStream J(OS);
  J.object([&] {
    writeText(J, "module", Name);
    writeJsonPlan(J, What);
    writeTexts(J, "told", Told);
  });
}

void Checker::writeJson(json::OStream &J) {
  writeJsonRules(J, P, ByRule);
  writeJsonUnanswered(J, Index, Unanswered);
  J.attributeArray("modules", [&] {
    for (const std::string &Text : Modules)
      J.rawValue(Text);
  });
}

static Expected<Policy> readGivenPolicy() {
  std::string Root =
      sys::Process::GetEnv("SECTION_PLACEMENT_ROOT").value_or("");
  if (PolicyFile != "-")
    return readPolicy(PolicyFile, Root);
  Expected<std::string> Text = readStandardInputText(uint64_t(16) << 20);
  if (!Text)
    return Text.takeError();
  return readPolicyText(*Text, "<stdin>", Root);
}

static Expected<int> check() {
  Expected<Policy> P = readGivenPolicy();
  if (!P)
    return P.takeError();
  Expected<GivenLink> Link = TheLink.read(InputFiles);
  if (!Link)
    return Link.takeError();
  if (Link->Files.empty()) {
    TheJson.text() << P->File << ": well formed, " << P->Rules.size()
                   << (P->Rules.size() == 1 ? " rule\n" : " rules\n");
    return TheJson.finish(AllWell, [&](json::OStream &J) {
      writeJsonRules(J, *P, std::vector<RuleTotals>(P->Rules.size()));
    });
  }
  Expected<ToolInputs> Inputs = ToolInputs::open(Link->Files);
  if (!Inputs)
    return Inputs.takeError();
  Checker C(*P, Link->facts());
  if (Error E = C.readNatives(*Inputs))
    return E;
  Progress Reading;
  auto Plan = [&](Module &M, StringRef Name) {
    if (!outs().is_displayed())
      Reading(Name); // Else the plans themselves are the progress.
    return C.plan(M, Name, TheJson.text());
  };
  if (Error E = Inputs->forEachModule(Plan))
    return E;
  Reading.clear();
  C.findNatives(*Inputs);
  int Code = C.summarise(TheJson.text()) ? NotMet : AllWell;
  TheJson.printVerdict(TheJson.text(), Code);
  return TheJson.finish(Code, [&](json::OStream &J) { C.writeJson(J); });
}
