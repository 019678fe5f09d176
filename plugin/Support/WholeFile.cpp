//===- WholeFile.cpp - Files that are whole or not there ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/WholeFile.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace section_placement {

std::error_code writeWholeFile(StringRef Path,
                               function_ref<void(raw_ostream &)> Write) {
  Expected<sys::fs::TempFile> File =
      sys::fs::TempFile::create(Path + ".%%%%%%.tmp");
  if (!File)
    return errorToErrorCode(File.takeError());
  std::error_code Written;
  {
    raw_fd_ostream OS(File->FD, /*shouldClose=*/false);
    Write(OS);
    OS.flush();
    Written = OS.error();
    OS.clear_error();
  }
  if (Written) {
    consumeError(File->discard());
    return Written;
  }
  return errorToErrorCode(File->keep(Path));
}

} // namespace section_placement
