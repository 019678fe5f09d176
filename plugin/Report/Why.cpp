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
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/WithColor.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// Answers from one link's reports.
class Answer {
public:
  Answer(raw_ostream &OS, const LinkReport &Link, StringRef Asked,
         const std::optional<Glob> &Wildcard)
      : OS(OS), Link(Link), Asked(Asked), Wildcard(Wildcard) {}

  /// Was anything known?
  bool print();

private:
  bool isMeant(StringRef Symbol) const;
  void printFunction(const ModuleReport &M, const ReportedFunction &F);
  void printChain(const ModuleReport &M, const ReportedFunction &F);
  void printPatterns(ArrayRef<ReportedPattern> Patterns);
  void printField(StringRef Label, const Twine &Text);
  void printTitle(const Twine &Text);
  bool printRefusals();
  bool printUnclaimed();
  bool printReferences();
  bool printOtherKinds();
  std::string ruleAt(uint32_t Rule) const;

  raw_ostream &OS;
  const LinkReport &Link;
  StringRef Asked;
  const std::optional<Glob> &Wildcard;
};
} // namespace

bool Answer::isMeant(StringRef Symbol) const {
  auto IsAsked = [&](StringRef Name) {
    return Name == Asked || (Wildcard && Wildcard->match(Name));
  };
  StringRef Canonical = canonicalName(Symbol, /*Merged=*/false);
  return IsAsked(Symbol) || IsAsked(Canonical) ||
         any_of(demangledNames(Canonical), IsAsked);
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

void Answer::printTitle(const Twine &Text) {
  WithColor(OS, raw_ostream::SAVEDCOLOR, /*Bold=*/true).get() << Text;
  OS << '\n';
}

void Answer::printField(StringRef Label, const Twine &Text) {
  // The label stands where the first line of the wrapped text is indented.
  OS << "  " << left_justify(Label, 8);
  std::string Wrapped;
  raw_string_ostream Body(Wrapped);
  printWrapped(Body, Text.str(), 10, 10);
  OS << StringRef(Body.str()).ltrim(' ');
}

std::string Answer::ruleAt(uint32_t Rule) const {
  const ReportedRule &R = Link.rules()[Rule];
  std::string Text = "'" + R.Name + "'";
  if (R.Line)
    Text += ", " + Link.policy().str() + ":" + utostr(R.Line);
  return Text;
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
void Answer::printPatterns(ArrayRef<ReportedPattern> Patterns) {
  for (const ReportedPattern &Pattern : Patterns)
    printField("pattern", Pattern.File + ":" + utostr(Pattern.Line) + ": " +
                              Pattern.Key + ": " + Pattern.Glob);
}

/// From the function back to what the rule matched.
void Answer::printChain(const ModuleReport &M, const ReportedFunction &First) {
  StringSet<> Seen; // A report that was tampered with may run in a circle.
  const ReportedFunction *F = &First;
  while (F && Seen.insert(F->Symbol).second) {
    if (!F->Parent.empty()) {
      printField("because",
                 "'" + F->Symbol + "' was split off '" + F->Parent + "'");
      F = findIn(M, F->Parent);
      continue;
    }
    if (F->Via.Kind.empty()) {
      printField("because", "the match of the rule holds for '" + F->Symbol +
                                "'" + (F->IsNamed ? ", by its name" : ""));
      printPatterns(F->Patterns);
      return;
    }
    if (F->Reason == "grown-to-caller") {
      printField("because", "'" + F->Symbol + "' calls '" + F->Via.To + "'");
      F = findIn(M, F->Via.To);
      continue;
    }
    printField("because",
               "'" + F->Symbol + "' is referred to by " + explainEdge(F->Via));
    std::string From = F->Via.From, Object = F->Via.Object;
    F = findIn(M, From);
    if (F)
      continue;
    printField("because", "the match of the rule holds for '" + From +
                              "', which is native code" +
                              (Object.empty() ? "" : " of " + Object));
    for (const ReportedSeed &Seed : M.NativeSeeds)
      if (Seed.Symbol == From && Seed.Object == Object)
        printPatterns(Seed.Patterns);
  }
}

void Answer::printFunction(const ModuleReport &M, const ReportedFunction &F) {
  if (F.Reason == "left")
    printTitle("'" + F.Symbol + "' is left alone");
  else if (F.Reason == "keeps-section")
    printTitle("'" + F.Symbol + "' keeps section '" + F.SourceSection +
               "', which its source gave it");
  else if (F.Section.empty())
    printTitle("'" + F.Symbol +
               "' stays where it is without "
               "-ffunction-sections");
  else
    printTitle("'" + F.Symbol + "' goes to section '" + F.Section + "'");
  printField("rule", ruleAt(F.Rule));
  printChain(M, F);
  if (F.Reason == "keeps-section")
    printField("remedy", "match it by 'section' to move it");
  for (const std::string &Later : F.AlsoMatched)
    printField("later", "the match of rule '" + Later + "' holds too; '" +
                            Link.rules()[F.Rule].Name + "' comes first");
  if (!F.Source.empty())
    printField("source", F.Source);
  printField("module", M.Module + ", " + M.Phase +
                           (M.Output.empty() ? "" : " of " + M.Output));
}

/// A native symbol is refused in every backend again.
bool Answer::printRefusals() {
  StringSet<> Said;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedRefusal &R : M->Refusals) {
      if (!isMeant(R.Symbol) || !Said.insert(R.Because).second)
        continue;
      printTitle("'" + R.Symbol + "' was refused: " + R.Reason);
      printField("rule", ruleAt(R.Rule));
      printPatterns(R.Patterns);
      printField("because", R.Because);
      printField("module", M->Module + ", " + M->Phase);
    }
  return !Said.empty();
}

bool Answer::printUnclaimed() {
  bool Any = false;
  for (const ModuleReport *M : Link.modules())
    for (const std::string &Symbol : M->Unclaimed) {
      if (!isMeant(Symbol))
        continue;
      printTitle("'" + Symbol + "' is claimed by no rule, and stays as it was");
      printField("module", M->Module + ", " + M->Phase);
      Any = true;
    }
  return Any;
}

/// Variables that are named as functions, and the other way round.
bool Answer::printOtherKinds() {
  StringSet<> Said;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedName &N : M->Unanswered) {
      if (N.Because.empty() || !isMeant(N.Name) ||
          !Said.insert(N.Because).second)
        continue;
      printTitle("'" + N.Name + "' stays where it is");
      printField("rule", ruleAt(N.Rule));
      printField("because", N.Because);
    }
  return !Said.empty();
}

/// Native code that short references leave from.
bool Answer::printReferences() {
  StringSet<> Said;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedEdge &E : M->References) {
      if (!isMeant(E.From))
        continue;
      std::string Text = explainEdge(E) + ", refers to '" + E.To + "'";
      if (Said.empty())
        printTitle("'" + E.From + "' has short references");
      if (Said.insert(Text).second)
        printField("refers", Text);
    }
  return !Said.empty();
}

bool Answer::print() {
  bool Any = false;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedFunction &F : M->Functions)
      if (isMeant(F.Symbol) || F.Name == Asked) {
        printFunction(*M, F);
        Any = true;
      }
  Any |= printRefusals();
  Any |= printOtherKinds();
  Any |= printUnclaimed();
  Any |= printReferences();
  return Any;
}

/// The name nearest to \p Asked, by edits, among all that the reports have.
static std::string nearestName(ArrayRef<LinkReport> Links, StringRef Asked) {
  std::string Nearest;
  unsigned Best = std::min<unsigned>(2, Asked.size() / 4) + 1;
  auto Offer = [&](StringRef Name) {
    unsigned Distance = Asked.edit_distance(Name, true, Best);
    if (Distance < Best) {
      Best = Distance;
      Nearest = Name.str();
    }
  };
  for (const LinkReport &Link : Links)
    for (const ModuleReport *M : Link.modules()) {
      for (const ReportedFunction &F : M->Functions)
        Offer(F.Name);
      for (const std::string &Name : M->Unclaimed)
        Offer(canonicalName(Name, /*Merged=*/false));
      for (const ReportedEdge &E : M->References)
        Offer(E.From);
    }
  return Nearest;
}

Knowledge printWhy(raw_ostream &OS, ArrayRef<LinkReport> Links,
                   StringRef Function) {
  std::optional<Glob> Wildcard = wildcardOf(Function);
  bool Any = false;
  for (const LinkReport &Link : Links)
    Any |= Answer(OS, Link, Function, Wildcard).print();
  if (Any)
    return Knowledge::Known;
  printWrapped(OS,
               "no report speaks of '" + Function.str() +
                   "': it was inlined away before it was placed, is native "
                   "code without a short reference, or is spelled otherwise",
               0, 2);
  if (std::string Nearest = nearestName(Links, Function); !Nearest.empty())
    OS << "did you mean '" << Nearest << "'?\n";
  return Knowledge::Unknown;
}

} // namespace section_placement
