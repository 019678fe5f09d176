//===- IsolatePass.cpp - Enforces lto: opt-out and inline -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Pass/IsolatePass.h"
#include "section-placement/Annotate/CompileDigest.h"
#include "section-placement/Annotate/IndirectCallMarks.h"
#include "section-placement/Apply/RefusedObject.h"
#include "section-placement/IR/InlinedFunctions.h"
#include "section-placement/Isolate/InlineLines.h"
#include "section-placement/Isolate/OptOut.h"
#include "section-placement/Isolate/OptOutMark.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Pass/AnnotatePass.h"
#include "section-placement/Pass/ModuleSession.h"
#include "section-placement/Pass/OpenSession.h"
#include "section-placement/Pass/PassHooks.h"
#include "section-placement/Plan/Classify.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>

using namespace llvm;

namespace section_placement {

static const char *const HowToCompile =
    "; compile it with clang -fpass-plugin=SectionPlacement.so under this "
    "policy";

namespace {
/// What the policy keeps apart in one module.
class Isolation {
public:
  Isolation(Module &M, Session &S, Phase P) : M(M), S(S), P(P) {}

  /// False where nothing may be asked: a fault that the last pass tells.
  bool plan(ModuleAnalysisManager &Analyses);
  void setLines(bool IsGuarded);
  void link(bool IsGuarded);
  /// Of an opted-out file; NoIndex where there is none.
  uint32_t firstOptedOut() const;
  StringRef sourceOf(uint32_t Symbol) const {
    return Read.P.Symbols[Symbol].Source;
  }

private:
  const Rule &rule(uint32_t R) const { return *S.rules().rule(R).R; }
  bool isOptedOut(uint32_t Symbol) const {
    uint32_t R = ThePlan.Placements[Symbol].Rule;
    return R != NoIndex && rule(R).OptsOut;
  }
  bool isRefusedLater() const;
  void checkLines();
  bool isHeld(uint32_t Symbol, uint32_t Rule) const;
  void checkImplied(const ConstrainedGroup &Group, CompileWitness &Witness);
  bool mayHold(uint32_t Rule, uint32_t Outside) const;
  void checkCopies();
  void warnOfUnseen();
  void warn(uint32_t Rule, const Twine &Message, StringRef Kind);
  StringSet<> units();
  void fail(uint32_t Rule, const Twine &Message) {
    std::string Text = ("rule '" + rule(Rule).Name + "' " + Message).str();
    diagnoseAll(M.getContext(),
                Diagnostic{placeOfRule(S.rules(), Rule), std::move(Text)});
    if (P == Phase::ThinLTOBackend)
      refuseObject(M);
  }
  /// `a.c`, or the function where nobody recorded its source.
  std::string originOf(uint32_t Symbol) const;
  /// Why the compile of \p Symbol kept nothing apart, and the remedy; \p Copied
  /// is what may have happened since.
  std::string explainLate(uint32_t Symbol, CompileWitness &Witness,
                          StringRef Copied) const;

  Module &M;
  Session &S;
  Phase P;
  ReadModule Read;
  Plan ThePlan;
};
} // namespace

bool Isolation::plan(ModuleAnalysisManager &Analyses) {
  std::vector<std::string> Told; // The last pass tells it.
  if (!readForPlan(M, Analyses, S, P, Read, Told))
    return false;
  ThePlan = makePlan(Read.P, S.rules());
  if (ThePlan.Missing.Rule == NoIndex)
    return true;
  // The function that the fault is of may be gone before the last pass.
  warnOfUnseen();
  return false;
}

uint32_t Isolation::firstOptedOut() const {
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    if (isOptedOut(I))
      return I;
  return NoIndex;
}

std::string Isolation::originOf(uint32_t Symbol) const {
  StringRef Source = sourceOf(Symbol);
  return Source.empty()
             ? ("function '" + Read.P.Symbols[Symbol].Name + "'").str()
             : ("'" + Source + "'").str();
}

/// A compile that had the plugin and left no digest knew nothing of its
/// file: the rule came to the function by growth, which only the link sees.
std::string Isolation::explainLate(uint32_t Symbol, CompileWitness &Witness,
                                   StringRef Copied) const {
  const Function &F = *Read.Functions[Symbol];
  if (!Witness.hadPlugin(F)) {
    StringRef File = Witness.compiledWithoutPolicy(F);
    std::string Cause = File.empty()
                            ? std::string("without the plugin")
                            : "under SECTION_PLACEMENT_POLICY=none (" +
                                  inQuotes(sys::path::filename(File)) + ")";
    return ("was compiled " + Cause + ", so that " + Copied + HowToCompile)
        .str();
  }
  return ("was compiled under a policy that says nothing of that file, so "
          "that " +
          Copied +
          ": growth came to it at the link; name the function or its file in "
          "the rule's 'match', or use the policy that 'section-placement plan' "
          "writes, and compile the file again")
      .str();
}

void Isolation::setLines(bool IsGuarded) {
  setInlineLines(Read.Functions, ThePlan.Constrained, S.rules());
  for (const std::string &Told : explainAlwaysInline(Read.Functions))
    noteTold(M, Told);
  holdCallsBack(M, /*IndirectToo=*/!IsGuarded);
}

/// Was the module compiled under another policy? The last pass says so, and of
/// what is wrong for that reason nothing else need be said.
bool Isolation::isRefusedLater() const {
  return (P == Phase::ThinLTOBackend || P == Phase::FullLTO) &&
         !S.environment().warnsOfMismatch() &&
         !compiledOtherwise(M, S.rules().policy(), S.root(), isMerged(M, P))
              .empty();
}

/// Did the compile keep the code of \p Symbol inside an implied line of \p
/// Rule? The line is an attribute; what the compiler makes has none.
bool Isolation::isHeld(uint32_t Symbol, uint32_t Rule) const {
  const Function &F = *Read.Functions[Symbol];
  return F.hasFnAttribute(Attribute::NoInline) || isInsideLine(F, rule(Rule)) ||
         isMadeByCompiler(Read.P.Symbols[Symbol].Canonical);
}

/// A line that `closed` or `region` implies is about what the rule matches: a
/// copy of what growth added is called by nothing that the rule names. Where
/// the compile did not hold the line, that is a warning: nothing says that code
/// was copied, and `verify` gives no certificate.
void Isolation::checkImplied(const ConstrainedGroup &Group,
                             CompileWitness &Witness) {
  auto Loose = find_if(Group.Symbols, [&](uint32_t I) {
    return I < Read.Functions.size() &&
           ThePlan.Placements[I].Rule == Group.Rule &&
           ThePlan.Placements[I].Via == NoIndex && !isHeld(I, Group.Rule);
  });
  if (Loose == Group.Symbols.end())
    return;
  const Function &F = *Read.Functions[*Loose];
  bool IsOfArchive = any_of(rule(Group.Rule).Match, [](const MatchMap &Map) {
    return Map.has(MatchKey::Archive);
  });
  std::string Why =
      explainLate(*Loose, Witness, "it may have been copied already");
  if (Witness.hadPlugin(F))
    Why = std::string("was compiled under a policy whose rule does not match "
                      "it, so that it may have been copied already; ") +
          (IsOfArchive ? "a compile does not know the archive: match by "
                         "'source', too, and compile the file again"
                       : "compile the file again under this policy");
  warn(Group.Rule,
       "lets code of '" + F.getName() + "' go nowhere else, and its object " +
           Why,
       "loose");
}

/// That it is not known whether the line of \p Rule was held: once in a link
/// for each \p Kind of reason.
void Isolation::warn(uint32_t Rule, const Twine &Message, StringRef Kind) {
  std::string Why = Message.str();
  noteNotHeld(M, rule(Rule).Name, Why);
  std::string Text = "rule '" + rule(Rule).Name + "' " + Why;
  noteTold(M, Text);
  if (S.claimWarning((Kind + ":" + rule(Rule).Name).str()))
    diagnose(M.getContext(), Diagnostic{placeOfRule(S.rules(), Rule), Text},
             DS_Warning);
}

/// May code of \p Rule be in \p Outside, which the rule does not have: does
/// another rule put that into the same place?
bool Isolation::mayHold(uint32_t Rule, uint32_t Outside) const {
  uint32_t Other = ThePlan.Placements[Outside].Rule;
  if (Other == NoIndex)
    return false;
  const section_placement::Rule &A = rule(Rule), &B = rule(Other);
  if (!A.Region.empty() && A.Region == B.Region)
    return true;
  return A.Closed && B.Closed && A.Section && B.Section &&
         A.Section->text() == B.Section->text();
}

/// Debug info says what was inlined, of functions that are gone as well.
void Isolation::checkCopies() {
  bool AnyKept = any_of(S.rules().policy().Rules, keepsCodeInside);
  if (!AnyKept || (P != Phase::ThinLTOBackend && P != Phase::FullLTO))
    return;
  InlinedFunctions Inlined(M, S.root(), isMerged(M, P));
  Classifier C(Inlined.program(), S.rules());
  DenseMap<const Function *, uint32_t> SymbolOf;
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    SymbolOf[Read.Functions[I]] = I;
  std::map<uint32_t, ArrayRef<uint32_t>> InsideOf; // By rule.
  for (const ConstrainedGroup &Group : ThePlan.Constrained)
    InsideOf[Group.Rule] = Group.Symbols;
  // `lto: opt-out` has functions and no group.
  auto IsInside = [&](uint32_t Rule, uint32_t Symbol) {
    return ThePlan.Placements[Symbol].Rule == Rule ||
           std::binary_search(InsideOf[Rule].begin(), InsideOf[Rule].end(),
                              Symbol);
  };
  DenseMap<uint32_t, uint32_t> RuleOfGone; // By function that is gone.
  auto MustStay = [&](uint32_t Rule, uint32_t Of) {
    if (!keepsCodeInside(rule(Rule)))
      return false;
    auto Known = SymbolOf.find(Inlined.definitionOf(Of));
    if (Known == SymbolOf.end()) {
      auto [Answer, IsNew] = RuleOfGone.try_emplace(Of, NoIndex);
      if (IsNew)
        if (std::optional<RuleMatch> Match = C.firstMatch(Of, 0))
          Answer->second = Match->Rule;
      return Answer->second == Rule;
    }
    const Placement &Where = ThePlan.Placements[Known->second];
    bool IsGrown = Where.Rule == Rule && Where.Via != NoIndex;
    return IsInside(Rule, Known->second) &&
           !(rule(Rule).InlineIsImplied && IsGrown);
  };
  std::set<std::pair<uint32_t, uint32_t>> Said; // Rule, inlined function.
  for (uint32_t I = 0; I < Read.Functions.size(); ++I)
    for (uint32_t Of : Inlined.in(*Read.Functions[I]))
      for (uint32_t R = 0; R < S.rules().size(); ++R) {
        if (!MustStay(R, Of) || IsInside(R, I) || mayHold(R, I) ||
            !Said.insert({R, Of}).second)
          continue;
        StringRef In = Read.Functions[I]->getName();
        fail(R, "lets code of '" + Inlined.program().Symbols[Of].Name +
                    "' go nowhere else, and debug info says that it was "
                    "inlined into '" +
                    In + "'" + HowToCompile + ", or claim '" + In +
                    "' in the rule, too");
      }
}

/// A file that was compiled without us and has no debug info may have code of a
/// rule inlined and show no trace of it: a function of a header, by its name.
void Isolation::warnOfUnseen() {
  if (P != Phase::ThinLTOBackend && P != Phase::FullLTO)
    return;
  CompileWitness Witness(M, S.root(), isMerged(M, P));
  auto Unseen = find_if(Read.Functions, [&](const Function *F) {
    return !F->getSubprogram() && !Witness.hadPlugin(*F) &&
           !isMadeByCompiler(canonicalName(F->getName(), isMerged(M, P)));
  });
  if (Unseen == Read.Functions.end())
    return;
  auto NamesAnywhere = [](const MatchMap &Map) {
    return !Map.isOfVariables() && !Map.has(MatchKey::Source);
  };
  for (uint32_t R = 0; R < S.rules().size(); ++R)
    if (rule(R).InlineIsImplied && any_of(rule(R).Match, NamesAnywhere))
      warn(R,
           "lets its code go nowhere else, and the object of '" +
               (*Unseen)->getName() +
               "' was compiled without the plugin and has no debug info, so "
               "that it is not known whether code was inlined there" +
               HowToCompile,
           "unseen");
}

/// The thin link has imported, and the compile inlined, before we could say no.
/// Reports each such rule once.
void Isolation::checkLines() {
  if (P != Phase::ThinLTOBackend && P != Phase::FullLTO)
    return;
  CompileWitness Witness(M, S.root(), isMerged(M, P));
  for (const ConstrainedGroup &Group : ThePlan.Constrained) {
    if (!keepsCodeInside(rule(Group.Rule)))
      continue;
    if (rule(Group.Rule).InlineIsImplied) {
      checkImplied(Group, Witness);
      continue;
    }
    // `noinline` of the source keeps the code inside as well, at the compile
    // and in the thin link's import; it lets the code of others in.
    bool IsOutAlone = rule(Group.Rule).Inline == InlineLine::NeverOut;
    auto Late = find_if(Group.Symbols, [&](uint32_t I) {
      return I < Read.Functions.size() &&
             !(IsOutAlone &&
               Read.Functions[I]->hasFnAttribute(Attribute::NoInline)) &&
             !Witness.knewPolicy(*Read.Functions[I]);
    });
    if (Late != Group.Symbols.end())
      fail(Group.Rule,
           "lets code of '" + Read.Functions[*Late]->getName() +
               "' go nowhere else, and its object " +
               explainLate(*Late, Witness, "it may have been copied already"));
  }
}

/// The units of the opted-out files. One that was compiled without us is an
/// error, told once a file.
StringSet<> Isolation::units() {
  StringSet<> Units;
  std::set<std::string> Said;
  CompileWitness Witness(M, S.root(), isMerged(M, P));
  for (uint32_t I = 0; I < Read.Functions.size(); ++I) {
    if (!isOptedOut(I))
      continue;
    if (std::optional<OptOutMark> Mark = optOutMarkOf(*Read.Functions[I])) {
      if (!Mark->Unit.empty())
        Units.insert(Mark->Unit);
      continue;
    }
    std::string Origin = originOf(I);
    if (!Witness.knewPolicy(*Read.Functions[I]) && P != Phase::Explicit &&
        Said.insert(Origin).second)
      fail(ThePlan.Placements[I].Rule,
           "has 'lto: opt-out', and the object of " + Origin + " " +
               explainLate(I, Witness,
                           "the link may have copied its code elsewhere "
                           "already"));
  }
  return Units;
}

void Isolation::link(bool IsGuarded) {
  StringSet<> Units;
  if (!isRefusedLater()) {
    checkLines();
    checkCopies();
    warnOfUnseen();
    Units = units();
    setLines(IsGuarded);
  }
  if (!hasOptOutMarks(M))
    return;
  if (isMerged(M, P))
    releaseMerged(M, Units);
  else
    releaseBackend(M, Units);
}

/// The session whose policy keeps something apart; null elsewhere.
static Session *sessionThatIsolates(StringRef PolicyFile) {
  Session *S = sessionInForce(PolicyFile);
  return S && S->rules().policy().isolates() ? S : nullptr;
}

/// Before anything is inlined. Which policy the link will have is not known
/// here: only one without a closed rule says that nobody will ask.
static void markForClosedRules(Module &M, StringRef PolicyFile) {
  std::string File = policyInForce(PolicyFile, "", Environment::get());
  if (File == "none")
    return;
  if (!File.empty()) {
    Session &S = Session::get(File);
    if (!S.faults().empty() ||
        none_of(S.rules().policy().Rules,
                [](const Rule &R) { return R.Closed.has_value(); }))
      return;
  }
  markIndirectCalls(M);
}

PreservedAnalyses IsolatePass::run(Module &M, ModuleAnalysisManager &Analyses) {
  Phase P = WhichPhase(M);
  if (!isForELF(M)) {
    // The last pass of a pipeline says so; by itself this one is the last.
    if (P == Phase::Explicit)
      openSession(M, PolicyFile, P);
    return PreservedAnalyses::all();
  }
  Session *S = sessionThatIsolates(PolicyFile);
  bool IsCompile = P == Phase::Compile || P == Phase::PreLink;
  if (IsCompile)
    markForClosedRules(M, PolicyFile);
  bool HasMarks = !IsCompile && hasOptOutMarks(M);
  if (!S && !HasMarks)
    return PreservedAnalyses::all();
  std::optional<Isolation> Apart;
  if (S)
    Apart.emplace(M, *S, P);
  if (!Apart || !Apart->plan(Analyses)) {
    // Marked under another policy, or for another link: as if never marked.
    if (HasMarks && isMerged(M, P))
      releaseMerged(M, {});
    else if (HasMarks)
      releaseBackend(M, {});
  } else if (IsCompile) {
    Apart->setLines(State->GuardsInlining);
  } else {
    Apart->link(State->GuardsInlining);
  }
  return PreservedAnalyses::none();
}

bool markWhatIsOptedOut(Module &M, ModuleAnalysisManager &Analyses,
                        StringRef PolicyFile) {
  Session *S = sessionThatIsolates(PolicyFile);
  if (!S)
    return false;
  Isolation Apart(M, *S, Phase::PreLink);
  if (!Apart.plan(Analyses))
    return false;
  uint32_t First = Apart.firstOptedOut();
  if (First == NoIndex)
    return false;
  markOptedOut(M, optOutUnitOf(M, Apart.sourceOf(First)));
  return true;
}

/// Does the policy draw a line that inlining may not cross?
static bool drawsLines(StringRef PolicyFile) {
  Session *S = sessionThatIsolates(PolicyFile);
  return S && any_of(S->rules().policy().Rules, [](const Rule &R) {
           return R.Inline != InlineLine::Free;
         });
}

/// The loader of a sample profile inlines by itself, and in a ThinLTO backend
/// it runs before every extension point.
static void guardSampleLoader(PassBuilder &PB,
                              const std::shared_ptr<PipelineState> &State,
                              const std::string &PolicyFile) {
  static constexpr StringLiteral Loader = "SampleProfileLoaderPass";
  runBefore(PB, Loader, [=](Module &M, ModuleAnalysisManager &Analyses) {
    PreservedAnalyses Preserved = PreservedAnalyses::all();
    if (!isMerged(M, Phase::PreLink) &&
        phaseOfModule(M, compat::LinkPhase::Unknown, *State) ==
            Phase::ThinLTOBackend) {
      RecordNamesPass(PolicyFile, [](const Module &) {
        return Phase::ThinLTOBackend;
      }).run(M, Analyses);
      Preserved =
          IsolatePass(
              PolicyFile, [](const Module &) { return Phase::ThinLTOBackend; },
              State)
              .run(M, Analyses);
      State->HasIsolated = true;
    }
    if (drawsLines(PolicyFile))
      holdIndirectCallsBack(M);
    return Preserved;
  });
  runAfter(PB, Loader, releaseIndirectCalls);
}

void guardInlining(PassBuilder &PB, const std::shared_ptr<PipelineState> &State,
                   const std::string &PolicyFile) {
  PB.registerAnalysisRegistrationCallback([=](ModuleAnalysisManager &Analyses) {
    if (drawsLines(PolicyFile))
      State->GuardsInlining =
          compat::guardInlining<crossesInlineLine>(Analyses);
  });
  guardSampleLoader(PB, State, PolicyFile);
}

} // namespace section_placement
