//===- Document.cpp - A YAML file as a small tree with places -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/Document.h"
#include "SyntaxFault.h"
#include "section-placement/Support/LineTable.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

using namespace llvm;

namespace section_placement {

/// Deeper than any policy: rules, a rule, match, a map, except, …
static constexpr unsigned MaximumNesting = 32;

std::string DocumentNode::describe() const {
  switch (What) {
  case Kind::Nothing:
    return "nothing";
  case Kind::Scalar:
    return inQuotes(Text);
  case Kind::List:
    return "a list";
  case Kind::Map:
    return "a map";
  }
  return "";
}

Place DocumentNode::placeInText(size_t Offset) const {
  Place Result = Where;
  if (TextBegins)
    Result.Column += *TextBegins + Offset;
  return Result;
}

namespace {
/// Walks the lazy YAML parser depth first. After a fault nothing more is asked
/// of it: skipping what is left is where it would recurse, and what it hands
/// out has no place.
class Reader {
public:
  Reader(StringRef File, StringRef Text) : File(File), Text(Text), Lines(Text) {
    Manager.setDiagHandler(keepFirst, this);
    Parser.emplace(MemoryBufferRef(Text, File), Manager, /*ShowColors=*/false);
  }

  Expected<DocumentNode> read();

private:
  static void keepFirst(const SMDiagnostic &Diagnostic, void *Self);
  Error fault(Error Ours);
  Place placeOfFault() const;
  /// Where the parser stops without a word.
  Error noYaml() {
    return errorAt(LastPlace, "is no YAML behind this; check the indentation, "
                              "and quote names that begin with * & ! % @ `");
  }
  size_t offsetOf(const char *Pointer) const;
  Place placeOf(const yaml::Node &N) const;
  Error refuseProperties(const yaml::Node &N);
  Error convert(yaml::Node *N, DocumentNode &Result, unsigned Depth);
  Error convertScalar(yaml::ScalarNode &N, DocumentNode &Result);
  Error convertList(yaml::SequenceNode &N, DocumentNode &Result,
                    unsigned Depth);
  Error convertMap(yaml::MappingNode &N, DocumentNode &Result, unsigned Depth);
  Error checkKey(const DocumentNode &Key, StringSet<> &Seen);

  std::string File;
  StringRef Text;
  LineTable Lines;
  SourceMgr Manager;
  std::optional<yaml::Stream> Parser;
  Place LastPlace = Lines.place(File, 0);
  bool HasSyntaxFault = false;
  SMDiagnostic SyntaxFault;
};
} // namespace

Expected<DocumentNode> Reader::read() {
  yaml::document_iterator Document = Parser->begin();
  if (Document == Parser->end())
    return fault(noYaml());
  DocumentNode Root;
  if (Error E = convert(Document->getRoot(), Root, 0))
    return fault(std::move(E));
  if (Parser->failed())
    return fault(noYaml());
  ++Document;
  if (Parser->failed())
    return fault(noYaml());
  if (Document != Parser->end()) {
    yaml::Node *Second = Document->getRoot();
    bool IsSound = Second && !HasSyntaxFault;
    return errorAt(IsSound ? placeOf(*Second) : placeOfFault(),
                   "a second YAML document begins here; a policy is "
                   "one, without '---' in it");
  }
  return Root;
}

void Reader::keepFirst(const SMDiagnostic &Diagnostic, void *Self) {
  auto *R = static_cast<Reader *>(Self);
  if (R->HasSyntaxFault)
    return;
  R->HasSyntaxFault = true;
  R->SyntaxFault = Diagnostic;
}

/// The parser's own fault, where it had one, overrides ours.
Error Reader::fault(Error Ours) {
  if (!HasSyntaxFault)
    return Ours;
  consumeError(std::move(Ours));
  Place Where = placeOfFault();
  return errorAt(Where, explainSyntaxFault(SyntaxFault.getMessage(),
                                           Where.line(), Where.Column - 1));
}

Place Reader::placeOfFault() const {
  return Lines.place(File, offsetOf(SyntaxFault.getLoc().getPointer()));
}

size_t Reader::offsetOf(const char *Pointer) const {
  return Pointer ? Pointer - Text.begin() : 0;
}

/// A list or a map in brackets begins, for the parser, behind the bracket, an
/// alias behind its name, and what is not there where something follows.
Place Reader::placeOf(const yaml::Node &N) const {
  if (const auto *Alias = dyn_cast<yaml::AliasNode>(&N))
    return Lines.place(File, offsetOf(Alias->getName().data()) - 1);
  size_t Offset = offsetOf(N.getSourceRange().Start.getPointer());
  if (N.getType() == yaml::Node::NK_Null && Offset)
    Offset = Text.take_front(Offset).rtrim().size();
  char Bracket = N.getType() == yaml::Node::NK_Sequence  ? '['
                 : N.getType() == yaml::Node::NK_Mapping ? '{'
                                                         : '\0';
  StringRef Before = Text.take_front(Offset).rtrim();
  if (Bracket && !Before.empty() && Before.back() == Bracket)
    Offset = Before.size() - 1;
  return Lines.place(File, Offset);
}

Error Reader::refuseProperties(const yaml::Node &N) {
  StringRef Anchor = N.getAnchor(), Tag = N.getRawTag();
  if (!Anchor.empty())
    return errorAt(Lines.place(File, offsetOf(Anchor.data()) - 1),
                   inQuotes(("&" + Anchor).str()) +
                       " is a YAML anchor, which policies do not have; quote "
                       "it if it is a name");
  if (!Tag.empty())
    return errorAt(Lines.place(File, offsetOf(Tag.data())),
                   inQuotes(Tag) +
                       " is a YAML tag, which policies do not have; quote it "
                       "if it is a name");
  return Error::success();
}

Error Reader::convert(yaml::Node *N, DocumentNode &Result, unsigned Depth) {
  if (!N || HasSyntaxFault)
    return noYaml();
  Result.Where = LastPlace = placeOf(*N);
  if (Depth > MaximumNesting)
    return errorAt(Result.Where, "nests deeper than " + Twine(MaximumNesting) +
                                     " levels, which no policy needs");
  if (Error E = refuseProperties(*N))
    return E;
  switch (N->getType()) {
  case yaml::Node::NK_Scalar:
    return convertScalar(cast<yaml::ScalarNode>(*N), Result);
  case yaml::Node::NK_BlockScalar:
    Result.What = DocumentNode::Kind::Scalar;
    Result.Text = cast<yaml::BlockScalarNode>(N)->getValue().str();
    return Error::success();
  case yaml::Node::NK_Sequence:
    return convertList(cast<yaml::SequenceNode>(*N), Result, Depth);
  case yaml::Node::NK_Mapping:
    return convertMap(cast<yaml::MappingNode>(*N), Result, Depth);
  case yaml::Node::NK_Alias: {
    std::string Alias = ("*" + cast<yaml::AliasNode>(N)->getName()).str();
    return errorAt(Result.Where,
                   "'" + Alias +
                       "' is a YAML alias here; a glob that begins with '*' "
                       "must be quoted: \"" +
                       Alias + "\"");
  }
  default:
    return Error::success();
  }
}

Error Reader::convertScalar(yaml::ScalarNode &N, DocumentNode &Result) {
  SmallString<64> Storage;
  Result.Text = N.getValue(Storage).str();
  if (HasSyntaxFault)
    return noYaml();
  StringRef Raw = N.getRawValue();
  bool IsPlain = Raw.empty() || (Raw[0] != '"' && Raw[0] != '\'');
  // A bracket may end it on the next line. LLVM 15 keeps the line break then.
  if (IsPlain) {
    Raw = Raw.rtrim();
    Result.Text = Raw.str();
  }
  // No name has a line break in it, and what LLVM makes of one differs from 15
  // to 22. What is meant is two lines: `name foo`, `version:1`.
  size_t LineEnd = Raw.find_first_of("\r\n");
  if (LineEnd != StringRef::npos)
    return errorAt(
        Result.Where,
        inQuotes(Raw.take_front(LineEnd)) +
            " runs on into the next line; check the indentation, the ': ' "
            "behind each key, and that each { and [ is closed");
  static const StringRef WordsForNothing[] = {"~", "null", "Null", "NULL"};
  if (IsPlain && is_contained(WordsForNothing, Result.Text))
    return Error::success(); // Of kind Nothing.
  Result.What = DocumentNode::Kind::Scalar;
  unsigned Quote = IsPlain ? 0 : 1;
  if (Raw.drop_front(Quote).take_front(Result.Text.size()) == Result.Text)
    Result.TextBegins = Quote;
  return Error::success();
}

Error Reader::convertList(yaml::SequenceNode &N, DocumentNode &Result,
                          unsigned Depth) {
  Result.What = DocumentNode::Kind::List;
  for (yaml::Node &Item : N) {
    Result.Items.emplace_back();
    if (Error E = convert(&Item, Result.Items.back(), Depth + 1))
      return E;
  }
  return HasSyntaxFault ? noYaml() : Error::success();
}

Error Reader::checkKey(const DocumentNode &Key, StringSet<> &Seen) {
  if (Key.What == DocumentNode::Kind::Nothing)
    return errorAt(Key.Where, "a key is missing before ':'");
  if (Key.What != DocumentNode::Kind::Scalar)
    return errorAt(Key.Where, "a key cannot be " + Key.describe() +
                                  "; text with { } or [ ] must be quoted");
  if (!Seen.insert(Key.Text).second)
    return errorAt(Key.Where, "key " + inQuotes(Key.Text) +
                                  " stands twice in one map; keep one");
  return Error::success();
}

Error Reader::convertMap(yaml::MappingNode &N, DocumentNode &Result,
                         unsigned Depth) {
  Result.What = DocumentNode::Kind::Map;
  StringSet<> Seen;
  for (yaml::KeyValueNode &Entry : N) {
    DocumentNode Key, Value;
    if (Error E = convert(Entry.getKey(), Key, Depth + 1))
      return E;
    if (Error E = checkKey(Key, Seen))
      return E;
    if (Error E = convert(Entry.getValue(), Value, Depth + 1))
      return E;
    if (Value.What == DocumentNode::Kind::Nothing && Value.Text.empty())
      Value.Where = Key.Where;
    Result.Entries.emplace_back(std::move(Key), std::move(Value));
  }
  return HasSyntaxFault ? noYaml() : Error::success();
}

Expected<DocumentNode> parseDocument(StringRef File, StringRef Text) {
  return Reader(File, Text).read();
}

} // namespace section_placement
