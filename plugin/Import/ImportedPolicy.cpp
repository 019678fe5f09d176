//===- ImportedPolicy.cpp - Selectors as rules ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A selector sends code one way and data another, by what the compiler makes of
// each; a rule has one place for functions and one for variables. So a selector
// becomes up to four rules. Those of variables are in the order constants,
// zeros, data: a rule whose `data` names constants is not about a variable that
// is written, and passes it on to the next.
//
// What shall not be inlined into other code is said by source, since a compile
// must know it: of an archive's members in a rule of its own, which claims
// nothing.
//
// What shall stay where it is, while a later rule is about more, is placed
// where the compiler places it, or left (`leave`).
//
//===----------------------------------------------------------------------===//

#include "section-placement/Import/Import.h"
#include "section-placement/Policy/PolicyText.h"
#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

/// What a section of each kind is called, and where the compiler puts it.
static constexpr StringLiteral KindWords[] = {"text", "rodata", "bss", "data"};

namespace {
enum class MapKind {
  Functions,
  Variables,
  Inlined, ///< Functions, as a compile knows them.
};

class PolicyMaker {
public:
  PolicyMaker(const Import &What, ImportedPolicy &To) : What(What), To(To) {}

  std::string makeRules();

private:
  using Members = ArrayRef<Selector>;

  std::string sectionFor(SelectedKind Kind, StringRef Target);
  bool IsNoInit = false; ///< The group that is being written.
  std::string line(StringRef Key, SelectedKind Kind, StringRef Target);
  std::string ruleName(StringRef From);
  void writeMaps(raw_ostream &OS, Members Of, MapKind Kind);
  void writeRule(raw_ostream &OS, Members Of, StringRef Name,
                 ArrayRef<MapKind> Kinds, StringRef Does);
  void writeCode(raw_ostream &OS, Members Of, const SelectedTargets &T,
                 bool WithConstants);
  void writeGroup(raw_ostream &OS, Members Of);

  const Import &What;
  ImportedPolicy &To;
  StringMap<std::string> Stems; ///< Of made-up names, by target.
  StringSet<> TakenStems, TakenNames, GatheredNames;
};
} // namespace

static const NamedContent Contents[] = {
    NamedContent::Any, NamedContent::ReadOnly, NamedContent::Zeros,
    NamedContent::Written};

/// Does \p Name, as a `section` or `data`, mean itself?
static bool isTemplate(StringRef Name, bool IsCode) {
  Expected<SectionTemplate> Template = SectionTemplate::parse(
      Name, IsCode ? SectionTemplate::Use::Code : SectionTemplate::Use::Data);
  if (Template)
    return Template->isShared() && !Name.contains('{');
  consumeError(Template.takeError());
  return false;
}

/// The template of what goes to \p Target: by a name that goes there already,
/// whichever file has it, else by one that a line must be written for.
std::string PolicyMaker::sectionFor(SelectedKind Kind, StringRef Target) {
  bool IsCode = Kind == SelectedKind::Code;
  StringRef Word = KindWords[size_t(Kind)];
  if (Kind == SelectedKind::Zeros && IsNoInit)
    Word = "noinit";
  StringRef Suffix = IsCode ? ".{function}" : ".{variable}";
  if (Target.empty())
    return ("." + Word + Suffix).str();
  const GatheredSection *Best = nullptr;
  bool HasWord = false;
  auto Found = What.Targets.find(Target);
  if (Found != What.Targets.end())
    for (const GatheredSection &G : Found->second.Gathered) {
      NamedContent Content = namedContent(G.Name);
      bool IsCodeName = StringRef(G.Name).contains("text");
      if (!isTemplate(G.Name, IsCode) ||
          (IsCode ? Content != NamedContent::Any || codeSectionFault(G.Name)
                  : IsCodeName))
        continue;
      bool Says = IsCode ? IsCodeName
                         : Content == Contents[size_t(Kind)] &&
                               StringRef(G.Name).contains(Word);
      // A name without a word of its kind gets one, where more may follow.
      bool Fits =
          Says || (Content == NamedContent::Any && (IsCode || G.TakesMore));
      if (Fits && (!Best || (Says && !HasWord))) {
        Best = &G;
        HasWord = Says;
      }
    }
  if (Best)
    return Best->Name + (IsCode || HasWord ? "" : ("." + Word).str()) +
           (Best->TakesMore ? Suffix.str() : "");
  std::string &Stem = Stems[Target];
  if (Stem.empty()) {
    std::string Name = ".at_";
    for (char C : Target.ltrim('.'))
      Name += isAlnum(C) || C == '_' ? C : '_';
    Stem = Name;
    for (unsigned I = 2; !TakenStems.insert(Stem).second; ++I)
      Stem = Name + "_" + std::to_string(I);
  }
  std::string Section = Stem + "." + Word.str();
  if (GatheredNames.insert(Section).second) {
    std::string Line = "*(" + Section + " " + Section + ".*)";
    bool IsKept = Found != What.Targets.end() && Found->second.IsKept;
    To.Gathers.push_back({Target.str(), IsKept ? "KEEP(" + Line + ")" : Line});
  }
  return Section + Suffix.str();
}

std::string PolicyMaker::line(StringRef Key, SelectedKind Kind,
                              StringRef Target) {
  return ("    " + Key + ": " + yamlScalar(sectionFor(Kind, Target)) + "\n")
      .str();
}

/// `[a-z0-9][a-z0-9-]*`, once in the policy.
std::string PolicyMaker::ruleName(StringRef From) {
  std::string Name;
  for (char C : From)
    if (isAlnum(C))
      Name += toLower(C);
    else if (!Name.empty() && Name.back() != '-')
      Name += '-';
  Name = StringRef(Name).rtrim('-').str();
  if (Name.empty())
    Name = "rule";
  std::string Unique = Name;
  for (unsigned I = 2; !TakenNames.insert(Unique).second; ++I)
    Unique = Name + "-" + std::to_string(I);
  return Unique;
}

static void addKey(std::string &Map, StringRef Key,
                   ArrayRef<std::string> Globs) {
  std::string Values;
  for (const std::string &G : Globs)
    Values += (Values.empty() ? "" : ", ") + yamlScalar(G);
  if (!Globs.empty())
    Map += ((Map.empty() ? "" : ", ") + Key + ": [" + Values + "]").str();
}

static void addFile(std::string &Map, const SelectedFile &File) {
  if (!File.Archive.empty())
    addKey(Map, "archive", {File.Archive});
  if (!File.Source.empty())
    addKey(Map, "source", {File.Source});
}

/// Do \p A and \p B differ in their names alone?
static bool isOfSameFile(const Selector &A, const Selector &B) {
  return A.File == B.File && A.Compiled == B.Compiled && A.Except == B.Except &&
         A.Sections == B.Sections && !A.Name.empty() && !B.Name.empty() &&
         A.Where.File == B.Where.File;
}

static std::string matchOf(ArrayRef<Selector> Of, MapKind Kind) {
  const Selector &S = Of.front();
  std::string Map, Except;
  if (Kind == MapKind::Inlined && !S.Compiled.empty())
    addFile(Map, {"", S.Compiled});
  else
    addFile(Map, S.File);
  std::vector<std::string> Names;
  for (const Selector &One : Of)
    Names.push_back(One.Name.empty() ? "*" : One.Name);
  bool OfVariables = Kind == MapKind::Variables;
  if (OfVariables || !S.Name.empty() || Map.empty())
    addKey(Map, OfVariables ? "variable" : "function", Names);
  addKey(Map, "section", S.Sections);
  for (const SelectedFile &File : S.Except) {
    std::string One;
    addFile(One, File);
    Except += (Except.empty() ? "{ " : ", { ") + One + " }";
  }
  if (!Except.empty())
    Map += ", except: [" + Except + "]";
  return "{ " + Map + " }";
}

void PolicyMaker::writeMaps(raw_ostream &OS, Members Of, MapKind Kind) {
  while (!Of.empty()) {
    Members Same = Of.take_front(1);
    while (Same.size() < Of.size() && isOfSameFile(Same[0], Of[Same.size()]))
      Same = Of.take_front(Same.size() + 1);
    Of = Of.drop_front(Same.size());
    OS << "      - " << matchOf(Same, Kind) << " # "
       << printable(Same[0].Where.File);
    for (size_t I = 0; I < Same.size(); ++I)
      if (!I || Same[I].Where.Line != Same[I - 1].Where.Line)
        OS << (I ? ", " : ":") << Same[I].Where.Line;
    OS << '\n';
  }
}

void PolicyMaker::writeRule(raw_ostream &OS, Members Of, StringRef Name,
                            ArrayRef<MapKind> Kinds, StringRef Does) {
  OS << "  - name: " << ruleName(Name) << "\n    match:\n";
  for (MapKind Kind : Kinds)
    writeMaps(OS, Of, Kind);
  OS << "    optional: true\n" << Does;
  ++To.Rules;
}

/// The rule of functions that go to \p T, with the constants that they read.
void PolicyMaker::writeCode(raw_ostream &OS, Members Of,
                            const SelectedTargets &T, bool WithConstants) {
  StringRef Name = *T[size_t(SelectedKind::Code)];
  static const StringRef Inline = "    inline: never-out\n";
  std::string Does = line("section", SelectedKind::Code, Name);
  SmallVector<MapKind, 2> Kinds = {MapKind::Functions};
  if (WithConstants) {
    Kinds.push_back(MapKind::Variables);
    Does += line("data", SelectedKind::Constants,
                 *T[size_t(SelectedKind::Constants)]);
  }
  bool IsBySource =
      all_of(Of, [](const Selector &S) { return S.File.Archive.empty(); });
  if (IsBySource)
    Does += Inline;
  writeRule(OS, Of, Name, Kinds, Does);
  std::vector<Selector> Known;
  for (const Selector &S : Of)
    if (!IsBySource && (S.File.Archive.empty() || !S.Compiled.empty()))
      Known.push_back(S);
  if (!Known.empty())
    writeRule(OS, Known, (Name + "-inline").str(), MapKind::Inlined, Inline);
}

static bool isOfNoInit(const Selector &S) {
  return !S.Sections.empty() &&
         StringRef(S.Sections.front()).take_front(7) == ".noinit";
}

/// The rules of selectors that send each kind the same way.
void PolicyMaker::writeGroup(raw_ostream &OS, Members Of) {
  SelectedTargets T = Of.front().Targets;
  IsNoInit = isOfNoInit(Of.front());
  auto &[Code, Constants, Zeros, Data] = T;
  if (Data) { // A rule about data is about constants and zeros, too.
    Constants = Constants.value_or("");
    Zeros = Zeros.value_or("");
  }
  bool AllStay = Data == std::string() && Constants == std::string() &&
                 Zeros == std::string();
  SmallVector<MapKind, 2> Staying;
  if (Code == std::string())
    Staying.push_back(MapKind::Functions);
  if (AllStay)
    Staying.push_back(MapKind::Variables);
  if (!Staying.empty())
    writeRule(OS, Of, "stays", Staying, "    leave: true\n");
  bool Moves = Code && !Code->empty();
  bool FollowsCode = Moves && Constants && !Constants->empty();
  if (Moves)
    writeCode(OS, Of, T, FollowsCode);
  if (AllStay)
    return;
  for (SelectedKind Kind :
       {SelectedKind::Constants, SelectedKind::Zeros, SelectedKind::Data}) {
    const std::optional<std::string> &Target = T[size_t(Kind)];
    if (!Target || (Kind == SelectedKind::Constants && FollowsCode))
      continue;
    std::string Name = Target->empty() ? "stays" : *Target;
    writeRule(OS, Of, Name + "-" + KindWords[size_t(Kind)].str(),
              MapKind::Variables, line("data", Kind, *Target));
  }
}

/// Does \p S move anything?
static bool moves(const Selector &S) {
  return any_of(S.Targets, [](const std::optional<std::string> &To) {
    return To && !To->empty();
  });
}

std::string PolicyMaker::makeRules() {
  std::string Text;
  raw_string_ostream OS(Text);
  ArrayRef<Selector> Rest = What.Selectors;
  while (!Rest.empty() && !moves(Rest.back())) // No rule is behind it.
    Rest = Rest.drop_back();
  while (!Rest.empty()) {
    Members Group = Rest.take_while(
        [&](const Selector &S) { return S.Targets == Rest.front().Targets; });
    writeGroup(OS, Group);
    Rest = Rest.drop_front(Group.size());
  }
  return OS.str();
}

ImportedPolicy writeImportedPolicy(const Import &What,
                                   ArrayRef<std::string> Files,
                                   StringRef Root) {
  ImportedPolicy Result;
  std::string Rules = PolicyMaker(What, Result).makeRules();
  if (!Result.Rules)
    return Result;
  raw_string_ostream OS(Result.Text);
  OS << "# Written by section-placement import from";
  for (const std::string &File : Files)
    OS << ' ' << printable(File);
  OS << ".\n# Keep the lines that place the same files: they go on to place "
        "native objects, which\n# no policy moves.\n";
  if (!Result.Gathers.empty())
    OS << "#\n# The linker script must gather:\n";
  for (const GatherLine &G : Result.Gathers) {
    auto Target = What.Targets.find(G.Target);
    bool IsCopied = Target != What.Targets.end() && Target->second.IsCopied;
    OS << "#   " << G.Text << " in " << printable(G.Target)
       << (IsCopied ? ", copied at start\n" : "\n");
  }
  if (any_of(Result.Gathers, [](const GatherLine &G) {
        return StringRef(G.Text).take_front(4) == "KEEP";
      }))
    OS << "# LTO drops what nothing refers to before KEEP sees it.\n";
  if (!What.NotExpressed.empty())
    OS << "#\n# Not expressed:\n";
  for (const Diagnostic &D : What.NotExpressed)
    OS << "#   " << printable(D.str()) << '\n';
  OS << "version: 1\n";
  if (!Root.empty())
    OS << "root: " << yamlScalar(Root) << '\n';
  OS << "rules:\n" << Rules;
  OS.flush();
  return Result;
}

} // namespace section_placement
