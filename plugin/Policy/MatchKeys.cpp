//===- MatchKeys.cpp - What a match can ask of a symbol -------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table, and what can be said of a map by visiting it. See MatchKeys.h.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/MatchKeys.h"
#include "section-placement/Model/CanonicalName.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

static Answer answer(bool Holds) { return Holds ? Answer::Yes : Answer::No; }

/// Does any of \p Values match any of \p Texts?
static Answer anyOf(ArrayRef<Pattern> Values, ArrayRef<StringRef> Texts) {
  return answer(any_of(Values, [&](const Pattern &Value) {
    return any_of(Texts,
                  [&](StringRef Text) { return Value.Compiled.match(Text); });
  }));
}

/// Native code and what nothing defines have neither a source file of their own
/// nor a profile.
static bool isMovable(const Symbol &S) { return !S.IsNative && !S.IsUndefined; }

static void askForNothing(const MatchMap &, Interest &) {}

static void askForFunction(const MatchMap &Map, Interest &Wanted) {
  for (const Pattern &P : Map[MatchKey::Function])
    if (std::optional<StringRef> Name = P.Compiled.literal())
      Wanted.Names.push_back(*Name);
    else
      Wanted.NativeSeeds = true;
}

static void askForVariable(const MatchMap &Map, Interest &Wanted) {
  Wanted.Variables = true;
  for (const Pattern &P : Map[MatchKey::Variable])
    if (std::optional<StringRef> Name = P.Compiled.literal())
      Wanted.Names.push_back(*Name);
}

static void askForListed(const MatchMap &Map, Interest &Wanted) {
  for (const ListedName &Listed : Map.Listed) {
    Wanted.Names.push_back(Listed.Name);
    Wanted.Sources |= !Listed.Source.empty();
  }
}

static void askForAttribute(const MatchMap &Map, Interest &Wanted) {
  for (const Pattern &P : Map[MatchKey::Attribute])
    Wanted.Attributes.push_back(P.Compiled.pattern());
}

template <bool Interest::*Fact>
static void askFor(const MatchMap &, Interest &Wanted) {
  Wanted.*Fact = true;
}

/// `"<unknown>"` is what nobody recorded.
static Answer holdsSource(ArrayRef<Pattern> Values, const Program &,
                          const Symbol &S) {
  if (!isMovable(S))
    return Answer::No;
  if (!S.Source.empty())
    return anyOf(Values, S.Source);
  bool IsUnknownMeant = any_of(Values, [](const Pattern &Value) {
    return Value.Compiled.literal() == StringRef("<unknown>");
  });
  // What the compiler or the link made is of no file.
  if (IsUnknownMeant || isMadeByCompiler(S.Canonical))
    return answer(IsUnknownMeant);
  return Answer::Unknown;
}

static Answer holdsNative(ArrayRef<Pattern> Values, const Program &,
                          const Symbol &S) {
  return answer(S.IsNative && any_of(Values, [&](const Pattern &Value) {
                  return choosesNative(Value.Compiled, S.Object);
                }));
}

/// What came from no archive is in none. Of native code its object's name says
/// it.
static Answer holdsArchive(ArrayRef<Pattern> Values, const Program &,
                           const Symbol &S) {
  StringRef From = isMovable(S) ? S.Archive : S.Object;
  if (isMovable(S) && S.IsArchiveUnknown)
    return isMadeByCompiler(S.Canonical) ? Answer::No : Answer::Unknown;
  if (From.empty() || From.back() != ')')
    return Answer::No;
  return answer(any_of(Values, [&](const Pattern &Value) {
    return choosesArchive(Value.Compiled, From);
  }));
}

static Answer holdsSection(ArrayRef<Pattern> Values, const Program &,
                           const Symbol &S) {
  return S.Section.empty() ? Answer::No : anyOf(Values, S.Section);
}

static Answer holdsAttribute(ArrayRef<Pattern> Values, const Program &P,
                             const Symbol &S) {
  return anyOf(Values, P.attributesOf(S));
}

static Answer holdsAnnotation(ArrayRef<Pattern> Values, const Program &P,
                              const Symbol &S) {
  return anyOf(Values, P.annotationsOf(S));
}

static constexpr StringLiteral ProfileWords[] = {"hot", "cold", "unknown"};

static Answer holdsProfile(ArrayRef<Pattern> Values, const Program &,
                           const Symbol &S) {
  if (!isMovable(S))
    return Answer::No;
  switch (S.Profile) {
  case Temperature::Hot:
    return anyOf(Values, StringRef("hot"));
  case Temperature::Cold:
    return anyOf(Values, StringRef("cold"));
  case Temperature::Unknown:
    return anyOf(Values, StringRef("unknown"));
  }
  return Answer::No;
}

// clang-format off
static constexpr MatchKeyInfo Table[] = {
    // Key, name, kind of values, words,
    //   IsName, MeansNatives, IsInImage, AskFor, Holds, SharedText
    {MatchKey::Function, "function", ValueKind::NameGlob, {},
     true, true, true, askForFunction, nullptr, nullptr},
    {MatchKey::FunctionFile, "function-file", ValueKind::ListFile, {},
     true, true, true, askForListed, nullptr, nullptr},
    {MatchKey::Variable, "variable", ValueKind::NameGlob, {},
     true, false, true, askForVariable, nullptr, nullptr},
    {MatchKey::Source, "source", ValueKind::PathGlob, {},
     false, false, false, askFor<&Interest::Sources>, holdsSource,
     &Symbol::Source},
    {MatchKey::Native, "native", ValueKind::PathGlob, {},
     false, true, true, askFor<&Interest::NativeSeeds>, holdsNative, nullptr},
    {MatchKey::Archive, "archive", ValueKind::PathGlob, {},
     false, true, false, askFor<&Interest::Archives>, holdsArchive,
     &Symbol::Archive},
    {MatchKey::Section, "section", ValueKind::NameGlob, {},
     false, false, false, askForNothing, holdsSection, nullptr},
    {MatchKey::Attribute, "attribute", ValueKind::Text, {},
     false, false, false, askForAttribute, holdsAttribute, nullptr},
    {MatchKey::Profile, "profile", ValueKind::Word, ProfileWords,
     false, false, false, askFor<&Interest::Temperatures>, holdsProfile,
     nullptr},
    {MatchKey::Annotation, "annotation", ValueKind::NameGlob, {},
     false, false, false, askFor<&Interest::Annotations>, holdsAnnotation,
     nullptr},
};
// clang-format on

static constexpr bool isInOrder() {
  for (size_t I = 0; I < MatchKeyCount; ++I)
    if (size_t(Table[I].Key) != I)
      return false;
  return true;
}
static_assert(std::size(Table) == MatchKeyCount && isInOrder(),
              "an entry for each key, in the order of MatchKey");

ArrayRef<MatchKeyInfo> matchKeys() { return Table; }

Place MatchMap::placeOf(const ListedName &Name) const {
  const Pattern &File = (*this)[MatchKey::FunctionFile][Name.File];
  return {File.Compiled.pattern().str(), Name.Line, 1, ListTexts[Name.File],
          Name.LineBegin};
}

bool MatchMap::isNamedOnly() const {
  return any_of(matchKeys(), [&](const MatchKeyInfo &Key) {
    return Key.IsName && has(Key.Key) &&
           all_of((*this)[Key.Key],
                  [](const Pattern &P) { return P.Compiled.literal(); });
  });
}

void addInterest(const Matcher &M, Interest &Wanted) {
  for (const MatchMap &Map : M) {
    for (const MatchKeyInfo &Key : matchKeys())
      if (Map.has(Key.Key))
        Key.AskFor(Map, Wanted);
    addInterest(Map.Except, Wanted);
  }
}

bool choosesArchive(const Glob &G, StringRef Member) {
  StringRef Archive = Member.drop_back(Member.size() - Member.rfind('('));
  StringRef Inner = Member.drop_front(Archive.size() + 1).drop_back();
  StringRef File = Archive.substr(Archive.rfind('/') + 1);
  StringRef Base = Inner.substr(Inner.rfind('/') + 1);
  for (StringRef Of : {Archive, File})
    if (G.match(Of) || G.match((Of + "(" + Inner + ")").str()) ||
        G.match((Of + "(" + Base + ")").str()))
      return true;
  return false;
}

bool choosesNative(const Glob &G, StringRef Object) {
  if (G.match(Object))
    return true;
  if (Object.empty() || Object.back() != ')')
    return false;
  auto [Archive, Member] = Object.drop_back().split('(');
  return G.match(Archive) || G.match(Member);
}

} // namespace section_placement
