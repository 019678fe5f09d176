//===- PluginOption.cpp - Where the plugin is -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PluginOption.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

std::string absolutePath(StringRef Path) {
  SmallString<256> Result(Path);
  if (!sys::fs::make_absolute(Result))
    sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

PluginOption::PluginOption(cl::SubCommand &Command)
    : File("plugin", cl::value_desc("FILE"), cl::sub(Command),
           cl::desc("SectionPlacement.so; default: beside the tool")) {}

Expected<std::string> PluginOption::find() const {
  if (!File.empty())
    return absolutePath(File);
  static char Anchor; // Of this executable.
  std::string Tool = sys::fs::getMainExecutable(nullptr, &Anchor);
  StringRef Folder = sys::path::parent_path(Tool);
  for (StringRef Place : {SECTION_PLACEMENT_PLUGIN_OF_INSTALL,
                          SECTION_PLACEMENT_PLUGIN_OF_BUILD}) {
    SmallString<256> Path(Folder);
    sys::path::append(Path, Place);
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    if (sys::fs::exists(Path))
      return Path.str().str();
  }
  return plainError("SectionPlacement.so is not beside this tool (" + Tool +
                    "); name it with --plugin");
}

} // namespace section_placement
