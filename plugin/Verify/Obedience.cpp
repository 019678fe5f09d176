//===- Obedience.cpp - Does the image obey the policy? --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Verify/Obedience.h"
#include "section-placement/Explain/Explain.h"
#include "section-placement/Explain/ExplainNatives.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Link/NativeInputs.h"
#include "section-placement/Plan/Plan.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

bool PolicyVerdict::isObeyed() const {
  return Missing.empty() &&
         all_of(Groups, [](const GroupVerdict &G) { return G.isObeyed(); }) &&
         all_of(Sizes, [](const SizeVerdict &S) { return S.isKept(); }) &&
         all_of(Proofs, [](const GroupProof &G) { return G.isKept(); }) &&
         all_of(Orders, [](const OrderVerdict &O) { return O.isKept(); });
}

namespace {
/// What is known of a name that the image lacks.
class Obituary {
public:
  Obituary(const ObjectFiles &Objects, const Reports *Planned)
      : Objects(Objects), Planned(Planned) {}

  std::string of(StringRef Name) const;

private:
  const ObjectFiles &Objects;
  const Reports *Planned;
};
} // namespace

std::string Obituary::of(StringRef Name) const {
  for (const ObjectFile &Object : Objects.Objects)
    for (const ElfSymbol &S : Object.File.definitions())
      if (S.Name == Name)
        return Object.Name + " has it, so the link dropped it (--gc-sections) "
                             "or took another's code for it (--icf): refer to "
                             "it, or KEEP its section";
  if (Planned)
    for (const ExpectedFunction &F : Planned->Functions)
      if (F.Name == Name)
        return "it was placed in " + F.Module +
               " and is gone since: refer to it, or mark it used";
  return "it was inlined into its callers (mark it noinline), dropped since "
         "nothing refers to it (mark it used), or this configuration has it "
         "not (then write optional: true)";
}

/// The paths that the wildcards of `native` choose among: not the image, and
/// not what the policy says is an output, which has LTO's code in it.
static std::vector<std::string> nativeCandidates(const PolicyRequest &Request,
                                                 const Policy &P) {
  std::vector<std::string> Paths;
  for (const std::string &Path : Request.ObjectPaths) {
    bool IsOutput = any_of(
        P.Outputs, [&](const Pattern &O) { return namesOutput(O, Path); });
    if (Path != Request.ImagePath && !IsOutput)
      Paths.push_back(Path);
  }
  return Paths;
}

static void findMissing(const Program &Functions, const RuleIndex &Index,
                        const Obituary &Why, PolicyVerdict &Verdict) {
  std::vector<UnansweredName> Names = unansweredNames(Functions, Index);
  suggestNames(Functions, Names);
  for (const UnansweredName &N : Names) {
    MissingFunction &M = Verdict.Missing.emplace_back();
    M.Name = N.Name;
    M.Rule = Index.rule(N.Rule).R->Name;
    M.Where = N.Where;
    M.Why = N.Nearest.empty()
                ? Why.of(N.Name)
                : "did you mean '" + N.Nearest + "'? Else " + Why.of(N.Name);
  }
}

/// An output of the link that `native` chose would make all code native, and
/// the policy obeyed, since nothing could be moved.
static void tellWithoutMovable(const Program &Functions,
                               PolicyVerdict &Verdict) {
  if (Functions.Symbols.empty() ||
      any_of(Functions.Symbols, [](const Symbol &S) { return !S.IsNative; }))
    return;
  Verdict.Told.push_back(
      "every function of the image is in a native object of the policy; if one "
      "of those is an output of the link, name it there: outputs: [vmlinux.o]");
}

/// Adds to \p Known what the rules of \p P grow to along the calls of the
/// image.
static void addGrownByCall(ImageProgram &Functions, const ElfFile &Image,
                           ImageTransfers &Transfers, const Policy &P,
                           std::vector<ExpectedFunction> &Known,
                           std::vector<std::string> &Told) {
  if (!Transfers.decoder())
    Told.push_back("what a rule grows to along calls without a relocation: the "
                   "image's instructions cannot be decoded");
  addCallsOfImage(Image, Transfers, Functions);
  DenseSet<uint32_t> Demanded;
  for (const ExpectedFunction &F : Known)
    Demanded.insert(F.ImageSymbols.begin(), F.ImageSymbols.end());
  Policy Part = decidablePartWithCalls(P);
  for (ExpectedFunction &F :
       expectationsOf(Functions, Image, RuleIndex(Part))) {
    if (Demanded.contains(F.ImageSymbols[0]))
      continue;
    F.IsGrownByCall = true;
    Known.push_back(std::move(F));
  }
}

/// What a closed rule has, or one with a region, is to be known whole.
static void demandReports(const Policy &P, PolicyVerdict &Verdict) {
  for (const Rule &R : P.Rules)
    if ((R.Closed || !R.Region.empty()) && !isDecidableByImage(R))
      Verdict.NotJudged.push_back(
          "which functions rule " + inQuotes(R.Name) +
          " has: the image says it of a part of its match only (give the "
          "link's reports: --report DIR)");
}

/// Says of each group whether a script gathers its section.
static void markOrphans(const Policy &P, ArrayRef<ExpectedFunction> Expected,
                        const LinkFacts *Link, StringMap<std::string> Orphans,
                        std::vector<GroupVerdict> &Groups) {
  if (!Link && Orphans.empty())
    return;
  for (const ExpectedFunction &F : Expected) {
    StringRef Rule = P.Rules[F.Rule].Name;
    if (Link && Link->isOrphan(F.Section))
      Orphans.try_emplace(F.Section, explainOrphan(Rule, F.Section, *Link));
    auto Found = Orphans.find(F.Section);
    if (Found == Orphans.end())
      continue;
    for (GroupVerdict &G : Groups)
      if (G.Rule == Rule && G.Group == F.Group)
        G.Orphan = Found->second;
  }
}

/// Unlike the link, verify knows no other inputs than the files that it is
/// given: without reports, what a rule has by a wildcard that met none of them
/// is not judged.
static void tellNatives(ArrayRef<NativeNote> Notes, bool HasReports,
                        PolicyVerdict &Verdict) {
  for (auto [Note, Line] : zip(Notes, explainNatives(Notes))) {
    bool IsMissing = Note.What == NativeNote::Kind::Wildcard && !Note.Read &&
                     !Note.passedOver();
    if (IsMissing && !HasReports)
      Verdict.NotJudged.push_back(
          Line + ": give the link's native objects, too (--objects FILE...), "
                 "or its reports (--report DIR)");
    else
      Verdict.Told.push_back(Line);
  }
}

Expected<PolicyVerdict> judge(const PolicyRequest &Request,
                              const ElfFile &Image, const ObjectFiles &Objects,
                              ImageTransfers &Transfers) {
  Expected<Policy> P = readPolicy(Request.PolicyFile, Request.Root);
  if (!P)
    return P.takeError();
  Expected<std::unique_ptr<NativeInputs>> Natives =
      readNativeInputs(*P, nativeCandidates(Request, *P), Image.machine());
  if (!Natives)
    return Natives.takeError();
  PolicyVerdict Verdict;
  tellNatives((*Natives)->Notes, !Request.ReportFolder.empty(), Verdict);
  std::optional<Reports> Planned;
  if (!Request.ReportFolder.empty()) {
    std::vector<std::string> Outputs = Request.ObjectPaths;
    Outputs.push_back(Request.ImagePath);
    Expected<Reports> Read =
        plannedByReports(Request.ReportFolder, Outputs, *P, Image);
    if (!Read)
      return Read.takeError();
    Planned = std::move(*Read);
    Verdict.IsByReports = true;
    Verdict.NotSeen = notSeen(Objects.Bitcode, *Planned);
    if (!Planned->OtherOutput.empty())
      Verdict.NotJudged.push_back(
          "whether the reports are of this image: they are on a link of " +
          inQuotes(Planned->OtherOutput) +
          " (call the image so, or give that output, too: --objects FILE...)");
    for (const auto &[Name, Why] : Planned->NotHeld)
      Verdict.NotJudged.push_back(
          ("rule " + Twine(inQuotes(Name)) + " " + Why).str());
  }
  ImageProgram Functions;
  RuleIndex Index(*P);
  Interest Wanted = P->interest();
  readImageProgram(Image, (*Natives)->Facts, Objects, Wanted, Functions);
  findMissing(Functions.P, Index,
              Obituary(Objects, Planned ? &*Planned : nullptr), Verdict);
  std::vector<ExpectedFunction> Expected;
  tellWithoutMovable(Functions.P, Verdict);
  if (Planned) {
    Expected = std::move(Planned->Functions);
  } else {
    Policy Part = decidablePart(*P, Verdict.Told);
    if (!Image.isRelocatable()) // Else the final link decides.
      demandReports(*P, Verdict);
    Expected = expectationsOf(Functions, Image, RuleIndex(Part));
    if (any_of(P->Rules,
               [](const Rule &R) { return R.Grow && R.Grow->AlongCall; }))
      addGrownByCall(Functions, Image, Transfers, *P, Expected, Verdict.Told);
  }
  for (const ExpectedFunction &F : Expected)
    append_range(Verdict.Members, F.ImageSymbols);
  Verdict.Groups = judgeGroups(Image, Objects, (*Natives)->Facts, *P, Expected);
  judgeLeaving(Image, Transfers, Verdict.Groups);
  markOrphans(*P, Expected, Request.Link,
              Planned ? Planned->Orphans : StringMap<std::string>(),
              Verdict.Groups);
  judgeRegions(Request, Image, *P, Expected, Verdict);
  Verdict.Sizes = judgeSizes(Image, Functions, *P, Expected, Verdict.Told);
  if (!Image.isRelocatable() && Transfers.decoder())
    Verdict.Proofs =
        proveClosed(Image, *Transfers.decoder(), *P, Expected, Objects);
  else if (Image.isRelocatable() &&
           any_of(P->Rules, [](const Rule &R) { return R.Closed; }))
    Verdict.Told.push_back("what a closed rule executes and reads, which the "
                           "final link decides");
  if (Request.OrderFile.empty())
    Verdict.Orders = judgeOrders(Image, *P, Expected,
                                 Planned ? &*Planned : nullptr, Verdict.Told);
  for (GroupProof &Proof : Verdict.Proofs) {
    Proof.IsByReports = Verdict.IsByReports;
    for (GroupVerdict &G : Verdict.Groups)
      G.HasProof |= Proof.Functions && is_contained(Proof.Rules, G.Rule);
  }
  if (!Planned && Request.OrderFile.empty() && Verdict.saysNothing() &&
      none_of(P->Rules, [](const Rule &R) { return !R.Region.empty(); }))
    Verdict.NotJudged.push_back(
        Verdict.Groups.empty()
            ? "whether the policy was followed: no rule places a function that "
              "the image alone tells (give the link's reports: --report DIR)"
            : "whether the policy was followed: the image alone does not tell "
              "who put a function into a section that takes other code, too "
              "(give the objects that the link made: --objects FILE..., or its "
              "reports: --report DIR)");
  return Verdict;
}

} // namespace section_placement
