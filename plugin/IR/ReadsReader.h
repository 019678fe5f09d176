//===- ReadsReader.h - Who reads which constant -----------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_READSREADER_H
#define SECTION_PLACEMENT_IR_READSREADER_H

#include "ModuleReading.h"

namespace section_placement {

/// Collects what refers to constants of a module: functions, and constants by
/// their initialisers. What is neither is NoIndex: others, who need the
/// address.
class ReadsReader {
public:
  /// \p SymbolOf tells the symbols of functions and variables.
  ReadsReader(llvm::function_ref<uint32_t(const llvm::GlobalValue &)> SymbolOf)
      : SymbolOf(SymbolOf) {}

  /// \p Of is the constant of symbol \p Symbol, or another name of it.
  void add(const llvm::GlobalVariable &Of, uint32_t Symbol);

  /// Sorted, each pair of symbols once.
  std::vector<Read> take();

private:
  void addUses(const llvm::Value &Of, uint32_t Symbol, bool HasAddress,
               bool IsPart = false);

  llvm::function_ref<uint32_t(const llvm::GlobalValue &)> SymbolOf;
  std::vector<Read> Reads;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_READSREADER_H
