//===- Explain.cpp - Why each function is where it is, in words -----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/Explain.h"
#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

static std::string ruleName(const Planned &What, uint32_t Rule) {
  return inQuotes(What.Index.rule(Rule).R->Name);
}

/// A relocation in \p From; its reach matters where \p IsShort.
static std::string explainEvidence(const Evidence &By, const std::string &From,
                                   bool IsShort) {
  std::string Text = (By.Relocation + " in " + From + " (" + By.Object).str();
  if (By.Offset)
    Text += "+0x" + utohexstr(By.Offset, /*LowerCase=*/true);
  if (IsShort)
    Text += ", reach " + utostr(By.Reach) + " bytes";
  return Text + ")";
}

std::string explainEdge(const Planned &What, uint32_t Index) {
  const Edge &E = What.P.Edges[Index];
  const Evidence &By = What.P.Evidences[E.Evidence];
  std::string From = inQuotes(What.P.Symbols[E.From].Name);
  std::string Bound = By.BoundBy.empty()
                          ? ""
                          : " to " + inQuotes(By.Name) + ", which is " +
                                inQuotes(What.P.Symbols[E.To].Name) + " by " +
                                By.BoundBy.str();
  if (E.Bound == Binding::Provided)
    Bound += " unless an input defines it";
  if (E.Bound == Binding::NotKnown)
    Bound += "; whether it goes to a PLT entry is not known (--exclude-libs)";
  if (E.Kind == EdgeKind::RuntimeCall)
    return "a call that code generation makes in " + From + Bound;
  if (By.Relocation.empty())
    return "a direct call in " + From + Bound;
  return explainEvidence(By, From, E.Kind == EdgeKind::Branch) + Bound;
}

static std::string reasonOf(const Planned &What, uint32_t I) {
  const Placement &P = What.ThePlan.Placements[I];
  switch (P.Reason) {
  case PlacementReason::Matched:
    return ": its match holds";
  case PlacementReason::GrownAlongBranch:
  case PlacementReason::GrownAlongCall:
    return ": " + explainEdge(What, P.Via) + " refers to it";
  case PlacementReason::GrownToCaller:
    return ": it calls " +
           inQuotes(What.P.Symbols[What.P.Edges[P.Via].To].Name);
  case PlacementReason::SplitFromParent:
    return ": it was split off " + inQuotes(What.P.Symbols[P.Via].Name);
  case PlacementReason::FollowsCode:
    return ": " + inQuotes(What.P.Symbols[P.Via].Name) +
           " reads it, and nothing outside of the rule does";
  default:
    return "";
  }
}

std::string explainPlacement(const Planned &What, uint32_t I) {
  const Symbol &S = What.P.Symbols[I];
  const Placement &P = What.ThePlan.Placements[I];
  if (P.Reason == PlacementReason::Unclaimed)
    return "";
  std::string Rule = ruleName(What, P.Rule);
  if (P.Reason == PlacementReason::Left)
    return inQuotes(S.Name) + " is left alone by rule " + Rule;
  if (P.Reason == PlacementReason::KeepsSection)
    return inQuotes(S.Name) + " is claimed by rule " + Rule +
           " and keeps section " + inQuotes(S.Section) +
           ", which its source gave it; match it by 'section' to move it";
  if (P.Section.empty())
    return inQuotes(S.Name) + " is claimed by rule " + Rule +
           " and stays in the section that it has without "
           "-ffunction-sections" +
           reasonOf(What, I);
  std::string Text = inQuotes(S.Name) + " goes to section " +
                     inQuotes(P.Section) + " by rule " + Rule +
                     reasonOf(What, I);
  if (S.IsJumpTable)
    Text += "; it is the jump table of " + utostr(What.P.aliasesOf(I).size()) +
            " functions (-fsanitize=cfi-icall), which moves whole";
  if (S.IsComdat)
    Text += "; it is a comdat and keeps a section of its own under that name";
  return Text;
}

static std::string wordFor(Content Holds) {
  switch (Holds) {
  case Content::Constant:
    return "a constant";
  case Content::Zeros:
    return "a variable that is zero at the start";
  case Content::Relocated:
    return "a constant that is written while the program is loaded";
  case Content::Variable:
    return "a variable that is not zero at the start";
  default:
    return "a variable";
  }
}

std::string explainRefusal(const Planned &What, const Refusal &R) {
  const Symbol &S = What.P.Symbols[R.Symbol];
  std::string Name = inQuotes(S.Name), Rule = ruleName(What, R.Rule);
  std::string By =
      R.Edge == NoIndex ? "" : " (" + explainEdge(What, R.Edge) + ")";
  switch (R.Reason) {
  case RefusalReason::NativeStays:
    return "rule " + Rule + " does not move " + Name +
           ", which is native code of " + S.Object.str() +
           ": use the linker script";
  case RefusalReason::NativeToNative:
    return "rule " + Rule + " cannot move " + Name +
           ", which is native code of " + S.Object.str() + By +
           ": a short reference between native objects is the linker script's";
  case RefusalReason::NativeSection: {
    StringRef Section = What.P.Symbols[What.P.Edges[R.Edge].From].Section;
    return "rule " + Rule + " does not move " + Name + " to section " +
           inQuotes(Section) + By +
           ": only '.text' and '.text.*' take a guest unasked; write "
           "section: \"{native}\" in the rule if it may go there";
  }
  case RefusalReason::NoSection:
    return "rule " + Rule + " does not move " + Name +
           ", which is no native code: give a section";
  case RefusalReason::ClaimedEarlier:
    return "rule " + Rule + " does not move " + Name + By + ": rule " +
           ruleName(What, What.ThePlan.Placements[R.Symbol].Rule) +
           " has claimed it; put the rule that shall have it first";
  case RefusalReason::KeepsSection:
    return "rule " + Rule + " does not move " + Name + By +
           ": its source put it into section " + inQuotes(S.Section) +
           "; match it by 'section' to move it";
  case RefusalReason::SharedConstant:
    return "rule " + Rule + " does not take along " + Name +
           ", which others read too and whose address matters; to move it, "
           "name it in the rule: { variable: [" +
           S.Canonical.str() + "] }";
  case RefusalReason::SourceUnknown:
    if (S.IsArchiveUnknown)
      return "rule " + Rule + " cannot tell whether " + Name +
             " is meant: which archive it came from is not known";
    return "rule " + Rule + " cannot tell whether " + Name +
           " is meant: nobody recorded its source file; compile it with "
           "-fpass-plugin=SectionPlacement.so or -g1, or match source: "
           "[\"<unknown>\"]";
  case RefusalReason::ThreadLocal:
    return "rule " + Rule + " does not move " + Name +
           ", which is thread-local: its place is in the segment that each "
           "thread copies";
  case RefusalReason::Common:
    return "rule " + Rule + " does not move " + Name +
           ", which is a common symbol: the linker makes it; compile with "
           "-fno-common, or place at an LTO link";
  case RefusalReason::Reserved:
    return "rule " + Rule + " does not move " + Name +
           ", which the compiler or the linker reads";
  case RefusalReason::OtherContent:
    return "rule " + Rule + " does not move " + Name + ", which is " +
           wordFor(S.Holds) + ": 'data' names a section for " +
           (S.Holds == Content::Constant ? "what is zero at the start"
            : S.Holds == Content::Zeros
                ? "what is never written"
                : "what is never written, or is zero at the start") +
           "; give it a rule and a section of its own";
  case RefusalReason::ReadOnlyOnceLoaded:
    return "rule " + Rule + " does not move " + Name +
           ", which the program may write: what is called '.data.rel.ro' or "
           "'.bss.rel.ro' is read-only once the program is loaded; use another "
           "name, as '.data.own'";
  case RefusalReason::ClosedIsWhole:
    return "rule " + Rule + " does not split " + Name + ": rule " +
           ruleName(What, What.ThePlan.Placements[R.Symbol].Rule) +
           " is closed, and keeps all of its code together";
  case RefusalReason::OptedOutIsWhole:
    return "rule " + Rule + " does not split " + Name + ": rule " +
           ruleName(What, What.ThePlan.Placements[R.Symbol].Rule) +
           " says 'lto: opt-out', which leaves it as its file was compiled";
  case RefusalReason::Interposable:
    return "rule " + Rule + " does not move " + Name + By + ": " +
           explainInterposable();
  }
  return "";
}

std::string explainInterposable() {
  return "the link makes a shared library in which it has default visibility, "
         "so another module's definition may take its place and a branch to it "
         "goes to its PLT entry, wherever it stands; give it hidden or "
         "protected visibility, make it local in a version script, or link "
         "with -Bsymbolic-functions";
}

std::string explainShared(const Planned &What, const SharedName &Shared) {
  bool AreVariables = What.P.Symbols[Shared.Symbols.front()].isVariable();
  std::string Text = "name " + inQuotes(Shared.Name) + " of rule " +
                     ruleName(What, Shared.Rule) + " means " +
                     utostr(Shared.Symbols.size()) +
                     (AreVariables ? " variables:" : " functions:");
  for (uint32_t I : Shared.Symbols) {
    const Symbol &S = What.P.Symbols[I];
    Text += " " + inQuotes(S.Name);
    if (!S.Source.empty())
      Text += (" (" + S.Source + ")").str();
  }
  return Text + "; add 'source' to the match if one is meant";
}

std::string explainNote(const Planned &What, const Note &N) {
  std::string From =
      N.Symbol == NoIndex ? "" : inQuotes(What.P.Symbols[N.Symbol].Name);
  std::string Target = inQuotes(N.Target), Detail = N.Detail.str();
  std::string By = N.Evidence == NoIndex
                       ? ""
                       : explainEvidence(What.P.Evidences[N.Evidence], From,
                                         /*IsShort=*/true);
  switch (N.What) {
  case Note::Kind::DataReference:
    return By + " refers to data " + Target;
  case Note::Kind::OutOfHand:
    return By + " refers to " + Target +
           ", which another object defines: it cannot be placed from here";
  case Note::Kind::OtherSection:
    return By + " refers to " + Target + " from section '" + Detail +
           "', whose place is the linker script's";
  case Note::Kind::MadeByLink:
    return By + " refers to " + Target + ", an address that the link makes (" +
           Detail + "): the branch goes to no function";
  case Note::Kind::UnreadableAsm:
    return "inline asm in " + From + " names " + Target +
           " in a statement that cannot be read for its reach: " + Detail;
  case Note::Kind::UnreadableModuleAsm:
    return "module asm cannot be read for its branches: " + Detail;
  }
  return "";
}

std::string explainCopy(const Planned &What, const DataCopy &C) {
  return "a copy of " + inQuotes(What.P.Symbols[C.Symbol].Name) +
         " goes to section " + inQuotes(C.Section) + " by rule " +
         ruleName(What, C.Rule) + ": " +
         inQuotes(What.P.Symbols[C.Reader].Name) +
         " reads it, and so may others";
}

std::vector<std::string> explainTold(const Planned &What) {
  std::vector<std::string> Told;
  for (const Note &N : What.P.Notes)
    if (N.Symbol == NoIndex || What.ThePlan.IsBranchSeed[N.Symbol]) {
      Told.push_back(explainNote(What, N));
    }
  append_range(Told, explainHoles(What));
  for (const SharedName &Shared : What.ThePlan.Shared)
    Told.push_back(explainShared(What, Shared));
  for (const DataCopy &Copy : What.ThePlan.Copies)
    Told.push_back(explainCopy(What, Copy));
  return Told;
}

std::string explainMissingSources(const RuleIndex &Index,
                                  const MissingSources &Missing) {
  std::string Rule = "rule '" + Index.rule(Missing.Rule).R->Name;
  if (Missing.IsOfArchive)
    return Rule +
           "' asks for archives, and which of them this module's functions "
           "came from is not known; link with ld.lld, whose command line says "
           "it, or with -flto=thin, or match by 'source'";
  return Rule +
         "' asks for source files, and nobody recorded those of this module; "
         "compile with -fpass-plugin=SectionPlacement.so, or with -g1 (a "
         "full-LTO link forgets them otherwise; rustc records them with "
         "-C debuginfo=1 only), or let an earlier rule take "
         "source: [\"<unknown>\"]; with SECTION_PLACEMENT_POLICY=none a "
         "compile records nothing";
}

std::vector<OrphanSection> findOrphans(const Planned &What,
                                       const LinkFacts &Link) {
  std::vector<OrphanSection> Orphans;
  StringSet<> Seen;
  for (const Placement &P : What.ThePlan.Placements)
    if (!P.Section.empty() && Seen.insert(P.Section).second &&
        Link.isOrphan(P.Section))
      Orphans.push_back({P.Section, P.Rule});
  return Orphans;
}

std::string explainOrphan(StringRef Rule, StringRef Section,
                          const LinkFacts &Link) {
  std::string Script = Link.Scripts.size() == 1
                           ? sys::path::filename(Link.Scripts.front()).str()
                           : "the linker scripts";
  return "section " + inQuotes(Section) + " of rule " + inQuotes(Rule) +
         " is in no output section of " + Script +
         ", so the linker chooses its place (an orphan): gather it there, as "
         "'*(" +
         Section.str() + ")', or use a section that the script names";
}

std::string explainEmptyPromise(const Rule &R) {
  return "rule " + inQuotes(R.Name) + " has no code in this link, so its " +
         (R.Closed ? "'closed'" : "'region'") +
         " promises nothing: mend its 'match' ('section-placement check' shows "
         "what it holds for), name the links that it is about ('outputs'), or "
         "write 'optional: true'";
}

std::string explainOtherKind(StringRef Name, bool IsOfVariable) {
  if (IsOfVariable)
    return inQuotes(Name) +
           " is a function, which 'variable' does not match: name it by "
           "'function', and its section by 'section'";
  return inQuotes(Name) +
         " is a variable, which 'function' does not match: name it in a map of "
         "its own, { variable: [" +
         Name.str() + "] }, and its section by 'data'";
}

Diagnostic explainUnanswered(const RuleIndex &Index, const UnansweredName &N) {
  if (N.IsOtherKind)
    return {N.Where, explainOtherKind(N.Name, N.IsOfVariable) + ", in rule '" +
                         Index.rule(N.Rule).R->Name + "'"};
  return {N.Where,
          "nothing answers to '" + N.Name + "' of rule '" +
              Index.rule(N.Rule).R->Name + "': " +
              (N.MayBeElsewhere && N.Nearest.empty()
                   ? "what defines it is not among the inputs given (give all "
                     "of the link, or its command by --link-command FILE), or "
                   : "") +
              "it was inlined away, dropped, or is spelled otherwise" +
              (N.Nearest.empty() ? "" : "; did you mean '" + N.Nearest + "'?")};
}

std::string explainPlanFileNote(const Planned &What, const PlanFileNote &N) {
  auto OfRule = [&](StringRef Text) {
    return "rule " + inQuotes(What.Index.rule(N.Index).R->Name) + " " +
           Text.str();
  };
  switch (N.What) {
  case PlanFileNote::Kind::UnwritableName: {
    const Symbol &S = What.P.Symbols[N.Index];
    return inQuotes(S.IsLocal ? S.Canonical : S.Name) + " (" +
           printable(S.Source) +
           ") cannot be written into a policy, which is UTF-8; match it by a "
           "glob";
  }
  case PlanFileNote::Kind::Variables:
    return OfRule("leaves out variables by a list or by native objects, which "
                  "a plan cannot say; write them by name");
  case PlanFileNote::Kind::Split:
    return OfRule("splits functions by a list or by native objects, which a "
                  "plan cannot say; match them by name");
  case PlanFileNote::Kind::InlineLine:
    return OfRule("draws a line for inlining and places nothing: it is not in "
                  "the plan; keep it in a policy for the compile");
  case PlanFileNote::Kind::Budget:
    return OfRule("is a budget, checked here and not in the plan");
  }
  return "";
}

} // namespace section_placement
