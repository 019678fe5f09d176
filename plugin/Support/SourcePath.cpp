//===- SourcePath.cpp - One spelling for each source file -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

SourceRoot::SourceRoot(StringRef Root) : Lexical(Root.str()), Real(Root.str()) {
  SmallString<128> Buffer;
  if (!sys::fs::real_path(Root, Buffer))
    Real = Buffer.str().str();
  if (!sys::fs::current_path(Buffer))
    Current = Buffer.str().str();
}

/// Takes \p Folder and the separator behind it off \p Path.
static bool consumeFolder(StringRef &Path, StringRef Folder) {
  Folder = Folder.rtrim('/');
  StringRef Rest = Path;
  if (!Rest.consume_front(Folder) || Rest.empty() || Rest.front() != '/')
    return false;
  Path = Rest.drop_front();
  return true;
}

std::string SourceRoot::relative(StringRef Path, StringRef Directory) const {
  if (Path.empty())
    return "";
  SmallString<256> Whole(Path);
  if (!sys::path::is_absolute(Path)) {
    Whole =
        sys::path::is_absolute(Directory) ? StringRef() : StringRef(Current);
    sys::path::append(Whole, Directory, Path);
  }
  sys::path::remove_dots(Whole, /*remove_dot_dot=*/true);
  StringRef Result = Whole;
  if (consumeFolder(Result, Lexical) || consumeFolder(Result, Real))
    return Result.str();
  // The compiler may have come by another link than the policy.
  SmallString<256> Resolved;
  if (!sys::fs::real_path(sys::path::parent_path(Whole), Resolved)) {
    sys::path::append(Resolved, sys::path::filename(Whole));
    Result = Resolved;
    if (consumeFolder(Result, Real))
      return Result.str();
  }
  return Whole.str().str();
}

std::string relativeToCurrentFolder(StringRef Path) {
  SmallString<128> Clean(Path), Current, Real;
  sys::path::remove_dots(Clean, /*remove_dot_dot=*/true);
  StringRef Result = Clean;
  if (sys::path::is_absolute(Result) && !sys::fs::current_path(Current) &&
      !consumeFolder(Result, Current) && !sys::fs::real_path(Current, Real))
    consumeFolder(Result, Real);
  return Result.str();
}

} // namespace section_placement
