//===- GlobParser.cpp - A glob as a row of tokens -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A policy is written by hand, so what is wrong with a pattern is reported at
// its byte and with the remedy, and what would be read otherwise than it was
// meant is refused.
//
//===----------------------------------------------------------------------===//

#include "GlobParser.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include <cstddef>
#include <utility>

using namespace llvm;

namespace section_placement {
namespace glob {

static std::vector<ByteSet> wildcardSets(Glob::Dialect D) {
  std::vector<ByteSet> Sets(NumWildcardSets);
  for (unsigned Byte = 0x80; Byte < 0xC0; ++Byte)
    Sets[Continuation].set(Byte);
  Sets[AnyByte].set();
  Sets[FolderByte].set();
  if (D == Glob::Dialect::Path)
    Sets[FolderByte].reset('/');
  Sets[Character] = Sets[FolderByte] & ~Sets[Continuation];
  return Sets;
}

static Error fail(size_t Offset, const Twine &Message) {
  return make_error<GlobError>(Offset, Message.str());
}

namespace {

/// Reads a pattern from left to right. At stands at the byte to read next.
class Parser {
public:
  Parser(StringRef Pattern, Glob::Dialect D)
      : Sets(wildcardSets(D)), Pattern(Pattern), D(D) {}

  Expected<Syntax> run();

private:
  Error parseToken();
  void parseStars();
  Error parseOpen();
  Error parseClose();
  Error parseSet();
  Error parseSetMembers(size_t Open, ByteSet &Members);
  Error parseSetMember(size_t Open, uint8_t &Byte);

  char peek(size_t Ahead = 0) const {
    return At + Ahead < Pattern.size() ? Pattern[At + Ahead] : '\0';
  }
  bool atEnd() const { return At >= Pattern.size(); }
  void add(Token::KindTy Kind, uint32_t Arg = 0) {
    Tokens.push_back({Kind, Arg});
  }
  void addChar(char C) { add(Token::Char, static_cast<uint8_t>(C)); }

  std::vector<Token> Tokens;
  std::vector<ByteSet> Sets;
  StringRef Pattern;
  Glob::Dialect D;
  size_t At = 0;
  SmallVector<size_t, 8> OpenBraces;
};

} // namespace

Expected<Syntax> Parser::run() {
  if (Pattern.empty())
    return fail(0, Twine("the pattern is empty; write '") +
                       (D == Glob::Dialect::Path ? "**" : "*") +
                       "' to match everything");
  while (!atEnd())
    if (Error E = parseToken())
      return E;
  if (!OpenBraces.empty())
    return fail(OpenBraces.back(),
                "'{' is never closed; write '\\{' for the character itself");
  return Syntax{std::move(Tokens), std::move(Sets)};
}

Error Parser::parseToken() {
  switch (char C = peek()) {
  case '*':
    parseStars();
    return Error::success();
  case '?':
    add(Token::One, Character);
    add(Token::Many, Continuation);
    break;
  case '[':
    return parseSet();
  case '{':
    return parseOpen();
  case '}':
    return parseClose();
  case ',':
    if (OpenBraces.empty())
      addChar(C);
    else
      add(Token::Comma);
    break;
  case '\\':
    if (At + 1 == Pattern.size())
      return fail(At, "'\\' at the end has nothing to escape; write '\\\\' for "
                      "the character itself");
    ++At;
    addChar(peek());
    break;
  default:
    addChar(C);
  }
  ++At;
  return Error::success();
}

void Parser::parseStars() {
  size_t Begin = At;
  while (peek() == '*')
    ++At;
  if (D == Glob::Dialect::Name || At - Begin == 1)
    return add(Token::Many, FolderByte);
  if (peek() != '/')
    return add(Token::Many, AnyByte);
  ++At;
  add(Token::Folders);
}

Error Parser::parseOpen() {
  if (OpenBraces.size() == MaxNesting)
    return fail(At, "braces nest deeper than " + Twine(MaxNesting) +
                        "; write the alternatives as patterns of their own");
  OpenBraces.push_back(At++);
  add(Token::Open);
  return Error::success();
}

Error Parser::parseClose() {
  if (OpenBraces.empty()) {
    addChar('}');
  } else if (OpenBraces.pop_back_val() + 1 == At) {
    return fail(At - 1, "'{}' has nothing in it; write '\\{\\}' for the "
                        "characters themselves");
  } else {
    add(Token::Close);
  }
  ++At;
  return Error::success();
}

Error Parser::parseSet() {
  size_t Open = At++;
  bool Negated = peek() == '!' || peek() == '^';
  if (Negated)
    ++At;
  ByteSet Members;
  if (Error E = parseSetMembers(Open, Members))
    return E;
  if (D == Glob::Dialect::Path)
    Members.reset('/');
  if (Negated)
    Members = Sets[Character] & ~Members;
  if (Members.none())
    return fail(Open, "the set '" + Pattern.slice(Open, At) +
                          "' matches nothing; in a path, write '/' outside it");
  add(Token::One, Sets.size());
  Sets.push_back(Members);
  if (Negated)
    add(Token::Many, Continuation);
  return Error::success();
}

Error Parser::parseSetMembers(size_t Open, ByteSet &Members) {
  size_t Begin = At;
  while (atEnd() || peek() != ']' || At == Begin) {
    size_t From = At;
    uint8_t Low, High;
    if (Error E = parseSetMember(Open, Low))
      return E;
    High = Low;
    if (peek() == '-' && At + 1 < Pattern.size() && peek(1) != ']') {
      ++At;
      if (Error E = parseSetMember(Open, High))
        return E;
    }
    if (Low > High)
      return fail(From, "the range '" + Pattern.slice(From, At) +
                            "' runs backwards; write '\\-' for the character "
                            "'-' itself");
    for (unsigned Byte = Low; Byte <= High; ++Byte)
      Members.set(Byte);
  }
  ++At;
  return Error::success();
}

/// Is this the start of a class as POSIX has it, `[:alpha:]`? Read by the
/// letter it would be a set that nobody means.
static bool startsPosixClass(StringRef Text) {
  if (!Text.consume_front("[:"))
    return false;
  StringRef Name = Text.take_while([](char C) { return C >= 'a' && C <= 'z'; });
  return !Name.empty() && Text.substr(Name.size(), 2) == ":]";
}

Error Parser::parseSetMember(size_t Open, uint8_t &Byte) {
  if (peek() == '\\')
    ++At;
  else if (startsPosixClass(Pattern.substr(At)))
    return fail(At, "sets have no classes such as '[:alpha:]'; write the "
                    "characters, as in '[A-Za-z]'");
  if (atEnd())
    return fail(Open,
                "'[' is never closed; write '\\[' for the character itself");
  Byte = peek();
  if (Byte >= 0x80)
    return fail(At, "a set takes ASCII only; write other characters as "
                    "alternatives, in '{' and '}'");
  ++At;
  return Error::success();
}

Expected<Syntax> parse(StringRef Pattern, Glob::Dialect D) {
  return Parser(Pattern, D).run();
}

} // namespace glob
} // namespace section_placement
