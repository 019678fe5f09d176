//===- OutputFile.cpp - Files that are whole or not there -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputFile.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/WholeFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace section_placement {

Error writeOutputFile(StringRef Path, StringRef Text) {
  if (Path == "-") {
    outs() << Text;
    outs().flush();
    return Error::success();
  }
  if (std::error_code EC =
          writeWholeFile(Path, [&](raw_ostream &OS) { OS << Text; }))
    return errorIn(Path, "cannot be written: " + EC.message());
  return Error::success();
}

} // namespace section_placement
