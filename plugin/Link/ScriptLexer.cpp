//===- ScriptLexer.cpp - Words and punctuation of a script ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScriptLexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

static constexpr StringLiteral WordCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "0123456789_.$/\\~=+[]*?-!^:%@";

/// Looks no further than the word goes, since a word may have colons without
/// end.
static size_t wordSize(StringRef Text, bool SplitsColons) {
  size_t Size = 0;
  for (; Size < Text.size() && WordCharacters.contains(Text[Size]); ++Size)
    if (SplitsColons && Text[Size] == ':') {
      if (Text.substr(Size + 1, 1) != ":")
        break;
      ++Size;
    }
  return std::max<size_t>(Size, 1);
}

StringRef ScriptLexer::peek() {
  skipSpace();
  if (At == Text.size())
    return "";
  if (Text[At] == '"') {
    size_t End = Text.find('"', At + 1);
    return Text.slice(At, End == StringRef::npos ? End : End + 1);
  }
  StringRef Rest = Text.substr(At);
  return Rest.take_front(wordSize(Rest, SplitsColons));
}

StringRef ScriptLexer::next() {
  StringRef Token = peek();
  At += Token.size();
  return Token;
}

bool ScriptLexer::consume(StringRef Token) {
  if (peek() != Token)
    return false;
  next();
  return true;
}

StringRef ScriptLexer::nextName() {
  StringRef Token = peek();
  if (Token.take_front(1) != "\"")
    Token = Token.take_front(
        std::min(Token.find_first_of("=+*?[!~"), Token.size()));
  if (Token.empty()) // It begins with an operator.
    return next();
  At += Token.size();
  return Token;
}

StringRef ScriptLexer::nextAssignment() {
  skipSpace();
  StringRef Rest = Text.substr(At);
  for (StringRef Operator :
       {"<<=", ">>=", "+=", "-=", "*=", "/=", "&=", "|=", "^=", "="})
    if (Rest.take_front(Operator.size()) == Operator &&
        Rest.substr(Operator.size(), 1) != "=") {
      At += Operator.size();
      return Operator;
    }
  return "";
}

std::string ScriptLexer::textUntil(StringRef Ends) {
  std::string Result;
  unsigned Depth = 0;
  for (StringRef Token = peek(); !Token.empty(); Token = peek()) {
    if (!Depth && Token.size() == 1 && Ends.contains(Token[0]))
      break;
    Depth += Token == "(";
    Depth -= Token == ")" && Depth;
    bool IsJoined = Result.empty() || Result.back() == '(' || Token == "(" ||
                    Token == ")" || Token == ",";
    Result += (IsJoined ? "" : " ") + Token.str();
    next();
  }
  return Result;
}

void ScriptLexer::skipBalanced(StringRef Open, StringRef Close,
                               function_ref<void(StringRef)> Visit) {
  if (!consume(Open))
    return;
  for (unsigned Depth = 1; Depth && !peek().empty();) {
    StringRef Token = next();
    Depth += Token == Open;
    Depth -= Token == Close;
    if (Visit)
      Visit(Token);
  }
}

size_t ScriptLexer::position() {
  skipSpace();
  return At;
}

void ScriptLexer::skipSpace() {
  while (At < Text.size()) {
    StringRef Rest = Text.substr(At);
    if (isSpace(Rest[0])) {
      ++At;
    } else if (Rest.take_front(2) == "/*") {
      size_t End = Rest.find("*/", 2);
      IsCutShort |= End == StringRef::npos;
      At = End == StringRef::npos ? Text.size() : At + End + 2;
    } else if (Rest[0] == '#') {
      At += std::min(Rest.find('\n'), Rest.size());
    } else {
      return;
    }
  }
}

StringRef unquoted(StringRef Token) {
  if (Token.consume_front("\""))
    Token.consume_back("\"");
  return Token;
}

bool isSymbolName(StringRef Text) {
  return !Text.empty() && Text != "." && !isDigit(Text[0]) &&
         all_of(Text, [](char C) {
           return isAlnum(C) || C == '_' || C == '.' || C == '$' || C == '@';
         });
}

std::string symbolOf(StringRef Expression) {
  Expression = Expression.trim();
  if (Expression.size() > 1 && Expression.front() == '"' &&
      Expression.find('"', 1) == Expression.size() - 1)
    return unquoted(Expression).str();
  while (Expression.take_front(1) == "(" && Expression.take_back(1) == ")")
    Expression = Expression.drop_front().drop_back().trim();
  return isSymbolName(Expression) ? Expression.str() : "";
}

std::optional<uint64_t> numberOf(StringRef Text) {
  Text = Text.trim();
  uint64_t Unit = 1, Value;
  if (Text.consume_back("K") || Text.consume_back("k"))
    Unit = 1024;
  else if (Text.consume_back("M") || Text.consume_back("m"))
    Unit = 1024 * 1024;
  if (Text.getAsInteger(0, Value))
    return std::nullopt;
  return Value * Unit;
}

std::optional<uint64_t> gapOf(StringRef Operator, StringRef Expression) {
  Expression = Expression.trim();
  if (Operator == "=" && Expression.consume_front("ALIGN")) {
    Expression = Expression.trim();
    while (Expression.take_front(1) == "(" && Expression.take_back(1) == ")")
      Expression = Expression.drop_front().drop_back().trim();
  } else if (Operator == "=" && Expression.consume_front(".")) {
    Expression = Expression.ltrim();
    if (!Expression.consume_front("+"))
      return std::nullopt;
  } else if (Operator != "+=") {
    return std::nullopt;
  }
  auto [Base, Shift] = Expression.split("<<");
  std::optional<uint64_t> Number = numberOf(Base);
  std::optional<uint64_t> Bits = Shift.empty() ? 0 : numberOf(Shift);
  if (!Number || !Bits || *Bits > 30)
    return std::nullopt;
  return *Number << *Bits;
}

} // namespace section_placement
