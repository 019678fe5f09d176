//===- Kconfig.h - A configuration, and what it decides ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LIB_IMPORT_KCONFIG_H
#define SECTION_PLACEMENT_LIB_IMPORT_KCONFIG_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace section_placement {

/// The values of a configuration, as `sdkconfig` and `.config` hold them.
class Kconfig {
public:
  /// Reads `CONFIG_NAME=VALUE` lines. Fails where there is none.
  static llvm::Expected<Kconfig> read(llvm::StringRef File);

  /// The value of \p Name, without `CONFIG_`; `n` where there is none.
  llvm::StringRef value(llvm::StringRef Name) const;

  /// Whether \p Condition holds: names, numbers and quoted text, compared by
  /// `=`, `!=`, `<`, `<=`, `>`, `>=`, joined by `!`, `&&`, `||` and brackets.
  /// Fails where it is not well formed.
  llvm::Expected<bool> holds(llvm::StringRef Condition) const;

private:
  llvm::StringMap<std::string> Values;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_LIB_IMPORT_KCONFIG_H
