//===- OutputFile.cpp - Files that are whole or not there -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputFile.h"
#include "section-placement/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

Error writeOutputFile(StringRef Path, StringRef Text) {
  if (Path == "-") {
    outs() << Text;
    outs().flush();
    return Error::success();
  }
  auto Fail = [&](std::error_code EC) {
    return errorIn(Path, "cannot be written: " + EC.message());
  };
  Expected<sys::fs::TempFile> File =
      sys::fs::TempFile::create(Path + ".%%%%%%.tmp");
  if (!File)
    return Fail(errorToErrorCode(File.takeError()));
  raw_fd_ostream OS(File->FD, /*shouldClose=*/false);
  OS << Text;
  OS.flush();
  std::error_code Written = OS.error();
  OS.clear_error();
  if (Written) {
    consumeError(File->discard());
    return Fail(Written);
  }
  if (Error E = File->keep(Path))
    return Fail(errorToErrorCode(std::move(E)));
  return Error::success();
}

} // namespace section_placement
