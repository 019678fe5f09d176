//===- ExplainHoles.cpp - What growth along calls could not follow --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A closure with a hole must not look whole. A program of a million functions
// has thousands of holes, so a sentence names the first of its kind and counts
// the others; the report has them all.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/Explain.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

/// How many of one kind a sentence names.
static constexpr size_t MaximumNamed = 10;

static std::string nameOf(const Planned &What, uint32_t Symbol) {
  return inQuotes(What.P.Symbols[Symbol].Name);
}

static std::string indirectCalls(const Planned &What, const Hole &H) {
  bool HasMore = What.P.Symbols[H.Symbol].HasMoreIndirectCalls;
  return (HasMore ? "at least " : "") + utostr(H.Count) + " indirect call" +
         (H.Count == 1 ? "" : "s");
}

/// Who calls the callee: the first, and how many more.
static std::string callers(const Planned &What, const Hole &H) {
  std::string Text = nameOf(What, H.Symbol);
  if (H.Count > 1)
    Text += " and " + utostr(H.Count - 1) + " more";
  return Text + (H.Count > 1 ? " call" : " calls");
}

std::string explainHole(const Planned &What, const Hole &H) {
  switch (H.Kind) {
  case HoleKind::IndirectCalls:
    return nameOf(What, H.Symbol) + " makes " + indirectCalls(What, H);
  case HoleKind::UnreadableAsm:
    return nameOf(What, H.Symbol) +
           " has inline asm that names a symbol and cannot be read";
  case HoleKind::UnknownCode:
    return nameOf(What, H.Symbol) +
           " was not compiled, so the run-time routines that it calls are not "
           "known";
  case HoleKind::UnreadBody:
    return "the body of " + nameOf(What, H.Symbol) + " was not read";
  case HoleKind::CalleeOutside:
    return callers(What, H) + " " + nameOf(What, H.Callee) +
           (What.P.Symbols[H.Callee].IsIFunc
                ? ", an ifunc, of which the program chooses the code when it "
                  "is loaded"
                : ", which another object defines");
  case HoleKind::NativeCallee:
    return callers(What, H) + " " + nameOf(What, H.Callee) +
           ", which is native code of " + What.P.Symbols[H.Callee].Object.str();
  case HoleKind::RuntimeCall:
    return callers(What, H) + " " + nameOf(What, H.Callee) +
           ", by a call that code generation makes";
  case HoleKind::ClaimedEarlier:
    return callers(What, H) + " " + nameOf(What, H.Callee) + ", which rule " +
           inQuotes(What.Index.rule(What.ThePlan.Placements[H.Callee].Rule)
                        .R->Name) +
           " has claimed";
  case HoleKind::KeepsSection:
    return callers(What, H) + " " + nameOf(What, H.Callee) +
           ", which its source put into section " +
           inQuotes(What.P.Symbols[H.Callee].Section);
  case HoleKind::Interposable:
    return callers(What, H) + " " + nameOf(What, H.Callee) +
           ", which another module's definition may take the place of";
  }
  return "";
}

std::string scriptLineFor(StringRef Object) {
  InputName Name = InputName::parse(Object);
  std::string Path = "*" + sys::path::filename(Name.File).str();
  if (!Name.Member.empty())
    Path += ":" + sys::path::filename(Name.Member).str();
  return Path + "(.text .text.*)";
}

/// `'f' (2), 'g' (1) and 3 more`.
static std::string listed(const Planned &What, ArrayRef<const Hole *> Holes) {
  std::string Text;
  for (const Hole *H : Holes.take_front(MaximumNamed)) {
    Text += (Text.empty() ? "" : ", ") +
            nameOf(What, H->Callee != NoIndex ? H->Callee : H->Symbol);
    if (H->Kind == HoleKind::NativeCallee)
      Text += " of " + What.P.Symbols[H->Callee].Object.str();
    if (H->Kind == HoleKind::IndirectCalls)
      Text += " (" + utostr(H->Count) + ")";
  }
  if (Holes.size() > MaximumNamed)
    Text += " and " + utostr(Holes.size() - MaximumNamed) + " more";
  return Text;
}

/// The callees outside one by one: each may be a name that the rule lacks.
static void explainOutside(const Planned &What, ArrayRef<const Hole *> Holes,
                           std::vector<std::string> &Told) {
  for (const Hole *H : Holes.take_front(MaximumNamed)) {
    const Symbol &Callee = What.P.Symbols[H->Callee];
    Told.push_back("growth along calls ends at " + inQuotes(Callee.Name) +
                   (Callee.IsIFunc
                        ? ", an ifunc that " + callers(What, *H) +
                              ": its resolver decides which code runs when the "
                              "program is loaded"
                        : ", which " + callers(What, *H) +
                              " and another object defines: name it in the "
                              "rule if it shall come along"));
  }
  if (Holes.size() > MaximumNamed)
    Told.push_back("growth along calls ends at " +
                   counted(Holes.size() - MaximumNamed, "more function") +
                   " that other objects define");
}

static std::string ofKind(const Planned &What, HoleKind Kind,
                          ArrayRef<const Hole *> Holes) {
  std::string Names = listed(What, Holes);
  switch (Kind) {
  case HoleKind::IndirectCalls: {
    uint64_t Calls = 0;
    for (const Hole *H : Holes)
      Calls += H->Count;
    return "met " + counted(Calls, "indirect call") + " in " +
           counted(Holes.size(), "function") +
           ", which nothing follows: " + Names;
  }
  case HoleKind::UnreadableAsm:
    return "met inline asm that cannot be read for whom it calls, in " + Names;
  case HoleKind::UnknownCode:
    return "does not know which run-time routines are called by " + Names +
           ": not compiled";
  case HoleKind::UnreadBody:
    return "read summaries only of " + counted(Holes.size(), "function") +
           ": inline asm, calls that the compiler makes itself and "
           "the number of indirect calls are not in them; --read-bodies reads "
           "them";
  case HoleKind::NativeCallee:
    return "met native code, which only the linker script can move: " + Names +
           "; for the first, by " +
           inQuotes(
               scriptLineFor(What.P.Symbols[Holes.front()->Callee].Object));
  case HoleKind::RuntimeCall:
    return "met calls that code generation makes, of functions that were not "
           "read: " +
           Names;
  default:
    return ""; // Told as refusals.
  }
}

std::vector<std::string> explainHoles(const Planned &What) {
  std::vector<std::string> Told;
  for (uint32_t Rule = 0; Rule < What.Index.size(); ++Rule) {
    std::vector<const Hole *> ByKind[size_t(HoleKind::Interposable) + 1];
    bool Any = false;
    for (const Hole &H : What.ThePlan.holesOf(Rule)) {
      ByKind[size_t(H.Kind)].push_back(&H);
      Any = true;
    }
    if (!Any)
      continue;
    for (size_t Kind = 0; Kind < std::size(ByKind); ++Kind) {
      if (ByKind[Kind].empty())
        continue;
      if (HoleKind(Kind) == HoleKind::CalleeOutside)
        explainOutside(What, ByKind[Kind], Told);
      else if (std::string Text = ofKind(What, HoleKind(Kind), ByKind[Kind]);
               !Text.empty())
        Told.push_back("growth along calls of rule " +
                       inQuotes(What.Index.rule(Rule).R->Name) + " " + Text);
    }
  }
  return Told;
}

bool leftModule(const Plan &ThePlan, uint32_t Rule) {
  return any_of(ThePlan.holesOf(Rule), [](const Hole &H) {
    return H.Kind == HoleKind::CalleeOutside;
  });
}

} // namespace section_placement
