//===- MatchReader.cpp - What a rule is about -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `match`, `within` and `except` are one language: a map whose keys all hold,
// or a list of maps of which any does. Lists of names stand in files of their
// own.
//
//===----------------------------------------------------------------------===//

#include "FieldReader.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

/// Lists of names may be long: symbol orderings of whole programs.
static constexpr uint64_t MaximumListSize = uint64_t(1) << 30;

/// Splits `path/file.c:name`. A `::` separates C++ scopes, and a Objective-C
/// method is no path.
static std::pair<StringRef, StringRef> splitListedName(StringRef Line) {
  if (!Line.empty() && (Line[0] == '-' || Line[0] == '+'))
    return {"", Line};
  for (size_t I = Line.size(); I-- > 1;) {
    if (Line[I] != ':')
      continue;
    if (Line[I - 1] == ':') {
      --I;
      continue;
    }
    StringRef Source = Line.take_front(I);
    if (Source.find_first_of("()<> ") == StringRef::npos)
      return {Source, Line.drop_front(I + 1)};
  }
  return {"", Line};
}

static void readNameList(StringRef File, const Place &Where, MatchMap &Map,
                         Faults &F) {
  Expected<std::string> Read = readTextFile(File, MaximumListSize);
  if (!Read) {
    // A fault at a place of the list stands there, and not in the policy.
    for (const Diagnostic &D : diagnosticsOf(Read.takeError()))
      F.add(D.Where.Line ? D.Where : Where,
            D.Where.Line ? D.Text : "'function-file': " + D.str());
    return;
  }
  auto Text = std::make_shared<const std::string>(std::move(*Read));
  std::vector<Pattern> &Files = Map.Values[size_t(MatchKey::FunctionFile)];
  uint32_t Index = Files.size();
  Files.push_back({Glob::exactly(File), Where});
  Map.ListTexts.push_back(Text);
  size_t Before = Map.Listed.size();
  uint32_t LineNumber = 0;
  for (StringRef Rest = *Text; !Rest.empty();) {
    StringRef Line;
    auto LineBegin = static_cast<uint32_t>(Rest.begin() - Text->data());
    std::tie(Line, Rest) = Rest.split('\n');
    ++LineNumber;
    Line = Line.split('#').first.trim();
    if (Line.empty())
      continue;
    auto [Source, Name] = splitListedName(Line);
    if (Name.empty()) {
      F.add({File.str(), LineNumber, 1, Text, LineBegin},
            inQuotes(Line) + " names no function; write path/file.c:name");
      continue;
    }
    SmallString<128> Path(Source);
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    Map.Listed.push_back(
        {Path.str().str(), Name.str(), Index, LineNumber, LineBegin});
  }
  if (Map.Listed.size() == Before)
    F.add(Where, "'function-file': " + File + ": lists no function");
}

namespace {
/// Reads the value of one key into a map.
struct KeyReader {
  const MatchKeyInfo &Key;
  MatchMap &Map;
  StringRef Folder;
  Faults &F;

  void operator()(const DocumentNode &Value) const;

private:
  void readListFile(const DocumentNode &Item) const;
};
} // namespace

void KeyReader::readListFile(const DocumentNode &Item) const {
  StringRef Text = Item.Text;
  SmallString<128> File(sys::path::is_absolute(Text) ? StringRef() : Folder);
  sys::path::append(File, Text);
  readNameList(File, Item.Where, Map, F);
}

void KeyReader::operator()(const DocumentNode &Value) const {
  std::vector<Pattern> &Out = Map.Values[size_t(Key.Key)];
  switch (Key.Values) {
  case ValueKind::NameGlob:
    Out = readGlobs(Value, Key.Name, Glob::Dialect::Name, F);
    break;
  case ValueKind::PathGlob:
    Out = readGlobs(Value, Key.Name, Glob::Dialect::Path, F);
    break;
  case ValueKind::Text:
    for (const DocumentNode *Item : readTexts(Value, Key.Name, F))
      Out.push_back({Glob::exactly(Item->Text), Item->Where});
    break;
  case ValueKind::Word: {
    SmallVector<StringRef, 4> Words(Key.Words.begin(), Key.Words.end());
    for (const DocumentNode *Item : readTexts(Value, Key.Name, F))
      if (std::optional<StringRef> Word = readWord(*Item, Key.Name, Words, F))
        Out.push_back({Glob::exactly(*Word), Item->Where});
    break;
  }
  case ValueKind::ListFile:
    for (const DocumentNode *Item : readTexts(Value, Key.Name, F))
      readListFile(*Item);
    break;
  }
}

static MatchMap readMap(const DocumentNode &Node, StringRef Key,
                        StringRef Folder, Faults &F) {
  MatchMap Map;
  Map.Where = Node.Where;
  SmallVector<KeyReader, MatchKeyCount> Readers;
  for (const MatchKeyInfo &Info : matchKeys())
    Readers.push_back({Info, Map, Folder, F});
  auto Except = [&](const DocumentNode &Value) {
    Map.Except = readMatcher(Value, "except", Folder, F);
  };
  SmallVector<Field, MatchKeyCount + 1> Fields;
  for (const KeyReader &Reader : Readers)
    Fields.push_back({Reader.Key.Name, Reader});
  Fields.push_back({"except", Except});
  std::string What = ("'" + Key + "'").str();
  auto Refuse = [&](MatchKey Other, const Twine &Why) {
    if (Map.isOfVariables() && Map.has(Other))
      F.add(Map[Other].front().Where,
            "'" + infoOf(Other).Name +
                "' cannot stand beside 'variable': " + Why);
  };
  if (readFields(Node, What, Fields, F) && Node.Entries.empty())
    F.add(Node.Where, What + " is an empty map, which selects nothing; say "
                             "what it is about, as { function: [name] }");
  for (MatchKey Name : {MatchKey::Function, MatchKey::FunctionFile})
    Refuse(Name, "nothing is both; write two maps: 'match: [{ function: [f] }, "
                 "{ variable: [v] }]'");
  Refuse(MatchKey::Native, "variables of native objects cannot be moved; use "
                           "the linker script");
  Refuse(MatchKey::Profile, "a profile says nothing of variables");
  return Map;
}

Matcher readMatcher(const DocumentNode &Value, StringRef Key, StringRef Folder,
                    Faults &F) {
  Matcher Result;
  if (Value.What != DocumentNode::Kind::List) {
    Result.push_back(readMap(Value, Key, Folder, F));
    return Result;
  }
  if (Value.Items.empty())
    F.add(Value.Where,
          "'" + Key +
              "' is an empty list, which selects "
              "nothing; say what it is about, as { function: [name] }");
  for (const DocumentNode &Item : Value.Items)
    Result.push_back(readMap(Item, Key, Folder, F));
  return Result;
}

} // namespace section_placement
