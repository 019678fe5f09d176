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

bool MatchMap::isNamedOnly() const {
  auto IsLiteral = [](const Pattern &P) { return P.Compiled.literal(); };
  return !ListFiles.empty() ||
         (!Functions.empty() && all_of(Functions, IsLiteral));
}

const SectionTemplate &Rule::target() const {
  static const SectionTemplate Native =
      SectionTemplate::ofWord(SectionTemplate::Word::Native);
  return Section ? *Section : Native;
}

namespace {
/// What a rule says beyond what Rule keeps: places for checks of meaning.
struct Seen {
  const DocumentNode *Section = nullptr, *Grow = nullptr, *Match = nullptr;
  const DocumentNode *Order = nullptr, *Leave = nullptr;
  bool HasLto = false, HasInline = false, HasMaxSize = false;
};

class RuleReader {
public:
  RuleReader(const DocumentNode &Node, StringRef Folder, bool HasNatives,
             Faults &F)
      : Node(Node), Folder(Folder), HasNatives(HasNatives), F(F) {}

  Rule read();

private:
  void readName(const DocumentNode &Value);
  void readSection(const DocumentNode &Value);
  void readOrder(const DocumentNode &Value);
  void readMaxSize(const DocumentNode &Value);
  void readGrow(const DocumentNode &Value);
  void checkMeaning();
  void checkNativeMatches(const Matcher &M);
  bool readTrue(const DocumentNode &Value, StringRef Key);
  void readDeferred(const DocumentNode &Value, StringRef Key,
                    ArrayRef<StringRef> Known);

  const DocumentNode &Node;
  StringRef Folder;
  bool HasNatives;
  Faults &F;
  Rule R;
  Seen S;
};
} // namespace

void RuleReader::readName(const DocumentNode &Value) {
  std::optional<std::string> Text = readText(Value, "name", F);
  if (!Text)
    return;
  StringRef Rest = *Text;
  bool Ok = !Rest.empty() && Rest[0] != '-' && all_of(Rest, [](char C) {
    return (C >= 'a' && C <= 'z') || isDigit(C) || C == '-';
  });
  if (!Ok)
    F.add(Value.Where, "rule name '" + *Text +
                           "' must be small letters, digits and '-', and "
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

void RuleReader::readOrder(const DocumentNode &Value) {
  S.Order = &Value;
  std::optional<StringRef> Word =
      readWord(Value, "order", {"input", "listed", "affinity"}, F);
  if (!Word)
    return;
  if (*Word == "affinity")
    addNotInThisVersion(Value.Where, "'order: affinity'", F);
  if (*Word == "listed")
    R.InSection = Rule::Order::Listed;
}

void RuleReader::readMaxSize(const DocumentNode &Value) {
  S.HasMaxSize = true;
  std::optional<std::string> Text = readText(Value, "max-size", F);
  if (!Text)
    return;
  StringRef Rest = *Text;
  unsigned long long Number = 0;
  bool IsNumber = !consumeUnsignedInteger(Rest, 10, Number) && Number > 0;
  unsigned Shift = Rest == "KiB"   ? 10
                   : Rest == "MiB" ? 20
                   : Rest == "GiB" ? 30
                                   : 0;
  bool IsUnit = Shift || Rest.empty() || Rest == "B";
  if (!IsNumber || !IsUnit || (Number << Shift) >> Shift != Number) {
    F.add(Value.Where,
          "'" + *Text + "' is no size; write bytes, KiB, MiB or GiB, as 32KiB");
    return;
  }
  addNotInThisVersion(Value.Where, "'max-size'", F);
}

/// A key whose first value is the default and whose others come later.
void RuleReader::readDeferred(const DocumentNode &Value, StringRef Key,
                              ArrayRef<StringRef> Known) {
  std::optional<StringRef> Word = readWord(Value, Key, Known, F);
  if (Word && *Word != Known.front())
    addNotInThisVersion(Value.Where, ("'" + Key + ": " + *Word + "'").str(), F);
}

bool RuleReader::readTrue(const DocumentNode &Value, StringRef Key) {
  std::optional<std::string> Text = readText(Value, Key, F);
  if (Text && *Text != "true")
    F.add(Value.Where, "unknown value '" + *Text + "' of '" + Key +
                           "'; it is 'true', or the key is left out");
  return Text && *Text == "true";
}

void RuleReader::readGrow(const DocumentNode &Value) {
  S.Grow = &Value;
  Growth G;
  const DocumentNode *Along = nullptr, *Towards = nullptr, *Depth = nullptr;
  auto ReadAlong = [&](const DocumentNode &V) {
    Along = &V;
    for (auto &[Text, Where] : readTexts(V, "along", F)) {
      if (Text == "branch")
        G.AlongBranch = true;
      else if (Text == "call")
        G.AlongCall = true;
      else
        F.add(Where, "unknown value '" + Text + "' of 'along'" +
                         suggestion(Text, {"branch", "call"}));
    }
  };
  auto ReadTowards = [&](const DocumentNode &V) {
    Towards = &V;
    readDeferred(V, "towards", {"callees", "callers", "both"});
  };
  auto ReadDepth = [&](const DocumentNode &V) {
    Depth = &V;
    std::optional<std::string> Text = readText(V, "depth", F);
    if (!Text)
      return;
    bool IsNumber = !StringRef(*Text).getAsInteger(10, G.Depth) && G.Depth > 0;
    if (*Text == "unlimited")
      G.Depth = UINT32_MAX;
    else if (!IsNumber)
      F.add(V.Where, "'" + *Text +
                         "' is no depth; write a number of edges "
                         "from 1 on, or 'unlimited'");
  };
  auto ReadWithin = [&](const DocumentNode &V) {
    G.Within = readMatcher(V, "within", Folder, F);
  };
  auto ReadComplete = [&](const DocumentNode &V) {
    readDeferred(V, "complete", {"false", "true"});
  };
  if (!readFields(Value, "'grow'",
                  {{"along", ReadAlong},
                   {"towards", ReadTowards},
                   {"depth", ReadDepth},
                   {"within", ReadWithin},
                   {"complete", ReadComplete}},
                  F))
    return;
  if (!Along)
    F.add(Value.Where, "'grow' needs 'along': [branch], [call] or both");
  if (Towards && Along && !G.AlongCall)
    F.add(Towards->Where, "'towards' is about calls; it needs 'along: [call]'");
  if (G.AlongCall && !Depth)
    F.add(Value.Where, "'grow' along call needs 'depth', a number of edges: "
                       "how far is far enough differs");
  if (G.AlongCall && G.Depth > 1)
    addNotInThisVersion(Depth->Where, "'grow' along call deeper than 1", F);
  R.Grow = std::move(G);
}

void RuleReader::checkNativeMatches(const Matcher &M) {
  for (const MatchMap &Map : M) {
    if (!Map.Natives.empty() && !HasNatives)
      F.add(Map.Natives.front().Where,
            "'native' in a match chooses among the objects of the policy's "
            "own 'native', which is missing; add it at the top");
    checkNativeMatches(Map.Except);
  }
}

void RuleReader::checkMeaning() {
  StringRef Name = R.Name;
  checkNativeMatches(R.Match);
  if (R.Grow && R.Grow->Within)
    checkNativeMatches(*R.Grow->Within);
  if (S.Leave && (S.Section || S.Grow || S.Order || S.HasMaxSize))
    F.add(S.Leave->Where,
          "rule '" + Name +
              "' can mean nothing: 'leave' claims and does nothing, so it "
              "stands beside 'match' alone");
  if (!S.Section && !S.Grow && !S.Leave && !S.HasLto && !S.HasInline)
    F.add(Node.Where, "rule '" + Name +
                          "' can mean nothing: it says who, and not what; add "
                          "'section', or 'grow' from native symbols");
  if (R.Section && R.Section->usesNative() && !S.Grow)
    F.add(S.Section->Where,
          "'{native}' is the section of the native symbol that a function is "
          "grown from; rule '" +
              Name + "' has no 'grow'");
  auto Lists = [](const MatchMap &M) {
    return !M.Functions.empty() || !M.ListFiles.empty();
  };
  if (R.InSection == Rule::Order::Listed && none_of(R.Match, Lists))
    F.add(S.Order->Where, "'order: listed' needs a list: 'function' or "
                          "'function-file' in the rule's 'match'");
}

Rule RuleReader::read() {
  R.Where = Node.Where;
  auto Name = [&](const DocumentNode &V) { readName(V); };
  auto Match = [&](const DocumentNode &V) {
    S.Match = &V;
    R.Match = readMatcher(V, "match", Folder, F);
  };
  auto Grow = [&](const DocumentNode &V) { readGrow(V); };
  auto Section = [&](const DocumentNode &V) { readSection(V); };
  auto Order = [&](const DocumentNode &V) { readOrder(V); };
  auto Lto = [&](const DocumentNode &V) {
    S.HasLto = true;
    readDeferred(V, "lto", {"on", "opt-out"});
  };
  auto Inline = [&](const DocumentNode &V) {
    S.HasInline = true;
    readDeferred(V, "inline",
                 {"free", "never-out", "never-in", "never-across"});
  };
  auto MaxSize = [&](const DocumentNode &V) { readMaxSize(V); };
  auto Leave = [&](const DocumentNode &V) {
    S.Leave = &V;
    R.Leave = readTrue(V, "leave");
  };
  auto Optional = [&](const DocumentNode &V) {
    R.Optional = readTrue(V, "optional");
  };
  if (!readFields(Node, "a rule",
                  {{"name", Name},
                   {"match", Match},
                   {"grow", Grow},
                   {"section", Section},
                   {"order", Order},
                   {"lto", Lto},
                   {"inline", Inline},
                   {"max-size", MaxSize},
                   {"leave", Leave},
                   {"optional", Optional}},
                  F))
    return std::move(R);
  if (R.Name.empty())
    F.add(Node.Where,
          "a rule needs 'name': reports and errors call it by that");
  if (!S.Match)
    F.add(Node.Where, "rule '" + R.Name + "' needs 'match': who it is about");
  checkMeaning();
  return std::move(R);
}

Rule readRule(const DocumentNode &Node, StringRef Folder, bool HasNatives,
              Faults &F) {
  return RuleReader(Node, Folder, HasNatives, F).read();
}

} // namespace section_placement
