//===- RuleReader.cpp - One rule of a policy ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Typing first, then meaning: a value of a key that this version does not act
// on is still checked, and a rule that could do nothing is refused here rather
// than ignored at the link.
//
//===----------------------------------------------------------------------===//

#include "RuleReader.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

const SectionTemplate &Rule::target() const {
  static const SectionTemplate Native =
      SectionTemplate::ofWord(SectionTemplate::Word::Native);
  static const SectionTemplate Unsplit =
      SectionTemplate::ofWord(SectionTemplate::Word::Unsplit);
  return Section ? *Section : OptsOut ? Unsplit : Native;
}

/// \p R has all its other keys.
static Effect effectOf(const Rule &R, bool Leaves) {
  if (Leaves)
    return Effect::Leave;
  bool IsOfVariables = R.Data && all_of(R.Match, [](const MatchMap &M) {
                         return M.isOfVariables();
                       });
  if (!R.target().usesNative() || IsOfVariables)
    return Effect::Place;
  return R.Grow ? Effect::PlaceByNatives : Effect::Constrain;
}

namespace {
/// What a rule says beyond what Rule keeps: places for checks of meaning.
struct Seen {
  const DocumentNode *Name = nullptr, *Match = nullptr, *Section = nullptr,
                     *Grow = nullptr, *Closed = nullptr, *Order = nullptr,
                     *Leave = nullptr, *Data = nullptr, *Region = nullptr,
                     *Inline = nullptr, *Split = nullptr,
                     *SplitSection = nullptr;
  bool LtoIsUnknown = false; ///< That fault is enough.
  /// `inline` that is not free, `max-size`, or `split` that is not `no`.
  bool Constrains = false;
  bool Splits = false; ///< `split: never-run`, or a word that is none.
  /// The keys that `leave` cannot stand beside.
  std::vector<StringRef> Doing;
};

class RuleReader {
public:
  RuleReader(const DocumentNode &Node, StringRef Folder, bool HasNatives,
             Faults &F)
      : Node(Node), Folder(Folder), HasNatives(HasNatives), F(F) {}

  Rule read();

private:
  bool readKeys();
  void readName(const DocumentNode &Value);
  void readSection(const DocumentNode &Value);
  void readData(const DocumentNode &Value);
  void checkData();
  void readOrder(const DocumentNode &Value);
  void readInline(const DocumentNode &Value);
  void implyInline();
  void readMaxSize(const DocumentNode &Value);
  void readSplit(const DocumentNode &Value);
  void readSplitSection(const DocumentNode &Value);
  void checkSplit();
  void checkPurpose();
  void checkMeaning();
  void checkNativeMatches(const Matcher &M);
  bool readTrue(const DocumentNode &Value, StringRef Key);

  const DocumentNode &Node;
  StringRef Folder;
  bool HasNatives;
  Faults &F;
  Rule R;
  Seen S;
};
} // namespace

void RuleReader::readName(const DocumentNode &Value) {
  S.Name = &Value;
  std::optional<std::string> Text = readText(Value, "name", F);
  if (!Text)
    return;
  StringRef Rest = *Text;
  bool Ok = !Rest.empty() && Rest[0] != '-' && all_of(Rest, [](char C) {
    return (C >= 'a' && C <= 'z') || isDigit(C) || C == '-';
  });
  if (!Ok)
    F.add(Value.Where, "rule name " + inQuotes(*Text) +
                           " must be of small letters, digits and '-', and "
                           "begin with a letter or digit");
  R.Name = *Text;
}

void RuleReader::readSection(const DocumentNode &Value) {
  S.Section = &Value;
  std::optional<std::string> Text = readText(Value, "section", F);
  if (!Text)
    return;
  Expected<SectionTemplate> T = SectionTemplate::parse(*Text);
  if (T)
    R.Section = std::move(*T);
  else
    F.add(Value.Where, "'section': " + toString(T.takeError()));
}

void RuleReader::readData(const DocumentNode &Value) {
  S.Data = &Value;
  std::optional<std::string> Text = readText(Value, "data", F);
  if (!Text)
    return;
  Expected<SectionTemplate> T =
      SectionTemplate::parse(*Text, SectionTemplate::Use::Data);
  if (T)
    R.Data = std::move(*T);
  else
    F.add(Value.Where, "'data': " + toString(T.takeError()));
}

/// `section` is for functions, `data` for variables, and a match says which of
/// them it is about.
void RuleReader::checkData() {
  auto IsOfVariables = [](const MatchMap &M) { return M.isOfVariables(); };
  auto Matched = find_if(R.Match, IsOfVariables);
  std::string Name = "rule " + inQuotes(R.Name);
  if (S.Data && R.takesDataAlong() && Matched == R.Match.end() && !S.Section &&
      !S.Grow && !R.OptsOut && !S.LtoIsUnknown && !S.Leave)
    F.add(S.Data->Where, "'data' takes along what the functions of " + Name +
                             " read, and it places none; add 'section'");
  if (!S.Data && !S.Leave && Matched != R.Match.end())
    F.add((*Matched)[MatchKey::Variable].front().Where,
          Name + " matches variables and does not say where they go; add "
                 "'data', as 'data: .data.ram'");
  if (R.Match.empty() || !all_of(R.Match, IsOfVariables))
    return;
  for (const auto &[Key, Value] : Node.Entries)
    if (is_contained(S.Doing, StringRef(Key.Text)) && Key.Text != "data" &&
        Key.Text != "region")
      F.add(Key.Where, "'" + Key.Text + "' is about functions, and " + Name +
                           " matches variables alone");
  if (R.Grow && R.Grow->Within && any_of(*R.Grow->Within, IsOfVariables))
    F.add(S.Grow->Where, "'within' is about functions");
}

void RuleReader::readOrder(const DocumentNode &Value) {
  S.Order = &Value;
  std::optional<StringRef> Word =
      readWord(Value, "order", {"input", "listed", "affinity"}, F);
  if (!Word)
    return;
  if (*Word == "affinity")
    R.InSection = Rule::Order::Affinity;
  if (*Word == "listed")
    R.InSection = Rule::Order::Listed;
}

void RuleReader::readInline(const DocumentNode &Value) {
  S.Inline = &Value;
  static const SmallVector<StringRef, 4> Words(std::begin(InlineWords),
                                               std::end(InlineWords));
  std::optional<StringRef> Word = readWord(Value, "inline", Words, F);
  if (Word)
    R.Inline = InlineLine(find(Words, *Word) - Words.begin());
  S.Constrains |= !Word || R.Inline != InlineLine::Free;
}

/// A copy of its code elsewhere is neither in the region nor checked.
void RuleReader::implyInline() {
  bool HasFunctions =
      any_of(R.Match, [](const MatchMap &M) { return !M.isOfVariables(); });
  if (S.Inline || !HasFunctions || R.Does != Effect::Place ||
      !R.needsItsPlace())
    return;
  R.Inline = InlineLine::NeverOut;
  R.InlineIsImplied = true;
}

void RuleReader::readMaxSize(const DocumentNode &Value) {
  std::optional<std::string> Text = readText(Value, "max-size", F);
  if (!Text)
    return;
  R.MaxSize = readSize(*Text);
  if (!R.MaxSize)
    F.add(Value.Where, inQuotes(*Text) + " is no size; write a number of "
                                         "bytes, KiB, MiB or GiB, as 32KiB");
  R.MaxSizeAt = Value.Where;
}

void RuleReader::readSplit(const DocumentNode &Value) {
  S.Split = &Value;
  std::optional<StringRef> Word =
      readWord(Value, "split", {"no", "never-run"}, F);
  S.Splits = !Word || *Word == "never-run";
  S.Constrains |= S.Splits;
}

void RuleReader::readSplitSection(const DocumentNode &Value) {
  S.SplitSection = &Value;
  std::optional<std::string> Text = readText(Value, "split-section", F);
  if (!Text)
    return;
  Expected<SectionTemplate> T =
      SectionTemplate::parse(*Text, SectionTemplate::Use::Parts);
  if (T)
    R.Split = std::move(*T);
  else
    F.add(Value.Where, "'split-section': " + toString(T.takeError()));
}

/// What leaves its function leaves the place that the rule promised of it.
void RuleReader::checkSplit() {
  std::string Name = "rule " + inQuotes(R.Name);
  if (S.SplitSection && !S.Splits)
    F.add(
        S.SplitSection->Where,
        "'split-section' has no effect: it is where the split parts go, and " +
            Name + " splits nothing; add 'split: never-run'");
  if (!S.Splits) {
    R.Split.reset();
    return;
  }
  R.SplitAt = S.Split->Where;
  if (!R.Split && !S.SplitSection)
    R.Split = cantFail(SectionTemplate::parse(".text.split.{function}",
                                              SectionTemplate::Use::Parts));
  if (S.Closed)
    F.add(S.Split->Where, "'split' takes code out of the section that 'closed' "
                          "keeps the code of " +
                              Name + " in; keep one of them");
  if (R.OptsOut)
    F.add(S.Split->Where, "'split' changes code that 'lto: opt-out' leaves as "
                          "its file was compiled; keep one of them in " +
                              Name);
  if (R.Split && R.Section && R.Split->text() == R.Section->text())
    F.add((S.SplitSection ? S.SplitSection : S.Split)->Where,
          "'split-section' and 'section' of " + Name +
              " are the same: the parts would stay "
              "where they are; name another section");
  if (R.Split)
    if (std::optional<std::string> Fault = R.Split->faultUnder(R.Name))
      F.add(S.SplitSection->Where, "'split-section': " + *Fault);
}

bool RuleReader::readTrue(const DocumentNode &Value, StringRef Key) {
  std::optional<std::string> Text = readText(Value, Key, F);
  if (Text && *Text != "true")
    F.add(Value.Where, "unknown value " + inQuotes(*Text) + " of '" + Key +
                           "'; it is 'true', or the key is left out");
  return Text && *Text == "true";
}

void RuleReader::checkNativeMatches(const Matcher &M) {
  for (const MatchMap &Map : M) {
    if (Map.has(MatchKey::Native) && !HasNatives)
      F.add(Map[MatchKey::Native].front().Where,
            "'native' in a match chooses among the objects of the policy's "
            "own 'native', which is missing; add it at the top");
    checkNativeMatches(Map.Except);
  }
}

/// Does it say what to do, and where what it orders is?
void RuleReader::checkPurpose() {
  std::string Name = "rule " + inQuotes(R.Name);
  bool MovesData = S.Data && all_of(R.Match, [](const MatchMap &M) {
                     return M.isOfVariables();
                   });
  bool Places = S.Section || S.Grow || R.OptsOut || S.LtoIsUnknown || MovesData;
  bool PlacesData = Places || S.Data;
  if (S.Leave) {
    for (StringRef Key : S.Doing)
      F.add(S.Leave->Where, Name +
                                " has no effect: 'leave' claims functions and "
                                "does nothing, and '" +
                                Key + "' is something to do; keep one of them");
  } else if (S.Closed && !Places) {
    F.add(S.Closed->Where,
          Name + " has no effect: 'closed' is about the functions that the "
                 "rule places; add 'section'");
  } else if (S.Region && !PlacesData) {
    F.add(S.Region->Where,
          Name + " has no effect: 'region' is where what the rule places must "
                 "be linked; add 'section' or 'data'");
  } else if (S.Order && !Places) {
    F.add(S.Order->Where,
          Name + " has no effect: 'order' is the order inside a section; "
                 "add 'section'");
  } else if (!PlacesData && !S.Constrains) {
    F.add(Node.Where,
          Name + " has no effect: it selects functions but says nothing about "
                 "them; add 'section', "
                 "as 'section: .text.hyp', or 'grow' from native symbols");
  }
}

void RuleReader::checkMeaning() {
  checkPurpose();
  checkData();
  checkSplit();
  checkNativeMatches(R.Match);
  if (R.actsAtCompile())
    for (const MatchMap &Map : R.Match)
      if (Map.has(MatchKey::Archive))
        F.add(Map[MatchKey::Archive].front().Where,
              "'archive' cannot choose what 'lto: opt-out' or 'inline' is "
              "about: a compile does not know the archive; match by 'source'");
  if (R.Grow && R.Grow->Within)
    checkNativeMatches(*R.Grow->Within);
  if (R.Section && R.Section->usesNative() && !S.Grow)
    F.add(S.Section->Where,
          "'{native}' is the section of the native symbol that a function is "
          "grown from, and rule " +
              inQuotes(R.Name) + " has no 'grow'; add it, or name a section");
  if (R.Section)
    if (std::optional<std::string> Fault = R.Section->faultUnder(R.Name))
      F.add(S.Section->Where, "'section': " + *Fault);
  if (R.Data)
    if (std::optional<std::string> Fault = R.Data->faultUnder(R.Name))
      F.add(S.Data->Where, "'data': " + *Fault);
  auto Lists = [](const MatchMap &M) {
    return any_of(matchKeys(), [&](const MatchKeyInfo &Key) {
      return Key.IsName && M.has(Key.Key);
    });
  };
  if (R.InSection == Rule::Order::Listed && S.Match && none_of(R.Match, Lists))
    F.add(S.Order->Where, "'order: listed' needs a list: 'function' or "
                          "'function-file' in the rule's 'match'");
}

bool RuleReader::readKeys() {
  auto Name = [&](const DocumentNode &V) { readName(V); };
  auto Match = [&](const DocumentNode &V) {
    S.Match = &V;
    R.Match = readMatcher(V, "match", Folder, F);
  };
  auto Grow = [&](const DocumentNode &V) {
    S.Grow = &V;
    R.Grow = readGrowth(V, Folder, F);
  };
  auto Closed = [&](const DocumentNode &V) {
    S.Closed = &V;
    R.Closed = readClosure(V, F);
  };
  auto Section = [&](const DocumentNode &V) { readSection(V); };
  auto Data = [&](const DocumentNode &V) { readData(V); };
  auto Order = [&](const DocumentNode &V) { readOrder(V); };
  auto Lto = [&](const DocumentNode &V) {
    std::optional<StringRef> Word = readWord(V, "lto", {"on", "opt-out"}, F);
    R.OptsOut = Word && *Word == "opt-out";
    S.LtoIsUnknown = !Word;
  };
  auto Inline = [&](const DocumentNode &V) { readInline(V); };
  auto MaxSize = [&](const DocumentNode &V) {
    S.Constrains = true;
    readMaxSize(V);
  };
  auto Split = [&](const DocumentNode &V) { readSplit(V); };
  auto SplitSection = [&](const DocumentNode &V) { readSplitSection(V); };
  auto Leave = [&](const DocumentNode &V) {
    S.Leave = &V;
    readTrue(V, "leave");
  };
  auto Region = [&](const DocumentNode &V) {
    S.Region = &V;
    R.Region = readText(V, "region", F).value_or("");
    R.RegionAt = V.Where;
  };
  auto Optional = [&](const DocumentNode &V) {
    R.Optional = readTrue(V, "optional");
  };
  return readFields(Node, "a rule",
                    {{"name", Name},
                     {"match", Match},
                     {"grow", Grow},
                     {"closed", Closed},
                     {"section", Section},
                     {"data", Data},
                     {"region", Region},
                     {"order", Order},
                     {"lto", Lto},
                     {"inline", Inline},
                     {"max-size", MaxSize},
                     {"split", Split},
                     {"split-section", SplitSection},
                     {"leave", Leave},
                     {"optional", Optional}},
                    F);
}

Rule RuleReader::read() {
  R.Where = Node.Where;
  size_t UnknownKeys = F.unknownKeyCount();
  if (!readKeys() || F.unknownKeyCount() != UnknownKeys)
    return std::move(R);
  static const StringRef DoingKeys[] = {
      "grow", "closed", "section",  "data",  "region",       "order",
      "lto",  "inline", "max-size", "split", "split-section"};
  for (const auto &[Key, Value] : Node.Entries)
    if (is_contained(DoingKeys, Key.Text))
      S.Doing.push_back(Key.Text);
  if (!S.Name)
    F.add(Node.Where, "a rule needs 'name', as 'name: kvm-entry': reports and "
                      "errors call it by that");
  if (!S.Match)
    F.add(Node.Where, (R.Name.empty() ? "a rule" : "rule " + inQuotes(R.Name)) +
                          " needs 'match', who it is about, as "
                          "'match: { function: [name] }'");
  R.Does = effectOf(R, S.Leave);
  implyInline();
  checkMeaning();
  return std::move(R);
}

Rule readRule(const DocumentNode &Node, StringRef Folder, bool HasNatives,
              Faults &F) {
  return RuleReader(Node, Folder, HasNatives, F).read();
}

} // namespace section_placement
