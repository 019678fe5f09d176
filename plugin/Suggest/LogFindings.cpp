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

#include "LogClues.h"
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
  bool isInOneSection(const FailedReference &F) const;
  bool isCompilersCode(StringRef Name) const;
  bool addForCompile(const FailedReference &F);
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

/// An object that defines both ends is what a partial link wrote, or a
/// compiler: what it holds is native by now, and in the first case was bitcode
/// when a policy could act.
void LogResolver::findIgnored() {
  for (const FailedReference &F : Log.References) {
    StringRef Object = F.From.Object;
    if (Object.empty())
      continue;
    bool DefinesTarget = any_of(Facts.symbolsNamed(F.Target), [&](uint32_t I) {
      return Facts.Symbols[I].Object == Object;
    });
    if (!DefinesTarget && F.TargetObject != Object)
      continue;
    auto IsOthers = [&](uint32_t I) {
      return Facts.Symbols[I].Object != Object;
    };
    bool IsMadeOfOthers =
        any_of(Facts.symbolsNamed(F.From.Function), IsOthers) ||
        any_of(Facts.symbolsNamed(F.Target), IsOthers);
    ObjectScan::Writer Writer = Scan.writerOf(Object);
    if (isCompilersObject(Object) ||
        (Writer == ObjectScan::Writer::Compiler && !IsMadeOfOthers)) {
      if (Result.AtCompile == Findings::CompileReason::None)
        Result.AtCompile = Findings::CompileReason::Compiler;
      continue;
    }
    if (!Ignored.insert(Object).second)
      continue;
    bool IsKnown = IsMadeOfOthers || Writer == ObjectScan::Writer::PartialLink;
    (IsKnown ? Result.Outputs : Result.MaybeOutputs)
        .push_back(sys::path::filename(Object).str());
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

/// Is it one that no policy mends? Then that is reported.
bool LogResolver::refuse(const FailedReference &F) {
  auto Tell = [&](const Twine &Why) {
    Result.note(where(F), Why);
    return true;
  };
  if (ltoMaker(F.From.Object) == LTOMaker::GCC ||
      ltoMaker(F.TargetObject) == LTOMaker::GCC)
    return Tell("GCC's own LTO wrote this code, and section-placement is for "
                "LLVM's: give the target a section in its source, compile its "
                "file with -fno-lto, or use the linker script");
  const RelocationReach *Row = findRelocationReach(F.Relocation);
  if (!F.Relocation.empty() && (!Row || !Row->IsShort))
    return Tell(explainFarRelocation(F.Relocation));
  BoundName Bound = Result.bind(symbolName(F.Target));
  bool IsFollowed = !Bound.By.empty() && !Bound.Name.empty();
  if (isOfLinkerScript(F) && !IsFollowed)
    return Tell(
        "the linker script or an option of the link defines its target "
        "(PROVIDE, an assignment, --defsym). Where that is another name of a "
        "function, suggest follows it, given the link's command "
        "(--link-command FILE); else the script places it, and no policy does");
  if (isInOneSection(F))
    return Tell("both ends are in " + F.From.Section +
                " of one object, which no policy divides: that section is "
                "larger than the branch reaches. Use a branch that reaches "
                "further, or divide the function");
  unsigned Definition = definitionOf(Bound.Name);
  if (Definition & DefinedAsBitcodeFunction)
    return false;
  if ((Definition & DefinedAsData) || isDataSection(F.TargetSection))
    return Tell("it refers to data, and a policy places functions: put the "
                "variable near by its own section attribute and the linker "
                "script, or address it with adrp or its like");
  // A compile can place what no link of these objects does.
  if ((Definition & DefinedAsNativeCode) &&
      (Scan.bitcodeCount() || !isCompilersCode(symbolName(F.Target))))
    return Tell("its target is native code too, which no policy of a link "
                "moves: use the linker script, a branch that reaches further, "
                "or, where a compiler wrote the target, a compile of it with "
                "-fpass-plugin=SectionPlacement.so");
  return false;
}

/// Native code that a compiler wrote, so that another compile can place it.
bool LogResolver::isCompilersCode(StringRef Name) const {
  return any_of(Facts.symbolsNamed(Name), [&](uint32_t I) {
    const NativeSymbol &S = Facts.Symbols[I];
    return Scan.writerOf(S.Object) == ObjectScan::Writer::Compiler;
  });
}

/// In one section of one object that no partial link joined: a label in the
/// same function, or beside it.
bool LogResolver::isInOneSection(const FailedReference &F) const {
  if (F.From.Section.empty() || Ignored.count(F.From.Object))
    return false;
  // Only a function's own section is one function's for certain.
  if (F.Target.empty())
    return F.TargetSection == F.From.Section &&
           !functionOfSection(F.From.Section).empty();
  return any_of(Facts.symbolsNamed(F.Target), [&](uint32_t I) {
    return Facts.Symbols[I].Object == F.From.Object &&
           Facts.Symbols[I].Section == F.From.Section;
  });
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
          ltoMaker(F.From.Object) != LTOMaker::None);
}

/// In a section of its own, as all that LTO makes and assembly rarely. GNU ld
/// names the inlined function, where the section names the other.
bool LogResolver::isProbablyCompiled(const FailedReference &F) const {
  if ((definitionOf(F.From.Function) & DefinedAsNativeCode) || isAssembly(F))
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
  bool IsCertain = isCompiled(F);
  if (IsCertain || (!IsOwnObject && !New.Target.empty() &&
                    !F.From.Function.empty() && isProbablyCompiled(F))) {
    New.From = Finding::Caller::Compiled;
    New.MayBeNative = !IsCertain;
    if (StringRef Name = functionOfSection(F.From.Section); !Name.empty())
      New.Function = Name.str();
  } else if (IsOwnObject) {
    New.From = Finding::Caller::Native;
    New.Object = F.From.Object;
  } else if (!F.From.Function.empty() || New.Target.empty()) {
    New.From = Finding::Caller::SomeNative;
  }
  if (New.From == Finding::Caller::Compiled &&
      (New.Target.empty() || New.Function.empty())) {
    Result.note(where(F), (New.Target.empty() ? "its target"
                                              : "the function that it is in") +
                              Twine(" has no name in the log: name both "
                                    "functions in a rule with a section"));
    return;
  }
  Result.add(std::move(New), where(F));
}

/// Without bitcode among the files no link can place the target, but its
/// compile can, by name.
bool LogResolver::addForCompile(const FailedReference &F) {
  StringRef Target = symbolName(F.Target);
  if (!(definitionOf(Target) & DefinedAsNativeCode) || Scan.bitcodeCount())
    return false;
  Result.AtCompile = Findings::CompileReason::NoBitcode;
  Finding New;
  New.Section = F.From.Section;
  New.Target = Target.str();
  New.Relocation = findRelocationReach(F.Relocation);
  New.Distance = F.Distance;
  New.Range = F.Range;
  if (!New.Relocation)
    return false;
  Result.add(std::move(New), where(F));
  return true;
}

void LogResolver::resolve(const FailedReference &F) {
  for (StringRef Object :
       {StringRef(F.From.Object), StringRef(F.TargetObject)}) {
    Result.IsDirectLink |= ltoMaker(Object) == LTOMaker::LLVM;
    if (ltoMaker(Object) != LTOMaker::GoldPlugin)
      continue;
    Result.AtCompile = Findings::CompileReason::GoldPlugin;
    Result.note(
        where(F),
        "LLVMgold.so runs the LTO of this link and loads no pass "
        "plugin: place at the compile, SECTION_PLACEMENT_STAGE=compile, "
        "or link with ld.lld");
  }
  if (F.IsCut)
    Result.note(LogName + ":" + Twine(F.Line),
                "the log cuts this error off, or goes on in words that are not "
                "understood: what is missing is taken from the objects, where "
                "there are any");
  if (refuse(F) || addForCompile(F))
    return;
  if (ltoMaker(F.TargetObject) == LTOMaker::None && !F.TargetObject.empty() &&
      F.TargetObject != F.From.Object && !Scan.bitcodeCount())
    Result.NativeTarget = F.TargetObject;
  if (!addFromObjects(F))
    addFromLog(F);
}

Expected<Findings> LogResolver::run() {
  findIgnored();
  noteSlimGCC(Scan, Result);
  if (Error E = findDefinitions())
    return E;
  for (const FailedReference &F : Log.References)
    resolve(F);
  for (const OtherFailure &Other : Log.Others)
    Result.note(LogName + ":" + Twine(Other.Line), explainFailure(Other.What));
  if (Log.NotUnderstood)
    Result.note(LogName + ":" + Twine(Log.FirstNotUnderstood),
                Twine(Log.NotUnderstood) +
                    (Log.NotUnderstood == 1 ? " line names" : " lines name") +
                    " a short relocation in words that suggest does not "
                    "understand, so nothing is suggested for it: link with "
                    "LC_ALL=C, or give the objects without the log");
  if (Log.IsCutShort)
    Result.note(LogName, "the linker stopped telling its errors at a limit: "
                         "--error-limit=0 (ld.lld) or --verbose (GNU ld) shows "
                         "all");
  llvm::sort(Result.MaybeOutputs);
  llvm::sort(Result.Outputs);
  Result.Outputs.erase(
      std::unique(Result.Outputs.begin(), Result.Outputs.end()),
      Result.Outputs.end());
  Result.Defined = nullptr;
  return std::move(Result);
}

Expected<Findings> findingsOf(const LinkLog &Log, StringRef LogName,
                              const ObjectScan &Scan, const LinkFacts *Link) {
  LinkLog Named = Log;
  for (FailedReference &F : Named.References)
    for (std::string *Object : {&F.From.Object, &F.TargetObject})
      *Object = Scan.nameOf(*Object).str();
  return LogResolver(Named, LogName, Scan, Link).run();
}

} // namespace section_placement
