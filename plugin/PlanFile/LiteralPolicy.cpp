//===- LiteralPolicy.cpp - A plan as a policy -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problem: a ThinLTO backend sees one module, and a plan is of the program.
//
// Method: each rule again, with the functions that it claimed in place of its
// match. A name that several functions have is named with its source. What a
// pass splits off a function follows it in the backend as well, so parts are
// not named. More than a few names stand in a file beside the policy.
//
// Limits: rules that claim nothing are of the program, and are not in the plan;
// the caller reports it. Names that a list cannot hold are reported as well.
//
//===----------------------------------------------------------------------===//

#include "section-placement/PlanFile/LiteralPolicy.h"
#include "RuleMembers.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

/// Up to so many names stand in the policy itself.
static constexpr size_t MaximumInline = 8;

namespace {
class LiteralWriter {
public:
  LiteralWriter(const Planned &What, StringRef Stem, LiteralPolicy &Out)
      : What(What), P(What.P), Stem(Stem), Out(Out), OS(Out.Text) {
    for (const Rule &R : What.Index.policy().Rules)
      RuleNames.insert(R.Name);
    countNames();
  }

  void write(StringRef Root);

private:
  struct Part {
    StringRef Native; ///< The section that `{native}` stands for.
    std::vector<uint32_t> Plain;
    std::vector<uint32_t> BySection; ///< Named by the section of their source.
  };
  void countNames();
  void writeRule(uint32_t R, ArrayRef<uint32_t> Members);
  std::vector<std::string> variableMaps(const Rule &R);
  void writeVariables(const Rule &R);
  void writeConstraint(const Rule &R);
  void writeSplit(const Rule &R);
  void writePart(const Rule &R, const std::string &Name, const Part &Of);
  void writeMatch(const Rule &R, StringRef RuleName, const Part &Of);
  void writeClosed(const Closure &C);
  void addAliases(const Rule &R, const Part &Of,
                  std::vector<std::string> &Maps);
  std::string matchMap(StringRef RuleName, ArrayRef<uint32_t> Members,
                       StringRef Before);
  void appendInline(std::vector<std::string> &Maps, ArrayRef<uint32_t> Members,
                    StringRef Before);
  StringRef nameOf(uint32_t I) const {
    const Symbol &S = P.Symbols[I];
    return S.IsLocal ? S.Canonical : S.Name;
  }
  bool needsSource(uint32_t I) const;
  bool canBeWritten(uint32_t I);
  bool canBeListed(uint32_t I) const;
  std::string uniqueName(StringRef Name);

  const Planned &What;
  const Program &P;
  StringRef Stem;
  LiteralPolicy &Out;
  raw_string_ostream OS;
  StringSet<> RuleNames;
  StringMap<uint32_t> Count; ///< How many functions answer to a name.
  uint32_t RuleAtHand = 0;   ///< Its index.
  /// The rule at hand acts at the compile: of a file that it names nothing of,
  /// it must say nothing, or that file would have to be compiled again.
  bool NamesSources = false;
};
} // namespace

void LiteralWriter::countNames() {
  for (const Symbol &S : P.Symbols) {
    if (S.IsUndefined || S.IsNative)
      continue;
    ++Count[S.Canonical];
    if (S.Name != S.Canonical)
      ++Count[S.Name];
  }
}

bool LiteralWriter::needsSource(uint32_t I) const {
  const Symbol &S = P.Symbols[I];
  return !S.Source.empty() &&
         (NamesSources || S.IsLocal || Count.lookup(nameOf(I)) > 1);
}

bool LiteralWriter::canBeWritten(uint32_t I) {
  const Symbol &S = P.Symbols[I];
  bool Ok = !nameOf(I).empty() && isUnicode(nameOf(I)) &&
            isUnicode(S.Section) && (!needsSource(I) || isUnicode(S.Source)) &&
            isUnicode(What.ThePlan.Placements[I].Section);
  if (!Ok)
    Out.Notes.push_back({PlanFileNote::Kind::UnwritableName, I});
  return Ok;
}

/// A list has one name a line, `#` begins a comment, and the last `:` parts
/// source and name. What YAML quotes may have anything.
bool LiteralWriter::canBeListed(uint32_t I) const {
  auto IsPlain = [](StringRef Text) {
    return none_of(Text, [](char C) {
      return uint8_t(C) < 0x20 || C == 0x7f || C == '#' || C == ' ';
    });
  };
  StringRef Source = P.Symbols[I].Source;
  return IsPlain(nameOf(I)) &&
         (!needsSource(I) ||
          (IsPlain(Source) &&
           Source.find_first_of("()<>:") == StringRef::npos));
}

/// As maps of `match`, one for each run of functions of one source, so that
/// their order stays.
void LiteralWriter::appendInline(std::vector<std::string> &Maps,
                                 ArrayRef<uint32_t> Members, StringRef Before) {
  for (size_t I = 0; I < Members.size();) {
    bool WithSource = needsSource(Members[I]);
    StringRef Source = P.Symbols[Members[I]].Source;
    SmallVector<StringRef, MaximumInline> Names;
    for (; I < Members.size() && needsSource(Members[I]) == WithSource &&
           (!WithSource || P.Symbols[Members[I]].Source == Source);
         ++I)
      Names.push_back(nameOf(Members[I]));
    std::string Map =
        "{ " + Before.str() + matchEntry(MatchKey::Function, Names);
    if (WithSource)
      Map += ", " + matchEntry(MatchKey::Source, Source);
    Maps.push_back(Map + " }");
  }
}

std::string LiteralWriter::matchMap(StringRef RuleName,
                                    ArrayRef<uint32_t> Members,
                                    StringRef Before) {
  std::string File =
      (Stem + "." + RuleName + (Before.empty() ? "" : ".by-section") + ".txt")
          .str();
  std::string Text;
  for (uint32_t I : Members)
    if (needsSource(I))
      Text += (P.Symbols[I].Source + ":" + nameOf(I) + "\n").str();
    else
      Text += (nameOf(I) + "\n").str();
  Out.Lists.emplace_back(File, std::move(Text));
  return "{ " + Before.str() +
         matchEntry(MatchKey::FunctionFile, StringRef(File)) + " }";
}

static std::string listOf(ArrayRef<Pattern> Globs) {
  std::string Text;
  for (const Pattern &Glob : Globs)
    Text += (Text.empty() ? "" : ", ") + yamlScalar(Glob.Compiled.pattern());
  return "[" + Text + "]";
}

/// \p Map as the policy wrote it; empty where a plan cannot say it, since lists
/// of names and native objects are found from the policy's folder.
static std::string writtenMap(const MatchMap &Map) {
  std::string Text;
  for (const MatchKeyInfo &Key : matchKeys()) {
    if (!Map.has(Key.Key))
      continue;
    if (Key.Values == ValueKind::ListFile || Key.Key == MatchKey::Native)
      return "";
    Text += (Text.empty() ? "" : ", ") + Key.Name.str() + ": " +
            listOf(Map[Key.Key]);
  }
  std::string Except;
  for (const MatchMap &E : Map.Except) {
    std::string Inner = writtenMap(E);
    if (Inner.empty())
      return "";
    Except += (Except.empty() ? "" : ", ") + Inner;
  }
  if (!Except.empty())
    Text += ", except: [" + Except + "]";
  return "{ " + Text + " }";
}

/// `closed` goes on to hold when the program grows: what is new and matches is
/// placed, and checked.
static void addWrittenMaps(const Rule &R, std::vector<std::string> &Maps) {
  if (!R.Closed || R.target().usesNative())
    return;
  for (const MatchMap &Map : R.Match)
    if (!Map.isNamedOnly())
      if (std::string Text = writtenMap(Map); !Text.empty())
        Maps.push_back(Text);
}

/// Another module knows a function of a closed rule by the name that it calls,
/// which may be an alias.
void LiteralWriter::addAliases(const Rule &R, const Part &Of,
                               std::vector<std::string> &Maps) {
  if (!R.Closed)
    return;
  SmallVector<StringRef, 4> Names;
  for (const auto *Members : {&Of.Plain, &Of.BySection})
    for (uint32_t I : *Members)
      for (const Alias &A : P.aliasesOf(I))
        if (!A.IsLocal)
          Names.push_back(A.Name);
  if (!Names.empty())
    Maps.push_back("{ " + matchEntry(MatchKey::Function, Names) + " }");
}

void LiteralWriter::writeClosed(const Closure &C) {
  std::string Allow;
  auto Add = [&](StringRef Key, ArrayRef<Pattern> Globs) {
    if (!Globs.empty())
      Allow += (Allow.empty() ? "" : ", ") + Key.str() + ": " + listOf(Globs);
  };
  Add("function", C.Functions);
  Add("indirect", C.Indirect);
  Add("data", C.Data);
  if (Allow.empty() && !C.IsReportOnly) {
    OS << "    closed: true\n";
    return;
  }
  OS << "    closed: { ";
  if (!Allow.empty())
    OS << "allow: { " << Allow << " }" << (C.IsReportOnly ? ", " : "");
  if (C.IsReportOnly)
    OS << "report: true";
  OS << " }\n";
}

void LiteralWriter::writeMatch(const Rule &R, StringRef RuleName,
                               const Part &Of) {
  std::vector<std::string> Maps;
  SetVector<StringRef> Sections;
  for (uint32_t I : Of.BySection)
    Sections.insert(P.Symbols[I].Section);
  for (const auto *Members : {&Of.Plain, &Of.BySection}) {
    std::string Before =
        Members == &Of.BySection
            ? matchEntry(MatchKey::Section, Sections.getArrayRef()) + ", "
            : "";
    bool FitsIntoList =
        all_of(*Members, [&](uint32_t I) { return canBeListed(I); });
    if (Members->size() > MaximumInline && FitsIntoList)
      Maps.push_back(matchMap(RuleName, *Members, Before));
    else
      appendInline(Maps, *Members, Before);
  }
  addAliases(R, Of, Maps);
  addWrittenMaps(R, Maps);
  if (RuleName == R.Name)
    append_range(Maps, variableMaps(R));
  OS << "    match:";
  for (const std::string &Map : Maps)
    OS << (Maps.size() > 1 ? "\n      - " : " ") << Map;
  OS << '\n';
}

std::string LiteralWriter::uniqueName(StringRef Name) {
  std::string Unique;
  unsigned I = 2;
  do
    Unique = Name.str() + "-" + utostr(I++);
  while (!RuleNames.insert(Unique).second);
  return Unique;
}

void LiteralWriter::writePart(const Rule &R, const std::string &Name,
                              const Part &Of) {
  OS << "  - name: " << yamlScalar(Name) << '\n';
  writeMatch(R, Name, Of);
  if (R.Does == Effect::Leave) {
    OS << "    leave: true\n    optional: true\n";
    return;
  }
  if (!R.InlineIsImplied && (R.Inline != InlineLine::Free || R.needsItsPlace()))
    OS << "    inline: " << InlineWords[unsigned(R.Inline)] << '\n';
  if (R.OptsOut)
    OS << "    lto: opt-out\n";
  std::string Section = R.target().text().str();
  if (R.target().usesNative())
    // A native section may itself be called so: what was put in is passed over.
    for (size_t At = 0;
         (At = Section.find("{native}", At)) != std::string::npos;
         At += Of.Native.size())
      Section.replace(At, 8, Of.Native.str());
  OS << "    section: " << yamlScalar(Section) << '\n';
  if (R.Data)
    OS << "    data: " << yamlScalar(R.Data->text()) << '\n';
  if (!R.Region.empty())
    OS << "    region: " << yamlScalar(R.Region) << '\n';
  if (R.Closed)
    writeClosed(*R.Closed);
  if (R.InSection != Rule::Order::Input)
    OS << "    order: listed\n";
  if (R.MaxSize)
    OS << "    max-size: " << *R.MaxSize << '\n';
  writeSplit(R);
  // What is named here may be inlined away in the backends.
  OS << "    optional: true\n";
  OS.flush();
}

/// The section that `{native}` was for \p I: that of the seed at the other end.
static StringRef nativeSectionOf(const Planned &What, uint32_t I) {
  for (size_t Steps = 0; Steps < What.P.Symbols.size(); ++Steps) {
    const Symbol &S = What.P.Symbols[I];
    if (S.IsNative)
      return S.Section;
    const Placement &Where = What.ThePlan.Placements[I];
    if (Where.Via == NoIndex)
      break;
    const Edge &E = What.P.Edges[Where.Via];
    I = E.From == I ? E.To : E.From;
  }
  return "";
}

void LiteralWriter::writeRule(uint32_t R, ArrayRef<uint32_t> Members) {
  const Rule &TheRule = *What.Index.rule(R).R;
  bool UsesNative = TheRule.Does == Effect::PlaceByNatives;
  NamesSources = TheRule.actsAtCompile();
  std::vector<Part> Parts;
  StringMap<size_t> PartOf;
  for (uint32_t I : Members) {
    const Placement &Where = What.ThePlan.Placements[I];
    if (Where.Reason == PlacementReason::SplitFromParent || !canBeWritten(I))
      continue;
    StringRef Native = UsesNative ? nativeSectionOf(What, I) : StringRef();
    auto [Known, IsNew] = PartOf.try_emplace(Native, Parts.size());
    if (IsNew)
      Parts.push_back({Native, {}, {}});
    bool IsMovedFromSection =
        !P.Symbols[I].Section.empty() && !Where.Section.empty();
    Part &Of = Parts[Known->second];
    (IsMovedFromSection ? Of.BySection : Of.Plain).push_back(I);
  }
  for (size_t I = 0; I < Parts.size(); ++I)
    writePart(TheRule, I ? uniqueName(TheRule.Name) : TheRule.Name, Parts[I]);
}

/// Each backend finds its variables as the policy names them: what a rule says
/// of them hangs on nothing that only the whole program shows.
std::vector<std::string> LiteralWriter::variableMaps(const Rule &R) {
  std::vector<std::string> Maps;
  for (const MatchMap &Map : R.Match) {
    if (!Map.isOfVariables())
      continue;
    if (std::string Text = writtenMap(Map); !Text.empty())
      Maps.push_back(Text);
    else
      Out.Notes.push_back({PlanFileNote::Kind::Variables, RuleAtHand});
  }
  return Maps;
}

/// Of a rule that has no functions.
void LiteralWriter::writeVariables(const Rule &R) {
  std::vector<std::string> Maps = variableMaps(R);
  if (Maps.empty())
    return;
  OS << "  - name: " << yamlScalar(R.Name) << "\n    match:\n";
  for (const std::string &Map : Maps)
    OS << "      - " << Map << '\n';
  if (R.Data)
    OS << "    data: " << yamlScalar(R.Data->text()) << '\n';
  else
    OS << "    leave: true\n";
  if (!R.Region.empty())
    OS << "    region: " << yamlScalar(R.Region) << '\n';
  OS << "    optional: true\n";
}

void LiteralWriter::writeSplit(const Rule &R) {
  if (R.Split)
    OS << "    split: never-run\n    split-section: "
       << yamlScalar(R.Split->text()) << '\n';
}

/// Of a rule that claims nothing. Its `split` is about what matches, which each
/// backend finds in its own module.
void LiteralWriter::writeConstraint(const Rule &R) {
  if (R.Split) {
    std::vector<std::string> Maps;
    for (const MatchMap &Map : R.Match)
      if (!Map.isOfVariables())
        Maps.push_back(writtenMap(Map));
    if (is_contained(Maps, "")) {
      Out.Notes.push_back({PlanFileNote::Kind::Split, RuleAtHand});
    } else {
      OS << "  - name: " << yamlScalar(R.Name) << "\n    match:\n";
      for (const std::string &Map : Maps)
        OS << "      - " << Map << '\n';
      writeSplit(R);
      OS << "    optional: true\n";
    }
  }
  if (R.Inline != InlineLine::Free)
    Out.Notes.push_back({PlanFileNote::Kind::InlineLine, RuleAtHand});
  if (R.MaxSize)
    Out.Notes.push_back({PlanFileNote::Kind::Budget, RuleAtHand});
}

void LiteralWriter::write(StringRef Root) {
  const Policy &From = What.Index.policy();
  OS << "# Made by 'section-placement plan' from "
     << printable(sys::path::filename(From.File))
     << ": each rule names its functions. Plan\n"
        "# again when the program has changed.\n"
        "version: 1\n";
  OS << "root: " << yamlScalar(Root) << '\n';
  if (!From.Outputs.empty()) {
    OS << "outputs: [";
    for (size_t I = 0; I < From.Outputs.size(); ++I)
      OS << (I ? ", " : "") << yamlScalar(From.Outputs[I].Compiled.pattern());
    OS << "]\n";
  }
  if (!From.Memory.empty())
    OS << "memory:\n";
  for (const MemoryRange &Range : From.Memory)
    OS << "  " << yamlScalar(Range.Name) << ": 0x" << utohexstr(Range.Begin)
       << '+' << Range.Size << '\n';
  OS << "rules:\n";
  size_t Empty = OS.tell();
  std::vector<std::vector<uint32_t>> Members = membersByRule(What);
  for (uint32_t R = 0; R < What.Index.size(); ++R) {
    RuleAtHand = R;
    const Rule &TheRule = *What.Index.rule(R).R;
    if (TheRule.Does == Effect::Constrain)
      writeConstraint(TheRule);
    else if (Members[R].empty() && What.ThePlan.Totals[R].Variables)
      ;
    else if (Members[R].empty())
      OS << "  # " << TheRule.Name << ": no function of these inputs\n";
    else
      writeRule(R, Members[R]);
    if (Members[R].empty())
      writeVariables(TheRule);
  }
  bool HasRule = StringRef(OS.str()).substr(Empty).contains("- name: ");
  if (!HasRule)
    Out.Text.clear();
}

LiteralPolicy writeLiteralPolicy(const Planned &What, StringRef Stem,
                                 StringRef Root) {
  LiteralPolicy Result;
  LiteralWriter(What, Stem, Result).write(Root);
  return Result;
}

} // namespace section_placement
