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
  Expected<std::string> Text = readTextFile(File, MaximumListSize);
  if (!Text) {
    F.add(Where, "'function-file': " + toString(Text.takeError()));
    return;
  }
  uint32_t Index = Map.ListFiles.size();
  Map.ListFiles.push_back(File.str());
  size_t Before = Map.Listed.size();
  uint32_t LineNumber = 0;
  for (StringRef Rest = *Text; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    ++LineNumber;
    Line = Line.split('#').first.trim();
    if (Line.empty())
      continue;
    auto [Source, Name] = splitListedName(Line);
    if (Name.empty()) {
      F.add({File.str(), LineNumber, 1},
            inQuotes(Line) + " names no function; write path/file.c:name");
      continue;
    }
    SmallString<128> Path(Source);
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    Map.Listed.push_back({Path.str().str(), Name.str(), Index, LineNumber});
  }
  if (Map.Listed.size() == Before)
    F.add(Where, "'function-file': " + File + ": lists no function");
}

static void readNameLists(const DocumentNode &Value, StringRef Folder,
                          MatchMap &Map, Faults &F) {
  for (const DocumentNode *Item : readTexts(Value, "function-file", F)) {
    StringRef Text = Item->Text;
    SmallString<128> File(sys::path::is_absolute(Text) ? StringRef() : Folder);
    sys::path::append(File, Text);
    readNameList(File, Item->Where, Map, F);
  }
}

static MatchMap readMap(const DocumentNode &Node, StringRef Key,
                        StringRef Folder, Faults &F) {
  MatchMap Map;
  Map.Where = Node.Where;
  auto Globs = [&](StringRef Name, Glob::Dialect D, std::vector<Pattern> &Out) {
    return [&F, &Out, Name, D](const DocumentNode &Value) {
      Out = readGlobs(Value, Name, D, F);
    };
  };
  auto Functions = Globs("function", Glob::Dialect::Name, Map.Functions);
  auto Sources = Globs("source", Glob::Dialect::Path, Map.Sources);
  auto Natives = Globs("native", Glob::Dialect::Path, Map.Natives);
  auto Sections = Globs("section", Glob::Dialect::Name, Map.Sections);
  auto Lists = [&](const DocumentNode &Value) {
    readNameLists(Value, Folder, Map, F);
  };
  auto Attributes = [&](const DocumentNode &Value) {
    for (const DocumentNode *Item : readTexts(Value, "attribute", F))
      Map.Attributes.push_back(Item->Text);
  };
  auto Profile = [&](const DocumentNode &Value) {
    for (const DocumentNode *Item : readTexts(Value, "profile", F)) {
      std::optional<StringRef> Word =
          readWord(*Item, "profile", {"hot", "cold", "unknown"}, F);
      Map.Profiles.push_back(Word == StringRef("hot") ? Temperature::Hot
                             : Word == StringRef("cold")
                                 ? Temperature::Cold
                                 : Temperature::Unknown);
    }
  };
  auto Annotations = Globs("annotation", Glob::Dialect::Name, Map.Annotations);
  auto Except = [&](const DocumentNode &Value) {
    Map.Except = readMatcher(Value, "except", Folder, F);
  };
  std::string What = ("'" + Key + "'").str();
  if (readFields(Node, What,
                 {{"function", Functions},
                  {"function-file", Lists},
                  {"source", Sources},
                  {"native", Natives},
                  {"section", Sections},
                  {"attribute", Attributes},
                  {"profile", Profile},
                  {"annotation", Annotations},
                  {"except", Except}},
                 F) &&
      Node.Entries.empty())
    F.add(Node.Where, What + " is an empty map, which can mean nothing; say "
                             "what it is about, as { function: [name] }");
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
              "' is an empty list, which can mean "
              "nothing; say what it is about, as { function: [name] }");
  for (const DocumentNode &Item : Value.Items)
    Result.push_back(readMap(Item, Key, Folder, F));
  return Result;
}

} // namespace section_placement
