//===- OptOutMark.h - What the compile says of a file's symbols -*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The thin link reads summaries, so what shall stop it must stand in the module
// before it; and a full-LTO merge forgets files and the order of their
// functions. So the compile leaves a mark on each definition of a file under
// `lto: opt-out`, and the backend reads it and takes it off.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_ISOLATE_OPTOUTMARK_H
#define SECTION_PLACEMENT_ISOLATE_OPTOUTMARK_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace llvm {
class GlobalObject;
} // namespace llvm

namespace section_placement {

/// The name of a mark's parts. `UNIT:ORDINAL[:kept]` is metadata of a function,
/// which no pass compares: MergeFunctions makes one of two functions as it does
/// without us. `[held][:always]` is its string attribute, in place of the
/// attributes that were changed: two functions differ in it where they differed
/// in those. All of a variable's mark is its attribute: ConstantMerge passes
/// over a variable with metadata.
constexpr llvm::StringLiteral OptOutAttribute = "section-placement-opt-out";

struct OptOutMark {
  /// Tells its object from all others of a link. Empty for a part that a pass
  /// split off: that has the attributes of its function, and no metadata.
  llvm::StringRef Unit;
  /// Its place among the definitions of its object. 0 for variables.
  uint32_t Ordinal = 0;
  /// `noinline` is ours, to hold the thin link back.
  bool IsHeld = false;
  /// It had `alwaysinline`, which cannot stand beside `noinline`.
  bool WasAlwaysInline = false;
  /// That it stands in `llvm.compiler.used` is ours.
  bool IsKept = false;
};

/// The mark of \p O; nothing where it has none, or one that does not parse.
std::optional<OptOutMark> optOutMarkOf(const llvm::GlobalObject &O);

void setOptOutMark(llvm::GlobalObject &O, const OptOutMark &Mark);
void removeOptOutMark(llvm::GlobalObject &O);

} // namespace section_placement

#endif // SECTION_PLACEMENT_ISOLATE_OPTOUTMARK_H
