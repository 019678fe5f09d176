//===- LinkReport.cpp - The reports of one link, added up -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/LinkReport.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <map>
#include <tuple>

using namespace llvm;

namespace section_placement {

static bool haveSameRules(const ModuleReport &A, const ModuleReport &B) {
  return A.Policy == B.Policy &&
         std::equal(A.Rules.begin(), A.Rules.end(), B.Rules.begin(),
                    B.Rules.end(),
                    [](const ReportedRule &R, const ReportedRule &S) {
                      return R.Name == S.Name && R.Line == S.Line;
                    });
}

Expected<LinkReport>
LinkReport::create(std::vector<const ModuleReport *> Reports) {
  LinkReport Result;
  Result.Modules = std::move(Reports);
  std::sort(Result.Modules.begin(), Result.Modules.end(),
            [](const ModuleReport *A, const ModuleReport *B) {
              return std::tie(A->Module, A->File) <
                     std::tie(B->Module, B->File);
            });
  for (const ModuleReport *M : Result.Modules)
    if (!haveSameRules(*Result.Modules.front(), *M))
      return errorIn(M->File, "was written under another policy than " +
                                  Result.Modules.front()->File +
                                  "; empty the folder and link again");
  Result.addUp();
  return Result;
}

void LinkReport::addUp() {
  Rules.resize(rules().size());
  for (uint32_t M = 0; M < Modules.size(); ++M) {
    for (uint32_t F = 0; F < Modules[M]->Functions.size(); ++F)
      Claimed[Modules[M]->Functions[F].Symbol].push_back({M, F});
    for (const std::string &Name : Modules[M]->Unclaimed)
      ++Unclaimed[Name];
  }
  addRules();
  addBytes();
  addRefusals();
  addTold();
  intersectUnanswered();
}

ArrayRef<ReportedAt> LinkReport::claimedAs(StringRef Symbol) const {
  auto Found = Claimed.find(Symbol);
  return Found == Claimed.end() ? ArrayRef<ReportedAt>()
                                : ArrayRef<ReportedAt>(Found->second);
}

void LinkReport::addRules() {
  StringMap<uint32_t> ByName;
  for (uint32_t R = 0; R < Rules.size(); ++R)
    ByName.try_emplace(rules()[R].Name, R);
  for (const ModuleReport *M : Modules) {
    for (uint32_t R = 0; R < Rules.size(); ++R) {
      Rules[R].Seeds += M->Rules[R].Seeds;
      Rules[R].Claimed += M->Rules[R].Claimed;
      Rules[R].Moved += M->Rules[R].Moved;
      Rules[R].IsAnswered |= M->Rules[R].Seeds || M->Rules[R].Claimed;
    }
    for (const ReportedRefusal &R : M->Refusals)
      Rules[R.Rule].IsAnswered = true;
    for (const ReportedOrder &O : M->Orders)
      Rules[O.Rule].IsOrdered = true;
    for (const ReportedFunction &F : M->Functions)
      for (const std::string &Later : F.AlsoMatched)
        if (auto Found = ByName.find(Later); Found != ByName.end())
          Rules[Found->second].IsShadowed = true;
  }
}

void LinkReport::addBytes() {
  StringSet<> Comdats;
  for (const ModuleReport *M : Modules)
    for (const ReportedFunction &F : M->Functions) {
      std::optional<uint64_t> &Bytes = Rules[F.Rule].Bytes;
      if (F.IsComdat && !Comdats.insert(F.Symbol).second)
        continue;
      Rules[F.Rule].IsCompiled &= F.IsCompiled;
      if (Bytes && F.Bytes)
        *Bytes += F.Bytes;
      else
        Bytes.reset();
    }
}

namespace {
/// Sentences, each once, in the order of their first appearance.
class Sayings {
public:
  explicit Sayings(std::vector<Said> &Texts) : Texts(Texts) {}
  /// Is it new?
  bool add(StringRef Text) {
    auto [Known, IsNew] = Positions.try_emplace(Text, Texts.size());
    if (IsNew)
      Texts.push_back({Text.str(), 0});
    ++Texts[Known->second].Modules;
    return IsNew;
  }

private:
  std::vector<Said> &Texts;
  StringMap<size_t> Positions;
};
} // namespace

/// A native seed that stays, and a reference between native objects, are seen
/// and refused in every backend again.
void LinkReport::addRefusals() {
  std::map<std::pair<uint32_t, StringRef>, std::vector<const ReportedRefusal *>>
      Groups;
  for (const ModuleReport *M : Modules)
    for (const ReportedRefusal &R : M->Refusals)
      Groups[{R.Rule, R.Reason}].push_back(&R);
  for (const auto &[Key, Members] : Groups) {
    RefusalGroup &Group =
        Refusals.emplace_back(RefusalGroup{Key.first, Key.second.str(), {}});
    Sayings Texts(Group.Texts);
    for (const ReportedRefusal *R : Members)
      Rules[Key.first].Refused += Texts.add(R->Because);
  }
}

/// `why` has each function that was to be split. Here it is how many were, and
/// how many stay whole for which reason, in all modules together.
static void addParts(ArrayRef<const ModuleReport *> Modules,
                     std::vector<Said> &Told) {
  struct Sum {
    unsigned Functions = 0, Modules = 0;
    const ModuleReport *Last = nullptr;
    void add(const ModuleReport *M) {
      ++Functions;
      Modules += Last != M;
      Last = M;
    }
  };
  Sum Split;
  std::map<StringRef, Sum> Whole;
  for (const ModuleReport *M : Modules)
    for (const SplitOutcome &Part : M->Parts)
      (Part.isSplit() ? Split : Whole[Part.WhyWhole]).add(M);
  if (Split.Functions)
    Told.push_back({"'split' took the blocks that never run out of " +
                        counted(Split.Functions, "function"),
                    Split.Modules});
  for (const auto &[Why, Of] : Whole)
    Told.push_back({"'split' left " + counted(Of.Functions, "function") +
                        " whole: " + Why.str(),
                    Of.Modules});
}

void LinkReport::addTold() {
  Sayings Texts(Told);
  for (const ModuleReport *M : Modules)
    for (const std::string &Line : M->Told)
      Texts.add(Line);
  addParts(Modules, Told);
  Sayings Errors(Failed);
  for (const ModuleReport *M : Modules)
    for (const std::string &Line : M->Failed)
      Errors.add(Line);
}

void LinkReport::intersectUnanswered() {
  using Key = std::tuple<uint32_t, std::string, uint64_t, std::string>;
  std::map<Key, size_t> Counts;
  std::map<Key, bool> AreInSource;
  auto KeyOf = [](const ReportedName &N) {
    return Key(N.Rule, N.File, N.Line, N.Name);
  };
  for (const ModuleReport *M : Modules)
    for (const ReportedName &N : M->Unanswered) {
      ++Counts[KeyOf(N)];
      AreInSource[KeyOf(N)] |= N.IsInSource;
    }
  for (const ReportedName &N : Modules.front()->Unanswered)
    if (Counts[KeyOf(N)] == Modules.size()) {
      Unanswered.push_back(N);
      Unanswered.back().IsInSource = AreInSource[KeyOf(N)];
    }
}

static bool isNamed(StringRef Output, StringRef Wanted) {
  return Output == Wanted || sys::path::filename(Output) == Wanted;
}

Expected<std::vector<LinkReport>> linksOf(const ReportFolder &Folder,
                                          StringRef Output) {
  std::map<StringRef, std::vector<const ModuleReport *>> ByOutput;
  for (const ModuleReport &R : Folder.Reports)
    ByOutput[R.Output].push_back(&R);
  std::vector<LinkReport> Result;
  std::string Known;
  for (auto &[Name, Reports] : ByOutput) {
    Known += (Known.empty() ? "'" : ", '") + Name.str() + "'";
    if (!Output.empty() && !isNamed(Name, Output))
      continue;
    Expected<LinkReport> Link = LinkReport::create(std::move(Reports));
    if (!Link)
      return Link.takeError();
    Result.push_back(std::move(*Link));
  }
  if (Result.empty())
    return plainError("no report is of the link of '" + Output +
                      "'; there are those of " + Known);
  return Result;
}

ImageTotals totalsIn(const LinkReport &Link, const ElfFile &Image) {
  ImageTotals Result;
  Result.Rules.resize(Link.rules().size());
  StringSet<> Counted;
  for (uint32_t M = 0; M < Link.modules().size(); ++M) {
    ArrayRef<ReportedFunction> Functions = Link.modules()[M]->Functions;
    for (uint32_t F = 0; F < Functions.size(); ++F) {
      StringRef Symbol = Functions[F].Symbol;
      ArrayRef<uint32_t> Found = Image.symbolsNamed(Symbol);
      if (Found.empty()) {
        Result.Missing.push_back({M, F});
        continue;
      }
      ImageTotals::OfRule &Rule = Result.Rules[Functions[F].Rule];
      ++Rule.Found;
      if (!Counted.insert(Symbol).second)
        continue;
      // Two files' statics of one name: as many as the reports mention.
      size_t Count =
          std::min<size_t>(Found.size(), Link.claimedAs(Symbol).size());
      for (uint32_t I : Found.take_front(Count))
        Rule.Bytes += Image.definitions()[I].Size;
    }
  }
  return Result;
}

static std::string placeOf(StringRef File, uint64_t Line) {
  return File.str() + (Line ? ":" + std::to_string(Line) : "") + ": ";
}

/// An `optional` rule names what a configuration may lack.
static void judgeRules(const LinkReport &Link, StrictFindings &Result) {
  for (uint32_t R = 0; R < Link.Rules.size(); ++R) {
    const ReportedRule &Rule = Link.rules()[R];
    if (Rule.IsOptional || Link.Rules[R].IsAnswered)
      continue;
    Result.Unmet.push_back(
        placeOf(Link.policy(), Rule.Line) + "rule '" + Rule.Name + "': " +
        (Link.Rules[R].IsShadowed
             ? "earlier rules have everything that its match holds for"
             : "nothing in the whole link answered to it"));
  }
}

StrictFindings judge(const LinkReport &Link, ArrayRef<std::string> Uncovered,
                     const ImageTotals *Totals) {
  StrictFindings Result;
  for (const std::string &Module : Uncovered)
    Result.NotSeen.push_back(
        "not seen: module " + Module +
        " has no report; it came out of a cache, was compiled without the "
        "plugin, or was not in this link");
  if (!Result.NotSeen.empty())
    return Result;
  for (const Said &S : Link.Failed)
    Result.Unmet.push_back("this link failed: " + S.Text);
  judgeRules(Link, Result);
  for (const ReportedName &N : Link.Unanswered)
    Result.Unmet.push_back(
        !N.Because.empty()
            ? placeOf(N.File, N.Line) + N.Because
            : placeOf(N.File, N.Line) +
                  "nothing in the whole link answered to '" + N.Name +
                  "' of rule '" + Link.rules()[N.Rule].Name +
                  (N.IsInSource
                       ? "': it was there before the inliner, and was inlined "
                         "away or dropped"
                       : "': it was inlined away, dropped, or is spelled "
                         "otherwise"));
  StringSet<> Orphans;
  for (const ModuleReport *M : Link.modules())
    for (const ReportedOrphan &O : M->Orphans)
      if (Orphans.insert(O.Section).second)
        Result.Unmet.push_back(
            placeOf(Link.policy(), Link.rules()[O.Rule].Line) + O.Because);
  if (!Totals)
    return Result;
  for (ReportedAt At : Totals->Missing) {
    const ReportedFunction &F = Link.function(At);
    if (F.IsNamed && !Link.rules()[F.Rule].IsOptional)
      Result.Unmet.push_back(
          "'" + F.Symbol + "', which rule '" + Link.rules()[F.Rule].Name +
          "' names, is not in the image: it was inlined away or dropped after "
          "it was placed");
  }
  return Result;
}

} // namespace section_placement
