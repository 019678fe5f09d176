//===- Why.cpp - Why one function is where it is --------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Policy/Glob.h"
#include "section-placement/Report/ReportText.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/WithColor.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// One question to the reports of one link, and its answers.
class Inquiry {
public:
  Inquiry(const LinkReport &Link, StringRef Asked,
          const std::optional<Glob> &Wildcard)
      : Link(Link), Asked(Asked), Wildcard(Wildcard) {}

  std::vector<WhyAnswer> make();

private:
  bool isMeant(StringRef Symbol) const;
  void addFunction(const ModuleReport &M, const ReportedFunction &F);
  void addChain(const ModuleReport &M, const ReportedFunction &F);
  void addPatterns(ArrayRef<ReportedPattern> Patterns);
  void addField(StringRef Label, const Twine &Text) {
    All.back().Fields.push_back({Label, Text.str()});
  }
  void addRule(uint32_t Rule);
  void addModule(const ModuleReport &M);
  void addRefusals();
  void addOtherKinds();
  void addUnclaimed();
  void addReferences();
  void addParts();

  const LinkReport &Link;
  StringRef Asked;
  const std::optional<Glob> &Wildcard;
  std::vector<WhyAnswer> All;
};
} // namespace

bool Inquiry::isMeant(StringRef Symbol) const {
  return holdsForAnySpelling(Symbol, [&](StringRef Name) {
    return Name == Asked || (Wildcard && Wildcard->match(Name));
  });
}

/// What \p Asked is as a glob; nothing where it has no wildcard, or is a name
/// that is none (`operator[]`).
static std::optional<Glob> wildcardOf(StringRef Asked) {
  Expected<Glob> Compiled = Glob::compile(Asked, Glob::Dialect::Name);
  if (!Compiled) {
    consumeError(Compiled.takeError());
    return std::nullopt;
  }
  return Compiled->literal() ? std::nullopt : std::optional(*Compiled);
}

void Inquiry::addRule(uint32_t Rule) {
  const ReportedRule &R = Link.rules()[Rule];
  All.back().Rule = &R;
  addField(
      "rule",
      "'" + R.Name + "'" +
          (R.Line ? ", " + Link.policy().str() + ":" + utostr(R.Line) : ""));
}

void Inquiry::addModule(const ModuleReport &M) {
  All.back().Module = &M;
  addField("module", M.Module + ", " + M.Phase +
                         (M.Output.empty() ? "" : " of " + M.Output));
}

static std::string explainEdge(const ReportedEdge &E) {
  if (E.Kind == "runtime-call")
    return "a call that code generation makes in '" + E.From + "'";
  if (E.Relocation.empty())
    return "a direct call in '" + E.From + "'";
  std::string Text = E.Relocation + " in '" + E.From + "', " + E.Object;
  if (E.Offset)
    Text += "+0x" + utohexstr(E.Offset, /*LowerCase=*/true);
  if (E.Reach)
    Text += ", reach " + utostr(E.Reach) + " bytes";
  return Text;
}

static const ReportedFunction *findIn(const ModuleReport &M, StringRef Symbol) {
  auto Found = find_if(M.Functions, [&](const ReportedFunction &F) {
    return F.Symbol == Symbol;
  });
  return Found == M.Functions.end() ? nullptr : &*Found;
}

/// As `git check-ignore -v` says it: where the pattern stands, its key, itself.
void Inquiry::addPatterns(ArrayRef<ReportedPattern> Patterns) {
  append_range(All.back().Patterns, Patterns);
  for (const ReportedPattern &Pattern : Patterns)
    addField("pattern", Pattern.File + ":" + utostr(Pattern.Line) + ": " +
                            Pattern.Key + ": " + Pattern.Glob);
}

/// From the function back to what the rule matched.
void Inquiry::addChain(const ModuleReport &M, const ReportedFunction &First) {
  StringSet<> Seen; // A report that was tampered with may run in a circle.
  const ReportedFunction *F = &First;
  while (F && Seen.insert(F->Symbol).second) {
    if (!F->Parent.empty()) {
      addField("because",
               "'" + F->Symbol + "' was split off '" + F->Parent + "'");
      F = findIn(M, F->Parent);
      continue;
    }
    if (F->Reason == "follows-code") { // The sentence names who reads it.
      addField("because", F->Because);
      return;
    }
    if (F->Via.Kind.empty()) {
      addField("because", "the match of the rule holds for '" + F->Symbol +
                              "'" + (F->IsNamed ? ", by its name" : ""));
      addPatterns(F->Patterns);
      return;
    }
    if (F->Reason == "grown-to-caller") {
      addField("because", "'" + F->Symbol + "' calls '" + F->Via.To + "'");
      F = findIn(M, F->Via.To);
      continue;
    }
    addField("because",
             "'" + F->Symbol + "' is referred to by " + explainEdge(F->Via));
    std::string From = F->Via.From, Object = F->Via.Object;
    F = findIn(M, From);
    if (F)
      continue;
    addField("because", "the match of the rule holds for '" + From +
                            "', which is native code" +
                            (Object.empty() ? "" : " of " + Object));
    for (const ReportedSeed &Seed : M.NativeSeeds)
      if (Seed.Symbol == From && Seed.Object == Object)
        addPatterns(Seed.Patterns);
  }
}

void Inquiry::addFunction(const ModuleReport &M, const ReportedFunction &F) {
  WhyAnswer &A = All.emplace_back();
  A.Function = F.Symbol;
  A.Section = F.Section;
  A.AlsoMatched = F.AlsoMatched;
  A.Source = F.Source;
  if (F.Reason == "left") {
    A.State = "left";
    A.Title = "'" + F.Symbol + "' is left alone";
  } else if (F.Reason == "keeps-section") {
    A.State = "keeps-section";
    A.Title = "'" + F.Symbol + "' keeps section '" + F.SourceSection +
              "', which its source gave it";
  } else if (F.Section.empty()) {
    A.State = "stays";
    A.Title =
        "'" + F.Symbol + "' stays where it is without -ffunction-sections";
  } else {
    A.State = "placed";
    A.Title = "'" + F.Symbol + "' goes to section '" + F.Section + "'";
  }
  addRule(F.Rule);
  addChain(M, F);
  if (F.Reason == "keeps-section")
    addField("remedy", "match it by 'section' to move it");
  for (const std::string &Later : F.AlsoMatched)
    addField("later", "the match of rule '" + Later + "' holds too; '" +
                          Link.rules()[F.Rule].Name + "' comes first");
  if (!F.Source.empty())
    addField("source", F.Source);
  addModule(M);
}

/// A native symbol is refused in every backend again.
void Inquiry::addRefusals() {
  StringSet<> Said;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedRefusal &R : M->Refusals) {
      if (!isMeant(R.Symbol) || !Said.insert(R.Because).second)
        continue;
      WhyAnswer &A = All.emplace_back();
      A.Function = R.Symbol;
      A.State = "refused";
      A.Title = "'" + R.Symbol + "' was refused: " + R.Reason;
      addRule(R.Rule);
      addPatterns(R.Patterns);
      addField("because", R.Because);
      addModule(*M);
    }
}

void Inquiry::addUnclaimed() {
  for (const ModuleReport *M : Link.modules())
    for (const std::string &Symbol : M->Unclaimed) {
      if (!isMeant(Symbol))
        continue;
      WhyAnswer &A = All.emplace_back();
      A.Function = Symbol;
      A.State = "unclaimed";
      A.Title = "'" + Symbol + "' is claimed by no rule, and stays as it was";
      addModule(*M);
    }
}

/// Variables that are named as functions, and the other way round.
void Inquiry::addOtherKinds() {
  StringSet<> Said;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedName &N : M->Unanswered) {
      if (N.Because.empty() || !isMeant(N.Name) ||
          !Said.insert(N.Because).second)
        continue;
      WhyAnswer &A = All.emplace_back();
      A.Function = N.Name;
      A.State = "other-kind";
      A.Title = "'" + N.Name + "' stays where it is";
      A.Module = M;
      addRule(N.Rule);
      addField("because", N.Because);
    }
}

/// Native code that short references leave from.
void Inquiry::addReferences() {
  StringMap<size_t> AnswerOf; // By who refers.
  StringSet<> Said;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedEdge &E : M->References) {
      if (!isMeant(E.From))
        continue;
      std::string Text = explainEdge(E) + ", refers to '" + E.To + "'";
      if (!Said.insert(Text).second)
        continue;
      auto [Known, IsNew] = AnswerOf.try_emplace(E.From, All.size());
      if (IsNew) {
        WhyAnswer &A = All.emplace_back();
        A.Function = E.From;
        A.State = "refers";
        A.Title = "'" + E.From + "' has short references";
      }
      All[Known->second].Fields.push_back({"refers", std::move(Text)});
    }
}

/// What code generation made of a function that a rule wants split; asked for
/// by the function's name, or the part's.
void Inquiry::addParts() {
  for (const ModuleReport *M : Link.modules())
    for (const SplitOutcome &Part : M->Parts) {
      if (!isMeant(Part.Function) && !(Part.isSplit() && isMeant(Part.part())))
        continue;
      WhyAnswer &A = All.emplace_back();
      A.Function = Part.Function;
      A.State = Part.isSplit() ? "split" : "whole";
      A.Title = Part.sentence();
      A.Section = Part.Section;
      addModule(*M);
    }
}

std::vector<WhyAnswer> Inquiry::make() {
  for (const ModuleReport *M : Link.modules())
    for (const ReportedFunction &F : M->Functions)
      if (isMeant(F.Symbol) || F.Name == Asked)
        addFunction(*M, F);
  addRefusals();
  addOtherKinds();
  addUnclaimed();
  addReferences();
  addParts();
  return std::move(All);
}

/// Is \p Asked the end of a qualified name, as `Sum::run` that of `(anonymous
/// namespace)::Sum::run(int)`?
static bool endsQualified(StringRef Name, StringRef Asked) {
  size_t At = Name.find(("::" + Asked).str());
  if (At == StringRef::npos)
    return false;
  StringRef After = Name.substr(At + 2 + Asked.size());
  return After.empty() || After[0] == '(';
}

/// The name nearest to \p Asked, by edits, among all that the reports have; one
/// that ends with it is nearer than any other.
std::string nearestName(ArrayRef<LinkReport> Links, StringRef Asked) {
  std::string Nearest;
  unsigned Best = std::min<unsigned>(2, Asked.size() / 4) + 1;
  auto Offer = [&](StringRef Name) {
    unsigned Distance =
        endsQualified(Name, Asked) ? 0 : Asked.edit_distance(Name, true, Best);
    if (Distance < Best) {
      Best = Distance;
      Nearest = Name.str();
    }
  };
  auto OfferAll = [&](StringRef Canonical) {
    Offer(Canonical);
    for (const std::string &Spelling : demangledNames(Canonical))
      Offer(Spelling);
  };
  for (const LinkReport &Link : Links)
    for (const ModuleReport *M : Link.modules()) {
      for (const ReportedFunction &F : M->Functions)
        OfferAll(F.Name);
      for (const std::string &Name : M->Unclaimed)
        OfferAll(canonicalName(Name, /*Merged=*/false));
      for (const ReportedEdge &E : M->References)
        Offer(E.From);
    }
  return Nearest;
}

std::vector<WhyAnswer> answerWhy(ArrayRef<LinkReport> Links,
                                 StringRef Function) {
  std::optional<Glob> Wildcard = wildcardOf(Function);
  std::vector<WhyAnswer> All;
  for (const LinkReport &Link : Links)
    append_range(All, Inquiry(Link, Function, Wildcard).make());
  return All;
}

static void printField(raw_ostream &OS, StringRef Label, StringRef Text) {
  // The label stands where the first line of the text is indented.
  OS << "  " << left_justify(Label, 8);
  std::string Wrapped;
  raw_string_ostream Body(Wrapped);
  printWrapped(Body, Text, 10, 10);
  OS << StringRef(Body.str()).ltrim(' ');
}

void printWhy(raw_ostream &OS, ArrayRef<WhyAnswer> Answers, NameStyle Names) {
  for (const WhyAnswer &A : Answers) {
    WithColor(OS, raw_ostream::SAVEDCOLOR, /*Bold=*/true).get()
        << shown(A.Title, Names);
    OS << '\n';
    if (shown(A.Function, Names) != A.Function)
      printField(OS, "symbol", A.Function);
    for (const WhyAnswer::Field &F : A.Fields)
      // A pattern stays as the policy has it.
      printField(OS, F.Label,
                 F.Label == "pattern" ? F.Text : shown(F.Text, Names));
  }
}

static void writeAnswer(json::OStream &J, const WhyAnswer &A) {
  writeName(J, "function", A.Function);
  J.attribute("state", A.State);
  writeTextIfAny(J, "section", A.Section);
  if (A.Rule) {
    writeText(J, "rule", A.Rule->Name);
    writePlace(J, {A.Module->Policy, unsigned(A.Rule->Line)});
  }
  J.attributeArray("because", [&] {
    for (const WhyAnswer::Field &F : A.Fields)
      if (F.Label == "because" || F.Label == "refers")
        J.value(jsonText(F.Text));
  });
  J.attributeArray("patterns", [&] {
    for (const ReportedPattern &P : A.Patterns)
      J.object([&] {
        writePlace(J, {P.File, unsigned(P.Line)});
        writeText(J, "key", P.Key);
        writeText(J, "glob", P.Glob);
      });
  });
  writeTexts(J, "alsoMatched", A.AlsoMatched);
  writeTextIfAny(J, "source", A.Source);
  if (!A.Module)
    return;
  writeText(J, "module", A.Module->Module);
  writeText(J, "phase", A.Module->Phase);
  writeTextIfAny(J, "output", A.Module->Output);
}

void writeJsonWhy(json::OStream &J, ArrayRef<WhyAnswer> Answers) {
  J.attributeArray("answers", [&] {
    for (const WhyAnswer &A : Answers)
      J.object([&] { writeAnswer(J, A); });
  });
}

} // namespace section_placement
