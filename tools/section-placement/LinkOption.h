//===- LinkOption.h - The link that a subcommand is about -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_LINKOPTION_H
#define SECTION_PLACEMENT_TOOLS_LINKOPTION_H

#include "section-placement/Link/LinkFacts.h"
#include "llvm/Support/CommandLine.h"
#include <optional>

namespace section_placement {

/// `--link-command FILE`, or everything behind `--`: the command line of the
/// link, so that a subcommand knows what the plugin would.
class LinkOption {
public:
  explicit LinkOption(llvm::cl::SubCommand &Command);

  /// What that link is; nothing where none was given. What of it is not
  /// understood is printed as notes. Fails where it cannot be read.
  llvm::Expected<std::optional<LinkFacts>> read() const;

private:
  llvm::cl::opt<std::string> File;
};

/// Takes what is behind `--` off \p Arguments, for read(), and gives their new
/// number.
int takeLinkCommand(int ArgCount, char **Arguments);

/// The files of \p Link that hold code: without shared objects and scripts.
std::vector<std::string> codeInputsOf(const LinkFacts &Link);

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_LINKOPTION_H
