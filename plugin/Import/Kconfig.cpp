//===- Kconfig.cpp - A configuration, and what it decides -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kconfig.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

static constexpr uint64_t MaximumConfigSize = uint64_t(16) << 20;

Expected<Kconfig> Kconfig::read(StringRef File) {
  Expected<std::string> Text = readTextFile(File, MaximumConfigSize);
  if (!Text)
    return Text.takeError();
  Kconfig Result;
  for (StringRef Rest = *Text; !Rest.empty();) {
    auto [Line, Behind] = Rest.split('\n');
    Rest = Behind;
    auto [Name, Value] = Line.trim().split('=');
    if (Name.consume_front("CONFIG_"))
      Result.Values[Name] = Value.trim('"').str();
  }
  if (Result.Values.empty())
    return errorIn(File, "has no line 'CONFIG_NAME=VALUE'; give the sdkconfig "
                         "or .config of the build");
  return Result;
}

StringRef Kconfig::value(StringRef Name) const {
  auto Found = Values.find(Name);
  return Found == Values.end() ? StringRef("n") : StringRef(Found->second);
}

namespace {
/// A condition, by recursive descent.
class ConditionReader {
public:
  ConditionReader(StringRef Text, const Kconfig &Config)
      : Rest(Text), Config(Config) {}

  Expected<bool> read() {
    bool Result = readOr();
    if (IsWell && Rest.ltrim().empty())
      return Result;
    return plainError("is not a condition of names, '=', '!' and brackets");
  }

private:
  static constexpr unsigned MaximumDepth = 100;

  bool consume(StringRef Token) {
    Rest = Rest.ltrim();
    return Rest.consume_front(Token);
  }

  bool readOr() {
    bool Result = readAnd();
    while (IsWell && consume("||"))
      Result |= readAnd();
    return Result;
  }

  bool readAnd() {
    bool Result = readNot();
    while (IsWell && consume("&&"))
      Result &= readNot();
    return Result;
  }

  bool readNot() {
    bool Holds = true;
    while (consume("!"))
      Holds = !Holds;
    if (!consume("("))
      return readComparison() == Holds;
    IsWell &= ++Depth <= MaximumDepth;
    bool Result = IsWell && readOr();
    IsWell &= consume(")");
    --Depth;
    return Result == Holds;
  }

  bool readComparison() {
    std::string Left = readValue();
    for (StringRef Operator : {"!=", "<=", ">=", "==", "=", "<", ">"})
      if (IsWell && consume(Operator))
        return compare(Left, Operator, readValue());
    return Left == "y";
  }

  static bool compare(StringRef Left, StringRef Operator, StringRef Right) {
    int64_t A, B;
    int Order = !Left.getAsInteger(0, A) && !Right.getAsInteger(0, B)
                    ? (A > B) - (A < B)
                    : Left.compare(Right);
    return Operator == "!="   ? Order != 0
           : Operator == "<=" ? Order <= 0
           : Operator == ">=" ? Order >= 0
           : Operator == "<"  ? Order < 0
           : Operator == ">"  ? Order > 0
                              : Order == 0;
  }

  /// A quoted text, a number, `y`, `n`, `m`, or the value of a name.
  std::string readValue() {
    if (consume("\"")) {
      auto [Text, Behind] = Rest.split('"');
      IsWell &= Text.size() != Rest.size();
      Rest = Behind;
      return Text.str();
    }
    StringRef Word =
        Rest.take_while([](char C) { return isAlnum(C) || C == '_'; });
    Rest = Rest.drop_front(Word.size());
    IsWell &= !Word.empty();
    if (Word == "y" || Word == "n" || Word == "m" || Word.empty() ||
        isDigit(Word.front()))
      return Word.str();
    Word.consume_front("CONFIG_");
    return Config.value(Word).str();
  }

  StringRef Rest;
  const Kconfig &Config;
  bool IsWell = true;
  unsigned Depth = 0;
};
} // namespace

Expected<bool> Kconfig::holds(StringRef Condition) const {
  return ConditionReader(Condition, *this).read();
}

} // namespace section_placement
