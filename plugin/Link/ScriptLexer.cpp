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

static size_t sizeBeforeColon(StringRef Token) {
  for (size_t I = 0; I < Token.size(); ++I)
    if (Token[I] == ':') {
      if (Token.substr(I + 1, 1) != ":")
        return I;
      ++I;
    }
  return Token.size();
}

StringRef ScriptLexer::peek() {
  skipSpace();
  if (At == Text.size())
    return "";
  if (Text[At] == '"') {
    size_t End = Text.find('"', At + 1);
    return Text.slice(At, End == StringRef::npos ? End : End + 1);
  }
  size_t Size = std::min(Text.substr(At).find_first_not_of(WordCharacters),
                         Text.size() - At);
  StringRef Token = Text.substr(At, std::max<size_t>(Size, 1));
  return SplitsColons
             ? Token.take_front(std::max<size_t>(sizeBeforeColon(Token), 1))
             : Token;
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

void ScriptLexer::skipBalanced(StringRef Open, StringRef Close) {
  if (!consume(Open))
    return;
  for (unsigned Depth = 1; Depth && !peek().empty();) {
    StringRef Token = next();
    Depth += Token == Open;
    Depth -= Token == Close;
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

} // namespace section_placement
