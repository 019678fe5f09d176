//===- InputFile.h - The one way to read a file ------------------*- C++
//-*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A build names many files, and some are not what was meant: a folder, a device
// without an end, a fifo that nobody writes to. Reading one of those must not
// take the memory or the time of a link. So only regular files are read, up to
// a size.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUPPORT_INPUTFILE_H
#define SECTION_PLACEMENT_SUPPORT_INPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>

namespace section_placement {

/// Objects, archives and images: more than any of today, and less than what
/// cannot be meant.
inline constexpr uint64_t MaximumBinarySize = uint64_t(64) << 30;

/// Text that tools write and no one needs to read to its end: logs, profiles,
/// reports, response files.
inline constexpr uint64_t MaximumTextSize = uint64_t(4) << 30;

/// The bytes of \p File, mapped where that pays, named \p File. Fails where it
/// is missing, unreadable, no regular file, or larger than \p Limit bytes; the
/// Error names \p File. Does not wait for anyone to write.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readInputFile(llvm::StringRef File, uint64_t Limit = MaximumBinarySize);

/// As readInputFile(), but `-` is standard input, whatever that is, up to its
/// end.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readFileOrStandardInput(llvm::StringRef File, uint64_t Limit);

/// All of \p File, at most \p Limit bytes of UTF-8. Fails as readInputFile()
/// does, and where it is empty or not UTF-8.
llvm::Expected<std::string> readTextFile(llvm::StringRef File, uint64_t Limit);

/// The same of standard input, which messages call `<stdin>`.
llvm::Expected<std::string> readStandardInputText(uint64_t Limit);

/// Returns true if readInputFile() has read this file in this process, by
/// whatever name: an output must not replace it.
bool wasRead(const llvm::sys::fs::file_status &File);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUPPORT_INPUTFILE_H
