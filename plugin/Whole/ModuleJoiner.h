//===- ModuleJoiner.h - One module into the whole program -------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_WHOLE_MODULEJOINER_H
#define SECTION_PLACEMENT_WHOLE_MODULEJOINER_H

#include "section-placement/IR/IRReader.h"
#include "section-placement/Whole/WholeProgram.h"

namespace section_placement {

/// Edges whose target is no symbol yet but a promise have this bit set.
constexpr uint32_t PromiseBit = UINT32_C(1) << 31;

/// Copies the Program of one module into the whole one.
class ModuleJoiner {
public:
  ModuleJoiner(WholeProgram &Whole, const ReadModule &Read)
      : Whole(Whole), Read(Read), Of(Read.P.Symbols.size(), NoIndex) {}

  void join();

  /// The symbol or promise of the whole that symbol \p I of the module is;
  /// NoIndex for a definition that another module's took the place of.
  uint32_t operator[](uint32_t I) const { return Of[I]; }

private:
  uint32_t define(uint32_t I);
  uint32_t copySymbol(uint32_t I);
  void copyEdges();
  uint32_t copyEvidence(uint32_t I);

  WholeProgram &Whole;
  const ReadModule &Read;
  std::vector<uint32_t> Of;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_WHOLE_MODULEJOINER_H
