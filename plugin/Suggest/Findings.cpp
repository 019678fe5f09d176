//===- Findings.cpp - Short references that a policy can mend -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Explain/Explain.h"
#include "section-placement/Plan/Plan.h"
#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Suggest/Finding.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

Finding findingOf(const NativeFacts &Facts, const NativeReference &R) {
  const NativeSymbol &Caller = Facts.Symbols[R.From];
  Finding New;
  New.From = Finding::Caller::Native;
  New.Object = Caller.Object.str();
  // Code before any symbol is called by its section.
  if (Caller.Name != Caller.Section)
    New.Function = Caller.Name.str();
  New.Section = Caller.Section.str();
  New.Target = R.Target.str();
  New.Relocation = R.Relocation;
  return New;
}

void Findings::note(const Twine &Where, const Twine &Why) {
  auto [Known, IsNew] = NoteByReason.try_emplace(Why.str(), Notes.size());
  if (IsNew)
    Notes.push_back({(Where + ": " + Why).str(), 0});
  else
    ++Notes[Known->second].second;
}

BoundName Findings::bind(StringRef Name) const {
  if (!Link)
    return {Binding::Definition, Name, ""};
  return Link->bind(Name, [&](StringRef Asked) {
    return Defined && Defined->lookup(Asked) != DefinedNowhere;
  });
}

/// False where the branch goes to no function that can be moved nearer.
bool Findings::follow(Finding &New, const Twine &Where) {
  if (!Link || New.Target.empty())
    return true;
  BoundName Bound = bind(New.Target);
  if (Bound.Name.empty()) {
    note(Where, "the link makes '" + New.Target + "' an address (" + Bound.By +
                    "), and no placement changes that");
    return false;
  }
  if (!Bound.By.empty()) {
    note(Where, "the link makes this branch go to '" + Bound.Name + "' (" +
                    Bound.By + "), which is what the rule moves");
    New.Target = Bound.Name.str();
  }
  unsigned Definition = Defined ? Defined->lookup(New.Target) : 0;
  Binding How = Link->bindingOf({New.Target, /*IsFunction=*/true,
                                 bool(Definition & DefinedWeakly),
                                 bool(Definition & DefinedForOthers)});
  if (How == Binding::Interposable)
    note(Where, explainInterposable());
  return How != Binding::Interposable;
}

void Findings::add(Finding New, const Twine &Where) {
  if (!follow(New, Where))
    return;
  if (!New.Section.empty() && !takesGuests(New.Section)) {
    note(Where, "its code is in '" + New.Section +
                    "', which takes no function in unasked: code that is freed "
                    "after start-up, or has a size to keep. If the target may "
                    "stand there, write a rule for it in front of the others "
                    "(the first that matches has it) with section: " +
                    New.Section);
    return;
  }
  bool CanBeNamed =
      all_of(ArrayRef<StringRef>({New.Object, New.Function, New.Target}),
             [](StringRef Name) { return Name.empty() || canBeWritten(Name); });
  if (!New.Section.empty())
    CanBeNamed &= canBeWritten(New.Section) && !codeSectionFault(New.Section) &&
                  New.Section.find_first_of("{}") == std::string::npos;
  if (!CanBeNamed) {
    note(Where, "one of its names is not UTF-8, or holds what a policy's names "
                "cannot");
    return;
  }
  std::string Key;
  for (StringRef Part :
       {StringRef(New.Object), StringRef(New.Function), StringRef(New.Section),
        StringRef(New.Target), New.Relocation->Name})
    Key.append(Part.begin(), Part.end()).push_back('\0');
  Key += std::to_string(New.Distance.value_or(0));
  if (Seen.insert(Key).second)
    All.push_back(std::move(New));
}

/// Where a target is not code that can be moved, that is reported, and why.
static StringRef whyNotMovable(unsigned Definition) {
  if (Definition & DefinedAsBitcodeFunction)
    return "";
  if (Definition & DefinedAsData)
    return "short references to data: a policy places functions";
  if (Definition & DefinedAsNativeCode)
    return "short references from one native object to another: no policy "
           "moves native code; the linker script can";
  return "";
}

void noteSlimGCC(const ObjectScan &Scan, Findings &Result) {
  for (const std::string &Object : Scan.slimGCC())
    Result.note(Object, explainSlimGCC());
}

Expected<Findings> findingsOf(const ObjectScan &Scan, const LinkFacts *Link) {
  Findings Result;
  noteSlimGCC(Scan, Result);
  Result.Link = Link;
  Result.IsScan = true;
  const NativeFacts &Facts = Scan.natives();
  StringMap<unsigned> Defined;
  for (const NativeReference &R : Facts.References)
    if (R.Relocation->IsShort) {
      Defined.try_emplace(R.Target, DefinedNowhere);
      if (StringRef Bound = Result.bind(R.Target).Name; !Bound.empty())
        Defined.try_emplace(Bound, DefinedNowhere);
    }
  Result.Defined = &Defined;
  if (Error E = Scan.findDefinitions(Defined, {}))
    return E;
  for (const NativeReference &R : Facts.References) {
    if (!R.Relocation->IsShort)
      continue;
    const NativeSymbol &Caller = Facts.Symbols[R.From];
    unsigned Definition = Defined.lookup(Result.bind(R.Target).Name);
    std::string Where = (Caller.Object + ": " + R.Relocation->Name + " of '" +
                         Caller.Name + "' to '" + R.Target + "'")
                            .str();
    if (StringRef Why = whyNotMovable(Definition); !Why.empty()) {
      Result.note(Where, Why);
      continue;
    }
    Finding New = findingOf(Facts, R);
    New.IsTargetDefined = Definition != DefinedNowhere;
    Result.add(std::move(New), Where);
  }
  Result.Defined = nullptr;
  return Result;
}

} // namespace section_placement
