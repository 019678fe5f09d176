//===- LinkFacts.cpp - What this link is ----------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Link/LinkFacts.h"
#include "section-placement/Model/DemangledSize.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

StringRef nameOf(OutputKind Kind) {
  switch (Kind) {
  case OutputKind::Relocatable:
    return "relocatable";
  case OutputKind::Executable:
    return "executable";
  case OutputKind::PIE:
    return "PIE";
  case OutputKind::Shared:
    return "shared library";
  }
  return "";
}

/// The section patterns of `*(.text .text.*)`, `KEEP(*(SORT(.init.*)))` and
/// their like. Which files one is about does not matter: LTO's own objects have
/// names of the linker's making.
static void addSectionPatterns(StringRef Input,
                               function_ref<void(StringRef)> Add) {
  static const StringRef AboutFiles[] = {"EXCLUDE_FILE", "INPUT_SECTION_FLAGS"};
  bool HasFile = !Input.contains('('); // A bare word is taken as it is.
  while (!Input.empty()) {
    size_t Size = std::min(Input.find_first_of("(), "), Input.size());
    StringRef Word = Input.take_front(Size);
    Input = Input.drop_front(Size);
    if (is_contained(AboutFiles, Word)) {
      Input = Input.split(')').second;
      continue;
    }
    bool IsKeyword = Word == "KEEP" || Word == "REVERSE" || Word == "SORT" ||
                     Word.take_front(5) == "SORT_";
    if (!Word.empty() && !IsKeyword) {
      if (HasFile)
        Add(Word.trim('"'));
      HasFile = true;
    }
    Input = Input.drop_front(!Input.empty());
  }
}

void LinkFacts::readGathered() {
  Gathered.clear();
  for (const OutputSection &Section : Script.Sections)
    for (StringRef Input : Section.Inputs)
      addSectionPatterns(Input, [&](StringRef Text) {
        if (Expected<GlobPattern> Pattern = GlobPattern::create(Text))
          Gathered.push_back(std::move(*Pattern));
        else
          consumeError(Pattern.takeError());
      });
}

bool LinkFacts::isOrphan(StringRef Section) const {
  return Script.HasLayout && Kind != OutputKind::Relocatable &&
         Script.Unread.empty() && none_of(Gathered, [&](const GlobPattern &P) {
           return P.match(Section);
         });
}

void LinkFacts::finish() {
  readGathered();
  Rebound.clear();
  Wraps.clear();
  Made.clear();
  StringSet<> Known;
  auto Rebind = [&](StringRef Name) {
    if (Known.insert(Name).second)
      Rebound.push_back(Name.str());
  };
  for (const std::string &Name : Wrapped) {
    Wraps.try_emplace(Name, "__wrap_" + Name);
    Rebind(Name);
    Rebind("__real_" + Name);
  }
  for (uint32_t I = 0; I < Script.Symbols.size(); ++I) {
    const MadeSymbol &S = Script.Symbols[I];
    // The first PROVIDE defines the name; what follows it finds it defined.
    if (S.IsProvided)
      Made.try_emplace(S.Name, I);
    else
      Made[S.Name] = I;
    Rebind(S.Name);
  }
}

/// As lld chooses it.
unsigned LinkFacts::codegenEffort() const {
  return LTOEffort.value_or(std::clamp(LTOLevel, 2u, 3u));
}

std::optional<bool> LinkFacts::isPositionIndependent() const {
  if (Kind == OutputKind::Relocatable || !IsKindKnown)
    return std::nullopt;
  return Kind != OutputKind::Executable;
}

static std::string placeOf(const MadeSymbol &S) {
  if (!S.Where.Line)
    return S.Where.File; // The option.
  std::string File = relativeToCurrentFolder(S.Where.File);
  if (sys::path::is_absolute(File))
    File = sys::path::filename(File).str();
  std::string What = S.IsProvided ? "PROVIDE in " : "the assignment in ";
  return What + File + ":" + std::to_string(S.Where.Line);
}

BoundName LinkFacts::bind(StringRef Name,
                          function_ref<bool(StringRef)> IsDefined) const {
  BoundName Result{Binding::Definition, Name, ""};
  // --wrap comes first: it renames references, and a script defines names.
  StringRef Real = Name;
  if (auto Wrap = Wraps.find(Name); Wrap != Wraps.end())
    Result = {Binding::Wrapped, Wrap->second, ("--wrap=" + Name).str()};
  else if (Real.consume_front("__real_") && Wraps.count(Real))
    Result = {Binding::Wrapped, Real, ("--wrap=" + Real).str()};
  SmallVector<StringRef, 4> Passed;
  for (;;) {
    auto Found = Made.find(Result.Name);
    if (Found == Made.end() || is_contained(Passed, Result.Name))
      return Result;
    const MadeSymbol &S = Script.Symbols[Found->second];
    if (S.IsProvided && IsDefined(Result.Name))
      return Result;
    Passed.push_back(Result.Name);
    Result.By += (Result.By.empty() ? "" : ", then ") + placeOf(S);
    if (Result.How == Binding::Definition)
      Result.How = S.IsProvided ? Binding::Provided : Binding::Made;
    Result.Name = S.Target;
    if (S.Target.empty())
      return Result;
  }
}

/// Does \p Pattern mean \p Name?
static bool matches(const SymbolPattern &Pattern, StringRef Name) {
  std::string Demangled;
  if (Pattern.IsCpp && isDemangledInBounds(Name)) {
    Demangled = demangle(Name.str());
    Name = Demangled;
  }
  if (Pattern.IsExact)
    return Pattern.Text == Name;
  Expected<GlobPattern> Glob = GlobPattern::create(Pattern.Text);
  if (Glob)
    return Glob->match(Name);
  consumeError(Glob.takeError());
  return false;
}

/// As lld's scanVersionScript: exact names first, then wildcards, of the last
/// version first and its globals before its locals, and `*` at the end.
bool LinkFacts::isLocalByVersion(StringRef Name) const {
  auto Find = [&](auto Takes) -> std::optional<bool> {
    for (const SymbolVersion &V : reverse(Script.Versions)) {
      auto Means = [&](const SymbolPattern &P) {
        return Takes(P) && matches(P, Name);
      };
      if (any_of(V.Globals, Means))
        return false;
      if (any_of(V.Locals, Means))
        return true;
    }
    return std::nullopt;
  };
  auto IsAll = [](const SymbolPattern &P) {
    return !P.IsExact && P.Text == "*";
  };
  if (auto Local = Find([](const SymbolPattern &P) { return P.IsExact; }))
    return *Local;
  if (auto Local =
          Find([&](const SymbolPattern &P) { return !P.IsExact && !IsAll(P); }))
    return *Local;
  return Find(IsAll).value_or(false);
}

bool LinkFacts::keeps(const GlobalDefinition &D) const {
  auto IsNamed = [&](ArrayRef<SymbolPattern> Patterns) {
    return any_of(Patterns,
                  [&](const SymbolPattern &P) { return matches(P, D.Name); });
  };
  auto IsMade = [&](const MadeSymbol &S) {
    return S.Name == D.Name || S.Target == D.Name;
  };
  StringRef Real = D.Name;
  bool IsWrapped =
      Wraps.count(D.Name) ||
      ((Real.consume_front("__wrap_") || Real.consume_front("__real_")) &&
       Wraps.count(Real));
  if (Kind == OutputKind::Relocatable || IsWrapped || IsNamed(Script.Kept) ||
      is_contained(KeptIfLinked, D.Name) || any_of(Script.Symbols, IsMade))
    return true;
  if (!D.HasDefaultVisibility || isLocalByVersion(D.Name))
    return false;
  return Kind == OutputKind::Shared || ExportsDynamic ||
         IsNamed(Script.DynamicList);
}

Binding LinkFacts::bindingOf(const GlobalDefinition &D) const {
  // Before the last link nothing is bound, and in an executable its own
  // definitions are.
  if (Kind != OutputKind::Shared || !D.HasDefaultVisibility ||
      isLocalByVersion(D.Name))
    return Binding::Definition;
  bool IsSymbolic = HasDynamicList;
  switch (Symbolic) {
  case SymbolicKind::None:
    break;
  case SymbolicKind::NonWeakFunctions:
    IsSymbolic |= D.IsFunction && !D.IsWeak;
    break;
  case SymbolicKind::Functions:
    IsSymbolic |= D.IsFunction;
    break;
  case SymbolicKind::NonWeak:
    IsSymbolic |= !D.IsWeak;
    break;
  case SymbolicKind::All:
    IsSymbolic = true;
    break;
  }
  bool IsListed = any_of(Script.DynamicList, [&](const SymbolPattern &P) {
    return matches(P, D.Name);
  });
  if (IsSymbolic && !IsListed)
    return Binding::Definition;
  // Which archive it came from is not in what asks.
  return ExcludedLibs.empty() ? Binding::Interposable : Binding::NotKnown;
}

} // namespace section_placement
