//===- ClosureReader.cpp - `closed` ---------------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldReader.h"

using namespace llvm;

namespace section_placement {

Closure readClosure(const DocumentNode &Value, Faults &F) {
  Closure C;
  C.Where = Value.Where;
  if (Value.What == DocumentNode::Kind::Scalar) {
    if (readText(Value, "closed", F).value_or("true") != "true")
      F.add(Value.Where, "unknown value " + inQuotes(Value.Text) +
                             " of 'closed'; it is 'true', a map with 'allow' "
                             "or 'report', or the key is left out");
    return C;
  }
  auto ReadInto = [&](std::vector<Pattern> &List, StringRef Key) {
    return [&F, &List, Key](const DocumentNode &V) {
      List = readGlobs(V, Key, Glob::Dialect::Name, F);
    };
  };
  auto Function = ReadInto(C.Functions, "function");
  auto Indirect = ReadInto(C.Indirect, "indirect");
  auto Data = ReadInto(C.Data, "data");
  auto Allow = [&](const DocumentNode &V) {
    readFields(V, "'allow'",
               {{"function", Function}, {"indirect", Indirect}, {"data", Data}},
               F);
  };
  auto Report = [&](const DocumentNode &V) {
    C.IsReportOnly =
        readWord(V, "report", {"false", "true"}, F) == StringRef("true");
  };
  readFields(Value, "'closed'", {{"allow", Allow}, {"report", Report}}, F);
  return C;
}

} // namespace section_placement
