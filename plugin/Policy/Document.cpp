//===- Document.cpp - A YAML file as a small tree with places -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/Document.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
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
    return "'" + Text + "'";
  case Kind::List:
    return "a list";
  case Kind::Map:
    return "a map";
  }
  return "";
}

Expected<std::string> readTextFile(StringRef File, uint64_t Limit) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(File, Status))
    return errorIn(File, "cannot be read: " + EC.message());
  if (sys::fs::is_directory(Status))
    return errorIn(File, "is a folder; name the file");
  if (sys::fs::is_regular_file(Status) && Status.getSize() > Limit)
    return errorIn(File, "is larger than " + Twine(Limit >> 20) +
                             " MiB: this cannot be what was meant");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(File, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return errorIn(File, "cannot be read: " + Buffer.getError().message());
  StringRef Text = (*Buffer)->getBuffer();
  if (Text.trim().empty())
    return errorIn(File, "is empty");
  const UTF8 *Begin = reinterpret_cast<const UTF8 *>(Text.begin());
  if (!isLegalUTF8String(&Begin, reinterpret_cast<const UTF8 *>(Text.end()))) {
    size_t Offset = reinterpret_cast<const char *>(Begin) - Text.begin();
    StringRef Before = Text.take_front(Offset);
    unsigned Line = Before.count('\n') + 1;
    unsigned Column = Offset - (Before.rfind('\n') + 1) + 1;
    return errorAt({File.str(), Line, Column},
                   "is not UTF-8 here; save the file as UTF-8");
  }
  return Text.str();
}

namespace {
/// Walks the lazy YAML parser depth first. After a fault nothing more is asked
/// of it: skipping what is left is where it would recurse.
class Reader {
public:
  Reader(StringRef File, StringRef Text) : File(File) {
    Manager.setDiagHandler(keepFirst, this);
    Parser.emplace(MemoryBufferRef(Text, File), Manager, /*ShowColors=*/false);
  }

  Expected<DocumentNode> read() {
    yaml::document_iterator Document = Parser->begin();
    if (Document == Parser->end())
      return fault(errorIn(File, "holds no YAML"));
    DocumentNode Root;
    if (Error E = convert(Document->getRoot(), Root, 0))
      return fault(std::move(E));
    if (Parser->failed())
      return fault(errorIn(File, "is no YAML"));
    if (Root.What == DocumentNode::Kind::Nothing)
      return errorIn(File, "is empty");
    ++Document;
    if (Parser->failed())
      return fault(errorIn(File, "is no YAML"));
    if (Document != Parser->end())
      return errorIn(File, "holds a second YAML document; a policy is one");
    return Root;
  }

private:
  static void keepFirst(const SMDiagnostic &Diagnostic, void *Self) {
    auto *R = static_cast<Reader *>(Self);
    if (R->HasSyntaxFault)
      return;
    R->HasSyntaxFault = true;
    R->SyntaxFault = Diagnostic;
  }

  /// The parser's own fault, where it had one, stands above what we made of it.
  Error fault(Error Ours) {
    if (!HasSyntaxFault)
      return Ours;
    consumeError(std::move(Ours));
    unsigned Column = SyntaxFault.getColumnNo() + 1;
    StringRef Line = SyntaxFault.getLineContents();
    return errorAt({File, unsigned(SyntaxFault.getLineNo()), Column},
                   "no YAML: " + SyntaxFault.getMessage() +
                       quotingRemedy(Line, Column));
  }

  /// What YAML takes for its own syntax is what globs are made of.
  static std::string quotingRemedy(StringRef Line, unsigned Column) {
    StringRef Around = Line.substr(Column > 2 ? Column - 2 : 0, 4);
    if (Around.find_first_of("*&!%@`{}[]") == StringRef::npos)
      return "";
    return "; a glob or a name that begins with * & ! % @ ` or holds { } [ ] "
           "must be quoted, as \"*_handler\"";
  }

  Place placeOf(const yaml::Node &N) {
    auto [Line, Column] = Manager.getLineAndColumn(N.getSourceRange().Start);
    return {File, Line, Column};
  }

  Error convert(yaml::Node *N, DocumentNode &Result, unsigned Depth) {
    if (!N)
      return errorIn(File, "is no YAML");
    Result.Where = placeOf(*N);
    if (Depth > MaximumNesting)
      return errorAt(Result.Where,
                     "nests deeper than " + Twine(MaximumNesting) + " levels");
    if (!N->getAnchor().empty())
      return errorAt(Result.Where,
                     "'&" + N->getAnchor() +
                         "' is a YAML anchor, which policies do not have; "
                         "quote it if it is a name");
    if (!N->getRawTag().empty())
      return errorAt(Result.Where,
                     "'" + N->getRawTag() +
                         "' is a YAML tag, which policies do not have; quote "
                         "it if it is a name");
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
    case yaml::Node::NK_Alias:
      return errorAt(Result.Where,
                     "'*" + cast<yaml::AliasNode>(N)->getName() +
                         "' is a YAML alias here; a glob that begins with '*' "
                         "must be quoted: \"*" +
                         cast<yaml::AliasNode>(N)->getName() + "\"");
    default:
      Result.What = DocumentNode::Kind::Nothing;
      return Error::success();
    }
  }

  Error convertScalar(yaml::ScalarNode &N, DocumentNode &Result) {
    SmallString<64> Storage;
    Result.What = DocumentNode::Kind::Scalar;
    Result.Text = N.getValue(Storage).str();
    StringRef Raw = N.getRawValue();
    Result.IsPlain = Raw.empty() || (Raw[0] != '"' && Raw[0] != '\'');
    return Error::success();
  }

  Error convertList(yaml::SequenceNode &N, DocumentNode &Result,
                    unsigned Depth) {
    Result.What = DocumentNode::Kind::List;
    for (yaml::Node &Item : N) {
      Result.Items.emplace_back();
      if (Error E = convert(&Item, Result.Items.back(), Depth + 1))
        return E;
    }
    return HasSyntaxFault ? errorIn(File, "is no YAML") : Error::success();
  }

  Error convertMap(yaml::MappingNode &N, DocumentNode &Result, unsigned Depth) {
    Result.What = DocumentNode::Kind::Map;
    StringSet<> Seen;
    for (yaml::KeyValueNode &Entry : N) {
      DocumentNode Key, Value;
      if (Error E = convert(Entry.getKey(), Key, Depth + 1))
        return E;
      if (Key.What != DocumentNode::Kind::Scalar)
        return errorAt(Key.Where, "a key cannot be " + Key.describe() +
                                      "; text with { } or [ ] must be quoted");
      if (!Seen.insert(Key.Text).second)
        return errorAt(Key.Where, "key '" + Key.Text +
                                      "' stands twice in one map; keep one");
      if (Error E = convert(Entry.getValue(), Value, Depth + 1))
        return E;
      Result.Entries.emplace_back(std::move(Key), std::move(Value));
    }
    return HasSyntaxFault ? errorIn(File, "is no YAML") : Error::success();
  }

  std::string File;
  SourceMgr Manager;
  std::optional<yaml::Stream> Parser;
  bool HasSyntaxFault = false;
  SMDiagnostic SyntaxFault;
};
} // namespace

Expected<DocumentNode> parseDocument(StringRef File, StringRef Text) {
  return Reader(File, Text).read();
}

} // namespace section_placement
