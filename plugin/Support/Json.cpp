//===- Json.cpp - The words that all JSON outputs share ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/Json.h"
#include "section-placement/Support/Quoting.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace section_placement {

void writeText(json::OStream &J, StringRef Key, StringRef Value) {
  J.attribute(Key, jsonText(Value));
}

void writeTextIfAny(json::OStream &J, StringRef Key, StringRef Value) {
  if (!Value.empty())
    writeText(J, Key, Value);
}

void writeTexts(json::OStream &J, StringRef Key, ArrayRef<std::string> Values) {
  J.attributeArray(Key, [&] {
    for (const std::string &Value : Values)
      J.value(jsonText(Value));
  });
}

void writeTenths(json::OStream &J, StringRef Key, int64_t Tenths) {
  J.attributeBegin(Key);
  uint64_t Size = Tenths < 0 ? -Tenths : Tenths;
  J.rawValue((Tenths < 0 ? "-" : "") + utostr(Size / 10) + "." +
             utostr(Size % 10));
  J.attributeEnd();
}

void writePlace(json::OStream &J, const Place &Where) {
  if (Where.File.empty())
    return;
  J.attributeObject("place", [&] {
    writeText(J, "file", Where.File);
    if (Where.Line)
      J.attribute("line", Where.Line);
    if (Where.Column)
      J.attribute("column", Where.Column);
  });
}

} // namespace section_placement
