//===- TextFile.cpp - What a user wrote, read whole -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/TextFile.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

LineTable::LineTable(StringRef Text) : Text(Text) {
  // Editors count a byte order mark as nothing.
  Begins.push_back(Text.take_front(3) == "\xEF\xBB\xBF" ? 3 : 0);
  for (size_t I = 0; I < Text.size(); ++I)
    if (Text[I] == '\n' || (Text[I] == '\r' && Text.substr(I + 1, 1) != "\n"))
      Begins.push_back(I + 1);
}

size_t LineTable::lineAt(size_t Offset) const {
  auto After = std::upper_bound(Begins.begin() + 1, Begins.end(), Offset);
  return After - Begins.begin() - 1;
}

Place LineTable::place(StringRef File, size_t Offset) const {
  size_t Line = lineAt(Offset);
  unsigned Column = Offset - std::min(Begins[Line], Offset) + 1;
  return {File.str(), static_cast<unsigned>(Line + 1), Column};
}

StringRef LineTable::line(size_t Offset) const {
  size_t Line = lineAt(Offset);
  size_t End = Line + 1 < Begins.size() ? Begins[Line + 1] : Text.size();
  return Text.slice(Begins[Line], End).rtrim("\r\n");
}

Expected<std::string> readTextFile(StringRef File, uint64_t Limit) {
  auto TooLarge = [&] {
    return errorIn(File, "is larger than " + Twine(Limit >> 20) +
                             " MiB: this cannot be what was meant");
  };
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(File, Status))
    return errorIn(File, "cannot be read: " + EC.message());
  if (sys::fs::is_directory(Status))
    return errorIn(File, "is a folder; name the file");
  if (Status.type() == sys::fs::file_type::character_file ||
      Status.type() == sys::fs::file_type::block_file)
    return errorIn(File, "is a device; name the file");
  if (sys::fs::is_regular_file(Status) && Status.getSize() > Limit)
    return TooLarge();
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(File, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return errorIn(File, "cannot be read: " + Buffer.getError().message());
  StringRef Text = (*Buffer)->getBuffer();
  if (Text.size() > Limit) // A pipe, which has no size beforehand.
    return TooLarge();
  if (Text.trim().empty())
    return errorIn(File, "is empty");
  const UTF8 *Begin = reinterpret_cast<const UTF8 *>(Text.begin());
  if (!isLegalUTF8String(&Begin, reinterpret_cast<const UTF8 *>(Text.end())))
    return errorAt(
        LineTable(Text).place(File, reinterpret_cast<const char *>(Begin) -
                                        Text.begin()),
        "is not UTF-8 here; save the file as UTF-8");
  return Text.str();
}

} // namespace section_placement
