//===- AfterFailure.cpp - What a failed link met outside ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan is made before the link imports and inlines, so a backend may find
// that code leaves a closed rule where the plan could not see it. Its report
// has the names.
//
//===----------------------------------------------------------------------===//

#include "AfterFailure.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <set>

using namespace llvm;

namespace section_placement {

namespace {
class EscapeTaker {
public:
  EscapeTaker(Policy &P, const Program &Prog) : P(P), Prog(Prog) {}

  Error take(const ModuleReport &Report, const ReportedEscape &E);

  std::vector<std::string> Said;

private:
  void indexNames();
  SmallVector<uint32_t, 1> functionsOf(const ReportedEscape &E);
  Error nameIn(Rule &R, uint32_t I);
  Error admit(Rule &R, std::vector<Pattern> &List, StringRef Name,
              StringRef What, StringRef Why);
  Error takeCallee(Rule &R, const ReportedEscape &E);

  Policy &P;
  const Program &Prog;
  StringMap<SmallVector<uint32_t, 1>> ByName;
  std::set<std::tuple<std::string, std::string, std::string>> Taken;
};
} // namespace

/// By the exact name, and by the one that policies use.
void EscapeTaker::indexNames() {
  if (!ByName.empty())
    return;
  for (uint32_t I = 0; I < Prog.Symbols.size(); ++I) {
    const Symbol &S = Prog.Symbols[I];
    if (S.IsUndefined || S.IsNative || S.isVariable())
      continue;
    ByName[S.Name].push_back(I);
    if (S.Canonical != S.Name)
      ByName[S.Canonical].push_back(I);
    for (const Alias &A : Prog.aliasesOf(I))
      ByName[A.Name].push_back(I);
  }
}

SmallVector<uint32_t, 1> EscapeTaker::functionsOf(const ReportedEscape &E) {
  indexNames();
  auto Found = ByName.find(E.Callee);
  if (Found == ByName.end() && !E.CalleeName.empty())
    Found = ByName.find(E.CalleeName);
  SmallVector<uint32_t, 1> Result;
  if (Found != ByName.end())
    for (uint32_t I : Found->second)
      if (E.CalleeSource.empty() || Prog.Symbols[I].Source == E.CalleeSource)
        Result.push_back(I);
  return Result;
}

/// A literal of one file, as a plan writes it.
Error EscapeTaker::nameIn(Rule &R, uint32_t I) {
  const Symbol &S = Prog.Symbols[I];
  MatchMap Map;
  Map.Where = R.Where;
  auto Add = [&](MatchKey Key, StringRef Text, Glob::Dialect D) -> Error {
    Expected<Glob> Compiled = Glob::compile(literalGlob(Text), D);
    if (!Compiled)
      return Compiled.takeError();
    Map.Values[size_t(Key)].push_back({std::move(*Compiled), R.Where});
    return Error::success();
  };
  if (Error E = Add(MatchKey::Function, S.Canonical, Glob::Dialect::Name))
    return E;
  if (!S.Source.empty())
    if (Error E = Add(MatchKey::Source, S.Source, Glob::Dialect::Path))
      return E;
  R.Match.push_back(std::move(Map));
  Said.push_back("rule '" + R.Name + "' names " + inQuotes(S.Canonical) +
                 (S.Source.empty() ? "" : " of " + printable(S.Source)) +
                 ", which the failed link met outside of it");
  return Error::success();
}

Error EscapeTaker::admit(Rule &R, std::vector<Pattern> &List, StringRef Name,
                         StringRef What, StringRef Why) {
  Expected<Glob> Compiled =
      Glob::compile(literalGlob(Name), Glob::Dialect::Name);
  if (!Compiled)
    return Compiled.takeError();
  List.push_back({std::move(*Compiled), R.Where});
  Said.push_back("rule '" + R.Name + "' admits " + inQuotes(Name) +
                 ", which the failed link met outside of it" + Why.str() +
                 ": make sure that it may be " + What.str() + " there");
  return Error::success();
}

Error EscapeTaker::takeCallee(Rule &R, const ReportedEscape &E) {
  StringRef Name = E.CalleeName.empty() ? E.Callee : E.CalleeName;
  SmallVector<uint32_t, 1> Found = functionsOf(E);
  if (Found.size() > 1) {
    Said.push_back("rule '" + R.Name + "' does not name " + inQuotes(Name) +
                   ", which the failed link met outside of it: several "
                   "functions have that name; write the one with its 'source'");
    return Error::success();
  }
  if (!Found.empty() && Prog.Symbols[Found.front()].Section.empty())
    return nameIn(R, Found.front());
  return admit(R, R.Closed->Functions, Name, "called",
               Found.empty() ? " and no plan can move"
                             : " in the section that its source gave it");
}

Error EscapeTaker::take(const ModuleReport &Report, const ReportedEscape &E) {
  StringRef Name = Report.Rules[E.Rule].Name;
  auto R = find_if(P.Rules, [&](const Rule &R) { return R.Name == Name; });
  if (R == P.Rules.end())
    return errorIn(Report.File, "mentions rule '" + Name + "', which " +
                                    P.File +
                                    " lacks: give the reports of a link with "
                                    "this policy, or with its plan");
  bool IsOfData = E.Kind == "constant";
  bool IsOfCode =
      E.Kind == "call" || E.Kind == "address" || E.Kind == "pointer";
  if (!R->Closed ||
      !Taken
           .insert({R->Name, IsOfCode ? "code" : E.Kind,
                    IsOfCode ? E.Callee + ":" + E.CalleeSource : E.Data})
           .second)
    return Error::success();
  if (IsOfData)
    return admit(*R, R->Closed->Data, E.Data, "read", "");
  if (IsOfCode)
    return takeCallee(*R, E);
  Said.push_back(E.Because + "; no plan can take that up");
  return Error::success();
}

Expected<std::vector<std::string>> takeEscapes(Policy &P, const Program &Prog,
                                               ArrayRef<ModuleReport> Reports) {
  EscapeTaker Taker(P, Prog);
  for (const ModuleReport &Report : Reports)
    for (const ReportedEscape &E : Report.Escapes)
      if (Error Fault = Taker.take(Report, E))
        return Fault;
  return std::move(Taker.Said);
}

} // namespace section_placement
