//===- ExplainEscapes.cpp - How code leaves a closed rule, in words -------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/Explain.h"
#include "section-placement/Plan/Classify.h"
#include "section-placement/Plan/Escapes.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

/// `allow: { function: [memcpy] }`
static std::string lineThatAllows(StringRef Key, StringRef Name) {
  return "'allow: { " + Key.str() + ": [" + yamlScalar(literalGlob(Name)) +
         "] }'";
}

static bool isNamedButForSource(const Planned &What, const Escape &E) {
  Classifier C(What.P, What.Index);
  return C.isNamed(E.Rule, E.Callee) == Answer::Unknown;
}

/// Where a callee that is outside is, as far as that is known.
static std::string whereabouts(const Planned &What, const Escape &E) {
  uint32_t Callee = E.Callee;
  const Symbol &S = What.P.Symbols[Callee];
  const Placement &Where = What.ThePlan.Placements[Callee];
  if (S.IsIFunc)
    return "an ifunc, of which the program chooses the code when it is loaded";
  if (S.IsUndefined && !S.Object.empty())
    return "native code of " + S.Object.str() + " that no pass can move";
  if (S.IsUndefined && !S.Source.empty())
    return "which " + printable(S.Source) + " defines";
  if (S.IsUndefined && isNamedButForSource(What, E))
    return "which another object defines; the rule names it by its 'source', "
           "and that is not known (compile with "
           "-fpass-plugin=SectionPlacement.so, or name it without 'source')";
  if (S.IsUndefined)
    return "which another object defines";
  bool IsClosed =
      Where.Rule != NoIndex && What.Index.rule(Where.Rule).R->Closed;
  if (S.Others != Rivals::None && IsClosed)
    return "a weak definition, which the linker may replace by another "
           "object's";
  if (Where.Reason == PlacementReason::KeepsSection)
    return "which its source put into section " + inQuotes(S.Section);
  if (Where.Rule == E.Rule)
    return "which another module's definition may replace";
  if (Where.Rule != NoIndex)
    return "which rule " + inQuotes(What.Index.rule(Where.Rule).R->Name) +
           " has";
  return "which no rule has";
}

/// Who made a constant of that name: `, a table made of a switch`.
static std::string originOf(StringRef Name) {
  Name.consume_front(".L");
  if (Name.take_front(13) == "switch.table.")
    return ", a table that the compiler made of a switch";
  if (Name.take_front(8) == "__const.")
    return ", the initialiser of a local variable";
  if (Name.take_front(11) == ".rodata.cst" ||
      Name.take_front(12) == ".lrodata.cst")
    return ", a pool of constants that code generation made";
  if (Name.take_front(11) == ".rodata.str" || Name == ".str" ||
      Name.take_front(5) == ".str." || Name.take_front(4) == "str.")
    return ", a string literal";
  if (Name.take_front(7) == ".rodata")
    return ", a table that code generation made";
  return ", of the source";
}

static std::string sentence(const Planned &What, const Escape &E) {
  std::string Who = inQuotes(What.P.Symbols[E.Symbol].Name);
  if (E.Others)
    Who += " (and " + utostr(E.Others) + " more)";
  std::string Callee =
      E.Callee == NoIndex ? "" : inQuotes(What.P.Symbols[E.Callee].Name);
  switch (E.What) {
  case Escape::Kind::Call:
    return Who + " calls " + Callee + ", " + whereabouts(What, E);
  case Escape::Kind::Address:
    return Who + " has the address of " + Callee + ", " + whereabouts(What, E);
  case Escape::Kind::Pointer:
    return Who + " reads " + inQuotes(E.Data) + ", which points to " + Callee +
           ", " + whereabouts(What, E);
  case Escape::Kind::Constant:
    return Who + " reads the constant " + inQuotes(E.Data) + originOf(E.Data) +
           ", which is not in the rule";
  case Escape::Kind::IndirectCalls:
    return Who + " makes " + utostr(E.Count) + " indirect call" +
           (E.Count == 1 ? "" : "s") +
           (E.Data.empty() || E.Data == What.P.Symbols[E.Symbol].Name
                ? ""
                : " that come" + std::string(E.Count == 1 ? "s" : "") +
                      " from the source of " + inQuotes(E.Data));
  case Escape::Kind::NotCompiled:
    if (What.P.Symbols[E.Symbol].IsUndefined)
      return Who + " is native code, and " + E.Data.str() +
             ", so what it calls is not known";
    return Who + " cannot be compiled in memory (" + E.Data.str() +
           "), so what it calls is not known";
  }
  return "";
}

/// Was the constant refused for what the section's name promises?
static bool isRefusedThere(const Planned &What, const Escape &E) {
  return any_of(What.ThePlan.Refusals, [&](const Refusal &R) {
    return R.Rule == E.Rule && R.Reason == RefusalReason::OtherContent &&
           What.P.Symbols[R.Symbol].Name == E.Data;
  });
}

static std::string remedyOfData(const Planned &What, const Escape &E) {
  const Rule &R = *What.Index.rule(E.Rule).R;
  bool IsMade = StringRef(E.Data).take_front(1) == "." ||
                StringRef(E.Data).take_front(2) == "__";
  std::string Text;
  if (!R.Data)
    Text = "; to take it along, add 'data', as 'data: .data.ram'";
  else if (isRefusedThere(What, E))
    Text =
        "; it holds addresses, which are written when a position-independent "
        "program is loaded: give 'data' a name without 'rodata'";
  else if (!IsMade)
    Text = "; to move it, name it in the rule: { variable: [" +
           yamlScalar(literalGlob(E.Data)) + "] }, where it is defined";
  if (R.Closed)
    Text += "; to allow it, write " + lineThatAllows("data", E.Data);
  return Text;
}

static std::string remedy(const Planned &What, const Escape &E) {
  switch (E.What) {
  case Escape::Kind::Constant:
    return remedyOfData(What, E);
  case Escape::Kind::IndirectCalls:
    if (E.Data.empty())
      return "; which function's source they are in is not known: compile with "
             "-fpass-plugin=SectionPlacement.so or with -g1, and name it in " +
             lineThatAllows("indirect", What.P.Symbols[E.Symbol].Canonical);
    return "; to vouch for it, write " + lineThatAllows("indirect", E.Data);
  case Escape::Kind::NotCompiled:
    return "";
  default:
    break;
  }
  const Symbol &Callee = What.P.Symbols[E.Callee];
  std::string Allowing = lineThatAllows("function", Callee.Name);
  if (!Callee.IsUndefined || Callee.Object.empty())
    return "; to allow it, write " + Allowing;
  return "; to bring it along, name it in the rule, by { function: [" +
         yamlScalar(literalGlob(Callee.Name)) +
         "] }, and let the linker script place it, by " +
         inQuotes(scriptLineFor(Callee.Object)) +
         "; to allow it where it is, write " + Allowing;
}

std::string explainEscape(const Planned &What, const Escape &E) {
  const Rule &R = *What.Index.rule(E.Rule).R;
  return "rule " + inQuotes(R.Name) +
         (R.Closed ? " is closed, and " : " takes data along, and ") +
         sentence(What, E) + remedy(What, E);
}

} // namespace section_placement
