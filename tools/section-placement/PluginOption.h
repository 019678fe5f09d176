//===- PluginOption.h - Where the plugin is ---------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_PLUGINOPTION_H
#define SECTION_PLACEMENT_TOOLS_PLUGINOPTION_H

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace section_placement {

/// \p Path from the root, without `.` and `..`.
std::string absolutePath(llvm::StringRef Path);

/// `--plugin FILE`.
class PluginOption {
public:
  explicit PluginOption(llvm::cl::SubCommand &Command);

  /// The absolute path of the plugin: as named, else where an installed tool
  /// has it, or one in its build folder. Fails where it is at neither.
  llvm::Expected<std::string> find() const;

private:
  llvm::cl::opt<std::string> File;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_PLUGINOPTION_H
