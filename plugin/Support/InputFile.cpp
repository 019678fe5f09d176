//===- InputFile.cpp - The one way to read a file -------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LineTable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <mutex>
#include <set>

using namespace llvm;

namespace section_placement {

namespace {
/// Backends of one link read at the same time.
class FilesRead {
public:
  static FilesRead &get() {
    static FilesRead Instance;
    return Instance;
  }
  void add(const sys::fs::file_status &File) {
    std::lock_guard<std::mutex> Lock(Mutex);
    All.insert(keyOf(File));
  }
  bool has(const sys::fs::file_status &File) {
    std::lock_guard<std::mutex> Lock(Mutex);
    return All.count(keyOf(File));
  }

private:
  // A new file may get the number of one that is gone, and not its time.
  using Key = std::pair<sys::fs::UniqueID, sys::TimePoint<>>;
  static Key keyOf(const sys::fs::file_status &File) {
    return {File.getUniqueID(), File.getLastModificationTime()};
  }

  std::mutex Mutex;
  std::set<Key> All;
};
} // namespace

bool wasRead(const sys::fs::file_status &File) {
  return FilesRead::get().has(File);
}

static Error cannotBeRead(StringRef File, std::error_code EC) {
  return errorIn(File, "cannot be read: " + EC.message());
}

static Error tooLarge(StringRef File, uint64_t Limit) {
  std::string Size =
      Limit >> 20 ? utostr(Limit >> 20) + " MiB" : utostr(Limit) + " bytes";
  return errorIn(File,
                 "is larger than " + Size + ": this cannot be what was meant");
}

/// What \p Status says that is not a regular file, or nothing.
static StringRef describeSpecial(const sys::fs::file_status &Status) {
  switch (Status.type()) {
  case sys::fs::file_type::regular_file:
    return "";
  case sys::fs::file_type::directory_file:
    return "is a folder, not a file";
  case sys::fs::file_type::character_file:
  case sys::fs::file_type::block_file:
    return "is a device, not a file";
  case sys::fs::file_type::fifo_file:
    return "is a pipe, not a file";
  default:
    return "is not a regular file";
  }
}

Expected<std::unique_ptr<MemoryBuffer>> readInputFile(StringRef File,
                                                      uint64_t Limit) {
  // Asked before it is opened, since opening a fifo waits for a writer, and
  // again of what was opened.
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(File, Status))
    return cannotBeRead(File, EC);
  if (StringRef Special = describeSpecial(Status); !Special.empty())
    return errorIn(File, Special);
  Expected<sys::fs::file_t> Opened = sys::fs::openNativeFileForRead(File);
  if (!Opened)
    return cannotBeRead(File, errorToErrorCode(Opened.takeError()));
  auto Read = [&]() -> Expected<std::unique_ptr<MemoryBuffer>> {
    if (std::error_code EC = sys::fs::status(*Opened, Status))
      return cannotBeRead(File, EC);
    if (StringRef Special = describeSpecial(Status); !Special.empty())
      return errorIn(File, Special);
    if (Status.getSize() > Limit)
      return tooLarge(File, Limit);
    auto Buffer = MemoryBuffer::getOpenFile(*Opened, File, Status.getSize(),
                                            /*RequiresNullTerminator=*/false);
    if (!Buffer)
      return cannotBeRead(File, Buffer.getError());
    FilesRead::get().add(Status);
    return std::move(*Buffer);
  }();
  (void)sys::fs::closeFile(*Opened); // Nothing was written.
  return Read;
}

Expected<std::unique_ptr<MemoryBuffer>>
readFileOrStandardInput(StringRef File, uint64_t Limit) {
  if (File != "-")
    return readInputFile(File, Limit);
  SmallVector<char, 0> Text;
  constexpr size_t ChunkSize = 1 << 16;
  while (Text.size() <= Limit) {
    size_t Old = Text.size();
    Text.resize_for_overwrite(Old + ChunkSize);
    Expected<size_t> Count = sys::fs::readNativeFile(
        sys::fs::getStdinHandle(),
        MutableArrayRef<char>(Text.data() + Old, ChunkSize));
    if (!Count)
      return cannotBeRead("<stdin>", errorToErrorCode(Count.takeError()));
    Text.truncate(Old + *Count);
    if (!*Count)
      return MemoryBuffer::getMemBufferCopy(StringRef(Text.data(), Text.size()),
                                            "<stdin>");
  }
  return tooLarge("<stdin>", Limit);
}

static Expected<std::string> checkText(StringRef File,
                                       const MemoryBuffer &Buffer) {
  StringRef Text = Buffer.getBuffer();
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

Expected<std::string> readTextFile(StringRef File, uint64_t Limit) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(File, Limit);
  if (!Buffer)
    return Buffer.takeError();
  return checkText(File, **Buffer);
}

Expected<std::string> readStandardInputText(uint64_t Limit) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer =
      readFileOrStandardInput("-", Limit);
  if (!Buffer)
    return Buffer.takeError();
  return checkText("<stdin>", **Buffer);
}

} // namespace section_placement
