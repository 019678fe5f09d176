//===- Grow.h - What has affinity with the matched ones ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_AFFINITY_GROW_H
#define SECTION_PLACEMENT_AFFINITY_GROW_H

#include "section-placement/Model/Program.h"
#include "section-placement/Policy/Policy.h"

namespace section_placement {

/// A symbol that growth met.
struct Reached {
  uint32_t Symbol;
  uint32_t Edge; ///< Index in Program::Edges of the edge it was met by.
  uint32_t Seed; ///< The matched symbol at the other end of the chain.
  bool IsCaller; ///< Met against the edge's direction.
};

/// Who grows.
class Grower {
public:
  virtual ~Grower();
  /// Does growth take the symbol and go on from it? One that it does not take
  /// may be met again by another edge.
  virtual bool take(const Reached &R) = 0;
  /// Growth goes on from \p Symbol to all that it calls.
  virtual void follow(uint32_t Symbol) = 0;
};

/// Visits what \p Seeds reach along the edges that \p G names, breadth first,
/// at most G.Depth edges away, in time that grows with the edges of what is
/// taken. Native seeds go first, in the order of files and addresses, so that
/// the first native symbol to reach a function is the one that `{native}`
/// means.
void growFrom(const Program &P, const Growth &G, llvm::ArrayRef<uint32_t> Seeds,
              Grower &By);

} // namespace section_placement

#endif // SECTION_PLACEMENT_AFFINITY_GROW_H
