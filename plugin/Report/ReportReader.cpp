//===- ReportReader.cpp - The plugin's reports, read back -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Report/ReportReader.h"
#include "section-placement/Report/PartsReport.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <map>

using namespace llvm;

namespace section_placement {

namespace {
/// Maps one JSON object; remembers whether all went well.
class Reader {
public:
  Reader(const json::Value &V, json::Path P) : O(V, P) { IsGood = bool(O); }
  template <typename T> Reader &need(StringLiteral Key, T &Out) {
    IsGood = IsGood && O.map(Key, Out);
    restore(Out);
    return *this;
  }
  template <typename T> Reader &may(StringLiteral Key, T &Out) {
    IsGood = IsGood && O.mapOptional(Key, Out);
    restore(Out);
    return *this;
  }
  operator bool() const { return IsGood; }

private:
  /// Names are read as the bytes that they were written of.
  template <typename T> static void restore(T &) {}
  static void restore(std::string &Text) { Text = fromJsonText(Text); }
  static void restore(std::vector<std::string> &Texts) {
    for (std::string &Text : Texts)
      restore(Text);
  }

  json::ObjectMapper O;
  bool IsGood;
};

/// What stands under `rule` in functions, refusals and names.
class RuleTable {
public:
  explicit RuleTable(ArrayRef<ReportedRule> Rules) {
    for (uint32_t I = 0; I < Rules.size(); ++I)
      Indices.try_emplace(Rules[I].Name, I);
  }
  bool find(const json::Value &V, json::Path P, uint32_t &Out) const {
    std::optional<StringRef> Name;
    if (const json::Object *O = V.getAsObject())
      if (auto Text = O->getString("rule"))
        Name = *Text;
    auto Found = Name ? Indices.find(*Name) : Indices.end();
    if (Found == Indices.end()) {
      P.field("rule").report("names no rule of the report");
      return false;
    }
    Out = Found->second;
    return true;
  }

private:
  StringMap<uint32_t> Indices;
};
} // namespace

// Found by json::ObjectMapper through argument-dependent lookup.

static bool fromJSON(const json::Value &V, ReportedRule &R, json::Path P) {
  return Reader(V, P)
      .need("name", R.Name)
      .may("line", R.Line)
      .may("optional", R.IsOptional)
      .may("inline", R.Inline)
      .may("notHeld", R.NotHeld)
      .need("seeds", R.Seeds)
      .need("claimed", R.Claimed)
      .need("moved", R.Moved);
}

static bool fromJSON(const json::Value &V, ReportedEdge &E, json::Path P) {
  return Reader(V, P)
      .need("kind", E.Kind)
      .need("from", E.From)
      .may("to", E.To)
      .may("object", E.Object)
      .may("relocation", E.Relocation)
      .may("offset", E.Offset)
      .may("fromOffset", E.FromOffset)
      .may("reach", E.Reach);
}

static bool fromJSON(const json::Value &V, ReportedPattern &R, json::Path P) {
  return Reader(V, P)
      .need("file", R.File)
      .need("line", R.Line)
      .need("key", R.Key)
      .need("glob", R.Glob);
}

static bool fromJSON(const json::Value &V, ReportedSeed &S, json::Path P) {
  return Reader(V, P)
      .need("symbol", S.Symbol)
      .need("object", S.Object)
      .may("patterns", S.Patterns);
}

static bool fromJSON(const json::Value &V, ReportedFunction &F, json::Path P) {
  uint64_t Estimated = 0;
  if (!Reader(V, P)
           .need("symbol", F.Symbol)
           .may("name", F.Name)
           .may("source", F.Source)
           .need("reason", F.Reason)
           .may("section", F.Section)
           .may("sourceSection", F.SourceSection)
           .may("parent", F.Parent)
           .may("via", F.Via)
           .may("patterns", F.Patterns)
           .may("alsoMatched", F.AlsoMatched)
           .may("compiledBytes", F.Bytes)
           .may("estimatedBytes", Estimated)
           .may("comdat", F.IsComdat)
           .may("named", F.IsNamed)
           .may("variable", F.IsVariable)
           .need("because", F.Because))
    return false;
  if (F.Name.empty())
    F.Name = F.Symbol;
  F.IsCompiled = F.Bytes != 0;
  if (!F.IsCompiled)
    F.Bytes = Estimated;
  return true;
}

static bool fromJSON(const json::Value &V, ReportedRefusal &R, json::Path P) {
  return Reader(V, P)
      .need("symbol", R.Symbol)
      .need("reason", R.Reason)
      .may("via", R.Via)
      .may("patterns", R.Patterns)
      .need("because", R.Because);
}

static bool fromJSON(const json::Value &V, ReportedName &N, json::Path P) {
  return Reader(V, P)
      .need("name", N.Name)
      .may("file", N.File)
      .may("line", N.Line)
      .may("inSource", N.IsInSource)
      .may("because", N.Because);
}

static bool fromJSON(const json::Value &V, ReportedOrphan &O, json::Path P) {
  return Reader(V, P).need("section", O.Section).need("because", O.Because);
}

static bool fromJSON(const json::Value &V, ReportedOrder &O, json::Path P) {
  return Reader(V, P).need("functions", O.Functions);
}

static bool fromJSON(const json::Value &V, ReportedEscape &E, json::Path P) {
  return Reader(V, P)
      .need("kind", E.Kind)
      .need("function", E.Function)
      .may("callee", E.Callee)
      .may("calleeName", E.CalleeName)
      .may("calleeSource", E.CalleeSource)
      .may("data", E.Data)
      .may("count", E.Count)
      .need("because", E.Because);
}

/// The elements of \p Out must name a rule each.
template <typename T>
static bool resolveRules(const json::Value &V, StringLiteral Key,
                         const RuleTable &Rules, std::vector<T> &Out,
                         json::Path P) {
  const json::Array *Values = V.getAsObject()->getArray(Key);
  for (size_t I = 0; I < Out.size(); ++I)
    if (!Rules.find((*Values)[I], P.field(Key).index(I), Out[I].Rule))
      return false;
  return true;
}

static bool fromJSON(const json::Value &V, SplitOutcome &S, json::Path P) {
  return Reader(V, P)
      .need("symbol", S.Function)
      .may("section", S.Section)
      .may("blocks", S.Blocks)
      .may("of", S.Of)
      .may("whole", S.WhyWhole);
}

static bool fromJSON(const json::Value &V, PartsReport &R, json::Path P) {
  return Reader(V, P)
      .may("output", R.Output)
      .need("module", R.Module)
      .need("parts", R.Parts);
}

static bool fromJSON(const json::Value &V, ModuleReport &R, json::Path P) {
  if (!Reader(V, P)
           .need("policy", R.Policy)
           .may("output", R.Output)
           .may("outputKind", R.OutputKind)
           .need("module", R.Module)
           .need("phase", R.Phase)
           .need("rules", R.Rules)
           .need("functions", R.Functions)
           .may("unclaimed", R.Unclaimed)
           .may("nativeSeeds", R.NativeSeeds)
           .need("refusals", R.Refusals)
           .may("references", R.References)
           .need("unanswered", R.Unanswered)
           .may("orphans", R.Orphans)
           .may("orders", R.Orders)
           .may("escapes", R.Escapes)
           .may("failed", R.Failed)
           .need("told", R.Told))
    return false;
  RuleTable Rules(R.Rules);
  return resolveRules(V, "functions", Rules, R.Functions, P) &&
         resolveRules(V, "refusals", Rules, R.Refusals, P) &&
         resolveRules(V, "orphans", Rules, R.Orphans, P) &&
         resolveRules(V, "orders", Rules, R.Orders, P) &&
         resolveRules(V, "escapes", Rules, R.Escapes, P) &&
         resolveRules(V, "unanswered", Rules, R.Unanswered, P);
}

/// Is it one of ours, of whatever version?
static bool isOurs(const json::Value &V,
                   StringRef Wanted = "section-placement-report") {
  const json::Object *O = V.getAsObject();
  auto Format = O ? O->getString("format") : decltype(O->getString("")){};
  return Format && *Format == Wanted;
}

static JsonInput inputOf(StringRef Text, StringRef File) {
  return {File, Text, "report", "empty the folder and link again"};
}

template <typename T>
static Expected<T> readAs(const json::Value &V, const JsonInput &In) {
  auto Version = V.getAsObject()->getInteger("version");
  if (!Version || *Version != 1)
    return errorIn(In.File, "is a report of a version that this tool does not "
                            "know; read it with the section-placement that "
                            "belongs to the plugin");
  return readJson<T>(In, V);
}

static Expected<ModuleReport> readReport(const json::Value &V,
                                         const JsonInput &In) {
  Expected<ModuleReport> Result = readAs<ModuleReport>(V, In);
  if (Result)
    Result->File = sys::path::filename(In.File).str();
  return Result;
}

Expected<ModuleReport> parseReport(StringRef Text, StringRef File) {
  JsonInput In = inputOf(Text, File);
  Expected<json::Value> V = parseJson(In);
  if (!V)
    return V.takeError();
  if (!isOurs(*V))
    return errorIn(File, "is no report of section-placement");
  return readReport(*V, In);
}

bool isReportOn(const ModuleReport &R, StringRef File) {
  return sys::path::filename(R.Output) == sys::path::filename(File);
}

static Error readOne(StringRef Path, ReportFolder &Result,
                     std::map<std::string, PartsReport> &Parts) {
  if (sys::path::extension(Path) != ".json" ||
      !sys::fs::is_regular_file(Path)) {
    Result.Foreign.push_back(sys::path::filename(Path).str());
    return Error::success();
  }
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readInputFile(Path, MaximumTextSize);
  if (!Buffer)
    return Buffer.takeError();
  JsonInput In = inputOf((*Buffer)->getBuffer(), Path);
  Expected<json::Value> V = parseJson(In);
  if (!V)
    return V.takeError();
  if (isOurs(*V, "section-placement-parts")) {
    Expected<PartsReport> OfModule = readAs<PartsReport>(*V, In);
    if (!OfModule)
      return OfModule.takeError();
    Parts[sys::path::filename(Path).str()] = std::move(*OfModule);
    return Error::success();
  }
  if (!isOurs(*V)) {
    Result.Foreign.push_back(sys::path::filename(Path).str());
    return Error::success();
  }
  Expected<ModuleReport> Report = readReport(*V, In);
  if (!Report)
    return Report.takeError();
  Result.Reports.push_back(std::move(*Report));
  return Error::success();
}

Expected<ReportFolder> readReports(StringRef Folder,
                                   function_ref<void(StringRef)> OnFile) {
  std::vector<std::string> Paths;
  std::error_code EC;
  for (sys::fs::directory_iterator I(Folder, EC), End; I != End && !EC;
       I.increment(EC))
    Paths.push_back(I->path());
  if (EC)
    return errorIn(Folder,
                   "cannot be read as a folder of reports: " + EC.message());
  std::sort(Paths.begin(), Paths.end());
  ReportFolder Result;
  std::map<std::string, PartsReport> Parts; // By file.
  for (const std::string &Path : Paths) {
    if (OnFile)
      OnFile(Path);
    if (Error E = readOne(Path, Result, Parts))
      return E;
  }
  std::map<std::pair<StringRef, StringRef>, ModuleReport *> ReportOf;
  for (ModuleReport &Report : Result.Reports)
    ReportOf[{Report.Output, Report.Module}] = &Report;
  for (auto &[File, OfModule] : Parts) {
    auto Found = ReportOf.find({OfModule.Output, OfModule.Module});
    if (Found == ReportOf.end())
      Result.Foreign.push_back(File);
    else
      Found->second->Parts = std::move(OfModule.Parts);
  }
  if (Result.Reports.empty())
    return errorIn(Folder, "holds no report; set SECTION_PLACEMENT_REPORT to "
                           "this folder when you link. A link that took all "
                           "from the ThinLTO cache writes none");
  return Result;
}

} // namespace section_placement
