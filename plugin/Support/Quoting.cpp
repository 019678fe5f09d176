//===- Quoting.cpp - Names from an input in an output ---------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/Unicode.h"

using namespace llvm;

namespace section_placement {

namespace {
/// One character of a text, or one byte that is not UTF-8.
struct Character {
  StringRef Bytes;
  std::optional<UTF32> Code; ///< Nothing for a byte that is not UTF-8.
};
} // namespace

static Character firstOf(StringRef Text) {
  if (uint8_t(Text.front()) < 0x80)
    return {Text.take_front(1), uint8_t(Text.front())};
  const auto *Begin = reinterpret_cast<const UTF8 *>(Text.begin());
  const auto *At = Begin;
  UTF32 Code;
  if (convertUTF8Sequence(&At, reinterpret_cast<const UTF8 *>(Text.end()),
                          &Code, strictConversion) != conversionOK)
    return {Text.take_front(1), std::nullopt};
  return {Text.take_front(At - Begin), Code};
}

/// \p Text with \p Map of each of its characters.
static std::string mapped(StringRef Text,
                          function_ref<std::string(const Character &)> Map) {
  std::string Result;
  Result.reserve(Text.size());
  while (!Text.empty()) {
    Character C = firstOf(Text);
    Result += Map(C);
    Text = Text.drop_front(C.Bytes.size());
  }
  return Result;
}

static std::string hex(uint32_t Number, unsigned Digits) {
  std::string Text = utohexstr(Number, /*LowerCase=*/true);
  return std::string(Digits > Text.size() ? Digits - Text.size() : 0, '0') +
         Text;
}

static bool isShown(const Character &C) {
  if (!C.Code)
    return false;
  return *C.Code < 0x80 ? isPrint(char(*C.Code))
                        : sys::unicode::isPrintable(int(*C.Code));
}

static std::string shown(const Character &C) {
  if (isShown(C))
    return C.Bytes.str();
  if (C.Bytes == "\n")
    return "\\n";
  if (C.Bytes == "\t")
    return "\\t";
  if (C.Bytes.size() == 1)
    return "\\x" + hex(uint8_t(C.Bytes[0]), 2);
  return "\\u{" + hex(*C.Code, 4) + "}";
}

std::string printable(StringRef Text) { return mapped(Text, shown); }

std::string printableLines(StringRef Text) {
  return mapped(Text, [](const Character &C) {
    return C.Bytes == "\n" ? std::string("\n") : shown(C);
  });
}

bool isUnicode(StringRef Text) {
  const auto *Begin = reinterpret_cast<const UTF8 *>(Text.begin());
  return isLegalUTF8String(&Begin, reinterpret_cast<const UTF8 *>(Text.end()));
}

static bool isPlainYaml(StringRef Text) {
  StringRef Start = Text;
  if (Start.take_front(1) == "." || Start.take_front(1) == "/")
    Start = Start.drop_front();
  if (Start.empty() || !(isAlpha(Start[0]) || Start[0] == '_'))
    return false;
  for (StringRef Word : {"true", "false", "yes", "no", "on", "off", "null", "y",
                         "n", ".inf", ".nan"})
    if (Text.equals_insensitive(Word))
      return false;
  return all_of(Text, [](char C) {
    return isAlnum(C) || StringRef("_./$+-()").contains(C);
  });
}

std::string yamlScalar(StringRef Text) {
  assert(isUnicode(Text) && "YAML cannot hold this");
  if (isPlainYaml(Text))
    return Text.str();
  return '"' +
         mapped(Text,
                [](const Character &C) -> std::string {
                  if (C.Bytes == "\"" || C.Bytes == "\\")
                    return "\\" + C.Bytes.str();
                  if (isShown(C))
                    return C.Bytes.str();
                  if (!C.Code)
                    return "\\uFFFD";
                  return *C.Code < 0x100     ? "\\x" + hex(*C.Code, 2)
                         : *C.Code < 0x10000 ? "\\u" + hex(*C.Code, 4)
                                             : "\\U" + hex(*C.Code, 8);
                }) +
         '"';
}

/// The private character for the byte 0 of this numbering; only those from 0x80
/// on are made, since each byte below is UTF-8.
static constexpr UTF32 FirstPrivate = 0x10F700;

static bool isPrivate(const Character &C) {
  return C.Code && *C.Code >= FirstPrivate + 0x80 &&
         *C.Code <= FirstPrivate + 0xFF;
}

static std::string encoded(UTF32 Code) {
  char Buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *End = Buffer;
  ConvertCodePointToUTF8(Code, End);
  return std::string(Buffer, End);
}

std::string jsonText(StringRef Text) {
  return mapped(Text, [](const Character &C) {
    if (C.Code && !isPrivate(C))
      return C.Bytes.str();
    std::string Result; // A private character would be taken for a byte.
    for (char Byte : C.Bytes)
      Result += encoded(FirstPrivate + uint8_t(Byte));
    return Result;
  });
}

std::string fromJsonText(StringRef Text) {
  return mapped(Text, [](const Character &C) {
    return isPrivate(C) ? std::string(1, char(*C.Code - FirstPrivate))
                        : C.Bytes.str();
  });
}

std::string jsonInScript(StringRef Json) {
  std::string Result;
  Result.reserve(Json.size());
  for (char C : Json)
    if (C == '<')
      Result += "\\u003c";
    else
      Result += C;
  return Result;
}

std::string markupText(StringRef Text) {
  return mapped(Text, [](const Character &C) -> std::string {
    if (C.Bytes.size() == 1)
      switch (C.Bytes[0]) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\'':
        return "&apos;";
      case '\t':
      case '\n':
      case '\r':
        return "&#" + utostr(uint8_t(C.Bytes[0])) + ";";
      default:
        break;
      }
    // The two that end each plane are no characters; XML has them from U+10000
    // on, its readers differ.
    bool IsXml = C.Code && *C.Code >= 0x20 && *C.Code != 0x7F &&
                 (*C.Code & 0xFFFE) != 0xFFFE &&
                 !(*C.Code >= 0x80 && *C.Code < 0xA0);
    return IsXml ? C.Bytes.str() : shown(C);
  });
}

/// In quotes ld.lld takes a name as it is, wildcards included.
std::optional<std::string> linkerScriptName(StringRef Name) {
  if (Name.empty() || any_of(Name, [](char C) {
        return uint8_t(C) < 0x20 || C == 0x7F || C == '"';
      }))
    return std::nullopt;
  bool IsPlain = all_of(
      Name, [](char C) { return isAlnum(C) || StringRef("_.$-").contains(C); });
  return IsPlain && !isDigit(Name[0]) && Name[0] != '-'
             ? Name.str()
             : '"' + Name.str() + '"';
}

std::optional<std::string> symbolOrderLine(StringRef Name) {
  if (Name.empty() || Name.trim() != Name || Name.front() == '#' ||
      Name.find_first_of(StringRef("\n\r\0", 3)) != StringRef::npos)
    return std::nullopt;
  return Name.str();
}

static std::string replaced(StringRef Text, char What, StringRef By) {
  std::string Result;
  for (char C : Text)
    Result += C == What ? By.str() : std::string(1, C);
  return Result;
}

std::string shellWord(StringRef Text) {
  return "'" + replaced(Text, '\'', "'\\''") + "'";
}

std::optional<std::string> makeText(StringRef Text) {
  // A backslash at the end would join the next line.
  if (Text.find_first_of("\n\r") != StringRef::npos ||
      Text.take_back(1) == "\\")
    return std::nullopt;
  return replaced(replaced(Text, '$', "$$"), '#', "\\#");
}

/// A bracket argument takes everything but its own end.
std::string cmakeArgument(StringRef Text) {
  std::string Fence;
  // A first line break is not part of it, and a last `]` would be.
  auto EndsIn = [&](StringRef Body) {
    return Body.contains("]" + Fence + "]");
  };
  while (EndsIn((Text + "]" + Fence).str()))
    Fence += "=";
  StringRef Break = Text.take_front(1) == "\n" ? "\n" : "";
  return ("[" + Fence + "[" + Break + Text + "]" + Fence + "]").str();
}

std::string fileNameFor(StringRef Readable, StringRef Identity,
                        StringRef Extension) {
  constexpr size_t Longest = 200;
  MD5 Hash;
  Hash.update(Identity);
  MD5::MD5Result Digest;
  Hash.final(Digest);
  std::string End =
      ("." + toHex(ArrayRef<uint8_t>(Digest.data(), 4), true) + Extension)
          .str();
  std::string Name;
  for (char C : Readable.take_front(Longest - End.size()))
    Name += isAlnum(C) || StringRef("._-+").contains(C) ? C : '_';
  return Name + End;
}

} // namespace section_placement
