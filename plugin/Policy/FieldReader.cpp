//===- FieldReader.cpp - Typed values out of a YAML tree ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldReader.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

using Kind = DocumentNode::Kind;

/// What stands where something else is due.
static std::string describe(const DocumentNode &Value) {
  if (Value.What == Kind::Nothing && !Value.Text.empty())
    return inQuotes(Value.Text) +
           ", which is YAML for nothing; quote it if it is a name";
  return Value.describe();
}

bool readFields(const DocumentNode &Node, StringRef What,
                ArrayRef<Field> Fields, Faults &F) {
  if (Node.What != Kind::Map) {
    F.add(Node.Where,
          What + " must be a map of keys and values, not " + describe(Node));
    return false;
  }
  for (const auto &Entry : Node.Entries) {
    const DocumentNode &Key = Entry.first, &Value = Entry.second;
    const Field *Found = find_if(
        Fields, [&](const Field &Known) { return Known.Key == Key.Text; });
    if (Found != Fields.end()) {
      Found->Read(Value);
      continue;
    }
    SmallVector<StringRef, 16> Known;
    for (const Field &Candidate : Fields)
      Known.push_back(Candidate.Key);
    F.addUnknownKey(Key.Where, "unknown key " + inQuotes(Key.Text) + " in " +
                                   What + suggestion(Key.Text, Known));
  }
  return true;
}

/// Braces and brackets that YAML took for its own.
static StringRef quotingHint(const DocumentNode &Value) {
  if (Value.What == Kind::Map)
    return "; text that begins with '{' or has ': ' in it must be quoted";
  return Value.What == Kind::List ? "; text that begins with '[' must be quoted"
                                  : "";
}

std::optional<std::string> readText(const DocumentNode &Value, StringRef Key,
                                    Faults &F) {
  if (Value.What == Kind::Nothing && Value.Text.empty()) {
    F.add(Value.Where, "'" + Key + "' has no value; write one, or take it out");
    return std::nullopt;
  }
  if (Value.What != Kind::Scalar) {
    F.add(Value.Where, "'" + Key + "' must be one text, not " +
                           describe(Value) + quotingHint(Value));
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
  F.add(Value.Where, "unknown value " + inQuotes(*Text) + " of '" + Key + "'" +
                         suggestion(*Text, Known));
  return std::nullopt;
}

std::vector<const DocumentNode *> readTexts(const DocumentNode &Value,
                                            StringRef Key, Faults &F) {
  std::vector<const DocumentNode *> Result;
  if (Value.What != Kind::List) {
    std::string Example =
        Value.What == Kind::Scalar ? ", as ['" + Value.Text + "']" : "";
    F.add(Value.Where, "'" + Key + "' must be a list" +
                           (Example.size() < 60 ? Example : std::string()) +
                           ", not " + describe(Value));
    return Result;
  }
  if (Value.Items.empty())
    F.add(Value.Where, "'" + Key +
                           "' is an empty list, which nothing answers to; "
                           "name something, or leave the key out");
  for (const DocumentNode &Item : Value.Items) {
    std::optional<std::string> Text = readText(Item, Key, F);
    if (Text && Text->empty())
      F.add(Item.Where, "an empty text in '" + Key +
                            "', which nothing answers to; name something, or "
                            "take it out");
    else if (Text)
      Result.push_back(&Item);
  }
  return Result;
}

std::vector<Pattern> readGlobs(const DocumentNode &Value, StringRef Key,
                               Glob::Dialect D, Faults &F) {
  std::vector<Pattern> Result;
  for (const DocumentNode *Item : readTexts(Value, Key, F)) {
    Expected<Glob> Compiled = Glob::compile(Item->Text, D);
    if (Compiled) {
      Result.push_back({std::move(*Compiled), Item->Where});
      continue;
    }
    handleAllErrors(Compiled.takeError(), [&](const GlobError &E) {
      F.add(Item->placeInText(E.offset()), "glob " + inQuotes(Item->Text) +
                                               " in '" + Key +
                                               "': " + E.message());
    });
  }
  return Result;
}

std::optional<uint64_t> takeNumber(StringRef &Value) {
  StringRef Digits = Value.take_while(isDigit);
  if (Digits.empty() || Digits[0] == '0')
    return std::nullopt;
  Value = Value.drop_front(Digits.size());
  uint64_t Number = 0;
  return Digits.getAsInteger(10, Number) ? UINT64_MAX : Number;
}

std::optional<uint64_t> readSize(StringRef Text) {
  std::optional<uint64_t> Number = takeNumber(Text);
  unsigned Shift = Text == "KiB"   ? 10
                   : Text == "MiB" ? 20
                   : Text == "GiB" ? 30
                                   : 0;
  if (!Number || (!Shift && !Text.empty() && Text != "B"))
    return std::nullopt;
  return *Number > (UINT64_MAX >> Shift) ? UINT64_MAX : *Number << Shift;
}

} // namespace section_placement
