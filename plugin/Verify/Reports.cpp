//===- Reports.cpp - What the plugin planned ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Grouping.h"
#include "section-placement/Report/ReportReader.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Verify/Expectation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

static std::string pathIn(StringRef Folder, StringRef File) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, File);
  return Path.str().str();
}

/// What the functions of \p Report are expected to be.
static Error addFunctions(StringRef Folder, const ModuleReport &Report,
                          const Policy &P, const ElfFile &Image,
                          Reports &Result) {
  for (const ReportedFunction &F : Report.Functions) {
    if (F.Section.empty())
      continue; // It stays where it is.
    const std::string &RuleName = Report.Rules[F.Rule].Name;
    auto R =
        find_if(P.Rules, [&](const Rule &R) { return R.Name == RuleName; });
    if (R == P.Rules.end())
      return errorIn(pathIn(Folder, Report.File),
                     "mentions rule '" + RuleName + "', which " + P.File +
                         " lacks: the link had another policy; give that one, "
                         "or link again with this one");
    ExpectedFunction &E = Result.Functions.emplace_back();
    E.Name = F.Symbol;
    E.Rule = R - P.Rules.begin();
    E.Section = F.Section;
    E.Group = groupOf(*R, F.Section, F.Name);
    E.Module = Report.Module;
    E.ImageSymbols = Image.symbolsNamed(F.Symbol).vec();
  }
  return Error::success();
}

/// The orders of \p Report. Of a comdat that several modules have, the link
/// takes one: where it stands says nothing of the others.
static void addOrders(const ModuleReport &Report, bool IsOneOfSeveral,
                      const Policy &P, Reports &Result) {
  StringSet<> Shared;
  if (IsOneOfSeveral)
    for (const ReportedFunction &F : Report.Functions)
      if (F.IsComdat)
        Shared.insert(F.Symbol);
  for (const ReportedOrder &O : Report.Orders)
    for (uint32_t R = 0; R < P.Rules.size(); ++R) {
      if (P.Rules[R].Name != Report.Rules[O.Rule].Name)
        continue;
      ExpectedOrder &E = Result.Orders.emplace_back();
      E.Rule = R;
      copy_if(O.Functions, std::back_inserter(E.Functions),
              [&](StringRef Name) { return !Shared.contains(Name); });
    }
}

/// Those of \p All that are about one link.
static Expected<std::vector<const ModuleReport *>>
chooseLink(StringRef Folder, ArrayRef<std::string> Outputs,
           ArrayRef<ModuleReport> All) {
  std::vector<const ModuleReport *> Chosen;
  for (const ModuleReport &R : All)
    if (any_of(Outputs,
               [&](StringRef Output) { return isReportOn(R, Output); }))
      Chosen.push_back(&R);
  if (!Chosen.empty())
    return Chosen;
  for (const ModuleReport &R : All) {
    if (R.Output != All[0].Output)
      return errorIn(
          Folder, "holds reports on '" + All[0].Output + "' and '" + R.Output +
                      "', and none on this image; give a folder that "
                      "one link reported to");
    Chosen.push_back(&R);
  }
  return Chosen;
}

Expected<Reports> plannedByReports(StringRef Folder,
                                   ArrayRef<std::string> Outputs,
                                   const Policy &P, const ElfFile &Image) {
  Expected<ReportFolder> All = readReports(Folder);
  if (!All)
    return All.takeError();
  Expected<std::vector<const ModuleReport *>> Chosen =
      chooseLink(Folder, Outputs, All->Reports);
  if (!Chosen)
    return Chosen.takeError();
  Reports Result;
  if (none_of(Outputs, [&](StringRef Output) {
        return isReportOn(*Chosen->front(), Output);
      }))
    Result.OtherOutput = Chosen->front()->Output;
  for (const ModuleReport *R : *Chosen) {
    if (!R->Failed.empty())
      return errorIn(pathIn(Folder, R->File),
                     "is of a link that failed, so it is not of this image; "
                     "empty the folder and link again");
    Result.Modules.push_back(R->Module);
    for (const ReportedRule &Of : R->Rules)
      if (!Of.NotHeld.empty())
        Result.NotHeld.try_emplace(Of.Name, Of.NotHeld);
    for (const ReportedOrphan &O : R->Orphans)
      Result.Orphans.try_emplace(O.Section, O.Because);
    if (Error E = addFunctions(Folder, *R, P, Image, Result))
      return E;
    addOrders(*R, Chosen->size() > 1, P, Result);
  }
  return Result;
}

/// `lib.a(a.o at 1234)`, as lld calls a member, without the offset.
static std::string withoutOffset(StringRef Module) {
  size_t At = Module.rfind(" at ");
  if (At == StringRef::npos || Module.back() != ')')
    return Module.str();
  return (Module.take_front(At) + ")").str();
}

std::vector<std::string> notSeen(ArrayRef<std::string> Bitcode,
                                 const Reports &R) {
  std::vector<std::string> Missing;
  // A full-LTO link has one module, which is all of them.
  if (any_of(R.Modules,
             [](StringRef M) { return sys::path::filename(M) == "ld-temp.o"; }))
    return Missing;
  std::vector<std::string> Seen;
  for (const std::string &Module : R.Modules)
    Seen.push_back(withoutOffset(Module));
  for (const std::string &File : Bitcode)
    if (none_of(Seen, [&](StringRef Module) {
          return Module == File ||
                 (Module.size() > File.size() &&
                  Module.take_back(File.size() + 1) == "/" + File) ||
                 (File.size() > Module.size() &&
                  StringRef(File).take_back(Module.size() + 1) ==
                      ("/" + Module).str());
        }))
      Missing.push_back(File);
  return Missing;
}

} // namespace section_placement
