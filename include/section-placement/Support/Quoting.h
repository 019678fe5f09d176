//===- Quoting.h - Names from an input in an output -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A symbol, a section and a path may hold any byte but NUL, and each format
// that we write gives some of them a meaning. Every name that comes from an
// input goes through one of these functions on its way out, so that it is read
// back as itself. Where a format has no way to write a name, the function gives
// nothing, and the caller says so: another name in its place would be wrong in
// silence.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_QUOTING_H
#define SECTION_PLACEMENT_SUPPORT_QUOTING_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace section_placement {

/// \p Text as people see it, on one line: what a terminal would act on or not
/// show (controls, escape sequences, marks of direction) and what is not UTF-8
/// is written `\n`, `\t`, `\x1b` or `\u{202e}`. Text without those is itself.
std::string printable(llvm::StringRef Text);

/// As printable(), for text of several lines: keeps `\n`.
std::string printableLines(llvm::StringRef Text);

/// Returns true if \p Text is UTF-8.
bool isUnicode(llvm::StringRef Text);

/// \p Text as a scalar of YAML, plain where no reader could take it for
/// anything but a string. \p Text is UTF-8 (see isUnicode()): YAML cannot hold
/// another, and the caller must say so.
std::string yamlScalar(llvm::StringRef Text);

/// \p Text as UTF-8 for a string of JSON, for what llvm::json writes. Each byte
/// that is not UTF-8 becomes one of the private characters U+10F780 to
/// U+10F7FF, and fromJsonText() takes it back. UTF-8 without those is itself.
std::string jsonText(llvm::StringRef Text);

/// The bytes that jsonText() made \p Text of.
std::string fromJsonText(llvm::StringRef Text);

/// \p Json, whole, as the content of a script element of HTML: in JSON, `<`
/// stands in strings only.
std::string jsonInScript(llvm::StringRef Json);

/// \p Text as the value of an attribute or an element of XML 1.0 or HTML. What
/// XML has no way to write is written as printable() does.
std::string markupText(llvm::StringRef Text);

/// \p Name as the name of an output section, or of the one input section of
/// that name, in a linker script. Nothing for a quote or a control character.
std::optional<std::string> linkerScriptName(llvm::StringRef Name);

/// \p Name as a line of a symbol ordering file, without its end. Nothing for a
/// line break, an outer blank or a `#` at its beginning.
std::optional<std::string> symbolOrderLine(llvm::StringRef Name);

/// \p Text as a word of a POSIX shell.
std::string shellWord(llvm::StringRef Text);

/// \p Text as part of the value of a variable of make. Nothing for a line
/// break.
std::optional<std::string> makeText(llvm::StringRef Text);

/// \p Text as an argument of a command of CMake.
std::string cmakeArgument(llvm::StringRef Text);

/// A file name of at most 200 bytes: what of \p Readable a file name may hold
/// (letters, digits and `._-+`, others as `_`), a digest of \p Identity, and
/// \p Extension. Two identities have two names.
std::string fileNameFor(llvm::StringRef Readable, llvm::StringRef Identity,
                        llvm::StringRef Extension);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_QUOTING_H
