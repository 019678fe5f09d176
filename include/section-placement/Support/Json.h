//===- Json.h - What all JSON inputs and outputs share ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// llvm::json::OStream writes every JSON output of this project. What is here
// makes the same thing look the same in each: names as text that UTF-8 can
// hold, a place as `file`, `line` and `column`, a percentage with one digit.
// docs/json.md describes the outputs; docs/schemas/ has their schemas.
//
// What is read back comes from anyone: a fault in it is reported at its line
// and column, with the path of the value.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_JSON_H
#define SECTION_PLACEMENT_SUPPORT_JSON_H

#include "section-placement/Support/Error.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <string>

namespace section_placement {

/// Writes \p Value as jsonText() makes it.
void writeText(llvm::json::OStream &J, llvm::StringRef Key,
               llvm::StringRef Value);

/// The same of \p Value where it is not empty; nothing where it is.
void writeTextIfAny(llvm::json::OStream &J, llvm::StringRef Key,
                    llvm::StringRef Value);

/// Writes an array of texts.
void writeTexts(llvm::json::OStream &J, llvm::StringRef Key,
                llvm::ArrayRef<std::string> Values);

/// Writes \p Tenths as a number with one digit after the point.
void writeTenths(llvm::json::OStream &J, llvm::StringRef Key, int64_t Tenths);

/// Writes `"place": {"file", "line", "column"}`. A line or a column that is 0,
/// not known, is left out, and so is a place without a file.
void writePlace(llvm::json::OStream &J, const Place &Where);

/// A JSON text that is read, for its errors.
struct JsonInput {
  llvm::StringRef File, Text;
  llvm::StringRef Root;   ///< What a path in it begins with: `report`.
  llvm::StringRef Remedy; ///< What to do where it is wrong.
};

/// The value that \p In is. Fails at the place where it is none, or where its
/// brackets nest too deep.
llvm::Expected<llvm::json::Value> parseJson(const JsonInput &In);

/// What \p Fault says of a value of \p In, at the value's place.
llvm::Error jsonError(const JsonInput &In, llvm::json::Path::Root &Fault);

/// \p V, the value of \p In, as the type's fromJSON() reads it.
template <typename T>
llvm::Expected<T> readJson(const JsonInput &In, const llvm::json::Value &V) {
  T Result;
  llvm::json::Path::Root Root(In.Root);
  if (!fromJSON(V, Result, Root))
    return jsonError(In, Root);
  return Result;
}

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_JSON_H
