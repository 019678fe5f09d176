//===- FieldReader.cpp - Typed values out of a YAML tree ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldReader.h"

using namespace llvm;

namespace section_placement {

using Kind = DocumentNode::Kind;

bool readFields(const DocumentNode &Node, StringRef What,
                ArrayRef<Field> Fields, Faults &F) {
  if (Node.What != Kind::Map) {
    F.add(Node.Where,
          What + " must be a map of keys and values, not " + Node.describe());
    return false;
  }
  for (const auto &[Key, Value] : Node.Entries) {
    const Field *Found = find_if(
        Fields, [&](const Field &Known) { return Known.Key == Key.Text; });
    if (Found != Fields.end()) {
      Found->Read(Value);
      continue;
    }
    SmallVector<StringRef, 16> Known;
    for (const Field &Candidate : Fields)
      Known.push_back(Candidate.Key);
    F.add(Key.Where, "unknown key '" + Key.Text + "' in " + What +
                         suggestion(Key.Text, Known));
  }
  return true;
}

/// Braces and brackets that YAML took for its own.
static StringRef quotingHint(const DocumentNode &Value) {
  return Value.What == Kind::Map || Value.What == Kind::List
             ? "; text that begins with '{' or '[' must be quoted"
             : "";
}

std::optional<std::string> readText(const DocumentNode &Value, StringRef Key,
                                    Faults &F) {
  if (Value.What != Kind::Scalar) {
    F.add(Value.Where, "'" + Key + "' must be one text, not " +
                           Value.describe() + quotingHint(Value));
    return std::nullopt;
  }
  return Value.Text;
}

std::optional<StringRef> readWord(const DocumentNode &Value, StringRef Key,
                                  ArrayRef<StringRef> Known, Faults &F) {
  std::optional<std::string> Text = readText(Value, Key, F);
  if (!Text)
    return std::nullopt;
  const StringRef *Found = find(Known, *Text);
  if (Found != Known.end())
    return *Found;
  F.add(Value.Where, "unknown value '" + *Text + "' of '" + Key + "'" +
                         suggestion(*Text, Known));
  return std::nullopt;
}

std::vector<std::pair<std::string, Place>> readTexts(const DocumentNode &Value,
                                                     StringRef Key, Faults &F) {
  std::vector<std::pair<std::string, Place>> Result;
  if (Value.What != Kind::List) {
    F.add(Value.Where,
          "'" + Key + "' must be a list, as [a, b], not " + Value.describe());
    return Result;
  }
  if (Value.Items.empty())
    F.add(Value.Where, "'" + Key +
                           "' is an empty list, which nothing answers to; "
                           "name something, or leave the key out");
  for (const DocumentNode &Item : Value.Items)
    if (std::optional<std::string> Text = readText(Item, Key, F))
      Result.emplace_back(*Text, Item.Where);
  return Result;
}

std::vector<Pattern> readGlobs(const DocumentNode &Value, StringRef Key,
                               Glob::Dialect D, Faults &F) {
  std::vector<Pattern> Result;
  for (auto &[Text, Where] : readTexts(Value, Key, F)) {
    Expected<Glob> Compiled = Glob::compile(Text, D);
    if (Compiled) {
      Result.push_back({std::move(*Compiled), Where});
      continue;
    }
    handleAllErrors(Compiled.takeError(), [&](const GlobError &E) {
      Place At = Where;
      At.Column += E.offset();
      F.add(At, "glob '" + Text + "' in '" + Key + "': " + E.message());
    });
  }
  return Result;
}

void addNotInThisVersion(const Place &Where, StringRef What, Faults &F) {
  F.add(Where, What + " is not in this version (section-placement " +
                   SECTION_PLACEMENT_VERSION +
                   "); take it out, or use a version that has it");
}

} // namespace section_placement
