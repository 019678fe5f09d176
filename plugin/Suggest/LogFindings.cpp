//===- LogFindings.cpp - From the errors of a link to its causes ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A log says what the linker saw. After a partial link that is one object, so
// the caller is looked for in the objects that were given: by the relocation,
// the target, and the function's name, and where the linker read the very
// object, by section and offset too. What they do not answer the log's own
// words must: an error that is of the object that also defines the target is of
// a partial link's output; one whose target is of an LTO object is of the link
// that runs LTO; code in a section of its function's name is what LTO made.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Suggest/Finding.h"
#include "section-placement/Suggest/SectionName.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
class LogResolver {
public:
  LogResolver(const LinkLog &Log, StringRef LogName, const ObjectScan &Scan,
              const LinkFacts *Link)
      : Log(Log), LogName(LogName), Scan(Scan), Facts(Scan.natives()) {
    Result.Link = Link;
    Result.Defined = &Defined;
  }

  Expected<Findings> run();

private:
  void findIgnored();
  Error findDefinitions();
  void resolve(const FailedReference &F);
  bool refuse(const FailedReference &F);
  bool addFromObjects(const FailedReference &F);
  bool matches(const FailedReference &F, const NativeReference &R) const;
  bool hasName(const NativeSymbol &S, StringRef Name) const;
  void addFromLog(const FailedReference &F);
  bool isCompiled(const FailedReference &F) const;
  bool isProbablyCompiled(const FailedReference &F) const;
  std::string where(const FailedReference &F) const;
  unsigned definitionOf(StringRef Name) const { return Defined.lookup(Name); }
  /// The symbol's own name, where the log's is a demangled one.
  StringRef symbolName(StringRef Logged) const;

  const LinkLog &Log;
  StringRef LogName;
  const ObjectScan &Scan;
  const NativeFacts &Facts;
  Findings Result;
  StringSet<> Ignored; ///< Outputs of partial links among the objects.
  StringMap<unsigned> Defined;
  StringMap<StringRef> Mangled; ///< By demangled name.
};
} // namespace

/// By an object that LTO made, as ld.lld calls it: `lto.tmp`, `a.out.lto.o`,
/// `vmlinux.lto.switch.o`; by gold and GNU ld with their plugin: `ld-temp.o`,
/// `/tmp/a.ltrans0.ltrans.o`.
static bool isMadeByLTO(StringRef Object) {
  StringRef Name = sys::path::filename(Object);
  return Name == "lto.tmp" || Name == "ld-temp.o" || Name.contains(".lto.") ||
         Name.contains(".ltrans");
}

std::string LogResolver::where(const FailedReference &F) const {
  std::string Text = (LogName + ":" + Twine(F.Line) + ": " +
                      (F.Relocation.empty() ? "a relocation" : F.Relocation))
                         .str();
  if (!F.From.Function.empty())
    Text += " of '" + F.From.Function + "'";
  if (!F.Target.empty())
    Text += " to '" + F.Target + "'";
  return Text;
}

/// An object that defines both ends is what a partial link wrote: what it holds
/// is native by now, and was bitcode when a policy could act.
void LogResolver::findIgnored() {
  for (const FailedReference &F : Log.References) {
    if (F.From.Object.empty())
      continue;
    bool DefinesTarget = any_of(Facts.symbolsNamed(F.Target), [&](uint32_t I) {
      return Facts.Symbols[I].Object == F.From.Object;
    });
    if (DefinesTarget || F.TargetObject == F.From.Object)
      Ignored.insert(F.From.Object);
  }
}

StringRef LogResolver::symbolName(StringRef Logged) const {
  auto Found = Mangled.find(Logged);
  return Found == Mangled.end() ? Logged : Found->second;
}

Error LogResolver::findDefinitions() {
  for (const NativeReference &R : Facts.References)
    for (const std::string &Name : demangledNames(R.Target))
      Mangled.try_emplace(Name, R.Target);
  for (const FailedReference &F : Log.References)
    for (StringRef Name : {StringRef(F.Target), StringRef(F.From.Function)})
      for (StringRef Asked :
           {symbolName(Name), Result.bind(symbolName(Name)).Name})
        if (!Asked.empty())
          Defined.try_emplace(Asked, DefinedNowhere);
  return Scan.findDefinitions(Defined, Ignored);
}

/// Is it one that no policy mends? Then that is told.
bool LogResolver::refuse(const FailedReference &F) {
  auto Tell = [&](const Twine &Why) {
    Result.note(where(F), Why);
    return true;
  };
  const RelocationReach *Row = findRelocationReach(F.Relocation);
  if (!F.Relocation.empty() && (!Row || !Row->IsShort))
    return Tell(explainFarRelocation(F.Relocation));
  unsigned Definition = definitionOf(Result.bind(symbolName(F.Target)).Name);
  if (Definition & DefinedAsBitcodeFunction)
    return false;
  if ((Definition & DefinedAsData) || isDataSection(F.TargetSection))
    return Tell("it refers to data, and a policy places functions: put the "
                "variable near by its own section attribute and the linker "
                "script, or address it with adrp or its like");
  if (Definition & DefinedAsNativeCode)
    return Tell("its target is native code too, which no policy moves: use the "
                "linker script, or a branch that reaches further");
  return false;
}

bool LogResolver::hasName(const NativeSymbol &S, StringRef Name) const {
  return S.Name == Name || is_contained(demangledNames(S.Name), Name.str());
}

bool LogResolver::matches(const FailedReference &F,
                          const NativeReference &R) const {
  const NativeSymbol &Caller = Facts.Symbols[R.From];
  if (!R.Relocation->IsShort || Ignored.count(Caller.Object) ||
      (!F.Relocation.empty() && R.Relocation->Name != F.Relocation) ||
      (!F.From.Function.empty() && !hasName(Caller, F.From.Function)))
    return false;
  if (Caller.Object != F.From.Object)
    return true;
  // The linker read this very object, so the place is to the byte.
  return F.From.Section.empty() ||
         (Caller.Section == F.From.Section &&
          (!F.From.Offset || *F.From.Offset == R.Offset));
}

/// Adds who it is among the objects that were given.
bool LogResolver::addFromObjects(const FailedReference &F) {
  StringRef Target = symbolName(F.Target);
  std::vector<uint32_t> Candidates = Facts.referencesTo(Target).vec();
  if (F.Target.empty() && F.TargetSection.empty())
    for (uint32_t I = 0; I < Facts.References.size(); ++I)
      Candidates.push_back(I);
  erase_if(Candidates,
           [&](uint32_t I) { return !matches(F, Facts.References[I]); });
  bool IsOfThisObject = any_of(Candidates, [&](uint32_t I) {
    return Facts.Symbols[Facts.References[I].From].Object == F.From.Object;
  });
  for (uint32_t I : Candidates) {
    const NativeReference &R = Facts.References[I];
    const NativeSymbol &Caller = Facts.Symbols[R.From];
    if (IsOfThisObject && Caller.Object != F.From.Object)
      continue;
    Finding New = findingOf(Facts, R);
    New.Distance = F.Distance;
    New.Range = F.Range;
    Result.add(std::move(New), where(F));
  }
  return !Candidates.empty();
}

/// For certain: by a bitcode file that was given, or by the object's name.
bool LogResolver::isCompiled(const FailedReference &F) const {
  unsigned Definition = definitionOf(F.From.Function);
  return !(Definition & DefinedAsNativeCode) &&
         ((Definition & DefinedAsBitcodeFunction) ||
          isMadeByLTO(F.From.Object));
}

/// In a section of its own, as all that LTO makes and assembly rarely. GNU ld
/// names the inlined function, where the section names the other.
bool LogResolver::isProbablyCompiled(const FailedReference &F) const {
  if (definitionOf(F.From.Function) & DefinedAsNativeCode)
    return false;
  return isSectionOf(F.From.Section, F.From.Function) ||
         (Scan.nativeCount() && Scan.bitcodeCount() &&
          !functionOfSection(F.From.Section).empty());
}

void LogResolver::addFromLog(const FailedReference &F) {
  Finding New;
  New.Section = F.From.Section;
  New.Function = F.From.Function;
  New.Target = F.Target.empty() ? functionOfSection(F.TargetSection).str()
                                : symbolName(F.Target).str();
  New.Relocation = findRelocationReach(F.Relocation);
  New.Distance = F.Distance;
  New.Range = F.Range;
  if (!New.Relocation) {
    Result.note(where(F), "the linker does not say which relocation it is, and "
                          "no object that was given has a short one there: "
                          "give the native objects, or link with ld.lld, whose "
                          "errors say it");
    return;
  }
  // Another object defines the target, so this one is no partial link's output.
  bool IsOwnObject = !F.From.Object.empty() && !F.TargetObject.empty() &&
                     !Ignored.count(F.From.Object);
  if (isCompiled(F) || (!IsOwnObject && !New.Target.empty() &&
                        !F.From.Function.empty() && isProbablyCompiled(F))) {
    New.From = Finding::Caller::Compiled;
    if (StringRef Name = functionOfSection(F.From.Section); !Name.empty())
      New.Function = Name.str();
  } else if (IsOwnObject) {
    New.From = Finding::Caller::Native;
    New.Object = F.From.Object;
  } else if (!F.From.Function.empty() || New.Target.empty()) {
    New.From = Finding::Caller::SomeNative;
  }
  if (New.From == Finding::Caller::Compiled && New.Target.empty()) {
    Result.note(where(F), "its target has no name in the log: name both "
                          "functions in a rule with a section");
    return;
  }
  Result.add(std::move(New), where(F));
}

void LogResolver::resolve(const FailedReference &F) {
  Result.IsDirectLink |=
      isMadeByLTO(F.TargetObject) || isMadeByLTO(F.From.Object);
  if (Ignored.count(F.From.Object))
    Result.Outputs.push_back(sys::path::filename(F.From.Object).str());
  if (refuse(F))
    return;
  if (!addFromObjects(F))
    addFromLog(F);
}

Expected<Findings> LogResolver::run() {
  findIgnored();
  if (Error E = findDefinitions())
    return E;
  for (const FailedReference &F : Log.References)
    resolve(F);
  for (unsigned Line : Log.LinesWithoutThunk)
    Result.note(LogName + ":" + Twine(Line) + ": no place for a thunk",
                explainFarRelocation("R_AARCH64_CALL26"));
  if (Log.IsCutShort)
    Result.note(LogName, "the linker stopped telling its errors at a limit: "
                         "--error-limit=0 (ld.lld) or --verbose (GNU ld) shows "
                         "all");
  llvm::sort(Result.Outputs);
  Result.Outputs.erase(
      std::unique(Result.Outputs.begin(), Result.Outputs.end()),
      Result.Outputs.end());
  Result.Defined = nullptr;
  return std::move(Result);
}

Expected<Findings> findingsOf(const LinkLog &Log, StringRef LogName,
                              const ObjectScan &Scan, const LinkFacts *Link) {
  return LogResolver(Log, LogName, Scan, Link).run();
}

} // namespace section_placement
