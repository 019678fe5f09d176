//===- LinkCommandOption.h - The link of a command --------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_TOOLS_LINKCOMMANDOPTION_H
#define SECTION_PLACEMENT_TOOLS_LINKCOMMANDOPTION_H

#include "section-placement/Link/LinkFacts.h"
#include "llvm/Support/CommandLine.h"
#include <optional>

namespace section_placement {

/// What a subcommand is given of a link.
struct GivenLink {
  /// Nothing where neither a command nor its file was given.
  std::optional<LinkFacts> Facts;
  /// The files that were named; where none were, those of Facts that hold code:
  /// no shared object, no script.
  std::vector<std::string> Files;

  /// Null where there are no Facts.
  const LinkFacts *facts() const { return Facts ? &*Facts : nullptr; }
};

/// `--link-command FILE`, or everything behind `--`: the command line of the
/// link, so that a subcommand knows what the plugin would.
class LinkCommandOption {
public:
  explicit LinkCommandOption(llvm::cl::SubCommand &Command);

  /// What that link is, beside the files \p Named. What of it is not understood
  /// is printed as notes. Fails where it cannot be read.
  llvm::Expected<GivenLink> read(llvm::ArrayRef<std::string> Named) const;

private:
  llvm::Expected<std::optional<LinkFacts>> readFacts() const;

  llvm::cl::opt<std::string> File;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_TOOLS_LINKCOMMANDOPTION_H
